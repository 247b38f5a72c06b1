# SPDX-License-Identifier: GPL-2.0-or-later
"""Two routers of one virtual router whose passwords differ: both are MASTER, and neither is harmed by the other."""

import time

from lab import config
from lab.capture import gaps
from lab.poll import wait_until

VIP = "172.27.9.100"


def test_password_mismatch(network, router, binary, reference):
    """[unh-1.1][negative] [unh-1.2][negative]"""
    ours = router(network.add_host("lvs01", "172.27.9.11/24"), binary, config.vrrp(password="1111"))
    peer = router(network.add_host("lvs02", "172.27.9.12/24"), reference, config.vrrp(password="2222"))
    with network.capture() as capture:
        begin = time.time()
        ours.start(), peer.start()
        for daemon in (ours, peer):
            capture.next_advert(daemon.host, 8, begin)  # the peer's first may be its last
            daemon.host.wait_for_address(VIP, "ens33", 2)
        settled = capture.frames[-1].time
        wait_until(lambda: len(capture.adverts(ours.host, settled)) >= 6, 8, "our adverts")
        # The reference puts its own advert off with each packet that it refuses (spec vrrp.md 2.5), so that a peer
        # that keeps its pace silences it; it stays MASTER all the same. We must not do so.
        assert all(0.9 <= gap <= 1.1 for gap in gaps(capture.adverts(ours.host, settled)))
        assert VIP in ours.host.addresses("ens33") and VIP in peer.host.addresses("ens33")
        assert ours.running and peer.running
    refusals = [line for line in ours.log.splitlines() if "passw" in line.lower()]
    assert 1 <= len(refusals) <= 3, refusals

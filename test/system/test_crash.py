# SPDX-License-Identifier: GPL-2.0-or-later
"""kill -9 of the VRRP child: the address stays, nobody takes over, the adverts go on."""

import os
import signal

from lab import config
from lab.capture import gaps
from lab.poll import holds_for

VIP = "172.27.9.100"


def test_vrrp_child_killed(network, router, binary, reference):
    ours = router(network.add_host("lvs01", "172.27.9.11/24"), binary, config.vrrp("MASTER", 100))
    peer = router(network.add_host("lvs02", "172.27.9.12/24"), reference, config.vrrp("BACKUP", 99))
    with network.capture() as capture:
        ours.start()
        capture.next_advert(ours.host, 8)
        ours.host.wait_for_address(VIP, "ens33", 2)
        peer.start()
        peer.wait_for("vrrp")
        capture.next_advert(ours.host, 2)

        killed = ours.wait_for("vrrp")
        os.kill(killed, signal.SIGKILL)
        holds_for(lambda: VIP in ours.host.addresses("ens33"), 6, "the VIP on the host of the killed child")
        assert ours.wait_for("vrrp", other_than=killed)
        assert ours.running
        assert not capture.adverts(peer.host), "the peer took over"
        # One advert may be missed while the new child starts; a backup waits for three.
        assert max(gaps(capture.adverts(ours.host))) < 2.2
        assert not [frame for frame in capture.adverts(ours.host) if frame.advert.priority == 0]
        assert ours.stop()[0] == 0
        assert VIP not in ours.host.addresses("ens33")

# SPDX-License-Identifier: GPL-2.0-or-later
"""Two routers, ours with Debian's keepalived as the peer in both roles and ours with itself: takeover, return.

Times are measured between packets. The bounds are the protocol's (RFC 3768 section 6.1, spec vrrp.md 3.1): a
backup of priority p takes over 3 x advert_int + skew after the last advert, skew = (256 - p)/256 s, or skew after
a priority-0 advert."""

import pytest

from lab import config
from lab.capture import gaps
from lab.poll import wait_until

VIP = "172.27.9.100"
HIGH, LOW = 100, 99
TOLERANCE = 0.1
EARLY = 0.05


def skew(priority):
    return (256 - priority) / 256


@pytest.fixture(params=["ours-first", "ours-second", "ours-both"])
def pair(request, network, router, binary, reference):
    """(router of priority 100, router of priority 99, capture), started, the first one MASTER."""
    programs = {"ours-first": (binary, reference), "ours-second": (reference, binary),
                "ours-both": (binary, binary)}[request.param]
    first = router(network.add_host("lvs01", "172.27.9.11/24"), programs[0], config.vrrp("MASTER", HIGH))
    second = router(network.add_host("lvs02", "172.27.9.12/24"), programs[1], config.vrrp("BACKUP", LOW))
    with network.capture() as capture:
        # One after the other: their skew times differ by 4 ms only, less than two starts do.
        first.start()
        capture.next_advert(first.host, 8)
        first.host.wait_for_address(VIP, "ens33", 2)
        second.start()
        wait_until(lambda: "Entering BACKUP STATE" in second.log, 5, "the second router a BACKUP")
        capture.next_advert(first.host, 2)
        yield first, second, capture


def assert_within(value, low, high):
    assert low - EARLY <= value <= high + TOLERANCE, f"{value:.3f} s, expected {low:.3f} to {high:.3f} s"


def test_master_killed(pair):
    first, second, capture = pair
    capture.next_advert(first.host, 2)  # a known phase: directly after an advert
    first.kill()
    last = capture.adverts(first.host)[-1]
    takeover = capture.next_advert(second.host, 6, since=last.time)
    assert_within(takeover.time - last.time, 3 + skew(LOW), 3 + skew(LOW))
    assert takeover.advert.priority == LOW and takeover.advert.addresses == (VIP,)
    second.host.wait_for_address(VIP, "ens33", 1)
    wait_until(lambda: capture.announcements(VIP, second.host, last.time), 1, "gratuitous ARP of the new master")

    # A power failure takes the address along; here the kernel kept it. Its return removes and regains it.
    begin = capture.frames[-1].time
    first.start()
    back = capture.next_advert(first.host, 8)
    assert back.time - begin >= 3 + skew(HIGH) - EARLY
    assert_peer_yields(first, second, capture, back)


def assert_peer_yields(first, second, capture, back):
    """From the first advert of the router of higher priority on the other one is silent and without the VIP."""
    assert back.advert.priority == HIGH
    wait_until(lambda: VIP not in second.host.addresses("ens33"), 1, "the VIP gone from the former master")
    for _ in range(3):
        capture.next_advert(first.host, 2)
    # One that left at the same moment does not count, a priority-0 one does not belong here at all.
    late = [frame for frame in capture.adverts(second.host, back.time) if frame.time > back.time + TOLERANCE]
    assert not late
    assert VIP in first.host.addresses("ens33")
    assert all(gap <= 1 + TOLERANCE for gap in gaps(capture.adverts(first.host, back.time)))


def test_master_stopped(pair):
    """[rfc9568-6.4.2-6][negative] this one does not go in silence"""
    first, second, capture = pair
    assert first.stop()[0] == 0
    farewell = [frame for frame in capture.adverts(first.host) if frame.advert.priority == 0]
    assert len(farewell) == 1
    takeover = capture.next_advert(second.host, 3, since=farewell[0].time)
    assert_within(takeover.time - farewell[0].time, skew(LOW), skew(LOW))
    assert VIP not in first.host.addresses("ens33")
    second.host.wait_for_address(VIP, "ens33", 1)

    first.start()
    assert_peer_yields(first, second, capture, capture.next_advert(first.host, 8))


def test_backup_stops_without_a_word(pair):
    """[rfc9568-6.4.2-6][positive] [unh-2.6][negative]"""
    first, second, capture = pair
    assert second.stop()[0] == 0
    assert not capture.adverts(second.host)
    capture.next_advert(first.host, 2)
    assert VIP in first.host.addresses("ens33")

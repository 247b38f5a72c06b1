# SPDX-License-Identifier: GPL-2.0-or-later
"""Our packets, octet by octet, against those that Debian's keepalived sends for the same configuration."""

import pytest

from lab import config
from lab.network import Network
from lab.poll import wait_until

CASES = {
    "seed": dict(priority=100),
    "no-authentication": dict(priority=200, password=None),
    "long-password": dict(priority=150, password="abcdefghij", vrid=255),
    "several-addresses": dict(priority=255, vip="172.27.9.100\n        172.27.9.101/24\n        172.27.9.99/32",
                              interval=2, vrid=1),
}


def observe(program, router, configuration):
    """What one lone router sends from start to stop: (adverts, gratuitous ARPs of the first second)."""
    with Network() as network:
        host = network.add_host("lvs01", "172.27.9.11/24")
        daemon = router(host, program, configuration)
        with network.capture() as capture:
            daemon.start()
            first = capture.next_advert(host, 8)
            capture.next_advert(host, 4)
            assert daemon.stop()[0] == 0
            wait_until(lambda: capture.adverts(host)[-1].advert.priority == 0, 2, "a priority-0 advert")
            announced = [frame.octets for frame in capture.frames
                         if frame.gratuitous_arp and frame.time < first.time + 1]
            return [frame.octets for frame in capture.adverts(host)], announced


@pytest.mark.parametrize("case", CASES)
def test_same_octets_as_the_reference(case, router, binary, reference):
    configuration = config.vrrp(**CASES[case])
    adverts, announced = observe(binary, router, configuration)
    expected_adverts, expected_announced = observe(reference, router, configuration)
    assert len(expected_adverts) >= 3
    # First advert, second advert, farewell: the identification counts in all of them.
    assert [octets.hex() for octets in adverts[:2]] == [octets.hex() for octets in expected_adverts[:2]]
    assert len(adverts) == len(expected_adverts)
    assert adverts[-1].hex() == expected_adverts[-1].hex()
    assert [octets.hex() for octets in announced] == [octets.hex() for octets in expected_announced]

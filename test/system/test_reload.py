# SPDX-License-Identifier: GPL-2.0-or-later
"""SIGHUP on a MASTER, again and again: no advert is late, no address flaps."""

import resource
import signal
import threading
import time

from lab import config
from lab.capture import gaps
from lab.poll import wait_until
from lab.router import CONFIGURATION

VIP = "172.27.9.100"
TOLERANCE = 0.1


def test_no_advert_is_late(network, router, binary):
    """Twelve reloads in six seconds, the VRRP part growing and shrinking by a hundred instances."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    small = config.vrrp("MASTER", 100)
    large = small + "".join(
        config.vrrp("BACKUP", 50, vrid=vrid, name=f"VI_{vrid}", vip=f"172.27.10.{vrid}") for vrid in range(101, 201))
    daemon = router(host, binary, small)
    with network.capture() as capture:
        daemon.start()
        first = capture.next_advert(host, 8, vrid=100)
        host.wait_for_address(VIP, "ens33", 2)
        over = threading.Event()
        lost = []

        def watch():
            while not over.is_set():
                if VIP not in host.addresses("ens33"):
                    lost.append(time.time())

        watcher = threading.Thread(target=watch)
        watcher.start()
        for turn in range(12):
            daemon.configure(small if turn % 2 else large)
            daemon.signal(signal.SIGHUP)
            time.sleep(0.5)
        capture.next_advert(host, 2, vrid=100)
        over.set()
        watcher.join()
        own = capture.adverts(host, first.time - 0.01, vrid=100)
        assert max(gaps(own)) <= 1 + TOLERANCE
        assert all(frame.advert.priority == 100 for frame in own)
        assert not lost
        assert daemon.stop()[0] == 0


BROKEN = {
    "unknown interface": "vrrp_instance VI_1 {\n    interface nosuchif0\n    virtual_router_id 100\n}\n",
    "missing parameter": "vrrp_instance VI_1 {\n    interface\n    virtual_router_id 100\n}\n",
    "missing file": None,
}


def test_broken_configuration_is_refused(network, router, binary):
    """The reference takes its service down with it (spec cli.md 15); we go on with the running configuration."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    daemon = router(host, binary, config.vrrp("MASTER", 100))
    with network.capture() as capture:
        daemon.start()
        capture.next_advert(host, 8)
        host.wait_for_address(VIP, "ens33", 2)
        begin = capture.frames[-1].time
        for what, broken in BROKEN.items():
            if broken is None:
                host.path(CONFIGURATION).unlink()
            else:
                daemon.configure(broken)
            daemon.signal(signal.SIGHUP)
            time.sleep(1.2)
            assert VIP in host.addresses("ens33"), what
            assert daemon.running, what
        assert max(gaps(capture.adverts(host, begin - 0.01))) <= 1 + TOLERANCE
        # And a good one is taken again.
        daemon.configure(config.vrrp("MASTER", 120))
        daemon.signal(signal.SIGHUP)
        wait_until(lambda: capture.adverts(host)[-1].advert.priority == 120, 3, "an advert with the new priority")
        assert daemon.stop()[0] == 0


def test_memory_that_ends_while_a_configuration_is_read(network, router, binary):
    """The reader gives up on the file, not the parent on the service."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    small = config.vrrp("MASTER", 100)
    daemon = router(host, binary, small)
    with network.capture() as capture:
        daemon.start()
        first = capture.next_advert(host, 8)
        host.wait_for_address(VIP, "ens33", 2)
        parent = daemon.pid("parent")
        limits = resource.prlimit(parent, resource.RLIMIT_DATA)
        resource.prlimit(parent, resource.RLIMIT_DATA, (16 << 20, limits[1]))
        lines = "".join(f"192.0.2.{number % 254 + 1}/32 dev ens33 scope global\n" for number in range(300_000))
        daemon.configure(small + "static_ipaddress {\n" + lines + "}\n")
        daemon.signal(signal.SIGHUP)
        wait_until(lambda: "The new configuration cannot be read" in daemon.log, 10, "the reader to give up")
        resource.prlimit(parent, resource.RLIMIT_DATA, limits)
        daemon.configure(config.vrrp("MASTER", 120))
        daemon.signal(signal.SIGHUP)
        wait_until(lambda: capture.adverts(host)[-1].advert.priority == 120, 3, "an advert with the new priority")
        assert daemon.pid("parent") == parent
        assert max(gaps(capture.adverts(host, first.time - 0.01))) <= 1 + TOLERANCE
        assert daemon.stop()[0] == 0

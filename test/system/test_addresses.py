# SPDX-License-Identifier: GPL-2.0-or-later
"""Addresses of virtual routers and static ones: as written, where written, gone afterwards (spec vrrp.md 6.1, 9.3, 12)."""

import json
import os
import signal
import time

import pytest

from lab import config
from lab.capture import gaps
from lab.network import Network
from lab.poll import wait_until

VIP = "172.27.9.100"
REAL = "172.27.9.11"


def instance(addresses, *, excluded="", priority=255, extra="", name="VI_1", vrid=100, interface="ens33"):
    state = "MASTER" if priority == 255 else "BACKUP"
    block = f"\n    virtual_ipaddress_excluded {{\n        {excluded}\n    }}" if excluded else ""
    return f"""
vrrp_instance {name} {{
    state {state}
    interface {interface}
    virtual_router_id {vrid}
    priority {priority}
    {extra}
    virtual_ipaddress {{
        {addresses}
    }}{block}
}}
"""


def shown(host, interface="ens33"):
    """{(address, prefix length): what iproute2 says about it}, without what differs from run to run."""
    links = json.loads(host.run("ip", "-j", "-d", "address", "show", "dev", interface).stdout)
    return {(one["local"], one["prefixlen"]): one for link in links for one in link.get("addr_info", []) if one}


def add_interface(host, name, *addresses):
    host.run("ip", "link", "add", name, "type", "veth", "peer", "name", name + "-peer")
    host.run("ip", "link", "set", name + "-peer", "up")
    host.run("ip", "link", "set", name, "up")
    for address in addresses:
        host.run("ip", "address", "add", address, "dev", name)


def promotes(host, interface="ens33"):
    return host.run("cat", f"/proc/sys/net/ipv4/conf/{interface}/promote_secondaries").stdout.strip()


OPTIONS = """172.27.9.100/24 brd + label ens33:vip
        172.27.9.101/24 brd -
        172.27.9.102/24 brd 172.27.9.127
        172.27.9.103 scope link
        172.27.9.104/24 noprefixroute
        172.28.0.5 peer 172.28.0.6"""
IPV6_OPTIONS = """fd00:1::1
        fd00:1::2/64
        fd00:1::3/64 home
        fd00:1::4/64 -nodad
        fd00:1::5/64 noprefixroute
        fd00:1::6/64 mngtmpaddr
        fd00:1::7/64 preferred_lft 0
        fd00:1::8/128 preferred_lft forever
        fd00:1::9/64"""


def takes_scope_site(host):
    """Kernels of today refuse IPv4 addresses of this scope, 6.1 takes them."""
    taken = host.run("ip", "address", "add", "172.27.9.99/32", "scope", "site", "dev", "ens33", check=False).returncode == 0
    if taken:
        host.run("ip", "address", "del", "172.27.9.99/32", "dev", "ens33")
    return taken


def test_every_option_is_set_as_the_reference_sets_it(router, binary, reference):
    with Network() as network:
        site = takes_scope_site(network.add_host("lvs01", "172.27.9.11/24"))
    options = OPTIONS + ("\n        172.27.9.105 scope site" if site else "")
    configuration = instance(options, excluded=IPV6_OPTIONS)

    def observe(program):
        with Network() as network:
            host = network.add_host("lvs01", "172.27.9.11/24")
            wait_until(lambda: any(length == 64 for _, length in shown(host)), 10, "a link-local address")
            before = shown(host)
            daemon = router(host, program, configuration)
            daemon.start()
            wait_until(lambda: ("fd00:1::9", 64) in shown(host), 10, "the last address")
            time.sleep(2.5)  # duplicate address detection
            during = shown(host)
            assert daemon.stop()[0] == 0
            return before, during, shown(host)

    before, ours, after = observe(binary)
    _, theirs, theirs_after = observe(reference)
    # Whose they are (IFA_PROTO) only a newer keepalived says.
    marks = {one.pop("protocol", None) for key, one in ours.items() if key not in before}
    for one in theirs.values():
        one.pop("protocol", None)
    for one in before.values():
        one.pop("protocol", None)
    for key in before:
        ours[key].pop("protocol", None)
        after[key].pop("protocol", None)
    assert ours == theirs
    assert marks in ({"keepalived"}, {"18"}, {None})
    assert len(ours) == len(before) + 15 + site
    # All of them are gone; the reference forgets the one with a peer (vrrp.md 19, 8).
    assert after == before
    assert ("172.28.0.5", 32) in theirs_after


def test_autojoin(router, binary, reference):
    """A multicast address with autojoin makes the kernel join the group while it is there."""
    groups = ("239.1.2.3", "ff05::123")
    configuration = instance("172.27.9.100/24\n        239.1.2.3/32 autojoin", excluded="ff05::123/128 autojoin")

    def observe(program):
        with Network() as network:
            host = network.add_host("lvs01", "172.27.9.11/24")
            daemon = router(host, program, configuration)

            def joined():
                return [one for one in groups if f" {one}\n" in host.run("ip", "maddress", "show", "dev", "ens33").stdout]

            before = joined()
            daemon.start()
            wait_until(lambda: ("ff05::123", 128) in shown(host), 10, "the last address")
            time.sleep(0.5)
            flags = {key: one.get("autojoin") for key, one in shown(host).items() if key[0] in (*groups, VIP)}
            during = joined()
            assert daemon.stop()[0] == 0
            return before, flags, during, joined()

    ours = observe(binary)
    assert ours == observe(reference)
    assert ours == ([], {(VIP, 24): None, ("239.1.2.3", 32): True, ("ff05::123", 128): True}, list(groups), [])


def test_configuration_order_is_kept(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    wanted = [f"172.27.9.{number}" for number in (105, 101, 109, 103)]
    router(host, binary, instance("\n".join(f"{one}/24" for one in wanted))).start()
    host.wait_for_address(wanted[-1], "ens33", 10)
    own = [address for address, _ in shown(host) if address in wanted]
    assert own == wanted
    assert all(shown(host)[one, 24].get("secondary") for one in wanted)


def removed_and_back(host, capture, address="172.27.9.100/24"):
    """Removes an address behind the daemon's back; (priority-0 adverts, first advert afterwards) since then."""
    capture.next_advert(host, 8)
    begin = time.time()
    host.run("ip", "address", "del", address, "dev", "ens33")
    return begin


def test_removed_address_is_offered_to_others_and_put_back(network, router, binary):
    """F01: one priority 0, BACKUP, and MASTER again after the skew time with everything in place."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    daemon = router(host, binary, instance("172.27.9.100/24\n172.27.9.101/24", priority=200))
    with network.capture() as capture:
        daemon.start()
        begin = removed_and_back(host, capture)
        back = wait_until(lambda: [frame for frame in capture.adverts(host, begin) if frame.advert.priority == 200], 3,
                          "an advert of the master that has come back")[0]
        zero = [frame for frame in capture.adverts(host, begin) if frame.advert.priority == 0]
        assert len(zero) == 1
        assert 56 / 256 - 0.05 <= back.time - zero[0].time <= 56 / 256 + 0.2
        host.wait_for_address(VIP, "ens33", 2)
        assert "172.27.9.101" in host.addresses("ens33")
        assert "Netlink reflector reports IP 172.27.9.100 removed from ens33" in daemon.log
        # Nothing of our own doing was taken for somebody else's.
        time.sleep(1)
        assert daemon.log.count("Netlink reflector") == 1


def test_removed_address_without_track_stays_away(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    daemon = router(host, binary, instance("172.27.9.100/24 no_track\n172.27.9.101/24"))
    with network.capture() as capture:
        daemon.start()
        host.wait_for_address("172.27.9.101", "ens33", 8)
        begin = removed_and_back(host, capture)
        capture.next_advert(host, 3, since=begin + 1)
        assert all(frame.advert.priority == 255 for frame in capture.adverts(host, begin))
        assert VIP not in host.addresses("ens33")
        assert daemon.stop()[0] == 0


def test_address_that_somebody_adds_while_backup_is_left_alone(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    other = network.add_host("lvs02", "172.27.9.12/24")
    router(other, binary, instance("172.27.9.100/24", priority=200)).start()
    daemon = router(host, binary, instance("172.27.9.100/24", priority=100))
    with network.capture() as capture:
        capture.next_advert(other, 8)
        daemon.start()
        wait_until(lambda: "Entering BACKUP STATE" in daemon.log, 5, "a BACKUP")
        capture.next_advert(other, 2)
        host.run("ip", "address", "add", "172.27.9.100/24", "dev", "ens33")
        capture.next_advert(other, 2)
        capture.next_advert(other, 2)
        assert VIP in host.addresses("ens33")
        assert not capture.adverts(host)


# --- Static addresses ---


def static(*lines):
    return "static_ipaddress {\n    " + "\n    ".join(lines) + "\n}\n"


def test_static_addresses(network, router, binary):
    """F16, reload, stop."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    text = static("172.27.9.77/24 dev ens33 label ens33:st", "fd00:2::77/64 dev ens33", "10.9.9.9 dev ens33")
    daemon = router(host, binary, text + instance("172.27.9.100/24", priority=100))
    daemon.start()
    host.wait_for_address("172.27.9.77", "ens33", 8)
    wait_until(lambda: ("fd00:2::77", 64) in shown(host), 2, "the IPv6 address")
    host.wait_for_address(VIP, "ens33", 8)
    for address, option in (("172.27.9.77/24", "-4"), ("fd00:2::77/64", "-6")):
        host.run("ip", option, "address", "del", address, "dev", "ens33")
        bare = (address.split("/")[0], int(address.split("/")[1]))
        wait_until(lambda bare=bare: bare in shown(host), 1, f"{address} restored", interval=0.01)
        assert f"Restoring deleted static address {address} dev ens33" in daemon.log
    assert shown(host)["172.27.9.77", 24]["label"] == "ens33:st"

    # Only what differs is touched: .77 would flap otherwise, and be logged as restored.
    lines = daemon.log.count("Restoring")
    daemon.configure(static("172.27.9.77/24 dev ens33 label ens33:st", "172.27.9.78/24 dev ens33") +
                     instance("172.27.9.100/24", priority=100))
    daemon.signal(signal.SIGHUP)
    host.wait_for_address("172.27.9.78", "ens33", 5)
    wait_until(lambda: ("10.9.9.9", 32) not in shown(host) and ("fd00:2::77", 64) not in shown(host), 2,
               "the old ones gone")
    assert ("172.27.9.77", 24) in shown(host) and VIP in host.addresses("ens33")
    assert daemon.log.count("Restoring") == lines

    assert daemon.stop()[0] == 0
    assert list(host.addresses("ens33")) == [REAL]


# --- The kernel's secondary addresses ---


def test_left_over_primary_does_not_take_the_real_address_along(network, router, binary):
    """vrrp.md 19, 16: the left-over is primary, the machine's own address secondary to it."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    host.run("ip", "address", "del", "172.27.9.11/24", "dev", "ens33")
    for address in ("172.27.9.100/24", "172.27.9.11/24", "172.27.9.101/25"):
        host.run("ip", "address", "add", address, "dev", "ens33")
    assert shown(host)[REAL, 24].get("secondary")
    daemon = router(host, binary, instance("172.27.9.100/24\n172.27.9.101/24", priority=100))
    with network.capture() as capture:
        daemon.start()
        wait_until(lambda: VIP not in host.addresses("ens33"), 3, "the left-over removed")
        assert REAL in host.addresses("ens33")
        assert host.addresses("ens33")["172.27.9.101"] == 25  # another length is not ours
        assert promotes(host) == "0"
        advert = capture.next_advert(host, 8)
        assert advert.advert.source == REAL


def test_virtual_address_of_another_instance_is_not_taken_along(network, router, binary):
    """In one turn the primary address of a subnet goes and a secondary one of another instance comes."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    first = instance("10.1.0.1/24")
    daemon = router(host, binary, first)
    daemon.start()
    host.wait_for_address("10.1.0.1", "ens33", 8)
    second = instance("10.1.0.2/24", name="VI_2", vrid=101)
    for _ in range(5):
        daemon.configure(second)
        daemon.signal(signal.SIGHUP)
        host.wait_for_address("10.1.0.2", "ens33", 5)
        wait_until(lambda: "10.1.0.1" not in host.addresses("ens33"), 3, "the first one gone")
        time.sleep(0.3)
        assert "10.1.0.2" in host.addresses("ens33")
        daemon.configure(first + second)
        daemon.signal(signal.SIGHUP)
        host.wait_for_address("10.1.0.1", "ens33", 5)
        daemon.configure(first)
        daemon.signal(signal.SIGHUP)
        wait_until(lambda: "10.1.0.2" not in host.addresses("ens33"), 3, "the second one gone")
        time.sleep(0.3)
        assert "10.1.0.1" in host.addresses("ens33")
    assert promotes(host) == "0"


def test_promote_secondaries(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    assert promotes(host) == "0"
    text = instance("172.27.9.100/24", extra="promote_secondaries")
    daemon = router(host, binary, text)
    daemon.start()
    wait_until(lambda: promotes(host) == "1", 5, "the sysctl set")
    daemon.configure(instance("172.27.9.100/24"))
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: promotes(host) == "0", 5, "the sysctl restored by a reload")
    daemon.configure(text)
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: promotes(host) == "1", 5, "the sysctl set by a reload")
    assert daemon.stop()[0] == 0
    assert promotes(host) == "0"


# --- Crashes ---


def test_address_that_a_reload_removes_while_the_child_is_dead(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    daemon = router(host, binary, static("172.27.9.77/24 dev ens33") + instance("172.27.9.100/24\n172.27.9.101/24"))
    daemon.start()
    host.wait_for_address("172.27.9.101", "ens33", 8)
    child = daemon.wait_for("vrrp")
    os.kill(child, signal.SIGKILL)  # the first restart is at once …
    child = daemon.wait_for("vrrp", other_than=child)
    wait_until(lambda: daemon.log.count("Entering MASTER STATE") == 2, 5, "MASTER again")
    os.kill(child, signal.SIGKILL)  # … the second a second later
    daemon.configure(instance("172.27.9.101/24\n172.27.9.102/24"))
    daemon.signal(signal.SIGHUP)
    daemon.wait_for("vrrp", other_than=child)
    host.wait_for_address("172.27.9.102", "ens33", 8)
    wait_until(lambda: set(host.addresses("ens33")) == {REAL, "172.27.9.101", "172.27.9.102"}, 3,
               "only what is configured now")


# --- Refusals ---


def test_refused_address_is_logged_and_changes_nothing_else(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    # The kernel refuses a temporary-address manager on a prefix that is not a /64.
    daemon = router(host, binary, instance("172.27.9.100/24", excluded="fd00:3::1/48 mngtmpaddr\n172.27.9.102/24"))
    with network.capture() as capture:
        daemon.start()
        host.wait_for_address("172.27.9.102", "ens33", 8)
        assert "adding fd00:3::1/48 to ens33: Invalid argument" in daemon.log
        begin = capture.next_advert(host, 3).time
        capture.next_advert(host, 3, since=begin + 1)
        assert max(gaps(capture.adverts(host, begin - 0.01))) < 1.3
        assert daemon.stop()[0] == 0
    assert list(host.addresses("ens33")) == [REAL]


def test_interface_that_vanishes_with_its_addresses(network, router, binary):
    """A VIP on an interface that nobody tracks: no fault, and the address comes back with the interface."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    add_interface(host, "eth7")
    daemon = router(host, binary, static("10.7.0.7/24 dev eth7") +
                    instance("172.27.9.100/24\n10.7.0.1/24 dev eth7 no_track"))
    with network.capture() as capture:
        daemon.start()
        host.wait_for_address("10.7.0.1", "eth7", 8)
        begin = time.time()
        host.run("ip", "link", "del", "eth7")
        capture.next_advert(host, 3, since=begin + 1)
        add_interface(host, "eth7")
        host.wait_for_address("10.7.0.1", "eth7", 3)
        host.wait_for_address("10.7.0.7", "eth7", 3)
        assert all(frame.advert.priority == 255 for frame in capture.adverts(host, begin))
        assert daemon.stop()[0] == 0
    assert not host.addresses("eth7")


@pytest.mark.parametrize("count", [2000])
def test_many_addresses(count, network, router, binary):
    """All are set and removed, and no advert is late meanwhile."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    wanted = [f"10.50.{number // 250}.{number % 250 + 1}/32" for number in range(count)]
    daemon = router(host, binary, instance("172.27.9.100/24", excluded="\n        ".join(wanted)), arguments=())
    with network.capture() as capture:
        daemon.start()
        begin = capture.next_advert(host, 10).time
        host.wait_for_address(wanted[-1].split("/")[0], "ens33", 10)
        assert len(host.addresses("ens33")) == count + 2
        capture.next_advert(host, 9, since=begin + 5)
        assert max(gaps(capture.adverts(host, begin - 0.01))) < 1.2
        assert daemon.stop()[0] == 0
    assert list(host.addresses("ens33")) == [REAL]

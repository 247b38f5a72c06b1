# SPDX-License-Identifier: GPL-2.0-or-later
"""Interfaces that go down, vanish, come back, are renamed, change their address (spec vrrp.md 9.1, 9.2, 9.4)."""

import time

import pytest

from lab.capture import gaps
from lab.poll import wait_until


def instance(addresses="172.27.9.100/24", *, priority=255, extra="", interface="ens33", vrid=100):
    state = "MASTER" if priority == 255 else "BACKUP"
    return f"""
vrrp_instance VI_{vrid} {{
    state {state}
    interface {interface}
    virtual_router_id {vrid}
    priority {priority}
    garp_master_delay 1
    {extra}
    virtual_ipaddress {{
        {addresses}
    }}
}}
"""


def add_interface(host, name, *addresses):
    host.run("ip", "link", "add", name, "type", "veth", "peer", "name", name + "p")
    for one in (name, name + "p"):
        host.run("ip", "link", "set", one, "up")
    for address in addresses:
        host.run("ip", "address", "add", address, "dev", name)


def states(daemon):
    return [line.rsplit("Entering ", 1)[1].split(" STATE")[0] for line in daemon.log.splitlines()
            if "Entering " in line and " STATE" in line]


def carrier(network, host, up):
    network.switch.run("ip", "link", "set", host.port, "up" if up else "down")


@pytest.mark.parametrize("delays", ["1.0 2.0", "5"])
def test_short_flaps_leave_no_trace(delays, network, router, binary):
    """F08: `1.0 2.0`, and 5 s, which is cut to 1.996 s (adverts every second)."""
    down, up = (1.0, 2.0) if delays == "1.0 2.0" else (1.996, 0.0)
    host = network.add_host("lvs01", "172.27.9.11/24")
    daemon = router(host, binary, f"interface_up_down_delays {{\n    ens33 {delays}\n}}\n" + instance())
    daemon.start()
    host.wait_for_address("172.27.9.100", "ens33", 8)
    assert ("debounce timer(s) not less than 2 * advert_int" in daemon.log) == (delays == "5" or up > 1.997)

    carrier(network, host, False)
    time.sleep(0.5)
    carrier(network, host, True)
    time.sleep(2.5)
    assert states(daemon) == ["MASTER"]

    carrier(network, host, False)
    begin = time.monotonic()
    wait_until(lambda: states(daemon)[-1] == "FAULT", 5, "FAULT", interval=0.01)
    assert down - 0.05 <= time.monotonic() - begin <= down + 0.5
    carrier(network, host, True)
    begin = time.monotonic()
    wait_until(lambda: states(daemon)[-1] == "BACKUP", 5, "BACKUP", interval=0.01)
    assert min(up, 1.996) - 0.05 <= time.monotonic() - begin <= up + 0.5
    assert daemon.stop()[0] == 0


def test_interface_removed_and_created_again(network, router, binary):
    """F04, without dynamic_interfaces: FAULT, BACKUP when the address is there, MASTER a master down interval later."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    add_interface(host, "eth7", "10.7.0.9/24")
    daemon = router(host, binary, instance("10.7.0.100/24", interface="eth7", priority=200))
    daemon.start()
    host.wait_for_address("10.7.0.100", "eth7", 8)
    host.run("ip", "link", "del", "eth7")
    wait_until(lambda: states(daemon)[-1] == "FAULT", 3, "FAULT")
    wait_until(lambda: "Interface eth7 deleted" in daemon.log, 3, "the line about the interface")
    add_interface(host, "eth7")
    time.sleep(0.5)
    assert states(daemon)[-1] == "FAULT"  # no address yet
    begin = time.monotonic()
    host.run("ip", "address", "add", "10.7.0.9/24", "dev", "eth7")
    wait_until(lambda: states(daemon)[-1] == "BACKUP", 3, "BACKUP")
    host.wait_for_address("10.7.0.100", "eth7", 8)
    assert 3.2 - 0.1 <= time.monotonic() - begin <= 3.2 + 0.6
    assert states(daemon)[-1] == "MASTER"
    assert daemon.stop()[0] == 0


def test_interface_renamed_away_and_back(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    add_interface(host, "eth7", "10.7.0.9/24")
    daemon = router(host, binary, instance("10.7.0.100/24", interface="eth7", priority=200))
    daemon.start()
    host.wait_for_address("10.7.0.100", "eth7", 8)
    for old, new, state in (("eth7", "foo", "FAULT"), ("foo", "eth7", "BACKUP")):
        host.run("ip", "link", "set", old, "down")
        host.run("ip", "link", "set", old, "name", new)
        host.run("ip", "link", "set", new, "up")
        wait_until(lambda s=state: states(daemon)[-1] == s, 5, state)
        # A BACKUP or FAULT must not keep the address, under whatever name its interface goes.
        wait_until(lambda n=new: "10.7.0.100" not in host.addresses(n), 2, "the address removed")
    assert "Interface name has changed from eth7 to foo" in daemon.log
    assert "send advert error" not in daemon.log  # what a link that is down does not take is no news
    wait_until(lambda: states(daemon)[-1] == "MASTER", 8, "MASTER")
    assert daemon.stop()[0] == 0


@pytest.mark.parametrize("state", ["master", "backup"])
def test_other_hardware_address(state, network, router, binary):
    """Whoever knows a virtual address by the old hardware address hears of the new one; a BACKUP has nothing to say."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    announced = ("172.27.9.100", "fd00::100")
    options = {"master": {"extra": "virtual_ipaddress_excluded {\n        fd00::100/64\n    }"},
               "backup": {"priority": 100, "extra": "advert_int 10"}}[state]
    daemon = router(host, binary, instance(**options))
    with network.capture() as capture:
        daemon.start()
        wait_until(lambda: states(daemon)[-1:] == [state.upper()], 8, state)
        if state == "master":
            for address in announced:
                wait_until(lambda a=address: len(capture.announcements(a, host)) >= 10, 8, f"both sets for {address}")
        begin = time.time()
        host.run("ip", "link", "set", "ens33", "address", "02:00:00:00:09:99")
        wait_until(lambda: "MAC address of ens33 changed" in daemon.log, 3, "the line about it")
        if state == "master":
            for address in announced:
                frame = wait_until(lambda a=address: capture.announcements(a, host, begin), 2, address)[0]
                assert frame.octets[6:12].hex() == "020000000999"
        else:
            time.sleep(1)
            assert not capture.announcements("172.27.9.100", host)
        assert daemon.stop()[0] == 0


def test_two_interfaces_down_one_returns(network, router, binary):
    """F15: still a fault (the reference's newer releases forget the other one; vrrp.md 19, 3)."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    add_interface(host, "eth7")
    daemon = router(host, binary, instance("172.27.9.100/24\n10.7.0.1/24 dev eth7"))
    daemon.start()
    host.wait_for_address("10.7.0.1", "eth7", 8)
    host.run("ip", "link", "set", "eth7p", "down")
    carrier(network, host, False)
    wait_until(lambda: states(daemon)[-1] == "FAULT", 3, "FAULT")
    wait_until(lambda: "Netlink reports ens33 down" in daemon.log, 3, "both links down")
    carrier(network, host, True)
    wait_until(lambda: "Netlink reports ens33 up" in daemon.log, 3, "one link up")
    time.sleep(0.5)
    assert states(daemon)[-1] == "FAULT"
    host.run("ip", "link", "set", "eth7p", "up")
    wait_until(lambda: "BACKUP" in states(daemon), 3, "BACKUP")


def test_untracked_interface_may_be_down(network, router, binary):
    """F07: with no_track the loss of an address's interface is no fault."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    add_interface(host, "eth7")
    daemon = router(host, binary, instance("172.27.9.100/24\n10.7.0.1/24 dev eth7 no_track"))
    with network.capture() as capture:
        daemon.start()
        begin = capture.next_advert(host, 8).time
        host.run("ip", "link", "set", "eth7p", "down")
        capture.next_advert(host, 3, since=begin + 2)
        assert states(daemon) == ["MASTER"]
        assert daemon.stop()[0] == 0


def test_new_hardware_address_is_announced(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    daemon = router(host, binary, instance(extra="garp_master_refresh 1"))
    mac = bytes.fromhex("020000000077")
    with network.capture() as capture:
        daemon.start()
        wait_until(lambda: capture.announcements("172.27.9.100", host), 8, "gratuitous ARP")
        host.run("ip", "link", "set", "ens33", "address", mac.hex(":"))
        wait_until(lambda: any(frame.octets[6:12] == mac and frame.octets[22:28] == mac
                               for frame in capture.announcements("172.27.9.100", host)), 5, "the new address")
        assert f"changed from {host.mac.hex(':')} to {mac.hex(':')}" in daemon.log
        assert daemon.stop()[0] == 0


def test_lost_netlink_events_are_made_up_for(network, router, binary):
    """A receive buffer for a few messages and a flood of changes: everything is read anew, and reactions are right."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    add_interface(host, "eth7")
    daemon = router(host, binary, "global_defs {\n    vrrp_netlink_monitor_rcv_bufs 2048\n}\n" +
                    instance(priority=200))
    # `ip -batch` changes far more than the daemon can read meanwhile, unless the machine is busy: then another time.
    batch = "".join(f"address add 10.8.{number // 250}.{number % 250 + 1}/32 dev eth7\n" for number in range(3000))
    host.path("/run/batch").write_text(batch + batch.replace(" add ", " del "))
    with network.capture() as capture:
        daemon.start()
        host.wait_for_address("172.27.9.100", "ens33", 8)
        begin = capture.next_advert(host, 3).time

        def overrun():
            host.run("ip", "-batch", "/run/batch")
            return "Receive buffer overrun" in daemon.log

        wait_until(overrun, 15, "an overrun")
        assert states(daemon)[-1] == "MASTER" and states(daemon).count("MASTER") == 1
        capture.next_advert(host, 3)
        assert max(gaps(capture.adverts(host, begin - 0.01))) < 1.3
        since = time.time()
        host.run("ip", "address", "del", "172.27.9.100/24", "dev", "ens33")
        wait_until(lambda: any(frame.advert.priority == 0 for frame in capture.adverts(host, since)), 3, "priority 0")
        host.wait_for_address("172.27.9.100", "ens33", 3)
        host.run("ip", "address", "del", "172.27.9.11/24", "dev", "ens33")
        wait_until(lambda: states(daemon)[-1] == "FAULT", 3, "FAULT")
        assert daemon.stop()[0] == 0

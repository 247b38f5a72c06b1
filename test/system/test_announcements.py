# SPDX-License-Identifier: GPL-2.0-or-later
"""Gratuitous ARP and unsolicited neighbour advertisements (spec vrrp.md 5): octets, sets, rates, and their end."""

import signal
import time

import pytest

from lab import vrrp
from lab.capture import gaps
from lab.network import Network
from lab.poll import wait_until

ARP, IPV6 = 0x0806, 0x86DD


def instance(addresses, *, excluded="", priority=255, garp="", vrid=100, interval=1):
    state = "MASTER" if priority == 255 else "BACKUP"
    block = f"\n    virtual_ipaddress_excluded {{\n        {excluded}\n    }}" if excluded else ""
    return f"""
vrrp_instance VI_{vrid} {{
    state {state}
    interface ens33
    virtual_router_id {vrid}
    priority {priority}
    advert_int {interval}
    {garp}
    virtual_ipaddress {{
        {addresses}
    }}{block}
}}
"""


def announced(capture, host=None, since=0.0):
    """Frames with a gratuitous ARP or an unsolicited neighbour advertisement, in order."""
    def is_announcement(frame):
        if frame.ethertype == IPV6:
            return frame.octets[20] == 58 and frame.octets[54] == 136 and frame.octets[22:38] == frame.octets[62:78] \
                and frame.octets[38:54] == bytes.fromhex("ff02" + "00" * 13 + "01")
        return frame.gratuitous_arp is not None
    return [frame for frame in list(capture.frames)
            if frame.time > since and host in (None, frame.sender) and is_announcement(frame)]


def addresses(frames):
    return [frame.gratuitous_arp or ":".join(frame.octets[at:at + 2].hex() for at in range(22, 38, 2))
            for frame in frames]


def quiet(capture, host, seconds=1.0):
    """Waits until something has been announced, and then nothing for so long."""
    wait_until(lambda: announced(capture, host), 10, "an announcement")
    wait_until(lambda: not announced(capture, host, time.time() - seconds), 30, "silence")


TWO_AND_ONE = dict(addresses="172.27.9.100/24\n        172.27.9.101/24", excluded="172.27.9.110/24")
CASES = {
    "A12-rounds": instance(**TWO_AND_ONE, garp="garp_master_repeat 2\n    garp_master_delay 1"),
    "A13-neighbour-advert": instance("172.27.9.100", excluded="fd00::100/64\n        fe80::1:100/64",
                                     garp="garp_master_repeat 2\n    garp_master_delay 1"),
    "min-garp": "global_defs {\n    vrrp_min_garp\n}\n" + instance(**TWO_AND_ONE),
    "global-defaults": "global_defs {\n    vrrp_garp_master_repeat 3\n    vrrp_garp_master_delay 1\n}\n" +
                       instance(**TWO_AND_ONE),
}


def observe(program, router, configuration, forwarding):
    """What a lone router announces in the first 3.5 seconds of its mastership: [(octets, seconds since its advert)]."""
    with Network() as network:
        host = network.add_host("lvs01", "172.27.9.11/24")
        host.run("sh", "-c", f"echo {forwarding} >/proc/sys/net/ipv6/conf/ens33/forwarding")
        # Its own neighbour discovery must not be in the way.
        time.sleep(2)
        daemon = router(host, program, configuration)
        with network.capture() as capture:
            daemon.start()
            begin = capture.next_advert(host, 8).time
            time.sleep(3.6)
            frames = [frame for frame in announced(capture, host) if frame.time < begin + 3.5]
            assert daemon.stop()[0] == 0
            return [(frame.octets.hex(), frame.time - begin) for frame in frames]


@pytest.mark.parametrize("forwarding", [0, 1])
@pytest.mark.parametrize("case", CASES)
def test_same_octets_as_the_reference(case, forwarding, router, binary, reference):
    if forwarding and "neighbour" not in case:
        pytest.skip("forwarding only shows in neighbour advertisements")
    ours = observe(binary, router, CASES[case], forwarding)
    theirs = observe(reference, router, CASES[case], forwarding)
    assert ours and [octets for octets, _ in ours] == [octets for octets, _ in theirs]
    assert all(abs(own - other) < 0.25 for (_, own), (_, other) in zip(ours, theirs))


def test_refreshes(router, binary):
    """A15: the first one a refresh interval after the second set. (Debian's 2.2.7 begins with it already.)"""
    text = instance("172.27.9.100", garp="garp_master_repeat 1\n    garp_master_delay 1\n"
                    "    garp_master_refresh 1\n    garp_master_refresh_repeat 2")
    times = [when for _, when in observe(binary, router, text, 0)]
    assert len(times) == 6
    assert all(-0.05 <= seen - due <= 0.3 for seen, due in zip(times, (0, 1, 2, 2, 3, 3)))


def test_packets_are_paced_and_addresses_take_turns(network, router, binary):
    """A14, with a garp_group instead of the global interval for the second half."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    body = instance("172.27.9.100\n172.27.9.101\n172.27.9.102", garp="garp_master_repeat 2\n    garp_master_delay 0")
    expected = ["172.27.9.100", "172.27.9.101", "172.27.9.102"] * 2
    for head in ("global_defs {\n    vrrp_garp_interval 0.2\n}\n",
                 "garp_group {\n    garp_interval 0.2\n    interface ens33\n}\n"):
        daemon = router(host, binary, head + body)
        with network.capture() as capture:
            daemon.start()
            wait_until(lambda: len(announced(capture, host)) >= 6, 10, "all packets")
            time.sleep(0.5)
            frames = announced(capture, host)
            assert addresses(frames) == expected
            assert frames[0].time - capture.adverts(host)[0].time < 0.1
            assert all(0.19 <= gap <= 0.35 for gap in gaps(frames))
            assert daemon.stop()[0] == 0


def test_leaving_master_empties_the_queue(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    other = network.add_host("lvs02", "172.27.9.12/24")
    daemon = router(host, binary, "global_defs {\n    vrrp_garp_interval 0.3\n}\n" +
                    instance("172.27.9.100\n172.27.9.101", priority=200))
    injector = vrrp.Injector(other)
    with network.capture() as capture:
        daemon.start()
        wait_until(lambda: announced(capture, host), 10, "the first packet")
        injector.send(vrrp.build("172.27.9.12", priority=250, addresses=("172.27.9.100", "172.27.9.101"),
                                 authentication=0, password=b""))
        wait_until(lambda: daemon.log.count("Entering BACKUP STATE") == 2, 3, "BACKUP")
        begin = time.time()
        time.sleep(1.5)
        assert not announced(capture, host, begin + 0.05)
    injector.close()


def test_losing_advert_is_answered_at_once_and_once_more_after_the_last(network, router, binary):
    """D01, D03: sets of their own, defaults from the global values."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    other = network.add_host("lvs02", "172.27.9.12/24")
    head = "global_defs {\n    vrrp_garp_lower_prio_repeat 3\n    vrrp_garp_lower_prio_delay 1\n}\n"
    text = instance("172.27.9.100", priority=200, garp="garp_master_repeat 1\n    garp_master_delay 0")
    daemon = router(host, binary, head + text)
    losing = vrrp.build("172.27.9.12", priority=100, authentication=0, password=b"")
    injector = vrrp.Injector(other)
    with network.capture() as capture:
        daemon.start()
        capture.next_advert(host, 8)
        quiet(capture, host)
        begin = time.time()
        injector.send(losing)
        wait_until(lambda: len(announced(capture, host, begin)) >= 6, 5, "both sets")
        time.sleep(1.3)
        frames = announced(capture, host, begin)
        assert len(frames) == 6
        assert frames[2].time - frames[0].time < 0.1
        assert 0.9 <= frames[3].time - frames[0].time <= 1.3

        daemon.configure(text.replace("garp_master_delay", "garp_lower_prio_repeat 0\n    garp_master_delay"))
        daemon.signal(signal.SIGHUP)
        wait_until(lambda: "Reload complete" in daemon.log, 5, "the reload")
        begin = time.time()
        injector.send(losing)
        capture.next_advert(host, 2, since=begin)
        time.sleep(1.5)
        assert not announced(capture, host, begin)
    injector.close()


def test_timers_end_with_the_mastership(network, router, binary):
    """vrrp.md 19, 4: in the reference each mastership adds a chain of refreshes."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    other = network.add_host("lvs02", "172.27.9.12/24")
    daemon = router(host, binary, instance(
        "172.27.9.100", priority=254,
        garp="garp_master_repeat 1\n    garp_master_delay 1\n    garp_master_refresh 1"))
    injector = vrrp.Injector(other)
    with network.capture() as capture:
        daemon.start()
        for mastership in range(1, 4):
            wait_until(lambda m=mastership: daemon.log.count("Entering MASTER STATE") == m, 10, "MASTER")
            time.sleep(0.5)
            injector.send(vrrp.build("172.27.9.12", priority=255, authentication=0, password=b""))
        wait_until(lambda: daemon.log.count("Entering MASTER STATE") == 4, 10, "MASTER for the last time")
        begin = time.time()
        time.sleep(6.5)
        # The first one, the second set after 1 s, refreshes at 2, 3, 4, 5 and 6 s.
        assert 6 <= len(announced(capture, host, begin - 0.3)) <= 7
    injector.close()


def test_reload_announces_only_what_is_new(network, router, binary):
    """H01, H02: nothing for an unchanged configuration, all addresses when one was added; the second set is not lost."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    garp = "garp_master_repeat 1\n    garp_master_delay 4"
    text = instance("172.27.9.100", garp=garp)
    daemon = router(host, binary, text)
    with network.capture() as capture:
        daemon.start()
        first = capture.next_advert(host, 8).time
        wait_until(lambda: announced(capture, host), 2, "the first set")
        begin = time.time()
        daemon.configure(text.replace("priority 255", "priority 255\n    # nothing"))
        daemon.signal(signal.SIGHUP)
        wait_until(lambda: daemon.log.count("Reload complete") == 1, 5, "the reload")
        daemon.configure(instance("172.27.9.100\n        172.27.9.101", garp=garp))
        time.sleep(0.3)
        assert not announced(capture, host, begin)
        begin = time.time()
        daemon.signal(signal.SIGHUP)
        wait_until(lambda: len(announced(capture, host, begin)) >= 2, 5, "all addresses")
        assert sorted(addresses(announced(capture, host, begin))) == ["172.27.9.100", "172.27.9.101"]
        time.sleep(max(0.0, first + 4.6 - time.time()))
        late = announced(capture, host, first + 3.5)
        assert sorted(addresses(late)) == ["172.27.9.100", "172.27.9.101"]
        assert all(3.9 <= frame.time - first <= 4.5 for frame in late)
        assert daemon.stop()[0] == 0


def test_two_thousand_addresses_do_not_hold_up_the_adverts(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    many = "\n        ".join(f"10.50.{number // 250}.{number % 250 + 1}" for number in range(2000))
    daemon = router(host, binary, instance("172.27.9.100", excluded=many, garp="garp_master_delay 2"), arguments=())
    with network.capture() as capture:
        daemon.start()
        begin = capture.next_advert(host, 10).time
        wait_until(lambda: len(announced(capture, host)) >= 2 * 5 * 2001, 30, "both sets of five rounds")
        frames = announced(capture, host)
        # Round by round, each address once a round.
        assert len(set(addresses(frames[:2001]))) == 2001
        assert max(gaps(capture.adverts(host, begin - 0.01))) < 1.2
        assert daemon.stop()[0] == 0


def test_extra_interfaces(network, router, binary):
    """garp_extra_if all: every interval one packet for one address of each other interface."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    host.run("ip", "link", "add", "eth7", "type", "veth", "peer", "name", "eth7p")
    for name in ("eth7", "eth7p"):
        host.run("ip", "link", "set", name, "up")
    daemon = router(host, binary, instance(
        "172.27.9.100\n        10.7.0.1 dev eth7\n        10.7.0.2 dev eth7",
        garp="garp_master_repeat 1\n    garp_master_delay 0\n    garp_extra_if all 1"))
    with network.capture():
        daemon.start()
        host.wait_for_address("10.7.0.1", "eth7", 8)
        time.sleep(3.4)
        assert daemon.log.count("Sending gratuitous ARP on eth7 for 10.7.0.1") == 1 + 3
        assert daemon.log.count("Sending gratuitous ARP on eth7 for 10.7.0.2") == 1
        assert daemon.log.count("Sending gratuitous ARP on ens33 for 172.27.9.100") == 1
        assert daemon.stop()[0] == 0

# SPDX-License-Identifier: GPL-2.0-or-later
"""Combinations that no single rule of the specification shows: what shares a number, an interface, an address or a
moment with something else."""

import os
import signal
import time

from lab import config, vrrp
from lab.capture import gaps
from lab.poll import wait_until
from lab.together import SLACK, Together, assert_after, assert_paced, master_down, repeated

P = 200
VIP = "10.0.0.100"

scenarios = Together(workers=10)


def present(host, address):
    return bool(host.run("ip", "-o", "address", "show", "to", address).stdout)


def packet(priority, vrid=51, source="10.0.0.3", vips=(VIP,), **fields):
    return vrrp.build(source, vrid, priority, vips, **{"authentication": 0, "password": b"", **fields})


def zeros(lab, host, since, vrid=None):
    return [frame for frame in lab.capture.adverts(host, since, vrid) if frame.advert.priority == 0]


def entered(daemon, state, name="VI_1"):
    return daemon.log.count(f"({name}) Entering {state} STATE")


@scenarios.solo("harder")
def one_number_two_families(lab):
    """VRID 51 for IPv4 and for IPv6 on one interface: neither hears the other."""
    host, other = lab.host(1), lab.injector(lab.host(3))
    daemon = lab.daemon(host, config.instance("FOUR", priority=P) + config.instance(
        "SIX", ("fe80::1:100/64",), priority=P))
    wait_until(lambda: entered(daemon, "MASTER", "FOUR") and entered(daemon, "MASTER", "SIX"), 8, "both MASTER")
    lab.capture.next_advert(host, 2)
    other.send(packet(250))
    wait_until(lambda: not present(host, VIP), 1, "IPv4 BACKUP")
    time.sleep(0.5)
    assert present(host, "fe80::1:100") and entered(daemon, "BACKUP", "SIX") <= 1
    other.send(packet(250, source="fe80::ff:fe00:3", vips=("fe80::1:100",), version=3))
    wait_until(lambda: not present(host, "fe80::1:100"), 1, "IPv6 BACKUP")


@scenarios.solo("harder", segments=2)
def one_number_on_two_interfaces(lab):
    """VRID 51 on eth0 and on eth1 are two virtual routers."""
    host = lab.host(1)
    other = lab.host(3)
    inject = lab.injector(other, "eth1")
    lab.daemon(host, config.instance(priority=P) + config.instance("VI_2", ("10.1.0.100/24",), priority=P,
                                                                   interface="eth1"))
    wait_until(lambda: present(host, VIP) and present(host, "10.1.0.100"), 8, "both MASTER")
    inject.send(packet(250, source="10.1.0.3", vips=("10.1.0.100",)))
    wait_until(lambda: not present(host, "10.1.0.100"), 1, "BACKUP on eth1")
    time.sleep(1)
    assert present(host, VIP)
    own = [frame for frame in lab.capture.adverts(host) if frame.segment == 0]
    assert {frame.advert.addresses for frame in own} == {(VIP,)}


@scenarios.solo("harder")
def vip_moves_to_another_instance(lab):
    """At a reload a VIP goes from one MASTER to another one: it is there afterwards, and announced."""
    def text(first, second):
        return config.instance("VI_1", first, priority=P) + config.instance("VI_2", second, virtual_router_id=52,
                                                                            priority=P)
    host = lab.host(1)
    daemon = lab.daemon(host, text((f"{VIP}/24", "10.0.0.101/24"), ("10.0.0.102/24",)))
    wait_until(lambda: present(host, "10.0.0.102") and present(host, VIP), 8, "MASTER")
    time.sleep(0.5)
    for first, second in (((f"{VIP}/24",), ("10.0.0.102/24", "10.0.0.101/24")),
                          ((f"{VIP}/24", "10.0.0.101/24"), ("10.0.0.102/24",))):
        daemon.configure(text(first, second))
        daemon.signal(signal.SIGHUP)
        time.sleep(2)
        for address in (VIP, "10.0.0.101", "10.0.0.102"):
            if not lab.old:
                assert present(host, address), address
    if not lab.old:
        assert not zeros(lab, host, 0.0)
    assert daemon.stop()[0] == 0
    assert not present(host, "10.0.0.101")


@scenarios.solo("harder")
def master_stopped_for_a_while(lab):
    """A MASTER whose process stands still for 5 s: the other takes over, and is taken over again without a duel."""
    a, b = lab.host(1), lab.host(2)
    first = lab.daemon(a, config.instance(priority=P))
    lab.capture.next_advert(a, 8)
    lab.daemon(b, config.instance(priority=100), lab.reference).wait_for("vrrp")
    lab.capture.next_advert(a, 3)
    pid = first.wait_for("vrrp")
    os.kill(pid, signal.SIGSTOP)
    last = lab.capture.adverts(a)[-1]
    time.sleep(5)
    assert_after(lab.capture.adverts(b)[0], last, master_down(100))
    back = time.time()
    os.kill(pid, signal.SIGCONT)
    wait_until(lambda: not present(b, VIP), 3, "the usurper a BACKUP")
    time.sleep(5)
    settled = [frame for frame in lab.capture.adverts(b) if frame.time > back + 1.2 * SLACK]
    assert not settled and present(a, VIP)
    assert_paced([frame for frame in lab.capture.adverts(a) if frame.time > back + 1.2])


@scenarios.solo("harder", suffix="faster", before=1, after=0.2)
@scenarios.solo("harder", suffix="slower", before=0.2, after=1)
def other_interval_by_reload(lab, before, after):
    """From one advert to the next no gap is longer than the longer interval."""
    host = lab.host(1)

    def text(interval):
        return config.instance(version=3, priority=255, advert_int=interval, garp_master_delay=0)

    daemon = lab.daemon(host, text(before))
    lab.capture.next_advert(host, 8)
    time.sleep(2.3)
    daemon.configure(text(after))
    moment = time.time()
    daemon.signal(signal.SIGHUP)
    time.sleep(4)
    own = lab.capture.adverts(host)
    assert max(gaps(own)) <= 1 + 0.1 * SLACK
    changed = [frame for frame in own if frame.advert.seconds == after]
    assert changed[0].time - moment < max(before, after) + 0.3 * SLACK
    assert_paced(changed[1:], after)
    assert entered(daemon, "MASTER") == 1


@scenarios.solo("harder")
def priority_raised_in_backup(lab):
    """By reload, beside a MASTER in between: it takes over after its own master down time at most."""
    host, other = lab.host(1), lab.injector(lab.host(3))
    daemon = lab.daemon(host, config.instance(priority=100))
    daemon.wait_for("vrrp")
    with repeated(lambda: other.send(packet(150)), 1):
        time.sleep(4.5)
        assert not lab.capture.adverts(host)
        daemon.configure(config.instance(priority=P))
        moment = time.time()
        daemon.signal(signal.SIGHUP)
        first = lab.capture.next_advert(host, 6)
        assert first.time - moment <= master_down(P) + 0.6 * SLACK and first.advert.priority == P


@scenarios.solo("harder")
def mac_address_changes(lab):
    """Announcements and adverts carry the new one."""
    host, other = lab.host(1), lab.injector(lab.host(3))
    lab.daemon(host, config.instance(priority=P, garp_master_delay=0))
    lab.capture.next_advert(host, 8)
    host.run("ip", "link", "set", "eth0", "address", "02:00:00:00:00:77")
    time.sleep(1.2)
    moment = other.send(packet(50))
    announced = wait_until(lambda: lab.capture.announcements(VIP, host, moment), 2, "an announcement")[0]
    assert announced.octets[6:12].hex() == announced.octets[22:28].hex() == "020000000077"


@scenarios.solo("harder")
def interface_renamed_and_back(lab):
    """Renamed away is lost, renamed back is found."""
    host = lab.host(1)
    daemon = lab.daemon(host, config.instance(priority=P))
    wait_until(lambda: present(host, VIP), 8, "MASTER")

    def rename(old, new):
        host.run("ip", "link", "set", old, "down")
        host.run("ip", "link", "set", old, "name", new)
        host.run("ip", "link", "set", new, "up")

    rename("eth0", "other0")
    wait_until(lambda: entered(daemon, "FAULT"), 2, "FAULT")
    time.sleep(1)
    assert daemon.running
    rename("other0", "eth0")
    wait_until(lambda: entered(daemon, "MASTER") == 2, 6, "MASTER again")
    wait_until(lambda: present(host, VIP), 1, "the VIP again")


@scenarios.solo("harder")
def link_down_at_start(lab):
    host = lab.host(1)
    lab.network.carrier(host, False)
    time.sleep(0.3)
    daemon = lab.daemon(host, config.instance(priority=P))
    wait_until(lambda: "FAULT" in daemon.log, 4, "FAULT")
    time.sleep(4)
    assert not lab.capture.adverts(host) and not present(host, VIP)
    moment = time.time()
    lab.network.carrier(host, True)
    assert_after(lab.capture.next_advert(host, 6), moment, master_down(P), late=0.5)


@scenarios.solo("harder")
def flapping_master(lab):
    """A master that comes and goes each half second is followed for as long as it is heard: no advert of ours."""
    host, other = lab.host(1), lab.injector(lab.host(3))
    daemon = lab.daemon(host, config.instance(priority=100))
    daemon.wait_for("vrrp")
    for _ in range(6):
        other.send(packet(150))
        time.sleep(0.1)
        other.send(packet(0))
        time.sleep(0.4)  # less than the skew time of 0.609 s
    assert not lab.capture.adverts(host) and not present(host, VIP)


@scenarios.solo("harder")
def excluded_address_of_the_other_family(lab):
    host = lab.host(1)
    daemon = lab.daemon(host, config.instance(priority=P, evips=("fd00::110/64", "10.0.0.110/24"), garp_master_delay=0))
    first = lab.capture.next_advert(host, 8)
    assert first.advert.addresses == (VIP,)
    wait_until(lambda: present(host, "fd00::110") and present(host, "10.0.0.110"), 2, "both")
    time.sleep(0.3)
    assert {frame.announced for frame in lab.capture.announcements(sender=host)} == {VIP, "fd00::110", "10.0.0.110"}
    assert daemon.stop()[0] == 0
    assert not present(host, "fd00::110")


@scenarios.solo("harder", segments=2)
def group_by_reload(lab):
    """Two lone MASTERs become a group, and are lone again: no advert is missed, and in between they go together."""
    instances = config.instance(priority=P, garp_master_delay=0) + config.instance(
        "VI_2", ("10.1.0.100/24",), interface="eth1", virtual_router_id=52, priority=P, garp_master_delay=0)
    group = "vrrp_sync_group G1 {\n    group {\n        VI_1\n        VI_2\n    }\n}\n"
    host, other = lab.host(1), lab.injector(lab.host(3))
    daemon = lab.daemon(host, instances)
    wait_until(lambda: present(host, VIP) and present(host, "10.1.0.100"), 8, "both MASTER")
    time.sleep(0.3)
    daemon.configure(group + instances)
    daemon.signal(signal.SIGHUP)
    time.sleep(2.5)
    for vrid in (51, 52):
        assert max(gaps(lab.capture.adverts(host, vrid=vrid))) <= 1 + 0.1 * SLACK
        assert entered(daemon, "MASTER", f"VI_{vrid - 50}") == 1
    other.send(packet(250))
    wait_until(lambda: not present(host, VIP) and not present(host, "10.1.0.100"), 1, "both BACKUP")
    wait_until(lambda: present(host, VIP) and present(host, "10.1.0.100"), 9, "both MASTER again")
    daemon.configure(instances)
    daemon.signal(signal.SIGHUP)
    time.sleep(1.5)
    moment = other.send(packet(250))
    wait_until(lambda: not present(host, VIP), 1, "the one BACKUP")
    time.sleep(1)
    assert present(host, "10.1.0.100") and not zeros(lab, host, moment)


@scenarios.solo("harder")
def password_changed_by_reload(lab):
    """On both routers, one after the other: in between both are MASTER, afterwards one."""
    def text(priority, word):
        return config.instance(priority=priority, body=config.password("PASS", word), garp_master_delay=0)
    a, b = lab.host(1), lab.host(2)
    first = lab.daemon(a, text(P, "before"))
    lab.capture.next_advert(a, 8)
    second = lab.daemon(b, text(100, "before"))
    second.wait_for("vrrp")
    lab.capture.next_advert(a, 3)
    second.configure(text(100, "after"))
    second.signal(signal.SIGHUP)
    wait_until(lambda: present(b, VIP), 6, "the second MASTER")
    first.configure(text(P, "after"))
    moment = time.time()
    first.signal(signal.SIGHUP)
    wait_until(lambda: not present(b, VIP), 3, "the second BACKUP")
    assert present(a, VIP)
    assert max(gaps(lab.capture.adverts(a, moment - 1.2))) <= (2.2 if lab.old else 1 + 0.1 * SLACK)


@scenarios.solo("harder")
def unicast_instances_of_one_peer(lab):
    """Two unicast instances share socket and peer: each hears its own number only."""
    host, other = lab.host(1), lab.injector(lab.host(3))
    text = config.instance("VI_1", (f"{VIP}/24",), priority=100, body=config.unicast("10.0.0.1", "10.0.0.3"))
    text += config.instance("VI_2", ("10.0.0.101/24",), priority=100, virtual_router_id=52,
                            body=config.unicast("10.0.0.1", "10.0.0.3"))
    lab.daemon(host, text).wait_for("vrrp")
    time.sleep(0.3)
    last = other.send(packet(200, destination="10.0.0.1"), host.mac)
    first = lab.capture.next_advert(host, 6, 0.0, 52)
    assert first.time - last < master_down(100) + 0.3 * SLACK
    assert_after(lab.capture.next_advert(host, 6, 0.0, 51), last, master_down(100))


@scenarios.solo("harder")
def three_equal_routers(lab):
    """Started together: exactly one is left, that of the highest address."""
    hosts = {number: lab.host(number) for number in (1, 2, 4)}
    for number, host in hosts.items():
        lab.daemon(host, config.instance(priority=150), lab.reference if number == 2 else lab.binary)
    time.sleep(7)
    since = time.time()
    time.sleep(2.5)
    speaking = {host.number for host in hosts.values() if lab.capture.adverts(host, since)}
    assert len(speaking) == 1, speaking
    assert {number for number, host in hosts.items() if present(host, VIP)} == speaking


@scenarios.solo("harder")
def reload_in_fault(lab):
    """Down, reloaded, up: the new configuration is what comes up."""
    host = lab.host(1)
    daemon = lab.daemon(host, config.instance(priority=P))
    lab.capture.next_advert(host, 8)
    lab.network.carrier(host, False)
    wait_until(lambda: entered(daemon, "FAULT"), 2, "FAULT")
    daemon.configure(config.instance(priority=150, vips=("10.0.0.105/24",)))
    daemon.signal(signal.SIGHUP)
    time.sleep(1.5)
    moment = time.time()
    lab.network.carrier(host, True)
    first = lab.capture.next_advert(host, 6, moment)
    assert_after(first, moment, master_down(150), late=0.5)
    assert (first.advert.priority, first.advert.addresses) == (150, ("10.0.0.105",))
    wait_until(lambda: present(host, "10.0.0.105"), 1, "the new VIP")
    assert not present(host, VIP)


@scenarios.solo("harder")
def reload_and_stop_at_once(lab):
    """A TERM right behind a HUP: a farewell, and nothing is left."""
    host = lab.host(1)
    daemon = lab.daemon(host, config.instance(priority=P))
    wait_until(lambda: present(host, VIP), 8, "MASTER")
    daemon.configure(config.instance(priority=P, vips=(f"{VIP}/24", "10.0.0.105/24")))
    moment = time.time()
    daemon.signal(signal.SIGHUP)
    daemon.signal(signal.SIGTERM)
    assert daemon.wait() == 0
    assert len(zeros(lab, host, moment)) == 1
    assert not present(host, VIP) and not present(host, "10.0.0.105")


test = scenarios.test()

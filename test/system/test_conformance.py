# SPDX-License-Identifier: GPL-2.0-or-later
"""What RFC 9568 and the UNH-IOL list want and no scenario of the specification shows. The ledger of test/conformance
wants the tags."""

import socket
import time

from scapy.layers.inet6 import ICMPv6ND_NS, IPv6
from scapy.layers.l2 import Ether

from lab import config, vrrp
from lab.poll import wait_until
from lab.together import Together, assert_after, assert_paced, master_down, skew

P = 100
SIX = dict(version=3, six=True)

scenarios = Together()


def answers(host, address):
    """Whether a host of the segment gets an answer from an address: that nobody listens on that port."""
    def refused():
        try:
            with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_DGRAM) as opened:
                opened.settimeout(1)
                opened.connect((address, 9))
                opened.send(b"?")
                opened.recv(1)
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
        return False

    return host.inside(refused)


def resolved(host, address):
    answers(host, address)
    return "lladdr" in host.run("ip", "neigh", "show", address).stdout


@scenarios.solo("rfc", suffix="ipv4", vip="10.0.0.100/24", version=2)
@scenarios.solo("rfc", suffix="ipv6", vip="fd00::100/64", version=3)
def addresses_of_backup_and_master(lab, vip, version):
    """[rfc9568-6.4.2-1][positive] [rfc9568-6.4.2-2][positive] [rfc9568-6.4.2-5][positive]
    [rfc9568-6.4.2-1][negative] [rfc9568-6.4.2-2][negative] [rfc9568-6.4.2-5][negative]
    [rfc9568-6.4.3-2][positive] [rfc9568-6.4.3-2][negative] [rfc9568-6.4.3-6][positive] [rfc9568-6.4.3-6][negative]
    [rfc9568-8.1.2-2][positive] [rfc9568-8.2.2-2][positive]"""
    host, client = lab.host(1), lab.host(2)
    address = vip.partition("/")[0]
    other = lab.injector(lab.host(3))
    six = ":" in vip
    vips = ("fe80::1:100/64", vip) if six else (vip,)
    first = vips[0].partition("/")[0]

    def hear(priority):
        return other.send(vrrp.build("fe80::ff:fe00:3" if six else "10.0.0.3", 51, priority,
                                     [one.partition("/")[0] for one in vips], version=version, authentication=0,
                                     password=b""))

    def groups():
        return "ff02::1:ff00:100" in host.run("ip", "maddress", "show", "dev", "eth0").stdout

    daemon = lab.daemon(host, config.instance(vips=vips, version=version))
    daemon.wait_for("vrrp")
    time.sleep(0.2)
    hear(200)
    assert not resolved(client, address)
    assert not groups()
    assert not lab.capture.announcements(sender=host), "announced before being MASTER"
    advert = lab.capture.next_advert(host, 8)
    wait_until(lambda: answers(client, address), 2, "an answer of the MASTER")
    assert resolved(client, address)
    assert groups() == six
    assert min(frame.time for frame in lab.capture.announcements(sender=host)) >= advert.time
    moment = hear(250)
    wait_until(lambda: not host.run("ip", "-o", "address", "show", "to", first).stdout, 1, "BACKUP")
    assert not answers(client, address) and not groups()
    assert not [frame for frame in lab.capture.announcements(sender=host, since=moment) if frame.time > moment + 0.1]


@scenarios.solo("rfc", segments=2)
def adverts_stay_on_the_segment(lab):
    """[rfc9568-5.1.1.2-1][positive] [rfc9568-5.1.1.2-1][negative] [rfc9568-5.1.2.2-1][positive]
    [rfc9568-5.1.2.2-1][negative] a router stands between two segments"""
    host, between = lab.host(1), lab.host(2)
    between.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv6.conf.all.forwarding=1")
    lab.daemon(host, config.instance(priority=255) + config.instance(
        "VI_6", ("fe80::1:100/64",), virtual_router_id=52, priority=255))
    for vrid, group in ((51, "224.0.0.18"), (52, "ff02::12")):
        assert lab.capture.next_advert(host, 5, 0.0, vrid).advert.destination == group
    time.sleep(2)
    assert {frame.segment for frame in lab.capture.frames if frame.advert} == {0}


@scenarios.lane("rfc", suffix="1", priority=1)
@scenarios.lane("rfc", suffix="254", priority=254)
def priorities_of_others(lane):
    """[rfc9568-5.2.4-2][positive]"""
    lane.next(6, 0.0)
    time.sleep(1.2)
    assert {frame.advert.priority for frame in lane.own()} == {lane.keywords["priority"]}


@scenarios.solo("rfc", suffix="0", priority=0)
@scenarios.solo("rfc", suffix="256", priority=256)
@scenarios.solo("rfc", suffix="minus", priority=-1)
def priorities_that_are_none(lab, priority):
    """[rfc9568-5.2.4-2][negative] refused with a word; the router has the usual one"""
    host = lab.host(1)
    daemon = lab.daemon(host, config.instance(priority=priority))
    assert lab.capture.next_advert(host, 8).advert.priority == P
    assert "riority" in daemon.log


@scenarios.lane("rfc", suffix="v3", version=3)
@scenarios.lane("rfc", suffix="ipv6", **SIX)
def reserved_bits_are_sent_as_zero(lane):
    """[rfc9568-5.2.6-1][negative] [rfc9568-8.4.2-3][positive] [rfc9568-8.4.2-1][positive]"""
    lane.hear(200, reserved=15)
    lane.next(6)
    time.sleep(1.2)
    for frame in lane.own():
        assert frame.advert.pdu[4] >> 4 == 0 and frame.advert.version == 3


@scenarios.lane("rfc")
def version_2_stays_version_2(lane):
    """[rfc9568-8.4.2-2][positive] [rfc9568-8.4.2-2][negative] [rfc9568-8.4.2-3][negative]"""
    last = lane.hear(200)
    for _ in range(4):
        time.sleep(0.5)
        lane.hear(200, version=3)
    assert_after(lane.next(6), last, master_down(P))
    time.sleep(1.2)
    assert {frame.advert.version for frame in lane.own()} == {2}


@scenarios.solo("rfc")
def first_address_over_ipv6(lab):
    """[rfc9568-5.2.9-1][positive] [rfc9568-5.2.9-1][negative] as the configuration has it; strict mode has a word"""
    host = lab.host(1)
    good = config.instance(vips=("fe80::1:100/64", "fd00::100/64"), priority=255)
    other = config.instance("VI_2", vips=("fd00::101/64", "fe80::1:101/64"), virtual_router_id=52, priority=255,
                            strict_mode="on")
    daemon = lab.daemon(host, good + other)
    assert lab.capture.next_advert(host, 5, 0.0, 51).advert.addresses == ("fe80::1:100", "fd00::100")
    assert lab.capture.next_advert(host, 5, 0.0, 52).advert.addresses == ("fd00::101", "fe80::1:101")
    said = [line for line in daemon.log.splitlines() if "link" in line and "local" in line.lower()]
    assert [line for line in said if "VI_2" in line or "52" in line] and not [line for line in said if "VI_1" in line]


@scenarios.solo("rfc")
def one_family_only(lab):
    """[rfc9568-5.2.9-2][positive] [rfc9568-5.2.9-2][negative]"""
    host = lab.host(1)
    daemon = lab.daemon(host, config.instance(vips=("10.0.0.100/24", "fd00::100/64"), priority=255))
    assert lab.capture.next_advert(host, 5).advert.addresses == ("10.0.0.100",)
    assert "fd00::100" in daemon.log


@scenarios.lane("rfc", suffix="v2")
@scenarios.lane("rfc", suffix="ipv6", **SIX)
def backup_is_silent(lane):
    """[unh-2.2][negative] [unh-2.3][negative] [unh-4.9][negative] [rfc9568-8.1.2-2][negative]
    [rfc9568-8.2.2-2][negative] nothing is sent while a Master is heard, and nothing announced"""
    with lane.hearing(200):
        time.sleep(5)
        assert not lane.own() and not lane.announced() and not lane.has_vip()
    zero = lane.hear(0)
    assert_after(lane.next(3), zero, skew(P))


@scenarios.lane("rfc")
def adverts_of_another_virtual_router(lane):
    """[unh-3.2][negative] its priority 0 is none of ours"""
    last = lane.hear(200)
    time.sleep(0.5)
    lane.stage.stranger.send(vrrp.build(lane.source, 250, 0, lane.vips, authentication=0, password=b""))
    lane.stage.stranger.send(vrrp.build(lane.source, 250, 200, lane.vips, authentication=0, password=b""))
    assert_after(lane.next(6), last, master_down(P))


@scenarios.lane("rfc", suffix="v2", arguments=dict(interval=1))
@scenarios.lane("rfc", suffix="v3", version=3, advert_int=0.3, packet=dict(interval=30), arguments=dict(interval=0.3))
@scenarios.lane("rfc", suffix="ipv6", advert_int=0.3, packet=dict(interval=30), arguments=dict(interval=0.3), **SIX)
def pace(lane, interval):
    """[rfc9568-6.4.3-9][positive]"""
    first = lane.next(6, 0.0)
    time.sleep(4)
    own = lane.own(first.time - 0.001)
    assert_paced(own, interval, late=0.25 if lane.old else 0.05)
    if lane.old:  # each advert that is late puts all others off
        return
    assert_after(own[-1], own[0], interval * (len(own) - 1), late=0.1)


@scenarios.solo("rfc", suffix="nodad", option="", probes=0)
@scenarios.solo("rfc", suffix="dad", option=" -nodad", probes=1)
def duplicate_address_detection(lab, option, probes):
    """[rfc9568-8.2.2-3][positive] [rfc9568-8.2.2-3][negative] only where the address is configured with -nodad"""
    host = lab.host(1)
    host.run("sysctl", "-qw", "net.ipv6.conf.eth0.accept_dad=1", "net.ipv6.conf.eth0.dad_transmits=1")
    lab.daemon(host, config.instance(vips=("fe80::1:100/64" + option,), priority=255))
    lab.capture.next_advert(host, 5)
    time.sleep(2)

    def is_probe(frame):
        packet = Ether(frame.octets)
        return ICMPv6ND_NS in packet and packet[IPv6].src == "::" and packet[ICMPv6ND_NS].tgt == "fe80::1:100"

    assert len([frame for frame in lab.capture.frames if is_probe(frame)]) == probes


@scenarios.lane("rfc", suffix="v3", version=3, old="2.2.7 accepts it, and its timer is that of an interval of zero")
@scenarios.lane("rfc", suffix="ipv6", old="the same", **SIX)
def interval_of_zero(lane):
    """[rfc9568-7.1-5][negative] neither learned nor a sign of life"""
    last = lane.hear(200)
    for _ in range(3):
        time.sleep(0.4)
        lane.hear(200, interval=0)
    assert_after(lane.next(6), last, master_down(P, version=3))


test = scenarios.test()

# SPDX-License-Identifier: GPL-2.0-or-later
"""Our packets (vrrp-scenarios.md section A): field by field against those that Debian's keepalived sends for the same
configuration, and octet by octet against the captures of the specification (vrrp.md 1.10)."""

import re
import time

from scapy.layers.inet import IP
from scapy.layers.inet6 import ICMPv6ND_NA, IPv6
from scapy.layers.ipsec import AH
from scapy.layers.l2 import ARP, Ether
from scapy.layers.vrrp import VRRP, VRRPv3

from lab import config, vrrp
from lab.poll import wait_until
from lab.together import SLACK, Together, assert_after, assert_paced

TWO = ("10.0.0.100/24", "10.0.0.101/24")
SIX = ("fe80::1:100/64", "fd00::100/64", "fd00::101/64")
KEY1, KEY7 = bytes(range(32)), b"abcdefghijklmnopqrstuvwxyz0123456789ABCD"

scenarios = Together(workers=8)


def fields(octets):
    """All fields of a frame by scapy's names, layer by layer. What the kernel chooses is left out."""
    found = {}
    layer = Ether(octets)
    while layer:
        for name, value in layer.fields.items():
            if (type(layer), name) != (IPv6, "fl"):
                found[f"{layer.name}.{name}"] = value
        layer = layer.payload if layer.payload else None
    return found


def same_fields(ours, theirs):
    differing = {name: (ours.get(name), theirs.get(name)) for name in {**ours, **theirs}
                 if ours.get(name) != theirs.get(name)}
    assert not differing, f"ours, the reference's: {differing}"


def lone(lab, program, configuration, adverts=3, sysctls=(), number=1):
    """What one lone router sends from start to stop: (adverts, announcements before the stop), as octets."""
    host = lab.host(number)
    for setting in sysctls:
        host.run("sysctl", "-qw", setting)
    daemon = lab.daemon(host, configuration, program)
    wait_until(lambda: len(lab.capture.adverts(host)) >= adverts, 12, "adverts")
    moment = time.time()
    assert daemon.stop()[0] == 0
    wait_until(lambda: lab.capture.adverts(host)[-1].advert.priority == 0, 2, "a priority-0 advert")
    return lab.capture.adverts(host), [frame for frame in lab.capture.announcements(sender=host)
                                       if frame.time < moment]


def both(lab, configuration, adverts=3, sysctls=()):
    """The same of ours and of the reference, one after the other on one segment; the frames of ours."""
    ours = lone(lab, lab.binary, configuration, adverts, sysctls)
    for host in lab.network.hosts:
        host.close()
    lab.network.hosts.clear()
    mine, lab.capture.frames = lab.capture.frames, []
    lab.capture._adverts.clear()
    theirs = lone(lab, lab.reference, configuration, adverts, sysctls)
    # The farewell comes at the same place only when adverts are not much faster than the stop.
    last = slice(-1, None) if len(ours[0]) == len(theirs[0]) else slice(0, 0)
    for mine, other in zip(ours[0][:adverts] + ours[0][last], theirs[0][:adverts] + theirs[0][last]):
        same_fields(fields(mine.octets), fields(other.octets))
    # The order of the announcements of the first set; the time of the stop is not the same in both.
    count = min(len(ours[1]), len(theirs[1]))
    assert count or not theirs[1]
    for mine, other in zip(ours[1][:count], theirs[1][:count]):
        same_fields(fields(mine.octets), fields(other.octets))
    assert abs(len(ours[1]) - len(theirs[1])) <= 1
    return ours


def instance(vips=TWO, **keywords):
    return config.instance(vips=vips, **{"priority": 255, "garp_master_repeat": 1, **keywords})


# The frame that the specification captured first, and the checksums of its variants.
V2 = "01005e000012020000000001080045c0002c00010000ff70d08d0a000001e00000122133ff020001caff0a0000640a0000650000000000000000"

SAME = {
    # id, configuration, hexadecimal frame of the specification (None: only its comparison with the reference)
    "A01-v2": (instance(), V2),
    "A01-several": (instance(("10.0.0.101", "10.0.0.100/24", "10.0.0.99/32"), virtual_router_id=255, advert_int=2), None),
    "A02-pass-long": (instance(body=config.password("PASS", "abcdefghij")), "01005e000012020000000001080045c0002c00010000ff7"
                      "0d08d0a000001e00000122133ff020101386a0a0000640a0000656162636465666768"),
    "A02-pass-short": (instance(body=config.password("PASS", "1234")), "01005e000012020000000001080045c0002c00010000ff70"
                       "d08d0a000001e00000122133ff02010165990a0000640a0000653132333400000000"),
    "A03-ah": (instance(state="BACKUP", body=config.password("AH", "secret12")), "01005e000012020000000001080045c0004400010000ff33d0b2"
               "0a000001e0000012700400000a00000100000001ae36d210ceb6b5309f5b3a332133ff020201c8ff0a0000640a0000650000"
               "000000000000"),
    "A05-v3": (instance(version=3, advert_int=0.5), "01005e000012020000000001080045c0002400010000ff70d0950a000001e0000012"
               "3133ff020032d03a0a0000640a000065"),
    "A05-v3-0.01": (instance(version=3, advert_int=0.01), None),
    "A07-ipv6": (instance(SIX), "33330000001202000000000186dd6c0e4b35003870fffe80000000000000000000fffe000001"
                 "ff0200000000000000000000000000123133ff030064d6a0fe80000000000000000000000001010"
                 "0fd000000000000000000000000000100fd000000000000000000000000000101"),
    "A07-ipv6-v2": (instance(SIX, version=2), None),
    "A11-no-vip": (instance(()), None),
    "A12-garp": (instance(evips=("10.0.0.110/24",), garp_master_repeat=2, garp_master_delay=1), None),
    "A13-na": (instance(SIX, evips=("fd00::110/64",), garp_master_repeat=2, garp_master_delay=1), None),
    "A16-group": (instance(mcast_dst_ip="224.0.0.99"), None),
    "A16-group-v3": (instance(version=3, mcast_dst_ip="224.0.0.99"), None),
    "A16-group-ipv6": (instance(SIX, mcast_dst_ip="ff02::99"), None),
    "source-mcast_src_ip": (instance(mcast_src_ip="10.0.0.77"), None),
    "source-ipv6": (instance(SIX, mcast_src_ip="fd00::1"), None),
    "priority-1": (instance(priority=1, state="BACKUP"), None),
    "labels": (instance(("10.0.0.100/24 brd + scope link label eth0:1", "10.0.0.101 brd -"),), None),
}


def same_as_the_reference(lab, configuration, expected):
    adverts, _ = both(lab, configuration)
    assert [frame.advert.identification for frame in adverts if frame.ethertype == 0x0800] == list(
        range(1, len(adverts) + 1))[:len([frame for frame in adverts if frame.ethertype == 0x0800])]
    if expected:
        got = adverts[0].octets.hex()
        if adverts[0].ethertype == 0x86DD:  # the kernel chooses the flow label
            got, expected = got[:31] + got[36:], expected[:31] + expected[36:]
        assert got == expected
    interval = adverts[0].advert.seconds
    assert_paced(adverts[:-1], interval)


for _name, (_text, _frame) in SAME.items():
    scenarios.solo(_name.split("-")[0], suffix=_name, configuration=_text, expected=_frame)(same_as_the_reference)


@scenarios.solo("A05", old="2.2.7 does not know the keyword in an instance")
def checksum_of_version_3_as_in_version_2(lab):
    """[rfc9568-5.2.8-1][positive] as the RFC has it, without pseudo header"""
    adverts, _ = lone(lab, lab.binary, instance(version=3, v3_checksum_as_v2=True))
    assert adverts[0].advert.checksum == 0xBA9C


@scenarios.solo("A02")
def one_message_about_a_long_password(lab):
    daemon = lab.daemon(lab.host(1), instance(body=config.password("PASS", "abcdefghij")))
    daemon.wait_for("vrrp")
    assert len([line for line in daemon.log.splitlines() if "runcat" in line]) == 1, daemon.log


@scenarios.solo("A03")
def every_icv_is_right(lab):
    adverts, _ = lone(lab, lab.binary, instance(state="BACKUP", body=config.password("AH", "secret12")), 4)
    assert [frame.advert.sequence for frame in adverts] == list(range(1, len(adverts) + 1))
    for frame in adverts:
        assert vrrp.ah_icv(frame.advert.packet, "secret12") == frame.advert.icv


# --- Unicast: what the peers get ------------------------------------------------------------------------------------

UNICAST = {
    "A04-ah": (dict(state="BACKUP", body=config.password("AH", "secret12") + config.unicast("10.0.0.1", "10.0.0.2", "10.0.0.3")), TWO),
    "A06-v3": (dict(version=3, body=config.unicast("10.0.0.1", "10.0.0.2", "10.0.0.3")), TWO),
    "A06-v3-old-checksum": (dict(version=3, old_unicast_checksum=True, body=config.unicast("10.0.0.1", "10.0.0.2", "10.0.0.3")), TWO),
    "A06-v2": (dict(body=config.unicast("10.0.0.1", "10.0.0.2", "10.0.0.3")), TWO),
    "A06-v2-ttl": (dict(unicast_ttl=7, body=config.unicast("10.0.0.1", "10.0.0.2")), TWO),
    "A08-ipv6": (dict(body=config.unicast("fd00::1", "fd00::2", "fd00::3")), SIX),
    "A08-ipv6-ttl": (dict(unicast_ttl=7, body=config.unicast("fd00::1", "fd00::2")), SIX),
}
CHECKSUMS = {"A06-v3": ("a619", "a618"), "A06-v3-old-checksum": ("d008", "d008")}
ICVS = {"10.0.0.2": "2497f9fe25c32c94ce180c13", "10.0.0.3": "8ae2be31e49b8a1ed2877ebc"}


def unicast(lab, name):
    """[rfc9568-5.1.1.3-1][negative] [rfc9568-5.1.2.3-1][negative] another TTL, but only where unicast_ttl asks for it"""
    keywords, vips = UNICAST[name]
    text = instance(vips, **keywords)
    for number in (2, 3):
        lab.host(number)
    sent = {}
    for program in dict.fromkeys((lab.binary, lab.reference)):
        host = lab.host(1)
        daemon = lab.daemon(host, text, program)
        peers = 2 if "3" in re.findall(r"(?:::|10\.0\.0\.)(3)\n", keywords["body"]) else 1
        wait_until(lambda: len(lab.capture.adverts(host)) >= 3 * peers, 12, "adverts")
        assert daemon.stop()[0] == 0
        sent[program] = lab.capture.adverts(host)
        host.close()
        lab.network.hosts.remove(host)
    ours, theirs = sent[lab.binary], sent[lab.reference]
    by_peer = {frame.advert.destination: frame.advert for frame in ours[:peers]}
    assert len(by_peer) == peers
    for mine, other in zip(ours[:3 * peers], theirs[:3 * peers]):
        same_fields(fields(mine.octets), fields(other.octets))
    if name in CHECKSUMS:
        assert tuple(f"{by_peer[peer].checksum:04x}" for peer in ("10.0.0.2", "10.0.0.3")) == CHECKSUMS[name]
    if name.startswith("A04"):
        assert {peer: advert.icv.hex() for peer, advert in by_peer.items()} == ICVS
        assert {(advert.identification, advert.sequence) for advert in by_peer.values()} == {(1, 1)}
    if name == "A08-ipv6":
        assert all(advert.ttl == 64 for advert in by_peer.values())
    if name.endswith("-ttl"):
        assert all(advert.ttl == 7 for advert in by_peer.values())


for _name in UNICAST:
    scenarios.solo(_name.split("-")[0], suffix=_name, name=_name)(unicast)


# --- HMAC -------------------------------------------------------------------------------------------------------------

def hmac(active, **keys):
    lines = "".join(f"    key {number[1:]} {text}\n" for number, text in keys.items())
    return f"auth_hmac {{\n{lines}    active_key {active}\n}}\n"


HMAC = {
    "v2": (dict(), TWO, 52 + 20),
    "v3": (dict(version=3), TWO, 44 + 20),
    "ipv6": (dict(version=3), SIX, None),
    "unicast": (dict(version=3, body=config.unicast("10.0.0.1", "10.0.0.2", "10.0.0.3")), TWO, 44 + 20),
}


def hmac_trailer(lab, kind):
    keywords, vips, length = HMAC[kind]
    host, other = lab.host(1), lab.injector(lab.host(3))
    lab.host(2)
    body = keywords.pop("body", "") + hmac(1, k1="hex:" + KEY1.hex(), k7=KEY7.decode())
    lab.daemon(host, instance(vips, priority=200, body=body, **keywords))
    first = lab.capture.next_advert(host, 8)
    key = vrrp.Hmac(1, KEY1)
    for _ in range(20):  # losing adverts: each is answered, or a part of them
        packet = vrrp.build("fe80::ff:fe00:3" if kind == "ipv6" else "10.0.0.3", 51, 50,
                            [vip.partition("/")[0] for vip in vips], version=keywords.get("version", 2),
                            authentication=0, password=b"", hmac=key,
                            destination="10.0.0.1" if kind == "unicast" else None)
        other.send(packet, host.mac if kind == "unicast" else None)
    time.sleep(1.5)
    adverts = [frame.advert for frame in lab.capture.adverts(host)]
    assert len(adverts) >= 4
    for advert in adverts:
        assert advert.trailer and key.agrees(advert)
    if length:
        assert int.from_bytes(adverts[0].packet[2:4], "big") == length
    stamps = [advert.stamp for advert in adverts]
    if kind == "unicast":  # all copies carry the same trailer
        assert stamps[0] == stamps[1] and adverts[0].trailer == adverts[1].trailer
        stamps = stamps[::2]
    assert all(later > earlier for earlier, later in zip(stamps, stamps[1:]))
    assert abs((adverts[0].stamp >> 32) - first.time) < 2
    if kind == "v2":
        assert adverts[0].checksum == (0xCAFF + 0x3700) % 0xFFFF  # priority 200 instead of 255


for _name in HMAC:
    scenarios.solo("A09", suffix=_name, old="2.2.7 does not know auth_hmac", kind=_name)(hmac_trailer)


# --- A10, A11 number of addresses -------------------------------------------------------------------------------------

@scenarios.solo("A10", suffix="ipv4", vips=[f"10.0.{4 + number // 250}.{1 + number % 250}/32" for number in range(500)],
                advertised=255, size=None)
@scenarios.solo("A10", suffix="ipv6", vips=["fe80::1:1/64", *(f"fd00::2:{number:x}/128" for number in range(1, 121))],
                advertised=89, size=1486)
def more_addresses_than_a_packet_holds(lab, vips, advertised, size):
    host = lab.host(1)
    before = host.run("ip", "-o", "address").stdout
    daemon = lab.daemon(host, instance(vips))
    first = lab.capture.next_advert(host, 8)
    assert len(first.advert.addresses) == advertised == first.octets[14 + (40 if size else 20) + 3]
    assert size is None or len(first.octets) == size
    count = len(before.splitlines()) + len(vips)
    wait_until(lambda: len(host.run("ip", "-o", "address").stdout.splitlines()) == count, 5, "all addresses")
    assert len([line for line in daemon.log.splitlines() if "exceeds maximum" in line]) == 1
    assert daemon.stop()[0] == 0
    strip = re.compile(r"valid_lft.*")
    assert strip.sub("", host.run("ip", "-o", "address").stdout) == strip.sub("", before)


@scenarios.solo("A11")
def version_3_without_address(lab):
    daemon = lab.daemon(lab.host(1), instance((), version=3))
    assert daemon.wait() == 2
    assert "No VIP specified" in daemon.log


# --- A12 to A15 announcements -----------------------------------------------------------------------------------------

@scenarios.solo("A12", suffix="garp", vips=TWO, evip="10.0.0.110/24")
@scenarios.solo("A13", suffix="na", vips=SIX[:2], evip="fd00::110/64")
def announcements(lab, vips, evip):
    """[rfc9568-6.4.2-7][positive] in rounds, again after garp_master_delay"""
    host = lab.host(1)
    lab.daemon(host, instance(vips, evips=(evip,), garp_master_repeat=2, garp_master_delay=1))
    first = lab.capture.next_advert(host, 8)
    time.sleep(2.5)
    sent = lab.capture.announcements(sender=host)
    order = [vip.partition("/")[0] for vip in (*vips, evip)] * 2
    assert [frame.announced for frame in sent] == order * 2
    assert_after(sent[0], first, 0, late=0.1)
    assert_after(sent[6], sent[0], 1, late=0.1)
    for frame in sent:
        packet = Ether(frame.octets)
        if ARP in packet:
            assert len(frame.octets) == 42 and packet.dst == "ff:ff:ff:ff:ff:ff" and packet[ARP].op == 1
            assert packet[ARP].hwsrc == packet.src == "02:00:00:00:00:01"
            assert packet[ARP].psrc == packet[ARP].pdst == frame.announced and packet[ARP].hwdst == "ff:ff:ff:ff:ff:ff"
        else:
            neighbour = packet[ICMPv6ND_NA]
            assert (neighbour.O, neighbour.R, neighbour.S) == (1, 0, 0)
            assert packet[IPv6].src == neighbour.tgt == frame.announced and packet[IPv6].hlim == 255
            assert packet.dst == "33:33:00:00:00:01" and neighbour.payload.lladdr == "02:00:00:00:00:01"


@scenarios.solo("A13")
def router_flag_with_forwarding(lab):
    """[rfc9568-6.4.2-7][negative]"""
    host = lab.host(1)
    host.run("sysctl", "-qw", "net.ipv6.conf.all.forwarding=1")
    lab.daemon(host, instance(SIX[:2]))
    frame = wait_until(lambda: lab.capture.announcements(sender=host), 8, "a neighbour advertisement")[0]
    assert Ether(frame.octets)[ICMPv6ND_NA].R == 1


PACING = "2.2.7 sends the first address twice before the others' turn"


@scenarios.solo("A14", suffix="garp", old=PACING, setting="vrrp_garp_interval", vips=("10.0.0.100", "10.0.0.101", "10.0.0.102"))
@scenarios.solo("A14", suffix="na", old=PACING, setting="vrrp_gna_interval", vips=("fe80::1:1", "fd00::101", "fd00::102"))
def paced(lab, setting, vips):
    host = lab.host(1)
    lab.daemon(host, f"global_defs {{\n    {setting} 0.2\n}}\n" + instance(vips, garp_master_repeat=2, garp_master_delay=0))
    first = lab.capture.next_advert(host, 8)
    time.sleep(1.8)
    sent = lab.capture.announcements(sender=host)
    assert [frame.announced for frame in sent] == list(vips) * 2
    assert sent[0].time - first.time < 0.15 * SLACK
    assert_paced(sent, 0.2, late=0.06)


@scenarios.solo("A15", old="2.2.7 refreshes first at garp_master_refresh, not at delay + refresh")
def refresh(lab):
    host = lab.host(1)
    lab.daemon(host, instance(("10.0.0.100",), garp_master_delay=1, garp_master_refresh=2, garp_master_refresh_repeat=2))
    lab.capture.next_advert(host, 8)
    time.sleep(7.5)
    sent = lab.capture.announcements(sender=host)
    times = [round(frame.time - sent[0].time, 1) for frame in sent]
    expected = [0, 1, 3, 3, 5, 5, 7, 7]
    assert len(times) == 8 and all(-0.15 <= got - wanted <= 0.15 * SLACK for got, wanted in zip(times, expected)), times


@scenarios.solo("A16")
def the_usual_group_is_not_heard(lab):
    """[rfc9568-7.2-4][negative] with a group of its own the instance neither hears nor sends on the usual one"""
    host, other = lab.host(1), lab.injector(lab.host(3))
    lab.daemon(host, instance(("10.0.0.100",), priority=100, state="BACKUP", mcast_dst_ip="224.0.0.99"))

    def advert(**more):
        return other.send(vrrp.build("10.0.0.3", 51, 200, ("10.0.0.100",), authentication=0, password=b"", **more))

    time.sleep(1)
    last = advert(destination="224.0.0.99")
    for _ in range(3):
        time.sleep(0.5)
        advert()
    first = lab.capture.next_advert(host, 8)
    assert 3.55 < first.time - last < 3.91
    assert first.advert.destination == "224.0.0.99" and first.octets[:6].hex() == "01005e000063"


test = scenarios.test()

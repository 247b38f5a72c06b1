# SPDX-License-Identifier: GPL-2.0-or-later
"""What a router does not take, and what it must (vrrp-scenarios.md section B): every field of a packet wrong, cut
short at every length, with wrong authentication, replayed. A refused packet is logged once, with its sender, and
moves nothing: neither the timer of a BACKUP nor the pace of a MASTER (vrrp.md 19, defect 1).

The counters are looked at in test/unit/vrrp; here it is what the network sees."""

import re
import time

from lab import config, vrrp
from lab.poll import wait_until
from lab.together import Together, assert_after, assert_paced, master_down, repeated

P = 100
STRANGER = "10.0.0.5"
STRANGER6 = "fe80::ff:fe00:5"
DOWN = master_down(P)

scenarios = Together()

V2 = dict(version=2)
PASS = dict(version=2, body=config.password("PASS", "secret12"), packet=dict(authentication=1, password=b"secret12"))
AH = dict(version=2, body=config.password("AH", "secret12"),
          packet=dict(authentication=2, password=b"", ah="secret12"))
V3 = dict(version=3)
SIX = dict(version=3, six=True)
UNICAST3 = dict(version=3, unicast=True)

# name: (instance, fields of the packet that is refused, what its log line says, a tag of the ledger)
REFUSED = {
    "ttl-254": (V2, dict(ttl=254), "TTL", "[rfc9568-5.1.1.3-2][negative] [unh-4.1][negative]"),
    "ttl-1": (V2, dict(ttl=1), "TTL", ""),
    "ttl-v3": (V3, dict(ttl=254), "TTL", ""),
    "hop-limit": (SIX, dict(ttl=254), "TTL/HL", "[rfc9568-5.1.2.3-2][negative]"),
    "hop-limit-0": (SIX, dict(ttl=0), "TTL/HL", ""),
    "version-3-to-2": (V2, dict(version=3), "version", "[rfc9568-7.1-1][negative] [unh-4.2][negative]"),
    "version-2-to-3": (V3, dict(version=2), "version", "[rfc9568-8.4.2-1][negative]"),
    "version-7": (V2, dict(version=7), "version", ""),
    "version-0": (V3, dict(version=0), "version", ""),
    "version-15-ipv6": (SIX, dict(version=15), "version", ""),
    "type-2": (V2, dict(type=2), "type", "[rfc9568-5.2.2-1][negative] [rfc9568-7.1-2][negative] [unh-4.8][negative]"),
    "type-0-v3": (V3, dict(type=0), "type", ""),
    "type-15-ipv6": (SIX, dict(type=15), "type", ""),
    "checksum-v2": (V2, dict(broken_checksum=True), "checksum", "[rfc9568-5.2.8-1][negative] [unh-4.4][negative]"),
    "checksum-v3": (V3, dict(broken_checksum=True), "checksum", ""),
    "checksum-v3-unicast": (UNICAST3, dict(broken_checksum=True), "checksum", ""),
    # Over IPv6 the kernel checks, and drops without a word.
    "checksum-ipv6": (SIX, dict(broken_checksum=True), None, ""),
    "count-too-high": (V2, dict(count=2), "too short|length", "[rfc9568-5.2.5-1][negative] [unh-4.3][negative]"),
    "count-too-low": (V2, dict(count=0), "too long|length", ""),
    "count-255-v3": (V3, dict(count=255), "too short|length", "[rfc9568-7.1-3][negative]"),
    "count-0-v3": (V3, dict(count=0), "too long|length", ""),
    "count-255-ipv6": (SIX, dict(count=255), "too short|length", ""),
    "trailing-4": (V2, dict(tail=bytes(4)), "too long|length", ""),
    "trailing-28": (V3, dict(tail=bytes(28)), "too long|length", ""),
    "trailing-16-ipv6": (SIX, dict(tail=bytes(16)), "too long|length", ""),
    "cut-at-10": (V2, dict(cut=10), "too short|length", ""),
    "cut-at-8-v3": (V3, dict(cut=8), "too short|length", ""),
    "total-length": (V2, dict(total=4), None, ""),
    "authentication-1": (V2, dict(authentication=1, password=b"secret12"), "auth", "[unh-4.6][negative] [rfc9568-7.1-6][positive]"),
    "authentication-2": (V2, dict(authentication=2), "auth", ""),
    "authentication-5": (V2, dict(authentication=5), "auth", ""),
    "authentication-255": (V2, dict(authentication=255), "auth", ""),
    "no-password": (PASS, dict(authentication=0, password=b""), "auth", ""),
    "wrong-password": (PASS, dict(password=b"secret13"), "passw", ""),
    "short-password": (PASS, dict(password=b"secret1"), "passw", ""),
    "interval-v2": (V2, dict(interval=2), "interval", ""),
    "interval-0-v2": (V2, dict(interval=0), "interval", "[rfc9568-6.4.2-8][negative] [rfc9568-6.4.3-9][negative]"),
    "ah-wrong-password": (AH, dict(ah="secret13", sequence=1000), "HMAC-MD5", ""),
    "ah-missing": (AH, dict(ah=None), None, ""),
    "ah-unasked": (V2, dict(ah="secret12", authentication=2), None, ""),
    "unicast-to-multicast": (V2, dict(destination="10.0.0.1"), None, ""),
    "unicast-to-multicast-v3": (V3, dict(destination="10.0.0.1"), None, ""),
    "multicast-to-unicast": (UNICAST3, dict(destination=vrrp.GROUP), None, ""),
    "multicast-to-unicast-ipv6": (dict(version=3, six=True, unicast=True), dict(destination=vrrp.GROUP6), None, ""),
}

# What the reference does otherwise, other than to repeat each line, and to put its adverts off.
OLD_SILENT = {"authentication-255": "auth"}


def refused(lane, fields, text):
    """BACKUP: neither a higher nor a lower nor a farewell counts. MASTER: none is answered or obeyed."""
    sequence = iter(range(1, 100000))
    ah = "ah" in lane.packet
    source = STRANGER6 if lane.six else STRANGER
    if lane.unicast:
        source = lane.source

    def good():
        return lane.hear(200, **(dict(sequence=next(sequence)) if ah else {}))

    def bad():
        for priority in (250, 50, 0):
            lane.hear(priority, source=source, mac=lane.host.mac if unicast_frame else None, **fields)

    unicast_frame = lane.unicast or not vrrp.ipaddress.ip_address(fields.get("destination", vrrp.GROUP)).is_multicast
    if lane.unicast and fields.get("destination", "").startswith(("224", "ff")):
        unicast_frame = False
    good()
    time.sleep(0.5)
    last = good()
    before = len(lane.log())
    for _ in range(3):
        time.sleep(0.5)
        bad()
    first = lane.next(6)
    assert_after(first, last, DOWN)
    lines = [line for line in lane.log()[before:] if "STATE" not in line]
    if text and not lane.old:
        about = [line for line in lines if re.search(text, line, re.IGNORECASE)]
        assert len(about) == 1, lines
        assert source in about[0], about
    assert len(lines) <= (1 if not lane.old else 30), lines

    lane.next(3)
    if lane.old:
        return  # defect 1: it puts its next advert off with each refused packet
    with repeated(bad, 0.3):
        time.sleep(3.2)
    own = lane.own(first.time - 0.01)
    assert_paced(own)
    assert len(own) >= 5
    assert all(frame.advert.priority == P for frame in own)
    assert lane.has_vip()
    assert len([line for line in lane.log()[before:] if "STATE" not in line]) <= 8, lane.log()


for _name, (_kind, _fields, _text, _tags) in REFUSED.items():
    scenarios.lane("B01", suffix=_name, arguments=dict(fields=_fields, text=_text), **_kind)(refused)


# --- B02 what must be accepted ------------------------------------------------------------------------------------

NOP_OPTIONS = b"\x01\x01\x01\x00"

ACCEPTED = {
    "plain": (V2, {}, "[rfc9568-5.1.1.3-2][positive] [unh-4.1][positive] [unh-4.2][positive] [unh-4.3][positive] "
                      "[unh-4.4][positive] [unh-4.5][positive] [unh-4.6][positive] [unh-4.8][positive] "
                      "[unh-2.2][positive] [rfc9568-7.1-6][negative]"),
    "plain-v3": (V3, {}, "[rfc9568-7.1-1][positive] [rfc9568-7.1-2][positive] [rfc9568-7.1-3][positive] "
                         "[rfc9568-7.1-4][positive] [rfc9568-5.2.2-1][positive] [rfc9568-5.2.8-1][positive] "
                         "[rfc9568-5.2.5-1][positive]"),
    "plain-ipv6": (SIX, {}, "[rfc9568-5.1.2.3-2][positive]"),
    "plain-unicast": (UNICAST3, {}, ""),
    "options": (V2, dict(options=NOP_OPTIONS), ""),
    "many-options-v3": (V3, dict(options=bytes([1]) * 39), ""),
    "padding": (V3, dict(padding=bytes(22)), ""),
    "source-0": (V2, dict(source="0.0.0.0"), ""),
    "reserved-bits": (V3, dict(reserved=15), "[rfc9568-5.2.6-1][positive]"),
    "reserved-bits-ipv6": (SIX, dict(reserved=9), ""),
    "authentication-data": (V2, dict(password=b"whatever"), ""),
    "unicast-any-ttl": (UNICAST3, dict(ttl=3), ""),
    "same-password": (PASS, {}, ""),
}


def accepted(lane, fields):
    """Each of them starts the timer of a BACKUP anew; a farewell in the same form ends the wait."""
    lane.hear(200, **fields)
    time.sleep(1.0)
    last = lane.hear(200, **fields)
    assert_after(lane.next(6), last, DOWN)
    lane.next(3)
    assert lane.hear(200, **fields)
    wait_until(lambda: not lane.has_vip(), 1, "BACKUP after a higher advert")
    zero = lane.hear(0, **fields)
    assert_after(lane.next(3, zero), zero, (256 - P) / 256)


for _name, (_kind, _fields, _tags) in ACCEPTED.items():
    scenarios.lane("B02", suffix=_name, arguments=dict(fields=_fields), **_kind)(accepted)


@scenarios.lane("B02", count=3)
def addresses_in_another_order(lane):
    accepted(lane, dict(addresses=lane.vips[::-1]))


@scenarios.lane("B02", body=config.password("AH", "secret12"),
                packet=dict(authentication=2, password=b"", ah="secret12"))
def ah_accepted_in_order(lane):
    """A replayed or older one is not, the next one is."""
    lane.hear(200, sequence=10)
    time.sleep(0.5)
    last = lane.hear(200, sequence=11)
    for sequence in (11, 10, 1):
        time.sleep(0.3)
        lane.hear(200, sequence=sequence)
    first = lane.next(6)
    assert_after(first, last, DOWN)
    assert first.advert.sequence == 12, "a new master continues the count"
    assert lane.next(3).advert.sequence == 13
    assert vrrp.ah_icv(first.advert.packet, "secret12") == first.advert.icv
    if not lane.old:
        assert 1 <= len(lane.logged("sequence number")) <= 3, lane.log()


# --- B03 lists of addresses that differ -----------------------------------------------------------------------------

def other_addresses(lane, change):
    """Logged and accepted. The reference of Debian (2.2.7) refuses them: a mixed pair must agree on its addresses."""
    heard = change(lane.vips)
    lane.hear(200)
    time.sleep(1)
    plain = lane.last_heard()
    last = lane.hear(200, addresses=heard)
    first = lane.next(7)
    if lane.old:
        assert_after(first, plain, DOWN)
        return
    assert_after(first, last, DOWN)
    assert len([line for line in lane.log() if "STATE" not in line]) == 1, lane.log()


for _name, _change in {"fewer": lambda vips: vips[:1], "more": lambda vips: (*vips, "10.9.9.9"),
                       "another": lambda vips: (vips[0], "10.9.9.9"), "none": lambda vips: ()}.items():
    scenarios.lane("B03", suffix=_name, count=2, arguments=dict(change=_change))(other_addresses)
scenarios.lane("B03", suffix="ipv6", count=2, arguments=dict(change=lambda vips: vips[:1]), **SIX)(other_addresses)


# --- B04 unknown virtual router ---------------------------------------------------------------------------------------

@scenarios.solo("B04", suffix="logged", logged=True)
@scenarios.solo("B04", suffix="silent", logged=False)
def unknown_virtual_router(lab, logged):
    """[rfc9568-7.1-4][negative] [unh-4.5][negative]"""
    host, other = lab.host(1), lab.injector(lab.host(3))
    text = "global_defs {\n    log_unknown_vrids\n}\n" if logged else ""
    daemon = lab.daemon(host, text + config.instance(priority=255), arguments=())
    lab.capture.next_advert(host, 5)
    for vrid in (52, 53, 52):
        other.send(vrrp.build("10.0.0.3", vrid, 200, ("10.0.0.99",), authentication=0, password=b""))
    time.sleep(1)
    lines = [line for line in daemon.log.splitlines() if "nknown VRID" in line]
    if not logged:
        assert not lines
    else:
        assert any("52" in line and "eth0" in line for line in lines) and any("53" in line for line in lines), lines
        assert len(lines) == 3, lines  # one for each packet, as the reference has it; a flood is limited (test_storms)
    assert all(frame.advert.priority == 255 for frame in lab.capture.adverts(host))


# --- B06 check_unicast_src ---------------------------------------------------------------------------------------------

@scenarios.lane("B06", suffix="checked", unicast=True, arguments=dict(checked=True), check_unicast_src=True)
@scenarios.lane("B06", suffix="unchecked", unicast=True, arguments=dict(checked=False))
def unicast_source(lane, checked):
    lane.hear(200)
    time.sleep(1)
    last = lane.hear(200)
    time.sleep(1)
    other = lane.hear(200, source=STRANGER)
    assert_after(lane.next(6), last if checked else other, DOWN)


@scenarios.lane("B06", suffix="ttl", unicast=False, arguments={},
                body="unicast_src_ip 10.0.0.1\ncheck_unicast_src\nunicast_peer {\n    10.0.0.3 min_ttl 10 max_ttl 20\n}\n")
def ttl_range_of_a_peer(lane):
    def hear(ttl):
        return lane.hear(200, ttl=ttl, destination="10.0.0.1", mac=lane.host.mac)
    hear(10)
    time.sleep(0.5)
    last = hear(20)
    for ttl in (9, 21, 255, 1):
        time.sleep(0.3)
        hear(ttl)
    assert_after(lane.next(6), last, DOWN)


test = scenarios.test()

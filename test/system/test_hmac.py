# SPDX-License-Identifier: GPL-2.0-or-later
"""auth_hmac as its receiver sees it (vrrp-scenarios.md B07, B08; vrrp.md 1.8): modes, keys, clocks and replays. Debian's
2.2.7 does not know it: the packets are those of lab/vrrp.py, which is held against captures of 2.4.3."""

import signal
import time

from lab import config, vrrp
from lab.poll import wait_until
from lab.together import SLACK, Together, assert_after, assert_paced, master_down

P = 100
DOWN = master_down(P)
KEY, OTHER = bytes(range(32)), b"abcdefghijklmnopqrstuvwxyz0123456789ABCD"
OLD = "2.2.7 does not know auth_hmac"

scenarios = Together()


def block(*lines, active=1):
    return "auth_hmac {\n" + "".join(f"    {line}\n" for line in (
        f"key 1 hex:{KEY.hex()}", f"key 7 {OTHER.decode()}", f"active_key {active}", *lines)) + "}\n"


def key(number=1, octets=KEY, **faults):
    return vrrp.Hmac(number, octets, **faults)


ENFORCE, PERMISSIVE, RECEIVE = block(), block("mode permissive"), block("mode receive-only")
MONOTONIC = block("anti_replay monotonic")

# mode, the packet's Hmac (None: no trailer), whether it is taken, what the log says
TABLE = {
    "good": (ENFORCE, key(), True, None),
    "other-key": (ENFORCE, key(7, OTHER), True, None),
    "permissive-good": (PERMISSIVE, key(), True, None),
    "receive-only-good": (RECEIVE, key(), True, None),
    "none": (ENFORCE, None, False, "missing authentication trailer"),
    "permissive-none": (PERMISSIVE, None, True, None),
    "receive-only-none": (RECEIVE, None, True, None),
    "wrong-mac": (ENFORCE, key(broken=True), False, "invalid authentication HMAC"),
    "permissive-wrong-mac": (PERMISSIVE, key(broken=True), False, "invalid authentication HMAC"),
    "receive-only-wrong-mac": (RECEIVE, key(broken=True), False, "invalid authentication HMAC"),
    "wrong-key": (ENFORCE, key(1, OTHER), False, "invalid authentication HMAC"),
    "unknown-key": (ENFORCE, key(9), False, "unknown authentication key id"),
    "type-2": (ENFORCE, key(type=2), False, "malformed authentication trailer"),
    "reserved-1": (ENFORCE, key(reserved=1), False, "malformed authentication trailer"),
    "10-s-ago": (ENFORCE, key(offset=-10), False, "stale authentication trailer"),
    "10-s-ahead": (ENFORCE, key(offset=10), False, "stale authentication trailer"),
    "2-s-ago": (ENFORCE, key(offset=-2), True, None),
    "monotonic-10-s-ago": (MONOTONIC, key(offset=-10), True, None),
    "over-another-source": (ENFORCE, key(source="10.0.0.9"), False, "invalid authentication HMAC"),
    "over-another-vrid": (ENFORCE, key(vrid=200), False, "invalid authentication HMAC"),
}
KINDS = {"v2": dict(), "v3": dict(version=3), "ipv6": dict(version=3, six=True),
         "unicast": dict(version=3, unicast=True)}


def one_row(lane, trailer, taken, text):
    # An earlier stamp than that of a trailer which is to be taken, or that one would be a replay; young enough for the
    # window of 5 s not to be spoken of where there is one.
    age = getattr(trailer, "offset", 0) if taken else 0
    last = lane.hear(200, hmac=key(offset=-2.3 if age == -2 else 2 * age))
    time.sleep(1)
    for priority in (200,) if taken else (250, 50, 0):
        other = lane.hear(priority, hmac=trailer)
    assert_after(lane.next(6), other if taken else last, DOWN)
    lines = [line for line in lane.log() if "STATE" not in line]
    if text:
        assert len(lines) == 1 and text in lines[0] and lane.source in lines[0], lines
    elif taken:
        assert not lines, lines


for _name, (_body, _trailer, _taken, _text) in TABLE.items():
    for _kind, _keywords in KINDS.items() if _name in ("good", "wrong-mac", "none") else [("v2", {})]:
        scenarios.lane("B07", suffix=f"{_name}-{_kind}", body=_body, old=OLD,
                       arguments=dict(trailer=_trailer, taken=_taken, text=_text), **_keywords)(one_row)


@scenarios.lane("B07", suffix="v2", body=ENFORCE, old=OLD)
@scenarios.lane("B07", suffix="monotonic", body=MONOTONIC, old=OLD)
@scenarios.lane("B07", suffix="ipv6", body=ENFORCE, version=3, six=True, old=OLD)
def replay_and_older(lane):
    """The very packet again, and one that was sent before it."""
    older = lane.build(250, hmac=key(offset=-1))
    replayed = lane.build(200, hmac=key())
    last = lane.stage.stranger.send(replayed)
    for packet in (replayed, older, replayed):
        time.sleep(0.3)
        lane.stage.stranger.send(packet)
    assert_after(lane.next(6), last, DOWN)
    assert len(lane.logged("replayed authentication trailer")) == 1, lane.log()


@scenarios.lane("B07", body=ENFORCE, old=OLD)
def fifth_sender(lane):
    """Each sender has a memory of its own; a packet of one is no replay of another's."""
    stamp = int(time.time() * 65536) << 16
    for number in range(3, 8):
        last = lane.hear(200, source=f"10.0.0.{number}", hmac=key(stamp=stamp))
        time.sleep(0.1)
    assert_after(lane.next(6), last, DOWN)


@scenarios.lane("B07", body=ENFORCE, old=OLD)
def master_is_not_moved(lane):
    lane.next(6, 0.0)
    begin = lane.next(3)
    for _ in range(10):
        for trailer in (None, key(broken=True), key(9), key(offset=-60)):
            for priority in (250, 50, 0):
                lane.hear(priority, hmac=trailer)
        time.sleep(0.25)
    assert_paced(lane.own(begin.time - 0.001))
    assert lane.has_vip()
    assert len([line for line in lane.log() if "STATE" not in line]) <= 8, lane.log()


@scenarios.solo("B08", old=OLD)
def key_rotation(lab):
    """A sends with a key that B gets by a reload only: B follows within one advert."""
    def text(priority, *keys, active):
        lines = "".join(f"    key {one} hex:{bytes([one] * 32).hex()}\n" for one in keys)
        return config.instance(priority=priority, body=f"auth_hmac {{\n{lines}    active_key {active}\n}}\n")

    a, b = lab.host(1), lab.host(2)
    lab.daemon(a, text(200, 1, 2, active=2))
    lab.capture.next_advert(a, 8)
    second = lab.daemon(b, text(100, 1, active=1))
    lab.capture.next_advert(b, 8)
    assert len([line for line in second.log.splitlines() if "unknown authentication key" in line]) >= 1
    time.sleep(1)
    second.configure(text(100, 1, 2, active=1))
    moment = time.time()
    second.signal(signal.SIGHUP)
    wait_until(lambda: "Entering BACKUP STATE" in second.log.partition("Entering MASTER STATE")[2], 3, "BACKUP")
    assert time.time() - moment < 1 + 0.5 * SLACK


REFUSED = {
    "short-key": "auth_hmac {\n    key 1 tooshort\n    active_key 1\n}\n",
    "no-active-key": f"auth_hmac {{\n    key 1 hex:{KEY.hex()}\n    active_key 2\n}}\n",
}


def broken_key(lab, body):
    """2.4.3 runs without authentication then (defect 10)."""
    host = lab.host(1)
    daemon = lab.daemon(host, config.instance(priority=255, body=body))
    time.sleep(2)
    assert not lab.capture.adverts(host), "runs without authentication"
    assert "hmac" in daemon.log.lower(), daemon.log


for _name, _body in REFUSED.items():
    scenarios.solo("B07", suffix=_name, old=OLD, body=_body)(broken_key)

test = scenarios.test()

# SPDX-License-Identifier: GPL-2.0-or-later
"""Malformed and foreign VRRP packets: logged at a limited rate, and nothing changes (spec vrrp.md 2.4 and 2.5).

Each row has a virtual router of its own (numbers 1, 2, ...), so that all rows are tried side by side."""

import threading
import time

import pytest

from lab import config, vrrp
from lab.capture import gaps

MASTER, STRANGER = "172.27.9.11", "172.27.9.66"
PRIORITY = 100
TAKEOVER = 3 + (256 - PRIORITY) / 256
TOLERANCE = 0.1

ROWS = {
    "ttl-254": dict(ttl=254),
    "ttl-1": dict(ttl=1),
    "version-3": dict(version=3),
    "version-7": dict(version=7),
    "type-2": dict(type=2),
    "checksum": dict(broken_checksum=True),
    "count-too-high": dict(count=2),
    "count-too-low": dict(count=0),
    "surplus-octets": dict(tail=b"\0\0\0\0"),
    "cut-short": dict(cut=12),
    "authentication-none": dict(authentication=0),
    "authentication-ah": dict(authentication=2),
    "authentication-5": dict(authentication=5),
    "password": dict(password=b"2222"),
    "interval": dict(interval=2),
    "header-only": dict(cut=6),
}
VRIDS = {row: number for number, row in enumerate(ROWS, 1)}
# Too short to have the number of a virtual router looked up in it: this is nobody's packet.
NAMELESS = {"header-only"}


def instances():
    return "".join(config.vrrp(name=f"VI_{row}", vrid=vrid, priority=PRIORITY, vip=vip(vrid))
                   for row, vrid in VRIDS.items())


def vip(vrid):
    return f"172.27.9.{100 + vrid}"


def malformed(row, priority):
    return vrrp.build(STRANGER, VRIDS[row], priority, (vip(VRIDS[row]),), **ROWS[row])


def good(row, priority):
    return vrrp.build(MASTER, VRIDS[row], priority, (vip(VRIDS[row]),))


class Sender:
    """Sends a list of packets every `period` seconds, from a thread, until closed."""

    def __init__(self, injector, packets, period):
        self._over = threading.Event()

        def body():
            while not self._over.wait(period):
                for packet in packets:
                    injector.send(packet)

        self._thread = threading.Thread(target=body, daemon=True)
        self._thread.start()

    def close(self):
        self._over.set()
        self._thread.join()


@pytest.fixture(scope="module")
def module_network():
    from lab.network import Network
    with Network() as made:
        yield made


@pytest.fixture(scope="module")
def story(module_network, binary, tmp_path_factory):
    """One run for all rows: BACKUP under fire, then MASTER under fire. The capture and the moments are looked at."""
    from lab.router import Router
    network = module_network
    host = network.add_host("lvs02", "172.27.9.12/24")
    master = vrrp.Injector(network.add_host("lvs01", f"{MASTER}/24"))
    stranger = vrrp.Injector(network.add_host("stranger", f"{STRANGER}/24"))
    daemon = Router(host, binary, instances(), tmp_path_factory.mktemp("malformed") / "lvs02.log", arguments=())
    with network.capture() as capture:
        begin = time.time()
        adverts = Sender(master, [good(row, 200) for row in ROWS], 0.5)
        daemon.start()
        daemon.wait_for("vrrp")
        time.sleep(2)
        # Lower and higher priority, and the farewell: each would do something else if it were taken for good.
        fire = Sender(stranger, [malformed(row, priority) for row in ROWS for priority in (250, 50, 0)], 0.3)
        time.sleep(3)
        adverts.close()
        silence = time.time()
        time.sleep(TAKEOVER + 1)
        as_master = time.time()
        time.sleep(5)
        fire.close()
        end = time.time()
        story = dict(capture=capture, host=host, begin=begin, silence=silence, as_master=as_master, end=end,
                     log=daemon.log, running=daemon.running)
        status, _ = daemon.stop()
        story["status"] = status
        yield story


@pytest.mark.parametrize("row", ROWS)
def test_backup_is_not_moved(story, row):
    """It took over on time after the last good advert: no malformed packet put the timer back or shortened it."""
    last = [frame for frame in story["capture"].adverts(vrid=VRIDS[row])
            if frame.advert.source == MASTER and frame.time < story["silence"] + 1][-1]
    own = story["capture"].adverts(story["host"], vrid=VRIDS[row])
    assert own, "never became MASTER"
    assert TAKEOVER - 0.05 <= own[0].time - last.time <= TAKEOVER + TOLERANCE


@pytest.mark.parametrize("row", ROWS)
def test_master_keeps_its_pace(story, row):
    own = [frame for frame in story["capture"].adverts(story["host"], story["as_master"], VRIDS[row])
           if frame.time < story["end"]]
    assert len(own) >= 4
    assert all(frame.advert.priority == PRIORITY for frame in own)
    assert all(1 - TOLERANCE <= gap <= 1 + TOLERANCE for gap in gaps(own)), gaps(own)


@pytest.mark.parametrize("row", sorted(ROWS.keys() - NAMELESS))
def test_logged_at_a_limited_rate(story, row):
    """Some fifty such packets came: the log names the instance with a reason, and does not repeat it for each."""
    about = [line for line in story["log"].splitlines() if f"(VI_{row})" in line and "STATE" not in line]
    assert about, "nothing logged"
    assert len(about) <= 8, about


def test_survived(story):
    assert story["running"] and story["status"] == 0

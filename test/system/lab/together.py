# SPDX-License-Identifier: GPL-2.0-or-later
"""Protocol scenarios mostly wait. Those of a file run side by side, in threads: a solo scenario in a laboratory of
its own, a lane as one virtual router of a daemon that all lanes share. Each scenario is one function with its
assertions inside, registered under the ids of the specification:

    scenarios = Together()

    @scenarios.lane("C04", priority=100)
    def priority_zero(lane): ...

    @scenarios.solo("E08")
    def three_routers(lab): ...

    test = scenarios.test()

`old=` says in what Debian's keepalived differs from what the scenario demands: with it as the program under test
(SUSTAIN_BIN) the scenario must then fail. Small differences are branches on `.old` inside a scenario."""

import concurrent.futures
import contextlib
import os
import pathlib
import threading
import time
import traceback

import pytest

from . import config, vrrp
from .capture import gaps
from .network import Network
from .poll import wait_until
from .router import Router

EARLY, LATE = 0.05, 0.3
# How much later than on an idle machine things may happen: for runs beside builds.
SLACK = float(os.environ.get("SUSTAIN_SLACK", 1))
METRONOME = 255  # the virtual router of an owner whose first advert says when the shared daemon has started


def assert_after(frame, reference, formula, late=LATE, early=EARLY):
    """`frame` came `formula` seconds after the moment or frame `reference`."""
    value = frame.time - getattr(reference, "time", reference)
    assert formula - early <= value <= formula + late * SLACK, f"{value:.3f} s, formula {formula:.3f} s"


def assert_together(first, second, apart=0.05):
    """Both frames came at the same moment."""
    assert abs(first.time - second.time) <= apart * SLACK, f"{abs(first.time - second.time):.3f} s apart"


def assert_paced(frames, interval=1, late=0.1):
    """No advert is later than that, and none much earlier."""
    found = gaps(frames)
    assert len(found) >= 2, "too few adverts"
    # One that was late makes the gap to the next one shorter.
    assert max(found) <= interval + late * SLACK and min(found) >= interval - late * SLACK, found


def skew(priority, interval=1):
    return (256 - priority) / 256 * interval


def master_down(priority, interval=1, adverts=3, version=2):
    return adverts * interval + skew(priority, interval if version == 3 else 1)


class Lab:
    """Hosts 10.0.0.N and fd00::N with MAC 02:00:00:00:00:0N on one segment or, on eth1, 10.1.0.N on a second one."""

    def __init__(self, binary, reference, folder, segments=1):
        self.binary, self.reference = binary, reference
        self.old = pathlib.Path(binary).resolve() == pathlib.Path(reference).resolve()
        self.folder = folder
        self.segments = segments
        self.network = Network(segments)
        self.capture = self.network.capture()
        self.daemons = []
        self._injectors = {}

    def close(self):
        self.capture.close()
        self.network.close()

    def host(self, number):
        host = self.network.add_host(f"h{number}", f"10.0.0.{number}/24", f"fd00::{number}/64", interface="eth0",
                                     mac=bytes((2, 0, 0, 0, 0, number)))
        wait_until(lambda: "fe80::" in host.run("ip", "-o", "address", "show", "dev", "eth0").stdout, 5,
                   f"a link-local address on {host.name}", interval=0.01)
        host.number = number
        host.mac1 = bytes((2, 0, 0, 0, 1, number))
        if self.segments > 1:
            host.port1 = self.network.plug(host, "eth1", f"10.1.0.{number}/24", segment=1, mac=host.mac1)
        return host

    def daemon(self, host, configuration, program=None, arguments=("-D",), start=True):
        made = Router(host, program or self.binary, configuration,
                      self.folder / f"{host.name}-{len(self.daemons)}.log", arguments)
        self.daemons.append(made)
        return made.start() if start else made

    def injector(self, host, interface="eth0"):
        if (host, interface) not in self._injectors:
            self._injectors[host, interface] = vrrp.Injector(host, interface)
        return self._injectors[host, interface]

    def logs(self):
        return "".join(f"\n--- {daemon.host.name}: {daemon.binary}\n{daemon.log[-3000:]}" for daemon in self.daemons)


@contextlib.contextmanager
def repeated(action, period):
    """Calls action() now and then every `period` seconds, in a thread, while the context lasts."""
    over = threading.Event()

    def body():
        due = time.monotonic()
        while not over.is_set():
            action()
            due += period
            over.wait(max(0, due - time.monotonic()))

    thread = threading.Thread(target=body, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class Lane:
    """One virtual router of the shared daemon on host 1, and a stranger who speaks to it from host 3."""

    def __init__(self, stage, vrid, keywords):
        self.stage, self.vrid = stage, vrid
        self.lab = stage
        self.old = stage.old
        self.keywords = dict(keywords)
        self.name = f"L{vrid}"
        self.version = self.keywords.pop("version", 2)
        self.six = self.keywords.pop("six", False)
        count = self.keywords.pop("count", 1)
        self.vips = tuple(f"fe80::{number + 1}:{vrid:x}" if self.six else f"10.0.{number + 1}.{vrid}"
                          for number in range(count))
        self.unicast = self.keywords.pop("unicast", False)
        self.source = "fe80::ff:fe00:3" if self.six else "10.0.0.3"
        self.own_source = "fe80::ff:fe00:1" if self.six else "10.0.0.1"
        if self.unicast:
            self.source, self.own_source = ("fd00::3", "fd00::1") if self.six else ("10.0.0.3", "10.0.0.1")
        self.packet = self.keywords.pop("packet", {})
        self.hmac = None

    @property
    def vip(self):
        return self.vips[0]

    @property
    def host(self):
        return self.stage.dut

    def configuration(self):
        body = self.keywords.get("body", "") + (config.unicast(self.own_source, self.source) if self.unicast else "")
        keywords = {"virtual_router_id": self.vrid, "version": self.version, **self.keywords, "body": body}
        return config.instance(self.name, [f"{vip}/{64 if self.six else 32}" for vip in self.vips], **keywords)

    def build(self, priority, source=None, **fields):
        fields = {"version": self.version, "authentication": 0, "password": b"", "addresses": self.vips,
                  **self.packet, **fields}
        if self.unicast:
            fields.setdefault("destination", self.own_source)
        return vrrp.build(source or self.source, self.vrid, priority, **fields)

    def hear(self, priority, source=None, padding=b"", mac=None, **fields):
        """Has the router hear an advert. Returns when it was sent."""
        if self.unicast:
            mac = mac or self.host.mac
        return self.stage.stranger.send(self.build(priority, source, **fields), mac, padding)

    def hearing(self, priority, period=1.0, **fields):
        """A context in which it hears such an advert again and again."""
        return repeated(lambda: self.hear(priority, **fields), period)

    def last_heard(self, **match):
        """The last frame to it, of those whose advert has these fields."""
        return [frame for frame in self.stage.capture.adverts(vrid=self.vrid) if frame.sender is not self.host
                and all(getattr(frame.advert, name) == value for name, value in match.items())][-1]

    def own(self, since=0.0, until=1e12):
        """Its own adverts."""
        return [frame for frame in self.stage.capture.adverts(self.host, since, self.vrid) if frame.time < until]

    def next(self, timeout, since=None):
        return self.stage.capture.next_advert(self.host, timeout, since, self.vrid)

    def announced(self, since=0.0, until=1e12, vip=None):
        return [frame for frame in self.stage.capture.announcements(vip or self.vip, self.host, since)
                if frame.time < until]

    def log(self):
        return [line for line in self.stage.daemons[0].log.splitlines() if f"({self.name})" in line]

    def logged(self, text):
        return [line for line in self.log() if text in line]

    def has_vip(self, vip=None):
        shown = self.host.run("ip", "-o", "address", "show", "to", vip or self.vip).stdout
        return bool(shown)

    def become_master(self, timeout=8):
        """Waits for its mastership; returns the frame of its second advert, so that the first one's stir is over."""
        self.next(timeout, 0.0)
        return self.next(3)


class Together:
    def __init__(self, globals="", workers=6, arguments=(), setup=None):
        self.globals, self.workers, self.arguments, self.setup = globals, workers, arguments, setup
        self.lanes, self.solos, self.differences = {}, {}, {}

    def _add(self, table, ids, function, keywords, old, suffix):
        name = "-".join([*ids, function.__name__, *([suffix] if suffix else [])])
        assert name not in self.lanes and name not in self.solos, name
        table[name] = function, keywords
        if old:
            self.differences[name] = old

    def lane(self, *ids, old=None, suffix="", arguments=None, **keywords):
        """`keywords` as for config.instance; also six, count (addresses), unicast, packet (fields of what it hears).
        `arguments` are further keyword arguments of the function."""
        def register(function):
            self._add(self.lanes, ids, function, (keywords, arguments or {}), old, suffix)
            return function
        return register

    def solo(self, *ids, old=None, suffix="", segments=1, **arguments):
        def register(function):
            self._add(self.solos, ids, function, (segments, arguments), old, suffix)
            return function
        return register

    def test(self):
        """The pytest function; the fixture `outcomes` of conftest.py runs what is selected."""
        @pytest.mark.parametrize("name", [*self.lanes, *self.solos])
        def test(name, outcomes):
            failure = outcomes[name]
            old = outcomes["old"] and self.differences.get(name)
            if old:
                assert failure, f"the reference is said to differ ({old}) but does not"
                pytest.xfail(old)
            if failure:
                pytest.fail(failure, pytrace=False)
        return test

    # --- Running ---

    def run(self, names, binary, reference, folder):
        """{name: None or the text of its failure}"""
        lanes = {name: self.lanes[name] for name in names if name in self.lanes}
        with concurrent.futures.ThreadPoolExecutor(self.workers) as pool:
            solos = {name: pool.submit(self._solo, name, binary, reference, folder)
                     for name in names if name in self.solos}
            outcomes = self._stage(lanes, binary, reference, folder) if lanes else {}
            return outcomes | {name: future.result() for name, future in solos.items()}

    def _solo(self, name, binary, reference, folder):
        function, (segments, arguments) = self.solos[name]
        place = folder / name
        place.mkdir()
        lab = None
        try:
            lab = Lab(binary, reference, place, segments)
            function(lab, **arguments)
        except Exception:
            return traceback.format_exc() + (lab.logs() if lab else "")
        finally:
            if lab:
                lab.close()

    def _stage(self, chosen, binary, reference, folder):
        stage = Lab(binary, reference, folder)
        lanes = {name: Lane(stage, number, keywords) for number, (name, (_, (keywords, _))) in
                 enumerate(chosen.items(), 1)}
        try:
            stage.dut = stage.host(1)
            stage.stranger = stage.injector(stage.host(3))
            if self.setup:
                self.setup(stage)
            text = self.globals + "".join(lane.configuration() for lane in lanes.values()) + config.instance(
                "METRONOME", ["10.0.9.9/32"], virtual_router_id=METRONOME, priority=255)
            daemon = stage.daemon(stage.dut, text, arguments=self.arguments)
            stage.started = stage.capture.next_advert(stage.dut, 10, 0.0, METRONOME).time
            with concurrent.futures.ThreadPoolExecutor(len(lanes)) as pool:
                futures = {name: pool.submit(self._lane, chosen[name], lane) for name, lane in lanes.items()}
                outcomes = {name: future.result() for name, future in futures.items()}
            if not daemon.running:
                outcomes = {name: f"the daemon has ended\n{stage.logs()}" for name in outcomes}
            return outcomes
        except Exception:
            return {name: traceback.format_exc() + stage.logs() for name in chosen}
        finally:
            stage.close()

    @staticmethod
    def _lane(registered, lane):
        function, (_, arguments) = registered
        try:
            function(lane, **arguments)
        except Exception:
            heard = "".join(f"\n{frame.time - lane.stage.started:8.3f} {frame.sender.name} P {frame.advert.priority} "
                            f"of {frame.advert.source}" for frame in lane.stage.capture.adverts(vrid=lane.vrid)[-30:])
            return traceback.format_exc() + heard + "\n" + "\n".join(lane.log()[-20:]) + "\n" + lane.configuration()

# SPDX-License-Identifier: GPL-2.0-or-later
"""Two routers (vrrp-scenarios.md section E): ours with Debian's keepalived in both roles, and ours with itself. One
life of a pair, with virtual routers of every kind side by side: start, stop, return, crash, return, link lost and
back, partition and heal. Each step is judged for each kind from the packets."""

import concurrent.futures
import dataclasses
import time
import traceback

import pytest

from lab import config, vrrp
from lab.poll import wait_until
from lab.together import Lab, assert_after, master_down, skew

HIGH, LOW = 200, 100


@dataclasses.dataclass(frozen=True)
class Kind:
    vrid: int
    version: int = 2
    six: bool = False
    unicast: bool = False
    authentication: str = ""
    priorities: tuple = (HIGH, LOW)
    interval: float = 1

    @property
    def vips(self):
        return (f"fe80::1:{self.vrid:x}", f"fd00::1:{self.vrid:x}") if self.six else (f"10.0.1.{self.vrid}",)

    def instance(self, number):
        body = config.password(self.authentication, "secret12") if self.authentication else ""
        if self.unicast:
            own, peer = (("fd00::1", "fd00::2") if self.six else ("10.0.0.1", "10.0.0.2"))[::1 if number == 1 else -1]
            body += config.unicast(own, peer)
        return config.instance(f"VI_{self.vrid}", [f"{vip}/{64 if self.six else 32}" for vip in self.vips],
                               virtual_router_id=self.vrid, version=self.version, body=body, advert_int=self.interval,
                               priority=self.priorities[number - 1], garp_master_delay=1)

    def skew(self, number):
        return skew(self.priorities[number - 1], self.interval if self.version == 3 else 1)

    def down(self, number):
        return 3 * self.interval + self.skew(number)


KINDS = {
    "v2": Kind(1), "v2-pass": Kind(2, authentication="PASS"), "v2-ah": Kind(3, authentication="AH"),
    "v2-unicast": Kind(4, unicast=True), "v2-unicast-ah": Kind(5, unicast=True, authentication="AH"),
    "v3": Kind(6, 3), "v3-unicast": Kind(7, 3, unicast=True), "v3-fast": Kind(8, 3, interval=0.4),
    "ipv6": Kind(9, 3, True), "ipv6-unicast": Kind(10, 3, True, True),
    "equal": Kind(11, priorities=(150, 150)), "equal-ipv6": Kind(12, 3, True, priorities=(150, 150)),
}
ROLES = {"ours-high": (True, False), "ours-low": (False, True), "ours-both": (True, True)}
# In equal pairs the second one, of the higher address, wins when both are MASTER.
EQUAL = {"equal", "equal-ipv6"}
UNEQUAL = [name for name in KINDS if name not in EQUAL]


class Story:
    """The life of one pair. `moments` are times of what was done; the frames tell the rest."""

    def __init__(self, programs, binary, reference, folder):
        self.lab = Lab(binary, reference, folder)
        self.failure = None
        self.old_first = programs[0].resolve() == reference.resolve()
        self.moments = {}
        self.vips = {}  # moment: number of the host: VRIDs whose VIP it has
        try:
            self.a, self.b = self.lab.host(1), self.lab.host(2)
            texts = ["".join(kind.instance(number) for kind in KINDS.values()) for number in (1, 2)]
            self.first = self.lab.daemon(self.a, texts[0], programs[0], start=False)
            self.second = self.lab.daemon(self.b, texts[1], programs[1], start=False)
            self.live()
        except Exception:
            self.failure = traceback.format_exc() + self.lab.logs()
        finally:
            self.lab.capture.close()
            self.lab.network.close()

    def mark(self, name):
        self.moments[name] = time.time()

    def look(self, name):
        self.vips[name] = {number: {kind.vrid for kind in KINDS.values() if kind.vips[0] in shown}
                           for number, shown in ((host.number, {line.split()[3].partition("/")[0] for line in host.run(
                               "ip", "-o", "address").stdout.splitlines()}) for host in (self.a, self.b))}

    def masters(self, host, names=(), timeout=30):
        """Until it is MASTER of these kinds, or of all, and whoever was it before had time to notice."""
        since = time.time()
        wanted = {KINDS[name].vrid for name in names or KINDS}
        wait_until(lambda: wanted <= {frame.advert.vrid for frame in self.lab.capture.adverts(host, since)
                                      if frame.advert.priority}, timeout,
                   f"{host.name} MASTER of everything", interval=0.1)
        time.sleep(1.2)

    def live(self):
        self.mark("begin")
        self.first.start()
        self.first.wait_for("vrrp")
        time.sleep(0.2)
        self.second.start()
        self.masters(self.a)
        self.look("one")
        self.mark("stop")
        assert self.first.stop()[0] == 0
        self.masters(self.b)
        self.look("stopped")
        self.mark("return")
        self.first.start()
        self.masters(self.a, UNEQUAL)
        self.look("returned")
        # The kinds of equal priority stayed with the second router. From here on the first is killed as MASTER.
        self.mark("kill")
        self.first.kill()
        self.masters(self.b)
        self.look("killed")
        self.mark("restart")
        self.first.start()
        self.masters(self.a, UNEQUAL)
        self.look("restarted")
        self.mark("unplug")
        self.lab.network.carrier(self.a, False)
        self.masters(self.b)
        self.look("unplugged")
        self.mark("plug")
        self.lab.network.carrier(self.a, True)
        self.masters(self.a, UNEQUAL)
        self.look("plugged")
        self.mark("partition")
        self.lab.network.partition(self.a, True)
        self.masters(self.b)
        self.masters(self.a)
        self.look("parted")
        self.mark("heal")
        self.lab.network.partition(self.a, False)
        time.sleep(2.5)
        self.look("healed")
        self.mark("end")
        assert self.second.stop()[0] == 0 and self.first.stop()[0] == 0

    def adverts(self, kind, host, since, until="end"):
        return [frame for frame in self.lab.capture.adverts(host, self.moments[since], kind.vrid)
                if frame.time < self.moments[until]]

    def announced(self, kind, host, since, until="end"):
        return [frame for frame in self.lab.capture.announcements(kind.vips[0], host, self.moments[since])
                if frame.time < self.moments[until]]


@pytest.fixture(scope="module")
def stories(binary, reference, tmp_path_factory):
    """All lives at the same time: they mostly wait."""
    with concurrent.futures.ThreadPoolExecutor(len(ROLES)) as pool:
        return {role: pool.submit(Story, tuple(binary if ours else reference.resolve() for ours in programs), binary,
                                  reference, tmp_path_factory.mktemp(role)) for role, programs in ROLES.items()}


@pytest.fixture(scope="module", params=ROLES)
def story(request, stories):
    return stories[request.param].result()


every_kind = pytest.mark.parametrize("name", KINDS)
unequal = pytest.mark.parametrize("name", UNEQUAL)


def test_lived(story):
    if story.failure:
        pytest.fail(story.failure, pytrace=False)


@every_kind
def test_e01_start(story, name):
    """[unh-1.1][positive] [unh-1.2][positive]"""
    kind = KINDS[name]
    first = story.adverts(kind, story.a, "begin", "stop")[0]
    assert_after(first, story.moments["begin"], kind.down(1), late=1.5)
    assert not story.adverts(kind, story.b, "begin", "stop")
    assert kind.vrid in story.vips["one"][1] and kind.vrid not in story.vips["one"][2]


@every_kind
def test_e02_stop(story, name):
    """[unh-2.6][positive] [rfc9568-6.4.3-8][positive]"""
    kind = KINDS[name]
    zero = [frame for frame in story.adverts(kind, story.a, "stop", "return") if frame.advert.priority == 0]
    assert len(zero) == 1
    assert story.adverts(kind, story.a, "stop", "return")[-1] is zero[0]
    takeover = story.adverts(kind, story.b, "stop", "return")[0]
    assert_after(takeover, zero[0], kind.skew(2))
    assert kind.vrid in story.vips["stopped"][2] and kind.vrid not in story.vips["stopped"][1]
    announced = story.announced(kind, story.b, "stop", "return")
    assert announced and 0 <= announced[0].time - takeover.time < 0.2


@unequal
def test_e04_return(story, name):
    kind = KINDS[name]
    back = story.adverts(kind, story.a, "return", "kill")[0]
    assert_after(back, story.moments["return"], kind.down(1), late=1.5)
    late = [frame for frame in story.adverts(kind, story.b, "return", "kill") if frame.time > back.time + 0.05]
    assert not late, "the backup goes on, or says goodbye"
    assert kind.vrid in story.vips["returned"][1] and kind.vrid not in story.vips["returned"][2]


@pytest.mark.parametrize("name", sorted(EQUAL))
def test_e04_equal_does_not_preempt(story, name):
    kind = KINDS[name]
    assert not story.adverts(kind, story.a, "return", "kill")
    assert kind.vrid in story.vips["returned"][2]


@unequal
def test_e03_killed(story, name):
    """[unh-3.3][negative] not a moment before the interval is over"""
    kind = KINDS[name]
    last = story.adverts(kind, story.a, "return", "restart")[-1]
    assert last.advert.priority == HIGH
    assert_after(story.adverts(kind, story.b, "kill", "restart")[0], last, kind.down(2))
    assert kind.vrid in story.vips["killed"][1] and kind.vrid in story.vips["killed"][2]
    back = story.adverts(kind, story.a, "restart", "unplug")[0]
    assert_after(back, story.moments["restart"], kind.down(1), late=1.5)
    assert kind.vrid in story.vips["restarted"][1] and kind.vrid not in story.vips["restarted"][2]


@unequal
def test_e05_link_lost_and_back(story, name):
    kind = KINDS[name]
    last = [frame for frame in story.adverts(kind, story.a, "restart", "plug") if frame.advert.priority][-1]
    assert_after(story.adverts(kind, story.b, "unplug", "plug")[0], last, kind.down(2))
    assert kind.vrid in story.vips["unplugged"][2] and kind.vrid not in story.vips["unplugged"][1]
    back = story.adverts(kind, story.a, "plug", "partition")[0]
    # IPv6: its link-local address must have come back first.
    assert_after(back, story.moments["plug"], kind.down(1), late=2.4 if kind.six else 0.6)
    assert kind.vrid in story.vips["plugged"][1] and kind.vrid not in story.vips["plugged"][2]


def test_e11_fresh_address_of_a_unicast_router(story):
    """Leaving FAULT it announces its own address, so that the peer's packets find it. (2.2.7 does not.)"""
    if story.old_first:
        pytest.skip("the first router is Debian's")
    for address in ("10.0.0.1", "fd00::1"):
        announced = [frame for frame in story.lab.capture.announcements(address, story.a, story.moments["plug"])
                     if frame.time < story.moments["partition"]]
        assert announced, address


@unequal
def test_e06_partition(story, name):
    kind = KINDS[name]
    for number in (1, 2):
        assert kind.vrid in story.vips["parted"][number]
    last = [frame for frame in story.adverts(kind, story.a, "plug", "heal")
            if frame.time < story.moments["partition"]][-1]
    assert_after(story.adverts(kind, story.b, "partition", "heal")[0], last, kind.down(2), late=0.6)
    if kind.authentication == "AH" and story.old_first:
        return  # it refuses the lower sequence numbers of the other, and each refusal puts its own advert off
    assert kind.vrid in story.vips["healed"][1] and kind.vrid not in story.vips["healed"][2]
    settled = [frame for frame in story.adverts(kind, story.b, "heal") if frame.time > story.moments["heal"] + 1.2]
    assert not settled


@pytest.mark.parametrize("name", sorted(EQUAL))
def test_e07_equal_after_partition(story, name):
    kind = KINDS[name]
    for number in (1, 2):
        assert kind.vrid in story.vips["parted"][number]
    assert kind.vrid in story.vips["healed"][2] and kind.vrid not in story.vips["healed"][1]


@every_kind
def test_fields_of_every_advert(story, name):
    """[unh-4.9][positive] [rfc9568-7.2-1][positive] [rfc9568-7.2-3][positive] [rfc9568-7.2-4][positive]
    [rfc9568-5.1.1.3-1][positive] [rfc9568-5.1.2.3-1][positive]"""
    kind = KINDS[name]
    for host in (story.a, story.b):
        for frame in story.adverts(kind, host, "begin"):
            advert = frame.advert
            assert (advert.version, advert.type, advert.addresses) == (kind.version, 1, kind.vips)
            assert advert.priority in (0, kind.priorities[host.number - 1])
            assert advert.seconds == kind.interval
            assert advert.ttl == (64 if kind.six and kind.unicast else 255)
            if kind.unicast:
                assert advert.source == f"{'fd00::' if kind.six else '10.0.0.'}{host.number}"
            else:
                assert advert.source == f"{'fe80::ff:fe00:' if kind.six else '10.0.0.'}{host.number}"
            if kind.authentication == "AH":
                assert vrrp.ah_icv(advert.packet, "secret12") == advert.icv
            if kind.authentication == "PASS":
                assert advert.data == b"secret12"
    if kind.authentication == "AH":
        copies = [frame.advert.sequence for frame in story.lab.capture.adverts(vrid=kind.vrid)
                  if frame.time < story.moments["kill"]]
        assert all(later > earlier for earlier, later in zip(copies, copies[1:])), copies

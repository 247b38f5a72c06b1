# SPDX-License-Identifier: GPL-2.0-or-later
"""Sync groups (vrrp-scenarios.md section G): VI_1 on eth0 and VI_2 on eth1 go together, whatever happens to one."""

import time

from lab import config, vrrp
from lab.notes import Recorder
from lab.poll import wait_until
from lab.together import Together, assert_after, assert_together, master_down, repeated, skew

VIPS = {51: "10.0.0.100", 52: "10.1.0.100"}
P = 150

scenarios = Together(workers=9)


class Pair:
    """A router with the group G1, a stranger on both segments, and what both virtual routers send."""

    def __init__(self, lab, priorities=(P, P), text="", start=True, group="", **keywords):
        self.lab = lab
        self.host = lab.host(1)
        other = lab.host(3)
        self.strangers = {51: lab.injector(other), 52: lab.injector(other, "eth1")}
        self.daemon = lab.daemon(self.host, text + "vrrp_sync_group G1 {\n    group {\n        VI_1\n        VI_2\n    }\n" + group + "}\n" + "".join(
            config.instance(f"VI_{number}", [f"{VIPS[50 + number]}/24"], interface=f"eth{number - 1}",
                            virtual_router_id=50 + number, priority=priorities[number - 1], garp_master_delay=0,
                            **keywords) for number in (1, 2)), start=False)
        self.begin = time.time()
        if start:
            self.daemon.start()

    def own(self, vrid, since=0.0):
        return self.lab.capture.adverts(self.host, since, vrid)

    def next(self, vrid, timeout, since=None):
        return self.lab.capture.next_advert(self.host, timeout, since, vrid)

    def hear(self, vrid, priority):
        return self.strangers[vrid].send(vrrp.build(f"10.{vrid - 51}.0.3", vrid, priority, (VIPS[vrid],),
                                                    authentication=0, password=b""))

    def hearing(self, vrid, priority):
        return repeated(lambda: self.hear(vrid, priority), 1)

    def masters(self):
        shown = self.host.run("ip", "-o", "address").stdout
        return {vrid for vrid, vip in VIPS.items() if f"{vip}/" in shown}

    def wait_masters(self, which, timeout):
        wait_until(lambda: self.masters() == which, timeout, f"MASTER of {which}", interval=0.02)

    def become_master(self):
        self.next(51, 8, 0.0), self.next(52, 2, 0.0)
        self.wait_masters({51, 52}, 1)
        self.next(51, 2), self.next(52, 2)

    def farewells(self, vrid, since):
        return [frame for frame in self.own(vrid, since) if frame.advert.priority == 0]

    def synced(self, state):
        return self.daemon.log.count(f"Syncing instances to {state} state")


@scenarios.solo("G01", segments=2)
def start(lab):
    pair = Pair(lab)
    first, second = pair.next(51, 8, 0.0), pair.next(52, 2, 0.0)
    assert_together(first, second)
    assert_after(first, pair.begin, master_down(P), late=1.0)
    assert pair.synced("MASTER") == 1
    moment = time.time()
    assert pair.daemon.stop()[0] == 0
    assert [len(pair.farewells(vrid, moment)) for vrid in VIPS] == [1, 1]


@scenarios.solo("G02", segments=2)
def follows_the_slower(lab):
    pair = Pair(lab, (200, 100))
    first, second = pair.next(51, 8, 0.0), pair.next(52, 2, 0.0)
    assert_together(first, second)
    # Heard adverts at a known phase would start both anew: the formula counts from the start here.
    assert_after(first, pair.begin, master_down(100), late=1.0)


@scenarios.solo("G02", suffix="phase", segments=2)
def follows_the_slower_from_a_known_phase(lab):
    pair = Pair(lab, (100, 100))
    pair.daemon.wait_for("vrrp")
    time.sleep(0.5)
    pair.hear(51, 200)
    time.sleep(1)
    last = pair.hear(52, 200)
    first, second = pair.next(51, 9, 0.0), pair.next(52, 2, 0.0)
    assert_together(first, second)
    assert_after(second, last, master_down(100))


@scenarios.solo("G03", segments=2)
def higher_on_one_member(lab):
    pair = Pair(lab)
    pair.become_master()
    moment = pair.hear(51, 200)
    with pair.hearing(51, 200):
        pair.wait_masters(set(), 1)
        assert pair.synced("BACKUP") == 1
        time.sleep(4.5)
        assert pair.masters() == set()
        assert not [frame for vrid in VIPS for frame in pair.own(vrid, moment) if frame.time > moment + 0.1]
        assert not [frame for vrid in VIPS for frame in pair.farewells(vrid, moment)]
    last = [frame for frame in lab.capture.adverts(vrid=51) if frame.sender is not pair.host][-1]
    first, second = pair.next(51, 8, last.time), pair.next(52, 2, last.time)
    # VI_2 asks again only once in a master down interval.
    assert_after(first, last, master_down(P), late=master_down(P) + 0.3)
    assert_together(first, second)


@scenarios.solo("G04", suffix="one", segments=2)
def priority_zero_on_one_member(lab):
    pair = Pair(lab)
    pair.daemon.wait_for("vrrp")
    time.sleep(0.3)
    with pair.hearing(52, 200):
        pair.hear(51, 200)
        time.sleep(0.5)
        pair.hear(51, 0)
        time.sleep(3)
        assert pair.masters() == set() and not pair.own(51) and not pair.own(52)


@scenarios.solo("G04", suffix="both", segments=2)
def priority_zero_on_both(lab):
    pair = Pair(lab)
    pair.daemon.wait_for("vrrp")
    time.sleep(0.3)
    pair.hear(51, 200), pair.hear(52, 200)
    time.sleep(0.5)
    pair.hear(51, 0)
    time.sleep(0.2)
    last = pair.hear(52, 0)
    assert_after(pair.next(52, 3), last, skew(P))
    assert_together(pair.next(51, 2, last), pair.next(52, 2, last))


@scenarios.solo("G05", segments=2)
def link_of_one_member(lab):
    pair = Pair(lab)
    pair.become_master()
    moment = time.time()
    lab.network.carrier(pair.host, False, pair.host.port1)
    pair.wait_masters(set(), 1)
    assert pair.synced("FAULT") == 1
    assert len(pair.farewells(51, moment)) == 1
    time.sleep(1)
    back = time.time()
    lab.network.carrier(pair.host, True, pair.host.port1)
    first = pair.next(51, 6, back)
    assert_after(first, back, master_down(P), late=0.5)
    assert_together(pair.next(52, 2, back), first)
    assert pair.synced("BACKUP") == 1


@scenarios.solo("G06", segments=2)
def both_links(lab):
    pair = Pair(lab)
    pair.become_master()
    lab.network.carrier(pair.host, False, pair.host.port1)
    lab.network.carrier(pair.host, False)
    pair.wait_masters(set(), 1)
    lab.network.carrier(pair.host, True, pair.host.port1)
    time.sleep(1)
    assert pair.synced("BACKUP") == 0
    time.sleep(3.5)
    assert pair.masters() == set()
    back = time.time()
    lab.network.carrier(pair.host, True)
    wait_until(lambda: pair.synced("BACKUP") == 1, 1, "the group BACKUP")
    assert_after(pair.next(51, 6, back), back, master_down(P), late=0.5)


@scenarios.solo("G07", segments=2)
def vip_of_one_member_deleted(lab):
    """The group's MASTER scripts are called once more, its BACKUP ones are not."""
    pair = Pair(lab, text="global_defs {\n    script_user root\n}\n", start=False,
                group=f'notify "{Recorder.PATH} any"\nnotify_master "{Recorder.PATH} master"\n')
    recorder = Recorder(pair.host)
    pair.daemon.start()
    pair.become_master()
    moment = time.time()
    pair.host.run("ip", "address", "del", f"{VIPS[51]}/24", "dev", "eth0")
    wait_until(lambda: pair.farewells(51, moment) and pair.farewells(52, moment), 1, "both priority 0")
    assert [len(pair.farewells(vrid, moment)) for vrid in VIPS] == [1, 1]
    zero = max(pair.farewells(vrid, moment)[0].time for vrid in VIPS)
    first, second = pair.next(51, 3, zero), pair.next(52, 2, zero)
    assert_after(first, zero, skew(P), late=0.3)
    assert_together(first, second)
    pair.wait_masters({51, 52}, 1)
    wait_until(lambda: len(recorder.calls()) == 5, 3, "the calls for the group")
    assert sorted(recorder.texts()) == ["any GROUP G1 BACKUP 0", *["any GROUP G1 MASTER 0"] * 2, *["master"] * 2]


@scenarios.solo("G01", suffix="owners", segments=2)
def owners_with_state_master(lab):
    pair = Pair(lab, (255, 255), state="MASTER")
    assert_together(pair.next(51, 2, 0.0), pair.next(52, 2, 0.0), 0.1)
    assert pair.own(51)[0].time - pair.begin < 1.5


@scenarios.solo("G03", suffix="never-split", segments=2)
def one_segment_parted(lab):
    """Only the second segment loses the other router: the group stays BACKUP as long as the first hears it."""
    pair = Pair(lab, (100, 100))
    with pair.hearing(51, 200):
        time.sleep(8)
        assert pair.masters() == set() and not pair.own(51) and not pair.own(52)


test = scenarios.test()

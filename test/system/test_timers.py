# SPDX-License-Identifier: GPL-2.0-or-later
"""Timers of a BACKUP (vrrp-scenarios.md section C): master down interval, preemption, learning, start-up delay.

Times are measured between packets: from the last advert that counted to the first own one."""

import time

from lab import config
from lab.notes import Recorder
from lab.poll import wait_until
from lab.together import Together, assert_after, assert_paced, master_down, skew

scenarios = Together()


# --- C01 master down interval -------------------------------------------------------------------------------------

DOWN = {
    "v2-100": dict(priority=100),
    "v2-254": dict(priority=254),
    "v2-1": dict(priority=1),
    "v2-adv2": dict(priority=100, advert_int=2, packet=dict(interval=2)),
    "v3-adv0.5": dict(priority=100, version=3, advert_int=0.5, packet=dict(interval=50)),
    "v3-1": dict(priority=1, version=3),
    "v3-ipv6": dict(priority=200, version=3, six=True),
    "v3-ipv6-unicast": dict(priority=150, version=3, six=True, unicast=True),
    "v2-unicast": dict(priority=100, unicast=True),
    "down_timer_adverts-5": dict(priority=100, down_timer_adverts=5),
}


def _down(keywords):
    return master_down(keywords["priority"], keywords.get("advert_int", 1), keywords.get("down_timer_adverts", 3),
                       keywords.get("version", 2))


def master_down_interval(lane, formula):
    """[unh-2.3][positive] [unh-3.3][positive] [rfc9568-6.4.2-7][positive]"""
    lane.hear(255)
    time.sleep(0.7)
    assert not lane.own()
    last = lane.hear(255)
    assert_after(lane.next(formula + 2), last, formula)


def from_start(lane, formula):
    assert_after(lane.next(formula + 2, 0.0), lane.stage.started, formula)


for _name, _keywords in DOWN.items():
    scenarios.lane("C01", suffix=_name, arguments=dict(formula=_down(_keywords)), **_keywords)(master_down_interval)
    if not _keywords.get("unicast"):
        scenarios.lane("C01", suffix=_name, arguments=dict(formula=_down(_keywords)), **_keywords)(from_start)


# --- C02, C03 initial state ---------------------------------------------------------------------------------------

@scenarios.lane("C02", suffix="none", priority=255)
def owner_starts_at_once(lane):
    """[rfc9568-5.2.4-1][positive] [unh-2.1][positive]"""
    assert_after(lane.next(3, 0.0), lane.stage.started, 0, early=0.3)


scenarios.lane("C02", suffix="MASTER", priority=255, state="MASTER")(owner_starts_at_once)


@scenarios.lane("C02", priority=255, state="BACKUP")
def owner_in_state_backup_waits(lane):
    """[unh-2.1][negative]"""
    assert_after(lane.next(6, 0.0), lane.stage.started, 3 + 1 / 256)


@scenarios.lane("C03", priority=200, state="MASTER")
def state_master_speeds_nothing_up(lane):
    """[rfc9568-5.2.4-1][negative] a router that is no owner waits like any other"""
    assert_after(lane.next(6, 0.0), lane.stage.started, master_down(200))


# --- C04 priority 0, C05 lower adverts ----------------------------------------------------------------------------

@scenarios.lane("C04", suffix="v2", arguments=dict(formula=skew(100)))
@scenarios.lane("C04", suffix="v3", version=3, advert_int=2, packet=dict(interval=200),
                arguments=dict(formula=skew(100, 2)))
@scenarios.lane("C04", suffix="ipv6", version=3, six=True, arguments=dict(formula=skew(100)))
def priority_zero(lane, formula):
    """[rfc9568-6.4.2-8][positive] [unh-3.2][positive]"""
    lane.hear(200)
    time.sleep(0.5)
    zero = lane.hear(0)
    assert_after(lane.next(4), zero, formula)


@scenarios.lane("C05")
def lower_is_discarded(lane):
    """[rfc9568-6.4.2-10][positive] [unh-3.4][positive] [unh-2.4][negative]"""
    high = lane.hear(200)
    time.sleep(0.3)
    with lane.hearing(50, period=0.5):
        assert_after(lane.next(6), high, master_down(100))
    assert 5 <= len(lane.logged("discarding")) <= 8, lane.log()


@scenarios.lane("C05", suffix="equal")
def equal_is_accepted(lane):
    """An advert of the own priority starts the timer anew [unh-2.4][positive]"""
    with lane.hearing(100, period=0.5):
        time.sleep(4.5)
        assert not lane.own()
    assert_after(lane.next(5), lane.last_heard(), master_down(100))


# --- C06 learning of the interval, C07 mismatch in version 2 --------------------------------------------------------

@scenarios.lane("C06", suffix="short", version=3, arguments=dict(interval=30))
@scenarios.lane("C06", suffix="long", version=3, arguments=dict(interval=250))
@scenarios.lane("C06", suffix="ipv6", version=3, six=True, arguments=dict(interval=30))
def learns_interval(lane, interval):
    """[rfc9568-6.4.2-9][positive] [rfc9568-7.1-5][positive]"""
    for _ in range(3):
        last = lane.hear(200, interval=interval)
        time.sleep(min(0.3, interval / 100))
    first = lane.next(11)
    assert_after(first, last, master_down(100, interval / 100, version=3))
    assert first.advert.interval == 100
    second, third = lane.next(3), lane.next(3)
    assert_paced([first, second, third])


@scenarios.lane("C06", version=3, advert_int=1)
def lower_advert_teaches_nothing(lane):
    """[rfc9568-6.4.2-9][negative]"""
    high = lane.hear(200)
    time.sleep(0.2)
    for _ in range(4):
        lane.hear(50, interval=20)
        time.sleep(0.2)
    assert_after(lane.next(5), high, master_down(100, version=3))


@scenarios.lane("C06", version=3, advert_int=1, old="the learned interval stays without -D (defect 5)")
def own_interval_is_restored_as_master(lane):
    """Learned 0.3 s, MASTER, VIP taken away: the next mastership comes after the skew time of the own interval."""
    for _ in range(3):
        lane.hear(200, interval=30)
        time.sleep(0.3)
    lane.next(3)
    time.sleep(0.5)
    lane.host.run("ip", "address", "del", f"{lane.vip}/32", "dev", "eth0")
    farewell = wait_until(lambda: [frame for frame in lane.own() if frame.advert.priority == 0], 2, "priority 0")[0]
    assert_after(lane.next(3, farewell.time), farewell, skew(100, 1))


@scenarios.lane("C07", advert_int=2, packet=dict(interval=2), old="mute after its first advert (defect 1)")
def other_interval_in_version_2(lane):
    """[unh-4.7][negative] [unh-3.1][negative] refused adverts neither hold a BACKUP back nor a MASTER's pace up"""
    begin = lane.stage.started
    with lane.hearing(200, interval=1):
        first = lane.next(10, 0.0)
        assert_after(first, begin, master_down(100, 2))
        time.sleep(6.3)
    own = lane.own()
    assert len(own) == 4
    assert_paced(own, 2)
    assert own[0].advert.interval == 2


@scenarios.lane("C07", advert_int=2, packet=dict(interval=2))
def same_interval_in_version_2(lane):
    """[unh-4.7][positive] [unh-3.1][positive]"""
    with lane.hearing(200, period=2):
        time.sleep(8)
        assert not lane.own()
    first = lane.next(8)
    assert_after(lane.next(4), first, 2)


# --- C08, C09 preemption --------------------------------------------------------------------------------------------

@scenarios.lane("C08", suffix="v2", priority=200, body="nopreempt\n")
@scenarios.lane("C08", suffix="v3", priority=200, version=3, body="nopreempt\n")
@scenarios.lane("C08", suffix="ipv6", priority=200, version=3, six=True, body="nopreempt\n")
def nopreempt(lane):
    """[rfc9568-6.4.2-10][negative] [unh-3.4][negative]"""
    with lane.hearing(50):
        time.sleep(5.5)
        assert not lane.own()
    assert_after(lane.next(6), lane.last_heard(), master_down(200))


PREEMPT_DELAY = dict(priority=200, body="preempt_delay 4\n")


@scenarios.lane("C09", suffix="lower-all-the-time", **PREEMPT_DELAY)
def preempt_delay(lane):
    begin = lane.hear(50)
    time.sleep(1)
    with lane.hearing(50):
        # Delayed until 4 s after the first one: the last good advert is that of 3 s.
        assert_after(lane.next(9), begin, 3 + master_down(200))


@scenarios.lane("C09", suffix="master-dies", **PREEMPT_DELAY)
def preempt_delay_master_dies(lane):
    for _ in range(3):
        last = lane.hear(50)
        time.sleep(0.9)
    assert_after(lane.next(6), last, master_down(200))


@scenarios.lane("C09", suffix="nobody", **PREEMPT_DELAY)
def preempt_delay_nobody(lane):
    assert_after(lane.next(6, 0.0), lane.stage.started, master_down(200))


@scenarios.lane("C09", suffix="higher-between", **PREEMPT_DELAY)
def preempt_delay_starts_anew(lane):
    lane.hear(50)
    time.sleep(1)
    lane.hear(50)
    time.sleep(1)
    lane.hear(250)
    time.sleep(1)
    begin = lane.hear(50)
    time.sleep(1)
    with lane.hearing(50):
        assert_after(lane.next(9), begin, 3 + master_down(200))


@scenarios.lane("C09", suffix="priority-0", **PREEMPT_DELAY)
def preempt_delay_ends_with_the_master(lane):
    lane.hear(50)
    time.sleep(1)
    zero = lane.hear(0)
    assert_after(lane.next(4), zero, skew(200))


# --- C10 start-up delay -----------------------------------------------------------------------------------------------

@scenarios.solo("C10", suffix="nobody", heard=False)
@scenarios.solo("C10", suffix="heard", heard=True)
def startup_delay(lab, heard):
    """Nothing that comes during the delay counts."""
    host, other = lab.host(1), lab.injector(lab.host(3))
    from lab import vrrp
    begin = time.time()
    daemon = lab.daemon(host, "global_defs {\n    vrrp_startup_delay 3\n}\n" + config.instance())
    daemon.wait_for("vrrp")
    started = time.time()
    while heard and time.time() < started + 2.7:
        other.send(vrrp.build("10.0.0.3", 51, 200, ("10.0.0.100",), authentication=0, password=b""))
        time.sleep(0.4)
    first = lab.capture.next_advert(host, 9, 0.0)
    # The start itself has taken up to `started`.
    assert_after(first, begin, 3 + master_down(100), late=0.3 + started - begin)
    assert "200" not in daemon.log


@scenarios.solo("C10", suffix="owner", old=None)
def startup_delay_of_an_owner(lab):
    """OLD and we: at the end of the delay. Nobody is told of a BACKUP in between."""
    host = lab.host(1)
    recorder = Recorder(host)
    begin = time.time()
    daemon = lab.daemon(host, "global_defs {\n    vrrp_startup_delay 2\n    script_user root\n}\n" + config.instance(
        priority=255, body=f'notify "{Recorder.PATH}"\n'))
    daemon.wait_for("vrrp")
    assert_after(lab.capture.next_advert(host, 6, 0.0), begin, 2, late=0.3 + time.time() - begin)
    wait_until(lambda: "INSTANCE VI_1 MASTER 255" in " ".join(recorder.texts()), 2, "notify")
    assert len(recorder.calls()) == 1
    assert "Delaying startup for 2 seconds" in daemon.log and "BACKUP STATE" not in daemon.log


test = scenarios.test()

# SPDX-License-Identifier: GPL-2.0-or-later
"""What a MASTER does with valid adverts of others (vrrp-scenarios.md section D): who stays, who answers, who leaves."""

import time

from lab.poll import wait_until
from lab.together import SLACK, Together, assert_after, master_down

P = 150
ANSWER = 0.1  # seconds in which an advert is answered


def _setup(stage):
    # D08: packets with our own address as source are dropped by the kernel otherwise.
    stage.dut.run("sysctl", "-qw", "net.ipv4.conf.all.accept_local=1", "net.ipv4.conf.eth0.accept_local=1")


scenarios = Together(arguments=("-D",), setup=_setup)

KINDS = {
    "v2": dict(),
    "v2-unicast": dict(unicast=True),
    "v3": dict(version=3),
    "v3-unicast": dict(version=3, unicast=True),
    "ipv6": dict(version=3, six=True),
    "ipv6-unicast": dict(version=3, six=True, unicast=True),
}


def every_kind(*ids, kinds=KINDS, **keywords):
    def register(function):
        for name in kinds:
            scenarios.lane(*ids, suffix=name, **{"priority": P, **KINDS[name], **keywords})(function)
        return function
    return register


def stays(lane, since):
    assert not [frame for frame in lane.own(since) if frame.advert.priority == 0]
    assert lane.has_vip()


def answered(lane, heard):
    """It has answered at once, and goes on a whole interval after the answer."""
    answer = lane.next(1, heard)
    assert 0 <= answer.time - heard <= ANSWER * SLACK, f"answered after {answer.time - heard:.3f} s"
    following = lane.next(3, answer.time)
    assert_after(following, answer, 1, late=0.1)
    stays(lane, heard)


def leaves(lane, heard, own_adverts=0):
    """It is BACKUP at once, without priority 0 and without its address, and takes over after the whole interval."""
    wait_until(lambda: not lane.has_vip(), 1, "the VIP gone", interval=0.01)
    assert time.time() - heard < 0.5
    back = lane.next(6, heard + 0.5)
    assert_after(back, heard, master_down(P if lane.keywords["priority"] != 255 else 255))
    assert len(lane.own(heard, back.time - 0.01)) == own_adverts


@every_kind("D01")
def lower_is_answered(lane):
    """[rfc9568-6.4.3-12][positive] [unh-2.7][positive]"""
    lane.become_master()
    time.sleep(0.3)
    heard = lane.hear(100)
    answered(lane, heard)
    assert len(lane.logged("forcing new election")) == 1, lane.log()
    near = lane.announced(heard, heard + 1)
    assert len(near) == 5, len(near)


@scenarios.lane("D01", suffix="delayed", priority=P, garp_lower_prio_delay=2, garp_master_delay=0)
def lower_is_announced_again(lane):
    lane.become_master()
    heard = lane.hear(100)
    time.sleep(3)
    announced = lane.announced(heard)
    assert len(announced) == 10
    assert_after(announced[5], heard, 2)


@every_kind("D02", kinds=("v2", "v3", "ipv6"), lower_prio_no_advert=True)
def lower_prio_no_advert(lane):
    """[rfc9568-6.4.3-12][negative]"""
    before = lane.become_master()
    time.sleep(0.4)
    heard = lane.hear(100)
    assert_after(lane.next(2), before, 1, late=0.1)
    stays(lane, heard)
    assert not lane.logged("forcing") and len(lane.logged("lower priority")) == 1, lane.log()


@scenarios.lane("D03", priority=P, garp_lower_prio_repeat=0, garp_master_delay=0)
def no_announcement_on_lower(lane):
    lane.become_master()
    heard = lane.hear(100)
    answered(lane, heard)
    assert not lane.announced(heard)


@every_kind("D04")
def higher_wins(lane):
    """[rfc9568-6.4.3-11][positive] [unh-2.7][negative]"""
    lane.become_master()
    leaves(lane, lane.hear(200))
    assert len(lane.logged("higher priority")) == 1, lane.log()


@every_kind("D05", kinds=("v2", "ipv6"), higher_prio_send_advert=True)
def higher_prio_send_advert(lane):
    lane.become_master()
    time.sleep(0.3)
    leaves(lane, lane.hear(200), own_adverts=1)


# Own address 10.0.0.1; fe80::ff:fe00:1 and fd00::1. Numbers are compared without sign.
HIGHER = {"v2": ("10.0.0.3", "200.0.0.1", "10.0.0.129"), "v3": ("10.0.0.2", "255.0.0.1"),
          "ipv6": ("fe80::ff:fe00:3", "fe80::80ff:fe00:1", "fe80::ffff:ffff:ffff:ffff")}
LOWER = {"v2": ("9.255.255.254", "1.200.200.200"), "v3": ("9.255.255.254",), "ipv6": ("fe80::fe:fe00:1", "fe80::1")}


def equal_from_higher_address(lane, source):
    """[rfc9568-6.4.3-11][positive]"""
    lane.become_master()
    leaves(lane, lane.hear(P, source=source))
    assert lane.logged("same priority"), lane.log()


def equal_from_lower_address(lane, source):
    """[rfc9568-6.4.3-11][negative]"""
    lane.become_master()
    time.sleep(0.3)
    answered(lane, lane.hear(P, source=source))


for _kind, _sources in HIGHER.items():
    for _source in _sources:
        scenarios.lane("D06", suffix=f"{_kind}-{_source}", priority=P, arguments=dict(source=_source),
                       **KINDS[_kind])(equal_from_higher_address)
for _kind, _sources in LOWER.items():
    for _source in _sources:
        scenarios.lane("D07", suffix=f"{_kind}-{_source}", priority=P, arguments=dict(source=_source),
                       **KINDS[_kind])(equal_from_lower_address)


@scenarios.lane("D08", priority=P)
def equal_from_own_address(lane):
    before = lane.become_master()
    time.sleep(0.4)
    heard = lane.hear(P, source="10.0.0.1")
    following = lane.next(3)
    stays(lane, heard)
    assert [line for line in lane.log() if "our IP" in line or "own address" in line], lane.log()
    if not lane.old:  # the reference puts its advert off (defect 1)
        assert_after(following, before, 1, late=0.1)


@every_kind("D09", kinds=("v2", "v3", "ipv6", "v2-unicast"))
def priority_zero_is_answered(lane):
    """[rfc9568-6.4.3-10][positive] [unh-2.5][positive]"""
    lane.become_master()
    time.sleep(0.3)
    answered(lane, lane.hear(0))


@scenarios.lane("D09", suffix="none", priority=P)
def nothing_is_answered_without_it(lane):
    """[rfc9568-6.4.3-10][negative] [unh-2.5][negative]"""
    before = lane.become_master()
    time.sleep(0.3)
    lane.hear(100, broken_checksum=True)
    if lane.old:
        return  # puts its advert off (defect 1)
    assert_after(lane.next(2), before, 1, late=0.1)


@scenarios.lane("D10", priority=255)
def two_owners_higher_address(lane):
    """[rfc9568-5.2.4-1][negative]"""
    lane.become_master()
    leaves(lane, lane.hear(255, source="10.0.0.3"))
    assert lane.logged("CONFIGURATION ERROR"), lane.log()


@scenarios.lane("D10", priority=255, old="2.2.7 reduces its own priority to 254 and leaves")
def two_owners_lower_address(lane):
    lane.become_master()
    time.sleep(0.3)
    heard = lane.hear(255, source="9.0.0.1")
    assert lane.next(1, heard).time - heard < ANSWER * SLACK
    stays(lane, heard)
    assert lane.logged("CONFIGURATION ERROR"), lane.log()


@scenarios.lane("D11", suffix="v2", priority=255)
@scenarios.lane("D11", suffix="v3", priority=255, version=3)
def owner_stays(lane):
    lane.become_master()
    time.sleep(0.3)
    answered(lane, lane.hear(254))


test = scenarios.test()

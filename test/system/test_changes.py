# SPDX-License-Identifier: GPL-2.0-or-later
"""Reload (vrrp-scenarios.md section H): what is unchanged keeps its state and sends each advert on time."""

import signal
import time

from lab import config, vrrp
from lab.capture import gaps
from lab.poll import wait_until
from lab.together import SLACK, Together, assert_after, master_down

P = 200
VIP = "10.0.0.100"

scenarios = Together(workers=9)


def present(host, address):
    return bool(host.run("ip", "-o", "address", "show", "to", address).stdout)


def instance(*vips, **keywords):
    return config.instance(vips=[f"{vip}/24" for vip in vips or (VIP,)], **{"priority": P, "garp_master_delay": 0, **keywords})


def states(daemon):
    return [line.partition(": ")[2] for line in daemon.log.splitlines() if "Entering" in line and "STATE" in line]


def on_time(frames):
    """No gap longer than an interval. The reference sends additional adverts around a reload."""
    assert max(gaps(frames)) <= 1 + 0.1 * SLACK, gaps(frames)


class Reloading:
    def __init__(self, lab, text, wait=True):
        self.lab, self.host = lab, lab.host(1)
        self.daemon = lab.daemon(self.host, text)
        if wait:
            wait_until(lambda: present(self.host, VIP), 10, "the VIP")
            lab.capture.next_advert(self.host, 3)

    def reload(self, text=None):
        """Returns the moment."""
        if text is not None:
            self.daemon.configure(text)
        moment = time.time()
        self.daemon.signal(signal.SIGHUP)
        return moment

    def own(self, since=0.0, vrid=None):
        return self.lab.capture.adverts(self.host, since, vrid)

    def next(self, timeout, since=None, vrid=None):
        return self.lab.capture.next_advert(self.host, timeout, since, vrid)


@scenarios.solo("H01")
def unchanged(lab):
    router = Reloading(lab, instance())
    peer = lab.host(2)
    other = lab.daemon(peer, instance(priority=100), lab.reference)
    other.wait_for("vrrp")
    router.next(3)
    begin = time.time()
    count = len(states(router.daemon))
    for pause in (1.5, 0.3, 0.3, 2.2):
        router.reload()
        time.sleep(pause)
    own = router.own(begin - 1.2)
    on_time(own)
    assert not lab.capture.announcements(sender=router.host, since=begin)
    assert not lab.capture.adverts(peer) and len(states(router.daemon)) == count
    assert all(frame.advert.priority == P for frame in own)


@scenarios.solo("H02")
def vip_replaced(lab):
    router = Reloading(lab, instance(VIP, "10.0.0.101"))
    moment = router.reload(instance(VIP, "10.0.0.102"))
    wait_until(lambda: present(router.host, "10.0.0.102") and not present(router.host, "10.0.0.101"), 2, "the change")
    wait_until(lambda: router.own(moment)[-1:] and router.own(moment)[-1].advert.addresses == (VIP, "10.0.0.102"), 2,
               "an advert with the new list")
    assert present(router.host, VIP)
    time.sleep(0.3)
    announced = {frame.announced for frame in lab.capture.announcements(sender=router.host, since=moment)}
    assert "10.0.0.102" in announced and "10.0.0.101" not in announced
    time.sleep(1.5)
    on_time(router.own(moment - 1.1))
    assert len(states(router.daemon)) == 2


@scenarios.solo("H03", suffix="alone")
def lower_priority_alone(lab):
    """[rfc9568-7.2-1][negative] what the next adverts say is what is configured now"""
    router = Reloading(lab, instance())
    moment = router.reload(instance(priority=100))
    wait_until(lambda: router.own(moment) and router.own(moment)[-1].advert.priority == 100, 2, "the new priority")
    time.sleep(1.5)
    assert len(states(router.daemon)) == 2
    on_time(router.own())


@scenarios.solo("H03", suffix="peer")
def lower_priority_than_the_peer(lab):
    router = Reloading(lab, instance())
    peer = lab.host(2)
    lab.daemon(peer, instance(priority=100), lab.reference).wait_for("vrrp")
    router.next(3)
    time.sleep(0.5)
    router.reload(instance(priority=50))
    takeover = lab.capture.next_advert(peer, 8)
    last = [frame for frame in router.own() if frame.advert.priority == P][-1]
    assert_after(takeover, last, master_down(100))
    wait_until(lambda: not present(router.host, VIP), 1, "BACKUP")


@scenarios.solo("H04")
def renamed(lab):
    router = Reloading(lab, instance())
    moment = router.reload(instance(name="OTHER"))
    time.sleep(2.5)
    on_time(router.own(moment - 1.1))
    assert len(states(router.daemon)) == 2
    lab.injector(lab.host(3)).send(vrrp.build("10.0.0.3", 51, 250, (VIP,), authentication=0, password=b""))
    wait_until(lambda: states(router.daemon)[-1].startswith("(OTHER) Entering BACKUP"), 2, "the new name")


@scenarios.solo("H05", suffix="deleted-and-added")
def deleted_and_added(lab):
    keep = config.instance("VI_2", ["10.0.0.102/24"], virtual_router_id=52, priority=255)
    router = Reloading(lab, instance() + keep)
    moment = router.reload(keep)
    gone = router.next(2, moment, 51)
    if gone.advert.priority:  # the reference sends one more with the old data
        gone = router.next(2, gone.time, 51)
    assert gone.advert.priority == 0
    wait_until(lambda: not present(router.host, VIP), 1, "the VIP gone")
    time.sleep(1)
    assert not router.own(gone.time, 51)
    moment = router.reload(instance() + keep)
    assert_after(router.next(6, moment, 51), moment, master_down(P), late=0.8)
    on_time(router.own(vrid=52))


@scenarios.solo("H05", suffix="VRID")
def other_vrid(lab):
    router = Reloading(lab, instance())
    moment = router.reload(instance(virtual_router_id=53))
    wait_until(lambda: [frame for frame in router.own(moment, 51) if frame.advert.priority == 0], 2, "priority 0")
    assert_after(router.next(6, moment, 53), moment, master_down(P), late=0.8)
    assert len([frame for frame in router.own(moment, 51) if frame.advert.priority == 0]) == 1


@scenarios.solo("H06")
def backup(lab):
    """A BACKUP's timer starts again, or goes on: it never fires early and the address does not move."""
    router = Reloading(lab, instance(priority=100), wait=False)
    other = lab.injector(lab.host(3))
    router.daemon.wait_for("vrrp")
    time.sleep(0.5)
    last = other.send(vrrp.build("10.0.0.3", 51, 250, (VIP,), authentication=0, password=b""))
    time.sleep(1.5)
    moment = router.reload(instance(priority=100, advert_int=1))
    first = router.next(8)
    assert master_down(100) - 0.05 <= first.time - last and first.time - moment <= master_down(100) + 0.5


@scenarios.solo("H09", old="its end leaves the VIP (defect 14)")
def unknown_interface(lab):
    router = Reloading(lab, instance())
    router.reload(instance() + config.instance("VI_2", interface="nosuch0", virtual_router_id=52))
    time.sleep(3.2)
    assert router.daemon.running and present(router.host, VIP)
    on_time(router.own())
    assert len(states(router.daemon)) == 2


@scenarios.solo("H05", suffix="hundred")
def hundred_come_and_go(lab):
    """Instances and addresses come and go: the one that stays sends each advert on time."""
    keep = instance()
    many = keep + "".join(config.instance(f"N{number}", [f"10.0.3.{number}/32", f"10.0.4.{number}/32"],
                                          virtual_router_id=100 + number, priority=255) for number in range(1, 101))
    router = Reloading(lab, keep)
    for turn in range(4):
        router.reload(keep if turn % 2 else many)
        time.sleep(1.6)
    own = router.own(vrid=51)
    # What the reference needs to put and take a hundred of them is not ours to judge.
    assert max(gaps(own)) <= (2.5 if lab.old else 1 + 0.1 * SLACK), gaps(own)
    assert states(router.daemon)[1:].count("(VI_1) Entering MASTER STATE") <= 1
    wait_until(lambda: not present(router.host, "10.0.3.1"), 2, "the hundred gone")


test = scenarios.test()

# SPDX-License-Identifier: GPL-2.0-or-later
"""The seed's set-up, step by step: real configurations, real nginx, the table read by ipvsadm, traffic by direct
routing. One story: the steps build on each other and run in this order."""

import os
import signal
import time

import pytest

from lab import ipvs, web
from lab.poll import holds_for, wait_until
from lab.seed import (CLIENTS, MASTER_DOWN, REMOVED_AT_LEAST, REMOVED_AT_MOST, RESTORED_AT_MOST, SERVERS, SERVICE,
                      SKEW, VIP, Seed)

pytestmark = pytest.mark.ipvs

# The guest may run without hardware acceleration: what is seen through a command takes its time.
SLOW = 3.0
BOTH = sorted(SERVERS)


@pytest.fixture(scope="module")
def seed(binary, tmp_path_factory):
    with Seed(tmp_path_factory.mktemp("seed"), binary) as made:
        with made.network.capture() as capture:
            made.capture = capture
            yield made


@pytest.fixture(autouse=True)
def logs_of_a_failed_step(seed, request):
    yield
    report = getattr(request.node, "call_report", None)
    if report and report.failed:
        for name, router in seed.routers.items():
            report.sections.append((name, router.log[-4000:]))


def answers(seed, clients):
    """{client address: name of the server that answered, or None}"""
    return {client: web.ask(seed.client, VIP, source=client) for client in clients}


def seconds_until(condition, timeout, what):
    begin = time.monotonic()
    wait_until(condition, timeout, what)
    return time.monotonic() - begin


def test_01_real_servers_are_ready(seed):
    for name, address in SERVERS.items():
        assert "is not" not in seed.realserver(name, "status")
        assert web.ask(seed.client, address) == name
    assert web.ask(seed.client, VIP, timeout=0.5) is None


def test_02_first_director_becomes_master(seed):
    for router in seed.routers.values():
        router.start()
    first = seed.capture.next_advert(seed.hosts["lvs01"], MASTER_DOWN["lvs01"] + SLOW)
    assert first.advert.priority in (100, 99) and first.advert.addresses == (VIP,)
    # Their skew times are 4 ms apart: should the second one have been faster to start, it yields at once.
    wait_until(lambda: seed.masters() == ["lvs01"], 3 + SLOW, "lvs01 the only one with the address")
    assert seed.hosts["lvs01"].addresses("ens33")[VIP] == 32


@pytest.mark.parametrize("director", ["lvs01", "lvs02"])
def test_03_both_have_the_table(seed, director):
    wait_until(lambda: seed.destinations(director) == BOTH, SLOW, f"both servers in the table of {director}")
    service = ipvs.table(seed.hosts[director])[SERVICE]
    assert (service.scheduler, service.persistence) == ("wrr", 50)
    assert {(each.method, each.weight) for each in service.destinations.values()} == {("-g", 1)}


def test_04_both_servers_answer(seed):
    # On a slow guest both directors may have become MASTER for a moment: the winner's gratuitous ARP mends that.
    wait_until(lambda: None not in answers(seed, CLIENTS[:6]).values(), 15, "an answer for every client")
    got = answers(seed, CLIENTS[:6])
    assert set(got.values()) == set(SERVERS), got
    # Persistence: who came back came to the same one.
    assert answers(seed, CLIENTS[:6]) == got


def test_05_a_dead_server_is_taken_out(seed):
    seed.nginx["nginx01"].kill()
    begin = time.monotonic()
    for director in ("lvs01", "lvs02"):
        wait_until(lambda name=director: seed.destinations(name) == ["nginx02"], REMOVED_AT_MOST + SLOW,
                   f"nginx01 out of the table of {director}")
    took = time.monotonic() - begin
    assert REMOVED_AT_LEAST <= took <= REMOVED_AT_MOST + SLOW
    # Who stuck to the dead one is not left with it: after the removal all come to the other.
    assert set(answers(seed, CLIENTS[6:10]).values()) == {"nginx02"}


def test_06_it_is_put_back_when_it_returns(seed):
    seed.nginx["nginx01"].start()
    took = seconds_until(lambda: all(seed.destinations(name) == BOTH for name in ("lvs01", "lvs02")),
                         RESTORED_AT_MOST + SLOW, "nginx01 back in both tables")
    assert took <= RESTORED_AT_MOST + SLOW
    assert set(answers(seed, CLIENTS[10:16]).values()) == set(SERVERS)


def test_07_killed_checker_child_changes_nothing(seed):
    router = seed.routers["lvs01"]
    killed = router.wait_for("checker")
    os.kill(killed, signal.SIGKILL)
    holds_for(lambda: seed.destinations("lvs01") == BOTH, 3, "the table of lvs01")
    router.wait_for("checker", other_than=killed)
    assert seed.masters() == ["lvs01"]
    # The new one checks: a dead server is noticed, and put back.
    seed.nginx["nginx02"].kill()
    wait_until(lambda: seed.destinations("lvs01") == ["nginx01"], REMOVED_AT_MOST + SLOW, "nginx02 out of the table")
    seed.nginx["nginx02"].start()
    wait_until(lambda: seed.destinations("lvs01") == BOTH, RESTORED_AT_MOST + SLOW, "nginx02 back in the table")


def test_08_reload_touches_nothing(seed):
    """The counters of the service go on: it was neither removed nor made anew."""
    def connections():
        lines = seed.hosts["lvs01"].run("ipvsadm", "-L", "-n", "--stats", "--exact").stdout.splitlines()
        return int(next(line for line in lines if line.startswith("TCP")).split()[2])

    assert answers(seed, CLIENTS[:2])
    before = connections()
    assert before > 0
    own = seed.hosts["lvs01"]
    begin = seed.capture.next_advert(own, 3).time
    for _ in range(3):
        seed.routers["lvs01"].signal(signal.SIGHUP)
        holds_for(lambda: seed.destinations("lvs01") == BOTH and seed.has_vip("lvs01"), 1.5, "table and address")
    assert connections() >= before
    assert not seed.capture.adverts(seed.hosts["lvs02"], begin)


def test_09_killed_director_is_replaced(seed):
    """kill -9 of the whole daemon on lvs01; as in a power failure its address does not answer any more."""
    lvs01, lvs02 = seed.hosts["lvs01"], seed.hosts["lvs02"]
    seed.capture.next_advert(lvs01, 3)
    seed.routers["lvs01"].kill()
    last = seed.capture.adverts(lvs01)[-1]
    takeover = seed.capture.next_advert(lvs02, MASTER_DOWN["lvs02"] + SLOW, since=last.time)
    assert takeover.time - last.time >= MASTER_DOWN["lvs02"] - 0.05
    wait_until(lambda: seed.has_vip("lvs02"), SLOW, "the address on lvs02")
    assert seed.capture.announcements(VIP, lvs02, last.time)
    wait_until(lambda: web.ask(seed.client, VIP, source=CLIENTS[16]), SLOW, "an answer through lvs02")
    assert set(answers(seed, CLIENTS[16:22]).values()) == set(SERVERS)


def test_10_director_returns(seed):
    seed.routers["lvs01"].start()
    seed.capture.next_advert(seed.hosts["lvs01"], MASTER_DOWN["lvs01"] + SLOW)
    wait_until(lambda: seed.masters() == ["lvs01"], SLOW, "lvs01 the only one with the address")
    wait_until(lambda: seed.destinations("lvs01") == BOTH, SLOW, "both servers in the table of lvs01")
    assert web.ask(seed.client, VIP, source=CLIENTS[22]) in SERVERS


def test_11_stopped_director_hands_over(seed):
    lvs01, lvs02 = seed.hosts["lvs01"], seed.hosts["lvs02"]
    begin = seed.capture.next_advert(lvs01, 3).time
    status, _ = seed.routers["lvs01"].stop()
    assert status == 0
    farewell = [frame for frame in seed.capture.adverts(lvs01, begin) if frame.advert.priority == 0]
    assert farewell
    takeover = seed.capture.next_advert(lvs02, SKEW["lvs02"] + SLOW, since=farewell[0].time)
    assert takeover.time - farewell[0].time >= SKEW["lvs02"] - 0.05
    assert not seed.has_vip("lvs01")
    assert ipvs.table(lvs01) == {}
    wait_until(lambda: web.ask(seed.client, VIP, source=CLIENTS[23]) in SERVERS, SLOW, "an answer through lvs02")


def test_12_nothing_is_left_behind(seed):
    assert seed.routers["lvs02"].stop()[0] == 0
    for director in ("lvs01", "lvs02"):
        assert ipvs.table(seed.hosts[director]) == {}
        assert not seed.has_vip(director)
        assert not seed.routers[director].processes()
    for name in SERVERS:
        seed.realserver(name, "stop")
        assert VIP not in seed.hosts[name].addresses("lo")

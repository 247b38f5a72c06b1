# SPDX-License-Identifier: GPL-2.0-or-later
"""What tools/demo shows. Each step is done, measured and told; the first one that does not go as it should ends it."""

import os
import pathlib
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "test/system"))

from lab import ipvs, web  # noqa: E402
from lab.poll import wait_until  # noqa: E402
from lab.seed import (CLIENTS, DIRECTORS, MASTER_DOWN, REMOVED_AT_MOST, RESTORED_AT_MOST, SERVERS,  # noqa: E402
                      VIP, Seed)

BOTH = sorted(SERVERS)
# What the emulated machine may add to the times that the configuration implies.
SLOW = 5.0

_begin = time.monotonic()


def title(text):
    print(f"\n=== {text}")


def tell(text):
    for line in text.splitlines():
        print(f"[{time.monotonic() - _begin:6.1f} s] {line}")


def expect(condition, text):
    """Tells it when it is so, ends the demo when it is not."""
    if not condition:
        raise AssertionError(text)
    tell(text)


def expect_within(condition, seconds, text):
    """Waits for it; tells how long it took. Returns that."""
    begin = time.monotonic()
    wait_until(condition, seconds, text, interval=0.02)
    took = time.monotonic() - begin
    tell(f"{text} (after {took:.1f} s)")
    return took


def show_state(seed):
    for name in DIRECTORS:
        role = "MASTER" if seed.has_vip(name) else "BACKUP"
        addresses = ", ".join(f"{address}/{length}" for address, length in
                              seed.hosts[name].addresses("ens33").items())
        tell(f"{name} is {role}; ens33 has {addresses}")


def show_table(seed, name):
    tell(f"The IPVS table of {name} (ipvsadm -L -n):")
    for line in ipvs.shown(seed.hosts[name]).splitlines()[1:]:
        print(f"             {line}")


def show_answers(seed, clients, expected):
    """Each of these client addresses asks once; together they must see just the expected servers."""
    got = {}
    for client in clients:
        got[client] = web.ask(seed.client, VIP, source=client)
        tell(f"{client} asks http://{VIP}:81/ and is answered by {got[client]}")
    expect(set(got.values()) == set(expected), f"Answers came from {' and '.join(sorted(expected))}")


def cabling(seed):
    title("Two directors, two web servers, one client on 172.27.9.0/24")
    for name, address in {**DIRECTORS, **SERVERS}.items():
        tell(f"{name:8} {address}")
    tell(f"client   {CLIENTS[0]} to {CLIENTS[-1]} (a client address sticks to one server for 50 s)")
    for name, address in SERVERS.items():
        for line in seed.realserver(name, "status").splitlines():
            tell(f"{name}: {line}")
        expect(web.ask(seed.client, address) == name, f"nginx on {name} answers on port 81")


def start(seed):
    title("The directors start with the seed's two configurations, as they stand")
    for router in seed.routers.values():
        router.start()
    expect_within(lambda: seed.masters() == ["lvs01"], MASTER_DOWN["lvs01"] + 2 * SLOW,
                  f"lvs01, of priority 100, is MASTER and has {VIP}")
    show_state(seed)
    for name in DIRECTORS:
        wait_until(lambda director=name: seed.destinations(director) == BOTH, SLOW, f"both servers on {name}")
    show_table(seed, "lvs01")
    show_answers(seed, CLIENTS[:4], BOTH)


def server_dies(seed):
    title("nginx on nginx01 dies and comes back")
    seed.nginx["nginx01"].kill()
    tell("nginx01: kill -9 of nginx")
    expect_within(lambda: seed.destinations("lvs01") == ["nginx02"], REMOVED_AT_MOST + SLOW,
                  "lvs01 took it out: checked every 6 s, then 3 retries 3 s apart")
    show_table(seed, "lvs01")
    show_answers(seed, CLIENTS[4:7], ["nginx02"])
    seed.nginx["nginx01"].start()
    tell("nginx01: nginx runs again")
    expect_within(lambda: seed.destinations("lvs01") == BOTH, RESTORED_AT_MOST + SLOW,
                  "lvs01 put it back with the next check")
    wait_until(lambda: seed.destinations("lvs02") == BOTH, SLOW, "lvs02 too")
    show_answers(seed, CLIENTS[7:11], BOTH)


def director_dies(seed):
    title("lvs01 dies while the client keeps asking")
    visitor = web.Visitor(seed.client, VIP, source=CLIENTS[11])
    try:
        wait_until(lambda: len(visitor.answers) > 5, SLOW, "answers")
        blow = seed.power_off("lvs01")
        tell("lvs01: kill -9 of every process of keepalived, and the cable is dead")
        wait_until(lambda: seed.has_vip("lvs02"), MASTER_DOWN["lvs02"] + SLOW, "lvs02 MASTER")
        answered = len(visitor.answers)
        wait_until(lambda: len(visitor.answers) > answered + 5, SLOW, "answers through lvs02")
        outage = visitor.longest_gap(blow)
        tell(f"lvs02 is MASTER and has {VIP}")
        show_table(seed, "lvs02")
        expect(outage <= MASTER_DOWN["lvs02"] + SLOW,
               f"The client was without an answer for {outage * 1000:.0f} ms (the configuration implies up to "
               f"{MASTER_DOWN['lvs02'] * 1000:.0f} ms plus its own retry)")
        show_answers(seed, CLIENTS[12:16], BOTH)

        title("lvs01 returns")
        back = time.time()
        seed.power_on("lvs01")
        expect_within(lambda: seed.masters() == ["lvs01"], MASTER_DOWN["lvs01"] + 2 * SLOW,
                      "lvs01 took over again, lvs02 gave the address up")
        show_state(seed)
        wait_until(lambda: seed.destinations("lvs01") == BOTH, SLOW, "both servers on lvs01")
        answered = len(visitor.answers)
        wait_until(lambda: len(visitor.answers) > answered + 5, SLOW, "answers through lvs01")
        tell(f"The longest time without an answer on the way back: {visitor.longest_gap(back) * 1000:.0f} ms")
        show_answers(seed, CLIENTS[16:20], BOTH)
    finally:
        visitor.close()


def stop(seed):
    title("Both directors stop")
    for name, router in seed.routers.items():
        status, seconds = router.stop()
        expect(status == 0, f"{name} stopped with status 0 in {seconds:.1f} s")
        expect(not seed.has_vip(name) and not ipvs.table(seed.hosts[name]),
               f"{name} left no address and no service behind")


def main():
    with tempfile.TemporaryDirectory(prefix="demo-") as folder:
        try:
            binary = pathlib.Path(os.environ["SUSTAIN_BIN"]).resolve()
            with Seed(folder, binary) as seed:
                for step in (cabling, start, server_dies, director_dies, stop):
                    step(seed)
        except (AssertionError, RuntimeError, OSError) as failure:
            print(f"\nNOT AS EXPECTED: {failure}")
            for log in sorted(pathlib.Path(folder).glob("lvs*.log")):
                print(f"--- {log.name}\n{log.read_text(errors='replace')[-3000:]}")
            return 1
    print("\nEverything went as it should.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

# SPDX-License-Identifier: GPL-2.0-or-later
"""Speed and memory against Debian's keepalived in the same run. Called by tools/bench, one name a call."""

import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

import vrrp_bench
from common import BUILD, OURS, REFERENCE, ROOT, cpu, report, resident
from table import Look

import scripts as track_scripts  # common puts lab on the path
from lab import checked, config
from lab.network import Network
from lab.poll import wait_until
from lab.router import Router

LOOP = BUILD / "test/bench/ipvs-loop"

# Budgets: our figure as a part of the reference's.
CONFIG_TEST_BUDGET, INSTANCES_BUDGET, CONFIG_MEMORY_BUDGET = 0.25, 0.05, 1.5
MEMORY_BUDGET = 2.5
PROGRAMMING_BUDGET, LOOP_BUDGET, RELOAD_BUDGET, STOP_BUDGET = 0.08, 2.5, 0.1, 0.3
SEQUENCE_BUDGET_SECONDS, SEQUENCE_BUDGET_MB = 3, 250
BUILD_BUDGET_SECONDS = 300
SCRIPTS_BUDGET = 0.8


def test_cost(binary, path):
    """User and system seconds and peak memory in MB of a test of a configuration that is in order."""
    words = [binary, "-t", "-f", path]
    with subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{words}: status {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def compare_tests(what, text, rounds, budget):
    """Time and peak memory of -t on this text; the better of some runs, in turns."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "keepalived.conf"
        path.write_text(text)
        times = {OURS: [], REFERENCE: []}
        peaks = {OURS: [], REFERENCE: []}
        for _ in range(rounds):
            for binary in times:
                seconds, peak = test_cost(binary, path)
                times[binary].append(seconds)
                peaks[binary].append(peak)
    kept = report(f"-t on {what}", "s of CPU", min(times[OURS]), min(times[REFERENCE]), budget)
    small = report(f"-t on {what}, peak memory", "MB", min(peaks[OURS]), min(peaks[REFERENCE]), CONFIG_MEMORY_BUDGET)
    return kept and small


def config_test():
    """40,000 virtual servers of 4 real servers each."""
    return compare_tests("40,000 virtual servers", config.virtual_servers(40000), 3, CONFIG_TEST_BUDGET)


def instances():
    """16,000 VRRP instances on 64 interfaces: Debian's compares each with each other."""
    return compare_tests("16,000 VRRP instances", config.instances(64, 250), 1, INSTANCES_BUDGET)


def sequence():
    """65,024 instances from nested ~SEQ; Debian's would take minutes."""
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "keepalived.conf"
        path.write_text(config.instance_sequence(256, 254))
        seconds, peak = test_cost(OURS, path)
    kept = seconds <= SEQUENCE_BUDGET_SECONDS and peak <= SEQUENCE_BUDGET_MB
    print(f"-t on 65,024 instances from ~SEQ: {seconds:.2f} s of CPU, {peak:.0f} MB, "
          f"budget {SEQUENCE_BUDGET_SECONDS} s and {SEQUENCE_BUDGET_MB} MB: {'kept' if kept else 'EXCEEDED'}")
    return kept


def memory():
    """Resident memory of the VRRP child of one MASTER."""
    figures = {}
    for binary in (OURS, REFERENCE):
        with tempfile.TemporaryDirectory() as folder, Network() as network:
            host = network.add_host("lvs01", "172.27.9.11/24")
            daemon = Router(host, binary, config.vrrp(priority=255), pathlib.Path(folder) / "log").start()
            host.wait_for_address("172.27.9.100", "ens33", 10)
            figures[binary] = resident(daemon.wait_for("vrrp"))
            daemon.stop()
    return report("resident memory of the VRRP child", "MB", figures[OURS], figures[REFERENCE], MEMORY_BUDGET)


LAST_SERVICE = "10.100.7.250", 80  # of config.virtual_servers(2000); both programs fill the table in its order


def raw_loop(host, family):
    """Seconds that a bare loop takes to add the same entries, one request after another."""
    seconds = float(host.run(LOOP, family, 2000, 4).stdout)
    host.run("ipvsadm", "-C")
    return seconds


def settled(pid):
    """Seconds of CPU that a process has used when it has no more to do than a check now and then."""
    deadline = time.monotonic() + 60
    before = -1.0
    while (now := cpu(pid)) - before > 0.4 and time.monotonic() < deadline:
        before = now
        time.sleep(2)
    return now


def programmed(binary, folder):
    """The figures of one director with 2,000 virtual servers, by name."""
    with Network() as network:
        host = network.add_host("lvs01", "172.27.9.11/24")
        table = host.path("/proc/1/net/ip_vs")

        def lines():
            return table.read_bytes().count(b"\n") - 3

        # Real servers that answer, and are not asked often: neither verdicts nor checks are what is measured.
        host.run("ip", "route", "add", "local", "10.200.0.0/14", "dev", "lo")
        answering = checked.Hostile(host, 80, lambda connection: None)
        text = config.virtual_servers(2000).replace("delay_loop 6\n", "delay_loop 600\n")
        daemon = Router(host, binary, text, pathlib.Path(folder) / "log", arguments=())
        # Not what is measured: loading the kernel's modules, reading the binary from the disk.
        host.run("ipvsadm", "-A", "-t", "192.0.2.1:80", "-s", "wrr")
        host.run("ipvsadm", "-C")
        host.run(binary, "-t", check=False)
        shown = host.run("genl", "ctrl", "get", "name", "IPVS").stdout
        family = int(shown.partition("ID: ")[2].split()[0], 0)
        figures = {"loop": raw_loop(host, family)}
        last = Look(host, family, *LAST_SERVICE)
        begin = time.monotonic()
        daemon.start()
        wait_until(lambda: last.weights() == [1] * 4, 600, "the last of the table", interval=0.02)
        figures["start"] = time.monotonic() - begin
        assert lines() == 2000 * 5
        checker = daemon.wait_for("checker", 60)
        used = settled(checker)
        head, _, tail = text.rpartition("weight 1\n")
        daemon.configure(head + "weight 3\n" + tail)
        parent = daemon.wait_for("parent")
        begin = time.monotonic()
        os.kill(parent, signal.SIGHUP)
        wait_until(lambda: 3 in last.weights(), 600, "the new weight", interval=0.02)
        figures["reload"] = time.monotonic() - begin
        figures["checker"] = settled(checker) - used
        _, figures["stop"] = daemon.stop(timeout=120)
        figures["left"] = max(lines(), 0)
        answering.close()
        last.close()
        return figures


def ipvs():
    """A table of 2,000 virtual servers of 4 real servers each: start, reload with one weight changed, stop."""
    with tempfile.TemporaryDirectory() as folder:
        ours = programmed(OURS, folder)
        print("ours:", {name: round(figure, 3) for name, figure in ours.items()})  # the reference takes its time
        theirs = programmed(REFERENCE, folder)
    loop = min(ours["loop"], theirs["loop"])
    kept = [report("start to 2,000 virtual servers in the kernel", "s", ours["start"], theirs["start"],
                   PROGRAMMING_BUDGET),
            report("reload with one weight changed", "s", ours["reload"], theirs["reload"], RELOAD_BUDGET),
            report("CPU of the checker for the reload", "s", max(ours["checker"], 0.01),
                   max(theirs["checker"], 0.01), RELOAD_BUDGET),
            report("stop with that table", "s", ours["stop"], theirs["stop"], STOP_BUDGET),
            ours["start"] <= LOOP_BUDGET * loop, ours["left"] == 0]
    print(f"start: {ours['start'] / loop:.2f} times a bare netlink loop of {loop:.3f} s, budget {LOOP_BUDGET}: "
          f"{'kept' if kept[-2] else 'EXCEEDED'} (the loop alone: {loop / theirs['start']:.3f} of Debian's)")
    print(f"entries left by the stop: {ours['left']}, by Debian's {theirs['left']}")
    return all(kept)


def scripts():
    """200 track scripts at an interval of 1 s, and adverts of 100 ms meanwhile."""
    theirs, their_gap, _ = track_scripts.measure(REFERENCE)
    ours, gap, usual_gap = track_scripts.measure(OURS)
    kept = report(f"{track_scripts.SCRIPTS} track scripts", "s of CPU a second", ours, theirs, SCRIPTS_BUDGET)
    most = track_scripts.ADVERT * (1 + track_scripts.LATEST)
    on_time = gap <= most
    print(f"adverts of {track_scripts.ADVERT * 1000:.0f} ms meanwhile: at most {gap * 1000:.1f} ms apart, 99 % within "
          f"{usual_gap * 1000:.1f} ms, Debian's {their_gap * 1000:.1f} ms, budget {most * 1000:.0f} ms: "
          f"{'kept' if on_time else 'EXCEEDED'}")
    return kept and on_time


def build():
    """A clean build, without ccache."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "CCACHE_DISABLE": "1"}
        begin = time.monotonic()
        for words in (["meson", "setup", folder, ROOT], ["ninja", "-C", folder]):
            done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False,
                                  env=environment)
            if done.returncode:
                raise RuntimeError(done.stdout[-4000:])
        seconds = time.monotonic() - begin
    kept = seconds <= BUILD_BUDGET_SECONDS
    print(f"clean build: {seconds:.0f} s on {os.cpu_count()} cores, budget {BUILD_BUDGET_SECONDS} s: "
          f"{'kept' if kept else 'EXCEEDED'}")
    return kept


def main():
    benches = {"config-test": config_test, "instances": instances, "sequence": sequence, "memory": memory,
               "ipvs": ipvs, "scripts": scripts, "build": build, **vrrp_bench.BENCHES}
    if len(sys.argv) != 2 or sys.argv[1] not in benches:
        sys.exit(f"Usage: tools/bench [{'|'.join(benches)}]...")
    return 0 if benches[sys.argv[1]]() else 1


if __name__ == "__main__":
    sys.exit(main())

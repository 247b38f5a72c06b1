# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel's table under every scenario of test/corpus/ipvs and under steps of reloads, ours beside Debian's.

A scenario is a folder with keepalived.conf, scenario.txt and expected.txt: the table as `ipvsadm -Sn` prints it, sorted,
once it is stable. scenario.txt says what the machine is like: `address` on eth0, `listen_tcp` (accept and close),
`prepare` (a command before the start), `wait` (seconds).
"""

import contextlib
import os
import pathlib
import signal
import socket
import subprocess
import threading
import time

import pytest

from lab.poll import wait_until

pytestmark = pytest.mark.ipvs

CORPUS = pathlib.Path(os.environ.get("SUSTAIN_SCENARIOS") or pathlib.Path(__file__).parents[1] / "corpus/ipvs")
SCENARIOS = sorted(folder for folder in CORPUS.iterdir() if (folder / "expected.txt").exists())


def saved(host):
    """The table as sorted lines."""
    lines = host.run("ipvsadm", "-Sn", check=False).stdout.splitlines()
    return sorted((line.rstrip() for line in lines if line.strip()), key=str.encode)


def director(network):
    """The machine of the scenarios: eth0 with an address of each family."""
    host = network.add_host("lvs01", "10.1.0.1/16", interface="eth0")
    host.run("ip", "address", "add", "2001:db8:1::1/64", "dev", "eth0", "nodad")
    host.run("ipvsadm", "-C", check=False)  # loads the module
    return host


class Listener:
    """Accepts and closes connections to address:port of a host."""

    def __init__(self, host, place):
        address, _, port = place.rpartition(":")
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        self._socket = host.inside(lambda: socket.socket(family, socket.SOCK_STREAM))
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self._socket.bind((address.strip("[]"), int(port)))
        self._socket.listen(64)
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                self._socket.accept()[0].close()

    def close(self):
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)


def read_scenario(folder):
    scenario = {}
    for line in (folder / "scenario.txt").read_text().splitlines():
        keyword, _, value = line.partition(":")
        scenario.setdefault(keyword.strip(), []).append(value.strip())
    return scenario


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)
def test_scenario(network, router, binary, folder):
    host = director(network)
    scenario = read_scenario(folder)
    expected = sorted((line.rstrip() for line in (folder / "expected.txt").read_text().splitlines() if line.strip()),
                      key=str.encode)
    for address in scenario.get("address", []):
        host.run("ip", "address", "add", address, "dev", "eth0", *(["nodad"] if ":" in address else []))
    for command in scenario.get("prepare", []):
        host.run("sh", "-c", command, check=False)
    with contextlib.ExitStack() as listeners:
        for place in scenario.get("listen_tcp", []):
            listeners.callback(Listener(host, place).close)
        daemon = router(host, binary, (folder / "keepalived.conf").read_text()).start()
        seconds = float(scenario.get("wait", ["5"])[0])
        wait_until(lambda: saved(host) == expected, seconds + 5, f"the expected table, not {saved(host)}", interval=0.3)
        time.sleep(seconds / 2)
        assert saved(host) == expected  # and it stays
        assert daemon.stop()[0] == 0
    assert saved(host) == []


def service(line, body, servers):
    return f"virtual_server {line} {{\n{body}\n" + "".join(f"real_server {one}\n" for one in servers) + "}\n"


GROUP = "virtual_server_group G {{\n{}\n}}\n"
TCP = "lvs_sched wrr\nlvs_method NAT\nprotocol TCP"

# Each: texts, each of which follows the one before by a reload.
STEPS = {
    "weights": [
        service("10.1.20.1 80", TCP, ["10.1.0.11 80 {\nweight 1\n}", "10.1.0.12 80 {\nweight 2\n}"]),
        service("10.1.20.1 80", TCP, ["10.1.0.11 80 {\nweight 5\n}", "10.1.0.12 80 {\nweight 2\n}"]),
        service("10.1.20.1 80", TCP, ["10.1.0.12 80 {\nweight 0\n}", "10.1.0.13 81 {\nweight 2\n}"])],
    "scheduler and persistence": [
        service("10.1.20.1 80", TCP, ["10.1.0.11 80 {\n}"]),
        service("10.1.20.1 80", TCP + "\npersistence_timeout 50", ["10.1.0.11 80 {\n}"]),
        service("10.1.20.1 80", TCP.replace("wrr", "sh") + "\nsh-port", ["10.1.0.11 80 {\n}"])],
    "services come and go": [
        service("10.1.20.1 80", TCP, ["10.1.0.11 80 {\n}"]) + service("10.1.20.2 80", TCP, ["10.1.0.11 80 {\n}"]),
        service("10.1.20.2 80", TCP, ["10.1.0.11 80 {\n}"]) + service("fwmark 4", "lvs_sched rr\nlvs_method DR",
                                                                       ["10.1.0.11 {\n}"]),
        service("fwmark 5", "lvs_sched rr\nlvs_method DR", ["2001:db8:1::11 {\n}"])],
    "group with marks": [
        GROUP.format("10.1.20.1-3 80\nfwmark 7\n10.1.20.9 0") +
        service("group G", TCP.replace("NAT", "DR") + "\npersistence_timeout 60", ["10.1.0.11 {\n}"]),
        GROUP.format("10.1.20.2-3 80\nfwmark 8") +
        service("group G", TCP.replace("NAT", "DR") + "\npersistence_timeout 60", ["10.1.0.11 {\n}"])],
    "group of NAT without ports": [
        GROUP.format("10.1.20.1 80\n10.1.20.2 443\nfwmark 7") +
        service("group G", TCP, ["10.1.0.11 {\n}", "10.1.0.12 8080 {\n}"])],
    "two of a group": [
        GROUP.format("10.1.20.1 80\n10.1.20.2 80") + service("group G", TCP, ["10.1.0.11 80 {\n}"]) +
        service("group G", TCP.replace("TCP", "UDP"), ["10.1.0.12 80 {\n}"])],
    "mixed families by tunnel": [
        service("10.1.20.1 80", TCP.replace("NAT", "TUN"), ["10.1.0.11 80 {\n}", "2001:db8:1::11 80 {\n}"]) +
        service("2001:db8:20::1 80", TCP.replace("NAT", "TUN"), ["10.1.0.11 80 {\n}", "2001:db8:1::11 80 {\n}"])],
    "inhibited sorry server": [
        service("10.1.20.1 80", TCP + "\nsorry_server 10.1.0.19 80\nsorry_server_inhibit", ["10.1.0.11 80 {\n}"])],
    "written twice": [
        service("10.1.20.1 80", TCP, ["10.1.0.11 80 {\n}"]),
        service("10.1.20.1 80", TCP, ["10.1.0.11 80 {\n}"]) + service("10.1.20.1 80", TCP, ["10.1.0.12 80 {\n}"]),
        service("10.1.20.1 80", TCP, ["10.1.0.11 80 {\n}", "10.1.0.12 80 {\n}"])],
    "method, protocol and port": [
        service("10.1.20.1 80", TCP, ["10.1.0.11 80 {\n}"]),
        service("10.1.20.1 80", TCP.replace("NAT", "TUN type gre csum"), ["10.1.0.11 80 {\n}"]),
        service("10.1.20.1 80", TCP.replace("NAT", "TUN").replace("TCP", "UDP"), ["10.1.0.11 80 {\n}"]),
        service("10.1.20.1", TCP.replace("TCP", "UDP"), ["10.1.0.11 80 {\n}"])],
    "ops and flags": [
        service("10.1.20.1 53", "lvs_sched wlc\nlvs_method NAT\nprotocol UDP\nops\nflag-3", ["10.1.0.11 53 {\n}"])],
}


# A reload of 2.2.7 leaves what these no longer name in the table: what counts is what it makes of them at a start.
FORGOTTEN = ("group with marks",)


@pytest.mark.parametrize("name", STEPS)
def test_steps_beside_the_reference(network, router, binary, reference, name):
    host = director(network)
    tables = {}
    for program in (binary, reference):
        tables[program] = []
        daemon = router(host, program, STEPS[name][0]).start()
        daemon.wait_for("checker")
        for number, text in enumerate(STEPS[name]):
            if number and program == reference and name in FORGOTTEN:
                daemon.stop()
                host.run("ipvsadm", "-C")
                daemon.configure(text)
                daemon.start()
                daemon.wait_for("checker")
            elif number:
                daemon.configure(text)
                daemon.signal(signal.SIGHUP)
            time.sleep(2.5)
            tables[program].append(saved(host))
        daemon.stop()
        host.run("ipvsadm", "-C")
    for number, (ours, theirs) in enumerate(zip(tables[binary], tables[reference])):
        assert ours == theirs, f"step {number}"
        assert ours, f"step {number}: an empty table says nothing"


def test_a_range_beyond_its_24(network, router, binary):
    """keepalived runs for ever here."""
    host = director(network)
    text = GROUP.format("10.1.20.250-10.1.22.5 80\n10.2.0.0/23 80") + service("group G", TCP, ["10.1.0.11 80 {\n}"])
    daemon = router(host, binary, text).start()
    wait_until(lambda: len(saved(host)) == 2 * (268 + 512), 20, "780 services", interval=0.5)
    assert "-A -t 10.1.21.0:80 -s wrr" in saved(host)
    assert daemon.stop(30)[0] == 0
    assert saved(host) == []


def test_a_missing_engine_costs_the_engine_only(network, router, binary):
    host = director(network)
    text = service("10.1.20.1 80", TCP + "\npersistence_timeout 50\npersistence_engine nonsense", ["10.1.0.11 80 {\n}"])
    daemon = router(host, binary, text).start()
    expected = ["-A -t 10.1.20.1:80 -s wrr -p 50", "-a -t 10.1.20.1:80 -r 10.1.0.11:80 -m -w 1"]
    wait_until(lambda: saved(host) == expected, 10, "the service without its engine")
    assert "without the persistence engine nonsense" in daemon.log
    assert daemon.stop()[0] == 0


def test_errors_name_service_and_operation(network, router, binary):
    host = director(network)
    text = service("10.1.20.1 80", TCP, ["10.1.0.11 80 {\nuthreshold 5\nlthreshold 9\n}", "10.1.0.12 80 {\n}"])
    daemon = router(host, binary, text).start()
    wait_until(lambda: "-a -t 10.1.20.1:80 -r 10.1.0.12:80 -m -w 1" in saved(host), 10, "the other server")
    wait_until(lambda: "IPVS: adding 10.1.0.11:80 to [10.1.20.1]:tcp:80" in daemon.log, 5, "the error in the log")
    assert daemon.stop()[0] == 0


def test_flush_at_start_and_stop(network, router, binary):
    host = director(network)
    text = service("10.1.20.1 80", TCP, ["10.1.0.11 80 {\n}"])
    ours = ["-A -t 10.1.20.1:80 -s wrr", "-a -t 10.1.20.1:80 -r 10.1.0.11:80 -m -w 1"]
    for flag, before, after in (("lvs_flush\nlvs_flush_on_stop", ours, []), ("lvs_flush_on_stop VS", None, None)):
        host.run("ipvsadm", "-A", "-t", "10.9.0.1:80", "-s", "rr")
        foreign = saved(host)
        daemon = router(host, binary, f"global_defs {{\n{flag}\n}}\n" + text).start()
        wanted = before if before is not None else sorted(ours + foreign, key=str.encode)
        wait_until(lambda: saved(host) == wanted, 10, f"{flag}: {wanted}")
        host.run("ipvsadm", "-A", "-t", "10.9.0.2:80", "-s", "rr")
        assert daemon.stop()[0] == 0
        left = after if after is not None else sorted(foreign + ["-A -t 10.9.0.2:80 -s rr"], key=str.encode)
        assert saved(host) == left, flag


def test_timeouts_are_set_and_come_back(network, router, binary):
    host = director(network)

    def timeouts():
        return host.run("ipvsadm", "-L", "--timeout").stdout.split(":")[-1].split()

    before = timeouts()
    text = service("10.1.20.1 80", TCP, ["10.1.0.11 80 {\n}"])
    daemon = router(host, binary, "global_defs {\nlvs_timeouts tcp 7000 udp 70\n}\n" + text).start()
    wait_until(lambda: timeouts() == ["7000", before[1], "70"], 10, "the timeouts")
    daemon.configure("global_defs {\nlvs_timeouts tcpfin 77\n}\n" + text)
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: timeouts() == [before[0], "77", before[2]], 10, "the other timeouts")
    assert daemon.stop()[0] == 0
    assert timeouts() == before


def test_somebody_runs_ipvsadm(network, router, binary):
    """What others change is put right with the next edit of the service."""
    host = director(network)
    host.run("ip", "address", "add", "10.1.0.11/16", "dev", "eth0")
    listener = Listener(host, "10.1.0.11:8001")
    check = "TCP_CHECK {\nconnect_timeout 1\nretry 0\nwarmup 0\ndelay_loop 1\n}"
    text = service("10.1.20.1 80", TCP, ["10.1.0.11 8001 {\n" + check + "\n}", "10.1.0.12 80 {\n}"])
    full = ["-A -t 10.1.20.1:80 -s wrr", "-a -t 10.1.20.1:80 -r 10.1.0.11:8001 -m -w 1",
            "-a -t 10.1.20.1:80 -r 10.1.0.12:80 -m -w 1"]
    daemon = router(host, binary, text).start()
    wait_until(lambda: saved(host) == full, 10, "the table")
    host.run("ipvsadm", "-d", "-t", "10.1.20.1:80", "-r", "10.1.0.12:80")
    host.run("ipvsadm", "-a", "-t", "10.1.20.1:80", "-r", "10.1.0.13:80", "-m")
    listener.close()
    wait_until(lambda: saved(host) == [full[0], full[2]], 10, "the table put right")
    assert "was changed by somebody else" in daemon.log
    assert daemon.stop()[0] == 0


def test_ha_suspend_follows_the_address(network, router, binary):
    """Checks rest while the address is elsewhere: a dead server stays in, until the address comes."""
    host = director(network)
    host.run("ip", "address", "add", "10.1.0.11/16", "dev", "eth0")
    check = "TCP_CHECK {\nconnect_timeout 1\nretry 0\nwarmup 0\ndelay_loop 1\n}"
    text = (GROUP.format("10.1.30.1-9 80") +
            service("10.1.20.1 80", TCP + "\nha_suspend", ["10.1.0.11 8001 {\n" + check + "\n}"]) +
            service("group G", TCP + "\nha_suspend", ["10.1.0.11 8002 {\n" + check + "\n}"]))
    daemon = router(host, binary, text).start()
    daemon.wait_for("checker")
    time.sleep(5)
    assert len(saved(host)) == 20
    host.run("ip", "address", "add", "10.1.20.1/32", "dev", "eth0")
    wait_until(lambda: len(saved(host)) == 19, 10, "the dead server of the first service out")
    host.run("ip", "address", "add", "10.1.30.5/32", "dev", "eth0")
    wait_until(lambda: len(saved(host)) == 10, 10, "that of the group, which keepalived leaves suspended for ever")
    assert daemon.stop()[0] == 0


def test_a_verdict_is_in_the_kernel_in_the_turn_in_which_it_arrives(network, router, binary, tmp_path):
    """Between reading the checker's word and the netlink request the parent waits for nothing."""
    host = director(network)
    host.run("ip", "address", "add", "10.1.0.11/16", "dev", "eth0")
    listener = Listener(host, "10.1.0.11:8001")
    check = "TCP_CHECK {\nconnect_timeout 1\nretry 0\nwarmup 0\ndelay_loop 1\n}"
    text = service("10.1.20.1 80", TCP, ["10.1.0.11 8001 {\n" + check + "\n}", "10.1.0.12 80 {\n}"])
    daemon = router(host, binary, text).start()
    wait_until(lambda: len(saved(host)) == 3, 10, "the table")
    parent = daemon.wait_for("parent")
    trace = tmp_path / "trace"
    with subprocess.Popen(["strace", "-qq", "-e", "trace=epoll_wait,epoll_pwait,recvmsg,sendmsg", "-o", trace,
                           "-p", str(parent)]) as tracer:
        wait_until(lambda: "TracerPid:\t0" not in pathlib.Path(f"/proc/{parent}/status").read_text(), 20, "the tracer")
        listener.close()
        wait_until(lambda: len(saved(host)) == 2, 20, "the dead server out of the table")
        tracer.terminate()
    calls = trace.read_text().splitlines()
    edit = next(number for number, call in enumerate(calls) if call.startswith("sendmsg") and "AF_NETLINK" in call)
    turn = next(number for number in range(edit, -1, -1) if calls[number].startswith("epoll_"))
    verdict = [call for call in calls[turn:edit] if call.startswith("recvmsg") and " = -1 " not in call]
    assert verdict, "\n".join(calls[max(turn - 5, 0):edit + 1])
    assert daemon.stop()[0] == 0

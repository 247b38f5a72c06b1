# SPDX-License-Identifier: GPL-2.0-or-later
"""The cost of health checks against Debian's keepalived, in one run: as many a second as take the reference about half
a core. Called by tools/bench; needs a kernel with IPVS.

    checks.py tcp-checks|https-checks
"""

import contextlib
import pathlib
import socket
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test/system"))
sys.path.insert(0, str(ROOT / "test/bench"))

import bench  # noqa: E402
from common import BUILD, cpu  # noqa: E402
from lab import checked, web  # noqa: E402
from lab.network import Network  # noqa: E402
from lab.poll import wait_until  # noqa: E402
from lab.router import Router  # noqa: E402

# Budgets: our processor time as a part of the reference's, and how late a check may be as a part of delay_loop.
TCP_BUDGET, HTTPS_BUDGET, LATE_BUDGET = 0.7, 0.9, 0.1
HALF_A_CORE = 0.5
PACE = 0.9  # a director that makes less of its checks is not up to them
SECONDS = 15
SAMPLED = 10  # real servers whose connections are timed
SAMPLE_PORT = 9
LOOPS = {"tcp": BUILD / "test/bench/tcp-loop", "https": BUILD / "test/bench/tls-loop"}

SERVERS = """
    server {{
        listen 81 backlog=4096;
        listen 443 ssl backlog=4096;
        ssl_certificate {folder}/server.crt;
        ssl_certificate_key {folder}/server.key;
        location / {{ default_type text/plain; return 200 "hello"; }}
    }}
    server {{
        listen 82;
        location / {{ stub_status; }}
    }}
"""
CHECKS = {"tcp": "TCP_CHECK {\nconnect_port %d\n}",
          "https": "SSL_GET {\nconnect_port %d\nurl {\npath /\nstatus_code 200\n}\n}"}
PORTS = {"tcp": 81, "https": 443}


def configuration(kind, count):
    """So many checks of as many real servers, all of them on this machine, once a second each."""
    texts = []
    for begin in range(0, count, 100):
        servers = "".join(
            f"real_server 127.{1 + number // 62500}.{number // 250 % 250}.{1 + number % 250} 80 {{\n"
            + CHECKS[kind] % (PORTS[kind] if number >= SAMPLED or kind != "tcp" else SAMPLE_PORT) + "\n}\n"
            for number in range(begin, min(begin + 100, count)))
        texts.append(f"virtual_server 10.1.{begin // 25000}.{1 + begin // 100 % 250} 80 {{\ndelay_loop 1\nwarmup 1\n"
                     f"lb_algo rr\nlb_kind NAT\nprotocol TCP\nconnect_timeout 3\n{servers}}}\n")
    return "".join(texts)


def processor_time(pids):
    """Seconds of user and system time so far."""
    return sum(cpu(pid) for pid in pids)


class Arrivals:
    """When each of the sampled real servers was connected to."""

    def __init__(self, host):
        def opened():
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("", SAMPLE_PORT))
            listener.listen(128)
            return listener

        self._listener = host.inside(opened)
        self.times = {}
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        try:
            while True:
                connection, _ = self._listener.accept()
                self.times.setdefault(connection.getsockname()[0], []).append(time.monotonic())
                connection.close()
        except OSError:
            pass

    def close(self):
        self._listener.close()

    def latest(self):
        """The longest time between two checks of one real server, less delay_loop."""
        gaps = [later - earlier for times in self.times.values() for earlier, later in zip(times, times[1:])]
        return max(gaps, default=float("inf")) - 1


def accepted(host):
    """How many connections nginx has accepted so far."""
    return int(web.ask(host, "127.0.0.1", 82, timeout=30).splitlines()[2].split()[0])


@contextlib.contextmanager
def real_servers():
    """(a folder, the host with nginx on all its local addresses)"""
    with tempfile.TemporaryDirectory() as name, Network() as network:
        folder = pathlib.Path(name)
        host = network.add_host("lvs01", "172.27.9.11/24")
        checked.make_certificate(folder)
        command = web.nginx(folder, SERVERS.format(folder=folder), connections=4096)
        host.run("sysctl", "-qw", "net.core.somaxconn=4096", check=False)
        with open(folder / "nginx.log", "ab") as log:
            nginx = host.popen(*command, stdout=log, stderr=log)
        try:
            wait_until(lambda: ":81 " in host.run("ss", "-ltn").stdout, 30, "nginx")
            yield folder, host
        finally:
            nginx.kill()


def bare(kind, count):
    """Milliseconds of CPU of a check with nothing but what none can do without: the system calls, the handshake."""
    with real_servers() as (_, host):
        return float(host.run(LOOPS[kind], count, SECONDS, PORTS[kind]).stdout)


def measure(binary, kind, count):
    """(cores that parent and checker take, checks that were made a second, how late the latest sampled check was in
    seconds)"""
    with real_servers() as (folder, host):
        arrivals = Arrivals(host)
        daemon = Router(host, binary, configuration(kind, count), folder / "log", arguments=()).start()
        pids = [daemon.wait_for("parent", 60), daemon.wait_for("checker", 60)]
        time.sleep(5)  # first checks, and what they change
        arrivals.times.clear()
        made = accepted(host)
        begin, before = time.monotonic(), processor_time(pids)
        time.sleep(SECONDS)
        used, seconds = processor_time(pids) - before, time.monotonic() - begin
        made = accepted(host) - made
        late = arrivals.latest()
        if kind == "tcp":
            made += sum(len(times) for times in arrivals.times.values())
        daemon.stop(timeout=60)
        arrivals.close()
        return used / seconds, made / seconds, late


def compare(kind, first_guess, budget):
    """As many checks a second as take the reference half a core, if it can make them: what counts is the cost of a
    check that was made."""
    count = first_guess
    for _ in range(4):
        theirs, their_rate, their_late = measure(bench.REFERENCE, kind, count)
        print(f"Debian's: {theirs:.3f} cores for {their_rate:.0f} of {count} checks a second")
        if their_rate < PACE * count:
            count = max(20, int(their_rate * PACE))
        elif 0.35 <= theirs <= 0.65:
            break
        else:
            count = max(20, int(count * HALF_A_CORE / max(theirs, 0.02)))
    ours, our_rate, our_late = measure(bench.OURS, kind, count)
    print(f"ours: {ours:.3f} cores for {our_rate:.0f} of {count} checks a second")
    kept = bench.report(f"{count} {kind} checks a second, each", "ms of CPU", ours / our_rate * 1000,
                        theirs / their_rate * 1000, budget)
    floor = bare(kind, count)
    print(f"what nobody can do without, by a bare loop: {floor:.3f} ms, {floor * their_rate / theirs / 1000:.3f} of "
          "Debian's")
    if kind == "tcp":
        in_time = our_late <= LATE_BUDGET
        print(f"the latest of the sampled checks: {our_late * 1000:.0f} ms, Debian's {their_late * 1000:.0f} ms, "
              f"budget {LATE_BUDGET * 1000:.0f} ms: {'kept' if in_time else 'EXCEEDED'}")
        kept = kept and in_time
    return kept


def main():
    benches = {"tcp-checks": lambda: compare("tcp", 1000, TCP_BUDGET),
               "https-checks": lambda: compare("https", 100, HTTPS_BUDGET)}
    if len(sys.argv) != 2 or sys.argv[1] not in benches:
        sys.exit(f"Usage: checks.py {'|'.join(benches)}")
    subprocess.run(["modprobe", "-q", "ip_vs"], check=False)
    return 0 if benches[sys.argv[1]]() else 1


if __name__ == "__main__":
    sys.exit(main())

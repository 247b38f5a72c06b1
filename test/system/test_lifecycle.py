# SPDX-License-Identifier: GPL-2.0-or-later
"""Start and stop as scripts and service managers see them (spec cli.md 5, 9, 10, 13; service.md 8)."""

import os
import signal
import stat
import time

from lab import config
from lab.poll import wait_until
from lab.router import CONFIGURATION, PID_FILES

VIP = "172.27.9.100"


def detached(host, binary, text):
    """Starts a daemon that detaches. Returns (its first process's result, seconds until it came back)."""
    host.path(CONFIGURATION).write_text(text)
    begin = time.monotonic()
    return host.run(binary, "-D", check=False), time.monotonic() - begin


def parent(host):
    return int(host.path(PID_FILES["parent"]).read_text())


def test_detaches_and_writes_pid_files(network, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    started, seconds = detached(host, binary, config.vrrp())
    assert started.returncode == 0 and seconds < 2
    files = [host.path(PID_FILES["parent"]), host.path(PID_FILES["vrrp"])]
    wait_until(lambda: all(file.exists() and file.read_text().strip() for file in files), 5, "pid files")
    for file in files:
        assert stat.S_IMODE(file.stat().st_mode) == 0o644
        assert file.read_text() == f"{int(file.read_text())}\n"
    outside = next(pid for pid, inside in host.processes().items() if inside == parent(host))
    assert os.readlink(f"/proc/{outside}/exe") == str(binary)
    assert os.readlink(f"/proc/{outside}/cwd") == "/"
    assert os.getsid(outside) == outside or os.stat(f"/proc/{outside}").st_uid == 0
    # Nobody but VRRP has something to do.
    assert not host.path(PID_FILES["checker"]).exists()

    host.wait_for_address(VIP, "ens33", 8)
    before = sorted(host.processes())
    again, _ = detached(host, binary, config.vrrp())
    assert again.returncode == 0
    assert sorted(host.processes()) == before

    host.run("kill", "-TERM", parent(host))
    wait_until(lambda: not any(file.exists() for file in files), 5, "no pid files")
    wait_until(lambda: not set(before[2:]) & set(host.processes()), 2, "no processes")
    assert VIP not in host.addresses("ens33")


def test_second_start_says_so(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    first = router(host, binary, config.vrrp()).start()
    first.wait_for("vrrp")
    second = host.run(binary, "-n", "-l", check=False)
    assert second.returncode == 0
    assert "daemon is already running" in second.stdout + second.stderr
    assert first.running


def test_term_and_int(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    for number in (signal.SIGTERM, signal.SIGINT):
        daemon = router(host, binary, config.vrrp(priority=255)).start()
        host.wait_for_address(VIP, "ens33", 5)
        begin = time.monotonic()
        daemon.signal(number)
        assert daemon.wait() == 0
        # Debian's init script waits one second between stop and start (spec service.md 2).
        assert time.monotonic() - begin < 1.0
        assert VIP not in host.addresses("ens33")
        assert not any(host.path(file).exists() for file in PID_FILES.values())
        assert not daemon.processes()


def test_all_processes_stopped_at_once(network, router, binary):
    """As systemd's default does: TERM to every process. Nobody is started again, the status is 0."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    daemon = router(host, binary, config.vrrp(priority=255)).start()
    host.wait_for_address(VIP, "ens33", 5)
    for pid in daemon.processes():
        os.kill(pid, signal.SIGTERM)
    assert daemon.wait() == 0
    assert VIP not in host.addresses("ens33")
    assert not daemon.processes()
    assert "Respawn" not in daemon.log


def test_other_signals_change_nothing(network, router, binary):
    """Whatever can be ignored is, by parent and child, be it for a dump or nobody's."""
    errors = {signal.SIGILL, signal.SIGTRAP, signal.SIGBUS, signal.SIGFPE, signal.SIGSEGV, signal.SIGSYS}
    others = sorted(set(signal.valid_signals()) - errors - {signal.SIGHUP, signal.SIGINT, signal.SIGTERM,
                                                            signal.SIGKILL, signal.SIGSTOP})
    assert {signal.SIGUSR1, signal.SIGUSR2, signal.SIGRTMIN + 2, signal.SIGRTMAX - 1} <= set(others)
    host = network.add_host("lvs01", "172.27.9.11/24")
    daemon = router(host, binary, config.vrrp(priority=255)).start()
    host.wait_for_address(VIP, "ens33", 5)
    processes = daemon.processes()
    for number in others:
        for pid in processes:
            os.kill(pid, number)
    time.sleep(0.5)
    assert daemon.running and daemon.processes() == processes
    assert daemon.stop()[0] == 0


def test_parent_killed(network, router, binary):
    """The children do not outlive it: the address is given back with a farewell."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    with network.capture() as capture:
        daemon = router(host, binary, config.vrrp(priority=255)).start()
        host.wait_for_address(VIP, "ens33", 5)
        os.kill(daemon.wait_for("parent"), signal.SIGKILL)
        wait_until(lambda: VIP not in host.addresses("ens33"), 3, "the VIP gone")
        wait_until(lambda: not daemon.processes(), 3, "no processes")
        assert capture.adverts(host)[-1].advert.priority == 0
        # The pid file that it left is no obstacle.
        daemon.start()
        host.wait_for_address(VIP, "ens33", 5)


def test_interface_untouched_after_stop(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")

    def state():
        return host.run("ip", "-4", "address").stdout, host.run("ip", "-4", "route", "show", "table", "all").stdout

    before = state()
    daemon = router(host, binary, config.vrrp(priority=255, vip="172.27.9.100\n        172.27.9.101/24")).start()
    host.wait_for_address("172.27.9.101", "ens33", 5)
    assert daemon.stop()[0] == 0
    assert state() == before

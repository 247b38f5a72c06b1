# SPDX-License-Identifier: GPL-2.0-or-later
"""Debian's keepalived package with its binary replaced by ours through dpkg-divert: `service keepalived ...` with
Debian's own init script and the seed's configuration (spec service.md 2). Only in the guest: it changes the system
that it runs on."""

import os
import pathlib
import shutil
import subprocess

import pytest

from lab import ipvs, seed
from lab.network import Network
from lab.poll import wait_until

pytestmark = pytest.mark.ipvs

INSTALLED = pathlib.Path("/usr/sbin/keepalived")
DIVERTED = pathlib.Path("/usr/sbin/keepalived.debian")


def in_guest():
    return pathlib.Path("/proc/1/comm").read_text().strip() == "bash" and os.uname().nodename == "guest"


@pytest.fixture(scope="module")
def host(binary):
    if not in_guest():
        pytest.skip("replaces a file of this system: only in the guest")
    if binary != INSTALLED:
        subprocess.run(["dpkg-divert", "--local", "--rename", "--divert", DIVERTED, "--add", INSTALLED], check=True)
        shutil.copy(binary, INSTALLED)
        INSTALLED.chmod(0o755)
    with Network() as network:
        made = network.add_host("lvs01", "172.27.9.11/24")
        made.path("/etc/keepalived/keepalived.conf").write_bytes(seed.configuration("lvs01"))
        yield made


def service(host, action):
    # PATH as at boot; no environment of ours may be needed.
    return host.run("env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "service", "keepalived", action, check=False)


def parent(host):
    """The number inside of the running parent, None without one."""
    file = host.path("/run/keepalived.pid")
    inside = int(file.read_text()) if file.exists() and file.read_text().strip() else None
    return inside if inside in host.processes().values() else None


def serving(host):
    return seed.VIP in host.addresses("ens33") and seed.SERVICE in ipvs.table(host)


def idle(host):
    return seed.VIP not in host.addresses("ens33") and not ipvs.table(host) and parent(host) is None


def test_start(host):
    done = service(host, "start")
    assert done.returncode == 0, done.stderr
    assert "fail" not in done.stdout + done.stderr
    wait_until(lambda: parent(host), 5, "a parent process")
    wait_until(lambda: serving(host), 10, "address and service")


def test_second_start_does_not_start_another(host):
    before = parent(host)
    assert service(host, "start").returncode == 0
    assert parent(host) == before


def test_status_prints_the_usage(host):
    done = service(host, "status")
    assert done.returncode == 1
    assert "Usage: /etc/init.d/keepalived" in done.stderr


@pytest.mark.parametrize("action", ["reload", "force-reload"])
def test_reload(host, action):
    before = parent(host)
    done = service(host, action)
    assert done.returncode == 0, done.stderr
    wait_until(lambda: serving(host), 3, "address and service")
    assert parent(host) == before


def test_restart(host):
    """Nothing runs after it with the reference, which takes longer to stop than the script waits."""
    before = parent(host)
    done = service(host, "restart")
    assert done.returncode == 0, done.stderr
    assert wait_until(lambda: parent(host), 5, "a parent process") != before
    wait_until(lambda: serving(host), 10, "address and service")


def test_stop(host):
    assert service(host, "stop").returncode == 0
    wait_until(lambda: idle(host), 5, "no address, no service, no process")
    assert not [name for name in ("keepalived.pid", "vrrp.pid", "checkers.pid") if host.path(f"/run/{name}").exists()]
    # And once more, with nothing to stop.
    assert service(host, "stop").returncode == 0

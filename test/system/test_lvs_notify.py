# SPDX-License-Identifier: GPL-2.0-or-later
"""Notify scripts, FIFO lines and mails about real and virtual servers: what keepalived does, ours does (spec lvs.md 7,
outputs.md 5 to 7)."""

import contextlib
import os
import pathlib
import signal
import socket
import threading
import time

import pytest

from lab import mail
from lab.poll import wait_until
from lab.notes import FifoReader, Recorder

pytestmark = pytest.mark.ipvs

NOTE = Recorder.PATH

GLOBALS = """
global_defs {
    router_id r1
    script_user root
    notify_fifo /run/all.fifo
    lvs_notify_fifo /run/lvs.fifo
    smtp_server 127.0.0.1 2525
    smtp_helo_name helo.example
    notification_email_from ka@example.net
    notification_email {
        ops@example.net
    }
    %s
}
"""


def real_server(address, port, extra=""):
    return f"""
    real_server {address} {port} {{
        weight 1
        notify_up "{NOTE} {address}:{port} up"
        notify_down "{NOTE} {address}:{port} down" nobody nogroup
        TCP_CHECK {{
            connect_timeout 1
            retry 0
            delay_before_retry 0
        }}
        {extra}
    }}"""


def virtual_server(number, servers, extra=""):
    return f"""
virtual_server 10.1.0.{number} 80 {{
    delay_loop 1
    lb_algo rr
    lb_kind NAT
    protocol TCP
    quorum 1
    quorum_up "{NOTE} vs{number} up"
    quorum_down "{NOTE} vs{number} down"
    smtp_alert
    {extra}{"".join(servers)}
}}
"""


class Door:
    """A real server that can be open or shut."""

    def __init__(self, host, port):
        self._host, self._port, self._listener = host, port, None
        self.open()

    def open(self):
        def opened():
            listener = socket.socket()
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(("0.0.0.0", self._port))
            listener.listen(16)
            return listener

        self._listener = self._host.inside(opened)
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def shut(self):
        if self._listener:
            self._listener.shutdown(socket.SHUT_RDWR)
            self._listener.close()
            self._listener = None

    @staticmethod
    def _accept(listener):
        while True:
            try:
                listener.accept()[0].close()
            except OSError:
                return


class Run:
    def __init__(self, host, daemon):
        self.host, self.daemon = host, daemon
        self.recorder = Recorder(host)
        self.server = mail.Server(host, 2525)
        self.doors = [Door(host, port) for port in (81, 82)]
        for path in ("/run/all.fifo", "/run/lvs.fifo"):
            os.mkfifo(host.path(path), 0o600)
        self.all, self.lvs = (FifoReader(host, path) for path in ("/run/all.fifo", "/run/lvs.fifo"))

    def wait_for_line(self, line, count=1, timeout=20):
        wait_until(lambda: self.all.lines().count(line) >= count, timeout, f"{line} ({count}.)")

    def scripts(self):
        """How many notify scripts are at work."""
        count = 0
        for pid in self.host.processes():
            with contextlib.suppress(OSError):
                count += pathlib.Path(f"/proc/{pid}/comm").read_text() == "note\n"
        return count

    def settle(self):
        before = None
        while self.scripts() or self.heard() != before:
            before = self.heard()
            time.sleep(1.5)

    def heard(self):
        return len(self.recorder.calls()), len(self.server.mails), self.all.octets

    def close(self):
        self.server.close()
        for door in self.doors:
            door.shut()


VS = "[10.1.0.1]:tcp:80"


def calls(run):
    """The calls of notify scripts so far, in an order that is not chance."""
    return sorted((call.arguments, call.account, call.umask, call.folder) for call in run.recorder.calls())


def test_tells_what_the_reference_tells(network, router, binary, reference):
    """Both servers go down and come back, one is removed by a reload, then the daemon stops with omega."""
    runs = []
    for name, program, address in (("ref", reference, "172.27.9.11"), ("ours", binary, "172.27.9.11")):
        host = network.add_host(name, "172.27.9.11/24")
        servers = [real_server(address, port) for port in (81, 82)]
        run = Run(host, router(host, program, GLOBALS % "" + virtual_server(1, servers, "omega")))
        run.daemon.start()
        run.wait_for_line(f"VS {VS} UP")
        run.settle()
        run.doors[0].shut()
        run.wait_for_line(f"RS [{address}]:tcp:81 {VS} DOWN")
        run.settle()
        run.doors[1].shut()
        run.wait_for_line(f"VS {VS} DOWN")
        run.settle()
        for door in run.doors:
            door.open()
        run.wait_for_line(f"RS [{address}]:tcp:81 {VS} UP")
        run.wait_for_line(f"RS [{address}]:tcp:82 {VS} UP")
        run.settle()
        run.daemon.configure(GLOBALS % "" + virtual_server(1, servers[:1], "omega"))
        run.daemon.signal(signal.SIGHUP)
        run.wait_for_line(f"RS [{address}]:tcp:82 {VS} DOWN", count=2)
        run.settle()
        run.before_stop = calls(run)
        assert run.daemon.stop()[0] == 0
        time.sleep(0.3)
        host.run("ip", "link", "set", "ens33", "down")
        run.close()
        runs.append(run)
    theirs, ours = runs
    assert sorted(ours.all.lines()) == sorted(theirs.all.lines())
    assert ours.all.lines() == ours.lvs.lines()
    for start in ("VS ", "RS [172.27.9.11]:tcp:81 ", "RS [172.27.9.11]:tcp:82 "):  # which of two comes first is chance
        def of(run):
            return [line for line in run.all.lines() if line.startswith(start)]
        assert of(ours) == of(theirs)
    assert b"\0" not in ours.all.octets

    assert ours.before_stop == theirs.before_stop
    assert sorted(call[0][1:] for call in ours.before_stop) == sorted(
        [("vs1", "up"), ("172.27.9.11:81", "down"), ("172.27.9.11:82", "down"), ("vs1", "down"),
         ("172.27.9.11:81", "up"), ("172.27.9.11:82", "up"), ("vs1", "up"), ("172.27.9.11:82", "down")])
    # The scripts of the stop have a second before they are killed: which of them get as far as writing is chance.
    for run in runs:
        last = calls(run)
        for call in run.before_stop:
            last.remove(call)
        goodbye = sorted(call[0][1:] for call in last)
        assert goodbye in ([], [("172.27.9.11:81", "down")], [("vs1", "down")],
                           [("172.27.9.11:81", "down"), ("vs1", "down")])

    def mails(run):  # the reference loses those of its stop
        return sorted(one.without_date() for one in run.server.mails if "Shutting down" not in one.body)
    assert mails(ours) == mails(theirs)


def test_no_checker_emails(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    run = Run(host, router(host, binary, GLOBALS % "no_checker_emails" +
                           virtual_server(1, [real_server("172.27.9.11", 81)])))
    run.daemon.start()
    run.wait_for_line(f"VS {VS} UP")
    run.doors[0].shut()
    run.wait_for_line(f"VS {VS} DOWN")
    wait_until(lambda: "[r1] Realserver [172.27.9.11]:tcp:81 of virtual server [10.1.0.1]:tcp:80 - DOWN"
               in run.server.subjects(), 5, "the mail of the real server")
    assert next(one.body for one in run.server.mails if "Realserver" in one.subject) == \
        "=> TCP CHECK failed on service <="
    assert run.daemon.stop()[0] == 0
    run.close()


def test_rs_init_notifies(network, router, binary, reference):
    lines = []
    for name, program in (("ref", reference), ("ours", binary)):
        host = network.add_host(name, "172.27.9.11/24")
        run = Run(host, router(host, program, GLOBALS % "rs_init_notifies" +
                               virtual_server(1, [real_server("172.27.9.11", 81)])))
        run.daemon.start()
        run.wait_for_line(f"RS [172.27.9.11]:tcp:81 {VS} UP")
        run.settle()
        assert run.daemon.stop()[0] == 0
        host.run("ip", "link", "set", "ens33", "down")
        lines.append((sorted(run.all.lines()), sorted(run.recorder.texts())))
        run.close()
    assert lines[0] == lines[1]


def test_child_that_dies_is_not_told(network, router, binary):
    """The checker comes back and finds the servers as they were: nobody hears of it."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    run = Run(host, router(host, binary, GLOBALS % "" + virtual_server(1, [real_server("172.27.9.11", 81)])))
    run.daemon.start()
    run.wait_for_line(f"VS {VS} UP")
    run.settle()
    before = run.all.lines(), run.recorder.texts()
    old = run.daemon.wait_for("checker")
    os.kill(old, signal.SIGKILL)
    run.daemon.wait_for("checker", other_than=old)
    run.settle()
    assert (run.all.lines(), run.recorder.texts()) == before
    assert run.daemon.stop()[0] == 0
    run.close()

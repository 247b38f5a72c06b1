# SPDX-License-Identifier: GPL-2.0-or-later
"""A child that an attacker has taken over: the test speaks in its place, over its own channel to the parent. It gets
nothing run that the configuration does not name for it, and the parent goes on serving."""

import contextlib
import ctypes
import os
import signal
import socket
import struct
import time

import pytest

from lab import scripts
from lab.notes import Recorder
from lab.poll import holds_for, wait_until

PIDFD_OPEN, PIDFD_GETFD = 434, 438  # system calls
# Types of messages: their places in core::Message.
READY, STOP, RELOAD, VERDICT, INSTANCE_STATE, GROUP_STATE, RUN, ENDED, END, WEIGHT = range(10)
MAIL = 15
NOTE = Recorder.PATH

_libc = ctypes.CDLL(None, use_errno=True)


def channel_of(pid):
    """A duplicate of the descriptor with which a child speaks to its parent."""
    pidfd = _libc.syscall(PIDFD_OPEN, pid, 0)
    assert pidfd >= 0
    try:
        for name in os.listdir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                if os.readlink(f"/proc/{pid}/fd/{name}").startswith("socket:"):
                    made = socket.socket(fileno=_libc.syscall(PIDFD_GETFD, pidfd, int(name), 0))
                    if made.family == socket.AF_UNIX and made.type & 0xf == socket.SOCK_SEQPACKET:
                        return made
    finally:
        os.close(pidfd)
    raise AssertionError("no channel")


def numbers(kind, *words):
    """A message of 32-bit fields, as core::ByteWriter makes them."""
    return struct.pack(f"!B{len(words)}I", kind, *words)


class Attacker:
    """Has stopped the child, so that only the test speaks."""

    def __init__(self, daemon, role):
        self.daemon, self.role = daemon, role
        self.pid = daemon.wait_for(role)
        os.kill(self.pid, signal.SIGSTOP)
        self.channel = channel_of(self.pid)
        self.channel.setblocking(True)
        self.channel.settimeout(10)

    def say(self, *messages):
        for message in messages:
            self.channel.send(message)

    def replaced(self):
        """The parent has had enough of it."""
        return self.daemon.wait_for(self.role, 10, other_than=self.pid)


CONFIGURATION = f"""
global_defs {{
    enable_script_security
    script_user root
    dynamic_interfaces
    smtp_server 127.0.0.1 2525
    notification_email {{
        ops@example.net
    }}
    startup_script "{NOTE} startup"
    shutdown_script "{NOTE} shutdown"
}}
vrrp_script tracked {{
    script "/run/t/tracked word"
    interval 100
}}
vrrp_script refused {{
    script /run/open/refused
    interval 100
}}
vrrp_instance V {{
    state BACKUP
    interface ens33
    virtual_router_id 51
    priority 100
    track_script {{
        tracked
        refused
    }}
    virtual_ipaddress {{
        172.27.9.100
    }}
    notify_master "{NOTE} master"
    notify_fault "{NOTE} fault"
    notify "{NOTE} any"
}}
virtual_server 172.27.9.100 80 {{
    delay_loop 100
    protocol TCP
    quorum_up "{NOTE} quorum"
    real_server 172.27.9.12 80 {{
        notify_up "{NOTE} up"
        MISC_CHECK {{
            misc_path "/run/t/misc word"
            warmup 0
        }}
    }}
    real_server 172.27.9.13 80 {{
        TCP_CHECK {{
        }}
    }}
}}
"""


@pytest.fixture
def daemon(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    recorder = Recorder(host)
    for name in ("tracked", "misc"):
        scripts.install(host, name)
    # A program that others may have changed.
    folder = host.path("/run/open")
    folder.mkdir()
    folder.chmod(0o777)
    (folder / "refused").write_text("#!/bin/sh\necho refused >>/run/calls\n")
    (folder / "refused").chmod(0o755)
    made = router(host, binary, CONFIGURATION).start()
    wait_until(lambda: scripts.calls(host, "tracked") and scripts.calls(host, "misc"), 10, "the first runs")
    wait_until(lambda: "Entering MASTER STATE" in made.log, 10, "MASTER")
    # A busy machine takes its time to write down what has been called: one note more would look like a success.
    wait_until(lambda: [text.split()[-2:] for text in recorder.texts()].count(["MASTER", "100"]) == 1
               and "master" in recorder.texts(), 10, "what MASTER has called")
    time.sleep(0.5)
    return made


@pytest.mark.parametrize("role, own, other", [("vrrp", "tracked", "misc"), ("checker", "misc", "tracked")])
def test_what_it_can_have_run(daemon, role, own, other):
    """Of all numbers only those of its own scripts mean anything, and each runs once at a time."""
    host = daemon.host
    notes = host.path("/run/calls").read_text()
    before = {name: len(scripts.calls(host, name)) for name in (own, other)}
    attacker = Attacker(daemon, role)
    lines = len(daemon.log.splitlines())
    request = 1_000_000
    for generation in (1, 0, 2, 0xffffffff):
        for command in (*range(64), 1 << 16, 1 << 31, 0xffffffff):
            request += 1
            attacker.say(numbers(RUN, generation, request, command))
    wait_until(lambda: len(scripts.calls(host, own)) > before[own], 5, "its own script, which it may have run")
    attacker.say(*(numbers(END, number) for number in range(1_000_000, 1_000_300)))
    holds_for(lambda: len(scripts.calls(host, own)) == before[own] + 1 and host.path("/run/calls").read_text() == notes, 1,
              "nothing else is run")
    assert len(scripts.calls(host, other)) == before[other]
    assert scripts.calls(host, own)[-1].arguments == ["word"]
    # One line for all of it: a log that can be filled is a weapon, too.
    said = [line for line in daemon.log.splitlines()[lines:] if "SMTP" not in line]  # a mail may be under way
    assert len([line for line in said if "refused" in line]) == 1 and len(said) <= 3, said
    assert daemon.pid(role) == attacker.pid
    os.kill(attacker.pid, signal.SIGKILL)
    attacker.replaced()
    assert daemon.stop()[0] == 0


NOT_ITS_TO_SEND = {
    "stop": numbers(STOP), "reload": numbers(RELOAD, 2), "answer": numbers(ENDED, 1, 1) + b"\0\0",
    "mail": struct.pack("!BQH4sH4s", MAIL, 0, 4, b"spam", 4, b"spam"),
    "verdict": numbers(VERDICT, 1, 0) + b"\0",
}
MALFORMED = {
    "nothing known": b"\xff", "no fields": bytes([RUN]), "too short": numbers(RUN, 1, 1)[:-1],
    "a command line": numbers(RUN, 1, 1, 0) + b"/bin/sh -c reboot", "largest": b"\x06" * 1024, "larger": b"\x06" * 4096,
}


@pytest.mark.parametrize("what", [*NOT_ITS_TO_SEND, *MALFORMED])
def test_what_it_has_no_business_to_say(daemon, what):
    """A child that says such things is broken or hostile: it is ended, and another one takes its place."""
    host = daemon.host
    notes = host.path("/run/calls").read_text()
    attacker = Attacker(daemon, "vrrp")
    lines = len(daemon.log.splitlines())
    for _ in range(1000):
        try:
            attacker.say((NOT_ITS_TO_SEND | MALFORMED)[what])
        except OSError:
            break  # the parent has closed the channel
    attacker.channel.close()
    new = attacker.replaced()
    wait_until(lambda: daemon.log.count("Entering MASTER STATE") == 2, 8, "MASTER again")
    assert host.path("/run/calls").read_text() == notes  # nothing has changed for those who are told
    assert len([line for line in daemon.log.splitlines()[lines:] if "child" in line]) < 8
    assert daemon.pid("vrrp") == new
    assert daemon.stop()[0] == 0


def test_states_that_cannot_be(daemon):
    """Instances, groups and states that do not exist are ignored; so are those of another configuration."""
    host = daemon.host
    notes = host.path("/run/calls").read_text()
    attacker = Attacker(daemon, "vrrp")
    for generation in (1, 7):
        for number in (1, 1000, 0xffffffff):
            attacker.say(*(numbers(INSTANCE_STATE, generation, number) + bytes((state, 100)) for state in (0, 2, 3, 9, 255)))
            attacker.say(*(numbers(GROUP_STATE, generation, number) + bytes((state,)) for state in (0, 2, 3, 255)))
    attacker.say(*(numbers(INSTANCE_STATE, 1, 0) + bytes((state, 100)) for state in (4, 200, 255)),
                 numbers(INSTANCE_STATE, 7, 0) + bytes((3, 100)))
    holds_for(lambda: host.path("/run/calls").read_text() == notes, 1, "nobody is told")
    assert daemon.pid("vrrp") == attacker.pid
    os.kill(attacker.pid, signal.SIGKILL)
    attacker.replaced()
    assert daemon.stop()[0] == 0


def test_a_flood(daemon):
    """Requests without end: the parent still hears signals, and stops in time."""
    attacker = Attacker(daemon, "vrrp")
    sent = 0
    with contextlib.suppress(OSError):
        attacker.channel.settimeout(0)
        end = time.monotonic() + 2
        while time.monotonic() < end:
            try:
                attacker.say(numbers(RUN, 1, sent & 0xffff, sent % 5))
                sent += 1
            except BlockingIOError:
                time.sleep(0.001)
    assert sent > 1000
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: "Reloading ..." in daemon.log, 5, "the signal is heard")
    with contextlib.suppress(ProcessLookupError):  # the parent may have had enough of one that takes no answers
        os.kill(attacker.pid, signal.SIGKILL)
    wait_until(lambda: "Respawning" in daemon.log, 5, "the death is seen")
    status, seconds = daemon.stop()
    assert status == 0 and seconds < 5

# SPDX-License-Identifier: GPL-2.0-or-later
"""A running keepalived, ours or Debian's, on a host."""

import contextlib
import os
import pathlib
import signal
import subprocess
import time

from .poll import wait_until

CONFIGURATION = "/etc/keepalived/keepalived.conf"
SANITIZERS = "AddressSanitizer", "runtime error:", "LeakSanitizer"  # what a checked build says of a mistake
PID_FILES = {"parent": "/run/keepalived.pid", "vrrp": "/run/vrrp.pid", "checker": "/run/checkers.pid"}


class Router:
    """One daemon in the foreground, logging to a file. `configuration` is the text of its keepalived.conf."""

    made = []  # all of them, until mistakes() is asked

    def __init__(self, host, binary, configuration, log, arguments=("-D",)):
        self.host = host
        self.binary = pathlib.Path(binary)
        self.log_file = pathlib.Path(log)
        self.arguments = arguments
        self._process = None
        self.made.append(self)
        self.configure(configuration)

    def configure(self, text):
        """Puts a configuration in place; a running daemon sees it at its next reload."""
        octets = text if isinstance(text, bytes) else text.encode()
        self.host.path(CONFIGURATION).write_bytes(octets)

    def start(self):
        with open(self.log_file, "ab") as log:
            self._process = self.host.popen(self.binary, "-n", "-l", *self.arguments, stdout=log, stderr=log)
        return self

    @classmethod
    def mistakes(cls):
        """What a checked build has said in the logs of all daemons since this was last asked: a child that it ended for
        a mistake is started again, and a test may not notice."""
        daemons, cls.made[:] = list(cls.made), []
        logs = {daemon.log_file: daemon.log for daemon in daemons}
        return [log[max(log.index(mark) - 200, 0):][:6000] for log in logs.values() for mark in SANITIZERS if mark in log]

    @property
    def log(self):
        return self.log_file.read_text(errors="replace") if self.log_file.exists() else ""

    def pid(self, role):
        """The number outside of the process that has this role ("parent", "vrrp", "checker"), None without it."""
        with contextlib.suppress(OSError, ValueError):
            inside = int(self.host.path(PID_FILES[role]).read_text())
            return next((pid for pid, own in self.host.processes().items() if own == inside), None)
        return None

    def wait_for(self, role, timeout=10, other_than=None):
        """The process number of a role, once it runs and is not `other_than`."""
        def found():
            if self._process and not self.running:
                raise AssertionError(f"keepalived on {self.host.name} ended with {self._process.returncode}\n{self.log}")
            pid = self.pid(role)
            return pid if pid != other_than else None
        return wait_until(found, timeout, f"a {role} process of keepalived on {self.host.name}")

    def processes(self):
        """The numbers outside of all processes of this daemon, parent and children."""
        binary = self.binary.resolve()
        found = []
        for pid in self.host.processes():
            with contextlib.suppress(OSError):
                if pathlib.Path(os.readlink(f"/proc/{pid}/exe")) == binary:
                    found.append(pid)
        return found

    def signal(self, number, role="parent"):
        os.kill(self.wait_for(role), number)

    def stop(self, timeout=15):
        """TERM, as a service manager stops it. Returns (exit status, seconds that it took)."""
        begin = time.monotonic()
        self.signal(signal.SIGTERM)
        status = self.wait(timeout)
        return status, time.monotonic() - begin

    def wait(self, timeout=15):
        """The exit status (negative: the signal that ended it) of a daemon that is about to end."""
        try:
            status = self._process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"keepalived on {self.host.name} still runs after {timeout} s") from None
        # nsenter ends as its child did, except that it reports a signal as 128 + n.
        return 128 - status if status > 128 else status

    def kill(self):
        """Ends the whole daemon at once, as a power failure would. Returns time.time() of the blow."""
        parent = self.wait_for("parent")
        children = [pid for pid in self.processes() if pid != parent]
        # The children ask for a TERM when their parent dies: stopped, none of them gets to act on it.
        for pid in children:
            os.kill(pid, signal.SIGSTOP)
        blow = time.time()
        for pid in [parent, *children]:
            os.kill(pid, signal.SIGKILL)
        self._process.wait(10)
        return blow

    @property
    def running(self):
        return self._process is not None and self._process.poll() is None

# SPDX-License-Identifier: GPL-2.0-or-later
"""Scripts that write down how they were called, and readers of FIFOs, on a host."""

import dataclasses
import os
import threading

# One write for a call, so that calls side by side do not mix.
RECORDER = """#!/bin/sh
line="$(date +%s.%N)|$(id -u):$(id -g):$(id -G)|$(umask)|$(pwd)|$(tr '\\0' '\\n' </proc/$$/environ | sort | tr '\\n' ' ')"
for argument in "$0" "$@"; do line="$line|$argument"; done
echo "$line" >>/run/calls
"""


@dataclasses.dataclass(frozen=True)
class Call:
    time: float
    account: str  # user:group:groups
    umask: str
    folder: str
    environment: tuple
    arguments: tuple  # with the script itself

    @property
    def text(self):
        """Only what was called: "backup INSTANCE VI_1 BACKUP 100"."""
        return " ".join(self.arguments[1:])


class Recorder:
    """/etc/keepalived/note on the host: a script that anybody can run."""

    PATH = "/etc/keepalived/note"

    def __init__(self, host):
        self._calls = host.path("/run/calls")
        script = host.path(self.PATH)
        script.write_text(RECORDER)
        script.chmod(0o755)
        host.path("/etc/keepalived").chmod(0o755)
        host.path("/run").chmod(0o755)
        self._calls.touch()
        self._calls.chmod(0o666)

    def calls(self):
        found = []
        for line in self._calls.read_text().splitlines():
            time, account, umask, folder, environment, *arguments = line.split("|")
            found.append(Call(float(time), account, umask, folder, tuple(environment.split()), tuple(arguments)))
        return found

    def texts(self):
        return [call.text for call in self.calls()]


class FifoReader:
    """Reads a FIFO of the host from outside of the daemon, for as long as it exists."""

    def __init__(self, host, path):
        self._octets = b""
        # For writing, too: so it stays open when the daemon closes it, and opening does not block.
        self._fd = os.open(host.path(path), os.O_RDWR)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self):
        try:
            while octets := os.read(self._fd, 65536):
                self._octets += octets
        except OSError:
            pass

    @property
    def octets(self):
        return self._octets

    def lines(self):
        return self._octets.replace(b"\0", b"").decode().splitlines()

    def close(self):
        os.close(self._fd)

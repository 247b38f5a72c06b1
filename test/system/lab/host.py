# SPDX-License-Identifier: GPL-2.0-or-later
"""A host: network, mount, process and name namespaces of its own, with a private /run and /etc/keepalived.

Everything that runs in it ends with close(), so that a test can leave nothing behind. The binaries and the rest of
the file system are this machine's.
"""

import contextlib
import ctypes
import json
import os
import pathlib
import signal
import subprocess
import threading

from .poll import wait_until

# Process 1 of the host: lays the private folders and from then on reaps orphans. Whoever ends all of our process group
# (a time-out around the tests) ends the host with its guard.
INIT = """
hostname "$0" && mount -t tmpfs run /run && mkdir -p /run/lock /etc/keepalived \
  && mount -t tmpfs conf /etc/keepalived && ip link set lo up || exit 1
echo ready
sleep infinity &
guard=$!
while kill -0 $guard 2>/dev/null; do wait; done
"""

_libc = ctypes.CDLL(None, use_errno=True)


class Host:
    """One host. `name` is its node name."""

    def __init__(self, name):
        self.name = name
        self._holder = subprocess.Popen(
            ["unshare", "--net", "--mount", "--uts", "--pid", "--fork", "--kill-child", "--mount-proc",
             "--propagation", "private", "sh", "-c", INIT, name],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
        if self._holder.stdout.readline() != b"ready\n":
            raise RuntimeError(f"{name}: namespaces could not be made")
        holder = self._holder.pid
        self.init = int(pathlib.Path(f"/proc/{holder}/task/{holder}/children").read_text())
        self._pid_namespace = os.readlink(f"/proc/{self.init}/ns/pid")

    def close(self):
        """Ends every process of the host; its interfaces go with it."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.init, signal.SIGKILL)
        self._holder.kill()
        self._holder.wait()
        self._holder.stdout.close()

    def words(self, *words):
        """The command line that runs `words` in this host."""
        return ["nsenter", "-t", str(self.init), "-m", "-u", "-n", "-p", "--", *map(str, words)]

    def run(self, *words, check=True, timeout=60, **options):
        """Runs a command to its end; its standard output and error come back as text."""
        done = subprocess.run(self.words(*words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.PIPE, text=True, errors="replace", timeout=timeout, check=False,
                              **options)
        if check and done.returncode:
            raise RuntimeError(f"{self.name}: {' '.join(map(str, words))}: status {done.returncode}\n"
                               f"{done.stdout}{done.stderr}")
        return done

    def popen(self, *words, **options):
        return subprocess.Popen(self.words(*words), stdin=subprocess.DEVNULL, **options)

    def path(self, inside):
        """The path outside of what the host sees as the absolute path `inside`."""
        return pathlib.Path(f"/proc/{self.init}/root{inside}")

    def inside(self, function):
        """Calls function() in a thread that is in the host's network namespace, for instance to open a socket."""
        result, failure = [], []

        def body():
            try:
                with open(f"/proc/{self.init}/ns/net", "rb") as namespace:
                    if _libc.setns(namespace.fileno(), 0):
                        raise OSError(ctypes.get_errno(), "entering the network namespace")
                result.append(function())
            except BaseException as error:  # handed to the caller's thread
                failure.append(error)

        thread = threading.Thread(target=body)
        thread.start()
        thread.join()
        if failure:
            raise failure[0]
        return result[0]

    def processes(self):
        """{pid seen outside: pid seen inside} of all processes of the host, zombies left out."""
        found = {}
        for folder in pathlib.Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            with contextlib.suppress(OSError):
                if os.readlink(folder / "ns/pid") != self._pid_namespace:
                    continue
                status = dict(line.split(":\t", 1) for line in (folder / "status").read_text().splitlines()
                              if ":\t" in line)
                if not status["State"].startswith("Z"):
                    found[int(folder.name)] = int(status["NSpid"].split()[-1])
        return found

    def addresses(self, interface):
        """The IPv4 addresses of an interface as {address: prefix length}; empty when there is none such."""
        shown = self.run("ip", "-j", "-4", "address", "show", "dev", interface, check=False)
        return {address["local"]: address["prefixlen"]
                for link in json.loads(shown.stdout or "[]") for address in link.get("addr_info", [])}

    def wait_for_address(self, address, interface, timeout):
        wait_until(lambda: address in self.addresses(interface), timeout,
                   f"{address} on {interface} of {self.name}")

# SPDX-License-Identifier: GPL-2.0-or-later
"""Real nginx servers, and a client that asks them."""

import contextlib
import http.client
import pathlib
import socket
import threading
import time

from .poll import wait_until

CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections {connections}; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
{servers}
}}
"""

NAMED = """
    keepalive_timeout 0;
    server {{
        listen {port};
        location / {{ default_type text/plain; return 200 "{name}\\n"; }}
    }}
"""


def nginx(folder, servers, connections=64):
    """The command line of an nginx in the foreground that has all its files in `folder`. Its configuration is written
    there; `servers` is what belongs between the braces of http."""
    configuration = folder / "nginx.conf"
    configuration.write_text(CONFIGURATION.format(folder=folder, servers=servers, connections=connections))
    # Its start is quiet but for a warning that the log folder of the package cannot be used.
    return ["nginx", "-e", folder / "error.log", "-p", folder, "-c", configuration]


class Nginx:
    """nginx on a host; it answers every request with the host's name."""

    def __init__(self, host, folder, port=81):
        self.host = host
        self.port = port
        self.folder = pathlib.Path(folder) / f"nginx-{host.name}"
        self.folder.mkdir(parents=True)
        self._process = None

    def start(self):
        command = nginx(self.folder, NAMED.format(port=self.port, name=self.host.name))
        with open(self.folder / "start.log", "ab") as log:
            self._process = self.host.popen(*command, stdout=log, stderr=log)
        own = next(iter(self.host.addresses("ens33")))
        wait_until(lambda: ask(self.host, own, self.port) == self.host.name, 15, f"nginx on {self.host.name}")
        return self

    def kill(self):
        """Ends nginx without any goodbye; connections are refused from then on."""
        # The host has a /proc of its own: this finds no nginx of another host.
        self.host.run("pkill", "-KILL", "-x", "nginx")
        self._process.wait(10)


def ask(client, address, port=81, source=None, timeout=2.0):
    """One HTTP request from a host, from its address `source`. Returns the answer's text, None when there is none."""
    return client.inside(lambda: request(address, port, source, timeout))


def request(address, port, source, timeout):
    """The same from the network namespace that this thread is in."""
    with contextlib.suppress(OSError, http.client.HTTPException):
        sock = socket.create_connection((address, port), timeout, (source, 0) if source else None)
        with contextlib.closing(http.client.HTTPConnection(address, port, timeout=timeout)) as connection:
            connection.sock = sock
            connection.request("GET", "/")
            return connection.getresponse().read().decode().strip()
    return None


class Visitor:
    """A client that asks again and again until close(), and keeps when it was answered by whom."""

    def __init__(self, client, address, port=81, source=None, period=0.02, timeout=0.2):
        self.answers = []  # (time.time() of the answer, its text)
        self._over = threading.Event()

        def visit():
            while not self._over.wait(period):
                text = request(address, port, source, timeout)
                if text:
                    self.answers.append((time.time(), text))

        self._thread = threading.Thread(target=lambda: client.inside(visit), daemon=True)
        self._thread.start()

    def longest_gap(self, since):
        """The longest time in seconds without an answer, from the last answer before `since` until now."""
        times = [moment for moment, _ in list(self.answers)]
        before = [moment for moment in times if moment <= since][-1:]
        times = before + [moment for moment in times if moment > since] + [time.time()]
        return max(later - earlier for earlier, later in zip(times, times[1:]))

    def close(self):
        self._over.set()
        self._thread.join()

# SPDX-License-Identifier: GPL-2.0-or-later
"""Real nginx servers, and a client that asks them."""

import contextlib
import http.client
import pathlib
import socket

from .poll import wait_until

CONFIGURATION = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    keepalive_timeout 0;
    server {{
        listen {port};
        location / {{ default_type text/plain; return 200 "{name}\\n"; }}
    }}
}}
"""


class Nginx:
    """nginx on a host; it answers every request with the host's name."""

    def __init__(self, host, folder, port=81):
        self.host = host
        self.port = port
        self.folder = pathlib.Path(folder) / f"nginx-{host.name}"
        self.folder.mkdir(parents=True)
        self._process = None

    def start(self):
        configuration = self.folder / "nginx.conf"
        configuration.write_text(CONFIGURATION.format(folder=self.folder, port=self.port, name=self.host.name))
        # Its start is quiet but for a warning that the log folder of the package cannot be used.
        with open(self.folder / "start.log", "ab") as log:
            self._process = self.host.popen("nginx", "-e", self.folder / "error.log", "-p", self.folder,
                                            "-c", configuration, stdout=log, stderr=log)
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
    def connected():
        return socket.create_connection((address, port), timeout, (source, 0) if source else None)

    with contextlib.suppress(OSError, http.client.HTTPException):
        connection = http.client.HTTPConnection(address, port, timeout=timeout)
        connection.sock = client.inside(connected)
        with contextlib.closing(connection):
            connection.request("GET", "/")
            return connection.getresponse().read().decode().strip()
    return None

# SPDX-License-Identifier: GPL-2.0-or-later
"""One Ethernet segment: a switch (a bridge in a namespace of its own) and the hosts plugged into it."""

import ipaddress
import subprocess

from .capture import Capture
from .host import Host


class Network:
    """The segment and all its hosts. A context manager: leaving it removes everything."""

    def __init__(self):
        self.switch = Host("switch")
        self.hosts = []
        # No delay and no snooping: what a host multicasts is on every port at once.
        self.switch.run("ip", "link", "add", "br0", "type", "bridge", "forward_delay", "0", "stp_state", "0",
                        "mcast_snooping", "0")
        self.switch.run("ip", "link", "set", "br0", "up")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for host in [*self.hosts, self.switch]:
            host.close()

    def add_host(self, name, *addresses, interface="ens33"):
        """Plugs in a host with these addresses ("172.27.9.11/24"; the first also makes its MAC address)."""
        host = Host(name)
        self.hosts.append(host)
        host.mac = bytes((2, 0, *ipaddress.ip_interface(addresses[0]).ip.packed))
        host.port = f"port{len(self.hosts)}"
        # Not through Host.run(): the process number after `netns` is one of outside.
        subprocess.run(
            ["nsenter", "-t", str(self.switch.init), "-n", "ip", "link", "add", host.port, "type", "veth",
             "peer", "name", interface, "address", host.mac.hex(":"), "netns", str(host.init)], check=True)
        self.switch.run("ip", "link", "set", host.port, "master", "br0", "up")
        for address in addresses:
            host.run("ip", "address", "add", address, "dev", interface)
        host.run("ip", "link", "set", interface, "up")
        return host

    def host_at(self, port):
        return next((host for host in self.hosts if host.port == port), None)

    def capture(self):
        """A running capture of all frames of the segment."""
        return Capture(self)

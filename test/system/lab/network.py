# SPDX-License-Identifier: GPL-2.0-or-later
"""Ethernet segments: a switch (bridges in a namespace of its own) and the hosts plugged into them."""

import ipaddress
import subprocess

from .capture import Capture
from .host import Host


class Network:
    """The segments and all their hosts. A context manager: leaving it removes everything."""

    def __init__(self, segments=1):
        self.switch = Host("switch")
        self.hosts = []
        self._ports = {}  # name: (host, segment)
        # No delay and no snooping: what a host multicasts is on every port at once.
        for segment in range(segments):
            self.switch.run("ip", "link", "add", f"br{segment}", "type", "bridge", "forward_delay", "0",
                            "stp_state", "0", "mcast_snooping", "0")
            self.switch.run("ip", "link", "set", f"br{segment}", "up")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        for host in [*self.hosts, self.switch]:
            host.close()

    def add_host(self, name, *addresses, interface="ens33", mac=None):
        """Plugs in a host with these addresses ("172.27.9.11/24"); its MAC address is `mac` or made of the first."""
        host = Host(name)
        self.hosts.append(host)
        host.mac = mac or bytes((2, 0, *ipaddress.ip_interface(addresses[0]).ip.packed))
        host.port = f"port{len(self.hosts)}"
        # Adverts of made-up sources arrive, IPv6 addresses can be used at once.
        host.run("sysctl", "-qw", *(f"net.{family}.conf.{which}.{setting}=0" for which in ("all", "default")
                                    for family, setting in (("ipv4", "rp_filter"), ("ipv6", "accept_dad"))))
        self.plug(host, interface, *addresses, mac=host.mac, port=host.port)
        return host

    def plug(self, host, interface, *addresses, segment=0, mac=None, port=None):
        """One (more) interface of a host, in a segment."""
        port = port or f"port{len(self.hosts)}-{interface}"[:15]
        self._ports[port] = host, segment
        # The port of an earlier host of this number goes away with its namespace, which the kernel takes its time for:
        # it may do so just when we delete it.
        self.switch.run("sh", "-c", f"ip link delete {port} 2>/dev/null; ! ip link show {port} >/dev/null 2>&1")
        # Not through Host.run(): the process number after `netns` is one of outside.
        subprocess.run(
            ["nsenter", "-t", str(self.switch.init), "-n", "ip", "link", "add", port, "type", "veth",
             "peer", "name", interface, *(["address", mac.hex(":")] if mac else []), "netns", str(host.init)],
            check=True)
        self.switch.run("ip", "link", "set", port, "master", f"br{segment}", "up")
        for address in addresses:
            host.run("ip", "address", "add", address, "dev", interface)
        host.run("ip", "link", "set", interface, "up")
        return port

    def carrier(self, host, on, port=None):
        """Pulls a host's cable, or puts it in again."""
        self.switch.run("ip", "link", "set", port or host.port, "up" if on else "down")

    def partition(self, host, apart, port=None):
        """Cuts a host off while its link stays up, or joins it again. Its frames are captured all the same."""
        port = port or host.port
        where = ["nomaster"] if apart else ["master", f"br{self._ports[port][1]}"]
        self.switch.run("ip", "link", "set", port, *where)

    def port(self, name):
        """(host, segment) of a port of the switch, None when there is no such port."""
        return self._ports.get(name)

    def host_at(self, port):
        return self._ports.get(port, (None,))[0]

    def capture(self):
        """A running capture of all frames of all segments."""
        return Capture(self)

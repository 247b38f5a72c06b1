# SPDX-License-Identifier: GPL-2.0-or-later
"""The seed's set-up: two directors, two nginx servers and a client on one segment, 172.27.9.0/24."""

import os
import pathlib

from . import ipvs
from .network import Network
from .router import Router
from .web import Nginx

ROOT = pathlib.Path(__file__).resolve().parents[3]
CONFIGURATIONS = pathlib.Path(os.environ.get("SUSTAIN_SEED", ROOT / "test/corpus/seed"))
VIP = "172.27.9.100"
SERVICE = f"tcp {VIP}:81"
SERVERS = {"nginx01": "172.27.9.91", "nginx02": "172.27.9.92"}
DIRECTORS = {"lvs01": "172.27.9.11", "lvs02": "172.27.9.12"}
# A client sticks to one server for 50 s (persistence_timeout): it takes several addresses to see both.
CLIENTS = [f"172.27.9.{last}" for last in range(201, 225)]

# What the configuration implies, in seconds (advert_int 1, priorities 100 and 99; VRRP skew (256 - p) / 256).
MASTER_DOWN = {"lvs01": 3 + 156 / 256, "lvs02": 3 + 157 / 256}
SKEW = {"lvs01": 156 / 256, "lvs02": 157 / 256}
# A dead server is noticed by a check within delay_loop, then retried three times, 3 s apart.
REMOVED_AT_LEAST, REMOVED_AT_MOST = 3 * 3, 6 + 3 * 3
# A server that is back is noticed by the next check.
RESTORED_AT_MOST = 6


def configuration(director):
    """The director's keepalived.conf, exactly as it stands in the seed."""
    return (CONFIGURATIONS / f"{director}.keepalived.conf").read_bytes()


class Seed:
    """All of it, cabled up and with the web servers running; the directors wait for start(). A context manager."""

    def __init__(self, folder, binary, peer=None):
        """`binary` runs on lvs01, `peer` (the same without) on lvs02; logs are kept in `folder`."""
        folder = pathlib.Path(folder)
        self.network = Network()
        try:
            self.hosts = {name: self.network.add_host(name, f"{address}/24")
                          for name, address in {**DIRECTORS, **SERVERS}.items()}
            self.client = self.network.add_host("client", *(f"{address}/24" for address in CLIENTS))
            self.nginx = {}
            for name in SERVERS:
                self.realserver(name, "start")
                self.nginx[name] = Nginx(self.hosts[name], folder).start()
            self.routers = {
                name: Router(self.hosts[name], binary if name == "lvs01" else peer or binary, configuration(name),
                             folder / f"{name}.log") for name in DIRECTORS}
        except BaseException:
            self.network.close()
            raise

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.network.close()

    def realserver(self, name, action):
        """tools/realserver on one of the web servers; its output."""
        return self.hosts[name].run(ROOT / "tools/realserver", action, VIP, check=action != "status").stdout

    def power_off(self, name):
        """A director dies: all processes of the daemon at once, and its cable is dead. time.time() of the blow."""
        # In this order: a daemon that sees its link go down would give the address back in good order.
        blow = self.routers[name].kill()
        self.network.switch.run("ip", "link", "set", self.hosts[name].port, "down")
        return blow

    def power_on(self, name):
        """The dead director boots: a kernel that knows of no address and no service, then the daemon."""
        host = self.hosts[name]
        host.run("ip", "address", "del", f"{VIP}/32", "dev", "ens33", check=False)
        host.run("ipvsadm", "--clear")
        self.network.switch.run("ip", "link", "set", host.port, "up")
        self.routers[name].start()

    def has_vip(self, name):
        return VIP in self.hosts[name].addresses("ens33")

    def masters(self):
        """The directors that have the virtual address."""
        return [name for name in DIRECTORS if self.has_vip(name)]

    def destinations(self, name):
        """The web servers in the table of a director, by name; empty when the service is not there."""
        service = ipvs.table(self.hosts[name]).get(SERVICE)
        names = {f"{address}:81": server for server, address in SERVERS.items()}
        return sorted(names[destination] for destination in service.destinations) if service else []

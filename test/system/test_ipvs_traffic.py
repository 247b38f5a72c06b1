# SPDX-License-Identifier: GPL-2.0-or-later
"""Real clients through the director: NAT, direct routing and tunnels, with the kernel's counters; connections that survive
a reload and, with connection synchronisation, the loss of the director."""

import re
import signal
import socket
import threading
import time

import pytest

from lab import config
from lab.poll import wait_until

pytestmark = pytest.mark.ipvs

VIP = "172.27.9.100"


class Echo:
    """Answers every line with its name, on all addresses of a host."""

    def __init__(self, host, port=7):
        self.name = host.name
        self._socket = host.inside(lambda: socket.create_server(("", port)))
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        try:
            while True:
                connection, _ = self._socket.accept()
                threading.Thread(target=self._answer, args=(connection,), daemon=True).start()
        except OSError:
            pass

    def _answer(self, connection):
        with connection, connection.makefile("rwb") as lines:
            for _ in lines:
                lines.write(self.name.encode() + b"\n")
                lines.flush()

    def close(self):
        self._socket.close()


class Call:
    """One connection of a client to the service."""

    def __init__(self, client, address=VIP, port=7, timeout=5):
        self._socket = client.inside(lambda: socket.create_connection((address, port), timeout))
        self._lines = self._socket.makefile("rwb")

    def say(self):
        """The name of who answers."""
        self._lines.write(b"hello\n")
        self._lines.flush()
        return self._lines.readline().decode().strip()

    def close(self):
        self._lines.close()
        self._socket.close()


def counters(host, of):
    """{"-A" or "-a" line's address: connections} as ipvsadm counts them."""
    shown = host.run("ipvsadm", "-Ln", "--stats", "--exact").stdout
    found = re.search(rf"(?m)^\s*(?:TCP|->)\s+{re.escape(of)}\s+(\d+)", shown)
    return int(found.group(1)) if found else None


def make_servers(network, method, count=2):
    """Real servers that are ready for what is forwarded to them by this method."""
    servers = []
    for number in range(count):
        host = network.add_host(f"rs{number + 1}", f"172.27.9.{91 + number}/24")
        host.run("sysctl", "-qw", "net.ipv4.conf.all.arp_ignore=1", "net.ipv4.conf.all.arp_announce=2",
                 "net.ipv4.conf.all.rp_filter=0", "net.ipv4.conf.default.rp_filter=0")
        if method == "NAT":
            host.run("ip", "route", "add", "default", "via", "172.27.9.11")
        else:
            host.run("ip", "route", "add", "10.50.0.0/24", "dev", "ens33")
            device = "lo"
            if method == "TUN":
                host.run("modprobe", "ipip", check=False)
                host.run("ip", "link", "add", "ipip0", "type", "ipip", "external", check=False)
                host.run("ip", "link", "set", "tunl0", "up", check=False)
                device = "tunl0"
                host.run("sysctl", "-qw", "net.ipv4.conf.tunl0.rp_filter=0")
            host.run("ip", "address", "add", f"{VIP}/32", "dev", device)
        servers.append(host)
    return servers


def make_director(network, name, *addresses):
    host = network.add_host(name, *addresses)
    host.run("ipvsadm", "-C", check=False)
    host.run("sysctl", "-qw", "net.ipv4.ip_forward=1", "net.ipv4.conf.all.send_redirects=0",
             "net.ipv4.conf.default.send_redirects=0", "net.ipv4.conf.all.rp_filter=0",
             "net.ipv4.conf.ens33.rp_filter=0", "net.ipv4.conf.ens33.send_redirects=0")
    return host


def make_client(network):
    """In another network, behind the director."""
    host = network.add_host("client", "10.50.0.2/24")
    host.run("ip", "route", "add", "172.27.9.0/24", "via", "10.50.0.1")
    return host


def text_of(method, weights=(1, 1), scheduler="rr"):
    servers = "".join(f"real_server 172.27.9.{91 + number} 7 {{\nweight {weight}\n}}\n"
                      for number, weight in enumerate(weights))
    return (f"virtual_server {VIP} 7 {{\nlvs_sched {scheduler}\nlvs_method {method}\nprotocol TCP\n{servers}}}\n")


@pytest.mark.parametrize("method", ["NAT", "DR", "TUN"])
def test_clients_are_served_and_counted(network, router, binary, method):
    director = make_director(network, "lvs01", "172.27.9.11/24", "10.50.0.1/24", f"{VIP}/32")
    servers = make_servers(network, method)
    echoes = [Echo(server) for server in servers]
    client = make_client(network)
    daemon = router(director, binary, text_of(method)).start()
    wait_until(lambda: counters(director, "172.27.9.92:7") is not None, 10, "the service with both servers")
    names = []
    for _ in range(10):
        call = Call(client)
        names.append(call.say())
        call.close()
    assert sorted(names) == ["rs1"] * 5 + ["rs2"] * 5
    # The kernel adds its counters up every two seconds.
    wait_until(lambda: counters(director, f"{VIP}:7") == 10, 10, "the calls are counted")
    assert [counters(director, f"172.27.9.{91 + number}:7") for number in range(2)] == [5, 5]
    assert daemon.stop()[0] == 0
    for echo in echoes:
        echo.close()


def test_connections_and_counters_survive_a_reload(network, router, binary):
    """What a reload does not change it does not touch: the counters keep counting, and a call goes on."""
    director = make_director(network, "lvs01", "172.27.9.11/24", "10.50.0.1/24", f"{VIP}/32")
    servers = make_servers(network, "NAT")
    echoes = [Echo(server) for server in servers]
    client = make_client(network)
    other = "virtual_server 10.9.9.9 80 {{\nlvs_sched {}\nlvs_method NAT\nprotocol TCP\nreal_server 172.27.9.91 80 {{\n}}\n}}\n"
    daemon = router(director, binary, text_of("NAT") + other.format("rr")).start()
    wait_until(lambda: counters(director, "172.27.9.92:7") is not None, 10, "the service with both servers")
    calls = [Call(client) for _ in range(4)]
    before = [call.say() for call in calls]
    for text, gone in ((text_of("NAT") + other.format("sh"), False), (text_of("NAT", (1, 3)), False),
                       (text_of("NAT", (1,)), True)):
        daemon.configure(text)
        daemon.signal(signal.SIGHUP)
        time.sleep(2)
        assert counters(director, f"{VIP}:7") == 4
        assert counters(director, "172.27.9.91:7") == 2
        assert counters(director, "172.27.9.92:7") == (None if gone else 2)
        for call, name in zip(calls, before):
            if name == "rs1" or not gone:
                assert call.say() == name
    # A killed parent that comes back adopts its table: the same counters, the same calls.
    daemon.kill()
    daemon.start()
    daemon.wait_for("checker")
    time.sleep(1)
    assert counters(director, f"{VIP}:7") == 4
    for call, name in zip(calls, before):
        if name == "rs1":
            assert call.say() == name
    for call in calls:
        call.close()
    assert daemon.stop()[0] == 0
    for echo in echoes:
        echo.close()


def daemons(host):
    return host.run("ipvsadm", "-L", "--daemon", check=False).stdout


def test_sync_daemon_follows_vrrp_and_calls_survive_a_failover(network, router, binary):
    servers = make_servers(network, "DR")
    echoes = [Echo(server) for server in servers]
    client = network.add_host("client", "172.27.9.200/24")
    directors, running = [], []
    for number, priority in ((1, 150), (2, 100)):
        host = make_director(network, f"lvs0{number}", f"172.27.9.{10 + number}/24")
        host.run("sysctl", "-qw", "net.ipv4.vs.sync_threshold=1 2", check=False)
        text = "global_defs {\nlvs_sync_daemon ens33 inst VI_1\n}\n" + config.vrrp(priority=priority) + text_of("DR")
        directors.append(host)
        running.append(router(host, binary, text).start())
    directors[0].wait_for_address(VIP, "ens33", 15)
    wait_until(lambda: "master sync daemon" in daemons(directors[0]), 5, "the master's sync daemon")
    assert "backup sync daemon" not in daemons(directors[0])
    assert "backup sync daemon" in daemons(directors[1]) and "syncid=100" in daemons(directors[1])
    calls = [Call(client) for _ in range(4)]
    names = [call.say() for call in calls]
    for _ in range(4):
        assert [call.say() for call in calls] == names
    wait_until(lambda: directors[1].run("ipvsadm", "-Lnc").stdout.count("ESTABLISHED") == 4, 10,
               "all connections on the backup")
    running[0].kill()
    directors[0].run("ip", "link", "set", "ens33", "down")
    directors[1].wait_for_address(VIP, "ens33", 15)
    wait_until(lambda: "master sync daemon" in daemons(directors[1]), 5, "the sync daemon of the new master")
    assert [call.say() for call in calls] == names  # established connections go on
    assert "backup sync daemon" not in daemons(directors[1])
    for call in calls:
        call.close()
    running[1].configure(config.vrrp(priority=100) + text_of("DR"))
    running[1].signal(signal.SIGHUP)
    wait_until(lambda: "sync daemon" not in daemons(directors[1]), 10, "no sync daemon, as the configuration has none")
    assert running[1].stop()[0] == 0
    for echo in echoes:
        echo.close()


def test_sync_daemons_without_instance(network, router, binary):
    host = make_director(network, "lvs01", "172.27.9.11/24")
    text = "global_defs {\nlvs_sync_daemon ens33 id 7 port 9000 ttl 2 maxlen 1000 group 224.0.0.99\n}\n" + text_of("DR")
    daemon = router(host, binary, text).start()
    wait_until(lambda: daemons(host).count("syncid=7") == 2, 10, "both daemons")
    assert "port=9000" in daemons(host) and "group=224.0.0.99" in daemons(host)
    daemon.configure(text.replace("id 7", "id 8"))
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: daemons(host).count("syncid=8") == 2, 10, "both daemons with the other id")
    assert daemon.stop()[0] == 0
    assert "sync daemon" not in daemons(host)

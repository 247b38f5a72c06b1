# SPDX-License-Identifier: GPL-2.0-or-later
"""Health checks against the real servers of Debian, up, down and slow: nginx in the clear and with TLS, dnsmasq,
OpenSMTPD, an echo of datagrams, the kernel's answers to pings."""

import hashlib
import signal

import pytest

from lab import checked, ipvs, web
from lab.checked import SERVER
from lab.poll import wait_until

PAGE = b"real\n"
HTTP, HTTPS, DNS, SMTP, ECHO, PING = 8080, 8443, 5353, 2525, 7007, 1
LATE_HTTP, LATE_DNS, CHOOSY_SMTP = 8089, 5354, 2526

SITES = """
    server {{
        listen 8080;
        listen 8443 ssl;
        ssl_certificate {folder}/server.crt;
        ssl_certificate_key {folder}/server.key;
        server_name www.example.org;
        location / {{ default_type text/plain; return 200 "real\\n"; }}
        location /moved {{ return 301 /; }}
        location /late {{ proxy_pass http://127.0.0.1:8089; }}
    }}
    server {{
        listen 8080 default_server;
        listen 8443 ssl default_server;
        ssl_certificate {folder}/server.crt;
        ssl_certificate_key {folder}/server.key;
        location / {{ return 404; }}
    }}
"""

# Of other names it knows nothing and asks nobody, but for one whose server keeps silent.
DNSMASQ = ["dnsmasq", "--keep-in-foreground", "--no-resolv", "--no-hosts", "--user=root", "--pid-file",
           "--conf-file=/dev/null", f"--port={DNS}", "--address=/a.example.org/192.0.2.7",
           "--server=/nowhere.example.org/", f"--server=/late.example.org/127.0.0.1#{LATE_DNS}"]

SMTPD = """
filter "choosy" phase helo match helo regex ".*" reject "550 not you"
listen on {address} port 2525
listen on {address} port 2526 filter "choosy"
action "local" mbox
match from any for local action "local"
"""


class Servers:
    """All of them on one host; each can be ended and started again by its name."""

    def __init__(self, host, folder):
        self.host = host
        self.folder = folder
        checked.make_certificate(folder)
        (folder / "smtpd.conf").write_text(SMTPD.format(address=SERVER))
        self._running = {}
        # Spools and sockets of OpenSMTPD, private to the host.
        host.run("sh", "-c", "mount -t tmpfs spool /var/spool && mkdir -p /run/smtpd")
        self._programs = {
            "nginx": web.nginx(folder, SITES.format(folder=folder)),
            "dnsmasq": DNSMASQ,
            "smtpd": ["smtpd", "-d", "-f", folder / "smtpd.conf"],
        }

    def start(self, name):
        with open(self.folder / f"{name}.log", "ab") as log:
            self._running[name] = self.host.popen(*self._programs[name], stdout=log, stderr=log)

    def signal(self, name, number):
        # The host has processes of its own: this finds none of another host.
        self.host.run("pkill", f"-{number}", "-x", name)

    def end(self, name):
        self.signal(name, int(signal.SIGKILL))
        process = self._running.pop(name)
        # nsenter stops with the program that it has started, and does not go on with it.
        process.send_signal(signal.SIGCONT)
        process.wait(10)

    def close(self):
        for name in list(self._running):
            self.end(name)


def checks():
    digest = hashlib.md5(PAGE).hexdigest()
    page = f"url {{\npath /\ndigest {digest}\nregex real\n}}\nurl {{\npath /moved\nstatus_code 301\n}}\n"
    page += "virtualhost www.example.org\nhttp_protocol 1.1\nfast_recovery"
    return {
        HTTP: f"HTTP_GET {{\n{page}\n}}",
        HTTPS: f"SSL_GET {{\n{page}\nenable_sni\ntls_compliant\n}}",
        DNS: "DNS_CHECK {\ntype A\nname a.example.org\nretry 0\n}",
        SMTP: "SMTP_CHECK {\nhelo_name director.example.org\nconnect_timeout 5\n}",
        ECHO: "UDP_CHECK {\npayload 6865 6c 6c6f\nrequire_reply 68656c6c6f\n}",
        PING: "PING_CHECK {\n}",
    }


def name(port):
    return f"[{SERVER}]:tcp:{port}"


@pytest.fixture
def real(network, tmp_path):
    director = network.add_host("lvs01", "172.27.9.11/24")
    host = network.add_host("web01", f"{SERVER}/24")
    servers = Servers(host, tmp_path)
    for server in ("nginx", "dnsmasq", "smtpd"):
        servers.start(server)
    wait_until(lambda: all(f":{port} " in host.run("ss", "-ltun").stdout
                           for port in (HTTP, HTTPS, DNS, SMTP, CHOOSY_SMTP)), 30, "all servers")
    echo = checked.Datagrams(host, ECHO, lambda datagram: [datagram])
    yield director, host, servers, echo
    echo.close()
    servers.close()


def follow(daemon, real, table=None):
    """All are up; then one by one goes down and comes back. table(): the ports that are in the kernel's table."""
    director, host, servers, echo = real
    patience = 40

    def said(port, verdict):
        lines = checked.verdicts(daemon.log).get(name(port))
        return bool(lines) and lines[-1] == verdict and (table is None or (port in table()) == verdict)

    for port in checks():
        wait_until(lambda: said(port, True), patience, f"{port} up")
    for server, ports in (("nginx", (HTTP, HTTPS)), ("dnsmasq", (DNS,)), ("smtpd", (SMTP,))):
        servers.end(server)
        for port in ports:
            wait_until(lambda: said(port, False), patience, f"{port} down")
        servers.start(server)
        for port in ports:
            wait_until(lambda: said(port, True), patience, f"{port} up again")
    # a server that is there and does not answer any more
    servers.signal("nginx", int(signal.SIGSTOP))
    for port in (HTTP, HTTPS):
        wait_until(lambda: said(port, False), patience, f"{port} down while nginx hangs")
    servers.signal("nginx", int(signal.SIGCONT))
    for port in (HTTP, HTTPS):
        wait_until(lambda: said(port, True), patience, f"{port} up again")
    echo.close()
    wait_until(lambda: said(ECHO, False), patience, "the echo down")
    host.run("sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=1")
    wait_until(lambda: said(PING, False), patience, "no answer to pings")
    host.run("sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=0")
    wait_until(lambda: said(PING, True), patience, "answers to pings again")


def test_real_servers(real, router, binary):
    daemon = router(real[0], binary, checked.service(checks())).start()
    follow(daemon, real)
    assert daemon.stop()[0] == 0


@pytest.mark.ipvs
def test_real_servers_in_the_table(real, router, binary):
    director = real[0]
    daemon = router(director, binary, checked.service(checks())).start()

    def table():
        services = ipvs.table(director).values()
        return {int(destination.rpartition(":")[2]) for service in services for destination in service.destinations}

    follow(daemon, real, table)
    assert daemon.stop()[0] == 0
    assert ipvs.table(director) == {}


# What checks want that they do not get: {port of the real server: check}
PAGE_OF = "{kind} {{\nconnect_port {port}\nvirtualhost www.example.org\nhttp_protocol 1.1\nurl {{\n{url}\n}}\n}}"
NAME_OF = f"DNS_CHECK {{{{\nconnect_port {DNS}\ntype A\nname {{}}\nretry 0\n}}}}"
DISAPPOINTED = {
    9001: PAGE_OF.format(kind="HTTP_GET", port=HTTP, url=f"path /\ndigest {hashlib.md5(b'other').hexdigest()}"),
    9002: PAGE_OF.format(kind="HTTP_GET", port=HTTP, url="path /moved\nstatus_code 200"),
    9003: PAGE_OF.format(kind="SSL_GET", port=HTTPS, url="path /\nregex unreal"),
    9004: PAGE_OF.format(kind="SSL_GET", port=HTTP, url="path /"),
    9005: PAGE_OF.format(kind="HTTP_GET", port=HTTPS, url="path /"),
    9006: PAGE_OF.format(kind="HTTP_GET", port=HTTP, url="path /late"),
    9007: PAGE_OF.format(kind="SSL_GET", port=HTTPS, url="path /late"),
    9008: PAGE_OF.format(kind="HTTP_GET", port=SMTP, url="path /"),
    9011: NAME_OF.format("refused.example.org"),
    9012: NAME_OF.format("nowhere.example.org"),
    9013: NAME_OF.format("late.example.org"),
    9021: f"SMTP_CHECK {{\nconnect_port {CHOOSY_SMTP}\nhelo_name director.example.org\n}}",
    9022: f"SMTP_CHECK {{\nconnect_port {HTTP}\n}}",
    9031: f"UDP_CHECK {{\nconnect_port {ECHO}\npayload 68656c6c6f\nrequire_reply 48\n}}",
    9032: f"TCP_CHECK {{\nconnect_port {ECHO}\n}}",
}


def test_real_servers_that_are_wrong(real, router, binary):
    """Each is there and well, but not what the check wants, or it waits for another one that is late."""
    director, host, _, _ = real
    late = [checked.Hostile(host, LATE_HTTP, checked.hangs), checked.Datagrams(host, LATE_DNS, lambda query: [])]
    daemon = router(director, binary, checked.service({**checks(), **DISAPPOINTED})).start()
    checked.wait_for_verdicts(daemon, {**dict.fromkeys(checks(), True), **dict.fromkeys(DISAPPOINTED, False)}, 40)
    assert daemon.stop()[0] == 0
    for server in late:
        server.close()


@pytest.mark.guest  # for a kernel with netem
def test_real_servers_that_are_late(real, router, binary):
    """A good answer that comes too late is none."""
    director, host, _, _ = real
    daemon = router(director, binary, checked.service(checks())).start()
    checked.wait_for_verdicts(daemon, dict.fromkeys(checks(), True), 40)
    # a second and a half for each packet: more than connect_timeout, but where that is 5 s
    host.run("tc", "qdisc", "add", "dev", "ens33", "root", "netem", "delay", "1500ms")
    late = {port: port == SMTP for port in checks()}
    checked.wait_for_verdicts(daemon, late, 40)
    host.run("tc", "qdisc", "delete", "dev", "ens33", "root")
    checked.wait_for_verdicts(daemon, dict.fromkeys(checks(), True), 40)
    assert checked.verdicts(daemon.log)[name(SMTP)] == [True]
    assert daemon.stop()[0] == 0


KNOWN_CLIENTS = """
    server {{
        listen 8444 ssl;
        ssl_certificate {folder}/server.crt;
        ssl_certificate_key {folder}/server.key;
        ssl_client_certificate {folder}/root.crt;
        ssl_verify_client on;
        ssl_verify_depth 2;
        location / {{ default_type text/plain; return 200 "$ssl_client_s_dn"; }}
    }}
"""
KNOWN = 8444


@pytest.fixture
def choosy(network, tmp_path):
    """A director and an nginx that talks only to clients with a certificate. Yields a function: the SSL block's words
    to the verdict of a check and the daemon's log."""
    director = network.add_host("lvs01", "172.27.9.11/24")
    host = network.add_host("web01", f"{SERVER}/24")
    checked.make_certificate(tmp_path)
    checked.make_client_certificates(tmp_path)
    with open(tmp_path / "nginx.log", "ab") as log:
        nginx = host.popen(*web.nginx(tmp_path, KNOWN_CLIENTS.format(folder=tmp_path)), stdout=log, stderr=log)
    wait_until(lambda: f":{KNOWN} " in host.run("ss", "-ltn").stdout, 30, "nginx")
    yield director, tmp_path
    host.run("pkill", "-KILL", "-x", "nginx")
    nginx.wait(10)


# name: (what the SSL block says, the verdict, a part of the log)
WITH_KEY = "key {folder}/client.key\npassword secret\n"
SSL_BLOCKS = {
    "none": ("", False, "status code"),
    "a chain and a key with a password": ("certificate {folder}/chain.crt\n" + WITH_KEY, True, ""),
    "without the authority between": ("certificate {folder}/client.crt\n" + WITH_KEY, False, "status code"),
    "that authority in the ca file": ("certificate {folder}/client.crt\nca {folder}/middle.crt\n" + WITH_KEY, True, ""),
    "wrong password": ("certificate {folder}/chain.crt\nkey {folder}/client.key\npassword other\n", False,
                       "SSL key {folder}/client.key: "),
    "no password": ("certificate {folder}/chain.crt\nkey {folder}/client.key\n", False, "SSL key {folder}/client.key: "),
    "another key": ("certificate {folder}/chain.crt\nkey {folder}/root.key\n", False,
                    "SSL key {folder}/root.key: key values mismatch"),
    "no such certificate": ("certificate {folder}/none.crt\n" + WITH_KEY, False,
                            "SSL certificate {folder}/none.crt: No such file or directory"),
    "no such ca": ("certificate {folder}/chain.crt\nca {folder}/none.crt\n" + WITH_KEY, True,
                   "SSL ca {folder}/none.crt: No such file or directory"),
}


@pytest.mark.parametrize("what", SSL_BLOCKS)
def test_client_certificates(choosy, router, binary, what):
    """The files of the SSL block, against a server that asks for them."""
    director, folder = choosy
    words, verdict, part = (text.format(folder=folder) if isinstance(text, str) else text for text in SSL_BLOCKS[what])
    check = "SSL_GET {\nurl {\npath /\nregex CN=client\nstatus_code 200\n}\nlog_all_failures\n}"
    daemon = router(director, binary, f"SSL {{\n{words}}}\n" + checked.service({KNOWN: check})).start()
    wait_until(lambda: checked.verdicts(daemon.log).get(name(KNOWN)) == [verdict], 15, f"the verdict {verdict}")
    assert part in daemon.log
    assert "secret" not in daemon.log
    assert daemon.stop()[0] == 0


def test_client_certificate_after_a_reload(choosy, router, binary):
    """The files are read again."""
    director, folder = choosy
    check = "SSL_GET {\nurl {\npath /\nregex CN=client\n}\n}"
    key = WITH_KEY.format(folder=folder)
    text = f"SSL {{\ncertificate {folder}/now.crt\n{key}}}\n" + checked.service({KNOWN: check})
    (folder / "now.crt").write_text((folder / "client.crt").read_text())
    daemon = router(director, binary, text).start()
    wait_until(lambda: checked.verdicts(daemon.log).get(name(KNOWN)) == [False], 15, "down")
    (folder / "now.crt").write_text((folder / "chain.crt").read_text())
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: checked.verdicts(daemon.log).get(name(KNOWN)) == [False, True], 15, "up with the whole chain")
    assert daemon.stop()[0] == 0


def test_genhash(real, router, binary):
    """The same digest as the checks compare, by both names of the program."""
    _, host, servers, _ = real
    link = servers.folder / "genhash"
    link.symlink_to(binary)
    digest = hashlib.md5(PAGE).hexdigest() + "\n"
    target = ["-s", SERVER, "-u", "/", "-V", "www.example.org", "-P", "1.0c"]
    assert host.run(link, "-p", 8080, *target).stdout == digest
    assert host.run(binary, "--genhash", "-S", "-I", "-p", 8443, *target).stdout == digest
    assert host.run(binary, "-T", "--port=8080", *target).stdout == digest
    verbose = host.run(link, "-v", "-p", 8080, *target).stdout
    assert "[ HTTP Header Ascii Buffer ]" in verbose and digest in verbose and "usecs" in verbose
    refused = host.run(link, "-p", 1, *target)
    assert (refused.stdout, refused.returncode) == ("Connection failed\n", 0)
    wrong = host.run(link, "-p", 8080, "--port", check=False)
    assert wrong.returncode == 1 and "Usage" in wrong.stderr and not wrong.stdout

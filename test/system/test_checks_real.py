# SPDX-License-Identifier: GPL-2.0-or-later
"""Health checks against the real servers of Debian, up, down and slow: nginx in the clear and with TLS, dnsmasq,
OpenSMTPD, an echo of datagrams, the kernel's answers to pings."""

import hashlib
import signal

import pytest

from lab import checked, ipvs
from lab.checked import SERVER
from lab.poll import wait_until

PAGE = b"real\n"
HTTP, HTTPS, DNS, SMTP, ECHO, PING = 8080, 8443, 5353, 2525, 7007, 1

NGINX = """
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
    server {{
        listen 8080;
        listen 8443 ssl;
        ssl_certificate {folder}/server.crt;
        ssl_certificate_key {folder}/server.key;
        server_name www.example.org;
        location / {{ default_type text/plain; return 200 "real\\n"; }}
        location /moved {{ return 301 /; }}
    }}
    server {{
        listen 8080 default_server;
        listen 8443 ssl default_server;
        ssl_certificate {folder}/server.crt;
        ssl_certificate_key {folder}/server.key;
        location / {{ return 404; }}
    }}
}}
"""

DNSMASQ = ["dnsmasq", "--keep-in-foreground", "--no-resolv", "--no-hosts", "--user=root", "--pid-file", "--conf-file=/dev/null",
           f"--port={DNS}", "--address=/a.example.org/192.0.2.7"]

SMTPD = """
listen on {address} port 2525
action "local" mbox
match from any for local action "local"
"""


class Servers:
    """All of them on one host; each can be ended and started again by its name."""

    def __init__(self, host, folder):
        self.host = host
        self.folder = folder
        checked.make_certificate(folder)
        (folder / "nginx.conf").write_text(NGINX.format(folder=folder))
        (folder / "smtpd.conf").write_text(SMTPD.format(address=SERVER))
        self._running = {}
        # Spools and sockets of OpenSMTPD, private to the host.
        host.run("sh", "-c", "mount -t tmpfs spool /var/spool && mkdir -p /run/smtpd")
        self._programs = {
            "nginx": ["nginx", "-e", folder / "error.log", "-p", folder, "-c", folder / "nginx.conf"],
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
        self._running.pop(name).wait(10)


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
    web = network.add_host("web01", f"{SERVER}/24")
    servers = Servers(web, tmp_path)
    for server in ("nginx", "dnsmasq", "smtpd"):
        servers.start(server)
    wait_until(lambda: all(f":{port} " in web.run("ss", "-ltun").stdout for port in (HTTP, HTTPS, DNS, SMTP)), 30,
               "all servers")
    echo = checked.Datagrams(web, ECHO, lambda datagram: [datagram])
    yield director, web, servers, echo
    echo.close()


def follow(daemon, real, table=None):
    """All are up; then one by one goes down and comes back. table(): the ports that are in the kernel's table."""
    director, web, servers, echo = real
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
    web.run("sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=1")
    wait_until(lambda: said(PING, False), patience, "no answer to pings")
    web.run("sysctl", "-qw", "net.ipv4.icmp_echo_ignore_all=0")
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


def test_genhash(real, router, binary):
    """The same digest as the checks compare, by both names of the program."""
    _, web, servers, _ = real
    link = servers.folder / "genhash"
    link.symlink_to(binary)
    digest = hashlib.md5(PAGE).hexdigest() + "\n"
    target = ["-s", SERVER, "-u", "/", "-V", "www.example.org", "-P", "1.0c"]
    assert web.run(link, "-p", 8080, *target).stdout == digest
    assert web.run(binary, "--genhash", "-S", "-I", "-p", 8443, *target).stdout == digest
    assert web.run(binary, "-T", "--port=8080", *target).stdout == digest
    verbose = web.run(link, "-v", "-p", 8080, *target).stdout
    assert "[ HTTP Header Ascii Buffer ]" in verbose and digest in verbose and "usecs" in verbose
    refused = web.run(link, "-p", 1, *target)
    assert (refused.stdout, refused.returncode) == ("Connection failed\n", 0)
    wrong = web.run(link, "-p", 8080, "--port", check=False)
    assert wrong.returncode == 1 and "Usage" in wrong.stderr and not wrong.stdout

# SPDX-License-Identifier: GPL-2.0-or-later
"""What checks send, octet by octet, beside Debian's keepalived with the same configuration. (It needs IPVS to start.)"""

import struct

import pytest

from lab import checked
from lab.checked import SERVER
from lab.network import Network
from lab.poll import wait_until

pytestmark = pytest.mark.ipvs

OK = b"HTTP/1.0 200 OK\r\n\r\nhello"


def page(kind="HTTP_GET", text="", outside=""):
    return f"{kind} {{\nurl {{\npath /a?b=c%20d\n{text}\n}}\nurl {{\npath second\n}}\n{outside}\n}}"


STREAMS = {
    8001: page(),
    8002: page(outside="http_protocol 1.0C\nvirtualhost check.example"),
    8003: page(text="virtualhost url.example", outside="http_protocol 1.1"),
    2501: "SMTP_CHECK {\n}",
    2502: "SMTP_CHECK {\nhelo_name me.example\n}",
}
DATAGRAMS = {
    5301: "DNS_CHECK {\n}",
    5302: "DNS_CHECK {\ntype MX\nname example.com.\n}",
    **{5310 + number: f"DNS_CHECK {{\ntype {kind}\nname www.example.org\n}}"
       for number, kind in enumerate(("A", "NS", "CNAME", "SOA", "TXT", "AAAA", "RRSIG", "DNSKEY"))},
    5401: "UDP_CHECK {\n}",
    5402: "UDP_CHECK {\npayload 6b6e 6f0063 8081\n}",
}


def client_hello(octets):
    """What a ClientHello consists of, without what is random: (version, suites, {extension: its length})."""
    body = octets[5 + 4:]
    version, at = body[:2], 34
    at += 1 + body[at]
    suites = body[at + 2:at + 2 + struct.unpack("!H", body[at:at + 2])[0]]
    at += 2 + len(suites)
    at += 1 + body[at] + 2
    extensions = []
    while at < len(body):
        kind, length = struct.unpack("!HH", body[at:at + 4])
        extensions.append((kind, length))
        at += 4 + length
    return version, suites, extensions


def said(network, router, program, name):
    """{port: everything that was said there, request by request} to servers of all kinds."""
    host = network.add_host(name, "172.27.9.11/24")
    web = network.add_host("web01", f"{SERVER}/24")
    heard = {port: [] for port in (*STREAMS, 8443)}

    def pages(port):
        def serve(connection):
            heard[port].append(checked.read_request(connection))
            connection.sendall(OK)
        return serve

    def mail(port):
        def serve(connection):
            connection.sendall(b"220 hello\r\n")
            text = connection.recv(4096)
            connection.sendall(b"250 fine\r\n")
            text += connection.recv(4096)
            connection.sendall(b"221 bye\r\n")
            heard[port].append(text + connection.recv(4096))
        return serve

    def hello(connection):
        heard[8443].append(client_hello(connection.recv(4096)))

    servers = [checked.Hostile(web, port, pages(port) if port > 8000 else mail(port)) for port in STREAMS]
    servers.append(checked.Hostile(web, 8443, hello))
    datagrams = {port: checked.Datagrams(web, port, lambda query: [checked.dns_answer(query)]) for port in DATAGRAMS}
    checks = {**STREAMS, **DATAGRAMS, 8443: page("SSL_GET", outside="virtualhost tls.example\nenable_sni")}
    daemon = router(host, program, checked.service(checks)).start()
    wanted = {port: 2 if 8000 < port < 8443 else 1 for port in heard}
    wait_until(lambda: all(len(heard[port]) >= count for port, count in wanted.items())
               and all(server.received for server in datagrams.values()), 60, "one of each")
    assert daemon.stop(30)[0] == 0
    for server in [*servers, *datagrams.values()]:
        server.close()
    result = {port: heard[port][:count] for port, count in wanted.items()}
    # the id of a DNS query is random
    result.update({port: server.received[0][2 if port < 5400 else 0:] for port, server in datagrams.items()})
    return result


def test_payload(network, router, binary, reference):
    """UDP_CHECK sends its payload, whatever is in it. Debian's 2.2.7 sends the default text instead if there is an octet
    fe or ff in it: the comparison of all checks has to do without those."""
    web = network.add_host("web01", f"{SERVER}/24")
    server = checked.Datagrams(web, 5402, lambda datagram: [datagram])
    text = checked.service({5402: "UDP_CHECK {\npayload 0001 feff\n}"})
    version = web.run(reference, "-v", check=False)
    sent = {}
    for name, program in (("theirs", reference), ("ours", binary)):
        host = network.add_host(name, "172.27.9.11/24")
        seen = len(server.received)
        daemon = router(host, program, text).start()
        wait_until(lambda: len(server.received) > seen, 20, "a datagram")
        assert daemon.stop(30)[0] == 0
        host.run("ip", "link", "set", "ens33", "down")
        sent[name] = server.received[-1]
    server.close()
    assert sent["ours"] == b"\0\1\xfe\xff"
    if "v2.2.7 " in version.stderr:
        assert sent["theirs"] == b"keepalived check - keepalived ch"
    else:
        assert sent["theirs"] == sent["ours"]


def test_the_same_octets(router, binary, reference):
    with Network() as network:
        ours = said(network, router, binary, "ours")
    with Network() as network:
        theirs = said(network, router, reference, "theirs")
    for port, text in theirs.items():
        assert ours[port] == text, port

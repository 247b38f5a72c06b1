# SPDX-License-Identifier: GPL-2.0-or-later
"""Servers for health checks, good and hostile ones, and the daemon's verdicts about them."""

import contextlib
import re
import socket
import ssl
import struct
import subprocess
import threading
import time

from .poll import wait_until

SERVER = "172.27.9.21"


class Hostile:
    """A TCP server on a host: serve(connection) for each connection, in a thread of its own, until close()."""

    def __init__(self, host, port, serve, address=""):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET

        def opened():
            listener = socket.socket(family, socket.SOCK_STREAM)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((address, port))
            listener.listen(64)
            return listener

        self._listener = host.inside(opened)
        self._serve = serve
        self.connections = 0
        self._over = False
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while not self._over:
            with contextlib.suppress(OSError):
                connection, _ = self._listener.accept()
                self.connections += 1
                threading.Thread(target=self._converse, args=(connection,), daemon=True).start()

    def _converse(self, connection):
        with connection, contextlib.suppress(OSError, ssl.SSLError):
            connection.settimeout(30)
            self._serve(connection)

    def close(self):
        self._over = True
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()


class Datagrams:
    """A UDP server on a host: answer(datagram) yields the datagrams to send back. Keeps what came in `received`."""

    def __init__(self, host, port, answer):
        def opened():
            made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            made.bind(("", port))
            return made

        self._socket = host.inside(opened)
        self.received = []

        def serve():
            with contextlib.suppress(OSError):
                while True:
                    datagram, peer = self._socket.recvfrom(65536)
                    self.received.append(datagram)
                    for reply in answer(datagram):
                        self._socket.sendto(reply, peer)

        threading.Thread(target=serve, daemon=True).start()

    def close(self):
        self._socket.close()


def read_request(connection):
    """Until the empty line."""
    text = b""
    while b"\r\n\r\n" not in text:
        octets = connection.recv(4096)
        if not octets:
            break
        text += octets
    return text


def answers(*pieces, pause=0.0):
    """A server that reads a request and sends these pieces."""
    def serve(connection):
        read_request(connection)
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(pause)
    return serve


def endless(piece, before=b"", pause=0.0):
    """A server that never comes to an end."""
    def serve(connection):
        read_request(connection)
        connection.sendall(before)
        while True:
            connection.sendall(piece)
            time.sleep(pause)
    return serve


def hangs(connection):
    """Never says a word."""
    while connection.recv(4096):
        pass


def says(*lines, pause=0.0):
    """An SMTP server: a greeting, then one answer for each line that comes."""
    def serve(connection):
        stream = connection.makefile("rwb", buffering=0)
        for number, line in enumerate(lines):
            if number and not stream.readline():
                return
            for octet in ([line] if not pause else [line[at:at + 1] for at in range(len(line))]):
                connection.sendall(octet)
                time.sleep(pause)
        hangs(connection)
    return serve


def make_certificate(folder):
    """A certificate that nobody vouches for, of another name."""
    files = folder / "server.crt", folder / "server.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=elsewhere.example",
                    "-days", "1", "-keyout", files[1], "-out", files[0]], check=True, capture_output=True)
    return files


def make_client_certificates(folder):
    """A root, an intermediate authority and a client that it vouches for, whose key has the password "secret":
    root.crt, middle.crt, client.crt, client.key and chain.crt, which is the client's with the authority's behind it."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=folder)

    (folder / "authority").write_text("basicConstraints=critical,CA:TRUE\n")
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=root", "-days", "1", "-keyout", "root.key",
            "-out", "root.crt")
    for name, signer, extra in (("middle", "root", ["-extfile", "authority"]), ("client", "middle", [])):
        key = ["-passout", "pass:secret"] if name == "client" else ["-nodes"]
        openssl("req", "-newkey", "rsa:2048", *key, "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out",
                f"{name}.csr")
        openssl("x509", "-req", "-in", f"{name}.csr", "-CA", f"{signer}.crt", "-CAkey", f"{signer}.key",
                "-CAcreateserial", "-days", "1", "-out", f"{name}.crt", *extra)
    (folder / "chain.crt").write_text((folder / "client.crt").read_text() + (folder / "middle.crt").read_text())


def tls_context(files):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    return context


def over_tls(context, serve):
    """A server that speaks TLS."""
    def serve_tls(connection):
        with context.wrap_socket(connection, server_side=True) as wrapped:
            serve(wrapped)
    return serve_tls


def stalls_after(context, octets):
    """A server that speaks TLS until it has sent so many octets, and then no more."""
    def serve(connection):
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        session = context.wrap_bio(incoming, outgoing, server_side=True)
        left = octets
        while left > 0:
            incoming.write(connection.recv(4096))
            with contextlib.suppress(ssl.SSLWantReadError):
                session.do_handshake()
            piece = outgoing.read()[:left]
            connection.sendall(piece)
            left -= len(piece)
        hangs(connection)
    return serve


def dns_answer(query, code=0, tail=b"", flags=0x8180):
    """An answer to this query, with only a header and what follows."""
    return query[:2] + struct.pack("!HHHHH", flags | code, 1, 0, 0, 0) + query[12:] + tail


def service(checks, method="NAT", outer=""):
    """One virtual server; checks: {port or (address, port): text of the checks of that real server}."""
    servers = "".join(
        f"    real_server {target[0] if isinstance(target, tuple) else SERVER} "
        f"{target[1] if isinstance(target, tuple) else target} {{\n{text}\n    }}\n"
        for target, text in checks.items())
    return f"""
virtual_server 10.1.0.1 80 {{
    delay_loop 1
    lb_algo rr
    lb_kind {method}
    protocol TCP
    warmup 0
    connect_timeout 1
    retry 0
{outer}
{servers}}}
"""


GOOD = re.compile(r"success|succe")
BAD = re.compile(r"failed")


def verdicts(log):
    """{"[address]:tcp:port": [True, False, …]} of the lines about checks in a log, repeats left out."""
    found = {}
    for line in log.splitlines():
        named = re.search(r"\[[0-9a-f.:]+\]:tcp:[0-9]+", line)
        if not named or "service" in line and ("Adding" in line or "Removing" in line or "Activating" in line):
            continue
        good, bad = GOOD.search(line), BAD.search(line)
        if good or bad:
            said = found.setdefault(named[0], [])
            if not said or said[-1] != bool(good):
                said.append(bool(good))
    return found


def wait_for_verdicts(daemon, wanted, timeout):
    """Until the last words of the log about real servers are as wanted: {port or "[address]:tcp:port": verdict}."""
    wanted = {key if isinstance(key, str) else f"[{SERVER}]:tcp:{key}": value for key, value in wanted.items()}

    def difference():
        said = verdicts(daemon.log)
        return {name: (said.get(name), verdict) for name, verdict in wanted.items()
                if not said.get(name) or said[name][-1] != verdict}

    try:
        wait_until(lambda: not difference(), timeout, "all verdicts")
    except AssertionError:
        raise AssertionError(f"(said, wanted): {difference()}") from None

# SPDX-License-Identifier: GPL-2.0-or-later
"""All kinds of health checks against good, slow, wrong and hostile servers: the verdicts in the log.

The kernel's table is not looked at here, so that a kernel without IPVS will do.
"""

import hashlib
import os
import pathlib
import re
import signal
import time

import pytest

from lab import checked, mail
from lab.checked import SERVER, answers, endless, over_tls, says
from lab.poll import wait_until

OK = b"HTTP/1.0 200 OK\r\n\r\n"
PAGE = b"hello world, this is a page\n"
DIGEST = hashlib.md5(PAGE).hexdigest()


def url(text="", kind="HTTP_GET", outside=""):
    return f"{kind} {{\nurl {{\npath /\n{text}\n}}\n{outside}\n}}"


# port: (check, server, verdict)
PAGES = {
    8001: (url(), answers(OK + PAGE), True),
    8002: (url(f"digest {DIGEST}"), answers(OK, PAGE[:5], PAGE[5:], pause=0.05), True),
    8003: (url(f"digest {DIGEST}"), answers(OK + PAGE + b"more"), False),
    8004: (url("status_code 301 404"), answers(b"HTTP/1.1 404 Not Found\r\n\r\n"), True),
    8005: (url(), answers(b"HTTP/1.1 404 Not Found\r\n\r\n"), False),
    8006: (url("regex world"), answers(OK, PAGE), True),
    8007: (url("regex nowhere"), answers(OK, PAGE), False),
    8008: (url("regex nowhere\nregex_no_match"), answers(OK, PAGE), True),
    8009: (url("regex WORLD\nregex_options caseless\nregex_min_offset 3\nregex_max_offset 10"),
           answers(OK, PAGE), True),
    8010: (url("regex world\nregex_stack 32768 65536\nregex_max_offset 5"), answers(OK, PAGE), False),
    8011: (url(), answers(b"ICY 200 OK\r\n\r\n"), True),
    8012: (url("regex page$"), answers(OK, PAGE), True),  # never in keepalived (lvs.md 15, 16)
    8013: (url(), answers(b"HTTP/1.0 200 OK\r\nContent-Length: 10\r\n\r\nhello"), True),
    8014: (url("regex hello\nregex_options utf"), answers(OK, b"caf\xe9 hello caf\xc3", b"\xa9!", pause=0.05), True),
    # hostile ones
    8020: (url(), endless(b"X-More: and more\r\n", b"HTTP/1.0 200 OK\r\n"), False),
    8021: (url(), endless(b"x", b"HTTP/1.0 200 OK\r\nX: ", pause=0.1), False),
    8022: (url(), endless(b"x", OK, pause=0.1), False),
    8023: (url("regex (x+x+)+y\nregex_options dotall"), endless(b"x" * 4000, OK), False),
    8024: (url(), answers(b"HTTP/1.0 200\r\n\r\n"), False),
    8025: (url(), answers(b"\0\xff\xfe garbage\r\n\r\n"), False),
    8026: (url(), answers(b""), False),
    8027: (url(), answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\nx"), True),
    8028: (url(), answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 20000), True),
    8029: (url(), checked.hangs, False),
    8030: (url(), answers(b"HTTP/1.1 200 OK\r\nContent-Length: 18446744073709551616\r\n\r\nx"), True),
    8031: (url(), answers(b"A" * 5000 + b"\r\n\r\n"), False),
}

DIALOGUES = {
    2501: ("SMTP_CHECK {\n}", says(b"220 hello\r\n", b"250 fine\r\n", b"221 bye\r\n"), True),
    2502: ("SMTP_CHECK {\n}", says(b"220-hello\r\n220-there\r\n220 go on\r\n", b"250 fine\r\n", b"221 bye\r\n"), True),
    2503: ("SMTP_CHECK {\n}", says(b"220\r\n", b"250 fine\r\n", b"221 bye\r\n"), False),
    2504: ("SMTP_CHECK {\n}", says(b"220 hello\r\n", b"550 no\r\n"), False),
    2505: ("SMTP_CHECK {\n}", says(b"220 hello\r\n", b"250 fine\r\n", b"bye"), False),
    2506: ("SMTP_CHECK {\n}", says(b"220-" + b"x" * 100, pause=0.1), False),
    2507: ("SMTP_CHECK {\n}", says(b"220-hello\r\n" * 100000), False),
    2508: ("SMTP_CHECK {\n}", says(b"421 busy\r\n"), False),
}

DNS = "DNS_CHECK {\ntype A\nname a.example.com\nretry 0\ndelay_before_retry 1\n}"
LOOP = b"\xc0\x0c\x00\x01\x00\x01\x00\x00\x00\x00\x00\x04\x7f\x00\x00\x01"
DATAGRAMS = {
    5301: (DNS, lambda query: [checked.dns_answer(query)], True),
    5302: (DNS, lambda query: [checked.dns_answer(query, code=2)], False),
    5303: (DNS, lambda query: [], False),
    5304: (DNS, lambda query: [b"xx" + query[2:], query, b"", checked.dns_answer(query)], True),
    5305: (DNS, lambda query: [checked.dns_answer(query, tail=LOOP * 20)], True),
    5306: (DNS, lambda query: [b"\0" * 600] * 2000, False),
    5401: ("UDP_CHECK {\n}", lambda datagram: [], True),
    5402: ("UDP_CHECK {\nrequire_reply\n}", lambda datagram: [], False),
    5403: ("UDP_CHECK {\npayload 616263\nrequire_reply 6x62\n}", lambda datagram: [datagram], True),
    5404: ("UDP_CHECK {\npayload 616263\nrequire_reply 6x65\n}", lambda datagram: [datagram], False),
    5405: ("UDP_CHECK {\nrequire_reply 6b\nmax_reply_length 31\n}", lambda datagram: [datagram], False),
    5406: ("UDP_CHECK {\nrequire_reply 6b\nmin_reply_length 32\n}", lambda datagram: [datagram], True),
}


@pytest.fixture
def hosts(network):
    director = network.add_host("lvs01", "172.27.9.11/24", "2001:db8::11/64")
    return director, network.add_host("web01", f"{SERVER}/24", "2001:db8::21/64")


def run(router, director, binary, text, wanted, timeout=30):
    """Starts the daemon and waits until all verdicts are as wanted: {port or text: verdict}."""
    daemon = router(director, binary, text).start()
    checked.wait_for_verdicts(daemon, wanted, timeout)
    return daemon


def memory_of(pid):
    """Resident memory in KB."""
    return int(re.search(r"VmRSS:\s*(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text())[1])


def test_pages_and_dialogues(hosts, router, binary):
    """Each verdict as specified, and no hostile server makes the checker large or slow."""
    director, web = hosts
    cases = {**PAGES, **DIALOGUES}
    servers = [checked.Hostile(web, port, serve) for port, (_, serve, _) in cases.items()]
    text = checked.service({port: check for port, (check, _, _) in cases.items()})
    daemon = run(router, director, binary, text, {port: verdict for port, (_, _, verdict) in cases.items()})
    checker = daemon.wait_for("checker")
    time.sleep(3)
    assert memory_of(checker) < 100_000
    # as long as it is the same, it is said once
    assert daemon.log.count("[172.27.9.21]:tcp:8013: the body is 5 bytes shorter") == 1, daemon.log
    # whatever else it has to do, it stops at once
    assert daemon.stop()[0] == 0
    for server in servers:
        server.close()


def test_datagrams(hosts, router, binary):
    director, web = hosts
    servers = [checked.Datagrams(web, port, answer) for port, (_, answer, _) in DATAGRAMS.items()]
    checks = {port: check for port, (check, _, _) in DATAGRAMS.items()}
    wanted = {port: verdict for port, (_, _, verdict) in DATAGRAMS.items()}
    for port, check in ((5501, "UDP_CHECK {\n}"), (5502, DNS)):  # nobody is there, which ICMP says
        checks[port], wanted[port] = check, False
    daemon = run(router, director, binary, checked.service(checks), wanted)
    assert servers[0].received[0][2:] == bytes.fromhex("01000001000000000000") + b"\1a\7example\3com\0\0\1\0\1"
    assert servers[6].received[0] == b"keepalived check - keepalived ch"
    assert daemon.stop()[0] == 0
    for server in servers:
        server.close()


def test_tls(hosts, router, binary, tmp_path):
    """A certificate that nobody would trust is good enough; a handshake that stalls is not, wherever it does."""
    director, web = hosts
    context = checked.tls_context(checked.make_certificate(tmp_path))
    names = []
    page = answers(OK, PAGE)
    cases = {
        8443: (url(f"digest {DIGEST}", "SSL_GET"), over_tls(context, page), True),
        8444: (url("", "SSL_GET", "tls_compliant"), over_tls(context, page), True),
        8445: (url("", "SSL_GET"), page, False),
        8446: (url("", "SSL_GET"), over_tls(context, endless(b"x", OK, pause=0.1)), False),
        8447: (url("", "SSL_GET"), over_tls(context, checked.hangs), False),
        8448: (url("", "SSL_GET"), over_tls(context, endless(b"x" * 4000, OK)), False),
        **{8450 + number: (url("", "SSL_GET"), checked.stalls_after(context, octets), False)
           for number, octets in enumerate((0, 1, 5, 60, 130, 700, 1200))},
    }
    named = checked.tls_context(tmp_path.joinpath(name) for name in ("server.crt", "server.key"))
    named.sni_callback = lambda session, name, _: names.append(name)
    cases[8460] = (url("virtualhost www.example.org", "SSL_GET", "enable_sni"), over_tls(named, page), True)
    context.sni_callback = lambda session, name, _: names.append(name or "none")
    servers = [checked.Hostile(web, port, serve) for port, (_, serve, _) in cases.items()]
    text = checked.service({port: check for port, (check, _, _) in cases.items()})
    daemon = run(router, director, binary, text, {port: verdict for port, (_, _, verdict) in cases.items()})
    assert "www.example.org" in names and "none" in names
    assert memory_of(daemon.wait_for("checker")) < 100_000
    assert daemon.stop()[0] == 0
    for server in servers:
        server.close()


def test_ping(hosts, router, binary):
    director, _ = hosts
    director.path("/proc/sys/net/ipv4/ping_group_range").write_text("1 0")
    ping = "PING_CHECK {\n}"
    both = checked.service({1: ping, ("172.27.9.99", 1): ping})
    both += checked.service({("2001:db8::21", 1): ping}).replace("10.1.0.1 80", "2001:db8:9::1 80")
    daemon = run(router, director, binary, both, {1: True, "[172.27.9.99]:tcp:1": False, "[2001:db8::21]:tcp:1": True})
    assert director.run("cat", "/proc/sys/net/ipv4/ping_group_range").stdout.split() == ["0", "0"]
    assert daemon.stop()[0] == 0
    assert director.run("cat", "/proc/sys/net/ipv4/ping_group_range").stdout.split() == ["1", "0"]


def test_scripts_and_files(hosts, router, binary, tmp_path):
    director, _ = hosts
    value = director.path("/etc/keepalived/value")
    value.write_text("0\n")
    value.chmod(0o600)
    scripts = {
        1: ("exit 0", "", True), 2: ("exit 1", "", False), 3: ("exit 2", "", False),
        4: ("exit 2", "misc_dynamic", True), 5: ("exit 1", "misc_dynamic", False),
        6: ("sleep 60", "misc_timeout 1", False), 7: ("kill -KILL $$", "", False),
    }
    for number, (body, _, _) in scripts.items():
        script = director.path(f"/etc/keepalived/check{number}")
        script.write_text(f"#!/bin/sh\n{body}\n")
        script.chmod(0o755)
    checks = {number: f"MISC_CHECK {{\nmisc_path /etc/keepalived/check{number}\n{options}\n}}"
              for number, (_, options, _) in scripts.items()}
    wanted = {number: verdict for number, (_, _, verdict) in scripts.items()}
    checks[20], wanted[20] = "FILE_CHECK {\ntrack_file VALUE\nweight 0\n}", True
    checks[21], wanted[21] = "FILE_CHECK {\ntrack_file VALUE\nweight 0 reverse\n}", False  # at the start, too
    text = ("global_defs {\nenable_script_security\nscript_user root\n}\n"
            "track_file VALUE {\nfile /etc/keepalived/value\n}\n" + checked.service(checks))
    daemon = run(router, director, binary, text, wanted)
    value.write_text("7\n")
    for port, verdict in ((20, False), (21, True)):
        wait_until(lambda: checked.verdicts(daemon.log)[f"[{SERVER}]:tcp:{port}"][-1] == verdict, 5, "the new value")
    assert daemon.stop()[0] == 0


def test_request_octets(hosts, router, binary):
    """What goes over the wire, and from where."""
    director, web = hosts
    requests = {}

    def keeps(port):
        def serve(connection):
            requests.setdefault(port, (read(connection), connection.getpeername()))
            connection.sendall(OK)
        read = checked.read_request
        return serve

    texts = {
        8101: (url(), "GET / HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: 172.27.9.21:8101\r\n\r\n"),
        8102: (url("virtualhost a.example", outside="http_protocol 1.0C"),
               "GET / HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: a.example\r\n\r\n"),
        8103: (url(outside="http_protocol 1.1\nvirtualhost b.example"),
               "GET / HTTP/1.1\r\nUser-Agent: KeepAliveClient\r\nConnection: close\r\nHost: b.example\r\n\r\n"),
        8104: (url(outside="bindto 172.27.9.12\nbind_port 7777\nbind_if ens33\nfwmark 3") + "\nvirtualhost rs.example",
               "GET / HTTP/1.0\r\nUser-Agent: KeepAliveClient\r\nHost: rs.example\r\n\r\n"),
    }
    director.run("ip", "address", "add", "172.27.9.12/24", "dev", "ens33")
    servers = [checked.Hostile(web, port, keeps(port)) for port in texts]
    checks = {port: check for port, (check, _) in texts.items()}
    checks[9] = url(outside="connect_ip 172.27.9.21\nconnect_port 8105")
    servers.append(checked.Hostile(web, 8105, keeps(8105)))
    daemon = run(router, director, binary, checked.service(checks, outer="virtualhost vs.example"),
                 {port: True for port in checks})
    texts[8101] = (None, texts[8101][1].replace("172.27.9.21:8101", "vs.example"))
    for port, (_, text) in texts.items():
        assert requests[port][0].decode() == text
    assert requests[8104][1] == ("172.27.9.12", 7777)
    assert b"Host: vs.example\r\n" in requests[8105][0]
    assert daemon.stop()[0] == 0
    for server in servers:
        server.close()


def test_equal_checks_are_made_once(hosts, router, binary):
    """Two virtual servers in front of one real server: one connection a delay_loop, two verdicts."""
    director, web = hosts
    server = checked.Hostile(web, 8001, answers(OK))
    one = checked.service({8001: url()})
    text = one + one.replace("10.1.0.1 80", "10.1.0.2 80")
    daemon = run(router, director, binary, text, {8001: True})
    assert daemon.log.count("Remote Web server [172.27.9.21]:tcp:8001 succeed on service.") == 2
    before = server.connections
    time.sleep(3)
    assert 1 <= server.connections - before <= 4
    assert daemon.stop()[0] == 0
    server.close()


def test_verdicts_survive_reload_and_crash(hosts, router, binary):
    director, web = hosts
    server = checked.Hostile(web, 8001, answers(OK))
    daemon = run(router, director, binary, checked.service({8001: url(), 8002: url()}), {8001: True, 8002: False})
    said = [line for line in daemon.log.splitlines() if re.search(rf"{SERVER}.*(failed|succe)", line)]
    daemon.configure(checked.service({8001: url(), 8002: url()}) + "\n! changed\n")
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: "Reload complete" in daemon.log, 10, "the reload")
    time.sleep(3)
    checker = daemon.wait_for("checker")
    os.kill(checker, signal.SIGKILL)
    daemon.wait_for("checker", other_than=checker)
    time.sleep(3)
    assert [line for line in daemon.log.splitlines() if re.search(rf"{SERVER}.*(failed|succe)", line)] == said
    server.close()
    wait_until(lambda: checked.verdicts(daemon.log)[f"[{SERVER}]:tcp:8001"] == [True, False], 10, "the dead server")
    assert daemon.stop()[0] == 0


def test_frozen_checker_is_noticed(hosts, router, binary):
    director, web = hosts
    server = checked.Hostile(web, 8001, answers(OK))
    daemon = run(router, director, binary, checked.service({8001: url()}), {8001: True})
    checker = daemon.wait_for("checker")
    os.kill(checker, signal.SIGSTOP)
    wait_until(lambda: "is FROZEN" in daemon.log, 10, "the frozen checker")
    os.kill(checker, signal.SIGCONT)
    wait_until(lambda: "is at work again" in daemon.log, 10, "the checker at work again")
    assert daemon.stop()[0] == 0
    server.close()


def test_check_without_results_is_noticed(hosts, router, binary):
    """A source address that goes away abandons every attempt: the verdict stays, and grows old."""
    director, web = hosts
    director.run("ip", "address", "add", "172.27.9.12/32", "dev", "lo")
    server = checked.Hostile(web, 8001, checked.hangs)
    text = checked.service({8001: "TCP_CHECK {\nbindto 172.27.9.12\n}"})
    daemon = run(router, director, binary, text, {8001: True})
    director.run("ip", "address", "delete", "172.27.9.12/32", "dev", "lo")
    about = f"Check of [{SERVER}]:tcp:8001 for VS [10.1.0.1]:tcp:80"
    wait_until(lambda: f"{about} is OVERDUE" in daemon.log, 15, "the check without results")
    assert checked.verdicts(daemon.log)[f"[{SERVER}]:tcp:8001"] == [True]
    director.run("ip", "address", "add", "172.27.9.12/32", "dev", "lo")
    wait_until(lambda: f"{about} has a result again" in daemon.log, 15, "a result")
    assert daemon.stop()[0] == 0
    server.close()


def test_source_port_can_be_used_again(hosts, router, binary):
    """The connection of the last attempt is in TIME_WAIT (Debian's keepalived skips every attempt meanwhile)."""
    director, web = hosts
    peers = []

    def keeps(connection):
        peers.append(connection.getpeername())
        checked.hangs(connection)

    server = checked.Hostile(web, 8001, keeps)
    text = checked.service({8001: "TCP_CHECK {\nbindto 172.27.9.11\nbind_port 7777\n}"})
    daemon = run(router, director, binary, text, {8001: True})
    wait_until(lambda: len(peers) >= 4, 10, "one attempt a second")
    assert set(peers) == {("172.27.9.11", 7777)}
    assert director.run("ss", "-Htan", "state", "time-wait", "sport", "=", ":7777").stdout.count("7777") >= 1
    server.close()
    wait_until(lambda: checked.verdicts(daemon.log)[f"[{SERVER}]:tcp:8001"][-1] is False, 10, "the dead server")
    assert "OVERDUE" not in daemon.log
    assert daemon.stop()[0] == 0


def test_script_that_disappears_before_a_reload(hosts, router, binary):
    """The checks behind it keep their numbers in parent and child, and a script that only the parent may see is run."""
    director, web = hosts
    server = checked.Hostile(web, 8003, checked.hangs)
    hidden = director.path("/etc/keepalived/hidden")
    hidden.mkdir()
    paths = {1: director.path("/etc/keepalived/gone"), 2: hidden / "there"}
    for path in paths.values():
        path.write_text("#!/bin/sh\nexit $(cat /etc/keepalived/status)\n")
        path.chmod(0o755)
    status = director.path("/etc/keepalived/status")
    status.write_text("0")
    os.chown(hidden, 65534, 65534)
    hidden.chmod(0o700)
    text = ("global_defs {\nscript_user root\n}\n" +
            checked.service({1: "MISC_CHECK {\nmisc_path /etc/keepalived/gone\n}",
                             2: "MISC_CHECK {\nmisc_path /etc/keepalived/hidden/there\n}",
                             8003: "TCP_CHECK {\n}"}))
    daemon = run(router, director, binary, text, {1: True, 2: True, 8003: True})
    paths[1].unlink()
    before = len(daemon.log)
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: "Reload complete" in daemon.log, 10, "the reload")
    status.write_text("1")
    server.close()

    def said(port):
        return checked.verdicts(daemon.log[before:]).get(f"[{SERVER}]:tcp:{port}")

    wait_until(lambda: said(2) == [False] and said(8003) == [False], 15, "what the checks say now")
    time.sleep(2)
    assert said(1) is None
    assert "OVERDUE" not in daemon.log and "asked to run" not in daemon.log
    # the parent applies each verdict to the server that it is about
    removed = re.findall(r"Removing service (\S+) ", daemon.log[before:])
    assert sorted(removed) == [f"[{SERVER}]:tcp:2", f"[{SERVER}]:tcp:8003"]
    assert daemon.stop()[0] == 0


def test_mails_say_why(hosts, router, binary):
    """A server of mail by the words that it said, a script by whether its time was over."""
    director, web = hosts
    letters = mail.Server(director, 2525)
    greeter = checked.Hostile(web, 2501, says(b"554 not \x1b[31m you\r\n"))
    for name, body in (("late", "sleep 60"), ("bad", "exit 1")):
        script = director.path(f"/etc/keepalived/{name}")
        script.write_text(f"#!/bin/sh\n{body}\n")
        script.chmod(0o755)
    checks = {2501: "SMTP_CHECK {\n}", 2502: "SMTP_CHECK {\n}",
              1: "MISC_CHECK {\nmisc_path /etc/keepalived/late\nmisc_timeout 1\n}",
              2: "MISC_CHECK {\nmisc_path /etc/keepalived/bad\n}"}
    text = ("global_defs {\nrouter_id r1\nscript_user root\nsmtp_alert\nsmtp_server 127.0.0.1 2525\n"
            "notification_email_from ka@example.net\nnotification_email {\nops@example.net\n}\n}\n")
    daemon = run(router, director, binary, text + checked.service(checks), dict.fromkeys(checks, False))
    wanted = {2501: "=> CHECK failed on service : bad greeting: '554 not ?[31m you' <=",
              2502: "=> CHECK failed on service : Connection refused <=",
              1: "=> MISC CHECK timed out on service <=", 2: "=> MISC CHECK failed on service <="}

    def bodies():
        return {port: one.body for port in wanted for one in letters.mails if f"[{SERVER}]:tcp:{port} " in one.subject}

    wait_until(lambda: len(bodies()) == len(wanted), 15, "all mails")
    assert bodies() == wanted
    assert daemon.stop()[0] == 0
    for server in (letters, greeter):
        server.close()


def test_retries_and_log_all_failures(hosts, router, binary):
    director, web = hosts
    server = checked.Hostile(web, 8001, answers(OK))
    quiet = "HTTP_GET {\nurl {\npath /\n}\nretry 2\ndelay_before_retry 1\n%s}"
    text = checked.service({8001: quiet % "", ("172.27.9.21", 8002): quiet % "log_all_failures\nconnect_port 8001\n"})
    daemon = run(router, director, binary, text, {8001: True, 8002: True})
    server.close()
    for port in (8001, 8002):
        wait_until(lambda: f"HTTP_CHECK on service [{SERVER}]:tcp:{port} failed after 2 retries." in daemon.log, 15,
                   "the end of the retries")
    assert daemon.log.count(f"HTTP_CHECK of [{SERVER}]:tcp:8001") == 1
    assert daemon.log.count(f"HTTP_CHECK of [{SERVER}]:tcp:8002") == 3
    assert daemon.stop()[0] == 0

# SPDX-License-Identifier: GPL-2.0-or-later
"""The kernel's table under a lone director: schedulers, methods, foreign entries, stop."""

import signal

import pytest

from lab import config, ipvs
from lab.poll import wait_until

pytestmark = pytest.mark.ipvs

SCHEDULERS = ["rr", "wrr", "lc", "wlc", "lblc", "lblcr", "dh", "sh", "sed", "nq"]
METHODS = {"NAT": "-m", "DR": "-g", "TUN": "-i"}


def service(number, scheduler, method, extra=""):
    return f"""
virtual_server 10.1.0.{number} 80 {{
    delay_loop 6
    lb_algo {scheduler}
    lb_kind {method}
{extra}    protocol TCP
    real_server 10.2.0.1 80 {{
        weight 3
    }}
    real_server 10.2.0.2 80 {{
        weight 1
    }}
}}
"""


def test_all_schedulers_and_methods(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    wanted = {}
    text = ""
    cases = [(scheduler, method) for scheduler in SCHEDULERS for method in METHODS]
    for number, (scheduler, method) in enumerate(cases, 1):
        persistence = 50 + number if number % 2 else 0
        text += service(number, scheduler, method, f"    persistence_timeout {persistence}\n" if persistence else "")
        wanted[f"tcp 10.1.0.{number}:80"] = ipvs.Service(scheduler, persistence, {
            "10.2.0.1:80": ipvs.Destination(METHODS[method], 3), "10.2.0.2:80": ipvs.Destination(METHODS[method], 1)})
    daemon = router(host, binary, text).start()
    wait_until(lambda: ipvs.table(host) == wanted, 20, "all services in the table", interval=0.5)
    assert daemon.stop()[0] == 0
    assert ipvs.table(host) == {}


def test_foreign_services_are_left_alone(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    host.run("ipvsadm", "-A", "-t", "10.9.0.1:80", "-s", "rr")
    foreign = ipvs.table(host)
    daemon = router(host, binary, service(1, "rr", "DR")).start()
    wait_until(lambda: len(ipvs.table(host)) == 2, 10, "our service beside the foreign one")
    assert daemon.stop()[0] == 0
    assert ipvs.table(host) == foreign


def test_table_survives_the_death_of_all(network, router, binary):
    """kill -9 of the whole daemon leaves the table; the next start adopts it, its stop cleans it."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    daemon = router(host, binary, service(1, "wrr", "DR")).start()
    wait_until(lambda: len(ipvs.table(host)) == 1, 10, "the service")
    before = ipvs.table(host)
    daemon.kill()
    assert ipvs.table(host) == before
    daemon.start()
    daemon.wait_for("checker")
    wait_until(lambda: ipvs.table(host) == before, 5, "the same table")
    assert daemon.stop()[0] == 0
    assert ipvs.table(host) == {}


def test_dead_server_at_the_start(network, router, binary):
    """The very first failure is final (spec lvs.md 4.2): gone within the first check, not after the retries."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    text = config.virtual_servers(1, servers=1).replace("10.200.0.1", "172.27.9.11")
    daemon = router(host, binary, text).start()
    name = "tcp 10.100.0.1:80"
    wait_until(lambda: name in ipvs.table(host), 10, "the service")
    wait_until(lambda: not ipvs.table(host)[name].destinations, 1 + 6 + 3, "the dead server out of the table")
    assert daemon.stop()[0] == 0


def test_a_file_keeps_its_server_out_from_the_start(network, router, binary, reference):
    """FILE_CHECK knows its state immediately (spec lvs.md 4.2): not one client gets to a server that its file rules
    out, and no quorum is gained and lost again. A reload that adds such a check takes its server out with the rest."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    ruled_out = "real_server 10.2.0.1 80 {\n        FILE_CHECK {\n            track_file repair\n        }"
    repair = "track_file repair {\n    file /etc/keepalived/repair\n    weight 0\n}\n"
    without = service(1, "wrr", "NAT") + service(2, "wrr", "NAT", "    quorum 3\n")
    text = repair + without.replace("real_server 10.2.0.1 80 {", ruled_out)
    file = host.path("/etc/keepalived/repair")
    daemon = None

    def log():  # both write to one file
        return daemon.log.rpartition("Starting Keepalived")[2]

    for program in (reference, binary):
        file.write_text("1\n")
        daemon = router(host, program, text).start()
        wait_until(lambda: "Startup complete" in log(), 10, "the start", interval=0.2)
        wanted = ["-A -t 10.1.0.1:80 -s wrr", "-A -t 10.1.0.2:80 -s wrr",
                  "-a -t 10.1.0.1:80 -r 10.2.0.2:80 -m -w 1", "-a -t 10.1.0.2:80 -r 10.2.0.2:80 -m -w 1"]
        wait_until(lambda: saved(host) == wanted, 10, "the servers that are not ruled out", interval=0.2)
        file.write_text("0\n")
        wait_until(lambda: len(saved(host)) == 6, 5, "the server is let in", interval=0.2)
        assert "Removing service" not in log() and "Lost quorum" not in log(), log()
        assert log().count("Gained quorum 3+0=3 <= 4 for VS [10.1.0.2]:tcp:80") == 1, log()
        if program == binary:
            daemon.configure(without)
            daemon.signal(signal.SIGHUP)
            wait_until(lambda: "Reload complete" in log(), 10, "a reload without the checks", interval=0.2)
            file.write_text("1\n")
            daemon.configure(text)
            daemon.signal(signal.SIGHUP)
            wait_until(lambda: log().count("Reload complete") == 2, 10, "a reload with them", interval=0.2)
            assert saved(host) == wanted
        assert daemon.stop()[0] == 0


def test_two_thousand_services(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    text = config.virtual_servers(2000, servers=4, check=False)
    daemon = router(host, binary, text).start()

    def lines():
        return len(host.path("/proc/1/net/ip_vs").read_text().splitlines()) - 3

    wait_until(lambda: lines() == 2000 * 5, 120, "2,000 services of 4 real servers", interval=0.5)
    assert daemon.stop(timeout=120)[0] == 0
    assert lines() <= 0


def saved(host, namespace=None):
    """ipvsadm -Sn in the host's own network namespace or in one that it has made."""
    words = ["ip", "netns", "exec", namespace] if namespace else []
    return sorted(host.run(*words, "ipvsadm", "--save", "--numeric", check=False).stdout.splitlines())


def add_namespace(host):
    host.run("ip", "netns", "add", "blue")
    # Without any address the kernel knows no unicast, and refuses real servers.
    host.run("ip", "-n", "blue", "link", "set", "lo", "up")


def test_table_of_another_namespace(network, router, binary, reference):
    """net_namespace_ipvs: services are there, checks are made here."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    add_namespace(host)
    checked = ("real_server 172.27.9.11 81 {\n        TCP_CHECK {\n            connect_timeout 1\n"
               "            delay_loop 1\n            retry 0\n        }\n    }\n    real_server 10.2.0.1 80 {")
    text = "net_namespace_ipvs blue\n" + service(1, "wrr", "NAT").replace("real_server 10.2.0.1 80 {", checked)
    wanted = ["-A -t 10.1.0.1:80 -s wrr", "-a -t 10.1.0.1:80 -r 10.2.0.1:80 -m -w 3",
              "-a -t 10.1.0.1:80 -r 10.2.0.2:80 -m -w 1"]  # nobody is at 172.27.9.11:81
    for program in (reference, binary):
        daemon = router(host, program, text).start()
        wait_until(lambda: saved(host, "blue") == wanted, 15, "the table without the dead server")
        assert saved(host) == []
        if program == binary:
            daemon.configure(text.replace("blue", "red"))
            daemon.signal(signal.SIGHUP)
            wait_until(lambda: "A reload cannot change net_namespace_ipvs" in daemon.log, 5, "the refusal")
            daemon.configure(text.replace("weight 3", "weight 5"))
            daemon.signal(signal.SIGHUP)
            wait_until(lambda: wanted[1].replace("-w 3", "-w 5") in saved(host, "blue"), 10, "the other weight")
        assert daemon.stop()[0] == 0
        assert saved(host, "blue") == saved(host) == []


def test_namespace_that_comes_later(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    daemon = router(host, binary, "net_namespace_ipvs blue\n" + service(1, "wrr", "NAT")).start()
    wait_until(lambda: "entering network namespace blue: No such file or directory" in daemon.log, 10, "the reason")
    add_namespace(host)
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: len(saved(host, "blue")) == 3, 10, "the table")
    assert daemon.stop()[0] == 0
    assert saved(host, "blue") == []

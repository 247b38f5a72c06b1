# SPDX-License-Identifier: GPL-2.0-or-later
"""What global_defs says about the VRRP process and the machine around it: real-time priority, buffers of netlink
sockets, reports of multicast groups, the mark of our addresses."""

import os
import re
import signal
import socket
import struct
import time

import pytest

from lab import config
from lab.poll import wait_until

REPORTS = "/proc/sys/net/ipv4/igmp_link_local_mcast_reports"


def text(*lines):
    return "global_defs {\n" + "".join(f"    {line}\n" for line in lines) + "}\n" + config.vrrp(priority=255)


def start(network, router, program, configuration, number=1):
    host = network.add_host(f"lvs{number:02}", f"172.27.9.{10 + number}/24")
    daemon = router(host, program, configuration).start()
    host.wait_for_address("172.27.9.100", "ens33", 10)
    return host, daemon


def reload(daemon, configuration):
    known = daemon.log.count("Reload complete")
    daemon.configure(configuration)
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: daemon.log.count("Reload complete") > known, 5, "the reload")
    time.sleep(0.3)


def held_up(pid, seconds=1.5):
    """The machine has no time for this process, longer than it is between two adverts."""
    os.kill(pid, signal.SIGSTOP)
    time.sleep(seconds)
    os.kill(pid, signal.SIGCONT)
    time.sleep(1.2)


def priority(pid):
    return os.sched_getscheduler(pid) & ~os.SCHED_RESET_ON_FORK, os.sched_getparam(pid).sched_priority


def test_late_process_raises_its_priority_step_by_step(network, router, binary, reference):
    """Up to what is allowed, also without the rights of root; a reload that forbids it takes it back."""
    lines = ("max_auto_priority 2", "min_auto_priority_delay 100000")
    seen = []
    for number, program in enumerate((reference, binary), 1):
        # Otherwise the kernel ends the reference after 10 ms of work in one go, which a busy machine makes of less.
        patience = () if program == binary else ("vrrp_rlimit_rttime 10000000",)
        _, daemon = start(network, router, program, text(*lines, *patience), number)
        pid = daemon.wait_for("vrrp")
        steps = [priority(pid)]
        for _ in range(4):
            held_up(pid)
            steps.append(priority(pid))
        seen.append((list(dict.fromkeys(steps)), re.findall(r"Set realtime priority \d", daemon.log)))
        if program == binary:
            assert os.sched_getscheduler(pid) & os.SCHED_RESET_ON_FORK
            reload(daemon, text("max_auto_priority -1"))
            assert priority(pid) == (os.SCHED_OTHER, 0)
            late = daemon.log.count("A thread timer expired")
            held_up(pid, 2.2)  # late by more than the default delay of a second
            assert priority(pid) == (os.SCHED_OTHER, 0)
            assert daemon.log.count("A thread timer expired") == late + 1
            reload(daemon, text("max_auto_priority 50", "min_auto_priority_delay 100000"))
            held_up(pid)
            assert priority(pid) == (os.SCHED_RR, 1)
        assert "better keepalived performance" not in daemon.log
        assert daemon.stop()[0] == 0
    assert seen[1] == seen[0]
    assert seen[1][0] == [(os.SCHED_OTHER, 0), (os.SCHED_RR, 1), (os.SCHED_RR, 2)]


@pytest.mark.parametrize("lines", [(), ("max_auto_priority 0",)], ids=["unset", "zero"])
def test_without_it_there_is_a_hint_and_no_priority(network, router, binary, lines):
    _, daemon = start(network, router, binary, text("min_auto_priority_delay 100000", *lines))
    pid = daemon.wait_for("vrrp")
    held_up(pid)
    assert daemon.log.count("A thread timer expired") == 1
    assert priority(pid) == (os.SCHED_OTHER, 0)
    assert daemon.log.count("NOTICE: setting config option max_auto_priority should result in better keepalived "
                            "performance") == 1
    assert daemon.stop()[0] == 0


def test_reports_of_the_multicast_group(network, router, binary, reference):
    """disable_local_igmp: no report while the daemon runs, and all as before afterwards, whoever of its processes died."""
    without, suppressed = text("max_auto_priority -1"), text("max_auto_priority -1", "disable_local_igmp")
    seen = {}
    for number, program in enumerate((reference, binary), 1):
        host, daemon = start(network, router, program, suppressed, number)

        def value(host=host):
            return host.run("cat", REPORTS).stdout.strip()

        found = [value()]
        os.kill(daemon.wait_for("vrrp"), signal.SIGKILL)
        time.sleep(2)
        found.append(value())
        if program == binary:  # the reference wants to be restarted for that
            reload(daemon, without)
            found.append(value())
            reload(daemon, suppressed)
            found.append(value())
        assert daemon.stop()[0] == 0
        found.append(value())
        seen[program] = found
    assert seen[binary] == ["0", "0", "1", "0", "1"]
    assert seen[reference][0] == "0"


def test_a_machine_that_reports_nothing_anyway(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    host.run("sh", "-c", f"echo 0 >{REPORTS}")
    daemon = router(host, binary, text("disable_local_igmp")).start()
    host.wait_for_address("172.27.9.100", "ens33", 10)
    assert daemon.stop()[0] == 0
    assert host.run("cat", REPORTS).stdout.strip() == "0"


def buffers(host):
    """The sizes of receive buffers of the daemon's rtnetlink sockets, as the kernel counts them (doubled)."""
    shown = host.run("ss", "-f", "netlink", "-a", "-m").stdout
    return {int(size) for owner, size in re.findall(r"rtnl:(\S+).*skmem:\(\S*?rb(\d+)", shown) if owner != "kernel"}


def test_buffers_of_netlink_sockets_follow_a_reload(network, router, binary):
    host, daemon = start(network, router, binary, text("vrrp_netlink_monitor_rcv_bufs 30000",
                                                       "vrrp_netlink_cmd_rcv_bufs 40000"))
    assert buffers(host) == {60000, 80000}
    reload(daemon, text("vrrp_netlink_monitor_rcv_bufs 3000000", "vrrp_netlink_monitor_rcv_bufs_force",
                        "vrrp_netlink_cmd_rcv_bufs 50000"))
    assert buffers(host) == {6000000, 100000}
    reload(daemon, text("max_auto_priority -1"))
    assert buffers(host) == {2 << 20}  # our own choice
    assert daemon.stop()[0] == 0


def marks(host):
    """{address: IFA_PROTO} of a host."""
    def ask():
        with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE) as asker:
            asker.send(struct.pack("=IHHIIBBBBI", 24, 22, 0x301, 1, 0, socket.AF_INET, 0, 0, 0, 0))  # RTM_GETADDR, dump
            found = {}
            while True:
                octets = asker.recv(1 << 16)
                while len(octets) >= 16:
                    length, kind = struct.unpack_from("=IH", octets)
                    if kind == 3:  # NLMSG_DONE
                        return found
                    attributes, body = {}, octets[24:length]
                    while len(body) >= 4:
                        size, number = struct.unpack_from("=HH", body)
                        attributes[number] = body[4:size]
                        body = body[(size + 3) & ~3:]
                    found[socket.inet_ntoa(attributes[2])] = attributes.get(11, b"\0")[0]
                    octets = octets[(length + 3) & ~3:]
    return host.inside(ask)


def test_mark_of_our_addresses(network, router, binary):
    """The number that rt_addrprotos gives to keepalived, in the folder that iproute_etc_dir names; 18 without one."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    host.run("mkdir", "-p", "/run/iproute2")
    host.path("/run/iproute2/rt_addrprotos").write_text("0\tunspec\n77\tkeepalived\n")
    daemon = router(host, binary, text("iproute_etc_dir /run/iproute2")).start()
    host.wait_for_address("172.27.9.100", "ens33", 10)
    assert marks(host)["172.27.9.100"] == 77
    assert marks(host)["172.27.9.11"] == 0
    host.path("/run/iproute2/rt_addrprotos").write_text("0\tunspec\n")
    more = text("iproute_etc_dir /run/iproute2").replace("172.27.9.100", "172.27.9.100\n        172.27.9.101")
    reload(daemon, more)
    host.wait_for_address("172.27.9.101", "ens33", 10)
    assert marks(host)["172.27.9.101"] == 18
    assert marks(host)["172.27.9.100"] == 77
    assert daemon.stop()[0] == 0

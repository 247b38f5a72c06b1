# SPDX-License-Identifier: GPL-2.0-or-later
"""Addresses and interfaces that change under a router (vrrp-scenarios.md section F), and what is left by a stop or a
crash (section I)."""

import os
import re
import signal
import time

from lab import config, vrrp
from lab.poll import holds_for, wait_until
from lab.together import SLACK, Together, assert_after, assert_paced, master_down, skew

P = 200
VIP = "10.0.0.100"
SIX = ("fe80::1:100/64", "fd00::100/64")

scenarios = Together(workers=10)


def master(lab, host=None, text="", timeout=8, program=None, arguments=("-D",), **keywords):
    """(host, daemon, first advert) of a lone MASTER whose address is there and whose first stir is over."""
    host = host or lab.host(1)
    daemon = lab.daemon(host, text + config.instance(**{"priority": P, "garp_master_delay": 0, **keywords}), program,
                        arguments)
    first = lab.capture.next_advert(host, timeout)
    vip = keywords.get("vips", (VIP,))[0].partition("/")[0]
    wait_until(lambda: present(host, vip), 2, "the VIP")
    return host, daemon, first


def present(host, address):
    return bool(host.run("ip", "-o", "address", "show", "to", address).stdout)


def state_lines(daemon, since=0):
    return [line.partition(": ")[2] for line in daemon.log.splitlines()[since:]
            if re.search(r"Entering \w+ STATE", line)]


def wait_state(daemon, state, timeout, count=1):
    wait_until(lambda: len([line for line in state_lines(daemon) if state in line]) >= count, timeout, state)


def after_advert(lab, host):
    """Waits for the next advert, for a known phase."""
    return lab.capture.next_advert(host, 3)


def farewells(lab, host, since):
    return [frame for frame in lab.capture.adverts(host, since) if frame.advert.priority == 0]


def flags(host, text):
    return host.run("ip", "-o", "address", "show", "to", text).stdout


def snapshot(host):
    """All that a router may have touched, as text."""
    shown = "".join(host.run(*words.split()).stdout for words in (
        "ip -o address", "ip -o link", "ip route show table all", "ip -6 route show table all", "ip rule", "ip -6 rule",
        "ip neigh show proxy"))
    return re.sub(r"valid_lft.*|expires \d+sec|qlen \d+", "", shown)


# --- F01 a VIP deleted ------------------------------------------------------------------------------------------------

@scenarios.solo("F01", suffix="vip", vips=(f"{VIP}/24",), evips=(), gone=f"{VIP}/24")
@scenarios.solo("F01", suffix="excluded", vips=(f"{VIP}/24",), evips=("10.0.0.110/24",), gone="10.0.0.110/24")
@scenarios.solo("F01", suffix="ipv6", vips=SIX, evips=(), gone="fd00::100/64")
def deleted_vip(lab, vips, evips, gone):
    host, daemon, _ = master(lab, vips=vips, evips=evips)
    after_advert(lab, host)
    moment = time.time()
    host.run("ip", "address", "del", gone, "dev", "eth0")
    first = lab.capture.next_advert(host, 2, moment)
    assert first.advert.priority == 0 and first.time - moment < 0.3 * SLACK
    back = lab.capture.next_advert(host, 2, first.time)
    assert_after(back, first, skew(P))
    assert len(farewells(lab, host, moment)) == 1
    wait_until(lambda: present(host, gone.partition("/")[0]), 1, "the address back")
    wait_state(daemon, "MASTER", 2, count=2)
    assert [line.split()[2] for line in state_lines(daemon)][-3:] == ["MASTER", "BACKUP", "MASTER"]


@scenarios.solo("F01", suffix="no_track")
def deleted_untracked_vip(lab):
    host, daemon, _ = master(lab, vips=(f"{VIP}/24", "10.0.0.101/24 no_track"))
    before = after_advert(lab, host)
    host.run("ip", "address", "del", "10.0.0.101/24", "dev", "eth0")
    time.sleep(2.2)
    own = lab.capture.adverts(host, before.time - 0.01)
    assert all(frame.advert.priority == P for frame in own)
    assert_paced(own)
    assert not present(host, "10.0.0.101") and present(host, VIP)


# --- F03 the source address ---------------------------------------------------------------------------------------------

@scenarios.solo("F03", suffix="another")
def source_deleted_another_is_there(lab):
    """[rfc9568-7.2-3][negative] never from an address that is gone"""
    host = lab.host(1)
    host.run("ip", "address", "add", "10.7.0.1/24", "dev", "eth0")
    host, daemon, first = master(lab, host)
    assert first.advert.source == "10.0.0.1"
    after_advert(lab, host)
    host.run("sysctl", "-qw", "net.ipv4.conf.eth0.promote_secondaries=1")
    host.run("ip", "address", "del", "10.0.0.1/24", "dev", "eth0")
    following = lab.capture.next_advert(host, 3)
    assert following.advert.source == "10.7.0.1" and following.advert.priority == P
    assert not [line for line in state_lines(daemon) if "FAULT" in line]


@scenarios.solo("F03", suffix="none", vip="10.9.0.100/24", address="10.0.0.1/24", vips=("10.9.0.100/24",))
@scenarios.solo("F03", suffix="none-ipv6", vip="fe80::1:100/64", address="fe80::ff:fe00:1/64", vips=SIX)
def source_deleted_none_left(lab, vip, address, vips):
    host, daemon, _ = master(lab, vips=vips)
    after_advert(lab, host)
    moment = time.time()
    host.run("ip", "address", "del", address, "dev", "eth0")
    wait_state(daemon, "FAULT", 2)
    wait_until(lambda: not present(host, vip.partition("/")[0]), 1, "the VIP gone")
    # One is enough (19.2); over IPv6 it has no address to come from, and 2.2.7 sends none.
    assert len(farewells(lab, host, moment)) in ((1, 2) if "." in vip else (0, 1, 2))
    time.sleep(1.5)
    assert not [frame for frame in lab.capture.adverts(host, moment) if frame.advert.priority]
    back = time.time()
    host.run("ip", "address", "add", address, "dev", "eth0")
    first = lab.capture.next_advert(host, 6, back)
    assert_after(first, back, master_down(P), late=0.4)
    wait_state(daemon, "MASTER", 2, count=2)
    assert [line.split()[2] for line in state_lines(daemon)][-3:] == ["FAULT", "BACKUP", "MASTER"]


# --- F04, F05 interfaces that come and go -------------------------------------------------------------------------------

def make_eth2(host):
    host.run("ip", "link", "add", "eth2", "type", "veth", "peer", "name", "eth2x")
    host.run("ip", "link", "set", "eth2x", "up")


def up_eth2(host):
    host.run("ip", "address", "add", "10.2.0.1/24", "dev", "eth2")
    host.run("ip", "link", "set", "eth2", "up")


DYNAMIC = "global_defs {\n    dynamic_interfaces\n}\n"


@scenarios.solo("F04", suffix="plain", text="")
@scenarios.solo("F04", suffix="dynamic", text=DYNAMIC)
def interface_deleted_and_created(lab, text):
    """[rfc9568-7.1-4][negative] nothing is sent while it is away, and the engine goes on"""
    host = lab.host(1)
    make_eth2(host)
    up_eth2(host)
    daemon = lab.daemon(host, text + config.instance(priority=P, interface="eth2", vips=("10.2.0.100/24",))
                        + config.instance("VI_2", ("10.0.0.101/32",), virtual_router_id=52, priority=255))
    wait_state(daemon, "(VI_1) Entering MASTER", 8)
    host.run("ip", "link", "del", "eth2")
    wait_state(daemon, "(VI_1) Entering FAULT", 2)
    time.sleep(1)
    make_eth2(host)
    time.sleep(0.5)
    assert state_lines(daemon)[-1].startswith("(VI_1) Entering FAULT")
    moment = time.time()
    up_eth2(host)
    wait_state(daemon, "(VI_1) Entering BACKUP", 2, count=2)
    wait_until(lambda: present(host, "10.2.0.100"), 6, "the VIP again")
    assert time.time() - moment > master_down(P) - 0.1
    assert daemon.running
    own = lab.capture.adverts(host, vrid=52)
    assert_paced(own, late=0.5 if lab.old else 0.15)
    assert daemon.stop()[0] == 0


@scenarios.solo("F05", suffix="plain")
def interface_absent_at_start(lab):
    daemon = lab.daemon(lab.host(1), config.instance(interface="eth2"))
    assert daemon.wait() == 2


@scenarios.solo("F05", suffix="dynamic")
def interface_comes_later(lab):
    host = lab.host(1)
    daemon = lab.daemon(host, DYNAMIC + config.instance(priority=P, interface="eth2", vips=("10.2.0.100/24",)))
    wait_until(lambda: "FAULT" in daemon.log, 4, "FAULT")
    make_eth2(host)
    moment = time.time()
    up_eth2(host)
    wait_until(lambda: present(host, "10.2.0.100"), 6, "the VIP")
    assert time.time() - moment > master_down(P) - 0.1
    assert daemon.stop()[0] == 0


# --- F07, F08, F09, F15 links -------------------------------------------------------------------------------------------

@scenarios.solo("F07", suffix="tracked", segments=2, line="10.1.0.100/24 dev eth1", fault=True)
@scenarios.solo("F07", suffix="no_track", segments=2, line="10.1.0.100/24 dev eth1 no_track", fault=False)
def carrier_of_the_interface_of_a_vip(lab, line, fault):
    host, daemon, _ = master(lab, vips=(f"{VIP}/24", line))
    after_advert(lab, host)
    moment = time.time()
    lab.network.carrier(host, False, host.port1)
    if fault:
        wait_state(daemon, "FAULT", 2)
        wait_until(lambda: not present(host, VIP), 1, "the VIP gone")
        assert len(farewells(lab, host, moment)) in ((2,) if lab.old else (1, 2))
        lab.network.carrier(host, True, host.port1)
        wait_state(daemon, "BACKUP", 2, count=2)
    else:
        time.sleep(2.2)
        own = lab.capture.adverts(host, moment)
        assert len(own) >= 2 and all(frame.advert.priority == P for frame in own)
        assert not [line for line in state_lines(daemon) if "FAULT" in line]


@scenarios.solo("F08")
def debounce(lab):
    host, daemon, _ = master(lab, text="interface_up_down_delays {\n    eth0 1.0 2.0\n}\n")
    lab.network.carrier(host, False)
    time.sleep(0.5)
    lab.network.carrier(host, True)
    time.sleep(1.5)
    assert len(state_lines(daemon)) == 2, state_lines(daemon)
    down = time.time()
    lab.network.carrier(host, False)
    wait_state(daemon, "FAULT", 3)
    assert 0.95 <= time.time() - down <= 1 + 0.4 * SLACK
    time.sleep(max(0, down + 1.5 - time.time()))
    up = time.time()
    lab.network.carrier(host, True)
    wait_state(daemon, "BACKUP", 4, count=2)
    assert 1.9 <= time.time() - up <= 2 + 0.5 * SLACK


@scenarios.solo("F08")
def debounce_is_cut(lab):
    """Longer than (n - 1) adverts less a bit would outlast the peers' patience: 1.996 s are what is left of 5."""
    host, daemon, _ = master(lab, text="interface_up_down_delays {\n    eth0 5\n}\n")
    down = time.time()
    lab.network.carrier(host, False)
    wait_state(daemon, "FAULT", 6)
    assert 1.9 <= time.time() - down <= 2 + 0.5 * SLACK
    up = time.time()
    lab.network.carrier(host, True)
    wait_state(daemon, "BACKUP", 3, count=2)
    assert time.time() - up <= 0.5 * SLACK


@scenarios.solo("F09")
def dont_track_primary(lab):
    host, daemon, _ = master(lab, dont_track_primary=True)
    lab.network.carrier(host, False)
    time.sleep(1.5)
    lab.network.carrier(host, True)
    back = time.time()
    assert lab.capture.next_advert(host, 3, back)
    assert len(state_lines(daemon)) == 2 and present(host, VIP)


@scenarios.solo("F15", segments=2)
def two_interfaces_down_one_returns(lab):
    """OLD and we count; 2.4.3 keeps one bit (defect 3)."""
    host, daemon, _ = master(lab, vips=(f"{VIP}/24", "10.1.0.100/24 dev eth1"))
    lab.network.carrier(host, False)
    lab.network.carrier(host, False, host.port1)
    wait_state(daemon, "FAULT", 2)
    time.sleep(0.5)
    lab.network.carrier(host, True)
    time.sleep(1)
    assert state_lines(daemon)[-1].endswith("Entering FAULT STATE")
    lab.network.carrier(host, True, host.port1)
    wait_state(daemon, "BACKUP", 2, count=2)


@scenarios.solo("F16")
def static_address_is_restored(lab):
    host = lab.host(1)
    daemon = lab.daemon(host, "static_ipaddress {\n    10.0.0.77/24 dev eth0\n    fd00::77/64 dev eth0\n}\n" + config.instance())
    for address in ("10.0.0.77/24", "fd00::77/64"):
        wait_until(lambda: present(host, address.partition("/")[0]), 3, address)
        host.run("ip", "address", "del", address, "dev", "eth0")
        moment = time.time()
        wait_until(lambda: present(host, address.partition("/")[0]), 1, f"{address} again", interval=0.01)
        assert time.time() - moment < 0.3 * SLACK
    assert daemon.stop()[0] == 0
    assert not present(host, "10.0.0.77") and not present(host, "fd00::77")


@scenarios.solo("F16", suffix="options")
def address_options(lab):
    """Each option of an address line as `ip address` shows it (vrrp.md 12)."""
    lines = {
        "10.0.0.100/24 brd + label eth0:one": ("10.0.0.100/24 brd 10.0.0.255 scope global", "eth0:one"),
        "10.0.0.101/32 scope link": ("10.0.0.101/32 scope link",),
        "10.0.0.102": ("10.0.0.102/32 scope global",),
        "10.8.0.1 peer 10.8.1.1": ("10.8.0.1 peer 10.8.1.1/32",),
    }
    host, daemon, _ = master(lab, vips=tuple(lines))
    time.sleep(0.3)
    shown = host.run("ip", "-o", "address", "show", "dev", "eth0").stdout
    for expected in lines.values():
        line = [line for line in shown.splitlines() if expected[0].split()[0] in re.sub(r"\s+", " ", line)]
        text = re.sub(r"\s+", " ", line[0])
        for part in expected:
            assert part in text, text
    assert daemon.stop()[0] == 0
    left = host.run("ip", "-o", "-4", "address", "show", "dev", "eth0").stdout
    if not lab.old:  # defect 8: an address with a peer stays
        assert len(left.splitlines()) == 1, left


@scenarios.solo("F16", suffix="ipv6-options")
def address_options_ipv6(lab):
    lines = ("fe80::1:100/64", "fd00::100/128", "fd00::101/128 preferred_lft 1000", "fd00::102/64 home mngtmpaddr",
             "fd00::103/64 noprefixroute")
    host, daemon, _ = master(lab, vips=lines)
    time.sleep(0.3)

    def shown(address):
        return flags(host, address)

    assert "deprecated" in shown("fd00::100") and "nodad" in shown("fd00::100")
    assert re.search(r"preferred_lft (1000|999|998)sec", shown("fd00::101")), shown("fd00::101")
    assert "home" in shown("fd00::102") and "mngtmpaddr" in shown("fd00::102"), shown("fd00::102")
    assert "noprefixroute" in shown("fd00::103")
    assert daemon.stop()[0] == 0
    assert not any(present(host, line.partition("/")[0]) for line in lines)


@scenarios.solo("F16", suffix="refused")
def address_that_cannot_be_added(lab):
    """Logged with what and why; the others are there, and it stays MASTER."""
    host, daemon, _ = master(lab, vips=(f"{VIP}/24", "10.0.0.101/24 brd + scope link", "10.0.0.102/24"))
    moment = time.time()
    time.sleep(2.2)
    assert present(host, "10.0.0.102") and not present(host, "10.0.0.101")
    own = lab.capture.adverts(host, moment)
    assert own and all(frame.advert.priority == P for frame in own)
    lines = [line for line in daemon.log.splitlines() if "Invalid argument" in line]
    assert 1 <= len(lines) <= 2, daemon.log
    if not lab.old:
        assert "10.0.0.101" in lines[0] and "eth0" in lines[0], lines


# --- I stop and crash ----------------------------------------------------------------------------------------------------

@scenarios.solo("I01", suffix="TERM", number=signal.SIGTERM)
@scenarios.solo("I01", suffix="INT", number=signal.SIGINT)
def stop_leaves_nothing(lab, number):
    """[rfc9568-6.4.3-8][negative] nothing after the farewell"""
    host = lab.host(1)
    before = snapshot(host)
    host, daemon, _ = master(lab, host, vips=(f"{VIP}/24", "10.0.0.101"), evips=("fd00::110/64",))
    assert snapshot(host) != before
    moment = time.time()
    daemon.signal(number)
    assert daemon.wait() == 0
    assert len(farewells(lab, host, moment)) == 1
    assert lab.capture.adverts(host)[-1].advert.priority == 0
    assert snapshot(host) == before


@scenarios.solo("I02")
def dont_release(lab):
    host, daemon, _ = master(lab, arguments=("-D", "--dont-release-vrrp"))
    moment = time.time()
    assert daemon.stop()[0] == 0
    assert not farewells(lab, host, moment) and present(host, VIP)
    daemon.start()
    wait_until(lambda: not present(host, VIP), 3, "the left-over VIP gone", interval=0.02)
    assert lab.capture.next_advert(host, 6, moment + 0.5)


@scenarios.solo("I03")
def child_killed_three_times(lab):
    """The VIP stays, whatever the respawn delay, and the adverts come back."""
    host, daemon, _ = master(lab)
    before = None
    for _ in range(3):
        before = daemon.wait_for("vrrp", 8, other_than=before)
        os.kill(before, signal.SIGKILL)
        if not lab.old:  # its new child removes it, and waits a master down interval
            holds_for(lambda: present(host, VIP), 1, "the VIP on the host of the killed child")
    moment = time.time()
    assert lab.capture.next_advert(host, 9, moment).advert.priority == P
    assert present(host, VIP) or lab.old
    assert daemon.running and not farewells(lab, host, 0.0)
    assert daemon.stop()[0] == 0 and not present(host, VIP)


@scenarios.solo("I04")
def parent_killed(lab):
    host, daemon, _ = master(lab)
    moment = time.time()
    os.kill(daemon.wait_for("parent"), signal.SIGKILL)
    wait_until(lambda: not present(host, VIP), 3, "the VIP gone")
    assert len(farewells(lab, host, moment)) == 1
    wait_until(lambda: not daemon.processes(), 5, "the children gone")


@scenarios.solo("I05", suffix="same", left="10.0.0.100/24", stays=False)
@scenarios.solo("I05", suffix="other-prefix", left="10.0.0.100/25", stays=True)
@scenarios.solo("I05", suffix="ipv6", left="fd00::100/64", stays=False)
def left_over_address(lab, left, stays):
    host = lab.host(1)
    host.run("ip", "address", "add", left, "dev", "eth0")
    lab.daemon(host, config.instance(vips=SIX if ":" in left else (f"{VIP}/24",))).wait_for("vrrp")
    address = left.partition("/")[0]
    if stays:
        time.sleep(1.5)
        assert present(host, address)
    else:
        wait_until(lambda: not present(host, address), 2, "the left-over gone")


@scenarios.solo("I05", suffix="primary", old="the real address goes with it (defect 16)")
def left_over_primary(lab):
    """The left-over VIP is the first of its subnet: the interface's own address must stay."""
    host = lab.host(1)
    host.run("ip", "address", "del", "10.0.0.1/24", "dev", "eth0")
    host.run("ip", "address", "add", f"{VIP}/24", "dev", "eth0")
    host.run("ip", "address", "add", "10.0.0.1/24", "dev", "eth0")
    host.run("sysctl", "-qw", "net.ipv4.conf.eth0.promote_secondaries=0")
    daemon = lab.daemon(host, config.instance(priority=P))
    wait_until(lambda: "Entering" in daemon.log, 3, "the start")
    first = lab.capture.next_advert(host, 6)
    assert present(host, "10.0.0.1") and first.advert.source == "10.0.0.1"


test = scenarios.test()

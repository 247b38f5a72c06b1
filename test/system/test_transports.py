# SPDX-License-Identifier: GPL-2.0-or-later
"""Versions, families, transports and authentication: two of our routers, and ours with Debian's keepalived in both
roles, agree on one MASTER; and what a lone router sends is what the reference sends. MACs are computed anew here."""

import hashlib
import hmac
import json

import pytest

from lab.network import Network
from lab.poll import wait_until

INTERFACE = "ens33"
KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCD"
OWN = {4: ("172.27.9.11", "172.27.9.12"), 6: ("fd00::11", "fd00::12")}
VIPS = {4: ("172.27.9.100/24", "172.27.9.101/24"), 6: ("fe80::1:100/64", "fd00::100/64")}
AH = "authentication {\nauth_type AH\nauth_pass secret12\n}"
PASS = "authentication {\nauth_type PASS\nauth_pass secret12\n}"
HMAC = "auth_hmac {\nkey 7 %s\nactive_key 7\n}" % KEY

CASES = {
    "v2-ah": dict(extra=AH),
    "v2-unicast-pass": dict(extra=PASS, unicast=True),
    "v2-unicast-ah": dict(extra=AH, unicast=True),
    "v3": dict(extra="version 3"),
    "v3-as-v2": dict(extra="version 3\nv3_checksum_as_v2 on"),
    "v3-unicast": dict(extra="version 3", unicast=True),
    "v3-unicast-old": dict(extra="version 3\nold_unicast_checksum", unicast=True),
    "v3-group": dict(extra="version 3\nmcast_dst_ip 224.0.0.99"),
    "ipv6": dict(family=6),
    "ipv6-unicast": dict(family=6, unicast=True, extra="unicast_ttl 7"),
}
KNOWN_TO_THE_REFERENCE = [case for case in CASES if case != "v3-as-v2"]  # 2.2.7 does not have that keyword
OURS = {"v3-hmac": dict(extra="version 3\n" + HMAC), "ipv6-hmac": dict(family=6, extra=HMAC),
        "v2-unicast-hmac": dict(extra=HMAC, unicast=True)}


def configuration(number, priority, *, family=4, unicast=False, extra="", state="BACKUP"):
    """Of the first or second router (`number` 0 or 1) of a pair."""
    own, peer = OWN[family][number], OWN[family][1 - number]
    if unicast:
        extra += f"\nunicast_src_ip {own}\nunicast_peer {{\n{peer}\n}}"
    addresses = "\n".join(VIPS[family])
    return (f"vrrp_instance VI_1 {{\nstate {state}\ninterface {INTERFACE}\nvirtual_router_id 51\n"
            f"priority {priority}\nadvert_int 1\n{extra}\nvirtual_ipaddress {{\n{addresses}\n}}\n}}\n")


def add_hosts(network):
    hosts = [network.add_host(f"lvs0{number + 1}", f"{OWN[4][number]}/24") for number in (0, 1)]
    for host, address in zip(hosts, OWN[6]):
        host.run("ip", "address", "add", f"{address}/64", "dev", INTERFACE, "nodad")
    for host in hosts:
        wait_until(lambda h=host: any(a.startswith("fe80::") for a in addresses(h, usable=True)), 10,
                   "a link-local address")
    return hosts


def addresses(host, usable=False):
    shown = json.loads(host.run("ip", "-j", "address", "show", "dev", INTERFACE).stdout)
    return {address["local"] for link in shown for address in link.get("addr_info", [])
            if not (usable and address.get("tentative"))}


def holds(host, family):
    vips = {vip.split("/")[0] for vip in VIPS[family]}
    present = vips & addresses(host)
    return len(present) == len(vips)


def check_pair(network, router, programs, options):
    """The second router takes over from the first, and gives way to it again."""
    family = options.get("family", 4)
    hosts = add_hosts(network)
    low = router(hosts[1], programs[1], configuration(1, 100, **options)).start()
    wait_until(lambda: holds(hosts[1], family), 12, "the lower router alone is MASTER")
    high = router(hosts[0], programs[0], configuration(0, 200, **options)).start()
    wait_until(lambda: holds(hosts[0], family) and not holds(hosts[1], family), 12, "the higher router preempts")
    assert high.stop()[0] == 0
    wait_until(lambda: holds(hosts[1], family) and not holds(hosts[0], family), 3, "the lower router takes over")
    low.stop()


@pytest.mark.parametrize("case", CASES | OURS)
def test_two_of_ours_agree(case, network, router, binary):
    check_pair(network, router, (binary, binary), (CASES | OURS)[case])


@pytest.mark.parametrize("case", KNOWN_TO_THE_REFERENCE)
@pytest.mark.parametrize("role", ["ours-higher", "ours-lower"])
def test_with_the_reference(case, role, network, router, binary, reference):
    programs = (binary, reference) if role == "ours-higher" else (reference, binary)
    check_pair(network, router, programs, CASES[case])


def is_advert(octets):
    if octets[12:14] == b"\x08\x00":
        return octets[23] in (112, 51)
    return octets[12:14] == b"\x86\xdd" and octets[20] == 112


def lone_adverts(network, router, program, options, count=3):
    """The first adverts of the first router; the second host is there, but silent."""
    hosts = add_hosts(network)
    with network.capture() as capture:
        daemon = router(hosts[0], program, configuration(0, 255, **(options | dict(state="MASTER")))).start()

        def sent():
            return [frame.octets for frame in list(capture.frames) if is_advert(frame.octets)]
        wait_until(lambda: len(sent()) >= count, 10, "adverts")
        adverts = sent()[:count]
        daemon.stop()
    return adverts


@pytest.mark.parametrize("case", KNOWN_TO_THE_REFERENCE)
def test_same_octets_as_the_reference(case, router, binary, reference, network):
    options = CASES[case]
    ours = lone_adverts(network, router, binary, options)
    with Network() as other:
        theirs = lone_adverts(other, router, reference, options)

    def comparable(octets):
        # The kernel chooses the flow label of IPv6.
        return (octets[:15] + octets[18:] if octets[12:14] == b"\x86\xdd" else octets).hex()
    assert [comparable(octets) for octets in ours] == [comparable(octets) for octets in theirs]


@pytest.mark.parametrize("case", OURS)
def test_hmac_trailers(case, network, router, binary):
    options = OURS[case]
    numbers = []
    for octets in lone_adverts(network, router, binary, options):
        ipv6 = octets[12:14] == b"\x86\xdd"
        source = octets[22:38] if ipv6 else octets[26:30].ljust(16, b"\0")
        packet, trailer = octets[54 if ipv6 else 34:-28], octets[-28:]
        assert trailer[:4] == bytes((1, 7, 0, 0))
        covered = bytes((6 if ipv6 else 4, packet[0] >> 4, packet[1], 0)) + source
        covered += packet[:6] + b"\0\0" + packet[8:] + trailer[:12] + bytes(16)
        assert hmac.new(KEY.encode(), covered, hashlib.sha256).digest()[:16] == trailer[12:]
        numbers.append(trailer[4:12])
    assert numbers == sorted(set(numbers))


def test_undefined_key_refuses_the_configuration(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    daemon = router(host, binary, configuration(0, 100, extra="auth_hmac {\nkey 1 %s\nactive_key 2\n}" % KEY)).start()
    assert daemon.wait(10) != 0
    assert "active key 2 is not defined" in daemon.log


def test_tracked_source_is_a_fault_when_it_vanishes(network, router, binary):
    host = add_hosts(network)[0]
    host.run("ip", "address", "add", "172.27.9.77/24", "dev", INTERFACE)
    daemon = router(host, binary, configuration(0, 200, extra="mcast_src_ip 172.27.9.77\ntrack_src_ip")).start()
    wait_until(lambda: holds(host, 4), 10, "MASTER")
    host.run("ip", "address", "del", "172.27.9.77/24", "dev", INTERFACE)
    wait_until(lambda: "Entering FAULT STATE" in daemon.log and not holds(host, 4), 3, "FAULT")
    host.run("ip", "address", "add", "172.27.9.77/24", "dev", INTERFACE)
    wait_until(lambda: holds(host, 4), 10, "MASTER again")
    daemon.stop()


def test_two_unicast_routers_with_one_vrid(network, router, binary):
    """The source of an advert decides which of them it is for."""
    hosts = add_hosts(network)
    third = network.add_host("lvs03", "172.27.9.13/24")

    def instance(name, own, peer, priority, vip):
        return (f"vrrp_instance {name} {{\ninterface {INTERFACE}\nvirtual_router_id 51\npriority {priority}\n"
                f"unicast_src_ip {own}\nunicast_peer {{\n{peer}\n}}\nvirtual_ipaddress {{\n{vip}/24\n}}\n}}\n")
    both = (instance("VI_1", "172.27.9.11", "172.27.9.12", 100, "172.27.9.100") +
            instance("VI_2", "172.27.9.11", "172.27.9.13", 100, "172.27.9.101"))
    one = router(hosts[0], binary, both).start()
    wait_until(lambda: {"172.27.9.100", "172.27.9.101"} <= addresses(hosts[0]), 10, "MASTER of both")
    other = router(hosts[1], binary, instance("VI_1", "172.27.9.12", "172.27.9.11", 200, "172.27.9.100")).start()
    wait_until(lambda: "172.27.9.100" not in addresses(hosts[0]), 10, "the first one is taken")
    assert "172.27.9.101" in addresses(hosts[0])
    router(third, binary, instance("VI_2", "172.27.9.13", "172.27.9.11", 200, "172.27.9.101")).start()
    wait_until(lambda: "172.27.9.101" not in addresses(hosts[0]), 10, "the second one is taken")
    other.stop()
    wait_until(lambda: "172.27.9.100" in addresses(hosts[0]), 5, "the first one is back")
    assert "172.27.9.101" not in addresses(hosts[0])
    one.stop()

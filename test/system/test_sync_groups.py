# SPDX-License-Identifier: GPL-2.0-or-later
"""A vrrp_sync_group of two instances: both serve or neither does (spec vrrp.md 7), with us and with Debian's keepalived
as the other router, over a crash and over reloads that change groups."""

import os
import signal

import pytest

from lab import config, vrrp
from lab.capture import gaps
from lab.poll import holds_for, wait_until

VIPS = {100: "172.27.9.100", 101: "172.27.9.101"}
TOLERANCE = 0.1
GROUP = "vrrp_sync_group G1 {\n    group {\n        VI_100\n        VI_101\n    }\n}\n"


def skew(priority):
    return (256 - priority) / 256


def instances(priorities, vrids=(100, 101)):
    return "".join(config.vrrp("BACKUP", priorities[vrid], vrid=vrid, name=f"VI_{vrid}", vip=VIPS[vrid])
                   for vrid in vrids)


def wait_for_both(host, there=True, timeout=2):
    wait_until(lambda: [vip in host.addresses("ens33") for vip in VIPS.values()] == [there, there], timeout,
               "both addresses " + ("there" if there else "gone"))


def test_slowest_member_and_better_advert(network, router, binary):
    """G02 and G03: nothing before the slowest member; a better advert on one takes both away, without priority 0."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    stranger = network.add_host("lvs02", "172.27.9.12/24")
    ours = router(host, binary, GROUP + instances({100: 200, 101: 50}))
    with network.capture() as capture:
        ours.start()
        wait_until(lambda: "(VI_100) Receive advertisement timeout" in ours.log, 8, "the faster timer")
        first = {vrid: capture.next_advert(host, 8, since=0.0, vrid=vrid) for vrid in VIPS}
        assert abs(first[100].time - first[101].time) < 0.05
        wait_for_both(host)
        assert "VRRP_Group(G1) Syncing instances to MASTER state" in ours.log

        injector = vrrp.Injector(stranger)
        injector.send(vrrp.build("172.27.9.12", vrid=101, priority=100, addresses=(VIPS[101],)))
        wait_for_both(host, there=False)
        assert "VRRP_Group(G1) Syncing instances to BACKUP state" in ours.log
        assert not [frame for frame in capture.adverts(host) if frame.advert.priority == 0]
        last = capture.adverts(host)[-1]
        back = capture.next_advert(host, 8, since=last.time)
        assert back.time - last.time >= 3 + skew(50) - TOLERANCE
        wait_for_both(host)
        assert ours.stop()[0] == 0
        assert {frame.advert.vrid for frame in capture.adverts(host) if frame.advert.priority == 0} == set(VIPS)
        injector.close()


@pytest.mark.parametrize("roles", ["ours-first", "ours-second"])
def test_with_reference(network, router, binary, reference, roles):
    programs = (binary, reference) if roles == "ours-first" else (reference, binary)
    first = router(network.add_host("lvs01", "172.27.9.11/24"), programs[0], GROUP + instances({100: 150, 101: 150}))
    second = router(network.add_host("lvs02", "172.27.9.12/24"), programs[1], GROUP + instances({100: 100, 101: 100}))
    with network.capture() as capture:
        first.start()
        wait_for_both(first.host, timeout=8)
        second.start()
        wait_until(lambda: "Entering BACKUP STATE" in second.log, 5, "the second router a BACKUP")
        for vrid in VIPS:
            capture.next_advert(first.host, 2, vrid=vrid)
        first.stop()
        goodbye = {vrid: [frame for frame in capture.adverts(first.host, vrid=vrid) if frame.advert.priority == 0][-1]
                   for vrid in VIPS}
        for vrid in VIPS:
            takeover = capture.next_advert(second.host, 3, since=goodbye[vrid].time, vrid=vrid)
            late = takeover.time - max(frame.time for frame in goodbye.values())
            assert skew(100) - 0.05 <= late <= skew(100) + 0.2
        wait_for_both(second.host)
        begin = capture.frames[-1].time
        first.start()
        wait_for_both(first.host, timeout=8)
        wait_for_both(second.host, there=False)
        assert {frame.advert.priority for frame in capture.adverts(first.host, begin)} == {150}


def test_crash_and_reload(network, router, binary):
    """Over kill -9 of the child and over any regrouping the MASTERs send every advert; a new member joins them."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    ours = router(host, binary, GROUP + instances({100: 100, 101: 100}))
    with network.capture() as capture:
        ours.start()
        wait_for_both(host, timeout=8)
        for vrid in VIPS:
            capture.next_advert(host, 2, vrid=vrid)
        killed = ours.wait_for("vrrp")
        os.kill(killed, signal.SIGKILL)
        holds_for(lambda: set(VIPS.values()) <= set(host.addresses("ens33")), 4, "both addresses after the crash")
        assert ours.wait_for("vrrp", other_than=killed)
        # Without the group; with it again; one member fewer; and back, which makes a MASTER of the new one at once.
        for text, vrids in ((instances({100: 100, 101: 100}), VIPS),
                            (GROUP + instances({100: 100, 101: 100}), VIPS),
                            (GROUP + instances({100: 100}, vrids=(100,)), (100,)),
                            (GROUP + instances({100: 100, 101: 100}), VIPS)):
            done = ours.log.count("Reload complete")
            ours.configure(text)
            ours.signal(signal.SIGHUP)
            wait_until(lambda: ours.log.count("Reload complete") > done, 5, "the reload")
            wait_until(lambda: {vip for vip in VIPS.values() if vip in host.addresses("ens33")}
                       == {VIPS[vrid] for vrid in vrids}, 2, "the addresses of the members")
            capture.next_advert(host, 2, vrid=100)
        assert max(gaps(capture.adverts(host, vrid=100))) < 2.2
        assert not [frame for frame in capture.adverts(host, vrid=100) if frame.advert.priority == 0]
        assert ours.stop()[0] == 0

# SPDX-License-Identifier: GPL-2.0-or-later
"""vrrp_script: the same calls, results and log lines as the reference; scripts that do not behave; reload and stop."""

import os
import signal
import time

import pytest

from lab import scripts
from lab.poll import holds_for, wait_until

TOLERANCE = 0.6  # seconds between the two daemons' lines and calls; the reference itself is late by up to 0.1 s


def instance(name, vrid, trackers, extra=""):
    return f"""
vrrp_instance {name} {{
    interface ens33
    virtual_router_id {vrid}
    priority 100
    {extra}
    track_script {{
        {trackers}
    }}
    virtual_ipaddress {{
        172.27.9.{vrid}/24
    }}
}}
"""


GLOBAL = """
global_defs {
    enable_script_security
    script_user root
}
"""

# Exit statuses of `cycle`, by call.
CYCLE = [0, 0, 1, 1, 1, 0, 2, 0, 0, 0]

LIKE_THE_REFERENCE = GLOBAL + """
vrrp_script cycle {
    script "/run/t/cycle"
    interval 1
    rise 2
    fall 3
    weight -10
}
vrrp_script words {
    script "/run/t/words one 'two words' -x"
    interval 3
    user nobody nogroup
    weight 5
}
vrrp_script gate {
    script /run/t/gate
    interval 2
}
vrrp_script back {
    script /run/t/back
    interval 10
    weight 7 reverse
}
vrrp_script hang {
    script /run/t/hang
    interval 4
    timeout 1
    weight -20
}
vrrp_script flag {
    script "</run/t/flag"
    interval 1
    weight 3
}
""" + instance("A", 101, "cycle\n        words\n        hang") + instance("B", 102, "gate\n        words weight -30") + \
    instance("C", 103, "back\n        flag weight 11") + instance("D", 104, "gate weight 0 reverse")

TRACKING_LINES = (r"^VRRP_Script\(", r"^Script `", r"Changing effective", r"Entering (BACKUP|FAULT) STATE",
                  r"entering FAULT")


def prepare(host):
    scripts.install(host, "cycle", f"sys.exit({CYCLE}[count - 1] if count <= {len(CYCLE)} else 0)")
    scripts.install(host, "words")
    scripts.install(host, "gate", "if 3 <= count <= 4: os.kill(os.getpid(), 9)")
    scripts.install(host, "back", "sys.exit(4)")
    scripts.install(host, "hang", "time.sleep(60) if count == 2 else None")


def test_calls_and_results_are_those_of_the_reference(network, router, binary, reference):
    """Both run at the same time on a segment of their own instances: same calls, same lines, at the same times."""
    seen = {}
    daemons = {}
    for which, program, address in (("reference", reference, 11), ("ours", binary, 12)):
        host = network.add_host(which, f"172.27.9.{address}/24")
        prepare(host)
        text = LIKE_THE_REFERENCE
        if which == "ours":
            for vrid in (101, 102, 103, 104):
                text = text.replace(f"virtual_router_id {vrid}", f"virtual_router_id {vrid + 50}")
        daemons[which] = router(host, program, text)
    for daemon in daemons.values():
        daemon.start()
    for daemon in daemons.values():
        daemon.wait_for("vrrp")
    begin = time.time()
    time.sleep(5)
    for daemon in daemons.values():
        daemon.host.path("/run/t/flag").touch()
    time.sleep(7.5)
    for which, daemon in daemons.items():
        seen[which] = {name: scripts.calls(daemon.host, name) for name in ("cycle", "words", "gate", "back", "hang")}
    log = {which: scripts.lines(daemon, *TRACKING_LINES) for which, daemon in daemons.items()}
    for daemon in daemons.values():
        assert daemon.stop()[0] == 0

    for name, theirs in seen["reference"].items():
        ours = seen["ours"][name]
        assert abs(len(ours) - len(theirs)) <= 1, name
        start = {which: seen[which][name][0].time for which in seen}
        for mine, other in zip(ours, theirs):
            for field in ("arguments", "uid", "gid", "environment", "umask", "folder", "leader", "signals",
                          "descriptors"):
                assert getattr(mine, field) == getattr(other, field), (name, field)
            assert abs((mine.time - start["ours"]) - (other.time - start["reference"])) < TOLERANCE, name
        assert mine.time > begin - 5

    def by_subject(texts):
        """Lines of one script or instance keep their order; those of different ones may come in any."""
        sorted_out = {}
        for text in texts:
            subject = text.split("(")[1].split(")")[0] if "(" in text.split("`")[0] else text.split("`")[1]
            sorted_out.setdefault(subject, []).append(text)
        return sorted_out

    mine, other = by_subject(log["ours"]), by_subject(log["reference"])
    for subject in other:
        # The end of the observation may come between two lines.
        shorter = min(len(mine.get(subject, [])), len(other[subject]))
        assert len(other[subject]) - shorter <= 1 and len(mine[subject]) - shorter <= 1, (subject, mine, other)
        if subject == "D":  # whose FAULT at start the reference does not log
            continue
        if subject in "ABC":  # results of scripts that end at the same time come in any order: only the ends count
            assert sorted(mine[subject][:shorter], key=len)[0] == sorted(other[subject][:shorter], key=len)[0]
            final = [texts[subject][shorter - 1].split(" to ")[-1] for texts in (mine, other)]
            assert final[0] == final[1], subject
        else:
            assert mine[subject][:shorter] == other[subject][:shorter], subject
    assert ours[0].groups == []


def test_scripts_that_do_not_end(network, router, binary):
    """SIGTERM at the time-out, SIGKILL two seconds later, for the whole group; other scripts and adverts go on."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    scripts.install(host, "stubborn", """
import signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    time.sleep(120)
time.sleep(120)
""")
    scripts.install(host, "polite", "time.sleep(120)")
    scripts.install(host, "forks", "if os.fork() == 0:\n    time.sleep(3)")
    daemon = router(host, binary, GLOBAL + """
vrrp_script stubborn {
    script /run/t/stubborn
    interval 1
    weight -10
}
vrrp_script polite {
    script /run/t/polite
    interval 2
    timeout 1
    weight -20
}
vrrp_script forks {
    script /run/t/forks
    interval 0.5
    weight 5
}
""" + instance("A", 101, "stubborn\n        polite\n        forks"))
    with network.capture() as capture:
        daemon.start()
        first = capture.next_advert(host, 8)
        wait_until(lambda: "VRRP_Script(stubborn) timed_out" in daemon.log, 5, "the end of the stubborn script")
        wait_until(lambda: "VRRP_Script(polite) timed_out" in daemon.log, 5, "the end of the polite script")
        wait_until(lambda: len(scripts.calls(host, "stubborn")) >= 3, 12, "a third run of the stubborn script")
        wait_until(lambda: capture.adverts(host)[-1].advert.priority == 75, 3, "the priority of the failures")
        own = capture.adverts(host, first.time - 0.01)
        assert max(b.time - a.time for a, b in zip(own, own[1:])) < 1.2
    begins = [call.time for call in scripts.calls(host, "stubborn")]
    # 1 s of its own and 2 s of grace; the next run is the next beat of the interval.
    assert all(2.9 < later - earlier < 5 for earlier, later in zip(begins, begins[1:]))
    polite = [call.time for call in scripts.calls(host, "polite")]
    assert all(1.8 < later - earlier < 2.5 for earlier, later in zip(polite, polite[1:]))
    # A run that leaves somebody behind has ended when it has.
    assert len(scripts.calls(host, "forks")) > 10
    status, seconds = daemon.stop()
    assert status == 0 and seconds < 4
    names = ("stubborn", "polite")
    left = [pid for pid in host.processes() if any(
        f"/run/t/{name}".encode() in open(f"/proc/{pid}/cmdline", "rb").read() for name in names)]
    assert not left


def test_a_script_dies_with_the_daemon(network, router, binary):
    """Killed outright, the parent leaves no script behind; a child that dies leaves none either."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    scripts.install(host, "long", "time.sleep(120)")
    daemon = router(host, binary, GLOBAL + """
vrrp_script long {
    script /run/t/long
    interval 100
    weight -10
}
""" + instance("A", 101, "long"))
    daemon.start()
    wait_until(lambda: scripts.calls(host, "long"), 5, "the script")

    def running():
        return [pid for pid in host.processes() if b"/run/t/long" in open(f"/proc/{pid}/cmdline", "rb").read()]

    first = wait_until(running, 2, "the script's process")
    old = daemon.wait_for("vrrp")
    daemon.signal(signal.SIGKILL, "vrrp")
    daemon.wait_for("vrrp", other_than=old)
    wait_until(lambda: running() and running() != first, 10, "the script of the next child alone")
    assert len(running()) == 1
    daemon.kill()
    wait_until(lambda: not running(), 3, "no script")


def test_results_are_kept_over_a_reload(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    scripts.install(host, "good")
    scripts.install(host, "bad", "sys.exit(1)")

    def text(interval, extra=""):
        return GLOBAL + f"""
vrrp_script good {{
    script /run/t/good
    interval {interval}
    weight 20
}}
vrrp_script bad {{
    script /run/t/bad
    interval {interval}
}}
""" + instance("A", 101, "good") + instance("B", 102, "bad") + extra

    daemon = router(host, binary, text(100))
    daemon.start()
    host.wait_for_address("172.27.9.101", "ens33", 8)
    assert "(A) Changing effective priority from 100 to 120" in daemon.log
    assert "Entering FAULT STATE" in daemon.log
    before = daemon.log
    daemon.configure(text(50, instance("E", 105, "good\n        bad weight 0 reverse")))
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: "Reload complete" in daemon.log, 5, "the reload")
    new = daemon.log[len(before):]
    assert "VRRP_Script(good) considered successful on reload" in new
    assert "VRRP_Script(bad) considered unsuccessful on reload" in new
    assert "(A)" not in new
    # Why it stays in FAULT is said again, and nothing else.
    about = [line.split(": ", 1)[1] for line in new.splitlines() if "(B)" in line]
    assert about == ["(B): entering FAULT state due to script bad"]
    assert len(scripts.calls(host, "good")) == 1
    wait_until(lambda: "(E) Entering BACKUP STATE" in daemon.log, 3, "the new instance, which has nothing to wait for")
    host.wait_for_address("172.27.9.105", "ens33", 8)
    # A script that has changed is run at once.
    scripts.install(host, "worse", "sys.exit(3)")
    daemon.configure(text(100).replace("/run/t/good", "/run/t/worse"))
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: "(A) Changing effective priority from 120 to 100" in daemon.log, 5, "the result of the other")
    assert daemon.stop()[0] == 0


def test_init_fail(network, router, binary):
    """Counts as failed until it has risen; the reference reads the keyword and ignores it."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    scripts.install(host, "slow", "time.sleep(1)")
    daemon = router(host, binary, GLOBAL + """
vrrp_script slow {
    script /run/t/slow
    interval 2
    rise 2
    init_fail
}
""" + instance("A", 101, "slow") + instance("B", 102, "slow weight -50"))
    daemon.start()
    wait_until(lambda: "(A) entering FAULT state" in daemon.log, 3, "FAULT from the start")
    assert scripts.lines(daemon, r"due to script slow") == ["(A): entering FAULT state due to script slow"]
    wait_until(lambda: scripts.calls(host, "slow"), 3, "the first run")
    holds_for(lambda: "succeeded" not in daemon.log, 1.5, "one success is not enough")
    wait_until(lambda: "(A) Entering BACKUP STATE" in daemon.log, 4, "the second success")
    assert "(B) Changing effective priority from 50 to 100" in daemon.log
    assert daemon.stop()[0] == 0


@pytest.mark.parametrize("what", ["folder that others can write", "linked folder", "not executable"])
def test_scripts_that_root_must_not_run(network, router, binary, what):
    host = network.add_host("lvs01", "172.27.9.11/24")
    scripts.install(host, "chk")
    folder = host.path("/run/t")
    name = "/run/t/chk"
    if what == "folder that others can write":
        folder.chmod(0o777)
        expected = "Unsafe permissions found for script '/run/t/chk': /run/t is owned by 0:0 with mode 0777; " \
                   "chmod o-w /run/t makes it safe"
    elif what == "linked folder":
        os.symlink("t", host.path("/run") / "link")
        name = "/run/link/chk"
        expected = None
    else:
        (folder / "chk").chmod(0o644)
        expected = "/run/t/chk is owned by 0:0 with mode 0644; chmod +x /run/t/chk makes it executable"
    daemon = router(host, binary, GLOBAL + f"""
vrrp_script chk {{
    script {name}
    interval 1
}}
""" + instance("A", 101, "chk"))
    daemon.start()
    host.wait_for_address("172.27.9.101", "ens33", 8)  # with or without the script
    assert bool(scripts.calls(host, "chk")) == (expected is None)
    if expected:
        assert expected in daemon.log
    assert daemon.stop()[0] == 0


def test_startup_and_shutdown_script(network, router, binary):
    """The one before the children, the other after them; neither may last for ever."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    scripts.install(host, "begin", "time.sleep(1)")
    scripts.install(host, "finish", "open('/run/t/vips', 'w').write(os.popen('ip -4 -o addr').read()); time.sleep(60)")
    daemon = router(host, binary, """
global_defs {
    enable_script_security
    script_user root
    startup_script "/run/t/begin up"
    shutdown_script "/run/t/finish down" nobody
    shutdown_script_timeout 1
}
""" + instance("A", 101, "").replace("track_script {\n        \n    }", ""))
    host.path("/run/t/vips").touch()
    host.path("/run/t/vips").chmod(0o666)
    daemon.start()
    call = wait_until(lambda: scripts.calls(host, "begin"), 3, "the start script")[0]
    assert call.arguments == ["up"] and call.uid == 0
    assert "Starting VRRP child process" not in daemon.log
    wait_until(lambda: "Starting VRRP child process" in daemon.log, 3, "the child")
    host.wait_for_address("172.27.9.101", "ens33", 8)
    status, seconds = daemon.stop()
    assert status == 0 and 1 <= seconds < 4
    call = scripts.calls(host, "finish")[0]
    assert call.arguments == ["down"] and call.uid == 65534
    assert "172.27.9.11/24" in host.path("/run/t/vips").read_text()
    assert "172.27.9.101" not in host.path("/run/t/vips").read_text()
    assert "shutdown script timed out" in daemon.log


def test_accounts(network, router, binary):
    """User, group and supplementary groups: with a colon those that the user has, otherwise none."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    # A group table of its own, in which nobody is a member of two more groups.
    host.run("sh", "-c", "cp /etc/group /run/group && echo 'first:x:4242:nobody\nsecond:x:4343:daemon,nobody' >>/run/group && "
                         "chmod 644 /run/group && mount --bind /run/group /etc/group")
    accounts = {"plain": "user nobody", "group": "user nobody mail", "all": "user nobody :",
                "groupall": "user nobody :mail", "default": ""}
    for name in accounts:
        scripts.install(host, name)
    host.path("/run").chmod(0o755)
    text = "global_defs {\n    enable_script_security\n    script_user daemon mail\n}\n"
    for name, user in accounts.items():
        text += f"vrrp_script {name} {{\n    script /run/t/{name}\n    interval 100\n    weight 1\n    {user}\n}}\n"
    daemon = router(host, binary, text + instance("A", 101, "\n        ".join(accounts))).start()
    seen = {name: wait_until(lambda: scripts.calls(host, name), 8, name)[0] for name in accounts}
    assert daemon.stop()[0] == 0
    nogroup, mail, demon = (int(host.run("id", *words).stdout) for words in
                            (("-g", "nobody"), ("-g", "mail"), ("-u", "daemon")))
    assert {name: (call.uid, call.gid) for name, call in seen.items()} == {
        "plain": (65534, nogroup), "group": (65534, mail), "all": (65534, nogroup), "groupall": (65534, mail),
        "default": (demon, mail)}
    for name, call in seen.items():
        further = set(call.groups) - {nogroup, mail, call.gid}
        assert further == ({4242, 4343} if name in ("all", "groupall") else set()), (name, call.groups)
        if "all" not in name:
            assert call.groups == []


def test_umask(network, router, binary, reference):
    """That of global_defs is the scripts' and that of a FIFO; a reload changes it, but one without it does not; -u wins."""
    seen = []
    for which, program, address in (("reference", reference, 11), ("ours", binary, 12)):
        host = network.add_host(which, f"172.27.9.{address}/24")
        scripts.install(host, "chk")
        text = """
global_defs {
    enable_script_security
    script_user root
    notify_fifo /run/all.fifo
    %s
}
vrrp_script chk {
    script /run/t/chk
    interval 1
    weight 1
}
""" + instance("A", 90 + address, "chk")

        def masks(daemon):
            """Of the scripts that are called from now on."""
            before = len(scripts.calls(host, "chk"))
            return wait_until(lambda: {oct(call.umask) for call in scripts.calls(host, "chk")[before + 1:]}, 8, "a call")

        daemon = router(host, program, text % "umask IWGRP | IROTH|IWOTH|IXOTH").start()
        found = [masks(daemon), oct(host.path("/run/all.fifo").stat().st_mode & 0o777)]
        for line in ("umask 077", "", "umask 0"):
            daemon.configure(text % line)
            daemon.signal(signal.SIGHUP)
            time.sleep(1)
            found.append(masks(daemon))
        assert daemon.stop()[0] == 0
        daemon = router(host, program, text % "umask 077", arguments=("-D", "-u", "022")).start()
        found += [masks(daemon), oct(host.path("/run/all.fifo").stat().st_mode & 0o777)]
        assert "umask command line option specified, ignoring config option" in daemon.log
        assert daemon.stop()[0] == 0
        seen.append(found)
    assert seen[1] == seen[0] == [{"0o27"}, "0o640", {"0o77"}, {"0o77"}, {"0o0"}, {"0o22"}, "0o644"]


def test_a_reload_cannot_switch_script_security_off(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    scripts.install(host, "chk")
    host.path("/run/t").chmod(0o777)
    loose = """
vrrp_script chk {
    script /run/t/chk
    interval 1
}
""" + instance("A", 101, "chk")
    daemon = router(host, binary, GLOBAL + instance("A", 101, "").replace("track_script {\n        \n    }", ""))
    daemon.start()
    host.wait_for_address("172.27.9.101", "ens33", 8)
    for _ in range(2):
        before = len(daemon.log)
        daemon.configure("global_defs {\n    script_user root\n}\n" + loose)
        daemon.signal(signal.SIGHUP)
        wait_until(lambda: "Reload complete" in daemon.log[before:], 5, "the reload")
        assert "Unsafe permissions found for script '/run/t/chk'" in daemon.log[before:]
        time.sleep(1.2)
        assert not scripts.calls(host, "chk")
        assert "172.27.9.101" in host.addresses("ens33")
    # From the start without the keyword, it is run.
    assert daemon.stop()[0] == 0
    daemon.start()
    wait_until(lambda: scripts.calls(host, "chk"), 5, "the script")
    assert daemon.stop()[0] == 0

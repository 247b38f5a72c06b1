# SPDX-License-Identifier: GPL-2.0-or-later
"""Notify scripts, FIFOs and mails of VRRP: what keepalived does, ours does, with the same configuration (spec
outputs.md 5 to 7, vrrp.md 4.1, 6.2 and 13.3)."""

import collections
import os
import re
import signal
import stat
import time

import pytest

from lab import mail
from lab.capture import gaps
from lab.poll import wait_until
from lab.notes import FifoReader, Recorder

# Whose order in time is not promised: scripts run side by side, mails leave on connections of their own.
NOTE = Recorder.PATH

GLOBALS = """
global_defs {
    router_id r1
    script_user root
    dynamic_interfaces
    notify_fifo /run/all.fifo
    vrrp_notify_fifo /run/vrrp.fifo nobody nogroup
    smtp_server 127.0.0.1 2525
    smtp_helo_name helo.example
    smtp_connect_timeout 5
    notification_email_from ka@example.net
    notification_email {
        ops@example.net
        two@example.net
    }
    smtp_alert_vrrp
    %s
}
"""

GROUP = f"""
vrrp_sync_group G1 {{
    group {{
        V1
        V2
    }}
    notify_master "{NOTE} group master"
    notify_backup "{NOTE} group backup"
    notify_fault "{NOTE} group fault" nobody nogroup
    notify_stop "{NOTE} group stop"
    notify "{NOTE} group any"
}}
"""


def instance(name, vrid, priority=100, extra=""):
    return f"""
vrrp_instance {name} {{
    state BACKUP
    interface ens33
    virtual_router_id {vrid}
    priority {priority}
    virtual_ipaddress {{
        172.27.9.{100 + vrid}
    }}
    notify_master "{NOTE} {name} master"
    notify_backup "{NOTE} {name} backup" nobody nogroup
    notify_fault "{NOTE} {name} fault"
    notify_stop "{NOTE} {name} stop"
    notify "{NOTE} {name} any 'two words'"
    {extra}
}}
"""


class Run:
    """One daemon with everything that it tells."""

    def __init__(self, host, daemon):
        self.host = host
        self.daemon = daemon
        self.recorder = Recorder(host)
        self.server = mail.Server(host, 2525)
        for path in ("/run/all.fifo", "/run/vrrp.fifo"):  # so that both have a reader from the first line on
            os.mkfifo(host.path(path), 0o600)
        self.all = FifoReader(host, "/run/all.fifo")
        self.vrrp = FifoReader(host, "/run/vrrp.fifo")

    def wait_for_line(self, line, timeout=10, count=1):
        wait_until(lambda: self.all.lines().count(line) >= count, timeout, f"{line} ({count}.)")

    def settle(self):
        """Until all that has been started is written down."""
        before = None
        while (now := (len(self.recorder.calls()), len(self.server.mails))) != before:
            before = now
            time.sleep(0.5)


def scenario(run, text, reloaded):
    """Start, takeover, fault, recovery, reload that removes an instance, stop."""
    run.daemon.start()
    run.wait_for_line('GROUP "G1" MASTER 0')
    run.wait_for_line('INSTANCE "V3" MASTER 255')
    run.settle()
    run.host.run("ip", "link", "set", "ens33", "down")
    run.wait_for_line('GROUP "G1" FAULT 0')
    run.settle()
    run.host.run("ip", "link", "set", "ens33", "up")
    run.wait_for_line('GROUP "G1" MASTER 0', count=2)
    run.wait_for_line('INSTANCE "V3" MASTER 255', count=2)
    run.settle()
    run.daemon.configure(reloaded)
    run.daemon.signal(signal.SIGHUP)
    run.wait_for_line('INSTANCE "V4" DELETED 50')
    run.settle()
    assert run.daemon.stop()[0] == 0
    run.wait_for_line('GROUP "G1" STOP 0')
    time.sleep(0.3)


def environment_of(call):
    """Without what a shell adds for itself."""
    return {name for name in call.environment if not name.startswith(("PWD=", "OLDPWD=", "_=", "SHLVL="))}


def test_tells_what_the_reference_tells(network, router, binary, reference):
    text = GLOBALS % "" + GROUP + instance("V1", 1) + instance("V2", 2) + instance("V3", 3, 255)
    extra = instance("V4", 4, 50, f'notify_deleted "{NOTE} V4 deleted"')
    runs = []
    for name, program, address in (("ref", reference, "172.27.9.11/24"), ("ours", binary, "172.27.9.12/24")):
        host = network.add_host(name, address)
        # One after the other, so that neither hears the other.
        run = Run(host, router(host, program, text + extra))
        scenario(run, text + extra, text)
        runs.append(run)
    theirs, ours = runs

    # What is told of each object, in order; and the groups after their members at every takeover.
    def of(lines, name):
        return [line for line in lines if f'"{name}"' in line]

    for name in ("V1", "V2", "V3", "V4", "G1"):
        assert of(ours.all.lines(), name) == of(theirs.all.lines(), name)
        assert of(ours.vrrp.lines(), name) == of(theirs.vrrp.lines(), name)
    assert ours.all.lines() == ours.vrrp.lines()
    lines = ours.all.lines()
    assert lines.index('GROUP "G1" MASTER 0') > max(lines.index(f'INSTANCE "{name}" MASTER 100')
                                                    for name in ("V1", "V2"))
    assert lines[-4:-1] == ['INSTANCE "V1" STOP 100', 'INSTANCE "V2" STOP 100', 'INSTANCE "V3" STOP 255']

    # The same calls as the same users, from the same folder, with the same umask and environment.
    def calls(run):
        return sorted((call.arguments, call.account, call.umask, call.folder) for call in run.recorder.calls())

    assert calls(ours) == calls(theirs)
    assert len(calls(ours)) > 40
    for mine, other in zip(sorted(ours.recorder.calls(), key=lambda call: call.arguments),
                           sorted(theirs.recorder.calls(), key=lambda call: call.arguments)):
        assert environment_of(mine) == environment_of(other)

    # The same mails; the reference loses those of its stop.
    def mails(run):
        return sorted(one.without_date() for one in run.server.mails if "Stopping" not in one.subject)

    def on_one_line(letters):  # Debian's writes all recipients on one line
        return ["\n".join(lines).replace(",\n two@", ", two@") for lines in letters]

    assert on_one_line(mails(ours)) == on_one_line(mails(theirs))
    assert {one.commands for one in ours.server.mails} == {one.commands for one in theirs.server.mails}
    assert "[r1] VRRP Instance V1 - Stopping" in ours.server.subjects()


def test_script_runs_soon_after_the_change(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    run = Run(host, router(host, binary, GLOBALS % "" + instance("V1", 1)))
    with network.capture() as capture:
        run.daemon.start()
        advert = capture.next_advert(host, 8)
        wait_until(lambda: "V1 master" in run.recorder.texts(), 2, "notify_master")
        called = next(call for call in run.recorder.calls() if call.text == "V1 master")
        assert -0.05 < called.time - advert.time < 0.5


def test_scripts_below_a_linked_folder(network, router, binary):
    """Such as /bin on a merged /usr: 2.4.3 drops them without a word when they are to run as root."""
    assert os.path.islink("/bin")
    host = network.add_host("lvs01", "172.27.9.11/24")
    text = (GLOBALS % "enable_script_security" + instance("V1", 1)).replace(f'notify_master "{NOTE} V1 master"',
                                                                         'notify_master "/bin/touch /run/touched"')
    Recorder(host)
    daemon = router(host, binary, text).start()
    wait_until(lambda: host.path("/run/touched").exists(), 10, "the script's doing")
    assert "disabling" not in daemon.log.lower()
    assert daemon.stop()[0] == 0


def test_fifo_is_made_owned_and_removed(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    daemon = router(host, binary, GLOBALS % "" + instance("V1", 1))
    Recorder(host)
    daemon.start()
    path = host.path("/run/vrrp.fifo")
    wait_until(path.exists, 5, "the FIFO")
    found = path.stat()
    assert stat.S_ISFIFO(found.st_mode) and stat.S_IMODE(found.st_mode) == 0o600
    nobody = host.run("id", "-u", "nobody").stdout.strip()
    assert str(found.st_uid) == nobody
    assert host.path("/run/all.fifo").stat().st_uid == 0
    inode = found.st_ino
    reader = FifoReader(host, "/run/vrrp.fifo")
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: "Reload complete" in daemon.log, 5, "the reload")
    assert path.stat().st_ino == inode  # an outside reader goes on reading
    assert daemon.stop()[0] == 0
    assert not path.exists()
    assert reader.lines()[-1] == 'INSTANCE "V1" STOP 100'


@pytest.mark.parametrize("kind", ["symlink", "file", "foreign"])
def test_what_is_no_fifo_of_ours_is_not_used(network, router, binary, kind):
    host = network.add_host("lvs01", "172.27.9.11/24")
    path = host.path("/run/all.fifo")
    target = host.path("/run/target")
    if kind == "symlink":
        target.write_text("precious")
        path.symlink_to("/run/target")
    elif kind == "file":
        path.write_text("precious")
    else:
        os.mkfifo(path, 0o666)
        os.chown(path, 12345, 12345)
    Recorder(host)
    daemon = router(host, binary, GLOBALS % "" + instance("V1", 1)).start()
    wait_until(lambda: "/run/all.fifo" in daemon.log, 5, "a complaint")
    wait_until(lambda: "Entering MASTER STATE" in daemon.log, 8, "VRRP goes on")
    assert daemon.stop()[0] == 0
    if kind != "foreign":
        assert (target if kind == "symlink" else path).read_text() == "precious"
    assert os.path.lexists(path)


READER = """#!/bin/bash
trap 'echo "TERM" >>/run/read; exit' TERM
echo "start $*" >>/run/read
while read -r line; do
    echo "$line" >>/run/read
    [ "$line" = die ] && exit
done <"${!#}"
"""


def test_reader_script(network, router, binary):
    """Started with the path, started anew by a reload, ended at stop; one that has died costs nothing."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    script = host.path("/etc/keepalived/reader")
    Recorder(host)
    script.write_text(READER)
    script.chmod(0o755)
    read = host.path("/run/read")
    text = GLOBALS % 'notify_fifo_script "/etc/keepalived/reader word" root' + instance("V1", 1)
    daemon = router(host, binary, text).start()
    wait_until(lambda: read.exists() and 'INSTANCE "V1" MASTER 100' in read.read_text(), 8, "the reader reads")
    assert read.read_text().splitlines() == [
        "start word /run/all.fifo", 'INSTANCE "V1" BACKUP 100', 'INSTANCE "V1" MASTER 100']
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: read.read_text().count("start") == 2, 5, "the reader is started anew")
    host.run("sh", "-c", "echo die >/run/all.fifo")
    wait_until(lambda: "terminated" in daemon.log, 5, "its end is logged")
    host.run("ip", "link", "set", "ens33", "down")
    wait_until(lambda: "Entering FAULT STATE" in daemon.log, 5, "VRRP goes on")
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: 'INSTANCE "V1" FAULT 100' in read.read_text(), 5, "a new reader gets what waited")
    status, seconds = daemon.stop()
    assert status == 0 and seconds < 3
    wait_until(lambda: read.read_text().count("TERM") == 2, 2, "the reader was asked to end")
    assert not [pid for pid in host.processes() if b"reader" in open(f"/proc/{pid}/cmdline", "rb").read()]


def test_stop_does_not_wait_for_ever(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    slow = host.path("/etc/keepalived/slow")
    Recorder(host)
    slow.write_text("#!/bin/sh\ntrap '' TERM\necho $$ >>/run/slow\nwhile :; do sleep 1; done\n")
    slow.chmod(0o755)
    text = GLOBALS % "" + instance("V1", 1).replace(f'notify_stop "{NOTE} V1 stop"',
                                                    'notify_stop /etc/keepalived/slow')
    server = mail.Server(host, 2525, stall_at="DATA")
    daemon = router(host, binary, text).start()
    wait_until(lambda: "Entering MASTER STATE" in daemon.log, 8, "MASTER")
    status, seconds = daemon.stop()
    assert status == 0 and 0.9 < seconds < 4
    assert host.path("/run/slow").read_text().strip()
    assert not [pid for pid in host.processes() if b"keepalived/slow" in open(f"/proc/{pid}/cmdline", "rb").read()]
    server.close()


def flapping(host, script=""):
    """250 instances F1 to F250 on an interface `flap`, which can be set up and down: 250 events each time."""
    host.run("ip", "link", "add", "flap", "type", "veth", "peer", "name", "other")
    host.run("ip", "address", "add", "10.9.0.1/16", "dev", "flap")
    host.run("ip", "link", "set", "other", "up")
    host.run("ip", "link", "set", "flap", "up")
    return "".join(f"""
vrrp_instance F{vrid} {{
    state BACKUP
    interface flap
    virtual_router_id {vrid}
    priority 100
    advert_int 10
    virtual_ipaddress {{
        10.9.1.{vrid}/16
    }}
    {script}
}}
""" for vrid in range(1, 251))


def flap(network, daemon, reader, rounds):
    """Starts the daemon, and sets `flap` down and up so many times; STEADY's adverts leave on time all the while. Ends
    when the reader has read all of it: 250 events at start, 500 a round."""
    def events():
        return reader.octets.count(b'INSTANCE "F')

    with network.capture() as capture:
        daemon.start()
        wait_until(lambda: 'INSTANCE "STEADY" MASTER 100' in reader.lines(), 10, "STEADY is MASTER")
        wait_until(lambda: events() == 250, 10, "the start of all")
        begin = time.time()
        for number in range(1, rounds + 1):
            for state in ("down", "up"):
                daemon.host.run("ip", "link", "set", "flap", state)
                wait_until(lambda: events() == 500 * number + (250 if state == "up" else 0), 30,
                           f"all events of round {number}, {state}", interval=0.02)
        adverts = capture.adverts(daemon.host, since=begin, vrid=1)
    assert all(0.8 < gap < 1.2 for gap in gaps(adverts)), gaps(adverts)


def test_full_fifo(network, router, binary):
    """Nobody reads one of two FIFOs: its lines are lost, counted and logged once; the other one gets them all, and
    adverts leave on time. Then somebody reads: what waited is there, in order."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    Recorder(host)
    for path in ("/run/all.fifo", "/run/vrrp.fifo"):
        os.mkfifo(host.path(path), 0o600)
    other = FifoReader(host, "/run/vrrp.fifo")
    text = GLOBALS.replace("smtp_alert_vrrp", "") % "" + instance("STEADY", 1) + flapping(host)
    daemon = router(host, binary, text)
    flap(network, daemon, other, 16)  # a pipe holds some 2,700 of these lines, and 4,096 may wait
    assert daemon.log.count("Nobody reads /run/all.fifo fast enough") == 1 and "Nobody reads /run/vrrp" not in daemon.log
    reader = FifoReader(host, "/run/all.fifo")
    said = wait_until(lambda: re.search(r"/run/all.fifo is read again: (\d+) notifications", daemon.log), 5, "the count")
    wait_until(lambda: len(reader.lines()) == len(other.lines()) - int(said[1]), 5, "all that was not lost")
    assert int(said[1]) > 1000
    assert reader.lines() == other.lines()[:len(reader.lines())]
    host.run("ip", "link", "set", "flap", "down")
    wait_until(lambda: reader.lines()[-250:] == other.lines()[-250:] and "FAULT" in reader.lines()[-1], 5, "new lines")
    assert daemon.stop()[0] == 0


def test_states_are_repeated_on_reload(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    run = Run(host, router(host, binary, GLOBALS % "fifo_write_vrrp_states_on_reload" + instance("V1", 1)))
    run.daemon.start()
    run.wait_for_line('INSTANCE "V1" MASTER 100')
    run.settle()
    calls, mails = run.recorder.calls(), list(run.server.mails)
    run.daemon.signal(signal.SIGHUP)
    run.wait_for_line('INSTANCE "V1" MASTER 100', count=2)
    run.settle()
    assert run.recorder.calls() == calls and run.server.mails == mails


def test_a_crash_is_not_told(network, router, binary):
    """A child that dies and comes back as MASTER causes no notification (the reference tells BACKUP and MASTER)."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    run = Run(host, router(host, binary, GLOBALS % "" + instance("V1", 1)))
    run.daemon.start()
    run.wait_for_line('INSTANCE "V1" MASTER 100')
    run.settle()
    lines = run.all.lines()
    old = run.daemon.wait_for("vrrp")
    os.kill(old, signal.SIGKILL)
    run.daemon.wait_for("vrrp", other_than=old)
    time.sleep(1.5)
    assert run.all.lines() == lines


def test_lower_priority(network, router, binary, reference):
    """notify_master_rx_lower_pri and its line, whether the advert is answered or not."""
    from lab.vrrp import Injector, build
    seen = []
    other = network.add_host("other", "172.27.9.31/24")
    for name, program, address in (("ref", reference, "172.27.9.21/24"), ("ours", binary, "172.27.9.22/24")):
        host = network.add_host(name, address)
        text = GLOBALS % "" + instance("V1", 1, extra=f'notify_master_rx_lower_pri "{NOTE} V1 lower"')
        run = Run(host, router(host, program, text))
        run.daemon.start()
        run.wait_for_line('INSTANCE "V1" MASTER 100')
        injector = Injector(other)
        for _ in range(3):
            injector.send(build("172.27.9.31", vrid=1, priority=50, addresses=("172.27.9.101",), authentication=0,
                                password=b""))
            time.sleep(0.3)
        run.settle()
        assert run.daemon.stop()[0] == 0
        seen.append((run.recorder.texts().count("V1 lower"),
                     run.all.lines().count('INSTANCE "V1" MASTER_RX_LOWER_PRI 100')))
    assert seen[0] == seen[1] == (3, 3)


def test_ten_thousand_events(network, router, binary):
    """250 instances that go to FAULT and back 20 times, with a script and two FIFOs: every line in order, the same lines on
    both FIFOs, every script, nothing lost, and no advert late meanwhile."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    Recorder(host)
    script = host.path("/etc/keepalived/count")
    script.write_text("#!/bin/sh\necho $2 $3 $4 >>/run/count\n")
    script.chmod(0o755)
    text = GLOBALS.replace("smtp_alert_vrrp", "") % "" + instance("STEADY", 1)
    text += flapping(host, "notify /etc/keepalived/count")
    for path in ("/run/all.fifo", "/run/vrrp.fifo"):
        os.mkfifo(host.path(path), 0o600)
    reader, other = FifoReader(host, "/run/all.fifo"), FifoReader(host, "/run/vrrp.fifo")
    daemon = router(host, binary, text)
    flap(network, daemon, reader, 20)
    count = host.path("/run/count")
    wait_until(lambda: len(count.read_text().splitlines()) >= 10_250, 120, "as many calls as events", interval=0.5)
    calls = collections.Counter(count.read_text().splitlines())
    for vrid in range(1, 251):
        states = [line.split()[2:] for line in reader.lines() if line.startswith(f'INSTANCE "F{vrid}" ')]
        assert states == [["BACKUP", "100"]] + 20 * [["FAULT", "100"], ["BACKUP", "100"]]
        # Scripts run side by side: only how often each is called is promised.
        assert calls[f"F{vrid} BACKUP 100"] == 21 and calls[f"F{vrid} FAULT 100"] == 20
    assert sum(calls.values()) == 10_250
    wait_until(lambda: other.lines() == reader.lines(), 5, "the same lines on both FIFOs")
    assert "Nobody reads" not in daemon.log and "not started" not in daemon.log
    assert daemon.stop()[0] == 0

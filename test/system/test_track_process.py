# SPDX-License-Identifier: GPL-2.0-or-later
"""vrrp_track_process beside the reference. The kernel tells of processes in the initial network namespace only, so these
tests have a guest for themselves."""

import os
import re
import shutil
import signal
import subprocess
import time

import pytest

from lab.poll import wait_until

pytestmark = pytest.mark.guest

PROGRAM = "/run/probe-program"
ADDRESS = "172.27.9.11/24"

# weight is a bit each, so that the priority tells which of them are up. 2.2.7 knows no param_match.
TRACKED = {
    "full": (1, f"process {PROGRAM}\n    full_command"),
    "exact": (2, f"process {PROGRAM} 300"),
    "name": (4, "process probe-program"),
    "path": (8, f"process {PROGRAM}"),
    "two": (16, "process probe-program\n    quorum 2\n    quorum_max 3"),
    "late": (32, "process probe-program\n    terminate_delay 1.5"),
    "slow": (64, "process probe-program\n    fork_delay 1.5"),
}
LINES = re.compile(r"2\d\d\d: (.*(?:Quorum|effective priority|FAULT STATE|BACKUP STATE).*)", re.IGNORECASE)


def configuration():
    blocks = [f"vrrp_track_process {name} {{\n    {lines}\n    weight {weight}\n}}\n"
              for name, (weight, lines) in TRACKED.items()]
    blocks.append("vrrp_track_process must {\n    process probe-must\n}\n")
    names = "\n        ".join(TRACKED)
    blocks.append(f"""
vrrp_instance V {{
    interface ens77
    virtual_router_id 51
    priority 50
    track_process {{
        {names}
    }}
}}
vrrp_instance W {{
    interface ens77
    virtual_router_id 52
    priority 50
    track_process {{
        must
    }}
}}
""")
    return "".join(blocks)


@pytest.fixture
def interface():
    if os.readlink("/proc/self/ns/net") != os.readlink("/proc/1/ns/net"):
        pytest.skip("not the initial network namespace")
    run = lambda *words: subprocess.run(["ip", *words], check=True)  # noqa: E731
    run("link", "add", "ens77", "type", "veth", "peer", "name", "ens78")
    run("address", "add", ADDRESS, "dev", "ens77")
    run("link", "set", "ens77", "up")
    run("link", "set", "ens78", "up")
    shutil.copy("/bin/sleep", PROGRAM)
    shutil.copy("/bin/sleep", "/run/probe-must")
    yield
    run("link", "delete", "ens77")


def group_configuration():
    """What groups track, for all their instances; what an instance tracks counts only where its group says so."""
    blocks = ["vrrp_track_process weighed {\n    process probe-program\n    weight 10\n}\n"
              "vrrp_track_process must {\n    process probe-must\n}\n"]
    groups = {  # name: (its body, {instance: body})
        "WEIGHED": ("track_process {\n        weighed weight -20\n    }", {"A": "", "B": ""}),
        "MUST": ("track_process {\n        must\n    }", {"C": "", "D": ""}),
        "IGNORES": ("", {"E": "track_process {\n        weighed\n    }", "F": ""}),
        "COUNTS": ("sync_group_tracking_weight", {"G": "track_process {\n        weighed\n    }", "H": ""}),
        "FAILS": ("", {"I": "track_process {\n        must\n    }", "J": ""}),
    }
    number = 0
    for group, (body, members) in groups.items():
        lines = "\n        ".join(members)
        blocks.append(f"vrrp_sync_group {group} {{\n    group {{\n        {lines}\n    }}\n    {body}\n}}\n")
        for name, tracked in members.items():
            number += 1
            blocks.append(f"vrrp_instance {name} {{\n    interface ens77\n    virtual_router_id {number}\n"
                          f"    priority {100 - number}\n    {tracked}\n}}\n")
    return "".join(blocks)


class Daemon:
    def __init__(self, program, folder, text):
        self.log_file = folder / f"{os.path.basename(os.path.dirname(program))}.log"
        path = folder / "keepalived.conf"
        path.write_text(text)
        words = [program, "-n", "-l", "-D", "-f", path, "-p", "/run/probe.pid", "-r", "/run/probe-vrrp.pid"]
        with open(self.log_file, "wb") as log:
            self.process = subprocess.Popen(list(map(str, words)), stdout=log, stderr=log)

    def lines(self):
        return LINES.findall(self.log_file.read_text())

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)


def observe(program, folder, text):
    """What the daemon says while processes come and go: {step: lines}."""
    said = {}
    daemon = Daemon(program, folder, text)
    running = {}

    def start(name, *words):
        running[name] = subprocess.Popen(words)

    def end(*names):
        for name in names:
            process = running.pop(name)
            process.kill()
            process.wait()

    steps = [
        ("start", lambda: None),
        ("one", lambda: start("a", PROGRAM, "300")),
        ("it ends", lambda: end("a")),
        ("parameters", lambda: start("a", PROGRAM, "300", "400")),
        ("a second", lambda: start("b", PROGRAM, "3000")),
        ("third and fourth", lambda: (start("c", PROGRAM, "500"), start("d", PROGRAM, "500"))),
        ("two end", lambda: end("c", "d")),
        ("all end", lambda: end("a", "b")),
        ("must", lambda: start("m", "/run/probe-must", "300")),
        ("must not", lambda: end("m")),
    ]
    try:
        wait_until(lambda: "Startup complete" in daemon.log_file.read_text(), 20, "the start")
        time.sleep(1)
        seen = 0
        for what, step in steps:
            step()
            time.sleep(3)
            lines = daemon.lines()
            said[what] = lines[seen:]
            seen = len(lines)
    finally:
        for process in running.values():
            process.kill()
        status = daemon.stop()
    assert status == 0
    return said


@pytest.mark.parametrize("text", [configuration(), group_configuration()], ids=["instances", "groups"])
def test_like_the_reference(interface, binary, reference, tmp_path, text):
    ours, theirs = (observe(program, tmp_path, text) for program in (binary, reference))

    def priorities(lines):
        """Of each instance whose priority changed, what it is then."""
        return {line.partition(")")[0]: line.rsplit(" ", 1)[1] for line in lines if "effective priority" in line}

    # At the start the reference says what each tracker does to a priority, ours begins with what that makes of it.
    theirs["start"] = [line for line in theirs["start"] if "priority" not in line]
    for step, lines in theirs.items():
        # Several trackers change with one event; in which order is nobody's business.
        for part in ("QUORUM", "STATE"):
            texts = [sorted(line.lower() for line in said[step] if part in line.upper()) for said in (ours, theirs)]
            if step != "start":  # ours tells of those, too, that follow their group into FAULT
                texts[0] = [line for line in texts[0] if line in texts[1] or not line.endswith("entering fault state")]
            assert texts[0] == texts[1], step
        assert priorities(ours[step]) == priorities(lines), step
    everything = [line for lines in theirs.values() for line in lines]
    assert all(any(part in line for line in everything) for part in ("Quorum gained", "effective priority", "FAULT STATE"))

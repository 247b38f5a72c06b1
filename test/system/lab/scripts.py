# SPDX-License-Identifier: GPL-2.0-or-later
"""Scripts on a host that write down how they were called, and what a daemon's log says about trackers."""

import dataclasses
import json
import re
import time

FOLDER = "/run/t"

# Writes a line of JSON per call to /run/t/NAME.calls, then does what stands in `then`. (No shell: one that is killed
# could leave half a line.)
RECORDER = """#!/usr/bin/python3 -I
import json, os, sys, time
mask = os.umask(0); os.umask(mask)
call = dict(
    time=time.time(), name=os.path.basename(sys.argv[0]), arguments=sys.argv[1:], uid=os.getuid(), gid=os.getgid(),
    environment={{k: v for k, v in os.environ.items() if k not in ("LC_CTYPE",)}}, umask=mask, folder=os.getcwd(),
    leader=os.getpid() == os.getpgrp(), pid=os.getpid(), groups=os.getgroups(),
    descriptors={{fd: os.readlink(f"/proc/self/fd/{{fd}}") for fd in os.listdir("/proc/self/fd")
                 if os.path.exists(f"/proc/self/fd/{{fd}}") and fd in "012"}},
    signals=[line.split()[1] for line in open("/proc/self/status") if line.startswith(("SigBlk", "ShdPnd"))])
path = "{folder}/" + call["name"] + ".calls"
fd = os.open(path, os.O_WRONLY | os.O_APPEND)
os.write(fd, (json.dumps(call) + "\\n").encode())
count = open(path).read().count("\\n")
{then}
"""


@dataclasses.dataclass(frozen=True)
class Call:
    """One call of a script."""
    time: float
    name: str
    arguments: list
    uid: int
    gid: int
    environment: dict
    umask: int
    folder: str
    leader: bool
    pid: int
    groups: list
    descriptors: dict
    signals: list


def install(host, name, then="", text=None):
    """Puts a script at /run/t/NAME. `then` is Python: `count` is the number of the call, from 1 on; `text` replaces all."""
    folder = host.path(FOLDER)
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    calls = folder / f"{name}.calls"
    calls.touch()
    calls.chmod(0o666)
    path = folder / name
    path.write_text(text or RECORDER.format(folder=FOLDER, then=then))
    path.chmod(0o755)


def calls(host, name):
    """All calls of a script so far."""
    return [Call(**json.loads(line)) for line in host.path(f"{FOLDER}/{name}.calls").read_text().splitlines()]


LINE = re.compile(r"^\w{3} \w{3} +\d+ [\d:]+ \d{4}: (.*)$")


def lines(daemon, *patterns):
    """The texts of the log lines that match one of the regular expressions, in order."""
    found = []
    for line in daemon.log.splitlines():
        text = LINE.match(line)
        if text and any(re.search(pattern, text[1]) for pattern in patterns):
            found.append(text[1])
    return found


def timed_lines(daemon, seconds, *patterns):
    """Follows the log for so long: [(seconds since now, text)]."""
    begin = time.monotonic()
    seen = len(lines(daemon, *patterns))
    found = []
    while time.monotonic() - begin < seconds:
        now = lines(daemon, *patterns)
        found += [(time.monotonic() - begin, text) for text in now[seen:]]
        seen = len(now)
        time.sleep(0.02)
    return found

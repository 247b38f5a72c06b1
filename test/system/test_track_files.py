# SPDX-License-Identifier: GPL-2.0-or-later
"""track_file: every way in which a file changes does to priorities and states what it does with the reference."""

import os
import signal
import time

import pytest

from lab import scripts
from lab.poll import wait_until

CONFIGURATION = """
track_file load {
    file /run/t/load
    weight 2
    init_file 5
}
vrrp_track_file zero {
    file /run/t/zero
    weight 0
}
track_file kept {
    file /run/t/kept
    init_file 9
}
track_file over {
    file /run/t/over
    init_file 7 overwrite
}
vrrp_instance A {
    interface ens33
    virtual_router_id %d
    priority 100
    track_file {
        load
    }
    virtual_ipaddress {
        172.27.9.101
    }
}
vrrp_instance B {
    interface ens33
    virtual_router_id %d
    priority 100
    track_file {
        zero
        load weight 3 reverse
    }
    virtual_ipaddress {
        172.27.9.102
    }
}
"""


def write(path, text):
    path.write_text(text)


def replace(path, text):
    other = path.with_suffix(".new")
    other.write_text(text)
    os.rename(other, path)


def delete(path):
    path.unlink()


# What is done to the files, half a second apart.
STEPS = [
    (write, "load", "10"), (write, "load", "0x10"), (write, "load", "garbage"), (write, "load", "99999999999"),
    (write, "load", " 12 34"), (write, "load", "-200"), (write, "load", "200"), (write, "load", ""),
    (replace, "load", "-3"), (delete, "load"), (write, "load", "+4"), (write, "zero", "1"), (write, "zero", "0"),
    (replace, "zero", "-1"), (delete, "zero"), (write, "load", "07\n"), (write, "load", "5"),
]
PATTERNS = (r"effective priority", r"tracked file", r"Invalid number", r"FAULT STATE", r"Entering BACKUP STATE$")


def by_instance(texts):
    sorted_out = {}
    for text in texts:
        key = text[1] if text.startswith("(") else "other"
        sorted_out.setdefault(key, []).append(text.replace("Setting effective", "Changing effective"))
    return sorted_out


def test_like_the_reference(network, router, binary, reference):
    daemons = []
    for which, program, address in (("reference", reference, 11), ("ours", binary, 12)):
        host = network.add_host(which, f"172.27.9.{address}/24")
        host.path("/run/t").mkdir()
        write(host.path("/run/t/kept"), "1")
        write(host.path("/run/t/over"), "1")
        daemons.append(router(host, program, CONFIGURATION % (10 * address, 10 * address + 1)).start())
    for daemon in daemons:
        daemon.wait_for("vrrp")
        wait_until(lambda: "(B) Entering BACKUP STATE" in daemon.log, 5, "the start")
    for step, name, *text in STEPS:
        time.sleep(0.5)
        for daemon in daemons:
            step(daemon.host.path(f"/run/t/{name}"), *text)
    time.sleep(0.5)
    theirs, ours = (by_instance(scripts.lines(daemon, *PATTERNS)) for daemon in daemons)
    # In FAULT the reference does not log what the priority comes to; back out of it it may say so in a line of its own.
    for key in theirs:
        states = [[line for line in texts[key] if "priority" not in line] for texts in (theirs, ours)]
        assert states[0] == states[1], key
        last = [[line for line in texts[key] if "priority" in line][-1].split()[-1] for texts in (theirs, ours)
                if any("priority" in line for line in texts[key])]
        assert len(set(last)) <= 1, key
    for name, text in (("kept", "1"), ("over", "7")):
        texts = [daemon.host.path(f"/run/t/{name}").read_text().strip() for daemon in daemons]
        assert texts == [text, text]
    assert daemons[1].stop()[0] == 0
    daemons[0].stop()


def test_reload_neither_writes_nor_forgets(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    host.path("/run/t").mkdir()
    daemon = router(host, binary, CONFIGURATION % (110, 111)).start()
    wait_until(lambda: "(A) Entering BACKUP STATE" in daemon.log, 5, "the start")
    assert host.path("/run/t/load").read_text().strip() == "5"
    assert "(B): tracked file" not in daemon.log
    write(host.path("/run/t/load"), "20")
    wait_until(lambda: "(A) Changing effective priority from 110 to 140" in daemon.log, 3, "the new number")
    write(host.path("/run/t/over"), "3")
    before = len(daemon.log)
    daemon.configure((CONFIGURATION % (110, 111)).replace("weight 2", "weight 1"))
    daemon.signal(signal.SIGHUP)
    wait_until(lambda: "(A) Changing effective priority from 140 to 120" in daemon.log[before:], 5, "the new weight")
    assert host.path("/run/t/over").read_text() == "3"
    assert daemon.stop()[0] == 0


@pytest.mark.parametrize("mode", [0o600, 0o644])
def test_files_of_script_users_can_be_read(network, router, binary, mode):
    """A script writes with the umask of the daemon: its file is its own alone."""
    host = network.add_host("lvs01", "172.27.9.11/24")
    host.path("/run/t").mkdir()
    path = host.path("/run/t/load")
    write(path, "20")
    path.chmod(mode)
    os.chown(path, 65534, 65534)
    daemon = router(host, binary, CONFIGURATION % (110, 111)).start()
    wait_until(lambda: "(A) Entering BACKUP STATE" in daemon.log, 5, "the start")
    replace(path, "30")
    path.chmod(mode)
    os.chown(path, 65534, 65534)
    wait_until(lambda: "from 140 to 160" in daemon.log, 3, "the change")
    assert daemon.stop()[0] == 0

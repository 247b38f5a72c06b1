# SPDX-License-Identifier: GPL-2.0-or-later
"""Interfaces and other trackers of instances and of sync groups: the same configuration, the same events, and after each
of them the same lines on the FIFO, the same script calls and the same priorities in adverts as with the reference (spec
vrrp.md 7.3, 8 and 9.4)."""

import os
import time

from lab.notes import FifoReader, Recorder
from lab.poll import wait_until

NOTE = Recorder.PATH
FIFO = "/run/all.fifo"
PAUSE = 2.3  # seconds between two events: each priority is on the wire at least twice

GLOBALS = f"""
global_defs {{
    script_user root
    dynamic_interfaces
    vrrp_notify_priority_changes
    notify_fifo {FIFO}
}}
"""


class Side:
    """One of the two daemons. It has virtual routers from `base` + 1 on, so that neither hears the other."""

    def __init__(self, network, which, program, router, base, text):
        self.network, self.base = network, base
        self.host = network.add_host(which, f"172.27.9.{base // 10 + 11}/24")
        self.ports = {name: network.plug(self.host, name) for name in ("ens34", "ens35")}
        self.recorder = Recorder(self.host)
        self.host.path("/run/t").mkdir()
        os.mkfifo(self.host.path(FIFO), 0o600)
        self.reader = FifoReader(self.host, FIFO)
        self.daemon = router(self.host, program, text(base))

    def carrier(self, interface, on):
        self.network.carrier(self.host, on, self.ports[interface])

    def link(self, interface, state):
        self.host.run("ip", "link", "set", interface, state)

    def delete_address(self, interface):
        address = next(iter(self.host.addresses(interface)))
        self.host.run("ip", "address", "delete", f"{address}/24", "dev", interface)
        self.host.wait_for_address(address, interface, 1)

    def remove(self, interface):
        self.host.run("ip", "link", "delete", interface)

    def add(self, interface):
        self.network.plug(self.host, interface, port=self.ports[interface])

    def write(self, name, text):
        self.host.path(f"/run/t/{name}").write_text(text)

    def unlink(self, name):
        self.host.path(f"/run/t/{name}").unlink()

    def lines(self, name):
        """What is said of an instance or a group. When a file lets go of an instance, ours says what that makes of the
        priority before it says BACKUP with that priority; the reference only the latter."""
        found = [line for line in self.reader.lines() if f'"{name}"' in line]
        return [line for line, after in zip(found, [*found[1:], ""])
                if not ("BACKUP_PRIORITY" in line and line.replace("_PRIORITY", "") == after)]

    def calls(self, name):
        """Of the generic script: its states in order."""
        return [call.arguments[-2] for call in sorted(self.recorder.calls(), key=lambda call: call.time)
                if call.arguments[-3] == name]


def instances(base, **bodies):
    """{name: (priority, body)}, on ens33, with virtual router ids from base + 1 on."""
    text = ""
    for number, (name, (priority, body)) in enumerate(bodies.items(), base + 1):
        text += f"""
vrrp_instance {name} {{
    state BACKUP
    interface ens33
    virtual_router_id {number}
    priority {priority}
    virtual_ipaddress {{
        10.8.0.{number}
    }}
    notify "{NOTE}"
    {body}
}}
"""
    return text


def compare(network, router, programs, text, names, groups, steps):
    """Runs both side by side through the steps. names: the instances in their order."""
    with network.capture() as capture:
        sides = [Side(network, which, program, router, base, text)
                 for (which, program), base in zip(programs.items(), (0, 100))]
        for side in sides:
            for step, *arguments in steps[0]:
                getattr(side, step)(*arguments)
            side.daemon.start()
        for side in sides:
            wait_until(lambda: any("MASTER" in line for line in side.lines(names[0])), 12, "the first MASTER")
        time.sleep(PAUSE)
        for step, *arguments in steps[1:]:
            for side in sides:
                if step == "flap":
                    side.carrier(arguments[0], False)
            if step == "flap":
                time.sleep(0.2)
                step, arguments = "carrier", (arguments[0], True)
            for side in sides:
                getattr(side, step)(*arguments)
            time.sleep(PAUSE)
        time.sleep(2)  # until all that can be are MASTER again
        for side in sides:
            assert side.daemon.stop()[0] == 0
        time.sleep(0.5)
        wire = [{name: [frame.advert.priority for frame in capture.adverts(side.host, vrid=side.base + number)]
                 for number, name in enumerate(names, 1)} for side in sides]

    def changes(priorities):
        """A priority that stays is one; goodbyes are counted once (the reference says some twice)."""
        return [one for one, before in zip(priorities, [None, *priorities]) if one != before]

    theirs, ours = sides
    for name in names:
        assert ours.lines(name) == theirs.lines(name), name
        assert ours.calls(name) == theirs.calls(name), name
        assert changes(wire[1][name]) == changes(wire[0][name]), name
    for name in groups:
        assert ours.lines(name) == theirs.lines(name), name
        assert ours.calls(name) == theirs.calls(name), name
    return theirs, ours


def test_interfaces(network, router, binary, reference):
    """With weights of all kinds, at the limits, with a debounce, on the instance's own interface, under an address."""
    delays = "interface_up_down_delays {\n    ens35 0.5 1\n}\n"
    bodies = dict(
        LOSS=(100, "track_interface {\n        ens34 weight -20\n    }"),
        GAIN=(100, "track_interface {\n        ens34 weight 20\n    }"),
        REVERSE=(100, "track_interface {\n        ens34 weight 30 reverse\n    }"),
        TWO=(100, "track_interface {\n        ens34 weight 10\n        ens35 weight 15\n    }"),
        FAULT=(100, "track_interface {\n        ens34\n    }"),
        DELAYED=(100, "track_interface {\n        ens35 weight -20\n    }"),
        DELAYEDFAULT=(100, "track_interface {\n        ens35\n    }"),
        OWNER=(255, "track_interface {\n        ens34 weight -20\n    }"),
        HIGH=(250, "track_interface {\n        ens34 weight 20\n    }"),
        LOW=(10, "track_interface {\n        ens34 weight -50\n    }"),
        OWN=(100, "track_interface {\n        ens33 weight -50\n    }"),
        ABSENT=(100, "track_interface {\n        ens39 weight -7\n    }"),
    )

    def text(base):
        return GLOBALS + delays + instances(base, **bodies)

    steps = [(), ("carrier", "ens34", False), ("carrier", "ens34", True), ("flap", "ens35"), ("carrier", "ens35", False),
             ("carrier", "ens35", True), ("link", "ens34", "down"), ("link", "ens34", "up"), ("remove", "ens34"),
             ("add", "ens34")]
    theirs, ours = compare(network, router, {"theirs": reference, "ours": binary}, text, list(bodies), [], steps)
    # The laboratory did what it should: there was something to compare.
    assert ours.lines("LOSS").count('INSTANCE "LOSS" MASTER_PRIORITY 80') == 3
    assert ours.calls("FAULT").count("FAULT") == 3
    assert ours.lines("DELAYED").count('INSTANCE "DELAYED" MASTER_PRIORITY 80') == 1
    assert not any("PRIORITY" in line for line in ours.lines("OWNER"))


def test_track_group(network, router, binary, reference):
    """Its instances go with the interfaces of the static addresses that name it, whatever weight they give them; an
    address that is removed is there again before anybody notices."""
    bodies = dict(
        MEMBER=(100, ""),
        WEIGHT=(100, "track_interface {\n        ens34 weight 20\n    }"),
        OTHER=(100, ""),
    )

    def text(base):
        return GLOBALS + f"""
track_group G {{
    group {{
        MEMBER
        WEIGHT
    }}
}}
static_ipaddress {{
    172.27.{20 + base // 100}.5/24 dev ens34 track_group G
    172.27.{20 + base // 100}.6/24 dev ens34 track_group G
    172.27.{30 + base // 100}.5/24 dev ens35
}}
""" + instances(base, **bodies)

    steps = [(), ("delete_address", "ens34"), ("link", "ens34", "down"), ("link", "ens34", "up"), ("link", "ens35", "down"),
             ("link", "ens35", "up"), ("carrier", "ens34", False), ("carrier", "ens34", True), ("remove", "ens34"),
             ("add", "ens34")]
    theirs, ours = compare(network, router, {"theirs": reference, "ours": binary}, text, list(bodies), [], steps)
    assert ours.calls("MEMBER").count("FAULT") == 3 and "FAULT" not in ours.calls("OTHER")
    assert "Restoring deleted static address" in ours.daemon.log


FILES = "".join(f"""
vrrp_track_file {name} {{
    file /run/t/{name}
}}
""" for name in ("alone", "member", "common", "broken"))

# Scripts that succeed while their file is there.
FLAGS = "".join(f"""
vrrp_script {name} {{
    script "</run/t/{name}"
    interval 1
}}
""" for name in ("flag", "gate"))


def group(name, members, body):
    return f"""
vrrp_sync_group {name} {{
    group {{
        {members}
    }}
    notify "{NOTE}"
    {body}
}}
"""


def test_groups(network, router, binary, reference):
    """What members track does not count, unless sync_group_tracking_weight; what the group tracks counts for all."""
    bodies = dict(
        A=(100, "track_file {\n        alone weight 1\n    }"), B=(100, ""),
        C=(100, "track_file {\n        member weight 1\n    }\n    track_interface {\n        ens34 weight -30\n    }"),
        D=(90, ""),
        E=(100, ""), F=(80, "track_file {\n        broken weight 0\n    }"),
        G=(100, ""), H=(100, ""),
        I=(100, ""), J=(70, ""),
    )

    def text(base):
        return (GLOBALS + FILES + FLAGS
                + group("IGNORES", "A\nB", "")
                + group("COUNTS", "C\nD", "sync_group_tracking_weight")
                + group("COMMON", "E\nF", "track_file {\n        common weight 2\n    }\n    track_interface {\n"
                                          "        ens35 weight -25\n    }")
                + group("FAULTY", "G\nH", "track_interface {\n        ens34\n    }")
                + group("SCRIPTS", "I\nJ", "track_script {\n        flag weight -5\n        gate\n    }")
                + instances(base, **bodies))

    steps = [[("write", name, "0") for name in ("alone", "member", "common", "broken", "flag", "gate")],
             ("write", "alone", "-10"), ("write", "member", "-60"), ("write", "common", "-7"),
             ("carrier", "ens35", False), ("carrier", "ens34", False), ("write", "broken", "1"),
             ("carrier", "ens34", True), ("write", "broken", "0"), ("carrier", "ens35", True), ("write", "member", "3"),
             ("write", "common", "0"), ("write", "common", "-200"), ("write", "common", "4"),
             ("unlink", "flag"), ("unlink", "gate"), ("write", "gate", ""), ("write", "flag", "")]
    theirs, ours = compare(network, router, {"theirs": reference, "ours": binary}, text, list(bodies),
                           ["IGNORES", "COUNTS", "COMMON", "FAULTY", "SCRIPTS"], steps)
    assert not any("PRIORITY" in line for name in "AB" for line in ours.lines(name))
    assert 'INSTANCE "C" MASTER_PRIORITY 40' in ours.lines("C") and not any("PRIORITY" in line for line in ours.lines("D"))
    assert all(f'INSTANCE "{name}" MASTER_PRIORITY {priority}' in ours.lines(name)
               for name, priority in (("E", 86), ("F", 66)))
    assert ours.lines("FAULTY").count('GROUP "FAULTY" FAULT 0') == 1
    assert ours.lines("COMMON").count('GROUP "COMMON" FAULT 0') == 2
    assert ours.lines("SCRIPTS").count('GROUP "SCRIPTS" FAULT 0') == 1
    assert all(f'INSTANCE "{name}" MASTER_PRIORITY {priority}' in ours.lines(name)
               for name, priority in (("I", 95), ("J", 65)))

# SPDX-License-Identifier: GPL-2.0-or-later
"""What tracking by scripts costs, and whether adverts suffer from it: 200 scripts at an interval of 1 s."""

import pathlib
import tempfile
import time

from lab.network import Network
from lab.poll import wait_until
from lab.router import Router

SCRIPTS = 200
SECONDS = 20
ADVERT = 0.1  # seconds
LATEST = 0.2  # of an interval


def configuration():
    blocks = ["global_defs {\n    enable_script_security\n    script_user root\n    vrrp_version 3\n}\n"]
    for number in range(SCRIPTS):
        blocks.append(f"vrrp_script s{number} {{\n    script /usr/bin/true\n    interval 1\n    weight 1\n}}\n")
    tracked = "\n        ".join(f"s{number} weight 0" for number in range(SCRIPTS))
    blocks.append(f"""
vrrp_instance V {{
    interface ens33
    virtual_router_id 51
    priority 100
    advert_int {ADVERT}
    virtual_ipaddress {{
        172.27.9.100/24
    }}
    track_script {{
        {tracked}
    }}
}}
""")
    return "".join(blocks)


def cpu_seconds(pids):
    """Of the processes themselves, without their children; to the nanosecond (the ticks of /proc/PID/stat are longer
    than what a turn takes)."""
    return sum(int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0]) for pid in pids) / 1e9


def measure(binary):
    """(CPU seconds of parent and VRRP child a second, the longest gap between adverts, the 99th percentile; in seconds)."""
    with Network() as network, tempfile.TemporaryDirectory() as folder:
        host = network.add_host("lvs01", "172.27.9.11/24")
        daemon = Router(host, binary, configuration(), pathlib.Path(folder) / "log", arguments=())
        with network.capture() as capture:
            daemon.start()
            pids = [daemon.wait_for(role) for role in ("parent", "vrrp")]
            wait_until(lambda: capture.adverts(host), 20, "adverts")
            time.sleep(2)
            before = cpu_seconds(pids)
            begin = time.time()
            time.sleep(SECONDS)
            used = cpu_seconds(pids) - before
            elapsed = time.time() - begin
            own = capture.adverts(host, begin)
        daemon.stop()
    gaps = sorted(later.time - earlier.time for earlier, later in zip(own, own[1:]))
    return used / elapsed, gaps[-1], gaps[len(gaps) * 99 // 100]

# SPDX-License-Identifier: GPL-2.0-or-later
"""Programs in folders that only their user may enter. The parent judges them and runs them as that user; the children,
which have no right to look, leave it to the parent, after a reload, too."""

import os
import signal
import time

from lab import scripts
from lab.poll import wait_until

NOBODY, NOGROUP = 65534, 65534

CONFIGURATION = """
global_defs {
    enable_script_security
    script_user nobody nogroup
}
vrrp_script tracked {
    script /run/private/tracked
    interval 1
    weight 5
}
vrrp_instance V {
    interface ens33
    virtual_router_id 51
    priority 100
    track_script {
        tracked
    }
    virtual_ipaddress {
        172.27.9.100
    }
}
virtual_server 172.27.9.100 80 {
    delay_loop 1
    protocol TCP
    real_server 172.27.9.12 80 {
        MISC_CHECK {
            misc_path /run/private/checked
            warmup 0
        }
    }
    real_server 172.27.9.14 80 {
        MISC_CHECK {
            misc_path /run/open/loose
            user root root
            warmup 0
        }
    }
    %s
}
"""

ANOTHER = """real_server 172.27.9.13 80 {
        MISC_CHECK {
            misc_path /run/private/added
            warmup 0
        }
    }"""


def test_over_a_reload(network, router, binary):
    host = network.add_host("lvs01", "172.27.9.11/24")
    host.path("/run").chmod(0o755)
    for name in ("tracked", "checked", "added", "loose"):
        scripts.install(host, name)
    # One that must not be run, and is not asked for either.
    host.path("/run/open").mkdir()
    host.path("/run/open").chmod(0o777)
    os.rename(host.path("/run/t/loose"), host.path("/run/open/loose"))
    folder = host.path("/run/private")
    folder.mkdir()
    for name in ("tracked", "checked", "added"):
        os.rename(host.path(f"/run/t/{name}"), folder / name)
        os.chown(folder / name, NOBODY, NOGROUP)
        (folder / name).chmod(0o500)
    os.chown(folder, NOBODY, NOGROUP)
    folder.chmod(0o700)
    daemon = router(host, binary, CONFIGURATION % "").start()

    def runs_again(*names):
        before = {name: len(scripts.calls(host, name)) for name in names}
        wait_until(lambda: all(len(scripts.calls(host, name)) >= before[name] + 2 for name in names), 10, f"runs of {names}")

    runs_again("tracked", "checked")
    for text, names in ((CONFIGURATION % "", ("tracked", "checked")), (CONFIGURATION % ANOTHER, ("tracked", "checked", "added"))):
        reloads = daemon.log.count("Reload complete")
        daemon.configure(text)
        daemon.signal(signal.SIGHUP)
        wait_until(lambda: daemon.log.count("Reload complete") > reloads, 5, "the reload")
        time.sleep(1.5)  # what was under way has ended
        runs_again(*names)
    assert all(call.uid == NOBODY for call in scripts.calls(host, "added"))
    assert not scripts.calls(host, "loose")
    lines = [line for line in daemon.log.splitlines() if "loose" in line or "child asked" in line or "could not" in line
             or "OVERDUE" in line]
    assert len(lines) == 3 and all("Unsafe permissions" in line for line in lines), lines  # at the start and each reload
    assert daemon.stop()[0] == 0

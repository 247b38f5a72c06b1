# SPDX-License-Identifier: GPL-2.0-or-later
"""What authenticates routers is for them alone: it stands in no log, FIFO, mail, script's arguments or environment,
command line, explanation or complaint (the reference writes passwords into its dumps, spec/outputs.md 2.2)."""

import os
import pathlib
import signal
import subprocess
import time

import pytest

from lab import mail, scripts
from lab.notes import FifoReader, Recorder
from lab.poll import wait_until

PASSWORD, DIGEST, NEW_PASSWORD = "Pw5ecret", "Ah5ecret", "Nx5ecret"
KEY, HEX_KEY, FILE_KEY = "Hm5ecret-" * 4, "5ec4e7" * 12, "Fl5ecret-" * 4
SECRETS = (PASSWORD, DIGEST, NEW_PASSWORD, KEY, HEX_KEY, FILE_KEY)
NOTE = Recorder.PATH


def leaks(text):
    return [secret for secret in (*SECRETS, *(secret.encode().hex() for secret in SECRETS)) if secret in text]


def authentication(kind, password):
    return f"authentication {{\n        auth_type {kind}\n        auth_pass {password}\n    }}"


def instance(name, vrid, body):
    return f"""
vrrp_instance {name} {{
    interface ens33
    virtual_router_id {vrid}
    priority 100
    virtual_ipaddress {{
        172.27.9.{100 + vrid}
    }}
    notify "{NOTE} any"
    notify_master_rx_lower_pri "{NOTE} lower"
    track_script {{
        check weight 10
    }}
    {body}
}}
"""


GLOBALS = f"""
global_defs {{
    router_id r1
    script_user root
    enable_script_security
    vrrp_notify_priority_changes
    notify_fifo /run/all.fifo
    smtp_server 127.0.0.1 2525
    notification_email_from ka@example.net
    notification_email {{
        ops@example.net
    }}
    smtp_alert
    startup_script "{NOTE} startup"
    shutdown_script "{NOTE} shutdown"
}}
vrrp_script check {{
    script "/run/t/check words"
    interval 1
}}
"""

HMAC = f"""version 3
    auth_hmac {{
        key 1 {KEY}
        key 2 hex:{HEX_KEY}
        key 3 file:/etc/keepalived/key
        active_key 3
    }}"""


def test_nobody_is_told(network, router, binary):
    """Everything that a daemon says in its life: start, takeover, peers with other keys, reload, fault, crash, stop."""
    hosts = [network.add_host(name, address) for name, address in
             (("lvs01", "172.27.9.11/24"), ("lvs02", "172.27.9.12/24"))]
    texts = []
    for number, host in enumerate(hosts):
        key = host.path("/etc/keepalived/key")
        key.write_text(FILE_KEY)
        key.chmod(0o600)
        # The second one differs in its passwords: each complains about the other's.
        own = GLOBALS + instance("P", 1, authentication("PASS", PASSWORD if number == 0 else NEW_PASSWORD)) + \
            instance("A", 2, authentication("AH", DIGEST if number == 0 else NEW_PASSWORD)) + \
            instance("H", 3, HMAC if number == 0 else HMAC.replace("active_key 3", "active_key 2").replace(
                f"key 2 hex:{HEX_KEY}", f"key 2 hex:{HEX_KEY[::-1]}"))
        texts.append(own)
    host, text = hosts[0], texts[0]
    recorder = Recorder(host)
    Recorder(hosts[1])
    for one in hosts:
        scripts.install(one, "check")
    server = mail.Server(host, 2525)
    os.mkfifo(host.path("/run/all.fifo"), 0o600)
    reader = FifoReader(host, "/run/all.fifo")
    daemon = router(host, binary, text, arguments=("-D", "-d"))
    other = router(hosts[1], binary, texts[1])
    daemon.start()
    other.start()
    wait_until(lambda: all(f'INSTANCE "{name}" MASTER 110' in reader.lines() for name in "PAH"), 12, "all are MASTER")
    time.sleep(2.5)  # both send, and complain

    seen = {}
    for pid in daemon.processes():
        for what in ("cmdline", "environ"):
            seen[f"{what} of {pid}"] = pathlib.Path(f"/proc/{pid}/{what}").read_bytes().decode(errors="replace")
    os.kill(daemon.wait_for("vrrp"), signal.SIGKILL)
    wait_until(lambda: "Respawning" in daemon.log, 5, "the death of the child")
    # A reload whose secrets have mistakes, then one that changes them.
    for body in (f"auth_pass {PASSWORD} {PASSWORD}", f'auth_pass "{PASSWORD}', f"auth_pass {NEW_PASSWORD}"):
        reloads = daemon.log.count("Reloading ...")
        daemon.configure(text.replace(f"auth_pass {PASSWORD}", body).replace(f"key 1 {KEY}", f"key 1 {KEY}\n key 1 {KEY}"))
        daemon.signal(signal.SIGHUP)
        wait_until(lambda: daemon.log.count("Reloading ...") > reloads, 5, "a reload")
        time.sleep(0.7)
    host.run("ip", "link", "set", "ens33", "down")
    wait_until(lambda: all(f'INSTANCE "{name}" FAULT 110' in reader.lines() for name in "PAH"), 5, "FAULT")
    wait_until(lambda: any("FAULT" in subject for subject in server.subjects()), 5, "mail")
    assert daemon.stop()[0] == 0 and other.stop()[0] == 0

    seen["log"], seen["other log"] = daemon.log, other.log
    seen["fifo"] = reader.octets.decode()
    seen["mail"] = "".join("\n".join((*one.commands, *one.letter)) for one in server.mails)
    seen["scripts"] = "".join(repr(call) for call in (*recorder.calls(), *scripts.calls(host, "check")))
    for path in host.path("/run").rglob("*"):
        if path.is_file() and not path.is_symlink():
            seen[str(path)] = path.read_bytes().decode(errors="replace")
    assert {"startup", "shutdown", "any INSTANCE P MASTER 110"} <= set(recorder.texts())
    assert server.mails and "authentication" in (seen["log"] + seen["other log"]).lower()
    assert not {where: leaks(text) for where, text in seen.items() if leaks(text)}


MISTAKES = {
    "too long": authentication("PASS", PASSWORD + "-and-more"),
    "a word more": authentication("PASS", PASSWORD + " more"),
    "a word before": authentication("PASS", "more " + PASSWORD),
    "quote": authentication("PASS", f'"{PASSWORD}'),
    "out of place": f"auth_pass {PASSWORD}",
    "misspelt": f"authentication {{\n        auth_type PASS\n        auth_psas {PASSWORD}\n    }}".replace("psas", "passs"),
    "short key": f"auth_hmac {{\n        key 1 {PASSWORD}\n        active_key 1\n    }}",
    "key without number": f"auth_hmac {{\n        key {KEY}\n        active_key 1\n    }}",
    "number too large": f"auth_hmac {{\n        key 1000 {KEY}\n        active_key 1\n    }}",
    "key twice": f"auth_hmac {{\n        key 1 {KEY}\n        key 1 {KEY}\n        active_key 1\n    }}",
    "hex": f"auth_hmac {{\n        key 1 hex:{HEX_KEY}zz\n        active_key 1\n    }}",
    "parameter": f"$PASSWORD={PASSWORD}\n    auth_pass $PASSWORD",
    "good": authentication("PASS", PASSWORD),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_complaints_and_explanations(binary, tmp_path, mistake):
    """A line with a mistake is shown, but not the secret on it; so is the configuration as it is understood."""
    path = tmp_path / "keepalived.conf"
    path.write_text(f"""
vrrp_instance V {{
    interface eth0
    virtual_router_id 1
    version 3
    virtual_ipaddress {{
        192.0.2.1
    }}
    {MISTAKES[mistake]}
}}
""")
    for options in ((), ("--environment=ignore",), ("--environment=ignore", "--explain"), ("--explain=plain",)):
        done = subprocess.run([binary, "-t", *options, "-f", path], capture_output=True, text=True, check=False, timeout=20)
        assert done.stdout + done.stderr
        assert not leaks(done.stdout + done.stderr), options

# SPDX-License-Identifier: GPL-2.0-or-later
"""Bad configuration files: what -t says and how it exits, and what the daemon does with them.

Exit statuses: spec syntax.md 16.1 and 17.1 (-t), 18 (daemon). Rows that say so are compared with Debian's
keepalived too. This file is also run with the sanitizer build."""

import random
import re
import time

import pytest

from lab.network import Network
from lab.router import CONFIGURATION, SANITIZERS, Router


def instance(**changes):
    lines = {"state": "BACKUP", "interface": "ens33", "virtual_router_id": "51", "priority": "100", "advert_int": "1"}
    lines.update(changes)
    body = "".join(f"    {keyword} {value}\n" for keyword, value in lines.items() if value is not None)
    return f"vrrp_instance VI_1 {{\n{body}    virtual_ipaddress {{\n        192.0.2.1\n    }}\n}}\n"


def service(line="", real="192.0.2.10 80"):
    return (f"virtual_server 192.0.2.1 80 {{\n    delay_loop 6\n{line}    protocol TCP\n"
            f"    real_server {real} {{\n        weight 1\n    }}\n}}\n")


# text, status of -t, status of the daemon (None: it goes on), line with the problem (None: no line), same as Debian's
ROWS = {
    "good": (instance(), 0, None, None, True),
    "empty": ("", 0, None, None, True),
    "only comments": ("# nothing\n! here\n", 0, None, None, True),
    "unknown keyword": ("nonsense 1\n", 5, None, 1, True),
    "unknown keyword in a block": (instance(nonsense="1"), 5, None, 7, True),
    "missing closing brace": (instance().rstrip("}\n") + "\n", 5, None, None, True),
    "extra closing brace": (instance() + "}\n", 5, None, 11, True),
    "missing opening brace": ("vrrp_instance VI_1\n    interface ens33\n", 5, 2, None, True),
    "unmatched quote": (instance() + 'global_defs {\n    router_id "lvs01\n}\n', 5, None, 12, True),
    "missing parameter": (instance(interface=""), 2, 2, 3, True),
    "missing interface": (instance(interface="nosuchif0"), 5, 2, None, True),
    "VRID 0": (instance(virtual_router_id="0"), 5, 2, 4, True),
    "VRID 256": (instance(virtual_router_id="256"), 5, 2, 4, True),
    "VRID not a number": (instance(virtual_router_id="abc"), 5, 2, 4, True),
    "no VRID": (instance(virtual_router_id=None), 5, 2, None, True),
    "priority 256": (instance(priority="256"), 5, None, 5, True),
    "bad address": (instance().replace("192.0.2.1", "192.0.2.1000"), 5, None, 8, True),
    "unknown scheduler": (service("    lb_algo nosuch\n"), 5, None, 3, True),
    "unknown method": (service("    lb_kind nosuch\n"), 5, None, 3, True),
    "bad real server": (service(real="192.0.2.1000 80"), 5, None, 4, True),
    "bad port": (service(real="192.0.2.10 66666"), 5, None, 4, True),
    "NUL octets": (b"global_defs {\n    router_id a\0b\n}\n", 5, None, 2, False),
    "control characters": (bytes(range(1, 256)) + b"\n", 5, None, None, False),
    "ten thousand braces": ("{" * 10000 + "\n", 5, None, None, False),
    "deep blocks": ("global_defs {\n" * 5000, 5, None, None, False),
    "a line of one megabyte": ("router_id " + "x" * (1 << 20) + "\n", 5, None, None, False),
}


@pytest.fixture(scope="module")
def host():
    """A host whose kernel and interfaces the files are tested against."""
    with Network() as network:
        yield network.add_host("lvs01", "172.27.9.11/24")


def config_test(host, binary, path, timeout=60):
    done = host.run(binary, "-t", "-f", path, check=False, timeout=timeout)
    said = done.stdout + done.stderr
    assert not any(mark in said for mark in SANITIZERS), said[-4000:]
    assert 0 <= done.returncode < 64, f"ended by a signal or crash: {done.returncode}\n{said[-4000:]}"
    return done


def write(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.mark.parametrize("row", ROWS)
def test_config_test(row, host, binary, tmp_path):
    text, status, _, line, _ = ROWS[row]
    path = write(tmp_path / "keepalived.conf", text)
    done = config_test(host, binary, path)
    assert done.returncode == status, done.stderr[-2000:]
    assert done.stdout == ""
    if status == 0:
        assert done.stderr == ""
        return
    assert done.stderr
    if line is not None:
        located = re.search(rf"^ *{re.escape(str(path))}:{line}:([0-9]+): ", done.stderr, re.MULTILINE)
        assert located, done.stderr
        # The line itself follows, and below it a caret in the column that was named.
        told = done.stderr[located.end():].splitlines()
        caret = next((number for number, shown in enumerate(told) if re.fullmatch(r"[ \t]*\^~*", shown)), None)
        assert caret, done.stderr
        original = text.splitlines()[line - 1]
        if isinstance(original, str):
            assert told[caret - 1].strip() == original.strip()
            column = int(located.group(1)) - (len(original) - len(original.lstrip()))
            indent = len(told[caret - 1]) - len(told[caret - 1].lstrip())
            assert told[caret].index("^") == indent + column - 1


@pytest.mark.parametrize("row", [row for row, (*_, same) in ROWS.items() if same])
def test_same_status_as_the_reference(row, host, reference, tmp_path):
    """The table above states the reference's statuses where it claims to."""
    path = write(tmp_path / "keepalived.conf", ROWS[row][0])
    assert host.run(reference, "-t", "-f", path, check=False).returncode == ROWS[row][1]


def test_seed_is_good(host, binary, tmp_path):
    from lab import seed
    for director in seed.DIRECTORS:
        path = write(tmp_path / f"{director}.conf", seed.configuration(director))
        done = config_test(host, binary, path)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


FILES = {"missing": (0, 6), "directory": (0, 6), "executable": (0, 6), "unreadable": (4, 6)}


def place(kind, folder):
    path = folder / "the.conf"
    if kind == "directory":
        path.mkdir()
    elif kind != "missing":
        path.write_text(instance())
        path.chmod(0o755 if kind == "executable" else 0o000)
    return path


def as_nobody(host, kind):
    """Root reads everything: the unreadable file is tried without that privilege."""
    return ["setpriv", "--bounding-set=-dac_override,-dac_read_search",
            "--inh-caps=-dac_override,-dac_read_search", "--"] if kind == "unreadable" else []


@pytest.mark.parametrize("kind", FILES)
def test_unusable_file(kind, host, binary, reference, tmp_path):
    path = place(kind, tmp_path)
    prefix = as_nobody(host, kind)
    done = host.run(*prefix, binary, "-t", "-f", path, check=False)
    assert done.returncode == FILES[kind][0], done.stderr
    assert str(path) in done.stderr
    assert host.run(*prefix, reference, "-t", "-f", path, check=False).returncode == FILES[kind][0]
    started = host.run(*prefix, binary, "-n", "-l", "-f", path, check=False)
    assert started.returncode == FILES[kind][1]


@pytest.mark.parametrize("row", ROWS)
def test_daemon(row, host, binary, tmp_path):
    text, _, status, _, _ = ROWS[row]
    daemon = Router(host, binary, text, tmp_path / "daemon.log").start()
    if status is None:
        assert daemon_is_up(daemon)
        assert daemon.stop()[0] == 0
    else:
        assert daemon.wait() == status
    assert not daemon.processes()
    host.path(CONFIGURATION).unlink()


def daemon_is_up(daemon):
    """It has written its pid file and is still there some time later, its children too."""
    daemon.wait_for("parent")
    time.sleep(0.5)
    return daemon.running and "Respawn" not in daemon.log


@pytest.mark.parametrize("seed", [1, 2])
def test_ten_megabytes_of_random_octets(seed, host, binary, tmp_path):
    path = write(tmp_path / "random.conf", random.Random(seed).randbytes(10 << 20))
    done = config_test(host, binary, path, timeout=120)
    assert done.returncode == 5


def test_many_errors_in_one_run(host, binary, tmp_path):
    """All problems of a file are reported in one run."""
    text = instance(virtual_router_id="256", priority="999") + service("    lb_algo nosuch\n") + "nonsense\n"
    path = write(tmp_path / "keepalived.conf", text)
    done = config_test(host, binary, path)
    assert done.returncode == 5
    located = re.findall(rf"^ *{re.escape(str(path))}:([0-9]+):[0-9]+: ", done.stderr, re.MULTILINE)
    lines = set(map(int, located))
    assert {4, 5, 13, 19} <= lines, done.stderr

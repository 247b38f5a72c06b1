# SPDX-License-Identifier: GPL-2.0-or-later
"""What all system tests share: the binaries, a network that is always removed, and the logs of a failed test."""

import os
import pathlib

import pytest

from lab.network import Network
from lab.router import Router

ROOT = pathlib.Path(__file__).resolve().parents[2]


def binary_under_test():
    """$SUSTAIN_BIN, else the binary in the build folder $SUSTAIN_BUILD, else the one in build/."""
    chosen = os.environ.get("SUSTAIN_BIN")
    built = pathlib.Path(os.environ.get("SUSTAIN_BUILD", ROOT / "build")) / "daemon/keepalived"
    return pathlib.Path(chosen) if chosen else built


@pytest.fixture(scope="session")
def binary():
    """The keepalived under test."""
    path = binary_under_test()
    if not os.access(path, os.X_OK):
        pytest.exit(f"{path}: the binary under test is not there (SUSTAIN_BIN, SUSTAIN_BUILD)", 4)
    return path.resolve()


@pytest.fixture(scope="session")
def reference():
    """Debian's keepalived, oracle and peer."""
    path = pathlib.Path(os.environ.get("SUSTAIN_REFERENCE", "/usr/sbin/keepalived"))
    if not os.access(path, os.X_OK):
        pytest.exit(f"{path}: Debian's keepalived package is not installed (tools/deps test)", 4)
    return path


@pytest.fixture
def network():
    with Network() as made:
        yield made


@pytest.fixture
def router(tmp_path):
    """Makes a Router: router(host, binary, configuration text). Its log is shown when the test fails."""
    def make(host, program, configuration, **options):
        return Router(host, program, configuration, tmp_path / f"{host.name}.log", **options)
    return make


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    report = (yield).get_result()
    if call.when == "call":
        item.call_report = report  # for fixtures that show more of a failed test
    folder = item.funcargs.get("tmp_path") if hasattr(item, "funcargs") else None
    if report.failed and folder:
        for log in sorted(folder.rglob("*.log")):
            report.sections.append((log.name, log.read_text(errors="replace")[-6000:]))

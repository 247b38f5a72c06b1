# SPDX-License-Identifier: GPL-2.0-or-later
"""What all system tests share: a network that is always removed, and the logs of a failed test."""

import pytest

from lab.network import Network
from lab.router import Router


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

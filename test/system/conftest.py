# SPDX-License-Identifier: GPL-2.0-or-later
"""What all system tests share: a network that is always removed, and the logs of a failed test."""

import pytest

from lab.network import Network
from lab.router import Router


@pytest.fixture
def network():
    with Network() as made:
        yield made


@pytest.fixture(autouse=True)
def no_mistakes():
    """Whatever a test looks for, no process of a checked build may have made a mistake meanwhile."""
    yield
    found = Router.mistakes()
    assert not found, found[0]


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


@pytest.fixture(scope="module")
def outcomes(request, binary, reference, tmp_path_factory):
    """What became of the selected scenarios of a file (lab/together.py), which all run at the first test's turn."""
    table = request.module.scenarios
    names = [item.callspec.params["name"] for item in request.session.items
             if item.module is request.module and hasattr(item, "callspec") and "name" in item.callspec.params]
    found = table.run(names, binary, reference, tmp_path_factory.mktemp("scenarios"))
    found["old"] = binary == reference.resolve()
    return found

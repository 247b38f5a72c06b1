# SPDX-License-Identifier: GPL-2.0-or-later
"""Which binaries the tests are about."""

import os
import pathlib

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[1]


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

# SPDX-License-Identifier: GPL-2.0-or-later
"""The unit tests of ipvs/ that need a kernel with IPVS: outside the guest they can only warn that there is none."""

import os
import pathlib
import subprocess

import pytest

pytestmark = pytest.mark.ipvs

BUILD = pathlib.Path(os.environ.get("SUSTAIN_BUILD", pathlib.Path(__file__).parents[2] / "build"))


def test_director_and_client_against_the_kernel():
    program = BUILD / "test/unit/ipvs/unit-ipvs"
    if not program.exists():
        pytest.fail(f"{program} has not been built")
    run = subprocess.run([program], capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stdout[-4000:]
    assert "All tests passed" in run.stdout

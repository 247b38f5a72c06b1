# SPDX-License-Identifier: GPL-2.0-or-later
"""What all benches share: the two programs, figures of processes, a line for each comparison."""

import os
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "test/system"))

BUILD = pathlib.Path(os.environ.get("SUSTAIN_BUILD", ROOT / "build")).resolve()
OURS = pathlib.Path(os.environ.get("SUSTAIN_BIN") or BUILD / "daemon/keepalived").resolve()
REFERENCE = pathlib.Path(os.environ.get("SUSTAIN_REFERENCE", "/usr/sbin/keepalived"))


def report(what, unit, ours, theirs, budget):
    """Prints one line; returns whether the budget (our figure as a part of the reference's) is kept."""
    ratio = ours / theirs
    kept = ratio <= budget
    print(f"{what}: {ours:.3f} {unit}, Debian's {theirs:.3f} {unit}, ratio {ratio:.3f}, "
          f"budget {budget:.2f}: {'kept' if kept else 'EXCEEDED'}")
    return kept


def report_limit(what, unit, ours, theirs, limit):
    """The same for a budget in the unit of the figure itself."""
    kept = ours <= limit
    other = "" if theirs is None else f"Debian's {theirs:.3f} {unit}, "
    print(f"{what}: {ours:.3f} {unit}, {other}limit {limit:.3f} {unit}: "
          f"{'kept' if kept else 'EXCEEDED'}")
    return kept


def resident(pid):
    """Resident memory of a process in MB."""
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def cpu(pid):
    """Seconds of CPU that a process has used. From its scheduler statistics: clock ticks are too coarse."""
    return int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e9

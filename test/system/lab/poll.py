# SPDX-License-Identifier: GPL-2.0-or-later
"""Waiting for something to become true."""

import time


def wait_until(condition, timeout, what, interval=0.05):
    """Returns condition()'s first true value; AssertionError naming `what` after `timeout` seconds without one."""
    deadline = time.monotonic() + timeout
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {timeout:g} s: {what}")
        time.sleep(interval)


def holds_for(condition, seconds, what, interval=0.05):
    """AssertionError naming `what` as soon as condition() is false within the next `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not condition():
            raise AssertionError(f"did not last {seconds:g} s: {what}")
        time.sleep(interval)

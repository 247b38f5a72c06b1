# SPDX-License-Identifier: GPL-2.0-or-later
"""Waiting for something to become true, and how punctual this machine lets anybody be."""

import threading
import time


def wait_until(condition, timeout, what, interval=0.05):
    """Returns condition()'s first true value; AssertionError naming `what` after `timeout` seconds without one. Where
    this machine holds us up, those who are waited for are held up as well: a pause counts for what it was meant to be
    and as much again, and the wait may take three times its time at most. (What has to be on time is told by the times
    of the frames, not by this.)"""
    begin = time.monotonic()
    counted = 0.0
    while True:
        value = condition()
        if value:
            return value
        if counted > timeout or time.monotonic() - begin > 3 * timeout:
            raise AssertionError(f"not within {timeout:g} s: {what}")
        before = time.monotonic()
        time.sleep(interval)
        counted += min(time.monotonic() - before, 2 * interval)


def holds_for(condition, seconds, what, interval=0.05):
    """AssertionError naming `what` as soon as condition() is false within the next `seconds`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not condition():
            raise AssertionError(f"did not last {seconds:g} s: {what}")
        time.sleep(interval)


class Heartbeat:
    """A context in which a thread wants to run every 5 ms: `longest` is what it was held up for at most, in seconds. So
    much later than on an idle machine may anything be that happens meanwhile."""

    PERIOD = 0.005

    def __init__(self):
        self.longest = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._beat, daemon=True)

    def _beat(self):
        before = time.monotonic()
        while not self._over.wait(self.PERIOD):
            now = time.monotonic()
            self.longest = max(self.longest, now - before - self.PERIOD)
            before = now

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._over.set()
        self._thread.join()

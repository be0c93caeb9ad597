"""The clock of a server: the same one for every process and machine that works on its store.

What is due, what ran out and when somebody may try again is decided by this clock, so that it does
not matter how far the clocks of the machines are apart, or whether one of them is set.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock
from time import monotonic

_KEPT = 60.0
"""Seconds for which the time is counted on from what the server last said."""


class ServerClock:
    """Asks the server now and then, and counts on in between by what no setting of the local clock
    changes. Where the server cannot be asked it goes on counting."""

    def __init__(
        self, ask: Callable[[], datetime], failures: tuple[type[Exception], ...] = ()
    ) -> None:
        self._ask = ask
        self._failures = failures
        self._lock = Lock()
        self._said: tuple[datetime, float] | None = None

    def now(self) -> datetime:
        """The server's time. Raises what `ask` raises, as long as it was never told."""
        with self._lock:
            before = monotonic()
            if self._said is None or before - self._said[1] > _KEPT:
                try:
                    # What it says is a little old when it arrives: a clock that is late by less
                    # than one question fires nothing too early.
                    self._said = self._ask(), monotonic()
                except self._failures:
                    if self._said is None:
                        raise
            at, since = self._said
            return at + timedelta(seconds=monotonic() - since)

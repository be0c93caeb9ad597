"""How often effects are tried, as data: a schedule per kind, a circuit per adapter."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

_SHARES = 10_000
"""How finely the luck of a key is drawn."""


class WhenUnknown(StrEnum):
    """What is done when nobody knows whether an effect happened and its port cannot be asked."""

    PERSON = "person"
    """A person finds out and decides."""
    AGAIN = "again"
    """It is tried again under the same key: a second time would do little harm."""


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How an effect of a kind is tried again after a failure."""

    first: timedelta = timedelta(seconds=30)
    """The pause after the first failure."""
    factor: int = 2
    """How many times longer each pause is than the one before."""
    longest: timedelta = timedelta(hours=1)
    """No pause is longer, apart from its jitter."""
    jitter_percent: int = 20
    """A pause is longer or shorter by up to this share of it, so that effects that failed together
    do not come back together."""
    attempts: int = 12
    """After so many tries it is given up."""
    unknown: WhenUnknown = WhenUnknown.PERSON

    def pause(self, key: str, attempt: int) -> timedelta:
        """How long to wait after the `attempt`th failure (from 1) of the effect under `key`.

        The same key and attempt always give the same pause: a run can be replayed.
        """
        pause = self.first
        for _ in range(attempt - 1):
            if pause >= self.longest:
                break
            pause *= self.factor
        pause = min(pause, self.longest)
        drawn = hashlib.sha256(f"{key}:{attempt}".encode()).digest()
        luck = int.from_bytes(drawn[:8], "big") % (2 * _SHARES + 1) - _SHARES
        return pause + pause * (self.jitter_percent * luck) / (100 * _SHARES)


@dataclass(frozen=True, slots=True)
class CircuitPolicy:
    """When an adapter that keeps failing is left alone."""

    failures: int = 5
    """After so many failures in a row nothing is sent to it for a while."""
    pause: timedelta = timedelta(minutes=1)
    """How long; then one effect is tried, and the rest follow if that one succeeds."""
    longest_wait: timedelta = timedelta(hours=1)
    """Where it asks to be left alone for longer than this, it is tried all the same."""


RETRIES: Mapping[str, RetryPolicy] = {
    "refund": RetryPolicy(timedelta(minutes=1), 2, timedelta(hours=4), attempts=20),
    "warehouse.push": RetryPolicy(timedelta(seconds=30), 2, timedelta(hours=1), attempts=36),
    "warehouse.cancel": RetryPolicy(
        timedelta(seconds=15), 2, timedelta(minutes=30), attempts=60, unknown=WhenUnknown.AGAIN
    ),
    "notify": RetryPolicy(
        timedelta(minutes=1), 3, timedelta(hours=2), attempts=12, unknown=WhenUnknown.AGAIN
    ),
}
"""Every kind of effect with the schedule that holds where a shop says nothing: a refund is tried
for two days, a parcel and its recall for a little more than one, a message for half a day."""

CIRCUITS: Mapping[str, CircuitPolicy] = {
    name: CircuitPolicy() for name in ("payments", "carriers", "warehouses", "notifier")
}
"""Every adapter with its circuit where a shop says nothing."""

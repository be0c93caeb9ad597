"""Circuits: an adapter that keeps failing is left alone for a while."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from ordinance.retries import CircuitPolicy
from ordinance.telling import Happening, tell


@dataclass
class _Circuit:
    policy: CircuitPolicy
    failures: int = 0
    opened: datetime | None = None
    open_until: datetime | None = None
    """Half open from then on: the next call decides."""

    def is_open(self, now: datetime) -> bool:
        """Whether it is left alone at `now`. A clock that went back to before it was opened says
        nothing about how long ago that was, and nobody waits for it to come round again."""
        if self.opened is None or self.open_until is None:
            return False
        return self.opened <= now < self.open_until

    def open(self, now: datetime, until: datetime) -> None:
        self.opened, self.open_until = now, until


class Circuits:
    """The circuit of each adapter, as all threads of one process know it."""

    def __init__(self, policies: Mapping[str, CircuitPolicy]) -> None:
        self._circuits = {name: _Circuit(policy) for name, policy in policies.items()}
        self._lock = Lock()

    def closed(self, adapters: Iterable[str], now: datetime) -> bool:
        """Whether all of these adapters may be called at `now`."""
        return not any(self._circuits[name].is_open(now) for name in adapters)

    def enter(self, adapters: Iterable[str], now: datetime) -> bool:
        """Whether an effect may be done now that needs these adapters. Of those that come when one
        has been left alone for long enough, the first may, and the rest wait for what it finds."""
        names = tuple(adapters)
        with self._lock:
            if not self.closed(names, now):
                return False
            for circuit in (self._circuits[name] for name in names):
                if circuit.open_until is not None:
                    circuit.open(now, now + circuit.policy.pause)
            return True

    def open_until(self, adapters: Iterable[str]) -> datetime | None:
        """When the last of these adapters may be called again; None when none is left alone."""
        untils = [self._circuits[name].open_until for name in adapters]
        return max((until for until in untils if until is not None), default=None)

    def answered(self, adapter: str) -> None:
        """The adapter gave an answer."""
        circuit = self._circuits[adapter]
        if circuit.open_until is not None:
            tell(Happening.CIRCUIT_CLOSED, adapter=adapter)
        circuit.failures, circuit.opened, circuit.open_until = 0, None, None

    def failed(self, adapter: str, now: datetime, retry_after: timedelta | None) -> None:
        """The adapter gave none, or asked to be left alone."""
        circuit = self._circuits[adapter]
        policy = circuit.policy
        was = circuit.open_until
        circuit.failures += 1
        if circuit.failures >= policy.failures or circuit.open_until is not None:
            circuit.open(now, now + policy.pause)
        if retry_after is not None:
            asked = now + min(retry_after, policy.longest_wait)
            circuit.open(now, max(asked, circuit.open_until or asked))
        if was is None and circuit.open_until is not None:
            tell(Happening.CIRCUIT_OPENED, adapter=adapter, until=circuit.open_until)

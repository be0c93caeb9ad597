"""What a store tells those who watch over it: what waits in it, and how it is; a part of the
ports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from ordinance.stored import EffectState, StoredCommand, Timer


@dataclass(frozen=True, slots=True)
class EffectBacklog:
    """Effects of one kind that are not done, and stand alike."""

    kind: str
    state: EffectState
    count: int
    failing: int
    """How many of them have been tried at least once."""
    oldest: datetime
    """When the oldest of them was asked for."""
    due: datetime | None
    """When the first of them is due; None: none of them by itself."""
    stopped: int
    """How many of them are never tried again by themselves."""


@dataclass(frozen=True, slots=True)
class TimerBacklog:
    """The timers of one kind."""

    kind: str
    count: int
    late: int
    """How many of them are due."""
    due: datetime
    """When the first of them is due."""


@dataclass(frozen=True, slots=True)
class QueueBacklog:
    """Orders that wait for stock."""

    orders: int = 0
    pieces: int = 0
    since: datetime | None = None
    """When the oldest of them was placed; None without any."""
    freed: int = 0
    """Stock items that were freed while orders wait for them, and that nobody has looked at."""
    expired: int = 0
    """Checkouts whose reservations have run out and were not let go yet."""


@dataclass(frozen=True, slots=True)
class Backlog:
    """Everything of a shop that waits for a worker, or for a person."""

    effects: tuple[EffectBacklog, ...]
    """By (kind, state)."""
    timers: tuple[TimerBacklog, ...]
    """By kind."""
    queue: QueueBacklog


@dataclass(frozen=True, slots=True)
class StoreCondition:
    """The store as a file or a server."""

    kind: str
    """What it is made of, as `SQLite 3.50.4`."""
    size: int
    """Bytes that its tables take."""
    log: int | None
    """Bytes of a write-ahead log that is not in the tables yet; None where that is not ours."""
    steps: tuple[str, ...]
    """The steps that were taken to make its tables, the last one last."""
    warning: str | None = None
    """What its owner should know about it."""


class Watching(Protocol):
    """What is read for those who watch over a store, outside of a transaction."""

    def backlog(self, shop: str, now: datetime) -> Backlog:
        """What waits at `now`."""
        ...

    def timers(self, shop: str) -> Iterator[Timer]:
        """Every timer, by (order, kind, name)."""
        ...

    def commands(self, shop: str) -> Iterator[StoredCommand]:
        """Every command that was stored, by key."""
        ...

    def payments(self, shop: str) -> Iterator[tuple[str, str, str]]:
        """Every payment ever seen, as (method, transaction, order id), by the first two."""
        ...

    def condition(self) -> StoreCondition:
        """How the store itself is."""
        ...

    def damage(self) -> Sequence[str]:
        """What the database finds wrong with its own files and indexes; nothing where it is sound,
        or where it does not tell."""
        ...

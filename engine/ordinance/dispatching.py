"""Dispatching: how effects and timers reach one of many workers; a part of the ports.

An engine for jobs that exists already, over the store's own database, hands them out. A store that
has one puts a job beside each effect and timer, in the same transaction; the row of the effect or
of the timer stays the truth, and a job that comes twice, or too early, finds that out there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from ordinance.ports import Clock
from ordinance.stored import Timer


class JobKind(StrEnum):
    """What a job is about."""

    EFFECT = "effect"
    TIMER = "timer"


@dataclass(frozen=True, slots=True)
class Job:
    """Something that a worker is to look at once it is due."""

    kind: JobKind
    shop: str
    about: str | Timer
    """The key of an effect, or a timer as it was set."""


Do = Callable[[Job], datetime | None]
"""Does a job; answers when it is to come again, or None when it is over."""


class Dispatcher(Protocol):
    """Hands out the jobs of a shop to its workers on any number of machines."""

    def run(self, do: Do, sweep: Callable[[], None]) -> None:
        """Take jobs as they come due, until `stop`; another worker takes over those of one that
        has died.

        `do` and `sweep` may be called by several threads. A job whose `do` raises comes again.
        `sweep` is called every minute by one of its workers. Raises `StorageError` when the store
        cannot be used; one that is away for a while is waited for.
        """
        ...

    def stop(self) -> None:
        """Finish what was begun and come back from `run`."""
        ...


@runtime_checkable
class Clocked(Protocol):
    """A store with a clock of its own: the same one for all who work on it, wherever they are."""

    def clock(self) -> Clock:
        """That clock. Its `now` raises `StorageError` where the store cannot be asked."""
        ...


@runtime_checkable
class Dispatched(Protocol):
    """A store that can have its work handed out to workers. One that cannot needs a pump."""

    def dispatcher(self, shop: str) -> Dispatcher:
        """A new worker for a shop of this store. Raises `StorageError` when none is installed."""
        ...

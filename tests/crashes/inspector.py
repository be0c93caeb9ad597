"""A look at the store after each kill, while the others go on: what was acknowledged is there, and
now and then the audit log verifies against every checkpoint that was handed out."""

from __future__ import annotations

import multiprocessing
from collections.abc import Iterator
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Self

from ordinance.orders.change import encode, fold
from ordinance.ports import Storage
from tests.crashes import forks
from tests.crashes.hand import SHOP, Scene
from tests.crashes.journal import Read, Told, take


class Inspector:
    """A process of its own that keeps the store open."""

    def __init__(self, scene: Scene) -> None:
        self._pipe, there = multiprocessing.Pipe()
        self._process = forks.fork(lambda: _inspect(scene, there))
        there.close()

    def look(self, *, audit: bool = False) -> None:
        """Have it look at what was acknowledged since the last time, and at the audit log."""
        self._pipe.send((audit,))

    def found(self) -> list[str]:
        """What it found."""
        found: list[str] = self._pipe.recv()
        return found

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        forks.end(self._process)


def _inspect(scene: Scene, pipe: Connection) -> None:
    storage = scene.storage()
    at = 0
    while True:
        (audit,) = pipe.recv()
        read, at = _since(scene, at)
        found = list(lost(storage, read))
        if audit:
            found += scene.auditor.alarms(storage)
        pipe.send(found)


def _since(scene: Scene, at: int) -> tuple[Read, int]:
    """What was written down since the last time."""
    found = Read({}, {}, {})
    if not scene.journal.exists():
        return found, 0
    with scene.journal.open("rb") as file:
        file.seek(at)
        # What is being written this moment is read the next time.
        whole = file.read().rpartition(b"\n")[0]
    for line in whole.split(b"\n"):
        take(found, line)
    return found, at + len(whole)


def lost(storage: Storage, read: Read) -> Iterator[str]:
    """What was acknowledged and is not there, and orders whose history does not hold."""
    seen: dict[str, Told] = {}
    with storage.reading() as tx:
        for told in read.told.values():
            if tx.command(SHOP, told.key) is None:
                yield f"`{told.key}` was acknowledged and is not there"
            if told.order and (told.order not in seen or seen[told.order].version < told.version):
                seen[told.order] = told
    for order_id, told in seen.items():
        yield from _broken(storage, order_id, told)


def _broken(storage: Storage, order_id: str, told: Told) -> Iterator[str]:
    with storage.reading() as tx:
        stored = tx.order(SHOP, order_id)
        events = storage.events(SHOP, order_id)
    if stored is None or (stored.version, stored.number) < (told.version, told.number):
        yield f"order {told.number} was acknowledged at version {told.version} and is not there"
        return
    known = [event for event in events if event.version <= stored.version]
    if [event.version for event in known] != list(range(1, stored.version + 1)):
        yield f"I9 {told.number}: not every version of {stored.version} has its event"
    elif encode(fold(known)) != stored.document:
        yield f"I9 {told.number}: the history does not add up to the order"

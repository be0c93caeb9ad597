"""The disk that survives, and the wire by which one process reaches it; a process can die."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from ordinance.ports import Storage
from ordinance.profile import Profile
from ordinance.releases.office import Office
from ordinance.shop.stock import StockCommands
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.keys import Keyring
from ordinance_adapters.sql.sealing import Seals
from ordinance_adapters.sqlite import SqliteStorage, open_storage
from ordinance_adapters.sqlite.connection import set_up
from tests.core.shop import MONDAY, ZONE, FixedClock
from tests.simulation.editions import edition

BEGIN = "BEGIN IMMEDIATE"


class Crash(BaseException):
    """The process is gone: nothing of it runs any more, no handler and no clean-up.

    No `Exception`, so that nothing in the product can take it for a failure of its own.
    """


class Disk:
    """One database in memory. What is not committed when its process dies is gone."""

    def __init__(self, image: bytes) -> None:
        self.connection = sqlite3.connect(
            ":memory:", isolation_level=None, check_same_thread=False, cached_statements=256
        )
        self.connection.deserialize(image)
        self.statements = 0
        self.fuse = -1
        """A process dies at so many statements from now; below zero, none does."""

    def close(self) -> None:
        self.connection.close()


class Wire:
    """The connection of one process, as far as the store uses one.

    At the end of the fuse the process dies before its statement, a commit among them, is done.
    Whoever begins a transaction lets the others go first.
    """

    def __init__(self, disk: Disk, before_begin: Callable[[], None]) -> None:
        self._disk = disk
        self._before_begin = before_begin
        self._execute = disk.connection.execute
        self._executemany = disk.connection.executemany
        self.dead = False

    @property
    def in_transaction(self) -> bool:
        return not self.dead and self._disk.connection.in_transaction

    def execute(self, sql: str, values: tuple[Any, ...] = ()) -> sqlite3.Cursor:
        if sql == BEGIN:
            self._before_begin()
        self._burn()
        return self._execute(sql, values)

    def executemany(self, sql: str, values: Any) -> sqlite3.Cursor:
        self._burn()
        return self._executemany(sql, values)

    def die(self) -> None:
        """Take the process away in the middle of what it does."""
        self.dead = True
        if self._disk.connection.in_transaction:
            self._disk.connection.execute("ROLLBACK")

    def close(self) -> None:
        """The disk stays."""

    def _burn(self) -> None:
        if self.dead:
            raise Crash
        disk = self._disk
        disk.statements += 1
        if disk.fuse == 0:
            disk.fuse = -1
            self.die()
            raise Crash
        disk.fuse -= 1


@lru_cache(maxsize=1)
def keyring() -> Keyring:
    """The keys of every store of a run: they lie outside of it, and survive every process."""
    return Keyring.open(":memory:")


def storage_on(wire: Wire) -> Storage:
    """The store of the product on this wire, set up as the product sets it up."""
    connection: Any = wire
    set_up(connection, ":memory:", busy_timeout_ms=1000)
    return SqliteStorage(connection, connection, ":memory:", 1000, Seals(keyring(), ":memory:"))


@lru_cache(maxsize=4)
def image(profile: Callable[[], Profile], *, patient: bool = False) -> bytes:
    """A store with two published editions of the rules, the first in force, or the second where it
    is `patient`, and opening stock."""
    shop = profile()
    storage = open_storage(":memory:", keyring=keyring())
    office = Office(storage, shop.shop, ZONE)
    office.publish(edition("A"), author="Lan", note="the first", now=MONDAY)
    office.publish(edition("B"), author="Lan", note="the second", now=MONDAY, base=1)
    if not patient:
        office.rollback(1, by="Lan", note="not yet", now=MONDAY)
    StockCommands(storage, shop, None, FixedClock(MONDAY), SeededIds(0)).open_stock(MONDAY)
    made: bytes = storage._writer.connection.serialize()
    storage.close()
    return made

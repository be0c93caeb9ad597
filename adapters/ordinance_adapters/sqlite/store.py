"""The store in one SQLite file: one connection writes, another one reads."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from itertools import islice
from threading import RLock
from typing import TypeVar

from ordinance.ports import NoStore, StorageError
from ordinance.telling import Happening, tell
from ordinance.watching import StoreCondition
from ordinance_adapters.keys import Keyring
from ordinance_adapters.sql import rows
from ordinance_adapters.sql.content import content_lines, fill
from ordinance_adapters.sql.reading import SqlReading
from ordinance_adapters.sql.sealing import Seals
from ordinance_adapters.sql.statements import insert
from ordinance_adapters.sql.transaction import SqlTransaction
from ordinance_adapters.sqlite.address import MEMORY, database_path
from ordinance_adapters.sqlite.connection import (
    connect,
    connect_reader,
    set_up,
    set_up_to_read,
    wal_reset_risk,
)
from ordinance_adapters.sqlite.driver import sqlite3
from ordinance_adapters.sqlite.failure import FAILURES, storage_error
from ordinance_adapters.sqlite.fence import Fence
from ordinance_adapters.sqlite.line import SqliteLine
from ordinance_adapters.sqlite.schema import demand_current, migrate, refuse_foreign, taken
from ordinance_adapters.sqlite.snapshots import Snapshots
from ordinance_adapters.sqlite.writer import Writer

_Answer = TypeVar("_Answer")

_ROWS = 500
"""Rows that are written by one call when a store is filled."""


def open_storage(
    address: str | os.PathLike[str],
    *,
    create: bool = True,
    writes: bool = True,
    busy_timeout_ms: int = 10_000,
    keyring: Keyring | None = None,
) -> SqliteStorage:
    """Open the store at a path, `sqlite:///path` or `:memory:`.

    With `create` a file that is not there is made. Without `writes` it is only looked at: nothing
    in it is changed, neither its tables nor its journal. `busy_timeout_ms` is how long a command
    waits for another process that writes, `keyring` the keys of another place than the file's own.
    Raises `NoStore` when there is no store and none was to be made, `StorageError` when the file
    cannot be used.
    """
    path = database_path(address)
    if not (create and writes) and not os.path.exists(path):
        raise NoStore(f"`{path}`: there is no such store")
    opened: list[sqlite3.Connection] = []
    log_found = path != MEMORY and os.path.exists(f"{path}-wal")
    try:
        writer = connect(path, busy_timeout_ms=busy_timeout_ms)
        opened.append(writer)
        refuse_foreign(writer, path)
        seals = Seals(keyring or Keyring.open(path), path)
        if writes:
            set_up(writer, path, busy_timeout_ms=busy_timeout_ms)
            migrate(writer, path, seals)
        else:
            demand_current(writer, path)
            set_up_to_read(writer, path, busy_timeout_ms)
        reader = writer if path == MEMORY else connect_reader(path, busy_timeout_ms)
        tell(Happening.STORE_LOG_FOUND if log_found else Happening.STORE_OPENED, store="SQLite")
        return SqliteStorage(writer, reader, path, busy_timeout_ms, seals)
    except BaseException as error:
        _close(opened)
        if isinstance(error, FAILURES):
            raise storage_error(path, error) from error
        raise


def _close(connections: Sequence[sqlite3.Connection]) -> None:
    # The writer closes last, so that it is the one to fold the log into the file.
    for connection in reversed(connections):
        connection.close()


class SqliteStorage(SqlReading):
    """The `Storage` in one file, for all threads of a process.

    All writes go through one connection under a lock: SQLite is unfair to connections that wait
    for each other, a lock is not. Reads have a connection of their own, so that they see the last
    commit and do not wait for a long batch; it never writes or checkpoints. A thread that is
    inside its own transaction or batch reads what it has written there: what a command sees does
    not depend on where a batch ends.
    """

    def __init__(
        self,
        writer: sqlite3.Connection,
        reader: sqlite3.Connection,
        path: str,
        busy_timeout_ms: int,
        seals: Seals,
    ) -> None:
        fence = None if path == MEMORY else Fence(writer, path)
        self._writer = Writer(writer, path, busy_timeout_ms, seals, fence)
        self._snapshots = None if fence is None else Snapshots(path, busy_timeout_ms, seals, fence)
        self._seals = seals
        self._reader = reader
        self._path = path
        # In memory there is one connection only, and a reader waits for the writer.
        self._reading = self._writer.lock if reader is writer else RLock()

    def transaction(self) -> AbstractContextManager[SqlTransaction]:
        """One command; inside a batch or another transaction, a part of that."""
        return self._writer.block()

    def reading(self) -> AbstractContextManager[SqlTransaction]:
        """As of one commit, and nobody waits for it; inside of a block, what that has left so far.
        In memory there is one connection, so that nobody writes meanwhile."""
        if self._snapshots is None or self._writer.is_mine():
            return self._writer.block()
        return self._snapshots.reading()

    def transact(self, work: Callable[[SqlTransaction], _Answer]) -> _Answer:
        """Nobody else writes meanwhile, so that it is never done twice."""
        with self._writer.block() as transaction:
            return work(transaction)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Transactions that are committed together at the end.

        Each stays all-or-nothing: one that fails is undone alone when its exception is caught
        inside the batch. An exception that leaves the batch undoes all of them together.
        """
        with self._writer.block():
            yield

    def keep_setting(self, shop: str, name: str, value: str) -> None:
        """A transaction of its own, or a part of the one that is open."""
        with self._writer.block() as transaction:
            transaction.keep_setting(shop, name, value)

    def content(self) -> Iterator[str]:
        """All of it as of one commit; inside of a block, as the block has left it so far."""
        if self._writer.is_mine():
            try:
                yield from content_lines(self._writer.connection.execute, self._seals)
            except FAILURES as error:
                raise storage_error(self._path, error) from error
            return
        if self._snapshots is None:
            with self._writer.lock:
                lines = list(content_lines(self._writer.connection.execute, self._seals))
            yield from lines
            return
        inside = self._snapshots.mine()
        snapshot = inside or self._snapshots.begun()
        try:
            yield from content_lines(snapshot.execute, self._seals)
        except FAILURES as error:
            raise storage_error(self._path, error) from error
        finally:
            if inside is None:
                self._snapshots.end(snapshot)

    def fill(self, lines: Iterable[str]) -> int:
        """In one transaction."""
        with self._writer.block() as transaction:
            if next(content_lines(self._writer.connection.execute, self._seals), None) is not None:
                raise StorageError(f"`{self._path}` holds something already; name a new store")
            return fill(lines, self._put, self._path, transaction.claim_keyring)

    def _put(self, table: str, columns: Sequence[str], added: Iterator[rows.Row]) -> int:
        line = SqliteLine(self._writer.connection, self._path, self._seals)
        statement = insert(table, ", ".join(columns))
        count = 0
        while part := list(islice(added, _ROWS)):
            line.write(statement, part, "a row")
            count += len(part)
        return count

    def condition(self) -> StoreCondition:
        """The file, the log beside it, and the library that writes both."""
        log = f"{self._path}-wal"
        (((pages,),), ((size,),)) = (
            self._rows(f"PRAGMA {name}", ()) for name in ("page_count", "page_size")
        )
        try:
            with self._reading:
                steps = taken(self._reader)
        except FAILURES as error:
            raise storage_error(self._path, error) from error
        return StoreCondition(
            f"SQLite {sqlite3.sqlite_version}",
            pages * size,
            os.path.getsize(log) if os.path.exists(log) else 0,
            steps,
            wal_reset_risk(),
        )

    def damage(self) -> Sequence[str]:
        """The pages, the indexes, the conditions and the references, as SQLite checks them."""
        told = [row[0] for row in self._rows("PRAGMA integrity_check(20)", ())]
        return [text for text in told if text != "ok"]

    def close(self) -> None:
        """Let go of the file, with everything committed in it; closing twice does no harm."""
        if self._snapshots is not None:
            self._snapshots.close()
        with self._writer.lock, self._reading:
            _close([self._writer.connection, self._reader])

    def _rows(self, sql: str, values: rows.Row) -> list[rows.Row]:
        mine = self._writer.is_mine()
        snapshot = self._snapshots.mine() if self._snapshots is not None and not mine else None
        connection = self._writer.connection if mine else self._reader
        try:
            if snapshot is not None:
                return snapshot.execute(sql, values).fetchall()
            with self._writer.lock if mine else self._reading:
                return connection.execute(sql, values).fetchall()
        except FAILURES as error:
            raise storage_error(self._path, error) from error

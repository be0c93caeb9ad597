"""Reads of one instant, each on a connection of its own: nobody waits for them.

In the log of SQLite a reader sees the file as of the commit at which it began, whatever is written
meanwhile. All that it holds up is that the log is folded into the file and begun anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock, local

from ordinance_adapters.sql.sealing import Seals
from ordinance_adapters.sql.transaction import SqlTransaction
from ordinance_adapters.sqlite.connection import connect_reader
from ordinance_adapters.sqlite.driver import sqlite3
from ordinance_adapters.sqlite.failure import FAILURES, storage_error
from ordinance_adapters.sqlite.fence import Fence
from ordinance_adapters.sqlite.line import SqliteLine

_MOST_IDLE = 4
"""Connections that are kept for the next reading."""


class _Open(local):
    """What the calling thread reads by."""

    connection: sqlite3.Connection | None = None


class Snapshots:
    """The readings of a file that are going on, at most one for each thread."""

    def __init__(self, path: str, patience_ms: int, seals: Seals, fence: Fence) -> None:
        self._path = path
        self._patience_ms = patience_ms
        self._seals = seals
        self._fence = fence
        self._open = _Open()
        self._idle: list[sqlite3.Connection] = []
        self._lock = Lock()
        self._is_closed = False

    def mine(self) -> sqlite3.Connection | None:
        """The connection of the reading that the calling thread is inside of, if it is."""
        return self._open.connection

    @contextmanager
    def reading(self) -> Iterator[SqlTransaction]:
        """Reads of one instant; inside of another reading of the thread, of that one."""
        if self._open.connection is not None:
            yield from self._read(self._open.connection)
            return
        connection = self.begun()
        self._open.connection = connection
        try:
            yield from self._read(connection)
        finally:
            self._open.connection = None
            self.end(connection)

    def _read(self, connection: sqlite3.Connection) -> Iterator[SqlTransaction]:
        transaction = SqlTransaction(SqliteLine(connection, self._path, self._seals))
        try:
            yield transaction
        finally:
            transaction.end()

    def begun(self) -> sqlite3.Connection:
        """A connection that sees one commit from its first read on, until `end`."""
        self._fence.demand_file()
        with self._lock:
            connection = self._idle.pop() if self._idle else None
        try:
            if connection is None:
                connection = connect_reader(self._path, self._patience_ms)
            connection.execute("BEGIN")
        except FAILURES as error:
            if connection is not None:
                connection.close()
            raise storage_error(self._path, error) from error
        return connection

    def end(self, connection: sqlite3.Connection) -> None:
        """Let go of what `begun` gave."""
        try:
            connection.execute("ROLLBACK")
        except FAILURES:
            connection.close()
            return
        with self._lock:
            if not self._is_closed and len(self._idle) < _MOST_IDLE:
                self._idle.append(connection)
                return
        connection.close()

    def close(self) -> None:
        """Let go of the file; what is still being read is let go of at its end."""
        with self._lock:
            self._is_closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

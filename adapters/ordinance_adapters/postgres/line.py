"""The line to a PostgreSQL server: statements on the connection of one transaction."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any, LiteralString

from psycopg import Connection, RawCursor

from ordinance.ports import Conflict
from ordinance_adapters.postgres.failure import FAILURES, is_taken, storage_error
from ordinance_adapters.sql.rows import Row
from ordinance_adapters.sql.sealing import Seals

PREPARE = 5
"""A statement is prepared when a connection runs it for this many-th time."""

_MARK = re.compile(r"\?(\d*)")


@lru_cache(maxsize=1024)
def numbered(sql: str) -> str:
    """The statement with `$1`, `$2` ... where it says `?` or `?1`, `?2` ..."""
    places = count(1)
    return _MARK.sub(lambda mark: f"${mark[1] or next(places)}", sql)


def fetched(connection: Connection[Any], sql: str, values: Row) -> list[Row]:
    """The rows of one statement; none, where it gives none."""
    cursor = RawCursor(connection)
    cursor.execute(numbered(sql), values)
    return cursor.fetchall() if cursor.description else []


@dataclass(frozen=True, slots=True)
class _Write:
    """A statement that gives nothing back, with its rows."""

    sql: str
    rows: Sequence[Row]
    what: str


class PostgresLine:
    """The `Line` of one connection, with failures said in our words.

    Statements that give nothing back wait until something is read, changed or committed, and then
    go to the server together; with the first of them goes the beginning of the transaction.
    """

    def __init__(
        self, connection: Connection[Any], where: str, begin: LiteralString, seals: Seals
    ) -> None:
        self.where = where
        self.seals = seals
        self.connection = connection
        self._begin = begin
        self.has_begun = False
        self._waiting: list[_Write] = []

    def write(self, sql: str, written: Sequence[Row], what: str) -> None:
        if written:
            self._waiting.append(_Write(sql, written, what))

    def run(self, sql: str, values: Row) -> list[Row]:
        cursor = self._cursor(sql, values, "a row")
        return cursor.fetchall() if cursor.description else []

    def change(self, sql: str, values: Row, what: str) -> int:
        return self._cursor(sql, values, what).rowcount

    def copy(self, table: str, columns: Sequence[str], added: Iterable[Row]) -> int:
        """Add rows to a table by `COPY`; how many. Raises `Conflict`, `StorageError`, and what
        `added` raises. The transaction has begun."""
        self.flush()
        try:
            cursor = RawCursor(self.connection)
            with cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as into:
                for row in added:
                    into.write_row(row)
            return cursor.rowcount
        except FAILURES as error:
            raise self._failure(error, "a row") from error

    def flush(self) -> None:
        """Send what waits. Raises `Conflict` and `StorageError`."""
        if self._waiting:
            self._send(None, ())

    def forget(self) -> None:
        """Drop what waits: the block that wrote it is undone."""
        self._waiting.clear()

    def _cursor(self, sql: str, values: Row, what: str) -> RawCursor[Row]:
        if self._waiting or not self.has_begun:
            return self._send(sql, values)
        try:
            cursor = RawCursor(self.connection)
            cursor.execute(numbered(sql), values)
            return cursor
        except FAILURES as error:
            raise self._failure(error, what) from error

    def _send(self, sql: str | None, values: Row) -> RawCursor[Row]:
        """Everything that waits and then this statement, on one way to the server and back."""
        waiting, self._waiting = self._waiting, []
        last = RawCursor(self.connection)
        try:
            with self.connection.pipeline():
                if not self.has_begun:
                    self.has_begun = True
                    self.connection.execute(self._begin)
                for write in waiting:
                    statement = numbered(write.sql)
                    for row in write.rows:
                        cursor = RawCursor(self.connection)
                        cursor.execute(statement, row)
                if sql is not None:
                    last.execute(numbered(sql), values)
            return last
        except FAILURES as error:
            # What was not run after the failure was not prepared either, though the client takes it
            # for prepared: it may prepare and reuse nothing until it has forgotten all of that.
            self.connection.prepare_threshold = None
            raise self._failure(error, _what(error, waiting)) from error

    def undo(self) -> None:
        """Take back the transaction, and forget what was prepared."""
        self.connection.rollback()
        self.connection.prepare_threshold = PREPARE

    @property
    def is_spoilt(self) -> bool:
        """Whether the connection has to be closed after a part of its transaction failed."""
        return self.connection.prepare_threshold is None

    def _failure(self, error: Exception, what: str) -> Exception:
        if is_taken(error):
            return Conflict(f"{what} is stored already")
        return storage_error(self.where, error)


def _what(error: Exception, waiting: Sequence[_Write]) -> str:
    """What was refused: the server names the table, and each table is written as one thing."""
    table = getattr(getattr(error, "diag", None), "table_name", None) or ""
    return next((one.what for one in waiting if f" INTO {table} (" in one.sql), "a row")

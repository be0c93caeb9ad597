"""The line to the SQLite file: statements on the writing connection."""

from __future__ import annotations

from collections.abc import Sequence

from ordinance.ports import Conflict
from ordinance_adapters.sql.rows import Row
from ordinance_adapters.sql.sealing import Seals
from ordinance_adapters.sqlite.driver import sqlite3
from ordinance_adapters.sqlite.failure import FAILURES, is_taken, storage_error


class SqliteLine:
    """The `Line` of one connection, with failures said in our words."""

    def __init__(self, connection: sqlite3.Connection, where: str, seals: Seals) -> None:
        self.where = where
        self.seals = seals
        self._connection = connection

    def run(self, sql: str, values: Row) -> list[Row]:
        try:
            return self._connection.execute(sql, values).fetchall()
        except FAILURES as error:
            raise storage_error(self.where, error) from error

    def write(self, sql: str, written: Sequence[Row], what: str) -> None:
        self._changed(sql, written, what)

    def change(self, sql: str, values: Row, what: str) -> int:
        return self._changed(sql, [values], what)

    def _changed(self, sql: str, written: Sequence[Row], what: str) -> int:
        try:
            return self._connection.executemany(sql, written).rowcount
        except FAILURES as error:
            if is_taken(error):
                raise Conflict(f"{what} is stored already") from error
            raise storage_error(self.where, error) from error

"""Running statements on the writing connection, with failures said in our words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from ordinance.ports import Conflict, StorageError
from ordinance_adapters.sqlite import rows
from ordinance_adapters.sqlite.driver import sqlite3
from ordinance_adapters.sqlite.failure import FAILURES, is_taken, storage_error


def insert(table: str, columns: str, on_conflict: str = "") -> str:
    """A statement that adds a row."""
    marks = ", ".join("?" for _ in columns.split(", "))
    return f"INSERT INTO {table} ({columns}) VALUES ({marks}) {on_conflict}"


class Statements:
    """What every part of a transaction writes and reads through.

    Every method may raise `StorageError`. After an exception the block should be left.
    """

    def __init__(self, connection: sqlite3.Connection, where: str) -> None:
        self._connection: sqlite3.Connection | None = connection
        self._where = where

    def end(self) -> None:
        """Refuse every later call: it would write outside of any transaction."""
        self._connection = None

    def _text(self, sql: str, values: rows.Row) -> str | None:
        row = self._one(sql, values)
        return row[0] if row else None

    def _one(self, sql: str, values: rows.Row) -> rows.Row | None:
        found = self._run(sql, values)
        return found[0] if found else None

    def _run(self, sql: str, values: rows.Row) -> list[rows.Row]:
        connection = self._connection or self._refuse()
        try:
            return connection.execute(sql, values).fetchall()
        except FAILURES as error:
            raise storage_error(self._where, error) from error

    def _add(self, sql: str, added: Sequence[rows.Row], what: str) -> int:
        """How many rows changed; raises `Conflict` when one of them is there already."""
        connection = self._connection or self._refuse()
        try:
            return connection.executemany(sql, added).rowcount
        except FAILURES as error:
            if is_taken(error):
                raise Conflict(f"{what} is stored already") from error
            raise storage_error(self._where, error) from error

    def _refuse(self) -> NoReturn:
        raise StorageError(f"`{self._where}`: the transaction has ended; begin another one")

"""Running statements inside of a transaction, and refusing to once it has ended."""

from __future__ import annotations

from ordinance.ports import StorageError
from ordinance_adapters.sql import rows
from ordinance_adapters.sql.line import Line


def insert(table: str, columns: str, on_conflict: str = "") -> str:
    """A statement that adds a row."""
    marks = ", ".join("?" for _ in columns.split(", "))
    return f"INSERT INTO {table} ({columns}) VALUES ({marks}) {on_conflict}"


class Statements:
    """What every part of a transaction writes and reads through.

    Every method may raise `StorageError`. After an exception the block should be left.
    """

    LOCK = ""
    """What a statement ends with that reads a row in order to change it afterwards."""
    SHARE = ""
    """What a statement ends with that reads a row which is not to change until the end."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._ended = False

    def end(self) -> None:
        """Refuse every later call: it would write outside of any transaction."""
        self._ended = True

    def _text(self, sql: str, values: rows.Row) -> str | None:
        row = self._one(sql, values)
        return row[0] if row else None

    def _one(self, sql: str, values: rows.Row) -> rows.Row | None:
        found = self._run(sql, values)
        return found[0] if found else None

    def _run(self, sql: str, values: rows.Row) -> list[rows.Row]:
        if self._ended:
            self._refuse()
        return self._line.run(sql, values)

    def _write(self, sql: str, *written: rows.Row, what: str = "a row") -> None:
        """Run it for each of these rows; raises `Conflict` when one is there already, by the end
        of the transaction at the latest."""
        if self._ended:
            self._refuse()
        self._line.write(sql, written, what)

    def _change(self, sql: str, values: rows.Row, what: str) -> int:
        """How many rows changed; raises `Conflict` when one would take the key of another."""
        if self._ended:
            self._refuse()
        return self._line.change(sql, values, what)

    def _refuse(self) -> None:
        raise StorageError(f"`{self._line.where}`: the transaction has ended; begin another one")

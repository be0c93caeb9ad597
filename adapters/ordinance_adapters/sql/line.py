"""The line to a database: how a statement gets there, and how its failures come back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ordinance_adapters.sql.rows import Row
from ordinance_adapters.sql.sealing import Seals


class Line(Protocol):
    """One connection inside of a transaction.

    Statements mark their values `?`, or `?1`, `?2` ... where one is used twice; never both.
    """

    where: str
    """The database, as it is named in messages."""
    seals: Seals
    """What personal data is sealed and opened with."""

    def run(self, sql: str, values: Row) -> list[Row]:
        """Run one statement; its rows, if it gives any. Raises `StorageError`."""
        ...

    def write(self, sql: str, written: Sequence[Row], what: str) -> None:
        """Run one statement for each of these rows, now or before anything is read or committed.

        Raises `Conflict`, which names `what`, when a key is there already, and `StorageError`; it
        may raise them as late as that.
        """
        ...

    def change(self, sql: str, values: Row, what: str) -> int:
        """Run one statement now; how many rows changed. Raises like `write`."""
        ...

"""The fence around an open store: it is still the file at its path, with the tables that we know.

A process keeps writing into a file that was moved away or replaced, and nobody would ever see what
it wrote. And it would go on by its old tables after a newer version has brought them up to date.
"""

from __future__ import annotations

import os

from ordinance.ports import StorageError
from ordinance_adapters.sqlite.driver import sqlite3
from ordinance_adapters.sqlite.schema import refuse_newer


class Fence:
    """What a store was when it was opened, looked at when a transaction begins and ends."""

    def __init__(self, connection: sqlite3.Connection, path: str) -> None:
        self._connection = connection
        self._path = path
        self._file = _identity(path)
        self._tables = self._version()

    def demand(self) -> None:
        """Raise `StorageError` when it is another one by now. In a transaction."""
        self.demand_file()
        if (version := self._version()) != self._tables:
            refuse_newer(self._connection, self._path)
            self._tables = version

    def demand_file(self) -> None:
        """Raise `StorageError` when another file is at its path by now, or none."""
        if _identity(self._path) != self._file:
            raise StorageError(
                f"`{self._path}` was moved, replaced or removed while it was open, and nothing was "
                "stored; start this process again once the right file is there"
            )

    def _version(self) -> int:
        """Counts the changes of the tables."""
        (version,) = self._connection.execute("PRAGMA schema_version").fetchone()
        return int(version)


def _identity(path: str) -> tuple[int, int] | None:
    try:
        found = os.stat(path)
    except OSError:
        return None
    return found.st_dev, found.st_ino

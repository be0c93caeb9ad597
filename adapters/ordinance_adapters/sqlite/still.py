"""A database file that lies still: whole in itself, with no log beside it."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from ordinance.ports import StorageError
from ordinance_adapters.sqlite.connection import connect
from ordinance_adapters.sqlite.failure import FAILURES, storage_error

_PATIENCE_MS = 10_000


def lay_still(path: Path) -> None:
    """Fold the log into the file, and check every page of it. Raises `StorageError`.

    Who opens it as a store later keeps a log beside it again.
    """
    try:
        with closing(connect(str(path), busy_timeout_ms=_PATIENCE_MS)) as connection:
            connection.execute("PRAGMA journal_mode = delete")
            found = [row[0] for row in connection.execute("PRAGMA integrity_check(1)")]
            astray = connection.execute("PRAGMA foreign_key_check").fetchone()
    except FAILURES as error:
        raise storage_error(str(path), error) from error
    if found != ["ok"] or astray is not None:
        why = found[0] if found != ["ok"] else f"a row of `{astray[0]}` refers to none"
        raise StorageError(f"`{path}` is damaged ({why}); check the disk")

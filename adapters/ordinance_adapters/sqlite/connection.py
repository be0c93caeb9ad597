"""A connection to the database file, set up so that what is committed stays committed."""

from __future__ import annotations

import os
from time import monotonic, sleep

from ordinance.ports import StorageError
from ordinance_adapters.sqlite.address import MEMORY
from ordinance_adapters.sqlite.driver import sqlite3

_OLDEST = (3, 37, 0)
"""The first SQLite with strict tables."""

NEWER = 'pip install "ordinance[sqlite-fixed]", which brings a newer SQLite'

_SMALLEST = 512
"""The fewest bytes a database can have. Its first bytes are not looked at: closing the file again
would drop the locks that SQLite holds on it for another connection of this process."""

_STATEMENTS = 256
"""Prepared statements kept per connection; all of ours fit."""


def connect(path: str, *, busy_timeout_ms: int) -> sqlite3.Connection:
    """A bare connection that any thread may use, one at a time; nothing is read or written yet.

    Transactions are begun by hand (`isolation_level=None`). Raises `StorageError` when there
    cannot be a database at `path`, `sqlite3.Error` when SQLite cannot open it.
    """
    if sqlite3.sqlite_version_info < _OLDEST:
        raise StorageError(f"SQLite {sqlite3.sqlite_version} is too old, 3.37 is needed; {NEWER}")
    _refuse_what_is_no_file(path)
    return sqlite3.connect(
        path,
        timeout=busy_timeout_ms / 1000,
        isolation_level=None,
        check_same_thread=False,
        cached_statements=_STATEMENTS,
    )


def connect_reader(path: str, busy_timeout_ms: int) -> sqlite3.Connection:
    """A connection, set up, that refuses to write."""
    connection = connect(path, busy_timeout_ms=busy_timeout_ms)
    try:
        set_up_to_read(connection, path, busy_timeout_ms)
    except BaseException:
        connection.close()
        raise
    return connection


def set_up_to_read(connection: sqlite3.Connection, path: str, busy_timeout_ms: int) -> None:
    """Make every setting of a connection that refuses to write.

    The journal stays what it is: in the file of a backup it is no log, and one that was changed
    would not be the file any more that was backed up.
    """
    (journal,) = connection.execute("PRAGMA journal_mode").fetchone()
    _set(connection, path, busy_timeout_ms, "delete" if journal == "delete" else "wal")
    connection.execute("PRAGMA query_only = 1")


def set_up(connection: sqlite3.Connection, path: str, *, busy_timeout_ms: int) -> None:
    """Make every setting and read it back; raises `StorageError` when one does not take."""
    _set(connection, path, busy_timeout_ms, "memory" if path == MEMORY else "wal")


def _set(connection: sqlite3.Connection, path: str, busy_timeout_ms: int, journal: str) -> None:
    # Rows hold JSON of a kilobyte or more: with 8 KB pages an order and its index entries touch
    # fewer of them (a sixth less time per command than with 4 KB). Takes only while the file is
    # empty.
    connection.execute("PRAGMA page_size = 8192")
    wanted: list[tuple[str, str | int]] = [
        ("busy_timeout", busy_timeout_ms),
        ("journal_mode", journal),
        ("synchronous", 2),  # FULL: a commit survives a power cut
        ("foreign_keys", 1),
        ("secure_delete", 1),  # what is deleted is overwritten: the key of an erased person is gone
        ("temp_store", 2),  # savepoints keep their undo in memory
        ("cache_size", -32768),  # in KB; a batch fits
        ("journal_size_limit", 64 << 20),  # a big batch does not leave a big log behind
    ]
    for name, value in wanted:
        _insist(connection, f"PRAGMA {name} = {value}", busy_timeout_ms)
        (found,) = connection.execute(f"PRAGMA {name}").fetchone()
        if found != value:
            raise StorageError(
                f"`{path}` keeps the setting {name} at `{found}` instead of `{value}`; "
                "put it on a local disk"
            )


def wal_reset_risk() -> str | None:
    """A warning when this SQLite has the WAL-reset bug, or None.

    SQLite 3.7.0 to 3.51.2 can, very rarely, damage a database that two connections write and
    checkpoint at the same instant; 3.44.6 and 3.50.7 carry the fix too
    (https://sqlite.org/wal.html#walresetbug).
    """
    version = sqlite3.sqlite_version_info
    repaired = (3, 44, 6) <= version < (3, 45) or (3, 50, 7) <= version < (3, 51)
    if repaired or not (3, 7, 0) <= version <= (3, 51, 2):
        return None
    return (
        f"SQLite {sqlite3.sqlite_version} can, very rarely, damage a database that two processes "
        f"write at the same instant; let one process write, or {NEWER}"
    )


def _insist(connection: sqlite3.Connection, sql: str, patience_ms: int) -> None:
    """Run `sql`, again and again while the file is locked.

    SQLite waits by itself everywhere else; a change of the journal it refuses at once while
    another process makes the same change, which happens when two of them open a new file.
    """
    until = monotonic() + patience_ms / 1000
    while True:
        try:
            connection.execute(sql)
            return
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or monotonic() >= until:
                raise
        sleep(0.002)


def _refuse_what_is_no_file(path: str) -> None:
    if path == MEMORY:
        return
    folder = os.path.dirname(path) or "."
    if os.path.isdir(path):
        raise StorageError(f"`{path}` is a folder; give the path of a file in it")
    if os.path.exists(path) and not os.path.isfile(path):
        raise StorageError(f"`{path}` is no file but a device; give the path of a file")
    if not os.path.isdir(folder):
        raise StorageError(f"`{path}` cannot be created; make the folder `{folder}` first")
    if not os.path.exists(path):
        return
    if not os.access(path, os.R_OK | os.W_OK):
        # SQLite would open a file that it may only read, and fail at the first command instead.
        raise StorageError(f"`{path}` may not be read and written; give this user the right to")
    if 0 < os.path.getsize(path) < _SMALLEST:
        # SQLite would take so short a file for an empty one and write over it.
        raise StorageError(f"`{path}` is not a SQLite database; give the path of another file")

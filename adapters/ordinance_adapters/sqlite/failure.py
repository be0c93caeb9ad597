"""What SQLite reports when it cannot go on, said with the place and the way out."""

from __future__ import annotations

from ordinance.ports import NoSpace, StorageError
from ordinance_adapters.sqlite.driver import sqlite3

FAILURES = (sqlite3.Error, UnicodeEncodeError, OverflowError)
"""What a statement may raise. The last two come from values that no column can hold."""

_FULL = 13

_BY_CODE = {
    3: "may not be used; give this user the right to read and write the file and its folder",
    5: "is locked by another process; stop the other writer, or try again",
    6: "is locked by another process; stop the other writer, or try again",
    7: "needs more memory than there is; free some and try again",
    8: "cannot be written; give this user the right to write the file and its folder",
    10: "is on a disk that fails to read or write; check the disk, then restore a backup",
    11: "is damaged; restore a backup",
    _FULL: "is on a full disk; free some space and try again, nothing half done was stored",
    14: "cannot be opened; check that its folder exists and that this user may write in it",
    15: "is locked in a way this file system does not support; move it to a local disk",
    18: "was given a text too long to store",
    26: "is not a SQLite database; give the path of another file",
}

_NOT_WRITTEN = 10 | (3 << 8)
_BY_EXTENDED_CODE = {
    _NOT_WRITTEN: "could not be written: a quota or a limit on the size of files is reached, or "
    "the disk fails; make room and try again, nothing half done was stored",
}

# What SQLite says for the same codes, for builds that hand over no code.
_BY_WORDS = (
    ("locked", 5),
    ("readonly", 8),
    ("disk I/O", 10),
    ("malformed", 11),
    ("is full", _FULL),
    ("unable to open", 14),
    ("not a database", 26),
)


def storage_error(where: str, error: Exception) -> StorageError:
    """The error to raise for what went wrong at the database `where`, in one line."""
    if isinstance(error, UnicodeEncodeError):
        return StorageError(f"`{where}` was given a text with a broken character")
    if isinstance(error, OverflowError):
        return StorageError(f"`{where}` was given a number of more than 64 bits")
    said = str(error).replace("\n", " ")
    code = _primary_code(error, said)
    extended = getattr(error, "sqlite_errorcode", None)
    advice = _BY_EXTENDED_CODE.get(extended or 0) or _BY_CODE.get(code, "")
    if not advice:
        return StorageError(f"`{where}`: {said}")
    kind = NoSpace if code == _FULL else StorageError
    return kind(f"`{where}` {advice} ({said})")


def is_taken(error: Exception) -> bool:
    """Whether a row was refused because its key is there already."""
    return str(error).startswith("UNIQUE constraint failed")


def _primary_code(error: Exception, said: str) -> int:
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return code & 0xFF
    return next((known for words, known in _BY_WORDS if words in said), 0)

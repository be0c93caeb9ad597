"""What PostgreSQL reports when it cannot go on, said with the place and the way out."""

from __future__ import annotations

import psycopg
from psycopg import errors
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests

from ordinance.ports import Conflict, Contention, NoSpace, StorageError

FAILURES = (
    psycopg.Error,
    PoolTimeout,
    PoolClosed,
    TooManyRequests,
    UnicodeEncodeError,
    OverflowError,
)
"""What a statement or the pool may raise."""


class Lost(Contention):
    """The connection was lost before anything was committed."""


_IN_THE_WAY = (
    errors.SerializationFailure,
    errors.DeadlockDetected,
    errors.StatementCompletionUnknown,
)

_ADVICE: tuple[tuple[type[psycopg.Error], str], ...] = (
    (errors.LockNotAvailable, "is locked by another writer for too long; stop it, or try again"),
    (errors.QueryCanceled, "took too long over a statement; try again"),
    (
        errors.DiskFull,
        "is on a full disk; free some space and try again, nothing half done was stored",
    ),
    (errors.OutOfMemory, "needs more memory than there is; free some and try again"),
    (errors.TooManyConnections, "takes no more connections; close some, or raise its limit"),
    (errors.InsufficientPrivilege, "may not be used; give this user the right to"),
    (errors.InvalidPassword, "refuses this user or password; correct the address"),
    (errors.InvalidCatalogName, "does not exist; create the database first"),
    (errors.ReadOnlySqlTransaction, "takes no writes; name the primary server"),
    (errors.UntranslatableCharacter, "was given a text with a broken character"),
    (errors.CharacterNotInRepertoire, "was given a text with a broken character"),
    (errors.NumericValueOutOfRange, "was given a number of more than 64 bits"),
)


def storage_error(where: str, error: Exception) -> StorageError | Conflict:
    """The error to raise for what went wrong at the database `where`, in one line."""
    if isinstance(error, UnicodeEncodeError):
        return StorageError(f"`{where}` was given a text with a broken character")
    if isinstance(error, OverflowError):
        return StorageError(f"`{where}` was given a number of more than 64 bits")
    said = " ".join(str(error).split())
    if isinstance(error, PoolTimeout | TooManyRequests):
        return Lost(f"`{where}` gives no connection; check that it runs ({said})")
    if isinstance(error, PoolClosed):
        return StorageError(f"`{where}` has been closed; open it again")
    if isinstance(error, _IN_THE_WAY):
        return Contention(f"`{where}`: other transactions were in the way again and again ({said})")
    for kind, advice in _ADVICE:
        if isinstance(error, kind):
            full = isinstance(error, errors.DiskFull)
            return (NoSpace if full else StorageError)(f"`{where}` {advice} ({said})")
    if isinstance(error, psycopg.DataError) and "NUL" in said:
        return StorageError(f"`{where}` was given a text with a broken character ({said})")
    if is_lost(error):
        return Lost(f"`{where}` cannot be reached; check that it runs ({said})")
    return StorageError(f"`{where}`: {said}")


def is_taken(error: Exception) -> bool:
    """Whether a row was refused because its key is there already."""
    return isinstance(error, errors.UniqueViolation)


def is_lost(error: Exception) -> bool:
    """Whether the connection is gone, and not only a statement refused."""
    if isinstance(error, errors.AdminShutdown | errors.CrashShutdown | errors.CannotConnectNow):
        return True
    return isinstance(error, psycopg.OperationalError | psycopg.InterfaceError) and (
        error.sqlstate is None or error.sqlstate.startswith("08")
    )

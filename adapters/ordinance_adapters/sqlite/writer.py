"""The one connection that writes, and the blocks whose writes are stored together or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock, get_ident

from ordinance.ports import StorageError
from ordinance_adapters.sql.sealing import Seals
from ordinance_adapters.sql.transaction import SqlTransaction
from ordinance_adapters.sqlite.driver import sqlite3
from ordinance_adapters.sqlite.failure import FAILURES, storage_error
from ordinance_adapters.sqlite.fence import Fence
from ordinance_adapters.sqlite.line import SqliteLine
from ordinance_adapters.sqlite.turn import take_turn

# One block may hold another of the same name: SQLite means the innermost.
_SAVE, _KEEP, _UNDO = "SAVEPOINT block", "RELEASE block", "ROLLBACK TO block"


class Writer:
    """Lets one thread of the process write at a time; a block inside a block is a savepoint."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        where: str,
        patience_ms: int,
        seals: Seals,
        fence: Fence | None,
    ) -> None:
        """`fence`: of a file; without one, nobody else can get at the tables."""
        self.connection = connection
        # `take_turn` waits by itself, and nobody is in the way of one whose turn it is.
        connection.execute("PRAGMA busy_timeout = 0")
        self.lock = RLock()
        self._where = where
        self._seals = seals
        self._patience_ms = patience_ms
        self._fence = fence
        self._depth = 0
        self._owner: int | None = None
        self._has_erased = False

    def is_mine(self) -> bool:
        """Whether the calling thread is inside a block."""
        return self._owner == get_ident()

    @contextmanager
    def block(self) -> Iterator[SqlTransaction]:
        """Writes that are kept at the end of the block, and undone when an exception leaves it.

        What an inner block kept is undone too when an outer one is left by an exception.
        """
        with self.lock:
            self._begin()
            transaction = SqlTransaction(SqliteLine(self.connection, self._where, self._seals))
            try:
                yield transaction
            except BaseException:
                self._end(transaction, keep=False)
                raise
            self._end(transaction, keep=True)

    def _begin(self) -> None:
        if self._depth:
            self._demand_open()
            self._execute(_SAVE)
        else:
            try:
                take_turn(self.connection, self._patience_ms)
            except FAILURES as error:
                raise storage_error(self._where, error) from error
            self._look_around()
            self._owner = get_ident()
        self._depth += 1

    def _end(self, transaction: SqlTransaction, *, keep: bool) -> None:
        transaction.end()
        self._depth -= 1
        self._has_erased |= transaction.has_erased
        try:
            if keep:
                self._demand_open()
                if self._fence is not None and self._depth == 0:
                    self._fence.demand()
                self._execute(_KEEP if self._depth else "COMMIT")
        finally:
            if self._depth == 0:
                self._owner = None
            if self.connection.in_transaction and (not keep or self._depth == 0):
                self._undo()
        if self._depth == 0 and self._has_erased:
            self._has_erased = False
            if keep:
                self._sweep()

    def _sweep(self) -> None:
        """Take the log away, where the keys of erased persons still stand. Somebody who reads just
        now keeps it; the next erasure, or the last one to close the file, takes it away then."""
        self._execute(f"PRAGMA busy_timeout = {self._patience_ms}")
        try:
            self._execute("PRAGMA wal_checkpoint(TRUNCATE)")
        finally:
            self._execute("PRAGMA busy_timeout = 0")

    def _look_around(self) -> None:
        """A transaction has begun: whether it may go on."""
        try:
            if self._fence is not None:
                self._fence.demand()
        except BaseException as error:
            self._execute("ROLLBACK")
            if isinstance(error, FAILURES):
                raise storage_error(self._where, error) from error
            raise

    def _undo(self) -> None:
        if self._depth:
            self._execute(_UNDO)
            self._execute(_KEEP)
        else:
            self._execute("ROLLBACK")

    def _demand_open(self) -> None:
        # On a full disk and the like SQLite drops the whole transaction by itself; going on would
        # store the second half of a batch without its first.
        if not self.connection.in_transaction:
            raise StorageError(
                f"`{self._where}`: an earlier failure has undone the whole batch; start it again"
            )

    def _execute(self, sql: str) -> None:
        try:
            self.connection.execute(sql)
        except FAILURES as error:
            raise storage_error(self._where, error) from error

"""Blocks of writes: each thread has at most one transaction, on a connection of the pool."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from typing import TYPE_CHECKING, Any, LiteralString

from psycopg import Connection
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

from ordinance.ports import OutcomeUnknown, StorageError
from ordinance_adapters.postgres.failure import FAILURES, is_lost, storage_error
from ordinance_adapters.postgres.line import PostgresLine
from ordinance_adapters.postgres.transaction import PostgresReading, PostgresTransaction
from ordinance_adapters.sql.sealing import Seals

if TYPE_CHECKING:
    from ordinance_adapters.postgres.jobs import Jobs

# One block may hold another of the same name: the innermost is meant.
_SAVE, _KEEP, _UNDO = "SAVEPOINT block", "RELEASE block", "ROLLBACK TO block"


class _Open(local):
    """What the calling thread has begun."""

    line: PostgresLine | None = None


class Blocks:
    """A block inside a block of the same thread is a savepoint; threads do not wait for another."""

    def __init__(self, pool: ConnectionPool[Any], where: str, seals: Seals) -> None:
        self._pool = pool
        self._where = where
        self._seals = seals
        self._open = _Open()
        self.jobs: Jobs | None = None
        """Where effects and timers are put for workers, if there are any."""

    def mine(self) -> PostgresLine | None:
        """The line of the transaction that the calling thread is inside of, if it is."""
        return self._open.line

    @contextmanager
    def block(self) -> Iterator[PostgresTransaction]:
        """Writes that are kept at the end of the block, and undone when an exception leaves it.

        What an inner block kept is undone too when an outer one is left by an exception. Raises
        `OutcomeUnknown` when the connection is lost while the outermost one is being kept.
        """
        if self._open.line is not None:
            yield from self._part(self._open.line)
            return
        with self._opened("BEGIN") as line:
            yield from self._whole(line, PostgresTransaction(line, self.jobs))

    @contextmanager
    def reading(self) -> Iterator[PostgresTransaction]:
        """Reads of one snapshot; inside a block of the thread, of what is stored and written."""
        if self._open.line is not None:
            inner = PostgresReading(self._open.line)
            try:
                yield inner
            finally:
                inner.end()
            return
        with self._opened("BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY") as line:
            yield from self._whole(line, PostgresReading(line))

    @contextmanager
    def _opened(self, begin: LiteralString) -> Iterator[PostgresLine]:
        with self._connected() as connection:
            self._open.line = PostgresLine(connection, self._where, begin, self._seals)
            try:
                yield self._open.line
            finally:
                self._open.line = None

    def _whole(
        self, line: PostgresLine, transaction: PostgresTransaction
    ) -> Iterator[PostgresTransaction]:
        try:
            yield transaction
            transaction.put_jobs()
            line.flush()
        except BaseException:
            transaction.end()
            line.forget()
            if line.has_begun:
                self._give_up(line)
            raise
        transaction.end()
        if not line.has_begun:
            return
        if line.connection.info.transaction_status is TransactionStatus.INERROR:
            self._give_up(line)
            raise StorageError(
                f"`{self._where}`: an earlier failure has undone the whole batch; start it again"
            )
        try:
            line.connection.execute("COMMIT")
        except FAILURES as error:
            if is_lost(error):
                raise OutcomeUnknown(
                    f"`{self._where}`: the connection was lost while storing, so that it is not "
                    "known whether it was stored; send it again under the same key"
                ) from error
            raise storage_error(self._where, error) from error
        if line.is_spoilt:
            line.connection.close()

    def _part(self, line: PostgresLine) -> Iterator[PostgresTransaction]:
        transaction = PostgresTransaction(line, self.jobs)
        line.run(_SAVE, ())
        try:
            yield transaction
            transaction.put_jobs()
            line.run(_KEEP, ())
        except BaseException:
            transaction.end()
            line.forget()
            self._undo(line)
            raise
        transaction.end()

    @contextmanager
    def _connected(self) -> Iterator[Connection[Any]]:
        try:
            connection = self._pool.getconn()
        except FAILURES as error:
            raise storage_error(self._where, error) from error
        try:
            yield connection
        finally:
            self._pool.putconn(connection)

    def _give_up(self, line: PostgresLine) -> None:
        """Best effort: what a lost connection has begun, the server takes back by itself."""
        try:
            line.undo()
        except FAILURES:
            line.connection.close()

    def _undo(self, line: PostgresLine) -> None:
        try:
            for sql in (_UNDO, _KEEP):
                line.connection.execute(sql)
        except FAILURES:
            line.connection.close()

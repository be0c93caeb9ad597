"""Blocks of writes: each thread has at most one transaction, on a connection of the pool."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import local
from typing import Any

from psycopg import Connection
from psycopg.pq import TransactionStatus
from psycopg_pool import ConnectionPool

from ordinance.ports import OutcomeUnknown, StorageError
from ordinance_adapters.postgres.failure import FAILURES, is_lost, storage_error
from ordinance_adapters.postgres.line import PostgresLine
from ordinance_adapters.postgres.transaction import PostgresTransaction

# One block may hold another of the same name: the innermost is meant.
_SAVE, _KEEP, _UNDO = "SAVEPOINT block", "RELEASE block", "ROLLBACK TO block"


class _Open(local):
    """What the calling thread has begun."""

    connection: Connection[Any] | None = None
    depth = 0


class Blocks:
    """A block inside a block of the same thread is a savepoint; threads do not wait for another."""

    def __init__(self, pool: ConnectionPool[Any], where: str) -> None:
        self._pool = pool
        self._where = where
        self._open = _Open()

    def mine(self) -> Connection[Any] | None:
        """The connection of the transaction that the calling thread is inside of, if it is."""
        return self._open.connection

    @contextmanager
    def block(self) -> Iterator[PostgresTransaction]:
        """Writes that are kept at the end of the block, and undone when an exception leaves it.

        What an inner block kept is undone too when an outer one is left by an exception. Raises
        `OutcomeUnknown` when the connection is lost while the outermost one is being kept.
        """
        mine = self._open
        if mine.connection is None:
            with self._connected() as connection:
                mine.connection = connection
                try:
                    yield from self._whole(connection)
                finally:
                    mine.connection = None
        else:
            yield from self._part(mine.connection)

    def _whole(self, connection: Connection[Any]) -> Iterator[PostgresTransaction]:
        transaction = PostgresTransaction(PostgresLine(connection, self._where))
        self._execute(connection, "BEGIN")
        try:
            yield transaction
        except BaseException:
            transaction.end()
            self._undo(connection, "ROLLBACK")
            raise
        transaction.end()
        if connection.info.transaction_status is TransactionStatus.INERROR:
            self._undo(connection, "ROLLBACK")
            raise StorageError(
                f"`{self._where}`: an earlier failure has undone the whole batch; start it again"
            )
        try:
            connection.execute("COMMIT")
        except FAILURES as error:
            if is_lost(error):
                raise OutcomeUnknown(
                    f"`{self._where}`: the connection was lost while storing, so that it is not "
                    "known whether it was stored; send it again under the same key"
                ) from error
            raise storage_error(self._where, error) from error

    def _part(self, connection: Connection[Any]) -> Iterator[PostgresTransaction]:
        transaction = PostgresTransaction(PostgresLine(connection, self._where))
        self._execute(connection, _SAVE)
        try:
            yield transaction
        except BaseException:
            transaction.end()
            self._undo(connection, _UNDO, _KEEP)
            raise
        transaction.end()
        self._execute(connection, _KEEP)

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

    def _execute(self, connection: Connection[Any], sql: str) -> None:
        try:
            connection.execute(sql)
        except FAILURES as error:
            raise storage_error(self._where, error) from error

    def _undo(self, connection: Connection[Any], *statements: str) -> None:
        """Best effort: what a lost connection has begun, the server takes back by itself."""
        try:
            for sql in statements:
                connection.execute(sql)
        except FAILURES:
            connection.close()

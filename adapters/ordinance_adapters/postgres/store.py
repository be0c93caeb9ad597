"""The store on a PostgreSQL server: any number of threads, processes and machines write."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from importlib.util import find_spec
from random import uniform
from time import monotonic, sleep
from typing import TYPE_CHECKING, Any, TypeVar

from psycopg import Connection, IsolationLevel, RawServerCursor
from psycopg_pool import ConnectionPool

from ordinance.ports import Conflict, Contention, OutOfStock, StorageError
from ordinance.telling import Happening, tell
from ordinance.watching import StoreCondition
from ordinance_adapters.keys import Keyring
from ordinance_adapters.postgres.address import Address, read_address
from ordinance_adapters.postgres.blocks import Blocks
from ordinance_adapters.postgres.clock import ServerClock
from ordinance_adapters.postgres.failure import FAILURES, storage_error
from ordinance_adapters.postgres.line import PREPARE, fetched
from ordinance_adapters.postgres.schema import demand_current, demand_tables, migrate
from ordinance_adapters.postgres.transaction import PostgresTransaction
from ordinance_adapters.sql import rows
from ordinance_adapters.sql.booking import Drift
from ordinance_adapters.sql.content import TABLES, content_lines, fill
from ordinance_adapters.sql.reading import SqlReading
from ordinance_adapters.sql.sealing import Seals

if TYPE_CHECKING:
    from ordinance.dispatching import Dispatcher
    from ordinance_adapters.postgres.jobs import Jobs

_Answer = TypeVar("_Answer")

_SHORTEST, _LONGEST = 0.002, 0.25
"""Seconds before the first, and at most before a later attempt, when others were in the way."""

_ATTEMPTS = 8
"""How often what others have changed meanwhile is looked at anew before it is taken as it is."""

_SIZE = (
    "SELECT CAST(coalesce(sum(pg_total_relation_size(pg_class.oid)), 0) AS BIGINT) FROM pg_class"
    " JOIN pg_namespace ON pg_namespace.oid = pg_class.relnamespace"
    " WHERE nspname = ? AND relkind = 'r'"
)
_TAKEN = "SELECT name FROM steps WHERE name <> 'gate' ORDER BY taken, name"


def open_storage(
    url: str,
    *,
    create: bool = True,
    writes: bool = True,
    connections: int = 8,
    patience_seconds: float = 10.0,
) -> PostgresStorage:
    """Open the store that a URL such as `postgresql://user@host/name` names, and its tables.

    They stand in the schema `ordinance`, or in the one that `?schema=...` names. With `create`
    both are made if need be, without it `NoStore` is raised where there are no tables. Without
    `writes` they are only looked at, and neither made nor brought up to date. At most
    `connections` are open at once in this process. `patience_seconds` is how long a command waits
    for the server and for others who write. Raises `StorageError`.
    """
    address = read_address(url)
    seals = Seals(Keyring.open(url), address.where)
    pool: ConnectionPool[Any] = ConnectionPool(
        address.conninfo,
        kwargs=_settings(address, patience_seconds),
        min_size=0,
        max_size=connections,
        timeout=patience_seconds,
        reconnect_timeout=patience_seconds,
        open=False,
        name="ordinance",
    )
    try:
        with Connection.connect(
            address.conninfo, **_settings(address, patience_seconds)
        ) as connection:
            if not (create and writes):
                demand_tables(connection, address)
            if writes:
                migrate(connection, address, seals)
            else:
                demand_current(connection, address)
            has_workers = writes and _has_workers(connection, address)
        pool.open()
    except FAILURES as error:
        pool.close()
        raise storage_error(address.where, error) from error
    storage = PostgresStorage(pool, address, patience_seconds, seals)
    if has_workers:
        storage.use_jobs()
    tell(Happening.STORE_OPENED, store="PostgreSQL")
    return storage


def _has_workers(connection: Connection[Any], address: Address) -> bool:
    """Whether a worker has been at this store, so that effects and timers are to be put for them.

    A process that does so without `[workers]` leaves that to the workers, who look every minute.
    """
    found = connection.execute(
        "SELECT to_regclass(%s) IS NOT NULL", (f"{address.schema}.pgqueuer",)
    ).fetchone()
    return bool(found and found[0]) and find_spec("pgqueuer") is not None


def _settings(address: Address, patience: float) -> dict[str, Any]:
    settings = {
        "autocommit": True,
        "options": _options(address, patience),
        "prepare_threshold": PREPARE,
    }
    if "connect_timeout=" not in address.conninfo:
        settings["connect_timeout"] = max(int(patience), 2)
    return settings


def _options(address: Address, patience: float) -> str:
    settings = {
        "search_path": address.schema,
        "synchronous_commit": "on",
        "default_transaction_isolation": "read\\ committed",
        "lock_timeout": f"{int(patience * 1000)}",
        "timezone": "UTC",
    }
    return " ".join(f"-c {name}={value}" for name, value in settings.items())


class PostgresStorage(SqlReading):
    """The `Storage` on a server, for all threads of a process.

    Several transactions write at once and each sees what was committed when its statement began
    (`read committed`); see `PostgresTransaction` for what is locked. A thread that is inside its
    own transaction or batch reads what it has written there.
    """

    def __init__(
        self, pool: ConnectionPool[Any], address: Address, patience: float, seals: Seals
    ) -> None:
        self._pool = pool
        self._address = address
        self._patience = patience
        self._seals = seals
        self._blocks = Blocks(pool, address.where, seals)
        self._clock = ServerClock(self._server_time, (StorageError,))

    def transaction(self) -> AbstractContextManager[PostgresTransaction]:
        """One command; inside a batch or another transaction of the thread, a part of that."""
        return self._blocks.block()

    def reading(self) -> AbstractContextManager[PostgresTransaction]:
        """Of one snapshot; inside of a transaction, of what each statement finds."""
        return self._blocks.reading()

    def transact(self, work: Callable[[PostgresTransaction], _Answer]) -> _Answer:
        """Done again after a deadlock, a lost connection, or when others have changed meanwhile
        what it had read; inside of a batch only for the last reason, the others undo the batch."""
        inside = self._blocks.mine() is not None
        until = monotonic() + self._patience
        attempt = 0
        while True:
            attempt += 1
            try:
                with self._blocks.block() as tx:
                    return work(tx)
            except Contention:
                if inside or monotonic() > until:
                    raise
            except (Conflict, Drift):
                if attempt >= _ATTEMPTS:
                    raise
            except OutOfStock as error:
                if attempt >= _ATTEMPTS or not tx.was_overtaken(error):
                    raise
            tell(Happening.STORE_CONTENTION, store="PostgreSQL", attempt=attempt)
            _pause(attempt)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Transactions of this thread that are committed together at the end."""
        with self._blocks.block():
            yield

    def keep_setting(self, shop: str, name: str, value: str) -> None:
        """A transaction of its own, or a part of the one that is open."""
        self.transact(lambda tx: tx.keep_setting(shop, name, value))

    def content(self) -> Iterator[str]:
        """All of it as of one instant; inside of a block, as the block has left it so far."""
        mine = self._blocks.mine()
        try:
            if mine is not None:
                mine.run("SELECT 1", ())  # what waits is sent first
                yield from content_lines(lambda sql: _streamed(mine.connection, sql), self._seals)
                return
            with self._pool.connection() as connection:
                connection.isolation_level = IsolationLevel.REPEATABLE_READ
                try:
                    with connection.transaction():
                        yield from content_lines(
                            lambda sql: _streamed(connection, sql), self._seals
                        )
                finally:
                    connection.isolation_level = None
        except FAILURES as error:
            raise storage_error(self._address.where, error) from error

    def fill(self, lines: Iterable[str]) -> int:
        """In one transaction."""
        where = self._address.where
        with self._blocks.block() as transaction:
            line = self._blocks.mine()
            assert line is not None
            for table in TABLES:
                if line.run(f"SELECT 1 FROM {table} LIMIT 1", ()):
                    raise StorageError(f"`{where}` holds something already; name a new store")
            return fill(lines, line.copy, where, transaction.claim_keyring)

    def dispatcher(self, shop: str) -> Dispatcher:
        """One worker for a shop of this store. Raises `StorageError` without `[workers]`."""
        if find_spec("pgqueuer") is None:
            raise StorageError(
                f"`{self._address.where}`: workers need PGQueuer; install `ordinance[workers]`"
            )
        from ordinance_adapters.postgres.worker import PgQueuerDispatcher

        return PgQueuerDispatcher(self, shop)

    def clock(self) -> ServerClock:
        """The server's clock."""
        return self._clock

    def _server_time(self) -> datetime:
        # Not on a connection of the pool: whoever asks may hold the last one.
        settings = _settings(self._address, self._patience)
        try:
            with Connection.connect(self._address.conninfo, **settings) as connection:
                found = connection.execute("SELECT clock_timestamp()").fetchone()
        except FAILURES as error:
            raise storage_error(self._address.where, error) from error
        assert found is not None
        at: datetime = found[0]
        return at

    @property
    def address(self) -> Address:
        """The database and the schema in it."""
        return self._address

    def use_jobs(self) -> Jobs:
        """From now on put a job beside every effect and timer, where workers find it."""
        from ordinance_adapters.postgres.jobs import Jobs

        if self._blocks.jobs is None:
            jobs = Jobs(self._address.schema, self._clock)
            with self._pool.connection() as connection:
                jobs.install(connection)
            self._blocks.jobs = jobs
        return self._blocks.jobs

    def put_missing_jobs(self) -> None:
        """Put a job for everything that is due soon and has none: it was written by a process
        that had no workers in mind, or a job was lost with its error."""
        jobs = self.use_jobs()
        with self._blocks.block():
            line = self._blocks.mine()
            assert line is not None
            jobs.put(line, jobs.missing(line))

    def condition(self) -> StoreCondition:
        """The tables of the schema, and the server that holds them."""
        ((version,),) = self._rows("SELECT current_setting('server_version')", ())
        ((size,),) = self._rows(_SIZE, (self._address.schema,))
        steps = self._rows(_TAKEN, ())
        return StoreCondition(
            f"PostgreSQL {version.split()[0]}", size, None, tuple(row[0] for row in steps)
        )

    def damage(self) -> Sequence[str]:
        """A server checks its pages as it reads them, and has tools of its own for the rest."""
        return ()

    def close(self) -> None:
        """Let go of the server; closing twice does no harm."""
        self._pool.close()

    def _rows(self, sql: str, values: rows.Row) -> list[rows.Row]:
        mine = self._blocks.mine()
        if mine is not None:
            return mine.run(sql, values)
        until = monotonic() + self._patience
        attempt = 0
        while True:
            attempt += 1
            try:
                with self._pool.connection() as connection:
                    return fetched(connection, sql, values)
            except FAILURES as error:
                failure = storage_error(self._address.where, error)
                if not isinstance(failure, Contention) or monotonic() > until:
                    raise failure from error
            _pause(attempt)


def _pause(attempt: int) -> None:
    """Wait by chance and longer each time, so that those who got in each other's way do not meet
    again."""
    sleep(uniform(0, min(_LONGEST, _SHORTEST * 2**attempt)))


def _streamed(connection: Connection[Any], sql: str) -> Iterator[rows.Row]:
    """The rows of a large table, some hundred at a time."""
    with RawServerCursor(connection, "content") as cursor:
        cursor.itersize = 500
        cursor.execute(sql)
        yield from cursor

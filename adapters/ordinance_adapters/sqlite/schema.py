"""The steps that bring a database file up to the tables we know, each taken once."""

from __future__ import annotations

from collections.abc import Sequence

from sqlite_utils import Database, Migrations

from ordinance.ports import NoStore, StorageError
from ordinance_adapters.sql.sealing import Seals
from ordinance_adapters.sql.unsealed import seal_what_is_plain
from ordinance_adapters.sql.versions import OlderStore, newer_store
from ordinance_adapters.sqlite.audittables import sealed_log
from ordinance_adapters.sqlite.blocktables import stock_blocks
from ordinance_adapters.sqlite.chaintables import chained_events
from ordinance_adapters.sqlite.driver import sqlite3
from ordinance_adapters.sqlite.line import SqliteLine
from ordinance_adapters.sqlite.outboxtables import (
    outbox_places,
    outbox_states,
    restored_effects,
)
from ordinance_adapters.sqlite.persontables import sealed_persons
from ordinance_adapters.sqlite.queuetables import backorders
from ordinance_adapters.sqlite.ruletables import published_rules
from ordinance_adapters.sqlite.stocktables import stock_ledger
from ordinance_adapters.sqlite.tables import orders_and_stock
from ordinance_adapters.sqlite.warehousetables import warehouse_days


def refuse_foreign(connection: sqlite3.Connection, where: str) -> None:
    """Raise `StorageError` for the file of another program or of a newer version of this one."""
    database = _database(connection)
    # One snapshot for both questions: another process may be creating the tables right now.
    connection.execute("BEGIN")
    try:
        applied = [step.name for step in _MIGRATIONS.applied(database)]
        tables = database.table_names()
    finally:
        connection.execute("ROLLBACK")
    _refuse_unknown(applied, where)
    if tables and not applied:
        raise StorageError(
            f"`{where}` holds the tables of another program; give the path of a new file"
        )


def demand_current(connection: sqlite3.Connection, where: str) -> None:
    """Raise `NoStore` where no tables were made yet, `OlderStore` for those of an older version:
    whoever only looks changes nothing."""
    database = _database(connection)
    pending = [step.name for step in _MIGRATIONS.pending(database)]
    if len(pending) == len(_STEPS):
        raise NoStore(f"`{where}`: there is no such store")
    if pending:
        raise OlderStore(where, pending)


def refuse_newer(connection: sqlite3.Connection, where: str) -> None:
    """Raise `StorageError` when a newer version has brought the file up to its tables. In a
    transaction."""
    _refuse_unknown([step.name for step in _MIGRATIONS.applied(_database(connection))], where)


def _refuse_unknown(applied: Sequence[str], where: str) -> None:
    known = {step.__name__ for step in _STEPS}
    newer = [name for name in applied if name not in known]
    if newer:
        raise newer_store(where, newer[-1])


def migrate(connection: sqlite3.Connection, where: str, seals: Seals) -> None:
    """Take the steps that the database has not taken yet; a new file gets all of them.

    What an older file holds of persons is sealed together with them.
    """
    database = _database(connection)
    pending = {step.name for step in _MIGRATIONS.pending(database)}
    if pending:
        seal = sealed_persons.__name__ in pending
        _take_steps(connection, database, SqliteLine(connection, where, seals) if seal else None)
    sweep(connection)


def sweep(connection: sqlite3.Connection) -> None:
    """Write the file anew, once, after what was plain in it was sealed: pages that are free keep
    what stood on them, and so does the log. A crash before the end has it done at the next open."""
    if not connection.execute("SELECT 1 FROM keyring WHERE swept = 0").fetchone():
        return
    connection.execute("VACUUM")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("UPDATE keyring SET swept = 1")


def _take_steps(
    connection: sqlite3.Connection, database: Database, line: SqliteLine | None
) -> None:
    # Left alone, the steps would begin by reading and write later, which fails when two
    # processes start at once; inside this transaction they are savepoints of it.
    connection.execute("BEGIN IMMEDIATE")
    try:
        _MIGRATIONS.apply(database)
        if line is not None and seal_what_is_plain(line):
            connection.execute("UPDATE keyring SET swept = 0")
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def taken(connection: sqlite3.Connection) -> tuple[str, ...]:
    """The steps that a database has taken, in their order."""
    return tuple(step.name for step in _MIGRATIONS.applied(_database(connection)))


def _database(connection: sqlite3.Connection) -> Database:
    # No plugins: what else is installed may not change how orders are stored.
    return Database(connection, recursive_triggers=False, execute_plugins=False)


_STEPS = (
    orders_and_stock,
    published_rules,
    stock_ledger,
    warehouse_days,
    backorders,
    stock_blocks,
    outbox_places,
    outbox_states,
    chained_events,
    sealed_log,
    restored_effects,
    sealed_persons,
)
_MIGRATIONS = Migrations("ordinance")
for _step in _STEPS:
    _MIGRATIONS()(_step)

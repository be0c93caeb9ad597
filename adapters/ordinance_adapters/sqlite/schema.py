"""The steps that bring a database file up to the tables we know, each taken once."""

from __future__ import annotations

from sqlite_utils import Database, Migrations

from ordinance.ports import StorageError
from ordinance_adapters.sqlite.blocktables import stock_blocks
from ordinance_adapters.sqlite.driver import sqlite3
from ordinance_adapters.sqlite.queuetables import backorders
from ordinance_adapters.sqlite.ruletables import published_rules
from ordinance_adapters.sqlite.stocktables import stock_ledger
from ordinance_adapters.sqlite.tables import WRITTEN, orders_and_stock
from ordinance_adapters.sqlite.warehousing import warehouse_days

KEYS = {
    "arrivals": ("shop", "sku"),
    "backorders": ("shop", "order_id", "sku"),
    "batches": ("shop", "sku", "warehouse", "expires"),
    "commands": ("shop", "key"),
    "decisions": ("shop", "order_id", "seq"),
    "events": ("shop", "order_id", "version"),
    "facts": ("shop", "facts_hash"),
    "loads": ("shop", "day", "warehouse"),
    "movements": ("shop", "warehouse", "sku", "seq"),
    "orders": ("shop", "id"),
    "outbox": ("shop", "key"),
    "persons": ("shop", "id"),
    "pools": ("shop", "sku", "warehouse", "channel"),
    "presold": ("shop", "sku"),
    "purchase_orders": ("shop", "number", "warehouse", "sku"),
    "releases": ("shop", "version"),
    "reservations": ("shop", "holder", "sku", "warehouse", "pool"),
    "rule_journal": ("shop", "seq"),
    "rule_sources": ("shop", "rules_hash"),
    "rule_texts": ("shop", "hash"),
    "settings": ("shop", "name"),
    "stock": ("shop", "sku", "warehouse"),
    "stock_blocks": ("shop", "sku", "warehouse"),
    "timers": ("shop", "order_id", "kind", "name"),
    "transactions": ("shop", "method", "number"),
    "transfers": ("shop", "transfer", "sku", "warehouse"),
    "trials": ("shop", "version", "order_id", "seq"),
}
"""Every table that holds content, with the columns that tell its rows apart."""


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
    known = {step.__name__ for step in _STEPS}
    newer = [name for name in applied if name not in known]
    if newer:
        raise StorageError(
            f"`{where}` was written by a newer version of ordinance (step `{newer[-1]}`); "
            "install that version to open it"
        )
    if tables and not applied:
        raise StorageError(
            f"`{where}` holds the tables of another program; give the path of a new file"
        )


def migrate(connection: sqlite3.Connection) -> None:
    """Take the steps that the database has not taken yet; a new file gets all of them."""
    database = _database(connection)
    if not _MIGRATIONS.pending(database):
        return
    # Left alone, the steps would begin by reading and write later, which fails when two
    # processes start at once; inside this transaction they are savepoints of it.
    connection.execute("BEGIN IMMEDIATE")
    try:
        _MIGRATIONS.apply(database)
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """The columns of a table that are content, in their order."""
    found = _database(connection).table(table).columns
    return [column.name for column in found if column.name != WRITTEN]


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
)
_MIGRATIONS = Migrations("ordinance")
for _step in _STEPS:
    _MIGRATIONS()(_step)

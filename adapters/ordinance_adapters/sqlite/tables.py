"""The first step: every table as version 0.1 makes it.

A step that was released is never edited; a later step changes what it made.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlite_utils import Database

WRITTEN = "written"
"""The row number of `movements` and `outbox`. It counts over all shops, so it is no content:
beside another shop, the same shop gets other numbers."""

# Plain SQL where a table needs what the table API of sqlite-utils has no words for: conditions,
# and rows that lie in the order of their key.
_ORDERS = """
CREATE TABLE orders (
    shop TEXT NOT NULL,
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    channel TEXT NOT NULL,
    source_id TEXT NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    order_state TEXT NOT NULL,
    buyer_id TEXT,
    placed_at TEXT NOT NULL,
    receivable INTEGER NOT NULL,
    paid INTEGER NOT NULL,
    refunded INTEGER NOT NULL CHECK (refunded >= 0),
    document TEXT NOT NULL,
    PRIMARY KEY (shop, id),
    CHECK (refunded <= paid)
) STRICT
"""

_STOCK = """
CREATE TABLE stock (
    shop TEXT NOT NULL,
    sku TEXT NOT NULL,
    warehouse TEXT NOT NULL,
    on_hand INTEGER NOT NULL CHECK (on_hand >= 0),
    reserved INTEGER NOT NULL CHECK (reserved >= 0),
    quarantine INTEGER NOT NULL CHECK (quarantine >= 0),
    moves INTEGER NOT NULL,
    PRIMARY KEY (shop, sku, warehouse),
    CHECK (reserved <= on_hand)
) STRICT
"""

_TIMERS = """
CREATE TABLE timers (
    shop TEXT NOT NULL,
    order_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    due TEXT NOT NULL,
    PRIMARY KEY (shop, order_id, kind, name)
) STRICT, WITHOUT ROWID
"""


def orders_and_stock(database: Database) -> None:
    """Orders with their history, stock with its ledger, timers and the outbox.

    Tables keep SQLite's own row number beside their key: with rows of a kilobyte, clustering
    them by the key makes a command slower by a half. Only `timers` is small enough to gain.
    """
    _orders(database)
    _history(database)
    _stock(database)
    _outbox(database)
    _small_values(database)


def _orders(database: Database) -> None:
    database.execute(_ORDERS)
    orders = database.table("orders")
    orders.create_index(["shop", "number"], unique=True)
    # The source id comes before the channel, so that it can be looked up without one.
    orders.create_index(["shop", "source_id", "channel"], unique=True)
    orders.create_index(["shop", "status", "id"])
    orders.create_index(["shop", "buyer_id", "placed_at", "id", "paid", "refunded"])


def _history(database: Database) -> None:
    create(
        database,
        "events",
        ("shop", "order_id", "version"),
        {
            "shop": str,
            "order_id": str,
            "version": int,
            "kind": str,
            "at": str,
            "actor": str,
            "cause": str,
            "changes": str,
            "data": str,
        },
    )
    create(
        database,
        "decisions",
        ("shop", "order_id", "seq"),
        {
            "shop": str,
            "order_id": str,
            "seq": int,
            "point": str,
            "at": str,
            "outcome": str,
            "rules_hash": str,
            "facts_hash": str,
            "record": str,
        },
    )
    database.table("decisions").create_index(["shop", "point", "outcome"])
    create(
        database,
        "facts",
        ("shop", "facts_hash"),
        {"shop": str, "facts_hash": str, "snapshot": str},
    )
    create(
        database,
        "rule_sources",
        ("shop", "rules_hash"),
        {
            "shop": str,
            "rules_hash": str,
            "point": str,
            "file": str,
            "source": str,
            "first_used": str,
        },
    )


def _stock(database: Database) -> None:
    database.execute(_STOCK)
    create(
        database,
        "movements",
        WRITTEN,
        {
            WRITTEN: int,
            "shop": str,
            "warehouse": str,
            "sku": str,
            "seq": int,
            "kind": str,
            "quantity": int,
            "at": str,
            "actor": str,
            "cause": str,
            "order_id": str,
        },
        optional="order_id",
        within=("shop", "sku", "warehouse"),
    )
    movements = database.table("movements")
    movements.create_index(["shop", "warehouse", "sku", "seq"], unique=True)
    movements.create_index(["shop", "order_id"])


def _outbox(database: Database) -> None:
    database.execute(_TIMERS)
    database.table("timers").create_index(["shop", "due", "order_id", "kind", "name"])
    create(
        database,
        "outbox",
        WRITTEN,
        {
            WRITTEN: int,
            "shop": str,
            "key": str,
            "order_id": str,
            "kind": str,
            "payload": str,
            "created": str,
            "result": str,
            "done_at": str,
        },
        optional="result done_at",
    )
    database.table("outbox").create_index(["shop", "key"], unique=True)
    database.execute(
        "CREATE INDEX idx_outbox_pending ON outbox (shop, created) WHERE done_at IS NULL"
    )


def _small_values(database: Database) -> None:
    create(
        database,
        "commands",
        ("shop", "key"),
        {"shop": str, "key": str, "body_hash": str, "result": str, "at": str},
    )
    create(
        database,
        "transactions",
        ("shop", "method", "number"),
        {"shop": str, "method": str, "number": str, "order_id": str},
    )
    create(
        database,
        "persons",
        ("shop", "id"),
        {"shop": str, "id": str, "document": str},
    )
    create(
        database,
        "settings",
        ("shop", "name"),
        {"shop": str, "name": str, "value": str},
    )


def create(
    database: Database,
    name: str,
    key: str | tuple[str, ...],
    columns: Mapping[str, type],
    *,
    optional: str = "",
    within: tuple[str, ...] = (),
) -> None:
    """One strict table. `optional` names the columns that may be empty; `within`, the columns
    that must name a row of `stock`."""
    database.table(name).create(
        dict(columns),
        pk=key,
        not_null=[column for column in columns if column not in optional.split()],
        foreign_keys=[(within, "stock", within)] if within else [],
        strict=True,
    )

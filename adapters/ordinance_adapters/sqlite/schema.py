"""The schema, as numbered migrations that sqlite-utils applies once each."""

from __future__ import annotations

import sqlite3

import sqlite_utils
from ordinance.ports import StorageError

VERSION = 1
"""The schema this code knows; a store with a higher one is refused."""

TABLES = """
CREATE TABLE commands (
    shop TEXT NOT NULL, key TEXT NOT NULL, body_hash TEXT NOT NULL, result TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (shop, key)
) STRICT;
CREATE TABLE orders (
    shop TEXT NOT NULL, id TEXT NOT NULL, number TEXT NOT NULL, channel TEXT NOT NULL,
    source_id TEXT NOT NULL, version INTEGER NOT NULL, status TEXT NOT NULL,
    order_state TEXT NOT NULL, buyer_id TEXT, placed_at TEXT NOT NULL,
    receivable INTEGER NOT NULL, paid INTEGER NOT NULL, refunded INTEGER NOT NULL,
    document TEXT NOT NULL,
    PRIMARY KEY (shop, id),
    CHECK (refunded >= 0 AND refunded <= paid)
) STRICT;
CREATE UNIQUE INDEX orders_by_source ON orders (shop, channel, source_id);
CREATE UNIQUE INDEX orders_by_number ON orders (shop, number);
CREATE INDEX orders_by_buyer ON orders (shop, buyer_id, placed_at) WHERE buyer_id IS NOT NULL;
CREATE INDEX orders_by_status ON orders (shop, status, id);
CREATE TABLE events (
    shop TEXT NOT NULL, order_id TEXT NOT NULL, version INTEGER NOT NULL, kind TEXT NOT NULL,
    at TEXT NOT NULL, actor TEXT NOT NULL, cause TEXT NOT NULL, changes TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (shop, order_id, version)
) STRICT;
CREATE TABLE decisions (
    shop TEXT NOT NULL, order_id TEXT NOT NULL, seq INTEGER NOT NULL, point TEXT NOT NULL,
    at TEXT NOT NULL, outcome TEXT NOT NULL, rules_hash TEXT NOT NULL, facts_hash TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (shop, order_id, seq)
) STRICT;
CREATE TABLE facts (
    shop TEXT NOT NULL, facts_hash TEXT NOT NULL, snapshot TEXT NOT NULL,
    PRIMARY KEY (shop, facts_hash)
) STRICT;
CREATE TABLE rule_sources (
    shop TEXT NOT NULL, rules_hash TEXT NOT NULL, point TEXT NOT NULL, file TEXT NOT NULL,
    source TEXT NOT NULL, first_used TEXT NOT NULL,
    PRIMARY KEY (shop, rules_hash)
) STRICT, WITHOUT ROWID;
CREATE TABLE persons (
    shop TEXT NOT NULL, id TEXT NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (shop, id)
) STRICT;
CREATE TABLE transactions (
    shop TEXT NOT NULL, method TEXT NOT NULL, number TEXT NOT NULL, order_id TEXT NOT NULL,
    PRIMARY KEY (shop, method, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE stock (
    shop TEXT NOT NULL, sku TEXT NOT NULL, warehouse TEXT NOT NULL,
    on_hand INTEGER NOT NULL DEFAULT 0, reserved INTEGER NOT NULL DEFAULT 0,
    quarantine INTEGER NOT NULL DEFAULT 0, moves INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (shop, sku, warehouse),
    CHECK (reserved >= 0 AND reserved <= on_hand AND quarantine >= 0)
) STRICT, WITHOUT ROWID;
CREATE TABLE movements (
    shop TEXT NOT NULL, sku TEXT NOT NULL, warehouse TEXT NOT NULL, seq INTEGER NOT NULL,
    kind TEXT NOT NULL, quantity INTEGER NOT NULL, at TEXT NOT NULL, actor TEXT NOT NULL,
    cause TEXT NOT NULL, order_id TEXT,
    PRIMARY KEY (shop, sku, warehouse, seq)
) STRICT;
CREATE INDEX movements_by_order ON movements (shop, order_id) WHERE order_id IS NOT NULL;
CREATE TABLE timers (
    shop TEXT NOT NULL, order_id TEXT NOT NULL, kind TEXT NOT NULL, name TEXT NOT NULL,
    due TEXT NOT NULL,
    PRIMARY KEY (shop, order_id, kind, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX timers_by_due ON timers (shop, due, order_id, kind, name);
CREATE TABLE outbox (
    shop TEXT NOT NULL, key TEXT NOT NULL, order_id TEXT NOT NULL, kind TEXT NOT NULL,
    payload TEXT NOT NULL, created TEXT NOT NULL, done_at TEXT, result TEXT,
    PRIMARY KEY (shop, key)
) STRICT;
CREATE INDEX outbox_pending ON outbox (shop, created, key) WHERE done_at IS NULL;
CREATE TABLE settings (
    shop TEXT NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
    PRIMARY KEY (shop, name)
) STRICT, WITHOUT ROWID;
"""

CONTENT = {
    "commands": "shop, key",
    "orders": "shop, id",
    "events": "shop, order_id, version",
    "decisions": "shop, order_id, seq",
    "facts": "shop, facts_hash",
    "rule_sources": "shop, rules_hash",
    "persons": "shop, id",
    "transactions": "shop, method, number",
    "stock": "shop, sku, warehouse",
    "movements": "shop, sku, warehouse, seq",
    "timers": "shop, order_id, kind, name",
    "outbox": "shop, key",
    "settings": "shop, name",
}
"""Every table with content and its key, for a full reading in a fixed order."""


def migrate(connection: sqlite3.Connection, where: str) -> None:
    """Bring a store to this code's schema; refuse one that newer code has written."""
    database = sqlite_utils.Database(connection)
    found = database.execute("PRAGMA user_version").fetchone()[0]
    if found > VERSION:
        raise StorageError(
            f"{where}: the store has schema {found}, this version knows {VERSION}; "
            "use the newer version of ordinance"
        )
    if found == VERSION:
        return
    if database.table_names():
        raise StorageError(
            f"{where}: is a database of something else; give another file for this shop"
        )
    connection.execute("BEGIN IMMEDIATE")
    try:
        # Another process may have been first while this one waited for the lock.
        if connection.execute("PRAGMA user_version").fetchone()[0] != VERSION:
            for statement in TABLES.split(";\n"):
                if statement.strip():
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")

"""A step: the audit log with its checkpoints, and how far orders and stock are sealed."""

from __future__ import annotations

from sqlite_utils import Database

_LOG = """
CREATE TABLE audit_log (
    shop TEXT NOT NULL,
    place INTEGER NOT NULL CHECK (place >= 0),
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    part TEXT NOT NULL,
    number INTEGER NOT NULL,
    leaf TEXT NOT NULL,
    PRIMARY KEY (shop, place)
) STRICT, WITHOUT ROWID
"""

_CHECKPOINTS = """
CREATE TABLE checkpoints (
    shop TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size > 0),
    at TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (shop, size)
) STRICT, WITHOUT ROWID
"""

_HEADS = """
CREATE TABLE audit_heads (
    shop TEXT NOT NULL,
    size INTEGER NOT NULL CHECK (size >= 0),
    frontier TEXT NOT NULL,
    PRIMARY KEY (shop)
) STRICT, WITHOUT ROWID
"""


def sealed_log(database: Database) -> None:
    """Leaves in their places, signed checkpoints over them, and what has been sealed so far.

    The index of orders that are not sealed whole holds those alone: it stays as small as what a
    sealer has left to do.
    """
    for table in (_LOG, _CHECKPOINTS, _HEADS):
        database.execute(table)
    database.execute(
        "CREATE UNIQUE INDEX idx_audit_log_row ON audit_log (shop, kind, subject, part, number)"
    )
    database.execute("ALTER TABLE orders ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0")
    database.execute("ALTER TABLE stock ADD COLUMN sealed INTEGER NOT NULL DEFAULT 0")
    database.execute("CREATE INDEX idx_orders_unsealed ON orders (shop, id) WHERE sealed < version")
    for table in ("audit_log", "checkpoints"):
        for change in ("UPDATE", "DELETE"):
            database.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table}"
                " BEGIN SELECT RAISE(ABORT, 'what was sealed is never changed'); END"
            )

"""The third step: buckets of the stock counter, reservations, pools, transfers, a locked ledger."""

from __future__ import annotations

from sqlite_utils import Database

_BUCKETS = (
    # What is reserved and what is set aside are both still on the shelf, each in one of the two.
    "set_aside INTEGER NOT NULL DEFAULT 0"
    " CHECK (set_aside >= 0 AND reserved + set_aside <= on_hand)",
    "in_transit INTEGER NOT NULL DEFAULT 0 CHECK (in_transit >= 0)",
    "safety INTEGER NOT NULL DEFAULT 0 CHECK (safety >= 0)",
)

# These are small and looked up by the beginning of their key, so they lie in its order.
_RESERVATIONS = """
CREATE TABLE reservations (
    shop TEXT NOT NULL,
    holder TEXT NOT NULL,
    sku TEXT NOT NULL,
    warehouse TEXT NOT NULL,
    pool TEXT NOT NULL,
    pieces INTEGER NOT NULL CHECK (pieces > 0),
    expires_at TEXT,
    PRIMARY KEY (shop, holder, sku, warehouse, pool)
) STRICT, WITHOUT ROWID
"""

_POOLS = """
CREATE TABLE pools (
    shop TEXT NOT NULL,
    sku TEXT NOT NULL,
    warehouse TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel <> ''),
    pieces INTEGER NOT NULL CHECK (pieces > 0),
    PRIMARY KEY (shop, sku, warehouse, channel)
) STRICT, WITHOUT ROWID
"""

_TRANSFERS = """
CREATE TABLE transfers (
    shop TEXT NOT NULL,
    transfer TEXT NOT NULL,
    sku TEXT NOT NULL,
    warehouse TEXT NOT NULL,
    source TEXT NOT NULL,
    pieces INTEGER NOT NULL CHECK (pieces > 0),
    PRIMARY KEY (shop, transfer, sku, warehouse)
) STRICT, WITHOUT ROWID
"""

_HELD_BEFORE = """
INSERT INTO reservations (shop, holder, sku, warehouse, pool, pieces)
SELECT shop, order_id, sku, warehouse, '',
    sum(CASE kind WHEN 'reserved' THEN quantity ELSE -quantity END) AS held
FROM movements
WHERE order_id IS NOT NULL AND kind IN ('reserved', 'released', 'shipped')
GROUP BY shop, order_id, sku, warehouse HAVING held > 0
"""


def stock_ledger(database: Database) -> None:
    """What a counter holds beside the shelf, and for whom; the ledger can only grow."""
    for bucket in _BUCKETS:
        database.execute(f"ALTER TABLE stock ADD COLUMN {bucket}")
    database.execute("ALTER TABLE movements ADD COLUMN pool TEXT NOT NULL DEFAULT ''")
    database.execute("ALTER TABLE movements ADD COLUMN note TEXT NOT NULL DEFAULT ''")
    for column in ("token", "transfer", "counterpart"):
        database.execute(f"ALTER TABLE movements ADD COLUMN {column} TEXT")
    for table in (_RESERVATIONS, _POOLS, _TRANSFERS):
        database.execute(table)
    database.execute(
        "CREATE INDEX idx_reservations_expiring ON reservations (shop, expires_at)"
        " WHERE expires_at IS NOT NULL"
    )
    database.execute(_HELD_BEFORE)
    for change in ("UPDATE", "DELETE"):
        database.execute(
            f"CREATE TRIGGER movements_no_{change.lower()} BEFORE {change} ON movements"
            " BEGIN SELECT RAISE(ABORT, 'a movement is never changed; book another one'); END"
        )

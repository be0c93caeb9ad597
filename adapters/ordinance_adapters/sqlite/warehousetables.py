"""The fourth step: what a warehouse got on a day, and batches with their dates."""

from __future__ import annotations

from sqlite_utils import Database

# Small rows that are looked up by the beginning of their key lie in its order.
_LOADS = """
CREATE TABLE loads (
    shop TEXT NOT NULL,
    warehouse TEXT NOT NULL,
    day TEXT NOT NULL,
    parcels INTEGER NOT NULL CHECK (parcels > 0),
    PRIMARY KEY (shop, day, warehouse)
) STRICT, WITHOUT ROWID
"""

_BATCHES = """
CREATE TABLE batches (
    shop TEXT NOT NULL,
    sku TEXT NOT NULL,
    warehouse TEXT NOT NULL,
    expires TEXT NOT NULL,
    pieces INTEGER NOT NULL CHECK (pieces > 0),
    PRIMARY KEY (shop, sku, warehouse, expires)
) STRICT, WITHOUT ROWID
"""


def warehouse_days(database: Database) -> None:
    """Parcels that a warehouse got on a day, and batches with the day on which they expire."""
    database.execute(_LOADS)
    database.execute(_BATCHES)

"""The fourth step: what a warehouse does not ship for the time being."""

from __future__ import annotations

from sqlite_utils import Database

_BLOCKS = """
CREATE TABLE stock_blocks (
    shop TEXT NOT NULL,
    sku TEXT NOT NULL,
    warehouse TEXT NOT NULL,
    until TEXT,
    reason TEXT NOT NULL,
    by TEXT NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (shop, sku, warehouse)
) STRICT, WITHOUT ROWID
"""


def stock_blocks(database: Database) -> None:
    """Stock items that a warehouse may not ship, until a date or until somebody lifts it."""
    database.execute(_BLOCKS)

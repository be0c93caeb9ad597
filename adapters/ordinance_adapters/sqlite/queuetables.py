"""A step: who waits for what, what is to come, what was freed, and what was sold before it came."""

from __future__ import annotations

from sqlite_utils import Database

_BACKORDERS = """
CREATE TABLE backorders (
    shop TEXT NOT NULL,
    sku TEXT NOT NULL,
    rank INTEGER NOT NULL,
    since TEXT NOT NULL,
    order_id TEXT NOT NULL,
    pieces INTEGER NOT NULL CHECK (pieces > 0),
    takes TEXT NOT NULL CHECK (takes IN ('order', 'line', 'piece', 'nothing')),
    PRIMARY KEY (shop, order_id, sku)
) STRICT, WITHOUT ROWID
"""

_PURCHASE_ORDERS = """
CREATE TABLE purchase_orders (
    shop TEXT NOT NULL,
    number TEXT NOT NULL,
    warehouse TEXT NOT NULL,
    sku TEXT NOT NULL,
    supplier TEXT NOT NULL,
    pieces INTEGER NOT NULL CHECK (pieces >= 0),
    received INTEGER NOT NULL CHECK (received >= 0),
    expected TEXT,
    PRIMARY KEY (shop, number, warehouse, sku)
) STRICT, WITHOUT ROWID
"""

_ARRIVALS = """
CREATE TABLE arrivals (
    shop TEXT NOT NULL,
    sku TEXT NOT NULL,
    marks INTEGER NOT NULL,
    served INTEGER NOT NULL CHECK (served <= marks),
    PRIMARY KEY (shop, sku)
) STRICT, WITHOUT ROWID
"""

_PRESOLD = """
CREATE TABLE presold (
    shop TEXT NOT NULL,
    sku TEXT NOT NULL,
    taken INTEGER NOT NULL CHECK (taken >= 0),
    cap INTEGER NOT NULL,
    PRIMARY KEY (shop, sku),
    CHECK (taken <= cap)
) STRICT, WITHOUT ROWID
"""

# A trigger and not a part of each statement: whatever raises what is available, by whichever kind
# of movement, has to wake those who wait for it, and none can be forgotten here.
_FREED = """
    INSERT INTO arrivals (shop, sku, marks, served)
        SELECT NEW.shop, NEW.sku, 0, 0
        WHERE NOT EXISTS (SELECT 1 FROM arrivals WHERE shop = NEW.shop AND sku = NEW.sku)
        AND EXISTS (SELECT 1 FROM backorders WHERE shop = NEW.shop AND sku = NEW.sku);
    UPDATE arrivals SET marks = marks + 1
        WHERE shop = NEW.shop AND sku = NEW.sku
        AND EXISTS (SELECT 1 FROM backorders WHERE shop = NEW.shop AND sku = NEW.sku);
"""

_TRIGGERS = (
    f"CREATE TRIGGER stock_appears AFTER INSERT ON stock WHEN NEW.on_hand > NEW.reserved"
    f" BEGIN {_FREED} END",
    # Freed for anyone, freed for the channel that it is set aside for, or set aside for one.
    f"CREATE TRIGGER stock_freed AFTER UPDATE ON stock"
    f" WHEN NEW.on_hand - NEW.reserved > OLD.on_hand - OLD.reserved"
    f" OR NEW.on_hand - NEW.reserved - NEW.set_aside - NEW.safety"
    f" > OLD.on_hand - OLD.reserved - OLD.set_aside - OLD.safety"
    f" OR NEW.set_aside > OLD.set_aside BEGIN {_FREED} END",
)


def backorders(database: Database) -> None:
    """The queue of waiting orders, purchase orders, freed stock, and the counters of presales."""
    for table in (_BACKORDERS, _PURCHASE_ORDERS, _ARRIVALS, _PRESOLD):
        database.execute(table)
    database.table("backorders").create_index(["shop", "sku", "rank", "since", "order_id"])
    database.table("purchase_orders").create_index(["shop", "sku", "expected"])
    for trigger in _TRIGGERS:
        database.execute(trigger)

"""Between rows and the values of the ports."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ordinance.ports import (
    Effect,
    Movement,
    MovementKind,
    StockLevel,
    StoredCommand,
    StoredDecision,
    StoredEvent,
    StoredOrder,
    StoredRules,
    Timer,
)

ORDER = (
    "shop, id, number, channel, source_id, version, status, order_state, buyer_id, placed_at, "
    "receivable, paid, refunded, document"
)
EVENT = "shop, order_id, version, kind, at, actor, cause, changes, data"
DECISION = "shop, order_id, seq, point, at, outcome, rules_hash, facts_hash, record"
MOVEMENT = "shop, warehouse, sku, kind, quantity, at, actor, cause, order_id"


def text_of(at: datetime) -> str:
    """An instant as fixed-width UTC text, so that text order is time order."""
    if at.tzinfo is None:
        raise ValueError("an instant without a zone cannot be stored")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def instant(text: str) -> datetime:
    """An instant from its stored text, in UTC."""
    return datetime.fromisoformat(text)


Row = tuple[Any, ...]
"""A row as sqlite3 gives it; its columns are those that the statement named."""


def order(row: Row) -> StoredOrder:
    """A row of `ORDER`."""
    before, placed_at, after = row[:9], instant(row[9]), row[10:]
    return StoredOrder(*(*before, placed_at, *after))


def event(row: Row) -> StoredEvent:
    """A row of `EVENT`."""
    return StoredEvent(*(*row[:4], instant(row[4]), *row[5:]))


def decision(row: Row) -> StoredDecision:
    """A row of `DECISION`."""
    return StoredDecision(*(*row[:4], instant(row[4]), *row[5:]))


def movement(row: Row) -> Movement:
    """A row of `MOVEMENT`."""
    return Movement(*(*row[:3], MovementKind(row[3]), row[4], instant(row[5]), *row[6:]))


def level(row: Row) -> StockLevel:
    """A row of warehouse, sku, on hand, reserved, quarantine."""
    return StockLevel(*row)


def command(row: Row) -> StoredCommand:
    """A row of shop, key, body hash, result, time."""
    return StoredCommand(*(*row[:4], instant(row[4])))


def rules(row: Row) -> StoredRules:
    """A row of shop, hash, point, file, source, time."""
    return StoredRules(*(*row[:5], instant(row[5])))


def timer(row: Row) -> Timer:
    """A row of shop, order, kind, name, time."""
    return Timer(*(*row[:4], instant(row[4])))


def effect(row: Row) -> Effect:
    """A row of shop, key, order, kind, payload, time."""
    return Effect(*(*row[:5], instant(row[5])))

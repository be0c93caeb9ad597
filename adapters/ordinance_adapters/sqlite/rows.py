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


def order(row: tuple[Any, ...]) -> StoredOrder:
    return StoredOrder(*row[:9], instant(row[9]), *row[10:])


def event(row: tuple[Any, ...]) -> StoredEvent:
    return StoredEvent(*row[:4], instant(row[4]), *row[5:])


def decision(row: tuple[Any, ...]) -> StoredDecision:
    return StoredDecision(*row[:4], instant(row[4]), *row[5:])


def movement(row: tuple[Any, ...]) -> Movement:
    return Movement(row[0], row[1], row[2], MovementKind(row[3]), row[4], instant(row[5]), *row[6:])


def level(row: tuple[Any, ...]) -> StockLevel:
    return StockLevel(*row)


def command(row: tuple[Any, ...]) -> StoredCommand:
    return StoredCommand(*row[:4], instant(row[4]))


def rules(row: tuple[Any, ...]) -> StoredRules:
    return StoredRules(*row[:5], instant(row[5]))


def timer(row: tuple[Any, ...]) -> Timer:
    return Timer(*row[:4], instant(row[4]))


def effect(row: tuple[Any, ...]) -> Effect:
    return Effect(*row[:5], instant(row[5]))

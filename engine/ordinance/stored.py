"""What is stored: plain frozen values that cross the ports. Every key leads with the shop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class StoredCommand:
    """One command by its idempotency key, with the body it came with and the answer it got."""

    shop: str
    key: str
    body_hash: str
    result: str
    at: datetime


@dataclass(frozen=True, slots=True)
class StoredOrder:
    """The order row. `document` is canonical JSON of the record; the rest are columns to search."""

    shop: str
    id: str
    number: str
    channel: str
    source_id: str
    version: int
    status: str
    """The display status, a cache of what the document says."""
    order_state: str
    buyer_id: str | None
    placed_at: datetime
    receivable: int
    paid: int
    refunded: int
    """Money asked for, taken in, and given back or on its way back, in minor units."""
    document: str


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One entry of an order's history. Versions of one order are 1..n without a gap.

    `changes` is canonical JSON: a list of `[path, before, after]`; folding all of them from an
    empty document gives the order's document. `data` holds the arguments of the sentence.
    """

    shop: str
    order_id: str
    version: int
    kind: str
    at: datetime
    actor: str
    cause: str
    """The idempotency key of the command."""
    changes: str
    data: str


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """One decision as recorded; `record` is its canonical JSON, `seq` counts within the order."""

    shop: str
    order_id: str
    seq: int
    point: str
    at: datetime
    outcome: str
    """The main outcome in one word, to search and count by."""
    rules_hash: str
    facts_hash: str
    record: str


@dataclass(frozen=True, slots=True)
class StoredRules:
    """A rule file as it stood when it was first used, under the hash of its meaning."""

    shop: str
    rules_hash: str
    point: str
    file: str
    source: str
    first_used: datetime


class MovementKind(StrEnum):
    """Typed movements of the stock ledger."""

    RECEIVED = "received"
    RESERVED = "reserved"
    RELEASED = "released"
    SHIPPED = "shipped"
    RETURNED = "returned_to_stock"
    QUARANTINED = "quarantined"
    ADJUSTED = "adjusted"


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement. `quantity` is positive, except for ADJUSTED, which may be negative.

    Effect on the counter row: RECEIVED, RETURNED, ADJUSTED change on hand; RESERVED and RELEASED
    change reserved; SHIPPED lowers both; QUARANTINED raises quarantine.
    """

    shop: str
    warehouse: str
    sku: str
    kind: MovementKind
    quantity: int
    at: datetime
    actor: str
    cause: str
    order_id: str | None = None


@dataclass(frozen=True, slots=True)
class StockLevel:
    """The counter row of one sku in one warehouse."""

    warehouse: str
    sku: str
    on_hand: int
    reserved: int
    quarantine: int = 0

    @property
    def available(self) -> int:
        """What may still be promised."""
        return self.on_hand - self.reserved


@dataclass(frozen=True, slots=True)
class Timer:
    """Something that is due for an order. (shop, order, kind, name) is its key."""

    shop: str
    order_id: str
    kind: str
    name: str
    due: datetime


@dataclass(frozen=True, slots=True)
class Effect:
    """Something to be done outside after the commit, at least once, under its own key."""

    shop: str
    key: str
    order_id: str
    kind: str
    """`notify`, `refund`, `waybill`, `warehouse.push`, `warehouse.cancel` ..."""
    payload: str
    """Canonical JSON."""
    created: datetime

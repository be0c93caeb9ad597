"""What a reader of past orders hands over: orders, returns, and what the world did with them.

A *story* replays the world outside (payment, warehouse hands, carrier, buyer) where the data says
what happened. Whatever a story leaves open is filled in by the simulator, by seed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

from ordinance.rules.kinds import Words


@dataclass(frozen=True, slots=True)
class Piece:
    """Some pieces of one item."""

    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Request:
    """Something a buyer asked for.

    `kind`: `cancel` (before it is shipped, whole order when `pieces` is empty) or `aftersale`.
    `reason` is a code of the after-sale reasons (`NO_REASON_7D`, `DAMAGED`, ...).
    `goods`: how returned goods turn out at inspection (`good`, `damaged`, `not_intact`, `never`
    for goods that are never sent back).
    `amount`: what was really refunded, in major units, where the data says it (a claim to compare).
    """

    kind: str
    at: datetime
    reason: str
    pieces: tuple[Piece, ...] = ()
    demand: str | None = None
    evidence: bool = False
    goods: str = "good"
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Story:
    """What really happened, all of it optional. None: the data does not say.

    `ends_at`: nothing more is known after it; an order still under way then never arrives.
    `lost`, `damaged`, `refused`: what the carrier does with the (first) parcel.
    `clerk`: how a clerk answers a manual review (`confirm`, `deny`, `unreachable`).
    `short_pick`: sku whose pick comes up short.
    """

    payments: tuple[Mapping[str, Any], ...] = ()
    """Payments that were not there when the order was placed, with the fields of `Payment`."""
    handed_over_at: datetime | None = None
    delivered_at: datetime | None = None
    ends_at: datetime | None = None
    lost: bool = False
    damaged: bool = False
    refused: bool = False
    clerk: str | None = None
    short_pick: str | None = None
    signed_by: str | None = None
    """`self`, `proxy` or `locker`."""
    scans: tuple[tuple[datetime, str], ...] = ()
    """Carrier scans before delivery: instant and normalised tracking state (`IN_TRANSIT` ...)."""
    requests: tuple[Request, ...] = ()
    survey_score: int | None = None


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A row of the file that is an order; `order` is what `place` validates."""

    row: int
    order: Mapping[str, object]
    story: Story


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A return or cancellation of its own that does not name the order it belongs to.

    It is matched to earlier purchases of the same buyer; what no purchase explains is reported.
    """

    row: int
    source_id: str
    channel: str
    buyer_id: str | None
    at: datetime
    pieces: tuple[tuple[Piece, Decimal], ...]
    """What came back, with the unit price credited in major units."""
    reason: str = "DONT_WANT"


@dataclass(frozen=True, slots=True)
class BrokenRow:
    """A row that cannot be an order, with what is wrong and what to do."""

    row: int
    reason: Words
    source_id: str | None = None


@dataclass(frozen=True, slots=True)
class AsideRow:
    """A row that is no order at all (bookkeeping, a stock write-off), kept with its reason."""

    row: int
    source_id: str
    reason: Words


Row: TypeAlias = PlacedRow | ReturnRow | BrokenRow | AsideRow

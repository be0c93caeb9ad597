"""What an order holds of a shortage: what its buyer was offered, and how it waits for stock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class OfferedLine:
    """What a buyer may choose for one line of which pieces are short."""

    no: int
    pieces: int
    options: tuple[str, ...]
    """`wait`, `ship_available`, `cancel_short`, `substitute`."""
    substitute: str | None = None
    """The sku that would take its place."""


@dataclass(frozen=True, slots=True)
class Offer:
    """What a buyer was asked about a shortage, until when, and what came of it."""

    id: str
    rule: str
    asked_at: datetime
    lines: tuple[OfferedLine, ...]
    on_silence: str
    """What happens without an answer: `wait`, `ship_available`, `ask_person` or `breach`."""
    answer_by: datetime | None = None
    remind_hours: int | None = None
    wait_days: int | None = None
    """How long an order waits whose buyer chose to wait."""
    closed_at: datetime | None = None
    chosen: dict[str, str] = field(default_factory=dict)
    """What was chosen, by line number; empty when nobody answered."""


@dataclass(frozen=True, slots=True)
class Backorder:
    """That an order waits for stock: its place in the queue and how it waits."""

    since: datetime
    rank: int = 0
    """Lower is served earlier."""
    takes: str = "line"
    """See `stored.Waiting.takes`."""
    agreed: str | None = None
    """`wait` or `ship_available`, once that is settled; the rules are not asked again."""
    wait_days: int | None = None

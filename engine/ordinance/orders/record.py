"""The record of an order: everything the core knows of it, without personal data.

Names, phones and addresses live apart under `person`; nothing of them enters the history.
All money is integer minor units of the shop's currency; all instants are zone-aware.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from ordinance.orders.states import (
    CASE_CLOSED,
    CaseState,
    OrderState,
    ParcelState,
    PayState,
    RefundState,
    display_status,
)


class UnknownPart(ValueError):
    """An order has no parcel, case or refund with that id."""


@dataclass(frozen=True, slots=True)
class RecordLine:
    """One line. `amount` is what is paid for it after its own discount and its share of the
    order's; `kind` is what the intake rule made of it (`goods`, `virtual`, `freight` ...)."""

    no: int
    sku: str
    title: str
    kind: str
    quantity: int
    unit_price: int
    amount: int
    discount: int = 0
    """What was taken off: its own discount and its share of the order's."""
    held_at: dict[str, int] = field(default_factory=dict)
    """Pieces reserved for it, by warehouse."""
    shipped: int = 0
    cancelled: int = 0
    returned: int = 0
    """Pieces that a case has taken back (or is taking back), never more than were bought."""
    given_back: int = 0
    """Pieces whose money was given back."""
    refunded: int = 0
    """Money given back for this line."""
    no_return_agreed: bool | None = None
    """Whether the buyer agreed at the purchase that it cannot be sent back without a reason."""
    parts: tuple[tuple[str, int], ...] = ()
    """The stock items that one unit takes, as they were at the purchase: what is in a bundle, or
    the stock item of an article that was renamed. Empty: one piece of its own sku."""

    presale_by: date | None = None
    """The day by whose end it ships, where it was sold before it was there."""
    presold: int = 0
    """Pieces that count against the cap of a presale."""

    def takes(self, units: int) -> dict[str, int]:
        """Pieces by stock item that so many units take from a shelf."""
        return {item: count * units for item, count in self.parts or ((self.sku, 1),)}

    @property
    def reserved(self) -> int:
        """Pieces reserved and not yet shipped."""
        return sum(self.held_at.values())

    @property
    def waiting(self) -> int:
        """Pieces that still have to find stock."""
        if self.kind != "goods":
            return 0
        return self.quantity - self.cancelled - self.shipped - self.reserved

    @property
    def kept(self) -> int:
        """Money kept for this line."""
        return self.amount - self.refunded


@dataclass(frozen=True, slots=True)
class RecordPayment:
    """Money that came in."""

    id: str
    transaction: str
    method: str
    amount: int
    paid_at: datetime
    instalments: int = 1
    refunded: int = 0


@dataclass(frozen=True, slots=True)
class Hold:
    """Something that stops an order, with who set it and why; open until `closed_at`."""

    id: str
    code: str
    opened_at: datetime
    rule: str
    """The decision point and rule that set it."""
    blocks: str = "all"
    """`all`; `rest`: what is reserved goes on, the rest is not allocated; `nothing`: a flag."""
    attempts: int = 0
    """How often a person has tried to settle it."""
    part: str | None = None
    """The case or parcel that it is about; None: the order."""
    closed_at: datetime | None = None
    closed_by: str | None = None


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


@dataclass(frozen=True, slots=True)
class Piece:
    """Some pieces of one order line."""

    line: int
    sku: str
    quantity: int


@dataclass(frozen=True, slots=True)
class Parcel:
    """What leaves one warehouse in one box."""

    id: str
    warehouse: str
    pieces: tuple[Piece, ...]
    state: ParcelState
    weight_grams: int
    carrier: str | None = None
    waybill: str | None = None
    package: str | None = None
    marks: tuple[str, ...] = ()
    inserts: tuple[str, ...] = ()
    planned_at: datetime | None = None
    shipped_at: datetime | None = None
    tracking: str = "NO_TRACE"
    last_scan_at: datetime | None = None
    delivered_at: datetime | None = None
    signed_by: str | None = None
    anomalies: tuple[str, ...] = ()
    inquiries: int = 0
    resolved: str | None = None
    """How an anomaly ended: `reship`, `refund`, `take_back`."""
    replaces: str | None = None
    """The lost or damaged parcel that this one stands in for."""

    @property
    def settled(self) -> bool:
        """True when nothing more is expected of it.

        One that stands in for another and was called back still has to be made good.
        """
        return (
            (self.state is ParcelState.CANCELLED and self.replaces is None)
            or self.delivered_at is not None
            or self.resolved is not None
        )


@dataclass(frozen=True, slots=True)
class Refund:
    """Money going back; `split` says how much to which payment."""

    id: str
    state: RefundState
    amount: int
    reason: str
    split: tuple[tuple[str, int], ...]
    """(payment id, minor units); adds up to `amount`."""
    lines: tuple[tuple[int, int], ...]
    """(line number, minor units); adds up to `amount` less what is refunded of overpayment."""
    created_at: datetime
    case: str | None = None
    done_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """An after-sale case."""

    id: str
    state: CaseState
    reason: str
    demand: str | None
    pieces: tuple[Piece, ...]
    opened_at: datetime
    source: str
    remedy: str | None = None
    return_freight: str | None = None
    evidence: bool = False
    inspection: str | None = None
    claimed: int | None = None
    refund: str | None = None
    parcel: str | None = None
    """The parcel that sends the goods again."""
    closed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OrderRecord:
    """One order, whole. A value: every change makes a new one (see `change.py`)."""

    shop: str
    id: str
    number: str
    channel: str
    source_id: str
    currency: str
    type: str
    placed_at: datetime
    person: str
    """The id under which the buyer's and receiver's personal data is stored."""
    state: OrderState | None = None
    pay_state: PayState = PayState.UNPAID
    buyer_id: str | None = None
    region: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    has_message: bool = False
    tags: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    receivable: int = 0
    promised_at: datetime | None = None
    ship_by: datetime | None = None
    lines: dict[int, RecordLine] = field(default_factory=dict)
    payments: dict[str, RecordPayment] = field(default_factory=dict)
    holds: dict[str, Hold] = field(default_factory=dict)
    parcels: dict[str, Parcel] = field(default_factory=dict)
    refunds: dict[str, Refund] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    offers: dict[str, Offer] = field(default_factory=dict)
    backorder: Backorder | None = None
    signed_at: datetime | None = None
    complete_at: datetime | None = None
    archive_at: datetime | None = None
    ended_at: datetime | None = None
    end_cause: str | None = None
    archived: bool = False
    keep_years: int | None = None
    survey_score: int | None = None
    compensations: int = 0
    breaches: int = 0
    """How often the shop did not deliver what was bought, and called it off itself."""
    decisions: int = 0
    """How many decisions were made on it; the next one's number is one more."""

    @property
    def paid(self) -> int:
        """Money that came in."""
        return sum(payment.amount for payment in self.payments.values())

    @property
    def refunded(self) -> int:
        """Money that went back."""
        return sum(r.amount for r in self.refunds.values() if r.state is RefundState.SUCCESS)

    @property
    def refunding(self) -> int:
        """Money that went back or is on its way back."""
        return sum(refund.amount for refund in self.refunds.values())

    @property
    def paid_at(self) -> datetime | None:
        """When the last payment came in, or None."""
        return max((payment.paid_at for payment in self.payments.values()), default=None)

    def parcel(self, parcel_id: str) -> Parcel:
        """A parcel of this order; raises `UnknownPart`."""
        if parcel_id not in self.parcels:
            raise UnknownPart(f"order {self.number} has no parcel `{parcel_id}`")
        return self.parcels[parcel_id]

    def case(self, case_id: str) -> Case:
        """A case of this order; raises `UnknownPart`."""
        if case_id not in self.cases:
            raise UnknownPart(f"order {self.number} has no case `{case_id}`")
        return self.cases[case_id]

    def refund(self, refund_id: str) -> Refund:
        """A refund of this order; raises `UnknownPart`."""
        if refund_id not in self.refunds:
            raise UnknownPart(f"order {self.number} has no refund `{refund_id}`")
        return self.refunds[refund_id]

    @property
    def open_offer(self) -> Offer | None:
        """The offer that the buyer has not answered yet, or None."""
        return next((offer for offer in self.offers.values() if offer.closed_at is None), None)

    @property
    def goods(self) -> tuple[RecordLine, ...]:
        """The lines that have to be shipped."""
        return tuple(line for line in self.lines.values() if line.kind == "goods")

    @property
    def open_holds(self) -> tuple[Hold, ...]:
        """Holds that are not closed, in the order they were opened."""
        return tuple(hold for hold in self.holds.values() if hold.closed_at is None)

    @property
    def open_cases(self) -> tuple[Case, ...]:
        """Cases that are not closed."""
        return tuple(case for case in self.cases.values() if case.state not in CASE_CLOSED)

    @property
    def status(self) -> str:
        """The display status, derived."""
        return display_status(
            self.state or OrderState.PRE,
            archived=self.archived,
            held=bool(self.open_holds),
            open_refund=any(r.state is not RefundState.SUCCESS for r in self.refunds.values()),
            open_case=bool(self.open_cases),
        )

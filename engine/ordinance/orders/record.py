"""The record of an order: everything the core knows of it, without personal data.

Names, phones and addresses live apart under `person`; nothing of them enters the history.
All money is integer minor units of the shop's currency; all instants are zone-aware.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from ordinance.orders.negotiated import Backorder, Offer
from ordinance.orders.states import (
    CASE_CLOSED,
    CaseState,
    OrderState,
    ParcelState,
    PayState,
    RefundState,
    display_status,
)
from ordinance.orders.units import Run, counted


class UnknownPart(ValueError):
    """An order has no parcel, case or refund with that id."""


@dataclass(frozen=True)
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
    back: tuple[Run, ...] = ()
    """The units whose money was given back."""
    refunded: int = 0
    """Money given back for this line."""
    no_return_agreed: bool | None = None
    """Whether the buyer agreed at the purchase that it cannot be sent back without a reason."""
    parts: tuple[tuple[str, int], ...] = ()
    """The stock items that one unit takes, as they were at the purchase: what is in a bundle, or
    the stock item of an article that was renamed. Empty: one piece of its own sku."""
    gift_of: int | None = None
    """The line that earned this gift, and that it travels with; None: it is no gift."""
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
    def given_back(self) -> int:
        """How many units' money was given back."""
        return counted(self.back)

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
class Piece:
    """Some pieces of one order line: the units `first`, `first` + 1 ... of it."""

    line: int
    sku: str
    quantity: int
    first: int | None = None
    """None: whichever; a wish of the buyer does not say which."""

    @property
    def runs(self) -> tuple[Run, ...]:
        """The units as a run; from the first one on when it does not say which."""
        return ((self.first or 0, self.quantity),)


@dataclass(frozen=True, slots=True)
class Share:
    """What some goods carry of the order's money, in minor units."""

    amount: int = 0
    """Paid for them, after all discounts."""
    discount: int = 0
    """Taken off them."""
    freight: int = 0
    fee: int = 0
    tax: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(
            self.amount + other.amount,
            self.discount + other.discount,
            self.freight + other.freight,
            self.fee + other.fee,
            self.tax + other.tax,
        )


@dataclass(frozen=True, slots=True)
class Apart:
    """Why goods travel in a parcel of their own."""

    rule: str
    """The rule of `packing.split` that said so."""
    by: str
    """How it splits: `trait`, `weight` ..."""
    what: str = ""
    """The trait or category, or the limit."""


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
    apart: tuple[Apart, ...] = ()
    """Why it is a parcel of its own; empty when nothing was split out for it."""
    aboard: tuple[tuple[str, str], ...] = ()
    """What leaves in the same box: (order, parcel) of each merged order, this one among them, the
    one that the box is booked on first. Empty: only this order's goods."""
    share: Share = Share()
    """What its goods carry of the order's money."""

    def is_booked_on(self, order_id: str) -> bool:
        """Whether its box is booked with the carrier on this order; so is one of its own."""
        return not self.aboard or self.aboard[0] == (order_id, self.id)

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
class Rejection:
    """A warehouse did not ship a parcel that was given to it."""

    warehouse: str
    parcel: str
    reason: str
    at: datetime
    lasting: bool = True
    """Whether the warehouse is not asked for this order again."""


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
    parcels: tuple[str, ...] = ()
    """The parcels that send the goods again."""
    closed_at: datetime | None = None


@dataclass(frozen=True)
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
    rejections: tuple[Rejection, ...] = ()
    address_changes: int = 0
    push_at: datetime | None = None
    """Until then its parcels wait for other orders to leave with; None: they do not wait."""
    unmerged: bool = False
    """Whether it was taken out of a box; it is put into one again only when somebody asks."""
    breaches: int = 0
    """How often the shop did not deliver what was bought, and called it off itself."""
    checkout: str | None = None
    """The checkout whose reservation it took over and has not used up."""
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

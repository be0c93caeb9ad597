"""Stock as it is stored: movements, counters, reservations.

A counter row stands for one stock item in one warehouse. It changes only together with a movement,
so that the movements always add up to it; what is reserved, set aside or on its way also has a
row that says for whom.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

SHARED = ""
"""The pool of the pieces that no channel has for itself."""

_CHECKOUT = "checkout:"


class MovementKind(StrEnum):
    """Typed movements of the stock ledger."""

    RECEIVED = "received"
    RESERVED = "reserved"
    RELEASED = "released"
    SHIPPED = "shipped"
    RETURNED = "returned_to_stock"
    QUARANTINED = "quarantined"
    """Came in from outside, straight into quarantine."""
    WITHDRAWN = "withdrawn"
    """Taken off the shelf into quarantine."""
    CLEARED = "cleared"
    """Out of quarantine, back on the shelf."""
    SCRAPPED = "scrapped"
    """Out of quarantine, thrown away."""
    ADJUSTED = "adjusted"
    TRANSFERRED_OUT = "transferred_out"
    """Left for another warehouse; booked together with `ON_ITS_WAY` there."""
    ON_ITS_WAY = "on_its_way"
    TRANSFERRED_IN = "transferred_in"
    LOST_ON_ITS_WAY = "lost_on_its_way"
    SET_ASIDE = "set_aside"
    """Kept for one channel."""
    GIVEN_BACK = "given_back"
    """No longer kept for the channel."""
    SAFETY_CHANGED = "safety_changed"


SIGNED = frozenset({MovementKind.ADJUSTED, MovementKind.SAFETY_CHANGED})
"""The kinds whose quantity may be negative; all others move a positive number of pieces."""

HOLDING = frozenset({MovementKind.RESERVED, MovementKind.RELEASED, MovementKind.SHIPPED})
"""The kinds that make, end or fulfil a reservation, and so name its holder."""

POOLED = frozenset({MovementKind.SET_ASIDE, MovementKind.GIVEN_BACK})
"""The kinds that are about one channel's pool, and so name it."""

BETWEEN_WAREHOUSES = frozenset(
    {
        MovementKind.TRANSFERRED_OUT,
        MovementKind.ON_ITS_WAY,
        MovementKind.TRANSFERRED_IN,
        MovementKind.LOST_ON_ITS_WAY,
    }
)
"""The kinds that belong to a transfer, and so name it and its other end."""


@dataclass(frozen=True, slots=True)
class Movement:
    """One movement of pieces; what its kind does to the counter is in `effect`."""

    shop: str
    warehouse: str
    sku: str
    kind: MovementKind
    quantity: int
    at: datetime
    actor: str
    cause: str
    order_id: str | None = None
    pool: str = SHARED
    """To book RESERVED: the channel that buys, whose set-aside pieces are taken first. In the
    ledger: the pool that the pieces came from or went to."""
    token: str | None = None
    """The checkout that holds the pieces. To book RESERVED for an order: the checkout whose
    reservation the order takes over as far as it goes."""
    transfer: str | None = None
    """The transfer between two warehouses that it belongs to."""
    counterpart: str | None = None
    """The warehouse at the other end of the transfer."""
    note: str = ""
    """Why, in the words of the person who booked it."""

    @property
    def holder(self) -> str | None:
        """Whose reservation it is about: the order, else the checkout; None for neither."""
        if self.order_id is not None:
            return self.order_id
        return checkout_holder(self.token) if self.token is not None else None


def summed(movements: Sequence[Movement]) -> Sequence[Movement]:
    """The movements, with those that differ in nothing but their pieces as one."""
    if len({(movement.sku, movement.warehouse) for movement in movements}) == len(movements):
        return movements
    total: dict[Movement, int] = {}
    for movement in movements:
        same = replace(movement, quantity=0)
        total[same] = total.get(same, 0) + movement.quantity
    return [replace(same, quantity=pieces) for same, pieces in total.items() if pieces]


def checkout_holder(token: str) -> str:
    """The holder of what a checkout reserved; never equal to the id of an order."""
    return _CHECKOUT + token


def token_of(holder: str) -> str | None:
    """The checkout that a holder stands for, or None for an order."""
    return holder.removeprefix(_CHECKOUT) if holder.startswith(_CHECKOUT) else None


@dataclass(frozen=True, slots=True)
class Buckets:
    """How many pieces lie in each bucket of a counter, or by how many a movement changes it."""

    on_hand: int = 0
    reserved: int = 0
    quarantine: int = 0
    set_aside: int = 0
    in_transit: int = 0
    safety: int = 0

    def __add__(self, other: Buckets) -> Buckets:
        return Buckets(
            self.on_hand + other.on_hand,
            self.reserved + other.reserved,
            self.quarantine + other.quarantine,
            self.set_aside + other.set_aside,
            self.in_transit + other.in_transit,
            self.safety + other.safety,
        )


_SHELF = frozenset(
    {
        MovementKind.RECEIVED,
        MovementKind.RETURNED,
        MovementKind.ADJUSTED,
        MovementKind.CLEARED,
        MovementKind.TRANSFERRED_IN,
    }
)
_OFF_SHELF = frozenset({MovementKind.SHIPPED, MovementKind.WITHDRAWN, MovementKind.TRANSFERRED_OUT})


def effect(movement: Movement) -> Buckets:
    """What a movement of the ledger does to the buckets of its counter."""
    kind, count = movement.kind, movement.quantity
    own = count if movement.pool != SHARED else 0
    match kind:
        case MovementKind.RESERVED:
            return Buckets(reserved=count, set_aside=-own)
        case MovementKind.RELEASED:
            return Buckets(reserved=-count, set_aside=own)
        case MovementKind.SHIPPED:
            return Buckets(on_hand=-count, reserved=-count)
        case MovementKind.QUARANTINED:
            return Buckets(quarantine=count)
        case MovementKind.WITHDRAWN:
            return Buckets(on_hand=-count, quarantine=count)
        case MovementKind.CLEARED:
            return Buckets(on_hand=count, quarantine=-count)
        case MovementKind.SCRAPPED:
            return Buckets(quarantine=-count)
        case MovementKind.TRANSFERRED_OUT:
            return Buckets(on_hand=-count)
        case MovementKind.ON_ITS_WAY:
            return Buckets(in_transit=count)
        case MovementKind.TRANSFERRED_IN:
            return Buckets(on_hand=count, in_transit=-count)
        case MovementKind.LOST_ON_ITS_WAY:
            return Buckets(in_transit=-count)
        case MovementKind.SET_ASIDE:
            return Buckets(set_aside=count)
        case MovementKind.GIVEN_BACK:
            return Buckets(set_aside=-count)
        case MovementKind.SAFETY_CHANGED:
            return Buckets(safety=count)
        case _:
            return Buckets(on_hand=count)


@dataclass(frozen=True, slots=True)
class StockLevel:
    """The counter row of one stock item in one warehouse."""

    warehouse: str
    sku: str
    on_hand: int
    """Pieces on the shelf that can be sold, reserved and set-aside ones included."""
    reserved: int
    quarantine: int = 0
    set_aside: int = 0
    """Pieces kept for channels and not reserved."""
    in_transit: int = 0
    """Pieces on their way here from another warehouse."""
    safety: int = 0
    """Pieces that are held back from new reservations."""
    own: int = 0
    """Pieces that only the one who asked can have: set aside for the channel, or held by the
    checkout."""

    @property
    def shared(self) -> int:
        """What any channel may still be promised."""
        return max(self.on_hand - self.reserved - self.set_aside - self.safety, 0)

    @property
    def available(self) -> int:
        """What may still be promised to the one who asked."""
        return self.shared + self.own

    @property
    def unbound(self) -> int:
        """Pieces on the shelf that nobody was promised."""
        return self.on_hand - self.reserved - self.set_aside

    @property
    def buckets(self) -> Buckets:
        """The counts alone."""
        return Buckets(
            self.on_hand,
            self.reserved,
            self.quarantine,
            self.set_aside,
            self.in_transit,
            self.safety,
        )


def level_at(levels: Iterable[StockLevel], warehouse: str, sku: str) -> StockLevel:
    """The counter of a stock item in a warehouse, of nothing where there is none."""
    found = (one for one in levels if (one.warehouse, one.sku) == (warehouse, sku))
    return next(found, StockLevel(warehouse, sku, 0, 0))


@dataclass(frozen=True, slots=True)
class Reservation:
    """Pieces that a holder has: an order, or a checkout until it expires or becomes an order."""

    holder: str
    sku: str
    warehouse: str
    pool: str
    pieces: int
    expires_at: datetime | None = None
    """None: it stays until it is shipped or released."""


@dataclass(frozen=True, slots=True)
class PoolLevel:
    """Pieces that are set aside for one channel and not reserved."""

    sku: str
    warehouse: str
    channel: str
    pieces: int


@dataclass(frozen=True, slots=True)
class OnItsWay:
    """Pieces that left one warehouse for another and have not arrived."""

    transfer: str
    sku: str
    warehouse: str
    """Where they go."""
    source: str
    """Where they came from."""
    pieces: int


@dataclass(frozen=True, slots=True)
class StockAccount:
    """All that is kept of one stock item in one warehouse beside its ledger."""

    warehouse: str
    sku: str
    buckets: Buckets
    moves: int
    """How many movements it has."""
    reservations: tuple[Reservation, ...] = ()
    pools: tuple[PoolLevel, ...] = ()
    transfers: tuple[OnItsWay, ...] = ()


@dataclass(frozen=True, slots=True)
class Numbering:
    """How the movements of one stock item in one warehouse are numbered."""

    warehouse: str
    sku: str
    entries: int
    last: int
    """The highest number in the ledger."""
    moves: int
    """How many movements the counter has counted."""

    @property
    def is_whole(self) -> bool:
        """Whether no movement is missing: they are numbered from 1 without a gap."""
        return self.entries == self.last and self.moves <= self.last


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that was asked for and could not be had."""

    sku: str
    warehouse: str | None
    """None: all warehouses together."""
    kind: MovementKind
    wanted: int
    available: int
    """How many could have been had."""

    @classmethod
    def of(cls, movement: Movement, available: int) -> Lack:
        """What a movement could not have."""
        wanted = abs(movement.quantity)
        return cls(movement.sku, movement.warehouse, movement.kind, wanted, available)

    def __str__(self) -> str:
        place = f"in {self.warehouse}" if self.warehouse else "in all warehouses"
        return f"`{self.sku}` {place}: {self.wanted} wanted ({self.kind}), {self.available} there"


class OutOfStock(Exception):
    """The counter does not have what was asked for; nothing was booked.

    `lacks` says of each stock item how many pieces there are.
    """

    def __init__(self, lacks: Sequence[Lack]) -> None:
        self.lacks = tuple(lacks)
        super().__init__("; ".join(str(lack) for lack in self.lacks))

    @property
    def available(self) -> int:
        """How many pieces of the first stock item there are."""
        return self.lacks[0].available

"""The invariants of stock, I1 to I5, checked by one function.

I1: nothing is below zero, and what is promised is on the shelf. I2: the movements add up to the
counter, and none is missing. I3: what is reserved is what the reservations say, and they are what
the ledger and the orders say; each ended once. I4: every piece of an order is shipped, reserved,
cancelled, or visibly waiting. I5: transfers neither make nor lose pieces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ordinance.audit.accounts import (
    Ledger,
    Place,
    is_possible,
    kept,
    pool_word,
    side_by_side,
)
from ordinance.audit.finding import Finding
from ordinance.inventory import Buckets, Movement, Numbering, StockAccount, token_of
from ordinance.orders.change import decode
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import TERMINAL, OrderState, ParcelState
from ordinance.ports import Storage

_NAMES = ("on_hand", "reserved", "quarantine", "set_aside", "in_transit", "safety")


@dataclass
class Claims:
    """What the orders of a shop say about stock, gathered while somebody reads them."""

    held: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    """Pieces by order id, warehouse and stock item."""
    shipped: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Pieces by order id and stock item."""
    checkouts: dict[str, str] = field(default_factory=dict)
    """The number of the order that has a checkout, by the token."""
    numbers: dict[str, str] = field(default_factory=dict)
    """The public number by order id."""
    findings: list[Finding] = field(default_factory=list)

    def see(self, record: OrderRecord) -> None:
        """Take in what an order says, and check its lines."""
        self.numbers[record.id] = record.number
        if record.checkout is not None:
            self.checkouts[record.checkout] = record.number
        for line in record.goods:
            for warehouse, units in line.held_at.items():
                for item, pieces in line.takes(units).items():
                    self.held[record.id, warehouse, item] += pieces
            for item, pieces in line.takes(line.shipped).items():
                self.shipped[record.id, item] += pieces
        for parcel in record.parcels.values():
            # A parcel that replaces a lost one has stock of its own, which no line counts.
            if not parcel.replaces or parcel.state is ParcelState.CANCELLED:
                continue
            for piece in parcel.pieces:
                for item, pieces in record.lines[piece.line].takes(piece.quantity).items():
                    if parcel.state is ParcelState.SHIPPED:
                        self.shipped[record.id, item] += pieces
                    else:
                        self.held[record.id, parcel.warehouse, item] += pieces
        self.findings += _lines(record)


def check_stock(storage: Storage, shop: str, claims: Claims | None = None) -> list[Finding]:
    """Check I1 to I5 of a shop; an empty list means that everything adds up.

    `claims` are what all orders of the shop say, where the caller has read them anyway.
    """
    if claims is None:
        claims = Claims()
        for stored in storage.orders(shop):
            claims.see(decode(stored.document))
    unsigned: list[Finding] = []
    ledger = Ledger.of(_signed(storage.movements(shop), unsigned))
    books = kept(storage, shop)
    return [
        *_possible(books),
        *_counted(storage.numberings(shop), ledger, books),
        *_reserved(ledger, books),
        *_claimed(books, claims),
        *claims.findings,
        *_shipped(ledger, claims),
        *_moved(ledger, books),
        *unsigned,
    ]


def _signed(movements: Iterable[Movement], unsigned: list[Finding]) -> Iterator[Movement]:
    """The same movements; those that do not say who booked them, and why, are findings."""
    for move in movements:
        if not move.actor.strip() or not move.cause.strip():
            place = (move.warehouse, move.sku)
            text = f"a movement ({move.kind}) does not say who booked it, or why"
            unsigned.append(Finding("I17", _about(place), text))
        yield move


def _about(place: Place) -> str:
    return f"{place[1]} in {place[0]}"


def _possible(books: Mapping[Place, StockAccount]) -> Iterator[Finding]:
    for place, account in books.items():
        if not is_possible(account.buckets):
            yield Finding("I1", _about(place), f"cannot be: {told(account.buckets)}")


def _counted(
    numberings: Sequence[Numbering], ledger: Ledger, books: Mapping[Place, StockAccount]
) -> Iterator[Finding]:
    for numbers in numberings:
        place = (numbers.warehouse, numbers.sku)
        if not numbers.is_whole:
            yield Finding(
                "I2",
                _about(place),
                f"a movement is missing: {numbers.entries} are there, the last is number "
                f"{numbers.last}, the counter has counted {numbers.moves}",
            )
    for place, has, proof in side_by_side(ledger.accounts, books):
        # What is in transit is I5's to judge.
        if replace(has.buckets, in_transit=0) != replace(proof.buckets, in_transit=0):
            yield Finding(
                "I2",
                _about(place),
                f"the counter says {told(has.buckets)}; "
                f"the movements add up to {told(proof.buckets)}",
            )


def told(buckets: Buckets) -> str:
    """The buckets that hold anything, in words."""
    counts = ((name.replace("_", " "), getattr(buckets, name)) for name in _NAMES)
    return ", ".join(f"{name} {count}" for name, count in counts if count) or "nothing"


def _reserved(ledger: Ledger, books: Mapping[Place, StockAccount]) -> Iterator[Finding]:
    """Reservations and pools against the counter and the ledger."""
    for place, has, proof in side_by_side(ledger.accounts, books):
        sums = (
            ("reserved", has.buckets.reserved, sum(one.pieces for one in has.reservations)),
            ("set aside", has.buckets.set_aside, sum(one.pieces for one in has.pools)),
        )
        for name, counter, rows in sums:
            if counter != rows:
                yield Finding("I3", _about(place), f"{name} is {counter}, its rows say {rows}")
        rows_of = Counter({(one.holder, one.pool): one.pieces for one in has.reservations})
        booked = Counter({(one.holder, one.pool): one.pieces for one in proof.reservations})
        for key in sorted({*rows_of, *booked}):
            if rows_of[key] != booked[key]:
                yield Finding(
                    "I3",
                    _about(place),
                    f"`{key[0]}` has {rows_of[key]} reserved from {pool_word(key[1])}, "
                    f"its movements add up to {booked[key]}",
                )
        aside = Counter({one.channel: one.pieces for one in has.pools})
        given = Counter({one.channel: one.pieces for one in proof.pools})
        for channel in sorted({*aside, *given}):
            if aside[channel] != given[channel]:
                yield Finding(
                    "I3",
                    _about(place),
                    f"{aside[channel]} are set aside for {channel}, "
                    f"the movements add up to {given[channel]}",
                )


def _claimed(books: Mapping[Place, StockAccount], claims: Claims) -> Iterator[Finding]:
    """Reservations against what orders say they hold, and checkouts that nobody will end."""
    reserved: Counter[tuple[str, str, str]] = Counter()
    for place, account in books.items():
        for one in account.reservations:
            token = token_of(one.holder)
            if token is None:
                reserved[one.holder, place[0], place[1]] += one.pieces
            elif one.expires_at is None and token not in claims.checkouts:
                yield Finding(
                    "I3",
                    _about(place),
                    f"checkout `{token}` never expires, and no order has taken it over",
                )
    for key in sorted({*reserved, *claims.held}):
        order_id, warehouse, item = key
        has, holds = reserved[key], claims.held[key]
        if has != holds:
            yield Finding(
                "I3",
                _about((warehouse, item)),
                f"order {claims.numbers.get(order_id, order_id)} holds {holds}, "
                f"{has} are reserved for it",
            )


def _lines(record: OrderRecord) -> Iterator[Finding]:
    for line in record.goods:
        if line.waiting < 0:
            yield Finding("I4", record.number, f"line {line.no} has more pieces than were ordered")
        if any(units <= 0 for units in line.held_at.values()):
            yield Finding("I4", record.number, f"line {line.no} holds a number that cannot be")
    gone = sum(
        piece.quantity
        for parcel in record.parcels.values()
        for piece in parcel.pieces
        if parcel.state is ParcelState.SHIPPED and not parcel.replaces
    )
    if gone != sum(line.shipped for line in record.goods):
        yield Finding(
            "I4",
            record.number,
            f"{gone} pieces left in parcels, its lines count "
            f"{sum(line.shipped for line in record.goods)}",
        )
    if record.state in TERMINAL:
        if any(line.reserved for line in record.goods):
            yield Finding("I3", record.number, "is over but still holds stock")
        if record.checkout is not None:
            yield Finding("I3", record.number, "is over but still has its checkout")
    waits = [line.no for line in record.goods if line.waiting > 0]
    on_its_way = record.state in (
        OrderState.AUDITED,
        OrderState.FULFILLING,
        OrderState.PART_SHIPPED,
        OrderState.SHIPPED,
    )
    if waits and on_its_way and not record.open_holds:
        yield Finding(
            "I4",
            record.number,
            f"line {waits[0]} has pieces that are neither reserved nor waiting for anything",
        )


def _shipped(ledger: Ledger, claims: Claims) -> Iterator[Finding]:
    for key in sorted({*ledger.shipped, *claims.shipped}):
        left, says = ledger.shipped[key], claims.shipped[key]
        if left != says:
            yield Finding(
                "I4",
                claims.numbers.get(key[0], key[0]),
                f"{left} of `{key[1]}` were booked out for it, it counts {says} as shipped",
            )
    for key, back in sorted(ledger.returned.items()):
        if back > ledger.shipped[key]:
            yield Finding(
                "I4",
                claims.numbers.get(key[0], key[0]),
                f"{back} of `{key[1]}` came back from it, of {ledger.shipped[key]} that left",
            )


def _moved(ledger: Ledger, books: Mapping[Place, StockAccount]) -> Iterator[Finding]:
    for key in sorted({*ledger.left, *ledger.sent}):
        if ledger.left[key] != ledger.sent[key]:
            yield Finding(
                "I5",
                f"{key[1]} in transfer {key[0]}",
                f"{ledger.left[key]} left, {ledger.sent[key]} were sent on their way",
            )
    for place, has, proof in side_by_side(ledger.accounts, books):
        counter, booked = has.buckets.in_transit, proof.buckets.in_transit
        rows = sum(one.pieces for one in has.transfers)
        if not counter == rows == booked:
            yield Finding(
                "I5",
                _about(place),
                f"{counter} are in transit, its rows say {rows}, the movements {booked}",
            )
        elif has.transfers != proof.transfers:
            yield Finding("I5", _about(place), "the transfers on their way are not the booked ones")

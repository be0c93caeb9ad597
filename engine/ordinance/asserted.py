"""What is asserted inside the transaction that could break it, always, in production too.

I1 is a condition of the tables. The rest is asked of each order just before it is stored; what does
not hold undoes the whole command. Only what this command has changed is looked at, so that it costs
little: the doctor looks at all of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ordinance.orders.balance import imbalances
from ordinance.orders.change import COLLECTIONS, Change
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import PARCEL_OVER
from ordinance.ports import Transaction

Held = Counter[tuple[str, str]]
"""Pieces by warehouse and stock item."""


class Violated(Exception):
    """A command would have broken what always holds; nothing of it was stored."""


def assert_sound(change: Change, tx: Transaction) -> None:
    """Raise `Violated` where an order, as it is to be stored, breaks I3, I6 or I9."""
    for checks in (_history(change), _money(change.record), _holdings(change, tx)):
        for invariant, text in checks:
            raise Violated(
                f"{invariant} would not hold for order {change.record.number}: {text}; nothing of "
                "this command was stored. This is a defect: please report it"
            )


def _history(change: Change) -> Iterator[tuple[str, str]]:
    """I9: events are numbered on from the last one, and all that changed is in one of them."""
    versions = [event.version for event in change.events]
    if versions != list(range(change.base_version + 1, change.version + 1)):
        yield "I9", f"its new events have the versions {versions}"
    before = vars(change.before)
    for name, now in vars(change.record).items():
        was = before[name]
        if was is now or was == now:
            continue
        if name not in COLLECTIONS:
            if name not in change.named:
                yield "I9", f"`{name}` changed without an event"
            continue
        for key in {*was, *now}:
            if was.get(key) != now.get(key) and f"{name}/{key}" not in change.named:
                yield "I9", f"`{name}/{key}` changed without an event"


def _money(record: OrderRecord) -> Iterator[tuple[str, str]]:
    """I6: the money of the order adds up, and no more went back than came in."""
    for text in imbalances(record):
        yield "I6", text
    if not 0 <= record.refunding <= record.paid:
        yield "I6", f"{record.refunding} went back of {record.paid}"


def _holdings(change: Change, tx: Transaction) -> Iterator[tuple[str, str]]:
    """I3: what the order says it holds is what is reserved for it."""
    record = change.record
    holds = held(record)
    if holds == held(change.before) and change.base_version:
        return
    reserved: Held = Counter()
    for one in tx.reservations(record.shop, record.id):
        reserved[one.warehouse, one.sku] += one.pieces
    if reserved != holds:
        place = next(each for each in sorted({*reserved, *holds}) if reserved[each] != holds[each])
        yield (
            "I3",
            f"it holds {holds[place]} of `{place[1]}` in {place[0]}, reserved are "
            f"{reserved[place]}",
        )


def held(record: OrderRecord) -> Held:
    """What an order holds: for its lines, and for parcels that are sent again."""
    found: Held = Counter()
    for line in record.goods:
        for warehouse, units in line.held_at.items():
            for item, pieces in line.takes(units).items():
                found[warehouse, item] += pieces
    for parcel in record.parcels.values():
        if parcel.replaces and parcel.state not in PARCEL_OVER:
            for piece in parcel.pieces:
                for item, pieces in record.lines[piece.line].takes(piece.quantity).items():
                    found[parcel.warehouse, item] += pieces
    return found

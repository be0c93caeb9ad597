"""Loss: a shelf holds less than the books. What nobody was promised is lost first; then, by rule,
orders give up their pieces. All of it happens in the transaction that books the loss."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from ordinance.elapsed import elapsed
from ordinance.fulfilment.handover import call_back
from ordinance.fulfilment.reship import send_instead
from ordinance.inventory import level_at, token_of
from ordinance.orders.change import Change
from ordinance.orders.demand import inside
from ordinance.orders.desk import Asked, Desk, why
from ordinance.orders.lineage import loose
from ordinance.orders.money import major_units
from ordinance.orders.record import OrderRecord, Parcel
from ordinance.orders.states import PARCEL_OVER, ParcelState
from ordinance.ports import Movement, MovementKind, StockLevel
from ordinance.rules import Value
from ordinance.stock.reserving import unreserve

NO_PROMISE = 1_000_000
"""Hours left of an order that was promised for no date."""

_TO_STOP = (ParcelState.PUSHED, ParcelState.PICKING)


class CannotBeMissing(ValueError):
    """A count below what is packed, or below what the rules let orders give up."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A stock item in a warehouse that is counted, and the command that counts it."""

    desk: Desk
    warehouse: str
    sku: str
    now: datetime
    actor: str
    cause: str

    @property
    def level(self) -> StockLevel:
        """The counter as it is now."""
        found = self.desk.tx.levels(self.desk.profile.shop, [self.sku])
        return level_at(found, self.warehouse, self.sku)

    def book(
        self, kind: MovementKind, quantity: int, *, pool: str = "", token: str | None = None
    ) -> None:
        """Book a movement that is about no order."""
        self.desk.tx.move(
            Movement(
                shop=self.desk.profile.shop,
                warehouse=self.warehouse,
                sku=self.sku,
                kind=kind,
                quantity=quantity,
                at=self.now,
                actor=self.actor,
                cause=self.cause,
                pool=pool,
                token=token,
            )
        )


def count(shelf: Shelf, found: int) -> list[str]:
    """Book what a count found; returns the ids of the orders that gave up pieces.

    The orders then go on: they find other stock, or wait for it, or are held. Raises
    `CannotBeMissing`; then nothing is booked.
    """
    lost = shelf.level.on_hand - found
    if lost < 0:
        shelf.book(MovementKind.ADJUSTED, -lost)
    if lost <= 0:
        return []
    _take_from_channels(shelf, lost)
    _end_checkouts(shelf, lost)
    losers, again = _take_from_orders(shelf, lost)
    # What was reserved out of a channel's own pieces has gone back to the channel.
    _take_from_channels(shelf, lost)
    shelf.book(MovementKind.ADJUSTED, -lost)
    for order_id, parcel_id in again:
        _send_instead(shelf, order_id, parcel_id)
    return losers


def _take_from_channels(shelf: Shelf, lost: int) -> None:
    """Pieces that are set aside and not reserved go before any that was promised."""
    shop = shelf.desk.profile.shop
    for pool in shelf.desk.tx.pools_at(shop, shelf.warehouse, shelf.sku):
        part = min(lost - shelf.level.unbound, pool.pieces)
        if part > 0:
            shelf.book(MovementKind.GIVEN_BACK, part, pool=pool.channel)


def _end_checkouts(shelf: Shelf, lost: int) -> None:
    """A checkout that has not become an order gives up before any order does."""
    shop = shelf.desk.profile.shop
    for held in shelf.desk.tx.holders(shop, shelf.sku, shelf.warehouse):
        token = token_of(held.holder)
        part = min(lost - shelf.level.unbound, held.pieces)
        if token is not None and part > 0:
            shelf.book(MovementKind.RELEASED, part, token=token)
            _take_from_channels(shelf, lost)


def _take_from_orders(shelf: Shelf, lost: int) -> tuple[list[str], list[tuple[str, str]]]:
    """Let orders give up what is still missing, in the order that the rules say.

    Returns the orders, and the parcels that were to be sent in place of others.
    """
    short = lost - shelf.level.unbound
    if short <= 0:
        return [], []
    holders = _holders(shelf)
    asked = _ranked(shelf, holders, short)
    ranking = [item.code for item in asked.decision.ranking if item.place is not None]
    by_number = {record.number: record for record in holders}
    losers: list[tuple[OrderRecord, int]] = []
    for number in ranking:
        if short <= 0:
            break
        share = min(short, sum(_releasable(by_number[number], shelf).values()))
        losers.append((by_number[number], share))
        short -= share
    if short > 0:
        raise CannotBeMissing(
            f"{shelf.warehouse} has {short} more of `{shelf.sku}` packed, or held by orders that "
            "keep them by `allocation.loss`, than the count says; packed goods are on the shelf "
            "until they are handed over: count them too"
        )
    again: list[tuple[str, str]] = []
    given: list[str] = []
    # The one that the rules protect most looks for other stock first.
    for record, share in reversed(losers):
        need = min(share, lost - shelf.level.unbound)
        if need <= 0:
            continue
        change = shelf.desk.orders.open(record.id)
        again += [(record.id, parcel) for parcel in _give_up(change, shelf, need, asked)]
        _take_from_channels(shelf, lost)
        given.append(record.id)
    return given, again


def _holders(shelf: Shelf) -> list[OrderRecord]:
    """The orders that hold pieces, by id."""
    held = shelf.desk.tx.holders(shelf.desk.profile.shop, shelf.sku, shelf.warehouse)
    ids = dict.fromkeys(item.holder for item in held if token_of(item.holder) is None)
    return [shelf.desk.orders.record(order_id) for order_id in ids]


def _ranked(shelf: Shelf, holders: Sequence[OrderRecord], short: int) -> Asked:
    """Ask `allocation.loss` who gives up first."""
    facts: dict[str, Value] = {
        "loss.warehouse": shelf.warehouse,
        "loss.sku": shelf.sku,
        "loss.pieces": short,
    }
    candidates = [_candidate(record, shelf) for record in holders]
    return shelf.desk.ask(shelf.now, "allocation.loss", facts, candidates=candidates)


def _candidate(record: OrderRecord, shelf: Shelf) -> dict[str, Value]:
    can = _releasable(record, shelf)
    left = NO_PROMISE if record.ship_by is None else _hours(record.ship_by - shelf.now)
    return {
        "candidate.code": record.number,
        "candidate.pieces": sum(can.values()),
        "candidate.packed": not can,
        "candidate.parcels_to_stop": sum(
            1 for code in can if code is not None and record.parcels[code].state in _TO_STOP
        ),
        "candidate.hours_left": left,
        "candidate.hours_waited": _hours(elapsed(record.placed_at, shelf.now)),
        "candidate.channel": record.channel,
        "candidate.tags": frozenset(record.tags),
        "candidate.value": major_units(record.receivable, shelf.desk.profile.minor_digits),
    }


def _hours(span: timedelta) -> int:
    return int(span.total_seconds() // 3600)


def _releasable(record: OrderRecord, shelf: Shelf) -> Mapping[str | None, int]:
    """Pieces of the stock item that the order could give up, by parcel (None: in no parcel)."""
    can: dict[str | None, int] = {}
    unbound = sum(_loose(record, shelf).values())
    if unbound:
        can[None] = unbound
    for parcel in _living(record, shelf):
        count = inside(record, parcel, shelf.sku)
        if count and parcel.state is not ParcelState.PACKED:
            can[parcel.id] = count
    return can


def _living(record: OrderRecord, shelf: Shelf) -> list[Parcel]:
    """Parcels in the warehouse that have not left, those that cost nothing to stop first."""
    living = [
        parcel
        for parcel in record.parcels.values()
        if parcel.warehouse == shelf.warehouse and parcel.state not in PARCEL_OVER
    ]
    return sorted(living, key=lambda parcel: parcel.state in _TO_STOP)


def _loose(record: OrderRecord, shelf: Shelf) -> dict[int, int]:
    """Pieces of the stock item that are reserved and in no parcel, by line."""
    there = {
        no: record.lines[no].takes(units).get(shelf.sku, 0)
        for (warehouse, no), units in loose(record).items()
        if warehouse == shelf.warehouse
    }
    return {no: pieces for no, pieces in there.items() if pieces}


def _give_up(change: Change, shelf: Shelf, need: int, asked: Asked) -> list[str]:
    """Release up to `need` pieces of an order, those in no parcel first; a parcel goes whole.

    Returns the parcels among them that stand in for others.
    """
    shelf.desk.record(change, asked)
    can = _releasable(change.record, shelf)
    change.happen(
        "stock.lost",
        {
            "warehouse": shelf.warehouse,
            "sku": shelf.sku,
            "missing": min(need, sum(can.values())),
            "rule": why(asked.decision),
        },
    )
    for no, pieces in _loose(change.record, shelf).items():
        each = change.record.lines[no].takes(1)[shelf.sku]
        units = min(-(-need // each), pieces // each)
        if units > 0:
            unreserve(change, shelf.desk, shelf.warehouse, {no: units})
            need -= units * each
    again = []
    for parcel in _living(change.record, shelf):
        if need <= 0:
            break
        if parcel.id in can:
            need -= can[parcel.id]
            change.effect("warehouse.cancel", f"cancel:{parcel.id}", {"parcel": parcel.id})
            call_back(change, shelf.desk, parcel.id)
            again += [parcel.id] if parcel.replaces is not None else []
    return again


def _send_instead(shelf: Shelf, order_id: str, parcel_id: str) -> None:
    def do(change: Change, desk: Desk) -> None:
        send_instead(change, desk, change.record.parcel(parcel_id))

    shelf.desk.orders.on(order_id, do)

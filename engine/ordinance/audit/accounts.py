"""Stock accounts: what the ledger of each stock item comes to, and what is kept beside it.

The two are equal, or something is wrong; the ledger is what cannot be changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from ordinance.inventory import (
    SHARED,
    Buckets,
    Movement,
    MovementKind,
    OnItsWay,
    PoolLevel,
    Reservation,
    StockAccount,
    effect,
)
from ordinance.ports import Storage

Place = tuple[str, str]
"""A stock item in a warehouse: (warehouse, sku)."""


_BACK = frozenset({MovementKind.RETURNED, MovementKind.QUARANTINED})


@dataclass
class _Sums:
    """What movements add up to while they are read."""

    buckets: Buckets = field(default_factory=Buckets)
    moves: int = 0
    held: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By holder and pool."""
    aside: Counter[str] = field(default_factory=Counter)
    way: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By transfer and the warehouse that it comes from."""

    def add(self, move: Movement) -> None:
        change = effect(move)
        self.buckets = self.buckets + change
        self.moves += 1
        if change.reserved:
            self.held[move.holder or "", move.pool] += change.reserved
        if change.set_aside:
            self.aside[move.pool] += change.set_aside
        if change.in_transit:
            self.way[move.transfer or "", move.counterpart or ""] += change.in_transit


@dataclass
class Ledger:
    """What the movements of a shop come to, read once."""

    accounts: dict[Place, StockAccount] = field(default_factory=dict)
    """What comes to nothing is left out; what comes below zero is not."""
    shipped: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Pieces booked out by order id and stock item."""
    returned: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Pieces that came back, to the shelf or to quarantine, by order id and stock item."""
    left: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Pieces that left a warehouse, by transfer and stock item."""
    sent: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Pieces sent on their way to the other warehouse, by transfer and stock item."""

    @classmethod
    def of(cls, movements: Iterable[Movement]) -> Ledger:
        """Read the movements; nothing is taken from the counters."""
        ledger = cls()
        sums: dict[Place, _Sums] = {}
        for move in movements:
            sums.setdefault((move.warehouse, move.sku), _Sums()).add(move)
            if move.kind is MovementKind.SHIPPED:
                ledger.shipped[move.order_id or "", move.sku] += move.quantity
            elif move.order_id is not None and move.kind in _BACK:
                ledger.returned[move.order_id, move.sku] += move.quantity
            elif move.kind is MovementKind.TRANSFERRED_OUT:
                ledger.left[move.transfer or "", move.sku] += move.quantity
            elif move.kind is MovementKind.ON_ITS_WAY:
                ledger.sent[move.transfer or "", move.sku] += move.quantity
        ledger.accounts = {place: _account(place, found) for place, found in sums.items()}
        return ledger


def _account(place: Place, sums: _Sums) -> StockAccount:
    warehouse, sku = place
    return StockAccount(
        warehouse,
        sku,
        sums.buckets,
        sums.moves,
        tuple(
            Reservation(holder, sku, warehouse, pool, pieces)
            for (holder, pool), pieces in sorted(sums.held.items())
            if pieces
        ),
        tuple(
            PoolLevel(sku, warehouse, channel, pieces)
            for channel, pieces in sorted(sums.aside.items())
            if pieces
        ),
        tuple(
            OnItsWay(transfer, sku, warehouse, source, pieces)
            for (transfer, source), pieces in sorted(sums.way.items())
            if pieces
        ),
    )


def kept(storage: Storage, shop: str) -> dict[Place, StockAccount]:
    """The account of each place as counters, reservations, pools and transfers have it."""
    moves = {(one.warehouse, one.sku): one.moves for one in storage.numberings(shop)}
    held: dict[Place, list[Reservation]] = {}
    aside: dict[Place, list[PoolLevel]] = {}
    way: dict[Place, list[OnItsWay]] = {}
    for reservation in storage.all_reservations(shop):
        held.setdefault((reservation.warehouse, reservation.sku), []).append(reservation)
    for pool in storage.pools(shop):
        aside.setdefault((pool.warehouse, pool.sku), []).append(pool)
    for transfer in storage.transfers(shop):
        way.setdefault((transfer.warehouse, transfer.sku), []).append(transfer)
    buckets = {(one.warehouse, one.sku): one.buckets for one in storage.stock(shop)}
    return {
        place: StockAccount(
            *place,
            buckets.get(place, Buckets()),
            moves.get(place, 0),
            tuple(held.get(place, ())),
            tuple(aside.get(place, ())),
            tuple(way.get(place, ())),
        )
        for place in sorted({*buckets, *held, *aside, *way})
    }


def side_by_side(
    ledger: Mapping[Place, StockAccount], books: Mapping[Place, StockAccount]
) -> Iterator[tuple[Place, StockAccount, StockAccount]]:
    """Every place with what is kept and what its ledger comes to; nothing where one is missing."""
    for place in sorted({*ledger, *books}):
        nothing = StockAccount(*place, Buckets(), 0)
        yield place, books.get(place, nothing), ledger.get(place, nothing)


def is_possible(buckets: Buckets) -> bool:
    """Whether a shelf can be so: nothing below zero, nothing promised that is not there."""
    lowest = min(
        buckets.reserved,
        buckets.quarantine,
        buckets.set_aside,
        buckets.in_transit,
        buckets.safety,
    )
    return lowest >= 0 and buckets.reserved + buckets.set_aside <= buckets.on_hand


def pool_word(pool: str) -> str:
    """How a pool is called in a message."""
    return "shared stock" if pool == SHARED else f"the pool of {pool}"

"""The stockroom: what people do to stock outside of orders.

It needs no rules and no profile, only the store: goods are counted, moved and set aside where the
rules that sell them are somebody else's.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from ordinance.inventory import Movement, MovementKind, StockLevel, level_at
from ordinance.keyed import done_before, fingerprint
from ordinance.ports import Storage, StoredCommand, Transaction
from ordinance.rules.decision import Plain
from ordinance.stock import purchasing


class NothingOnItsWay(ValueError):
    """There is no such transfer, or all of it has arrived."""


@dataclass(frozen=True, slots=True)
class Slip:
    """What is written on every command of the stockroom."""

    key: str
    """It is booked once; a delivery and a transfer are known by it."""
    at: datetime
    by: str
    """Who booked it."""
    note: str = ""
    """Why."""


@dataclass(frozen=True, slots=True)
class Booked:
    """What a command answers: the counters that it touched, as they are now."""

    levels: tuple[StockLevel, ...]
    repeated: bool = False
    """True when the key was known: nothing was booked this time."""


class Stockroom:
    """The stock of one shop.

    Every command raises `OutOfStock` with what there is, `ValueError` for a number of pieces that
    moves nothing, and `KeyReused`; then nothing is booked.
    """

    def __init__(self, storage: Storage, shop: str) -> None:
        self.storage = storage
        self.shop = shop

    def receive(
        self,
        warehouse: str,
        sku: str,
        pieces: int,
        slip: Slip,
        *,
        purchase: str | None = None,
        expires: date | None = None,
    ) -> Booked:
        """Goods came in; the key names the delivery.

        `purchase` is the purchase order that they came for, `expires` the last day they may be
        sold. Raises `WrongPurchase`.
        """

        def do(tx: Transaction) -> list[Movement]:
            if purchase is not None:
                purchasing.arrived(tx, self.shop, purchase, warehouse, sku, pieces)
            if expires is not None and pieces > 0:
                tx.keep_batch(self.shop, warehouse, sku, expires, pieces)
            return [self._movement(MovementKind.RECEIVED, warehouse, sku, pieces, slip)]

        until = "" if expires is None else expires.isoformat()
        return self._once(slip, ["received", warehouse, sku, pieces, purchase, until], do)

    def adjust(self, warehouse: str, sku: str, pieces: int, slip: Slip) -> Booked:
        """The shelf holds so many pieces more or less than the books.

        What is reserved or set aside cannot be taken away: it has to be released, or sourced
        elsewhere, first.
        """
        return self._book(MovementKind.ADJUSTED, warehouse, sku, pieces, slip)

    def count(self, warehouse: str, sku: str, found: int, slip: Slip) -> Booked:
        """A stocktake found so many pieces on the shelf; the difference is adjusted."""
        if found < 0:
            raise ValueError("a shelf cannot hold less than nothing")

        def do(tx: Transaction) -> list[Movement]:
            tx.claim_stock(self.shop, [sku])
            change = found - self._level(tx, warehouse, sku).on_hand
            return [self._movement(MovementKind.ADJUSTED, warehouse, sku, change, slip)]

        return self._once(slip, ["counted", warehouse, sku, found], do)

    def withdraw(self, warehouse: str, sku: str, pieces: int, slip: Slip) -> Booked:
        """Take pieces off the shelf into quarantine."""
        return self._book(MovementKind.WITHDRAWN, warehouse, sku, pieces, slip)

    def clear(self, warehouse: str, sku: str, pieces: int, slip: Slip) -> Booked:
        """Put pieces out of quarantine back on the shelf."""
        return self._book(MovementKind.CLEARED, warehouse, sku, pieces, slip)

    def scrap(self, warehouse: str, sku: str, pieces: int, slip: Slip) -> Booked:
        """Throw pieces away that are in quarantine."""
        return self._book(MovementKind.SCRAPPED, warehouse, sku, pieces, slip)

    def set_aside(self, warehouse: str, sku: str, pieces: int, channel: str, slip: Slip) -> Booked:
        """Keep pieces for one channel; negative: give them back to all channels."""
        kind = MovementKind.SET_ASIDE if pieces > 0 else MovementKind.GIVEN_BACK
        return self._book(kind, warehouse, sku, abs(pieces), slip, pool=channel)

    def hold_back(self, warehouse: str, sku: str, pieces: int, slip: Slip) -> Booked:
        """Keep so many pieces from being promised from now on: the safety stock."""
        if pieces < 0:
            raise ValueError("a safety stock cannot be below zero")

        def do(tx: Transaction) -> list[Movement]:
            tx.claim_stock(self.shop, [sku])
            change = pieces - self._level(tx, warehouse, sku).safety
            return [self._movement(MovementKind.SAFETY_CHANGED, warehouse, sku, change, slip)]

        return self._once(slip, ["held back", warehouse, sku, pieces], do)

    def send(self, source: str, target: str, sku: str, pieces: int, slip: Slip) -> Booked:
        """Send pieces from one warehouse to another; the key names the transfer.

        They are on their way until `arrive` or `lose` says what became of them.
        """
        if source == target:
            raise ValueError(f"{source} cannot send to itself")
        ends = (
            (MovementKind.TRANSFERRED_OUT, source, target),
            (MovementKind.ON_ITS_WAY, target, source),
        )
        movements = [
            self._movement(kind, here, sku, pieces, slip, transfer=slip.key, counterpart=there)
            for kind, here, there in ends
        ]
        return self._once(slip, ["sent", source, target, sku, pieces], lambda tx: movements)

    def arrive(self, transfer: str, slip: Slip, *, pieces: int | None = None) -> Booked:
        """Pieces of a transfer arrived: all that is on its way, or so many.

        Raises `NothingOnItsWay`.
        """
        return self._end(MovementKind.TRANSFERRED_IN, transfer, pieces, slip)

    def lose(self, transfer: str, slip: Slip, *, pieces: int | None = None) -> Booked:
        """Pieces of a transfer will never arrive: all that is on its way, or so many.

        Raises `NothingOnItsWay`.
        """
        return self._end(MovementKind.LOST_ON_ITS_WAY, transfer, pieces, slip)

    def _end(self, kind: MovementKind, transfer: str, pieces: int | None, slip: Slip) -> Booked:
        def do(tx: Transaction) -> list[Movement]:
            ways = tx.on_its_way(self.shop, transfer)
            if not ways:
                raise NothingOnItsWay(f"nothing of a transfer `{transfer}` is on its way")
            return [
                self._movement(
                    kind,
                    way.warehouse,
                    way.sku,
                    way.pieces if pieces is None else pieces,
                    slip,
                    transfer=way.transfer,
                    counterpart=way.source,
                )
                for way in ways
            ]

        return self._once(slip, [kind.value, transfer, pieces], do)

    def _book(
        self,
        kind: MovementKind,
        warehouse: str,
        sku: str,
        pieces: int,
        slip: Slip,
        pool: str = "",
    ) -> Booked:
        movement = self._movement(kind, warehouse, sku, pieces, slip, pool=pool)
        return self._once(slip, [kind.value, warehouse, sku, pieces, pool], lambda tx: [movement])

    def _movement(
        self,
        kind: MovementKind,
        warehouse: str,
        sku: str,
        pieces: int,
        slip: Slip,
        **more: str,
    ) -> Movement:
        return Movement(
            shop=self.shop,
            warehouse=warehouse,
            sku=sku,
            kind=kind,
            quantity=pieces,
            at=slip.at,
            actor=slip.by,
            cause=slip.key,
            note=slip.note,
            **more,
        )

    def _once(
        self,
        slip: Slip,
        body: list[Plain],
        say: Callable[[Transaction], Sequence[Movement]],
    ) -> Booked:
        """Book what `say` says, or nothing where that was done under the same key before."""
        body_hash = fingerprint([*body, slip.by, slip.note])

        def do(tx: Transaction) -> Booked:
            if done_before(tx, self.shop, slip.key, body_hash) is not None:
                return Booked((), repeated=True)
            # Where a count finds what the books say, there is nothing to book.
            counts = body[0] in ("counted", "held back")
            movements = [one for one in say(tx) if one.quantity or not counts]
            tx.move_all(movements)
            tx.keep_command(StoredCommand(self.shop, slip.key, body_hash, "{}", slip.at))
            places = {(one.sku, one.warehouse): None for one in movements}
            levels = tx.levels(self.shop, [sku for sku, _ in places])
            return Booked(tuple(one for one in levels if (one.sku, one.warehouse) in places))

        return self.storage.transact(do)

    def _level(self, tx: Transaction, warehouse: str, sku: str) -> StockLevel:
        return level_at(tx.levels(self.shop, [sku]), warehouse, sku)

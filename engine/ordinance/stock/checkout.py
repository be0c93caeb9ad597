"""Checkouts: pieces that are held for a buyer who has not ordered yet, for a time.

A store that embeds the engine reserves when the buyer goes to the till. The order then takes the
reservation over, in the transaction in which it is placed; a reservation that ran out is released,
and the order competes for stock like any other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from ordinance.inventory import Lack, Movement, MovementKind, Reservation, checkout_holder
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.orders.states import TERMINAL
from ordinance.ports import OutOfStock, StockLevel, Transaction

Place = tuple[str, str]
"""A stock item in a warehouse: (warehouse, sku)."""


class TokenTaken(ValueError):
    """An order has taken over what this token held; a new checkout needs a new token."""


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout as a command works on it."""

    tx: Transaction
    shop: str
    token: str
    at: datetime
    actor: str
    cause: str
    channel: str = ""

    def held(self) -> Sequence[Reservation]:
        """What it holds, by (sku, warehouse, pool)."""
        return self.tx.reservations(self.shop, checkout_holder(self.token))

    def hold(
        self, wanted: Mapping[str, int], warehouses: Sequence[str], until: datetime
    ) -> Sequence[Reservation]:
        """Hold exactly these stock items until then, all of them or no change.

        One warehouse that has everything is taken, the first of `warehouses`; else the pieces are
        gathered from them in their order. Raises `TokenTaken` and `OutOfStock`.
        """
        before: dict[Place, int] = {}
        for one in self.held():
            if one.expires_at is None:
                raise TokenTaken(
                    f"an order has taken over what `{self.token}` held; use a new token"
                )
            place = (one.warehouse, one.sku)
            before[place] = before.get(place, 0) + one.pieces
        levels = self.tx.levels(self.shop, sorted(wanted), channel=self.channel, token=self.token)
        plan = _gathered(wanted, levels, warehouses)
        # Only the difference is booked: what is held already is not put up for others to take,
        # nor for a safety stock that was raised meanwhile.
        self.tx.move_all(
            [
                self._movement(place, plan.get(place, 0) - before.get(place, 0))
                for place in sorted({**before, **plan})
                if plan.get(place, 0) != before.get(place, 0)
            ]
        )
        self.tx.hold_until(self.shop, self.token, until)
        return self.held()

    def let_go(self) -> int:
        """Release everything that it holds; returns how many pieces that was."""
        given = self.held()
        self.tx.move_all([self._movement((one.warehouse, one.sku), -one.pieces) for one in given])
        return sum(one.pieces for one in given)

    def _movement(self, place: Place, change: int) -> Movement:
        warehouse, sku = place
        return Movement(
            shop=self.shop,
            warehouse=warehouse,
            sku=sku,
            kind=MovementKind.RESERVED if change > 0 else MovementKind.RELEASED,
            quantity=abs(change),
            at=self.at,
            actor=self.actor,
            cause=self.cause,
            pool=self.channel if change > 0 else "",
            token=self.token,
        )


def take_over(change: Change, desk: Desk, token: str) -> None:
    """Let a new order have what its checkout holds.

    A reservation that has run out by the instant of the command is not honoured, whether or not
    the pump has released it yet: both ways come to the same.
    """
    pieces = desk.tx.take_over(change.record.shop, token, change.now)
    if pieces:
        change.happen("checkout.taken_over", {"pieces": pieces}, checkout=token)
        return
    checkout = _of(change, desk, token)
    held = checkout.held()
    if any(one.expires_at is None for one in held):
        change.happen("checkout.not_honoured", {"reason": "taken"})
        return
    checkout.let_go()
    change.happen("checkout.not_honoured", {"reason": "expired"})


def finish(change: Change, desk: Desk) -> None:
    """Release what the order's checkout still holds, once the order needs none of it."""
    record = change.record
    token = record.checkout
    needs = any(line.waiting > 0 for line in record.goods)
    if token is None or (needs and record.state not in TERMINAL):
        return
    pieces = _of(change, desk, token).let_go()
    change.happen("checkout.finished", {"pieces": pieces}, checkout=None)


def _of(change: Change, desk: Desk, token: str) -> Checkout:
    return Checkout(desk.tx, change.record.shop, token, change.now, change.actor, change.cause)


def _gathered(
    wanted: Mapping[str, int], levels: Sequence[StockLevel], warehouses: Sequence[str]
) -> dict[Place, int]:
    """Where the pieces are taken from; raises `OutOfStock` for what is nowhere."""
    free = {(level.warehouse, level.sku): level.available for level in levels}
    lacks = []
    for sku, count in sorted(wanted.items()):
        there = sum(free.get((code, sku), 0) for code in warehouses)
        if there < count:
            lacks.append(Lack(sku, None, MovementKind.RESERVED, count, there))
    if lacks:
        raise OutOfStock(lacks)
    for code in warehouses:
        if all(free.get((code, sku), 0) >= count for sku, count in wanted.items()):
            return {(code, sku): count for sku, count in wanted.items()}
    plan: dict[Place, int] = {}
    for sku, count in wanted.items():
        left = count
        for code in warehouses:
            given = min(left, free.get((code, sku), 0))
            if given:
                plan[code, sku] = given
                left -= given
    return plan

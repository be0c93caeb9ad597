"""Booking stock: the counter, the reservation behind it, and the entry in the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from ordinance.inventory import (
    BETWEEN_WAREHOUSES,
    HOLDING,
    POOLED,
    SHARED,
    SIGNED,
    Lack,
    OnItsWay,
    PoolLevel,
    StockAccount,
    checkout_holder,
    summed,
    token_of,
)
from ordinance.ports import (
    Movement,
    MovementKind,
    OutOfStock,
    Reservation,
    StockLevel,
    StorageError,
)
from ordinance_adapters.sql import movements as sql
from ordinance_adapters.sql import rows
from ordinance_adapters.sql.statements import Statements, insert

_ADD_MOVEMENT = insert("movements", f"{rows.MOVEMENT}, seq")
_POOL_OWN = (
    "CASE set_aside WHEN 0 THEN 0 ELSE coalesce((SELECT pieces FROM pools"
    " WHERE pools.shop = stock.shop AND pools.sku = stock.sku"
    " AND pools.warehouse = stock.warehouse AND pools.channel = ?), 0) END"
)
_CHECKOUT_OWN = (
    "CAST(coalesce((SELECT sum(pieces) FROM reservations AS held WHERE held.shop = stock.shop"
    " AND held.holder = ? AND held.sku = stock.sku AND held.warehouse = stock.warehouse), 0)"
    " AS BIGINT)"
)
_LEVELS = f"SELECT {rows.LEVEL}, {_POOL_OWN} FROM stock WHERE shop = ?"
_LEVELS_WITH_CHECKOUT = (
    f"SELECT {rows.LEVEL}, {_POOL_OWN} + {_CHECKOUT_OWN} FROM stock WHERE shop = ?"
)
_HELD = f"SELECT {rows.RESERVATION} FROM reservations WHERE shop = ? AND holder = ?"
_POOLS_AT = f"SELECT {rows.POOL} FROM pools WHERE shop = ? AND sku = ? AND warehouse = ?"
_HOLD_UNTIL = "UPDATE reservations SET expires_at = ? WHERE shop = ? AND holder = ?"
_TAKE_OVER = (
    "UPDATE reservations SET expires_at = NULL WHERE shop = ? AND holder = ? AND expires_at > ?"
    " RETURNING pieces"
)
_EXPIRED = (
    "SELECT holder, min(expires_at) AS first FROM reservations"
    " WHERE shop = ? AND expires_at <= ? GROUP BY holder ORDER BY first, holder LIMIT ?"
)
_ON_ITS_WAY = f"SELECT {rows.ON_ITS_WAY} FROM transfers WHERE shop = ? AND transfer = ?"

_ADD_RESERVATION = insert("reservations", f"shop, {rows.RESERVATION}")
_ADD_POOL = insert("pools", f"shop, {rows.POOL}")
_ADD_TRANSFER = insert("transfers", f"shop, {rows.ON_ITS_WAY}")

_SKUS_AT_ONCE = 500
"""SQLite takes a limited number of values per statement."""


class Drift(StorageError):
    """Counter and reservations disagree; or others, where they write too, were quicker."""


class StockBooking(Statements):
    """The stock part of a transaction.

    Every step is one conditional statement, so that it holds too in a store where several
    transactions write at once; a step that was refused after an earlier one has written means
    that counter and reservations disagree, and takes the transaction back.
    """

    def levels(
        self, shop: str, skus: Sequence[str], *, channel: str = SHARED, token: str | None = None
    ) -> Sequence[StockLevel]:
        wanted = sorted(set(skus))
        select, asking = _LEVELS, [channel]
        if token is not None:
            select, asking = _LEVELS_WITH_CHECKOUT, [channel, checkout_holder(token)]
        found: list[StockLevel] = []
        for start in range(0, len(wanted), _SKUS_AT_ONCE):
            part = wanted[start : start + _SKUS_AT_ONCE]
            marks = ", ".join("?" * len(part))
            text = f"{select} AND sku IN ({marks}) ORDER BY sku, warehouse"
            found.extend(rows.level(row) for row in self._run(text, (*asking, shop, *part)))
        return found

    def claim_stock(self, shop: str, skus: Sequence[str] | None) -> None:
        """Nothing to do where one transaction writes at a time."""

    def move(self, movement: Movement) -> None:
        """Raises `ValueError` for a quantity that the kind does not allow, or for a movement
        that does not say whose pieces it moves."""
        _demand_whole(movement)
        match movement.kind:
            case MovementKind.RESERVED:
                self._reserve(movement)
            case MovementKind.RELEASED | MovementKind.SHIPPED:
                self._end_reservation(movement)
            case MovementKind.SET_ASIDE:
                self._count(movement)
                self._write(sql.PUT_POOL, _pool(movement, movement.quantity))
            case MovementKind.GIVEN_BACK:
                self._take(sql.TAKE_POOL, _pool(movement, movement.quantity), movement)
                self._count(movement, sure=True)
            case MovementKind.ON_ITS_WAY:
                self._count(movement)
                self._write(sql.PUT_TRANSFER, (*_transfer(movement), movement.counterpart))
            case MovementKind.TRANSFERRED_IN | MovementKind.LOST_ON_ITS_WAY:
                self._take(sql.TAKE_TRANSFER, _transfer(movement), movement)
                self._count(movement, sure=True)
            case _:
                self._count(movement)

    def move_all(self, movements: Sequence[Movement]) -> None:
        """Raises `ValueError` like `move`."""
        for movement in movements:
            _demand_whole(movement)
        # Always by the same order of stock items: transactions that lock rows cannot then wait
        # for each other.
        work = sorted(summed(movements), key=lambda movement: (movement.sku, movement.warehouse))
        if len(work) == 1:
            self.move(work[0])
            return
        lacks: list[Lack] = []
        self._run("SAVEPOINT stock", ())
        for movement in work:
            try:
                self.move(movement)
            except OutOfStock as error:
                lacks.extend(error.lacks)
        if lacks:
            self._run("ROLLBACK TO stock", ())
        self._run("RELEASE stock", ())
        if lacks:
            raise OutOfStock(lacks)

    def reservations(self, shop: str, holder: str) -> Sequence[Reservation]:
        found = self._run(f"{_HELD} ORDER BY sku, warehouse, pool{self.LOCK}", (shop, holder))
        return [rows.reservation(row) for row in found]

    def pools_at(self, shop: str, warehouse: str, sku: str) -> Sequence[PoolLevel]:
        found = self._run(f"{_POOLS_AT} ORDER BY channel", (shop, sku, warehouse))
        return [rows.pool(row) for row in found]

    def hold_until(self, shop: str, token: str, until: datetime) -> None:
        self._write(_HOLD_UNTIL, (rows.instant_text(until), shop, checkout_holder(token)))

    def take_over(self, shop: str, token: str, now: datetime) -> int:
        found = self._run(_TAKE_OVER, (shop, checkout_holder(token), rows.instant_text(now)))
        return sum(row[0] for row in found)

    def expired(self, shop: str, now: datetime, limit: int) -> Sequence[str]:
        found = self._run(_EXPIRED, (shop, rows.instant_text(now), limit))
        return [token_of(row[0]) or row[0] for row in found]

    def restate(self, shop: str, account: StockAccount) -> None:
        key = (shop, account.sku, account.warehouse)
        for statement in sql.FORGET:
            self._write(statement, key)
        counts = tuple(getattr(account.buckets, name) for name in sql.BUCKETS)
        self._write(sql.RESTATE, (*key, *counts, account.moves))
        for held in account.reservations:
            self._write(_ADD_RESERVATION, (shop, *rows.reservation_row(held)))
        for pool in account.pools:
            self._write(_ADD_POOL, (shop, pool.sku, pool.warehouse, pool.channel, pool.pieces))
        for way in account.transfers:
            self._write(
                _ADD_TRANSFER,
                (shop, way.transfer, way.sku, way.warehouse, way.source, way.pieces),
            )

    def on_its_way(self, shop: str, transfer: str) -> Sequence[OnItsWay]:
        found = self._run(f"{_ON_ITS_WAY} ORDER BY sku, warehouse", (shop, transfer))
        return [rows.on_its_way(row) for row in found]

    def _reserve(self, movement: Movement) -> None:
        alone = movement.order_id is None or movement.token is None
        if alone and self._reserve_shared(movement):
            return
        level = self._level(movement)
        if level is None or level.available < movement.quantity:
            raise OutOfStock([Lack.of(movement, level.available if level else 0)])
        left = movement.quantity - self._hand_on(movement)
        own = min(left, self._in_pool(movement))
        if own:
            mine = replace(movement, quantity=own, token=_checkout_alone(movement))
            self._demand(self._took(sql.TAKE_POOL, _pool(mine, own)), mine)
            self._book_reserved(sql.RESERVE_OWN, mine)
        if left - own:
            shared = replace(
                movement, quantity=left - own, pool=SHARED, token=_checkout_alone(movement)
            )
            self._book_reserved(sql.RESERVE_SHARED, shared)

    def _reserve_shared(self, movement: Movement) -> bool:
        """The common case: nothing is set aside for anybody. False when it is another one."""
        seq = self._counted(sql.SHARED_ALONE, movement)
        if seq is None:
            return False
        key = (movement.shop, movement.holder, movement.sku, movement.warehouse, SHARED)
        self._write(sql.PUT_RESERVATION, (*key, movement.quantity))
        self._write(_ADD_MOVEMENT, rows.movement_row(movement, pool=SHARED) + seq)
        return True

    def _book_reserved(self, counter: str, movement: Movement) -> None:
        seq = self._demand(self._counted(counter, movement), movement)
        self._write(sql.PUT_RESERVATION, _reservation(movement, movement.quantity))
        self._log(movement, seq)

    def _hand_on(self, movement: Movement) -> int:
        """Give the order what its checkout holds of the pieces; returns how many it got."""
        if movement.order_id is None or movement.token is None:
            return 0
        got = 0
        for held in self._holdings(movement, checkout_holder(movement.token)):
            count = min(held.pieces, movement.quantity - got)
            if count == 0:
                break
            given = replace(
                movement,
                kind=MovementKind.RELEASED,
                quantity=count,
                pool=held.pool,
                order_id=None,
            )
            taken = replace(movement, quantity=count, pool=held.pool)
            self._demand(self._took(sql.TAKE_RESERVATION, _reservation(given, count)), given)
            self._write(sql.PUT_RESERVATION, _reservation(taken, count))
            (seq,) = self._demand(self._counted(sql.HAND_ON, taken), taken)
            self._log(given, (seq - 1,))
            self._log(taken, (seq,))
            got += count
        return got

    def _end_reservation(self, movement: Movement) -> None:
        """Release or ship what the holder has, the shared pieces first to be released and last
        to be shipped: what was set aside for a channel is sold first."""
        key = _reservation(movement, movement.quantity)
        if self._one(sql.TAKE_ONLY_RESERVATION, (*key[:4], movement.quantity)) is not None:
            self._count(replace(movement, pool=SHARED), sure=True)
            return
        holdings = self._holdings(movement, movement.holder or "")
        if sum(held.pieces for held in holdings) < movement.quantity:
            raise OutOfStock([Lack.of(movement, sum(held.pieces for held in holdings))])
        if movement.kind is MovementKind.SHIPPED:
            holdings = [*holdings[1:], *holdings[:1]] if holdings[0].pool == SHARED else holdings
        left = movement.quantity
        for held in holdings:
            count = min(held.pieces, left)
            if count == 0:
                break
            part = replace(movement, quantity=count, pool=held.pool)
            self._demand(self._took(sql.TAKE_RESERVATION, _reservation(part, count)), part)
            if movement.kind is MovementKind.RELEASED and held.pool != SHARED:
                self._write(sql.PUT_POOL, _pool(part, count))
                self._log(part, self._demand(self._counted(sql.RELEASE_OWN, part), part))
            else:
                self._count(part, sure=True)
            left -= count

    def _holdings(self, movement: Movement, holder: str) -> list[Reservation]:
        """What a holder has of the stock item in the warehouse, the shared pieces first."""
        found = self._run(
            f"{_HELD} AND sku = ? AND warehouse = ? ORDER BY pool{self.LOCK}",
            (movement.shop, holder, movement.sku, movement.warehouse),
        )
        return [rows.reservation(row) for row in found]

    def _in_pool(self, movement: Movement) -> int:
        found = self._one(
            "SELECT pieces FROM pools WHERE shop = ? AND sku = ? AND warehouse = ? AND channel = ?",
            _pool(movement, 0)[:4],
        )
        return found[0] if found else 0

    def _level(self, movement: Movement) -> StockLevel | None:
        token = movement.token if movement.order_id is not None else None
        found = self.levels(movement.shop, [movement.sku], channel=movement.pool, token=token)
        return next((level for level in found if level.warehouse == movement.warehouse), None)

    def _count(self, movement: Movement, *, sure: bool = False) -> None:
        """Change the counter and write the ledger; `sure` where a refusal can only be drift."""
        statement = sql.COUNTER[movement.kind]
        if movement.quantity < 0:
            statement = sql.LOWERED[movement.kind]
        seq = self._counted(statement, movement)
        if seq is None and not sure:
            raise OutOfStock([Lack.of(movement, self._could_have(movement))])
        self._log(movement, self._demand(seq, movement))

    def _could_have(self, movement: Movement) -> int:
        level = self._level(movement)
        if level is None:
            return 0
        match movement.kind:
            case MovementKind.CLEARED | MovementKind.SCRAPPED:
                return level.quarantine
            case MovementKind.SAFETY_CHANGED:
                return level.safety
            case MovementKind.SET_ASIDE:
                return level.shared
            case _:
                return level.unbound

    def _take(self, statements: tuple[str, str], values: rows.Row, movement: Movement) -> None:
        """Take pieces from a row that says for whom they are; raises `OutOfStock`."""
        if self._took(statements, values) is not None:
            return
        if movement.kind is MovementKind.GIVEN_BACK:
            raise OutOfStock([Lack.of(movement, self._in_pool(movement))])
        place = (movement.sku, movement.warehouse)
        ways = self.on_its_way(movement.shop, movement.transfer or "")
        there = sum(way.pieces for way in ways if (way.sku, way.warehouse) == place)
        raise OutOfStock([Lack.of(movement, there)])

    def _took(self, statements: tuple[str, str], values: rows.Row) -> rows.Row | None:
        whole, part = statements
        return self._one(whole, values) or self._one(part, values)

    def _counted(self, statement: str, movement: Movement) -> rows.Row | None:
        return self._one(
            statement, (movement.shop, movement.sku, movement.warehouse, movement.quantity)
        )

    def _log(self, movement: Movement, seq: rows.Row) -> None:
        self._write(_ADD_MOVEMENT, rows.movement_row(movement) + seq)

    def _demand(self, row: rows.Row | None, movement: Movement) -> rows.Row:
        if row is None:
            raise Drift(
                f"`{self._line.where}`: the counter of `{movement.sku}` in {movement.warehouse} "
                "disagrees with what is reserved; run `ordinance stock reconcile`"
            )
        return row


def _checkout_alone(movement: Movement) -> str | None:
    """The token that stays on new pieces: an order's new pieces come from no checkout."""
    return movement.token if movement.order_id is None else None


def _reservation(movement: Movement, pieces: int) -> rows.Row:
    return (
        movement.shop,
        movement.holder,
        movement.sku,
        movement.warehouse,
        movement.pool,
        pieces,
    )


def _pool(movement: Movement, pieces: int) -> rows.Row:
    return (movement.shop, movement.sku, movement.warehouse, movement.pool, pieces)


def _transfer(movement: Movement) -> rows.Row:
    return (
        movement.shop,
        movement.transfer,
        movement.sku,
        movement.warehouse,
        movement.quantity,
    )


def _demand_whole(movement: Movement) -> None:
    """Raise `ValueError` for a movement that moves nothing, or does not say whose pieces."""
    kind, quantity = movement.kind, movement.quantity
    if quantity == 0 or (quantity < 0 and kind not in SIGNED):
        raise ValueError(f"a movement `{kind}` of {quantity} pieces moves nothing")
    lacks = (
        (kind in HOLDING and movement.holder is None and "a holder")
        or (kind in POOLED and movement.pool == SHARED and "a channel")
        or (
            kind in BETWEEN_WAREHOUSES
            and None in (movement.transfer, movement.counterpart)
            and "a transfer"
        )
    )
    if lacks:
        raise ValueError(f"a movement `{kind}` needs {lacks}")

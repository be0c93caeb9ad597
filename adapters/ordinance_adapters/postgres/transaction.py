"""What one command reads and writes on PostgreSQL, where several transactions write at once.

Counters, keys and versions are guarded by the statements themselves. What is read first and
written by afterwards is locked when it is read: an order, what a holder has, a purchase order.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from ordinance.inventory import SHARED, checkout_holder
from ordinance.ports import Conflict, Movement, OutOfStock, StockLevel, Waiting
from ordinance_adapters.postgres.work import DispatchedWork
from ordinance_adapters.sql import movements, rows
from ordinance_adapters.sql.line import Line

if TYPE_CHECKING:
    from ordinance_adapters.postgres.jobs import Jobs

_CLAIM = "SELECT 1 FROM stock WHERE shop = ?"
_CLAIM_ORDER = " ORDER BY sku, warehouse FOR UPDATE"
_STILL_OUT = (
    "SELECT expires_at <= ? FROM reservations WHERE shop = ? AND holder = ?"
    " ORDER BY sku, warehouse, pool FOR UPDATE"
)
_MARK = (
    "INSERT INTO arrivals (shop, sku, marks, served) VALUES (?, ?, 1, 0)"
    " ON CONFLICT (shop, sku) DO UPDATE SET marks = arrivals.marks + 1"
)
RESERVE = (
    f"WITH counted AS ({movements.SHARED_ALONE}), held AS ("
    "INSERT INTO reservations (shop, holder, sku, warehouse, pool, pieces)"
    " SELECT ?1, ?5, ?2, ?3, '', ?4 FROM counted"
    " ON CONFLICT (shop, holder, sku, warehouse, pool)"
    " DO UPDATE SET pieces = reservations.pieces + excluded.pieces RETURNING pieces)"
    " INSERT INTO movements (shop, warehouse, sku, kind, quantity, at, actor, cause, order_id,"
    " pool, token, transfer, counterpart, note, seq)"
    " SELECT ?1, ?3, ?2, 'reserved', ?4, ?6, ?7, ?8, ?9, '', ?10, NULL, NULL, ?11, moves"
    " FROM counted RETURNING seq"
)


class PostgresTransaction(DispatchedWork):
    """The `Transaction` of the PostgreSQL store; of use inside its `with` block only."""

    LOCK = " FOR UPDATE"
    SHARE = " FOR SHARE"

    def __init__(self, line: Line, jobs: Jobs | None = None) -> None:
        super().__init__(line, jobs)
        self._asked: set[str] = set()
        self._seen: dict[tuple[str, str], StockLevel] = {}
        self._unowned: set[tuple[str, str]] = set()

    def was_overtaken(self, error: OutOfStock) -> bool:
        """Whether pieces that were counted in this transaction were taken by another meanwhile."""
        for lack in error.lacks:
            seen = self._seen.get((lack.sku, lack.warehouse or ""))
            if seen is not None and seen.available >= lack.wanted > lack.available:
                return True
        return False

    def levels(
        self, shop: str, skus: Sequence[str], *, channel: str = SHARED, token: str | None = None
    ) -> Sequence[StockLevel]:
        found = super().levels(shop, skus, channel=channel, token=token)
        self._asked.update(skus)
        for level in found:
            self._seen.setdefault((level.sku, level.warehouse), level)
        return found

    def claim_stock(self, shop: str, skus: Sequence[str] | None) -> None:
        if skus is None:
            self._run(_CLAIM + _CLAIM_ORDER, (shop,))
            return
        marks = ", ".join("?" * len(skus))
        self._run(f"{_CLAIM} AND sku IN ({marks}){_CLAIM_ORDER}", (shop, *skus))

    def expired(self, shop: str, now: datetime, limit: int) -> Sequence[str]:
        """Those that an order takes over at this moment are left out."""
        at = rows.instant_text(now)
        out = []
        for token in super().expired(shop, now, limit):
            found = self._run(_STILL_OUT, (at, shop, checkout_holder(token)))
            if found and all(row[0] for row in found):
                out.append(token)
        return out

    def transaction_owner(self, shop: str, method: str, transaction: str) -> str | None:
        owner = super().transaction_owner(shop, method, transaction)
        if owner is None:
            self._unowned.add((method, transaction))
        return owner

    def keep_transaction(self, shop: str, method: str, transaction: str, order_id: str) -> None:
        """Raises `Conflict` when another order has got it since this transaction asked for it."""
        super().keep_transaction(shop, method, transaction, order_id)
        if (method, transaction) in self._unowned:
            owner = super().transaction_owner(shop, method, transaction)
            if owner != order_id:
                raise Conflict(f"payment `{transaction}` belongs to order `{owner}` by now")

    def keep_waiting(self, shop: str, order_id: str, waiting: Sequence[Waiting]) -> None:
        """Stock that another transaction frees meanwhile is marked by one of the two: either it
        waits for the counters here and then finds who waits, or what it freed is found here."""
        super().keep_waiting(shop, order_id, waiting)
        skus = sorted({one.sku for one in waiting} & self._asked)
        if not skus:
            return
        self.claim_stock(shop, skus)
        now = super().levels(shop, skus)
        for sku in sorted({level.sku for level in now if self._is_freed(level)}):
            self._run(_MARK, (shop, sku))

    def _is_freed(self, level: StockLevel) -> bool:
        """Whether there is more of it than when this transaction looked."""
        seen = self._seen.get((level.sku, level.warehouse))
        if seen is None:
            return level.unbound + level.set_aside > 0
        return (
            level.unbound > seen.unbound
            or level.unbound - level.safety > seen.unbound - seen.safety
            or level.set_aside > seen.set_aside
        )

    def _reserve_shared(self, movement: Movement) -> bool:
        """Counter, reservation and ledger by one statement, so that a counter which everybody
        wants is locked for no longer than that."""
        values = (
            movement.shop,
            movement.sku,
            movement.warehouse,
            movement.quantity,
            movement.holder,
            rows.instant_text(movement.at),
            movement.actor,
            movement.cause,
            movement.order_id,
            movement.token,
            movement.note,
        )
        return self._one(RESERVE, values) is not None


class PostgresReading(PostgresTransaction):
    """Reads of one snapshot, which lock nothing."""

    LOCK = SHARE = ""

    def expired(self, shop: str, now: datetime, limit: int) -> Sequence[str]:
        return super(PostgresTransaction, self).expired(shop, now, limit)

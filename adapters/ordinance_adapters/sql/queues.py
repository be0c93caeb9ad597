"""The queue of waiting orders and what they wait for, as plain SQL; a part of a transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date

from ordinance.ports import Arrival, Presold, PurchaseOrder, Waiting
from ordinance_adapters.sql import rows
from ordinance_adapters.sql.statements import Statements

_NAMES = {kind: ", ".join(field.name for field in fields(kind)) for kind in (
    PurchaseOrder, Waiting, Presold
)}  # fmt: skip

PURCHASES = f"SELECT {_NAMES[PurchaseOrder]} FROM purchase_orders WHERE shop = ?"
QUEUE = f"SELECT {_NAMES[Waiting]} FROM backorders WHERE shop = ?"
PRESOLD = f"SELECT {_NAMES[Presold]} FROM presold WHERE shop = ? ORDER BY sku"

_KEEP_PURCHASE = (
    f"INSERT INTO purchase_orders ({_NAMES[PurchaseOrder]}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    " ON CONFLICT (shop, number, warehouse, sku) DO UPDATE SET supplier = excluded.supplier,"
    " pieces = excluded.pieces, received = excluded.received, expected = excluded.expected"
)
_PLACE = "(rank, since, order_id)"
_NEXT = f"{QUEUE} AND sku = ? AND {_PLACE} > (?, ?, ?) ORDER BY rank, since, order_id LIMIT ?"
_FIRST = f"{QUEUE} AND sku = ? ORDER BY rank, since, order_id LIMIT ?"
_AHEAD = (
    "SELECT CAST(coalesce(sum(pieces), 0) AS BIGINT) FROM backorders"
    f" WHERE shop = ? AND sku = ? AND {_PLACE} < (?, ?, ?)"
)
_WAIT = f"INSERT INTO backorders ({_NAMES[Waiting]}) VALUES (?, ?, ?, ?, ?, ?, ?)"
_PRESELL = (
    "INSERT INTO presold (shop, sku, taken, cap) SELECT ?1, ?2, ?3, ?4 WHERE ?3 BETWEEN 0 AND ?4"
    " ON CONFLICT (shop, sku) DO UPDATE SET taken = presold.taken + ?3, cap = ?4"
    " WHERE presold.taken + ?3 BETWEEN 0 AND ?4 RETURNING taken"
)
_GIVE_BACK = (
    "UPDATE presold SET taken = taken + ?3 WHERE shop = ?1 AND sku = ?2 AND taken + ?3 >= 0"
    " RETURNING taken"
)


def purchase_order(row: rows.Row) -> PurchaseOrder:
    """A purchase order from its row."""
    shop, number, warehouse, sku, supplier, pieces, received, expected = row
    day = None if expected is None else date.fromisoformat(expected)
    return PurchaseOrder(shop, number, warehouse, sku, supplier, pieces, received, day)


def waiting_row(waiting: Waiting) -> rows.Row:
    """A place in the queue as a row."""
    return (
        waiting.shop,
        waiting.sku,
        waiting.rank,
        rows.instant_text(waiting.since),
        waiting.order_id,
        waiting.pieces,
        waiting.takes,
    )


def waiting(row: rows.Row) -> Waiting:
    """A place in the queue from its row."""
    shop, sku, rank, since, order_id, pieces, takes = row
    return Waiting(shop, sku, rank, rows.instant(since), order_id, pieces, takes)


class QueueRows(Statements):
    """The part of a transaction that is about waiting orders."""

    def purchase_order(
        self, shop: str, number: str, warehouse: str, sku: str
    ) -> PurchaseOrder | None:
        sql = f"{PURCHASES} AND number = ? AND warehouse = ? AND sku = ?{self.LOCK}"
        found = self._run(sql, (shop, number, warehouse, sku))
        return purchase_order(found[0]) if found else None

    def keep_purchase_order(self, order: PurchaseOrder) -> None:
        expected = None if order.expected is None else order.expected.isoformat()
        self._write(
            _KEEP_PURCHASE,
            (
                order.shop,
                order.number,
                order.warehouse,
                order.sku,
                order.supplier,
                order.pieces,
                order.received,
                expected,
            ),
        )

    def purchase_orders(self, shop: str, sku: str) -> Sequence[PurchaseOrder]:
        sql = (
            f"{PURCHASES} AND sku = ? AND received < pieces"
            " ORDER BY expected NULLS FIRST, number, warehouse"
        )
        return [purchase_order(row) for row in self._run(sql, (shop, sku))]

    def keep_waiting(self, shop: str, order_id: str, waiting: Sequence[Waiting]) -> None:
        self._write("DELETE FROM backorders WHERE shop = ? AND order_id = ?", (shop, order_id))
        self._write(_WAIT, *map(waiting_row, waiting))

    def waiting(
        self, shop: str, sku: str, *, after: Waiting | None = None, limit: int = 100
    ) -> Sequence[Waiting]:
        if after is None:
            return [waiting(row) for row in self._run(_FIRST, (shop, sku, limit))]
        return [waiting(row) for row in self._run(_NEXT, (shop, sku, *_place(after), limit))]

    def waits_of(self, shop: str, order_id: str) -> Sequence[Waiting]:
        sql = f"{QUEUE} AND order_id = ? ORDER BY sku"
        return [waiting(row) for row in self._run(sql, (shop, order_id))]

    def pieces_ahead(self, place: Waiting) -> int:
        ahead: int = self._run(_AHEAD, (place.shop, place.sku, *_place(place)))[0][0]
        return ahead

    def arrivals(self, shop: str, limit: int) -> Sequence[Arrival]:
        sql = (
            "SELECT shop, sku, marks FROM arrivals WHERE shop = ? AND served < marks"
            " ORDER BY sku LIMIT ?"
        )
        return [Arrival(*row) for row in self._run(sql, (shop, limit))]

    def clear_arrival(self, arrival: Arrival) -> None:
        self._write(
            "UPDATE arrivals SET served = ?1 WHERE shop = ?2 AND sku = ?3 AND served < ?1",
            (arrival.marks, arrival.shop, arrival.sku),
        )

    def presell(self, shop: str, sku: str, pieces: int, cap: int) -> bool:
        """What is given back is taken off whatever the cap is by now."""
        if pieces < 0:
            return bool(self._run(_GIVE_BACK, (shop, sku, pieces)))
        return bool(self._run(_PRESELL, (shop, sku, pieces, cap)))


def _place(place: Waiting) -> rows.Row:
    return (place.rank, rows.instant_text(place.since), place.order_id)

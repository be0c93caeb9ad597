"""What a warehouse got today, and when the oldest of its pieces expire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from ordinance_adapters.sql.statements import Statements

_TODAY = "SELECT warehouse, parcels FROM loads WHERE shop = ? AND day = ?"
_ADD_LOAD = (
    "INSERT INTO loads (shop, warehouse, day, parcels) VALUES (?, ?, ?, 1)"
    " ON CONFLICT (shop, day, warehouse) DO UPDATE SET parcels = loads.parcels + 1"
)
_KEEP_BATCH = (
    "INSERT INTO batches (shop, sku, warehouse, expires, pieces) VALUES (?, ?, ?, ?, ?)"
    " ON CONFLICT (shop, sku, warehouse, expires) DO UPDATE"
    " SET pieces = batches.pieces + excluded.pieces"
)
_BATCHES_OF = (
    "SELECT batches.warehouse, batches.sku, expires, pieces, on_hand FROM batches"
    " JOIN stock USING (shop, sku, warehouse) WHERE batches.shop = ? AND batches.sku = ?"
    " ORDER BY batches.warehouse, expires DESC"
)


class WarehouseRows(Statements):
    """The part of a transaction that is about warehouses rather than about their counters."""

    def loads(self, shop: str, day: date) -> Mapping[str, int]:
        return {row[0]: row[1] for row in self._run(_TODAY, (shop, day.isoformat()))}

    def add_load(self, shop: str, warehouse: str, day: date) -> None:
        self._write(_ADD_LOAD, (shop, warehouse, day.isoformat()))

    def keep_batch(self, shop: str, warehouse: str, sku: str, expires: date, pieces: int) -> None:
        self._write(_KEEP_BATCH, (shop, sku, warehouse, expires.isoformat(), pieces))

    def expiries(self, shop: str, skus: Sequence[str]) -> Mapping[tuple[str, str], date]:
        """Pieces leave in the order in which they expire, so that what is left on the shelf is
        the newest: batches are counted back from the last one until they cover it."""
        oldest: dict[tuple[str, str], date] = {}
        covered: dict[tuple[str, str], int] = {}
        for item in skus:
            for warehouse, sku, expires, pieces, on_hand in self._run(_BATCHES_OF, (shop, item)):
                place = (warehouse, sku)
                if covered.get(place, 0) < on_hand:
                    oldest[place] = date.fromisoformat(expires)
                covered[place] = covered.get(place, 0) + pieces
        return oldest

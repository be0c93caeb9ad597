"""What is stored of a warehouse beside its counters: what it got today, what expires when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Protocol


class WarehouseBooks(Protocol):
    """What a transaction writes and reads of warehouses."""

    def loads(self, shop: str, day: date) -> Mapping[str, int]:
        """Parcels that each warehouse got on a day, without those that got none."""
        ...

    def add_load(self, shop: str, warehouse: str, day: date) -> None:
        """Count one more parcel that a warehouse got on a day."""
        ...

    def keep_batch(self, shop: str, warehouse: str, sku: str, expires: date, pieces: int) -> None:
        """Remember the day on which pieces that came in expire."""
        ...

    def expiries(self, shop: str, skus: Sequence[str]) -> Mapping[tuple[str, str], date]:
        """The day on which the oldest pieces on a shelf expire, by (warehouse, sku)."""
        ...

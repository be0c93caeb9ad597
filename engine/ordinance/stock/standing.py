"""Standing: which warehouses an order may not be given to again, and what they do not ship."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from ordinance.orders.desk import Desk
from ordinance.orders.record import OrderRecord


@dataclass(frozen=True, slots=True)
class Standing:
    """How the warehouses stand towards one order."""

    rejected: frozenset[str]
    """Warehouses that rejected it, and are not asked again."""
    blocked: frozenset[tuple[str, str]]
    """(warehouse, stock item) that is not shipped for the time being."""

    @classmethod
    def of(cls, record: OrderRecord, desk: Desk, now: datetime) -> Standing:
        """As it is at `now`."""
        return cls(
            frozenset(item.warehouse for item in record.rejections if item.lasting),
            frozenset((item.warehouse, item.sku) for item in desk.tx.blocks(record.shop, now)),
        )

    def allows(self, warehouse: str, items: Iterable[str]) -> bool:
        """Whether a warehouse may be asked for these stock items."""
        return warehouse not in self.rejected and not self.blocks(warehouse, items)

    def blocks(self, warehouse: str, items: Iterable[str]) -> bool:
        """Whether one of these stock items is blocked there."""
        return any((warehouse, item) in self.blocked for item in items)

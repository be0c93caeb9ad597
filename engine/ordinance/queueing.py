"""What a store keeps of orders that wait for stock, and of what they wait for; a part of the ports.

Stock items that are freed while orders wait for them are marked by the store itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from ordinance.stored import Arrival, Presold, PurchaseOrder, Waiting


class QueueKeeping(Protocol):
    """What a transaction reads and writes of it."""

    def purchase_order(
        self, shop: str, number: str, warehouse: str, sku: str
    ) -> PurchaseOrder | None:
        """A purchase order of one stock item, or None."""
        ...

    def keep_purchase_order(self, order: PurchaseOrder) -> None:
        """Store or replace a purchase order."""
        ...

    def purchase_orders(self, shop: str, sku: str) -> Sequence[PurchaseOrder]:
        """What is still to come of a stock item, by (expected, number, warehouse)."""
        ...

    def keep_waiting(self, shop: str, order_id: str, waiting: Sequence[Waiting]) -> None:
        """Store what an order waits for, in place of what it waited for before."""
        ...

    def waiting(
        self, shop: str, sku: str, *, after: Waiting | None = None, limit: int = 100
    ) -> Sequence[Waiting]:
        """Who waits for a stock item, by place in the queue; `after` is the last one before."""
        ...

    def waits_of(self, shop: str, order_id: str) -> Sequence[Waiting]:
        """What an order waits for, by sku."""
        ...

    def pieces_ahead(self, place: Waiting) -> int:
        """Pieces that those wait for who stand before a place in the queue of its stock item."""
        ...

    def arrivals(self, shop: str, limit: int) -> Sequence[Arrival]:
        """Stock items that were freed while orders wait for them, by sku.

        The store marks them itself, whatever movement it was that raised what is available.
        """
        ...

    def clear_arrival(self, arrival: Arrival) -> None:
        """Say that a mark was seen to; what was freed since it was read stays marked."""
        ...

    def presell(self, shop: str, sku: str, pieces: int, cap: int) -> bool:
        """Count pieces as sold before they are there; negative pieces give them back.

        False when that would be more than the cap; then nothing is written.
        """
        ...


class QueueReading(Protocol):
    """What is read of it outside of a transaction."""

    def queue(self, shop: str) -> Iterator[Waiting]:
        """Everything that orders wait for, by (order, sku)."""
        ...

    def purchases(self, shop: str) -> Sequence[PurchaseOrder]:
        """Every purchase order, by (number, warehouse, sku)."""
        ...

    def presold(self, shop: str) -> Sequence[Presold]:
        """Every presale counter, by sku."""
        ...

"""The Protocols that a store fulfils for stock: how it is booked, and how it is read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Protocol

from ordinance.inventory import (
    SHARED,
    Movement,
    Numbering,
    OnItsWay,
    PoolLevel,
    Reservation,
    StockAccount,
    StockLevel,
)


class StockBooks(Protocol):
    """What a transaction books and reads of stock."""

    def levels(
        self, shop: str, skus: Sequence[str], *, channel: str = SHARED, token: str | None = None
    ) -> Sequence[StockLevel]:
        """Counter rows of these skus in every warehouse, by (sku, warehouse).

        `own` counts what is set aside for `channel` and what the checkout `token` holds.
        """
        ...

    def claim_stock(self, shop: str, skus: Sequence[str] | None) -> None:
        """Let nobody else change the counters of these stock items, or of all, until the end.

        For what is read first and written by afterwards, such as a count; reserving needs it not.
        """
        ...

    def move(self, movement: Movement) -> None:
        """Book a movement: counter by a conditional update, reservation, ledger.

        Raises `OutOfStock` when it would oversell or go below zero; then nothing is written and
        the transaction goes on.
        """
        ...

    def move_all(self, movements: Sequence[Movement]) -> None:
        """Book all of them or none; raises `OutOfStock` that names everything that is lacking.

        Movements that differ only in their quantity are summed before anything is booked, so that
        two lines of one stock item are held against the same pieces.
        """
        ...

    def reservations(self, shop: str, holder: str) -> Sequence[Reservation]:
        """What a holder has, by (sku, warehouse, pool)."""
        ...

    def pools_at(self, shop: str, warehouse: str, sku: str) -> Sequence[PoolLevel]:
        """What is set aside of a stock item in a warehouse, by channel."""
        ...

    def holders(self, shop: str, sku: str, warehouse: str) -> Sequence[Reservation]:
        """Who holds a stock item in a warehouse, by (holder, pool)."""
        ...

    def hold_until(self, shop: str, token: str, until: datetime) -> None:
        """Let what a checkout holds expire at `until`."""
        ...

    def take_over(self, shop: str, token: str, now: datetime) -> int:
        """Let what a checkout holds never expire, because an order has it now.

        Returns how many pieces; 0 when it holds nothing, ran out at `now` or before, or belongs
        to an order already. Of two orders with one token, and of an order and the expiry, only
        one comes first.
        """
        ...

    def expired(self, shop: str, now: datetime, limit: int) -> Sequence[str]:
        """The checkouts whose reservations have run out at `now`, the earliest first."""
        ...

    def restate(self, shop: str, account: StockAccount) -> None:
        """Make what is kept beside the ledger say what the ledger says, whatever it said before.

        Only `ordinance stock reconcile` may do that.
        """
        ...

    def on_its_way(self, shop: str, transfer: str) -> Sequence[OnItsWay]:
        """What of a transfer has not arrived, by (sku, warehouse)."""
        ...


class StockViews(Protocol):
    """What is read of stock outside a transaction."""

    def stock(self, shop: str) -> Sequence[StockLevel]:
        """Every counter row, by (sku, warehouse)."""
        ...

    def movements(self, shop: str, order_id: str | None = None) -> Iterator[Movement]:
        """The ledger, of one order or all: by (warehouse, sku), and as it was written within."""
        ...

    def last_movements(self, shop: str, warehouse: str, sku: str, limit: int) -> Sequence[Movement]:
        """The last movements of a stock item in a warehouse, the oldest of them first."""
        ...

    def numberings(self, shop: str) -> Sequence[Numbering]:
        """How the ledger is numbered, of everything that has a counter or a movement, by (sku,
        warehouse)."""
        ...

    def all_reservations(self, shop: str) -> Sequence[Reservation]:
        """Every reservation, by (holder, sku, warehouse, pool)."""
        ...

    def pools(self, shop: str) -> Sequence[PoolLevel]:
        """Everything that is set aside, by (sku, warehouse, channel)."""
        ...

    def transfers(self, shop: str) -> Sequence[OnItsWay]:
        """Everything that is on its way, by (transfer, sku, warehouse)."""
        ...

"""What happens to stock outside of orders: deliveries, the opening stock."""

from __future__ import annotations

from datetime import datetime

from ordinance.command import Receipt
from ordinance.inventory import Movement, MovementKind
from ordinance.shop.workplace import Workplace
from ordinance.stock import shortage
from ordinance.stored import StoredCommand


class StockCommands(Workplace):
    """Commands on stock."""

    def receive_stock(
        self,
        warehouse: str,
        sku: str,
        quantity: int,
        *,
        cause: str,
        now: datetime | None = None,
        actor: str = "warehouse",
    ) -> None:
        """Goods came in; `cause` names the delivery and is taken once."""
        at = now or self.clock.now()
        shop = self.profile.shop
        with self.storage.transaction() as tx:
            if tx.command(shop, cause) is not None:
                return
            tx.move(
                Movement(shop, warehouse, sku, MovementKind.RECEIVED, quantity, at, actor, cause)
            )
            tx.keep_command(StoredCommand(shop, cause, "stock", "{}", at))

    def open_stock(self, now: datetime) -> None:
        """Book the profile's opening stock, once in the life of the store."""
        shop = self.profile.shop
        with self.storage.transaction() as tx:
            if tx.command(shop, "opening-stock") is not None:
                return
            for (warehouse, sku), quantity in sorted(self.profile.stock.items()):
                if quantity > 0:
                    tx.move(
                        Movement(
                            shop,
                            warehouse,
                            sku,
                            MovementKind.RECEIVED,
                            quantity,
                            now,
                            "opening",
                            "opening-stock",
                        )
                    )
            tx.keep_command(StoredCommand(shop, "opening-stock", "stock", "{}", now))

    def stock_arrived(self, order: str, *, key: str, now: datetime | None = None) -> Receipt:
        """Let an order that waits for stock try again."""
        return self._on(order, key, {}, lambda c, d: shortage.stock_arrived(c), now, "warehouse")

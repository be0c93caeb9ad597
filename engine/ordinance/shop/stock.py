"""What happens to stock outside of orders: deliveries, the opening stock."""

from __future__ import annotations

from datetime import date, datetime

from ordinance.command import Receipt
from ordinance.inventory import Movement, MovementKind
from ordinance.ports import Transaction
from ordinance.shop.backorders import AT_ONCE, BackorderCommands
from ordinance.stock.stockroom import Slip, Stockroom
from ordinance.stored import StoredCommand


class StockCommands(BackorderCommands):
    """Commands on stock."""

    def receive_stock(
        self,
        warehouse: str,
        sku: str,
        quantity: int,
        *,
        cause: str,
        purchase: str | None = None,
        expires: date | None = None,
        now: datetime | None = None,
        actor: str = "warehouse",
    ) -> tuple[Receipt, ...]:
        """Goods came in; `cause` names the delivery and is taken once.

        `purchase` is the number of the purchase order that they came for, which is then less to
        come. `expires` is the last day on which they may be sold. Returns the orders that waited
        for them and went on. Raises `WrongPurchase`, and `KeyReused` for another content under
        the same cause.
        """
        at = now or self.clock.now()
        booked = Stockroom(self.storage, self.profile.shop).receive(
            warehouse, sku, quantity, Slip(cause, at, actor), purchase=purchase, expires=expires
        )
        if booked.repeated:
            return ()
        return self.resume_waiting(now=at, limit=AT_ONCE)

    def open_stock(self, now: datetime) -> None:
        """Book the profile's opening stock and safety stock, once in the life of the store."""
        shop = self.profile.shop

        def do(tx: Transaction) -> None:
            if tx.command(shop, "opening-stock") is not None:
                return
            for kind, pieces in (
                (MovementKind.RECEIVED, self.profile.stock),
                (MovementKind.SAFETY_CHANGED, self.profile.safety),
            ):
                for (warehouse, sku), count in sorted(pieces.items()):
                    if count > 0:
                        tx.move(
                            Movement(
                                shop, warehouse, sku, kind, count, now, "opening", "opening-stock"
                            )
                        )
            tx.keep_command(StoredCommand(shop, "opening-stock", "stock", "{}", now))

        self.storage.transact(do)

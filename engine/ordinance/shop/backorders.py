"""Orders that wait for stock: what is to come, who is served when it comes, who is set aside."""

from __future__ import annotations

from datetime import date, datetime

from ordinance.command import Receipt
from ordinance.orders.change import decode
from ordinance.orders.pipeline import StuckStage
from ordinance.orders.states import IllegalMove
from ordinance.ports import Arrival, Conflict, PurchaseOrder, StoredOrder, Transaction, Waiting
from ordinance.shop.workplace import Workplace
from ordinance.stock import purchasing, shortage
from ordinance.stock.ledger import OutOfStock
from ordinance.stock.purchasing import WrongPurchase
from ordinance.stock.replenishment import lead_date

AT_ONCE = 100
"""Orders that a delivery serves before it returns; the pump serves the others."""

_PAGE = 50


class BackorderCommands(Workplace):
    """Commands on orders that wait for stock, and on the stock they wait for."""

    def expect_stock(
        self,
        number: str,
        warehouse: str,
        sku: str,
        pieces: int,
        *,
        key: str,
        supplier: str = "",
        expected: date | None = None,
        now: datetime | None = None,
    ) -> PurchaseOrder:
        """A supplier is to bring pieces of a stock item; given again, the order is changed.

        Without a day it is the item's lead time from today that counts; None where nobody knows.
        Fewer pieces than were received close it. Raises `WrongPurchase`.
        """
        if all(place.code != warehouse for place in self.profile.warehouses):
            raise WrongPurchase(f"shop {self.profile.shop} has no warehouse `{warehouse}`")
        at = now or self.clock.now()
        today = at.astimezone(self.zone).date()
        return purchasing.expect(
            self.storage,
            self.profile.shop,
            number,
            warehouse,
            sku,
            pieces,
            key=key,
            at=at,
            supplier=supplier,
            expected=expected,
            lead=lead_date(self.profile.items.get(sku), today, self.profile.calendar),
        )

    def stock_arrived(self, order: str, *, key: str, now: datetime | None = None) -> Receipt:
        """Let an order that waits for stock try again. Receiving stock does so by itself."""
        return self._on(order, key, {}, lambda c, d: shortage.stock_arrived(c), now, "warehouse")

    def set_short(
        self, order: str, *, key: str, by: str, note: str = "", now: datetime | None = None
    ) -> Receipt:
        """A person sets an order aside as short: it stays so until a person lifts the hold."""
        return self._on(
            order, key, {"note": note}, lambda c, d: shortage.set_aside(c, note), now, by
        )

    def resume_waiting(
        self, *, now: datetime | None = None, limit: int | None = None
    ) -> tuple[Receipt, ...]:
        """Serve the orders that wait for stock that was freed, the first of the queue first.

        Each order is a command of its own, so that nobody waits long for the store. At most
        `limit` orders are served; the next call goes on where stock is still marked as freed.
        """
        at = now or self.clock.now()
        served: list[Receipt] = []
        with self.storage.reading() as tx:
            marks = tx.arrivals(self.profile.shop, 1000)
        for mark in marks:
            left = None if limit is None else limit - len(served)
            done, receipts = self._serve(mark.sku, at, left)
            served += receipts
            if not done:
                break
            self._clear(mark)
        return tuple(served)

    def _clear(self, mark: Arrival) -> None:
        self.storage.transact(lambda tx: tx.clear_arrival(mark))

    def _serve(self, sku: str, now: datetime, limit: int | None) -> tuple[bool, list[Receipt]]:
        """Wake those who wait for one stock item; False when some are left for another time."""
        served: list[Receipt] = []
        last: Waiting | None = None
        conflicts = False
        while True:
            with self.storage.reading() as tx:
                last, key = self._next(tx, sku, last)
            if last is None:
                return not conflicts, served
            if limit is not None and len(served) >= limit:
                return False, served
            try:
                served.append(self.stock_arrived(last.order_id, key=key, now=now))
            except Conflict:
                # Another command has the order; it may not have seen the stock.
                conflicts = True
            except (StuckStage, IllegalMove, OutOfStock):
                # One order that cannot go on does not keep the others from being served.
                continue

    def _next(self, tx: Transaction, sku: str, after: Waiting | None) -> tuple[Waiting | None, str]:
        """The next one in the queue that something can be done for, and the key to do it under."""
        shop = self.profile.shop
        while page := tx.waiting(shop, sku, after=after, limit=_PAGE):
            levels = tx.levels(shop, [sku])
            # What is set aside is free for somebody too: for the orders of its channel.
            if not any(level.unbound + level.set_aside > 0 for level in levels):
                return None, ""
            for one in page:
                after = one
                stored = tx.order(shop, one.order_id)
                if stored is not None and _worth_waking(tx, one, stored):
                    return one, f"resume:{sku}:{one.order_id}:{stored.version}"
        return None, ""


def _worth_waking(tx: Transaction, one: Waiting, stored: StoredOrder) -> bool:
    """Whether what is free for its channel, or held for it by its checkout, lets an order go on."""
    if one.takes == "nothing":
        return False
    waits = tx.waits_of(one.shop, one.order_id) if one.takes == "order" else [one]
    free = dict.fromkeys((wait.sku for wait in waits), 0)
    # Few orders come from a checkout that holds something: the others are not decoded for it.
    token = decode(stored.document).checkout if '"checkout":' in stored.document else None
    for level in tx.levels(one.shop, list(free), channel=stored.channel, token=token):
        free[level.sku] += level.available
    return all(free[wait.sku] >= (1 if one.takes == "piece" else wait.pieces) for wait in waits)

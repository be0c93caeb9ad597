"""Looking at a shop: orders, timelines, explanations."""

from __future__ import annotations

from collections.abc import Iterator

from ordinance.audit import lineage, timeline, why
from ordinance.orders.change import decode
from ordinance.orders.record import OrderRecord
from ordinance.several import UnknownOrder
from ordinance.shop.workplace import Workplace
from ordinance.stored import StoredOrder


class Looking(Workplace):
    """Questions that change nothing."""

    def record(self, order: str) -> OrderRecord:
        """An order by id, public number or source id; raises `UnknownOrder`."""
        return decode(self.stored(order).document)

    def stored(self, order: str) -> StoredOrder:
        """The row of an order by id, public number or source id; raises `UnknownOrder`."""
        found = self.storage.find(self.profile.shop, order)
        if found is None:
            raise UnknownOrder(f"shop {self.profile.shop} has no order `{order}`")
        return found

    def orders(
        self, *, status: str | None = None, limit: int | None = None
    ) -> Iterator[OrderRecord]:
        """Orders by id, all or those with a display status."""
        for stored in self.storage.orders(self.profile.shop, status=status, limit=limit):
            yield decode(stored.document)

    def timeline(self, order: str, lang: str = "en") -> str:
        """The order's history as text, with the reason of each step."""
        return timeline.text(self.stored(order), self.storage, self.zone, lang)

    def lineage(self, order: str, lang: str = "en") -> str:
        """Which units are in which parcel and what each carries; empty without parcels."""
        return lineage.text(self.record(order), lang)

    def explain(self, order: str, decision: str | None = None, lang: str = "en") -> str:
        """Why the order was decided as it was, and why not otherwise.

        `decision` names a decision point (`review.risk`); without it every decision is told.
        """
        return why.text(self.stored(order), self.storage, decision, lang)

"""Changes of mind: a count, another address, orders that leave together, a block that is lifted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from ordinance.command import Outcome
from ordinance.fulfilment import loss
from ordinance.rules.decision import Plain
from ordinance.several import Several
from ordinance.shop.workplace import Workplace
from ordinance.stored import StoredBlock


class ChangeCommands(Workplace):
    """Commands that take back what was decided before, as far as the rules let them."""

    def stocktake(
        self,
        warehouse: str,
        counted: Mapping[str, int],
        *,
        key: str,
        now: datetime | None = None,
        actor: str = "warehouse",
    ) -> Outcome:
        """A warehouse counted some stock items; what is missing is booked, and who loses by it.

        `counted` says how many pieces of each stock item are on the shelf, reserved and packed
        ones among them. Where fewer are left than are reserved, orders give up their pieces by
        `allocation.loss` and go on in the same transaction: sourced anew, waiting, or held. What
        it answers names them per stock item. Raises `CannotBeMissing`; then nothing is booked.
        """
        at = now or self.clock.now()
        shop = self.profile.shop

        def do(several: Several) -> dict[str, Plain]:
            told: dict[str, Plain] = {}
            for sku in sorted(counted):
                shelf = loss.Shelf(
                    several.desk,
                    warehouse,
                    sku,
                    at,
                    actor,
                    key,
                    lambda sku=sku: [  # type: ignore[misc]
                        pool
                        for pool in self.storage.pools(shop)
                        if (pool.warehouse, pool.sku) == (warehouse, sku)
                    ],
                )
                before = shelf.level.on_hand
                losers = loss.count(shelf, counted[sku])
                told[sku] = {
                    "before": before,
                    "counted": counted[sku],
                    "given_up_by": [several.record(order).number for order in losers],
                }
            return told

        for sku, pieces in counted.items():
            if pieces < 0:
                raise ValueError(f"`{sku}`: a shelf cannot hold {pieces} pieces")
        body: dict[str, Plain] = {"warehouse": warehouse, "counted": dict(counted)}
        return self._on_many(key, body, do, at, actor)

    def blocked(self, now: datetime | None = None) -> list[StoredBlock]:
        """Which stock items which warehouse does not ship for the time being."""
        with self.storage.transaction() as tx:
            return list(tx.blocks(self.profile.shop, now or self.clock.now()))

    def lift_block(
        self,
        warehouse: str,
        sku: str,
        *,
        key: str,
        now: datetime | None = None,
        actor: str = "warehouse",
    ) -> bool:
        """A warehouse may ship a stock item again; False when nothing kept it from that."""

        def do(several: Several) -> dict[str, Plain]:
            return {"lifted": several.desk.tx.lift_block(self.profile.shop, sku, warehouse)}

        body: dict[str, Plain] = {"warehouse": warehouse, "lift": sku}
        return bool(self._on_many(key, body, do, now, actor).told["lifted"])

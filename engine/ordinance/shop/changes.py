"""Changes of mind: a count, another address, orders that leave together, a block that is lifted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from ordinance.command import Outcome, Receipt
from ordinance.fulfilment import loss, merging
from ordinance.orders.order import Receiver
from ordinance.rules.decision import Plain
from ordinance.service import address
from ordinance.several import Several
from ordinance.shop.buyer import receiver_of
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

        def do(several: Several) -> dict[str, Plain]:
            told: dict[str, Plain] = {}
            for sku in sorted(counted):
                several.desk.tx.claim_stock(self.profile.shop, [sku])
                shelf = loss.Shelf(several.desk, warehouse, sku, at, actor, key)
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

    def change_address(
        self,
        order: str,
        receiver: Receiver | Mapping[str, object],
        *,
        key: str,
        now: datetime | None = None,
        actor: str = "buyer",
    ) -> Receipt:
        """The goods are to go elsewhere; `service.address` says whether that is still done.

        `receiver` is where they go from now on; a name or phone that is not given stays. The old
        address is not kept. Raises `InvalidOrder` for an address that cannot be read.
        """
        to = receiver_of(receiver)
        return self._on(
            order,
            key,
            {"receiver": to.model_dump(mode="json")},
            lambda c, d: address.request(c, d, to),
            now,
            actor,
        )

    def merge(
        self,
        orders: Sequence[str],
        *,
        key: str,
        now: datetime | None = None,
        actor: str = "clerk",
    ) -> Outcome:
        """Let these orders leave in one box, unless `orders.merge` has a reason against it.

        Each keeps its lines, its money and its state. What it answers says whether they are
        `merged`, and the `blockers` when not; then nothing was changed. Raises `NotMerged` for
        fewer than two orders, and `UnknownOrder`.
        """
        at = now or self.clock.now()

        def do(several: Several) -> dict[str, Plain]:
            blockers = merging.merge(several.desk, orders, at)
            return {"merged": not blockers, "blockers": [*blockers]}

        return self._on_many(key, {"merge": [*orders]}, do, at, actor)

    def unmerge(
        self, order: str, *, key: str, now: datetime | None = None, actor: str = "clerk"
    ) -> Outcome:
        """Take the box of an order apart: each order in it is packed for itself, as before.

        Raises `NotMerged` when it is in no box with others, or when that is packed already.
        """

        def do(several: Several) -> dict[str, Plain]:
            return {"apart": [*merging.unmerge(several.open(order), several.desk)]}

        return self._on_many(key, {"unmerge": order}, do, now, actor)

    def blocked(self, now: datetime | None = None) -> list[StoredBlock]:
        """Which stock items which warehouse does not ship for the time being."""
        with self.storage.reading() as tx:
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

"""The orders that one command works on, each of which then goes on along its way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from ordinance.fulfilment import parcels, tracking
from ordinance.orders import completion, intake, review
from ordinance.orders.change import Change, decode
from ordinance.orders.desk import RULE_FAILED, DecisionFailed, Desk, hold
from ordinance.orders.pipeline import Stage, advance
from ordinance.orders.record import OrderRecord
from ordinance.ports import StoredOrder
from ordinance.rules import Words
from ordinance.service import notices
from ordinance.stock import checkout, sourcing

STAGES = (
    Stage("validate", Words("初步校验", "check"), intake.ready_to_validate, intake.validate),
    Stage("review", Words("审核", "review"), review.ready_to_review, review.review),
    Stage("allocate", Words("分仓", "allocate"), sourcing.ready_to_allocate, sourcing.allocate),
    Stage("pack", Words("打包", "pack"), parcels.ready_to_pack, parcels.pack),
    Stage("receive", Words("无需发货", "no goods"), completion.nothing_to_ship, completion.receive),
    Stage("settle", Words("送达", "arrive"), tracking.all_settled, tracking.settle),
    Stage(
        "complete",
        Words("完成", "complete"),
        completion.ready_to_complete,
        completion.plan_completion,
    ),
    Stage(
        "archive", Words("归档", "archive"), completion.ready_to_archive, completion.plan_archive
    ),
)
"""The way of an order, in order; the first stage that is ready runs."""


class UnknownOrder(Exception):
    """No order of this shop has that id, number or source id."""


class Several:
    """The orders that one command works on, in one transaction and by one release of the rules."""

    def __init__(self, desk: Desk, *, now: datetime, actor: str, cause: str) -> None:
        self.desk = desk
        desk.orders = self
        self.now = now
        self.actor = actor
        self.cause = cause
        self._changes: dict[str, Change] = {}

    def begin(self, begin: Callable[[Desk], Change]) -> Change:
        """The change of a new order."""
        change = begin(self.desk)
        self._changes[change.record.id] = change
        return change

    def open(self, order_id: str) -> Change:
        """The change of an order that is stored; the same one each time. Raises `UnknownOrder`."""
        if order_id not in self._changes:
            stored = self._stored(order_id)
            self._changes[order_id] = Change(
                decode(stored.document),
                stored.version,
                now=self.now,
                actor=self.actor,
                cause=self.cause,
                head=stored.head,
            )
        return self._changes[order_id]

    def record(self, order_id: str) -> OrderRecord:
        """An order as it is by now, without opening it. Raises `UnknownOrder`."""
        if order_id in self._changes:
            return self._changes[order_id].record
        return decode(self._stored(order_id).document)

    def opened(self) -> Iterator[Change]:
        """The changes in the order of opening; one that is opened meanwhile comes last."""
        done = 0
        while done < len(self._changes):
            yield list(self._changes.values())[done]
            done += 1

    def on(self, order_id: str, do: Callable[[Change, Desk], None]) -> Change:
        """Do something with one order; rules that cannot decide hold this order alone."""
        change = self.open(order_id)
        self._guarded(change, lambda: do(change, self.desk))
        return change

    def go_on(self, change: Change, do: Callable[[Change, Desk], None] | None = None) -> None:
        """Do the command, then let the order go on as far as it can.

        A rule set that cannot decide holds the order with the reason; it is never waved through.
        """

        def work() -> None:
            if do is not None:
                do(change, self.desk)
            if do is not None or change.events:
                advance(change, self.desk, STAGES)
                checkout.finish(change, self.desk)
                notices.notify(change, self.desk)

        self._guarded(change, work)

    def _stored(self, order_id: str) -> StoredOrder:
        shop = self.desk.profile.shop
        stored = self.desk.tx.order(shop, order_id)
        if stored is None:
            raise UnknownOrder(f"shop {shop} has no order `{order_id}`")
        return stored

    def _guarded(self, change: Change, work: Callable[[], None]) -> None:
        try:
            work()
        except DecisionFailed as failed:
            hold(change, RULE_FAILED, failed.point, why=failed.why)

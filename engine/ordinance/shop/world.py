"""What the warehouse, the carrier, the payment channel and the clock report."""

from __future__ import annotations

from datetime import datetime

from ordinance.command import Receipt
from ordinance.fulfilment import handover, merging, rejection, tracking
from ordinance.fulfilment.together import with_all_aboard
from ordinance.orders import completion, intake, promise, refunds
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.orders.states import RefundState
from ordinance.points.changes import REJECTIONS
from ordinance.service import cases, negotiation
from ordinance.shop.codes import known
from ordinance.shop.workplace import Workplace
from ordinance.stock import offers, shortage


def pushed(change: Change, desk: Desk, parcel: str, waybill: str) -> None:
    """The warehouse took a parcel, for every order that has something in it."""
    with_all_aboard(
        change, desk, parcel, lambda each, _, aboard: handover.pushed(each, aboard, waybill)
    )


def paid_back(change: Change, refund: str) -> None:
    """A refund was paid; nothing where that is known already."""
    if change.record.refund(refund).state is RefundState.SUCCESS:
        return
    refunds.move(change, refund, RefundState.SUBMITTED)
    refunds.move(change, refund, RefundState.SUCCESS)
    cases.refund_done(change, refund)


class WorldCommands(Workplace):
    """Commands that report what the world outside did."""

    def goods_back(
        self, order: str, case: str, inspection: str, *, key: str, now: datetime | None = None
    ) -> Receipt:
        """Returned goods arrived: `good`, `damaged` or `not_intact`."""
        return self._on(
            order,
            key,
            {"case": case, "inspection": inspection},
            lambda c, d: cases.goods_back(c, d, case, inspection),
            now,
            "warehouse",
        )

    def parcel_pushed(
        self, order: str, parcel: str, waybill: str, *, key: str, now: datetime | None = None
    ) -> Receipt:
        """The warehouse took the outbound document, the carrier gave a number."""
        return self._on(
            order,
            key,
            {"parcel": parcel, "waybill": waybill},
            lambda c, d: pushed(c, d, parcel, waybill),
            now,
            "warehouse",
        )

    def short_picked(
        self,
        order: str,
        parcel: str,
        sku: str,
        missing: int,
        *,
        key: str,
        now: datetime | None = None,
    ) -> Receipt:
        """The shelf held less than the books: the rejection with the reason `SHORT_PICKED`."""
        return self.warehouse_rejected(
            order, parcel, "SHORT_PICKED", sku=sku, pieces=missing, key=key, now=now
        )

    def warehouse_rejected(
        self,
        order: str,
        parcel: str,
        reason: str,
        *,
        key: str,
        sku: str | None = None,
        pieces: int | None = None,
        now: datetime | None = None,
        actor: str = "warehouse",
    ) -> Receipt:
        """A warehouse does not ship a parcel; by rule the order is sourced anew, without it.

        `reason` is one of `REJECTIONS`; one about an article needs its stock item as `sku`, and
        `pieces` when it is not all that the parcel has. Raises `UnknownCode`, `ValueError`, and
        `IllegalMove` for a parcel that is packed or gone.
        """
        known(reason, REJECTIONS, "a reason of a rejection")
        return self._on(
            order,
            key,
            {"parcel": parcel, "reason": reason, "sku": sku, "pieces": pieces},
            lambda c, d: rejection.reject(c, d, parcel, reason, sku=sku, pieces=pieces),
            now,
            actor,
        )

    def hand_over(
        self, order: str, parcel: str, *, key: str, now: datetime | None = None
    ) -> Receipt:
        """A parcel left with the carrier; the carrier is watched from now on."""

        def do(change: Change, desk: Desk, aboard: str) -> None:
            handover.hand_over(change, desk, aboard)
            tracking.check(change, desk, aboard)

        return self._on(
            order,
            key,
            {"parcel": parcel},
            lambda c, d: with_all_aboard(c, d, parcel, do),
            now,
            "warehouse",
        )

    def track(
        self, order: str, parcel: str, state: str, *, key: str, now: datetime | None = None
    ) -> Receipt:
        """A carrier scan in a normalised tracking state."""
        at = now or self.clock.now()

        def do(change: Change, desk: Desk, aboard: str) -> None:
            tracking.scan(change, desk, aboard, state, at)
            cases.resent_arrived(change, aboard)

        return self._on(
            order,
            key,
            {"parcel": parcel, "state": state},
            lambda c, d: with_all_aboard(c, d, parcel, do),
            at,
            "carrier",
        )

    def refund_paid(
        self, order: str, refund: str, reference: str, *, key: str, now: datetime | None = None
    ) -> Receipt:
        """The payment channel paid a refund back; it may say so twice, under two keys."""
        return self._on(
            order,
            key,
            {"refund": refund, "reference": reference},
            lambda c, d: paid_back(c, refund),
            now,
            "payment",
        )

    def timer(self, order: str, kind: str, name: str, *, key: str, now: datetime) -> Receipt:
        """A timer of an order ran out."""

        def do(change: Change, desk: Desk) -> None:
            change.unschedule(kind, name)
            if kind == "payment.close":
                intake.close_unpaid(change, desk)
            elif kind == shortage.WAIT:
                negotiation.timed_out(change, desk, name)
            elif kind == offers.REMIND:
                negotiation.remind(change, desk, name)
            elif kind == offers.SILENCE:
                negotiation.silent(change, desk, name)
            elif kind == promise.WINDOW:
                merging.window_over(change, desk)
            elif kind == promise.TIMER:
                promise.overdue(change, desk)
            elif kind == tracking.CHECK:
                tracking.check(change, desk, name)
            elif kind == tracking.RESOLVE:
                parcel, _, anomaly = name.partition(":")
                if not change.record.parcel(parcel).settled:
                    tracking.resolve(change, desk, parcel, anomaly)
            elif kind == cases.RETURN_DAYS_KIND:
                cases.never_came(change, name)
            elif kind == completion.COMPLETE:
                completion.complete(change, desk)
            elif kind == completion.ARCHIVE:
                completion.archive(change, desk)
            else:
                raise ValueError(f"no such timer: {kind}")

        return self._on(order, key, {"kind": kind, "name": name}, do, now, "clock")

"""The one object a store holds: takes orders, carries them on, answers why."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from types import TracebackType
from typing import Self
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from ordinance.audit import timeline, why
from ordinance.command import Receipt, Runner, UnknownOrder
from ordinance.fulfilment import parcels, promise, tracking
from ordinance.orders import completion, intake, refunds, review
from ordinance.orders.change import Change, decode
from ordinance.orders.desk import Desk, release
from ordinance.orders.order import Order, Payment
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import OrderState, RefundState
from ordinance.ports import (
    Clock,
    Ids,
    Movement,
    MovementKind,
    Storage,
    StoredCommand,
    StoredOrder,
)
from ordinance.profile import Profile
from ordinance.rules import Rulebook
from ordinance.rules.decision import Plain
from ordinance.service import cancel, cases
from ordinance.stock import shortage


class InvalidOrder(Exception):
    """An order that cannot be read; every problem with the field it is in."""


class Shop:
    """One shop: its orders, stock, rules and store."""

    def __init__(
        self, storage: Storage, profile: Profile, rules: Rulebook, clock: Clock, ids: Ids
    ) -> None:
        self.storage = storage
        self.profile = profile
        self.rules = rules
        self.clock = clock
        self._runner = Runner(storage, profile, rules, ids)
        self._ids = ids

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        self.storage.close()

    def batch(self) -> AbstractContextManager[None]:
        """Group many commands into one commit; each stays all-or-nothing."""
        return self.storage.batch()

    # -- commands -----------------------------------------------------------------------------

    def place(
        self,
        order: Order | Mapping[str, object],
        *,
        key: str | None = None,
        now: datetime | None = None,
        actor: str = "channel",
    ) -> Receipt:
        """Take an order in and carry it as far as it can go at once.

        `order` is an `Order` or a mapping with its fields. The key defaults to channel and source
        id, so that the same order taken in twice is one order. Raises `InvalidOrder` with every
        problem, `RefusedOrder` for what cannot be recorded, `KeyReused` for another body under
        the same key.
        """
        message = self._read(order)
        key = key or f"place:{message.channel}:{message.source_id}"
        at = now or self.clock.now()
        with self.storage.transaction() as tx:
            known = tx.order_by_source(self.profile.shop, message.channel, message.source_id)
            if known is not None and tx.command(self.profile.shop, key) is None:
                return self._receipt(known)
        body = message.model_dump(mode="json")
        return self._runner.run(
            key,
            body,
            lambda change, desk: None,
            now=at,
            actor=actor,
            begin=lambda desk: intake.begin(message, desk, now=at, actor=actor, cause=key),
        )

    def _read(self, order: Order | Mapping[str, object]) -> Order:
        if isinstance(order, Order):
            return order
        try:
            return Order.model_validate(order)
        except ValidationError as error:
            lines = [
                f"{'.'.join(str(part) for part in item['loc']) or 'order'}: {item['msg'].lower()}"
                for item in error.errors(include_url=False, include_input=False)
            ]
            raise InvalidOrder("; ".join(lines)) from None

    def _receipt(self, stored: StoredOrder) -> Receipt:
        return Receipt(stored.id, stored.number, stored.status, stored.version, repeated=True)

    def _on(
        self,
        order: str,
        key: str,
        body: Mapping[str, Plain],
        do: Callable[[Change, Desk], object],
        now: datetime | None,
        actor: str,
    ) -> Receipt:
        def work(change: Change, desk: Desk) -> None:
            do(change, desk)

        return self._runner.run(
            key, body, work, now=now or self.clock.now(), actor=actor, order_id=order
        )

    def pay(
        self,
        order: str,
        payment: Payment,
        *,
        key: str,
        now: datetime | None = None,
        actor: str = "payment",
    ) -> Receipt:
        """A payment came in; a late one on a closed order goes back at once."""

        def do(change: Change, desk: Desk) -> None:
            late = change.record.state in (OrderState.CANCELLED, OrderState.REFUSED)
            intake.pay(change, desk, payment)
            if late:
                refunds.refund_rest(change, desk, reason="late_payment")

        return self._on(order, key, payment.model_dump(mode="json"), do, now, actor)

    def answer_review(
        self, order: str, answer: str, *, key: str, by: str, now: datetime | None = None
    ) -> Receipt:
        """A clerk reports what came of a review: `confirm`, `deny` or `unreachable`."""
        return self._on(
            order, key, {"answer": answer}, lambda c, d: review.answer(c, d, answer), now, by
        )

    def release(
        self, order: str, code: str, *, key: str, by: str, now: datetime | None = None
    ) -> Receipt:
        """A person lifts a hold; an order parked at intake then goes on to review."""

        def do(change: Change, desk: Desk) -> None:
            release(change, code)
            if change.record.state is OrderState.PRE and not change.record.open_holds:
                change.happen("order.forced", {"code": code}, state=OrderState.WAIT_AUDIT)

        return self._on(order, key, {"code": code}, do, now, by)

    def answer_offer(
        self, order: str, agreed: bool, *, key: str, now: datetime | None = None
    ) -> Receipt:
        """The buyer answers an offer to cancel what cannot be shipped; the answer is the record."""
        return self._on(
            order, key, {"agreed": agreed}, lambda c, d: cancel.consent(c, d, agreed), now, "buyer"
        )

    def cancel(
        self,
        order: str,
        *,
        key: str,
        reason: str = "DONT_WANT",
        pieces: Sequence[tuple[str, int]] = (),
        now: datetime | None = None,
        actor: str = "buyer",
    ) -> Receipt:
        """The buyer wants to cancel the order, or some (sku, quantity) of it."""

        def do(change: Change, desk: Desk) -> None:
            named = cases.pieces_for(change.record, pieces)
            cancel.request(change, desk, named, reason=reason, source=key)

        return self._on(order, key, {"reason": reason, "pieces": _plain(pieces)}, do, now, actor)

    def request_aftersale(
        self,
        order: str,
        *,
        key: str,
        reason: str,
        pieces: Sequence[tuple[str, int]] = (),
        demand: str | None = None,
        evidence: bool = False,
        claimed_minor: int | None = None,
        now: datetime | None = None,
        actor: str = "buyer",
    ) -> Receipt:
        """Open an after-sale case about some (sku, quantity); none means everything left.

        Raises `NotReturnable` when the pieces were not bought or came back before.
        """

        def do(change: Change, desk: Desk) -> None:
            record = change.record
            wanted = list(pieces) or _everything(record)
            named = cases.pieces_for(record, wanted)
            cases.open_case(
                change,
                desk,
                named,
                reason=reason,
                demand=demand,
                source=key,
                evidence=evidence,
                claimed=claimed_minor,
            )

        body: dict[str, Plain] = {
            "reason": reason,
            "pieces": _plain(pieces),
            "demand": demand,
            "evidence": evidence,
            "claimed": claimed_minor,
        }
        return self._on(order, key, body, do, now, actor)

    def settle_case(
        self, order: str, case: str, remedy: str, *, key: str, by: str, now: datetime | None = None
    ) -> Receipt:
        """A person decides a case that the rules handed over."""
        return self._on(
            order,
            key,
            {"case": case, "remedy": remedy},
            lambda c, d: cases.settle_by_person(c, d, case, remedy),
            now,
            by,
        )

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
            lambda c, d: parcels.pushed(c, parcel, waybill),
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
        """The shelf held less than the books; the order is allocated anew."""
        return self._on(
            order,
            key,
            {"parcel": parcel, "sku": sku, "missing": missing},
            lambda c, d: parcels.short_picked(c, d, parcel, sku, missing),
            now,
            "warehouse",
        )

    def hand_over(
        self, order: str, parcel: str, *, key: str, now: datetime | None = None
    ) -> Receipt:
        """A parcel left with the carrier; the carrier is watched from now on."""

        def do(change: Change, desk: Desk) -> None:
            parcels.hand_over(change, desk, parcel)
            tracking.check(change, desk, parcel)

        return self._on(order, key, {"parcel": parcel}, do, now, "warehouse")

    def track(
        self, order: str, parcel: str, state: str, *, key: str, now: datetime | None = None
    ) -> Receipt:
        """A carrier scan in a normalised tracking state."""
        at = now or self.clock.now()
        return self._on(
            order,
            key,
            {"parcel": parcel, "state": state},
            lambda c, d: tracking.scan(c, d, parcel, state, at),
            at,
            "carrier",
        )

    def refund_paid(
        self, order: str, refund: str, reference: str, *, key: str, now: datetime | None = None
    ) -> Receipt:
        """The payment channel paid a refund back."""

        def do(change: Change, desk: Desk) -> None:
            refunds.move(change, refund, RefundState.SUBMITTED)
            refunds.move(change, refund, RefundState.SUCCESS)
            cases.refund_done(change, refund)

        return self._on(order, key, {"refund": refund, "reference": reference}, do, now, "payment")

    def timer(self, order: str, kind: str, name: str, *, key: str, now: datetime) -> Receipt:
        """A timer of an order ran out."""

        def do(change: Change, desk: Desk) -> None:
            change.unschedule(kind, name)
            if kind == "payment.close":
                intake.close_unpaid(change, desk)
            elif kind == "stock.wait":
                shortage.timed_out(change, desk, name)
            elif kind == promise.TIMER:
                promise.overdue(change, desk)
            elif kind == "track.check":
                tracking.check(change, desk, name)
            elif kind == "track.resolve":
                parcel, _, anomaly = name.partition(":")
                if not change.record.parcels[parcel].settled:
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

    # -- stock --------------------------------------------------------------------------------

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

    # -- looking ------------------------------------------------------------------------------

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

    def explain(self, order: str, decision: str | None = None, lang: str = "en") -> str:
        """Why the order was decided as it was, and why not otherwise.

        `decision` names a decision point (`review.risk`); without it every decision is told.
        """
        return why.text(self.stored(order), self.storage, decision, lang)

    @property
    def zone(self) -> ZoneInfo:
        """The shop's time zone."""
        return ZoneInfo(self.profile.zone)


def _everything(record: OrderRecord) -> list[tuple[str, int]]:
    wanted: dict[str, int] = {}
    for line in record.lines.values():
        left = line.quantity - line.cancelled - line.returned
        if line.kind in ("goods", "virtual") and left > 0:
            wanted[line.sku] = wanted.get(line.sku, 0) + left
    return list(wanted.items())


def _plain(pieces: Sequence[tuple[str, int]]) -> list[Plain]:
    return [[sku, count] for sku, count in pieces]

"""What a channel, a buyer or a clerk brings: orders, payments, answers, cancellations, cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from pydantic import ValidationError

from ordinance.command import Receipt
from ordinance.orders import intake, refunds, review
from ordinance.orders.change import Change
from ordinance.orders.desk import RULE_FAILED, Desk, release
from ordinance.orders.order import Order, Payment, Receiver
from ordinance.orders.promise import CONSENT
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import OrderState
from ordinance.points.aftersale import REASONS, REMEDIES
from ordinance.points.review import ANSWERS
from ordinance.ports import Conflict
from ordinance.rules.decision import Plain
from ordinance.service import cancel, cases, negotiation, settling
from ordinance.service.cases import NotReturnable
from ordinance.shop.codes import known
from ordinance.shop.workplace import Workplace
from ordinance.stock import checkout, offers
from ordinance.stored import StoredOrder


class InvalidOrder(Exception):
    """An order that cannot be read; every problem with the field it is in."""


SETTLEMENTS = tuple(
    choice for choice in REMEDIES if choice.code in cases.APPROVED or choice.code == "REFUSE"
)
"""What a person can make of a case that the rules handed over."""


NOTHING_TO_RETURN = (OrderState.WAIT_PAY, OrderState.CANCELLED, OrderState.REFUSED)


class _TakenBefore(Exception):
    """The order is known already, by another key."""

    def __init__(self, order: StoredOrder) -> None:
        self.order = order
        super().__init__(order.id)


class BuyerCommands(Workplace):
    """Commands from the side of the buyer."""

    def place(
        self,
        order: Order | Mapping[str, object],
        *,
        key: str | None = None,
        reservation: str | None = None,
        now: datetime | None = None,
        actor: str = "channel",
    ) -> Receipt:
        """Take an order in and carry it as far as it can go at once.

        `order` is an `Order` or a mapping with its fields. The key defaults to channel and source
        id, so that the same order taken in twice is one order. `reservation` is the token of its
        checkout (see `reserve`): what it holds goes over to the order; one that ran out is not
        honoured, and the order finds stock like any other. Raises `InvalidOrder` with every
        problem, `RefusedOrder` for what cannot be recorded, `KeyReused` for another body under
        the same key.
        """
        message = self._read(order)
        key = key or f"place:{message.channel}:{message.source_id}"
        at = now or self.clock.now()
        body = message.model_dump(mode="json")

        def begin(desk: Desk) -> Change:
            known = desk.tx.order_by_source(self.profile.shop, message.channel, message.source_id)
            if known is not None:
                if desk.tx.command(self.profile.shop, key) is not None:
                    raise Conflict("another process has done this very command meanwhile")
                raise _TakenBefore(known)
            return intake.begin(message, desk, now=at, actor=actor, cause=key)

        if reservation is not None:
            body["reservation"] = reservation

        def do(change: Change, desk: Desk) -> None:
            if reservation is not None:
                checkout.take_over(change, desk, reservation)
            intake.enter(change, desk)

        try:
            return self._runner.run(
                key,
                body,
                do,
                now=at,
                actor=actor,
                begin=begin,
            )
        except _TakenBefore as taken:
            return self._receipt(taken.order)
        except Conflict:
            # Another process took the same order in meanwhile: it is that order.
            with self.storage.reading() as tx:
                known = tx.order_by_source(self.profile.shop, message.channel, message.source_id)
            if known is None:
                raise
            return self._receipt(known)

    def _read(self, order: Order | Mapping[str, object]) -> Order:
        if isinstance(order, Order):
            return order
        try:
            return Order.model_validate(order)
        except ValidationError as error:
            raise InvalidOrder(_problems(error, "order")) from None

    def _receipt(self, stored: StoredOrder) -> Receipt:
        return Receipt(stored.id, stored.number, stored.status, stored.version, repeated=True)

    def pay(
        self,
        order: str,
        payment: Payment,
        *,
        key: str,
        now: datetime | None = None,
        actor: str = "payment",
    ) -> Receipt:
        """A payment came in; a late one on a closed order goes back at once.

        Raises `PaidAnother` for a late one that another order was paid by: giving that back would
        take the money of an order that goes on.
        """

        def do(change: Change, desk: Desk) -> None:
            late = change.record.state in (OrderState.CANCELLED, OrderState.REFUSED)
            if late:
                intake.demand_own(change.record, desk, payment)
            intake.pay(change, desk, payment)
            if late:
                refunds.refund_rest(change, desk, reason="late_payment")

        return self._on(order, key, payment.model_dump(mode="json"), do, now, actor)

    def answer_review(
        self, order: str, answer: str, *, key: str, by: str, now: datetime | None = None
    ) -> Receipt:
        """A clerk reports what came of a review: `confirm`, `deny` or `unreachable`.

        Raises `UnknownCode` for anything else.
        """
        known(answer, ANSWERS, "an answer")
        return self._on(
            order, key, {"answer": answer}, lambda c, d: review.answer(c, d, answer), now, by
        )

    def release(
        self, order: str, code: str, *, key: str, by: str, now: datetime | None = None
    ) -> Receipt:
        """A person lifts a hold; an order parked at intake then goes on to review.

        Raises `CaseUndecided` for one that shows a case which waits to be settled.
        """

        def do(change: Change, desk: Desk) -> None:
            settling.demand_decided(change.record, code)
            release(change, code)
            if code == CONSENT:
                # The person has decided: the buyer is neither waited for nor reminded any more.
                offers.close(change)
            if code == RULE_FAILED:
                # The rules are asked again; nothing is let through.
                intake.enter(change, desk)
            elif change.record.state is OrderState.PRE and not change.record.open_holds:
                change.happen("order.forced", {"code": code}, state=OrderState.WAIT_AUDIT)

        return self._on(order, key, {"code": code}, do, now, by)

    def answer_offer(
        self,
        order: str,
        choice: str | None = None,
        *,
        key: str,
        lines: Mapping[int, str] | None = None,
        now: datetime | None = None,
    ) -> Receipt:
        """The buyer answers an offer; the answer is the record without which nothing is cancelled.

        A `choice` for the whole offer, or one for each of its `lines`: `wait`, `ship_available`,
        `cancel_short` or `substitute`, as far as it was offered, or `decline`. Where a review asked
        whether to call the order off: `cancel_order` or `decline`. Raises `NotOffered`.
        """
        per_line = dict(lines or {})
        body: dict[str, Plain] = {
            "choice": choice,
            "lines": {str(no): one for no, one in sorted(per_line.items())},
        }
        return self._on(
            order, key, body, lambda c, d: negotiation.answer(c, d, choice, per_line), now, "buyer"
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
        """The buyer wants to cancel the order, or some (sku, quantity) of it.

        Raises `UnknownCode` for a reason that is none, `NotReturnable` for pieces not bought.
        """
        known(reason, REASONS, "a reason")

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

        Raises `UnknownCode` for a reason or a demand that is none, `NotReturnable` when the pieces
        were not bought or came back before.
        """
        known(reason, REASONS, "a reason")
        if demand is not None:
            known(demand, REMEDIES, "a remedy")

        def do(change: Change, desk: Desk) -> None:
            record = change.record
            if record.state in NOTHING_TO_RETURN and not any(line.shipped for line in record.goods):
                raise NotReturnable(
                    f"order {record.number} is {record.state}, and nothing of it was sent"
                )
            wanted = list(pieces) or _everything(record)
            named = cases.pieces_for(record, wanted)
            # What has not left is called off, if the rules agree: a case would give the money back
            # and let the goods leave all the same.
            cancel.stop_at_home(change, desk, named, reason)
            named = cancel.that_left(change.record, named)
            if not named:
                if change.events:
                    return
                raise NotReturnable(f"order {record.number} has nothing left to ask about")
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
        """A person decides a case that the rules handed over.

        Raises `UnknownCode` for a remedy that a person cannot choose.
        """
        known(remedy, SETTLEMENTS, "a remedy that a person can choose")
        return self._on(
            order,
            key,
            {"case": case, "remedy": remedy},
            lambda c, d: settling.settle(c, d, case, remedy),
            now,
            by,
        )


def receiver_of(receiver: Receiver | Mapping[str, object]) -> Receiver:
    """A receiver, validated; raises `InvalidOrder`."""
    if isinstance(receiver, Receiver):
        return receiver
    try:
        return Receiver.model_validate(receiver)
    except ValidationError as error:
        raise InvalidOrder(_problems(error, "receiver")) from None


def _problems(error: ValidationError, whole: str) -> str:
    """Every problem of a message with the field that it is in."""
    return "; ".join(
        f"{'.'.join(str(part) for part in item['loc']) or whole}: {item['msg'].lower()}"
        for item in error.errors(include_url=False, include_input=False)
    )


def _everything(record: OrderRecord) -> list[tuple[str, int]]:
    wanted: dict[str, int] = {}
    for line in record.lines.values():
        left = line.quantity - line.cancelled - line.returned
        if line.kind in ("goods", "virtual") and left > 0:
            wanted[line.sku] = wanted.get(line.sku, 0) + left
    return list(wanted.items())


def _plain(pieces: Sequence[tuple[str, int]]) -> list[Plain]:
    return [[sku, count] for sku, count in pieces]

"""What a channel, a buyer or a clerk brings: orders, payments, answers, cancellations, cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from difflib import get_close_matches

from pydantic import ValidationError

from ordinance.command import Receipt
from ordinance.orders import intake, refunds, review
from ordinance.orders.change import Change
from ordinance.orders.desk import RULE_FAILED, Desk, release
from ordinance.orders.order import Order, Payment
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import OrderState
from ordinance.points.aftersale import REASONS, REMEDIES
from ordinance.points.review import ANSWERS
from ordinance.ports import Conflict
from ordinance.rules import Choice
from ordinance.rules.decision import Plain
from ordinance.service import cancel, cases
from ordinance.shop.workplace import Workplace
from ordinance.stored import StoredOrder


class InvalidOrder(Exception):
    """An order that cannot be read; every problem with the field it is in."""


SETTLEMENTS = tuple(
    choice for choice in REMEDIES if choice.code in cases.APPROVED or choice.code == "REFUSE"
)
"""What a person can make of a case that the rules handed over."""


class _TakenBefore(Exception):
    """The order is known already, by another key."""

    def __init__(self, order: StoredOrder) -> None:
        self.order = order
        super().__init__(order.id)


class UnknownCode(ValueError):
    """A command names a reason, a remedy or an answer that there is not."""


class BuyerCommands(Workplace):
    """Commands from the side of the buyer."""

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
        body = message.model_dump(mode="json")

        def begin(desk: Desk) -> Change:
            known = desk.tx.order_by_source(self.profile.shop, message.channel, message.source_id)
            if known is not None:
                raise _TakenBefore(known)
            return intake.begin(message, desk, now=at, actor=actor, cause=key)

        try:
            return self._runner.run(
                key,
                body,
                intake.enter,
                now=at,
                actor=actor,
                begin=begin,
            )
        except _TakenBefore as taken:
            return self._receipt(taken.order)
        except Conflict:
            # Another process took the same order in meanwhile: it is that order.
            with self.storage.transaction() as tx:
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
            lines = [
                f"{'.'.join(str(part) for part in item['loc']) or 'order'}: {item['msg'].lower()}"
                for item in error.errors(include_url=False, include_input=False)
            ]
            raise InvalidOrder("; ".join(lines)) from None

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
        """A clerk reports what came of a review: `confirm`, `deny` or `unreachable`.

        Raises `UnknownCode` for anything else.
        """
        _known(answer, ANSWERS, "an answer")
        return self._on(
            order, key, {"answer": answer}, lambda c, d: review.answer(c, d, answer), now, by
        )

    def release(
        self, order: str, code: str, *, key: str, by: str, now: datetime | None = None
    ) -> Receipt:
        """A person lifts a hold; an order parked at intake then goes on to review."""

        def do(change: Change, desk: Desk) -> None:
            release(change, code)
            if code == RULE_FAILED:
                # The rules are asked again; nothing is let through.
                intake.enter(change, desk)
            elif change.record.state is OrderState.PRE and not change.record.open_holds:
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
        """The buyer wants to cancel the order, or some (sku, quantity) of it.

        Raises `UnknownCode` for a reason that is none, `NotReturnable` for pieces not bought.
        """
        _known(reason, REASONS, "a reason")

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
        _known(reason, REASONS, "a reason")
        if demand is not None:
            _known(demand, REMEDIES, "a remedy")

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
        """A person decides a case that the rules handed over.

        Raises `UnknownCode` for a remedy that a person cannot choose.
        """
        _known(remedy, SETTLEMENTS, "a remedy that a person can choose")
        return self._on(
            order,
            key,
            {"case": case, "remedy": remedy},
            lambda c, d: cases.settle_by_person(c, d, case, remedy),
            now,
            by,
        )


def _everything(record: OrderRecord) -> list[tuple[str, int]]:
    wanted: dict[str, int] = {}
    for line in record.lines.values():
        left = line.quantity - line.cancelled - line.returned
        if line.kind in ("goods", "virtual") and left > 0:
            wanted[line.sku] = wanted.get(line.sku, 0) + left
    return list(wanted.items())


def _known(code: str, choices: Iterable[Choice], what: str) -> None:
    codes = [choice.code for choice in choices]
    if code not in codes:
        near = get_close_matches(code.upper(), codes, n=1) or get_close_matches(code, codes, n=1)
        hint = f"did you mean `{near[0]}`?" if near else f"known: {', '.join(codes)}"
        raise UnknownCode(f"`{code}` is not {what}; {hint}")


def _plain(pieces: Sequence[tuple[str, int]]) -> list[Plain]:
    return [[sku, count] for sku, count in pieces]

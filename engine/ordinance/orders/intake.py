"""Intake: an incoming order becomes a record, is classified line by line, and is checked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from ordinance.orders import refunds
from ordinance.orders.change import Change
from ordinance.orders.contact import region_code
from ordinance.orders.copying import copied
from ordinance.orders.desk import RULE_FAILED, DecisionFailed, Desk, hold, release, why
from ordinance.orders.facts import (
    all_facts,
    goods_facts,
    keep_person,
    known_history,
    line_facts,
    order_facts,
)
from ordinance.orders.money import apportion, minor_units
from ordinance.orders.order import Order, Payment
from ordinance.orders.person import Person
from ordinance.orders.record import OrderRecord, RecordLine, RecordPayment
from ordinance.orders.states import OrderState, PayState
from ordinance.profile import Item
from ordinance.rules import Value
from ordinance.seen import person_of


class RefusedOrder(Exception):
    """An order that cannot even be recorded; says what and how to put it right."""


class PaidAnother(Exception):
    """A payment on a closed order that is known as that of another one; nothing was done."""


def begin(order: Order, desk: Desk, *, now: datetime, actor: str, cause: str) -> Change:
    """Record an incoming order: classify its lines, apportion its discount, take its payments."""
    placed_at = _zoned(order.placed_at, desk)
    order_id = desk.ids.order_id(placed_at, cause)
    record = OrderRecord(
        shop=desk.profile.shop,
        id=order_id,
        number=desk.ids.order_number(placed_at, cause),
        channel=order.channel,
        source_id=order.source_id,
        currency=desk.profile.currency,
        type=order.type,
        placed_at=placed_at,
        person=person_of(order_id),
        buyer_id=order.buyer.id,
        region=region_code(order.receiver.region),
        latitude=order.receiver.latitude,
        longitude=order.receiver.longitude,
        has_message=bool(order.buyer_message or order.seller_memo),
        tags=order.tags,
        promised_at=None if order.promised_at is None else _zoned(order.promised_at, desk),
    )
    change = Change(record, 0, now=now, actor=actor, cause=cause)
    failed: DecisionFailed | None = None
    try:
        lines = _classified(order, change, desk)
    except DecisionFailed as error:
        # Held below; the person who lifts the hold takes every line for goods.
        failed, lines = error, [line for line, _ in _drafted(order, desk)]
    lines = _with_charges(order, lines, desk)
    change.record = copied(
        change.record,
        {
            "lines": {line.no: line for line in lines},
            "receivable": sum(line.amount for line in lines),
        },
    )
    if change.record.receivable < 0:
        raise RefusedOrder(
            f"order `{order.source_id}` adds up to less than nothing; "
            "a return is not an order: hand it in as an after-sale request"
        )
    change.begin({"source_id": order.source_id, "channel": order.channel})
    keep_person(record, Person.of(order), desk)
    for payment in order.payments:
        receive(change, desk, payment)
    if failed is not None:
        hold(change, RULE_FAILED, failed.point, why=failed.why)
    return change


def enter(change: Change, desk: Desk) -> None:
    """Let a recorded order in, or have it wait for its money; a held one stays where it is."""
    if change.record.state is None and not change.record.open_holds:
        _settle_payment_state(change, desk)


def _drafted(order: Order, desk: Desk) -> Iterator[tuple[RecordLine, Decimal]]:
    """The lines as they came, taken for goods, each with its exact unit price."""
    digits = desk.profile.minor_digits
    today = desk.local(_zoned(order.placed_at, desk)).date()
    for no, line in enumerate(order.lines, start=1):
        item = desk.profile.items.get(line.sku)
        drafted = RecordLine(
            no=no,
            sku=line.sku,
            title=line.title or (item.title if item else line.sku),
            kind="goods",
            quantity=line.quantity,
            unit_price=minor_units(line.unit_price, digits),
            amount=minor_units(line.unit_price * line.quantity - line.discount, digits),
            discount=minor_units(line.discount, digits),
            no_return_agreed=line.no_return_agreed,
            presale_by=line.presale_by or _presale_by(item, today),
            parts=desk.profile.parts_of(line.sku),
            gift_of=line.gift_of,
        )
        yield drafted, line.unit_price


def _presale_by(item: Item | None, today: date) -> date | None:
    """The day of an article's presale while it lies ahead; afterwards it is none."""
    day = item.presale_by if item else None
    return day if day is not None and day >= today else None


def _classified(order: Order, change: Change, desk: Desk) -> list[RecordLine]:
    """Ask `intake.line` what each line is. Equal lines are asked once."""
    answers: dict[tuple[str, int, Decimal, bool], str] = {}
    lines = []
    for line, unit_price in _drafted(order, desk):
        asked = (line.sku, line.quantity, unit_price, line.gift_of is not None)
        if asked not in answers:
            facts: dict[str, Value] = {
                "order.channel": order.channel,
                "order.shop": desk.profile.shop,
                **line_facts(line, desk),
                "line.unit_price": unit_price,
            }
            decision = desk.decide(change, "intake.line", facts)
            answers[asked] = str(decision.outcome["treat_as"])
        kind = answers[asked]
        amount = 0 if kind == "set_aside" else line.amount
        lines.append(copied(line, {"kind": kind, "amount": amount}))
    return lines


def _with_charges(order: Order, lines: list[RecordLine], desk: Desk) -> list[RecordLine]:
    """Add freight as a line of its own; take discounts off what is sold, to the cent.

    A discount of the whole order and discount lines are apportioned alike, so that a refund of
    one line later gives back what was really paid for it.
    """
    digits = desk.profile.minor_digits
    freight = minor_units(order.freight, digits)
    taken_off = [line for line in lines if line.kind == "discount"]
    discount = minor_units(order.discount, digits) - sum(line.amount for line in taken_off)
    sale = [line for line in lines if line.kind in ("goods", "virtual")]
    if discount and sale:
        shares = apportion(discount, [max(line.amount, 0) for line in sale])
        less = {line.no: share for line, share in zip(sale, shares, strict=True)}
        lines = [
            replace(
                line,
                amount=0 if line.kind == "discount" else line.amount - less.get(line.no, 0),
                discount=line.discount + less.get(line.no, 0),
            )
            for line in lines
        ]
    if freight:
        lines.append(
            RecordLine(
                no=len(lines) + 1,
                sku="FREIGHT",
                title="freight",
                kind="freight",
                quantity=1,
                unit_price=freight,
                amount=freight,
            )
        )
    return lines


def receive(change: Change, desk: Desk, payment: Payment) -> None:
    """Take in one payment. The same transaction number on the same order is taken once."""
    record = change.record
    if any(
        held.transaction == payment.transaction and held.method == payment.method
        for held in record.payments.values()
    ):
        return
    item = RecordPayment(
        id=f"M{len(record.payments) + 1}",
        transaction=payment.transaction,
        method=payment.method,
        amount=minor_units(payment.amount, desk.profile.minor_digits),
        paid_at=_zoned(payment.paid_at, desk),
        instalments=payment.instalments,
    )
    change.happen(
        "payment.received",
        {"amount": item.amount, "method": item.method},
        payments=[item],
    )
    desk.tx.keep_transaction(record.shop, item.method, item.transaction, record.id)


def demand_own(record: OrderRecord, desk: Desk, payment: Payment) -> None:
    """Raise `PaidAnother` where a payment is known as that of another order."""
    owner = desk.tx.transaction_owner(record.shop, payment.method, payment.transaction)
    if owner not in (None, record.id):
        raise PaidAnother(
            f"payment `{payment.transaction}` was reported for another order before, and order "
            f"{record.number} is closed: nothing is given back; find out which one it paid"
        )


def _settle_payment_state(change: Change, desk: Desk) -> None:
    """Derive the payment axis, and let the order in or have it wait for its money."""
    record = change.record
    short = record.receivable - record.paid
    pay_state = (
        PayState.PAID
        if short == 0
        else PayState.OVERPAID
        if short < 0
        else PayState.PART_PAID
        if record.paid
        else PayState.UNPAID
    )
    if record.state not in (None, OrderState.WAIT_PAY):
        change.happen("payment.settled", pay_state=pay_state)
        return
    if record.state is OrderState.WAIT_PAY and short > 0:
        # A payment in parts: the rest may still come, until the timer runs out.
        change.happen("payment.settled", pay_state=pay_state)
        return
    if record.paid == 0 and record.receivable > 0:
        facts = {**order_facts(record, desk), **known_history(record, desk)}
        decision = desk.decide(change, "intake.unpaid", facts)
        minutes = int(str(decision.outcome["close_after_minutes"]))
        change.happen(
            "order.waits_for_payment",
            {"minutes": minutes},
            state=OrderState.WAIT_PAY,
            pay_state=pay_state,
        )
        change.schedule("payment.close", record.placed_at + timedelta(minutes=minutes))
        return
    if record.state is OrderState.WAIT_PAY:
        change.unschedule("payment.close")
    change.happen("order.entered", state=OrderState.PRE, pay_state=pay_state)


def pay(change: Change, desk: Desk, payment: Payment) -> None:
    """A payment event on an order that is already known."""
    receive(change, desk, payment)
    _settle_payment_state(change, desk)


def ready_to_validate(record: OrderRecord) -> bool:
    """Entry condition of `validate`."""
    return record.state is OrderState.PRE and not record.open_holds


def validate(change: Change, desk: Desk) -> None:
    """Stage: ask `intake.validate`; accept, park with every reason, or refuse."""
    record = change.record
    decision = desk.decide(
        change, "intake.validate", all_facts(record, desk), lines=goods_facts(record, desk)
    )
    verdict = str(decision.outcome.get("verdict", "accept"))
    found = _listed(decision.outcome.get("exception"))
    if verdict == "refuse":
        change.happen(
            "order.refused",
            {"reasons": list(found), "rule": why(decision)},
            state=OrderState.REFUSED,
            exceptions=found,
            ended_at=change.now,
            end_cause="refused",
        )
        refunds.refund_rest(change, desk, reason="refused")
    elif verdict == "park":
        change.happen(
            "order.checked", {"verdict": verdict, "reasons": list(found)}, exceptions=found
        )
        hold(change, found[0] if found else "PARKED", why(decision))
    else:
        change.happen(
            "order.checked",
            {"verdict": verdict, "reasons": list(found)},
            exceptions=found,
            state=OrderState.WAIT_AUDIT,
        )


def close_unpaid(change: Change, desk: Desk) -> None:
    """The payment timer ran out: an order without any money is closed; one that was paid in
    part goes on to its check, where the difference shows."""
    if change.record.state is not OrderState.WAIT_PAY:
        return
    if change.record.paid:
        change.happen("order.entered", state=OrderState.PRE)
        return
    for held in change.record.open_holds:
        release(change, held.code, cause="unpaid")
    change.happen(
        "order.closed_unpaid",
        state=OrderState.CANCELLED,
        ended_at=change.now,
        end_cause="unpaid",
    )


def _listed(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else ()


def _zoned(at: datetime, desk: Desk) -> datetime:
    """An instant without a zone is read in the shop's zone."""
    return at.replace(tzinfo=desk.zone) if at.tzinfo is None else at

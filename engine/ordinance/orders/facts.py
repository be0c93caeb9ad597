"""Facts of an order, extracted once and shared by every decision point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from decimal import Decimal

from ordinance.orders.contact import address_complete, phone_valid, region_valid
from ordinance.orders.desk import Desk, FactMap
from ordinance.orders.money import major_units
from ordinance.orders.person import Person
from ordinance.orders.record import OrderRecord, RecordLine
from ordinance.rules import Value
from ordinance.rules.deciding.given import Known
from ordinance.stored import BuyerHistory


def order_facts(record: OrderRecord, desk: Desk) -> FactMap:
    """Facts of the order itself: `order.*` and `payment.*`. Absent ones are left out.

    They are made again only when what they are made from has changed: a stage asks many questions
    about an order that stays as it is.
    """
    made_from = (
        record.channel,
        record.type,
        record.buyer_id,
        _sold(record.lines),
        record.payments,
        record.tags,
        record.exceptions,
        record.region,
        record.receivable,
        record.placed_at,
    )
    kept = desk.kept.orders.get(record.id)
    if kept is None or kept[0] != made_from:
        kept = desk.kept.orders[record.id] = (made_from, _order_facts(record, desk))
    return kept[1]


def _sold(lines: Mapping[int, RecordLine]) -> list[tuple[object, ...]]:
    """What order facts read of the lines; the rest of a line changes with every step."""
    return [
        (line.kind, line.sku, line.quantity, line.amount, line.discount) for line in lines.values()
    ]


def _order_facts(record: OrderRecord, desk: Desk) -> dict[str, Value]:
    digits = desk.profile.minor_digits

    def money(minor: int) -> Decimal:
        return major_units(minor, digits)

    goods = record.goods
    facts: dict[str, Value] = {
        "order.channel": record.channel,
        "order.shop": record.shop,
        "order.type": record.type,
        "order.placed_at": record.placed_at,
        "order.local_time": desk.local(record.placed_at).time().replace(microsecond=0),
        "order.goods_amount": money(sum(line.amount for line in goods)),
        "order.receivable": money(record.receivable),
        "order.paid": money(record.paid),
        "order.difference": money(record.paid - record.receivable),
        "order.freight": money(_amount_of(record, "freight")),
        "order.discount": money(sum(line.discount for line in record.lines.values())),
        "order.lines_count": len(goods),
        "order.pieces": sum(line.quantity for line in goods),
        "order.largest_line": max((line.quantity for line in goods), default=0),
        "order.weight_g": sum(
            desk.profile.items[line.sku].weight_grams * line.quantity
            for line in goods
            if line.sku in desk.profile.items
        ),
        "order.needs_shipping": bool(goods),
        "order.tags": frozenset(record.tags),
        "order.exceptions": frozenset(record.exceptions),
        "payment.count": len(record.payments),
        "payment.before_order": any(
            payment.paid_at < record.placed_at for payment in record.payments.values()
        ),
    }
    if record.paid_at is not None:
        facts["order.paid_at"] = record.paid_at
    payments = list(record.payments.values())
    if payments:
        facts["payment.method"] = payments[0].method
        facts["payment.instalments"] = max(payment.instalments for payment in payments)

    if record.region is not None:
        facts["receiver.region"] = record.region
    if record.buyer_id is not None:
        facts["buyer.id"] = record.buyer_id
    facts["buyer.known"] = record.buyer_id is not None
    return facts


def _amount_of(record: OrderRecord, kind: str) -> int:
    return sum(line.amount for line in record.lines.values() if line.kind == kind)


def known_person(record: OrderRecord, desk: Desk) -> FactMap:
    """Facts of the personal data that is stored; kept while that stays the same."""
    person = desk.kept.persons.get(record.id)
    if person is None:
        stored = desk.tx.person(record.shop, record.person)
        person = desk.kept.persons[record.id] = Person.from_json(stored)
    kept = desk.kept.receivers.get(record.id)
    if kept is None or kept[0] is not person or kept[1] != record.region:
        facts = person_facts(record, person, desk)
        kept = desk.kept.receivers[record.id] = (person, record.region, facts)
    return kept[2]


def keep_person(record: OrderRecord, person: Person, desk: Desk) -> None:
    """Store the personal data of an order, in place of what was stored before."""
    desk.tx.keep_person(record.shop, record.person, person.to_json())
    desk.kept.persons[record.id] = person


def person_facts(record: OrderRecord, person: Person, desk: Desk) -> dict[str, Value]:
    """Facts that need personal data: whether address and phone can be used, and the messages."""
    facts: dict[str, Value] = {
        "receiver.region_valid": region_valid(record.region, desk.profile.regions),
        "receiver.address_complete": address_complete(record.region, person.address),
        "receiver.phone_valid": phone_valid(person.receiver_phone, record.region),
    }
    if person.address:
        facts["receiver.address"] = person.address
    if person.buyer_message:
        facts["order.buyer_message"] = person.buyer_message
    if person.seller_memo:
        facts["order.seller_memo"] = person.seller_memo
    return facts


def history_facts(history: BuyerHistory | None) -> dict[str, Value]:
    """Facts about the buyer's past; none for a guest, whose past is unknown."""
    if history is None:
        return {}
    share = Decimal(0)
    if history.paid_minor > 0:
        share = (Decimal(history.refunded_minor) / Decimal(history.paid_minor)).quantize(
            Decimal("0.0001")
        )
    return {"buyer.orders_90d": history.orders_90d, "buyer.refunded_share": min(share, Decimal(1))}


def line_facts(line: RecordLine, desk: Desk) -> dict[str, Value]:
    """Facts of one line, for quantifiers and for `intake.line`."""
    item = desk.profile.items.get(line.sku)
    digits = desk.profile.minor_digits
    facts: dict[str, Value] = {
        "line.sku": line.sku,
        "line.title": line.title,
        "line.quantity": line.quantity,
        "line.unit_price": major_units(line.unit_price, digits),
        "line.amount": major_units(line.amount, digits),
        "line.category": item.category if item else "unknown",
        "line.is_gift": line.gift_of is not None,
        "line.in_catalogue": item is not None,
        "line.traits": item.traits if item else frozenset(),
    }
    if line.no_return_agreed is not None:
        facts["line.no_return_agreed"] = line.no_return_agreed
    return facts


def goods_facts(record: OrderRecord, desk: Desk) -> Sequence[FactMap]:
    """Line facts of the goods of an order, in line order; kept while the lines stay the same."""
    kept = desk.kept.goods.get(record.id)
    if kept is None or kept[0] is not record.lines:
        made = tuple(Known(line_facts(line, desk)) for line in record.goods)
        kept = desk.kept.goods[record.id] = (record.lines, made)
    return kept[1]


def known_history(record: OrderRecord, desk: Desk) -> FactMap:
    """Facts about the buyer's past, as stored when the command first asks for them."""
    kept = desk.kept.history.get(record.id)
    if kept is None:
        kept = desk.kept.history[record.id] = history_facts(_past(record, desk))
    return kept


def _past(record: OrderRecord, desk: Desk) -> BuyerHistory | None:
    """What the buyer bought before; None for a guest."""
    if record.buyer_id is None:
        return None
    since = record.placed_at - timedelta(days=90)
    return desk.tx.buyer_history(
        record.shop, record.buyer_id, record.placed_at, since, besides=record.id
    )


def _reused(record: OrderRecord, desk: Desk) -> bool:
    """Whether a payment was first seen on another order; the first one stays, so it is asked once
    for the payments that there are."""
    kept = desk.kept.payments.get(record.id)
    if kept is None or kept[0] is not record.payments:
        reused = any(
            desk.tx.transaction_owner(record.shop, payment.method, payment.transaction) != record.id
            for payment in record.payments.values()
        )
        kept = desk.kept.payments[record.id] = (record.payments, reused)
    return kept[1]


def all_facts(record: OrderRecord, desk: Desk) -> FactMap:
    """Order, buyer and receiver facts together, with what personal data tells.

    The same object while none of them changes, so that it is also written only once.
    """
    order, person = order_facts(record, desk), known_person(record, desk)
    history, reused = known_history(record, desk), _reused(record, desk)
    made_from = (order, person, history, reused)
    kept = desk.kept.whole.get(record.id)
    if kept is None or any(was is not now for was, now in zip(kept[0], made_from, strict=True)):
        facts = Known({**order, **person, **history, "payment.transaction_reused": reused})
        kept = desk.kept.whole[record.id] = (made_from, facts)
    return kept[1]

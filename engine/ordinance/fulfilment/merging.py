"""Merging: orders of one buyer leave in one box when no rule has a reason against it.

The orders stay apart for money, state, refunds and after-sale; their parcels are put together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from ordinance.fulfilment import carriers
from ordinance.fulfilment.parcels import ask_to_send, label_of, waits, words
from ordinance.fulfilment.shipment import goods_in, lines_of
from ordinance.fulfilment.together import take_apart, unpack
from ordinance.orders.change import Change
from ordinance.orders.contact import phone_key, text_key
from ordinance.orders.desk import Asked, Desk, why
from ordinance.orders.facts import all_facts
from ordinance.orders.lineage import first_hand, loose
from ordinance.orders.person import Person
from ordinance.orders.promise import CONSENT, WINDOW
from ordinance.orders.record import OrderRecord, Parcel
from ordinance.orders.states import CASE_CLOSED, PARCEL_OVER, ParcelState, RefundState
from ordinance.rules import Value
from ordinance.rules.decision import Plain

INVOICE_TAGS = ("invoice:", "发票:")
"""How a tag begins that says to whom the invoice is made out."""


class NotMerged(ValueError):
    """There is nothing to be merged, or nothing to be taken apart."""


@dataclass(frozen=True, slots=True)
class Group:
    """Orders that might be merged, the one that the box is booked on first."""

    records: tuple[OrderRecord, ...]
    persons: tuple[Person, ...]

    @property
    def parcels(self) -> tuple[Parcel, ...]:
        """What of them is packed and has not left."""
        return tuple(parcel for record in self.records for parcel in waiting(record))

    def facts(self, desk: Desk) -> dict[str, Value]:
        """Facts for `orders.merge`."""
        records, lead = self.records, self.records[0]
        tags = [frozenset(record.tags) for record in records]
        goods = _goods(self, desk)
        return {
            "order.channel": lead.channel,
            "order.shop": lead.shop,
            "merge.same_channel": _one(record.channel for record in records),
            "merge.same_buyer": _one(map(_buyer, records, self.persons)),
            "merge.same_receiver": _one(
                (text_key(person.receiver_name), phone_key(person.receiver_phone))
                for person in self.persons
            ),
            "merge.same_address": _one(
                (record.region, text_key(person.address))
                for record, person in zip(records, self.persons, strict=True)
            ),
            "merge.same_warehouse": _one(parcel.warehouse for parcel in self.parcels),
            "merge.same_carrier": _one(parcel.carrier for parcel in self.parcels),
            "merge.same_payment": _one(record.type == "cash_on_delivery" for record in records),
            "merge.same_invoice": _one(
                frozenset(tag for tag in record.tags if tag.startswith(INVOICE_TAGS))
                for record in records
            ),
            "merge.any_presale": any(_is_presale(record, desk) for record in records),
            "merge.any_refund": any(_wants_money_back(record) for record in records),
            "merge.any_hold": any(record.open_holds for record in records),
            "merge.any_waiting": any(map(_is_incomplete, records)),
            "merge.any_split": any(map(_is_split, records)),
            "merge.any_merged": any(parcel.aboard for parcel in self.parcels),
            "merge.any_pushed": any(map(_is_pushed, records)),
            "merge.orders": len(records),
            "merge.pieces": sum(p.quantity for parcel in self.parcels for p in parcel.pieces),
            "merge.weight_g": goods["parcel.weight_g"],
            "merge.value": goods["parcel.value"],
            "merge.traits": goods["parcel.traits"],
            "merge.tags_apart": frozenset().union(*tags) - frozenset.intersection(*tags),
        }

    def impossible(self) -> list[str]:
        """Why no rule can put them into one box, as blockers; nobody may overrule these."""
        found = []
        if any(not waiting(record) or _is_incomplete(record) for record in self.records):
            found.append("incomplete")
        if any(map(_is_split, self.records)):
            found.append("split")
        if any(parcel.aboard for parcel in self.parcels):
            found.append("merged")
        if any(parcel.state is not ParcelState.WAIT_PUSH for parcel in self.parcels):
            found.append("pushed")
        if not _one(parcel.warehouse for parcel in self.parcels):
            found.append("warehouse")
        if not _one(record.shop for record in self.records):
            found.append("channel")
        return found


def _one(values: object) -> bool:
    return len(set(values)) <= 1  # type: ignore[call-overload]


def _buyer(record: OrderRecord, person: Person) -> tuple[str, ...]:
    """Who bought: the account; for a guest name, phone and mail."""
    if record.buyer_id is not None:
        return (record.buyer_id,)
    return (
        "",
        text_key(person.buyer_name or person.receiver_name),
        phone_key(person.buyer_phone or person.receiver_phone),
        (person.buyer_email or "").casefold(),
    )


def waiting(record: OrderRecord) -> list[Parcel]:
    """Parcels of an order that have not left; not those that stand in for others."""
    return [parcel for parcel in first_hand(record) if parcel.state not in PARCEL_OVER]


def _is_presale(record: OrderRecord, desk: Desk) -> bool:
    items = (desk.profile.items.get(line.sku) for line in record.goods)
    return record.type == "presale" or any(item and "presale" in item.traits for item in items)


def _wants_money_back(record: OrderRecord) -> bool:
    return (
        any(case.state not in CASE_CLOSED for case in record.cases.values())
        or any(refund.state is not RefundState.SUCCESS for refund in record.refunds.values())
        or any(held.code == CONSENT for held in record.open_holds)
    )


def _is_incomplete(record: OrderRecord) -> bool:
    return any(line.waiting for line in record.goods) or bool(loose(record))


def _is_split(record: OrderRecord) -> bool:
    return len(first_hand(record)) > 1


def _is_pushed(record: OrderRecord) -> bool:
    return any(parcel.state is not ParcelState.WAIT_PUSH for parcel in first_hand(record))


def _goods(group: Group, desk: Desk) -> dict[str, Value]:
    """Facts of all their goods in one box."""
    each = [
        goods_in(parcel.pieces, record, desk)
        for record in group.records
        for parcel in waiting(record)
    ]
    traits: set[str] = set()
    summed: dict[str, Value] = {}
    for facts in each:
        for name, value in facts.items():
            if isinstance(value, frozenset):
                traits |= value
            else:
                summed[name] = value if name not in summed else summed[name] + value  # type: ignore[operator]
    return {
        "parcel.pieces": 0,
        "parcel.weight_g": 0,
        "parcel.volume_cm3": 0,
        "parcel.value": Decimal(0),
        **summed,
        "parcel.traits": frozenset(traits),
    }


def judge(desk: Desk, order_ids: Sequence[str], now: datetime) -> tuple[Group, Asked, list[str]]:
    """Ask `orders.merge` about these orders, the oldest first; with the blockers that it found.

    Raises `NotMerged` for fewer than two.
    """
    ids = sorted(dict.fromkeys(order_ids))
    if len(ids) < 2:
        raise NotMerged("it takes two orders to be merged")
    records = sorted(map(desk.orders.record, ids), key=lambda record: (record.placed_at, record.id))
    persons = [Person.from_json(desk.tx.person(record.shop, record.person)) for record in records]
    group = Group(tuple(records), tuple(persons))
    asked = desk.ask(now, "orders.merge", group.facts(desk))
    blockers = list(words(asked.decision.outcome.get("blocker")))
    blockers += [code for code in group.impossible() if code not in blockers]
    return group, asked, blockers


def merge(desk: Desk, order_ids: Sequence[str], now: datetime) -> list[str]:
    """Put the parcels of these orders into one box, unless there is a reason against it.

    Returns the blockers; none means that they are merged. Raises `NotMerged` for fewer than two.
    """
    group, asked, blockers = judge(desk, order_ids, now)
    if not blockers:
        changes = [desk.orders.open(record.id) for record in group.records]
        blockers = [] if _in_one_box(desk, group, changes, asked) else ["no_carrier"]
    return blockers


def _in_one_box(desk: Desk, group: Group, changes: Sequence[Change], asked: Asked) -> bool:
    """Decide package, marks and carrier of the box; False when no carrier takes it."""
    lead = changes[0]
    old = [waiting(change.record)[0] for change in changes]
    facts = {**all_facts(lead.record, desk), **_goods(group, desk)}
    facts["parcel.warehouse"] = old[0].warehouse
    lines = [
        line
        for change, parcel in zip(changes, old, strict=True)
        for line in lines_of(parcel.pieces, change.record, desk)
    ]
    desk.record(lead, asked)
    package = desk.decide(lead, "packing.package", facts)
    marks = desk.decide(lead, "packing.marks", facts, lines=lines)
    wrapping = int(str(package.outcome["package_weight_g"]))
    grams = int(str(facts["parcel.weight_g"])) + wrapping
    facts["parcel.weight_g"] = grams
    carrier, rule = carriers.choose(lead, desk, grams, facts)
    if carrier is None:
        return False
    for change in changes[1:]:
        desk.record(change, asked)
    aboard = tuple((change.record.id, f"P{len(change.record.parcels) + 1}") for change in changes)
    sources: list[Plain] = [*sorted({change.record.source_id for change in changes})]
    for change, before, (_, parcel_id) in zip(changes, old, aboard, strict=True):
        if not waits(change):
            # It was given to the warehouse already, or will be before this is told.
            change.effect("warehouse.cancel", f"cancel:{before.id}", {"parcel": before.id})
        own = int(str(goods_in(before.pieces, change.record, desk)["parcel.weight_g"]))
        box = replace(
            before,
            id=parcel_id,
            weight_grams=own + (wrapping if change is lead else 0),
            carrier=carrier,
            package=str(package.outcome["package"]),
            marks=words(marks.outcome.get("mark")),
            inserts=words(marks.outcome.get("insert")),
            planned_at=change.now,
            aboard=aboard,
        )
        change.happen(
            "parcel.merged",
            {
                "parcel": parcel_id,
                "sources": sources,
                "with": [other.record.number for other in changes if other is not change],
                "carrier": carrier,
                "package": box.package,
                "rule": why(asked.decision) if change is not lead else rule,
            },
            parcels=[replace(before, state=ParcelState.CANCELLED), box],
            unmerged=False,
        )
    _send_when_due(desk, changes)
    return True


def _send_when_due(desk: Desk, changes: Sequence[Change]) -> None:
    """Give the box to the warehouse, or let it wait as long as none of them has waited enough."""
    lead = changes[0]
    until = min(change.record.push_at or lead.now for change in changes)
    if until <= lead.now:
        send(lead, desk)
        return
    lead.happen("order.waits_to_merge", {"minutes": _minutes(until - lead.now)}, push_at=until)
    lead.schedule(WINDOW, until)


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)


def send(change: Change, desk: Desk) -> None:
    """Give the warehouse what waited to be merged."""
    for parcel in waiting(change.record):
        if parcel.state is not ParcelState.WAIT_PUSH or parcel.carrier is None:
            continue
        if not parcel.is_booked_on(change.record.id):
            continue
        facts = all_facts(change.record, desk)
        grams = parcel.weight_grams
        more: dict[str, Plain] = {}
        if parcel.aboard:
            orders: list[Plain] = []
            sources: set[str] = set()
            grams = 0
            for order_id, parcel_id in parcel.aboard:
                record = desk.orders.record(order_id)
                grams += record.parcel(parcel_id).weight_grams
                sources.add(record.source_id)
                orders.append({"order": record.id, "number": record.number, "parcel": parcel_id})
            more = {"aboard": orders, "sources": [*sorted(sources)]}
        told = {**facts, **goods_in(parcel.pieces, change.record, desk)}
        told |= {"parcel.warehouse": parcel.warehouse, "parcel.weight_g": grams}
        hidden = label_of(change, desk, told)
        change.happen("parcel.waited_enough", {"parcel": parcel.id})
        ask_to_send(change, parcel, grams, hidden, **more)


def window_over(change: Change, desk: Desk) -> None:
    """The time to wait for other orders is over: the box leaves with all that may come along."""
    record = change.record
    alone = not any(parcel.aboard for parcel in waiting(record))
    if alone and record.buyer_id is not None and not record.unmerged:
        along = [record.id]
        for found in desk.tx.orders_of_buyer(record.shop, record.buyer_id):
            other = desk.orders.record(found.id)
            if other.id != record.id and _still_waits(other, change.now):
                # One that may not come along does not keep the others.
                _, _, blockers = judge(desk, [*along, other.id], change.now)
                along += [] if blockers else [other.id]
        if len(along) > 1:
            merge(desk, along, change.now)
            return
    send(change, desk)


def _still_waits(record: OrderRecord, now: datetime) -> bool:
    return record.push_at is not None and record.push_at >= now and not record.unmerged


def unmerge(change: Change, desk: Desk) -> list[str]:
    """Take the box of an order apart: every order in it is packed for itself again.

    Returns their ids. Raises `NotMerged` when it is in no box with others, or is packed already.
    """
    boxes = [parcel for parcel in waiting(change.record) if parcel.aboard]
    if not boxes or boxes[0].state is ParcelState.PACKED:
        raise NotMerged(
            f"order {change.record.number} is in no box with other orders that could be taken apart"
        )
    box = boxes[0]
    take_apart(change, desk, box.id, "asked")
    unpack(change, box, "asked")
    for order_id, _ in box.aboard:
        one = change if order_id == change.record.id else desk.orders.open(order_id)
        one.happen("order.unmerged", {}, unmerged=True)
    return [order_id for order_id, _ in box.aboard]

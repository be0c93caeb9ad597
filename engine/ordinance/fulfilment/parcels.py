"""Parcels: reserved pieces are packed by rule and given a carrier by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ordinance.fulfilment.label import label
from ordinance.orders import promise
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, hold, why
from ordinance.orders.facts import all_facts, goods_facts
from ordinance.orders.money import major_units
from ordinance.orders.person import Person
from ordinance.orders.record import OrderRecord, Parcel, Piece
from ordinance.orders.states import OrderState, ParcelState
from ordinance.rules import Value
from ordinance.rules.decision import Plain
from ordinance.stock.sourcing import freight_minor, serves


def parcel_facts(pieces: Sequence[Piece], record: OrderRecord, desk: Desk) -> dict[str, Value]:
    """Facts of what goes into one box."""
    items = [(desk.profile.items.get(piece.sku), piece) for piece in pieces]
    value = sum(
        record.lines[piece.line].amount
        * piece.quantity
        // max(record.lines[piece.line].quantity, 1)
        for piece in pieces
    )
    traits: set[str] = set()
    for item, _ in items:
        traits |= item.traits if item else frozenset()
    return {
        "parcel.pieces": sum(piece.quantity for piece in pieces),
        "parcel.weight_g": sum(item.weight_grams * p.quantity for item, p in items if item),
        "parcel.volume_cm3": sum(item.volume_cm3 * p.quantity for item, p in items if item),
        "parcel.value": major_units(value, desk.profile.minor_digits),
        "parcel.traits": frozenset(traits),
    }


def unpacked(record: OrderRecord) -> bool:
    """Whether there are reserved pieces that are in no parcel yet."""
    return sum(line.reserved for line in record.goods) > sum(
        piece.quantity
        for parcel in record.parcels.values()
        if parcel.state not in (ParcelState.SHIPPED, ParcelState.CANCELLED) and not parcel.replaces
        for piece in parcel.pieces
    )


def without_carrier(record: OrderRecord) -> list[Parcel]:
    """Parcels that no carrier takes so far."""
    return [
        parcel
        for parcel in record.parcels.values()
        if parcel.state is ParcelState.WAIT_PUSH and parcel.carrier is None
    ]


def ready_to_pack(record: OrderRecord) -> bool:
    """Entry condition of `pack`."""
    return all(hold.blocks != "all" for hold in record.open_holds) and (
        bool(without_carrier(record))
        or (
            record.state in (OrderState.AUDITED, OrderState.FULFILLING, OrderState.PART_SHIPPED)
            and unpacked(record)
        )
    )


def pack(change: Change, desk: Desk) -> None:
    """Stage: one parcel per warehouse; package, marks, carrier and ship-by date by rule."""
    record = change.record
    facts = all_facts(record, desk)
    for parcel in without_carrier(record):
        _ask_again(change, desk, parcel, facts)
    for warehouse, pieces in _by_warehouse(record):
        make_parcel(change, desk, warehouse, pieces, facts)
    if not any(parcel.carrier for parcel in change.record.parcels.values()):
        return
    promise.promise(change, desk, facts)
    if change.record.state is OrderState.AUDITED:
        change.happen("order.fulfilling", state=OrderState.FULFILLING)


def make_parcel(
    change: Change,
    desk: Desk,
    warehouse: str,
    pieces: Sequence[Piece],
    facts: dict[str, Value],
    replaces: str | None = None,
) -> str:
    """Decide package, marks and carrier of one box, and ask the warehouse to send it.

    Returns the parcel's id. Without a carrier the order is held, and the parcel waits for one.
    """
    record = change.record
    inside = {**parcel_facts(pieces, record, desk), "parcel.warehouse": warehouse}
    package = desk.decide(change, "packing.package", {**facts, **inside})
    marks = desk.decide(
        change, "packing.marks", {**facts, **inside}, lines=_lines_of(pieces, record, desk)
    )
    grams = int(str(inside["parcel.weight_g"])) + int(str(package.outcome["package_weight_g"]))
    inside["parcel.weight_g"] = grams
    carrier, rule = _carrier(change, desk, grams, {**facts, **inside})
    told = _label(change, desk, {**facts, **inside}) if carrier else {}
    parcel = Parcel(
        id=f"P{len(record.parcels) + 1}",
        warehouse=warehouse,
        pieces=tuple(pieces),
        state=ParcelState.WAIT_PUSH,
        weight_grams=grams,
        carrier=carrier,
        package=str(package.outcome["package"]),
        marks=_words(marks.outcome.get("mark")),
        inserts=_words(marks.outcome.get("insert")),
        planned_at=change.now,
        replaces=replaces,
    )
    change.happen(
        "parcel.planned",
        {
            "parcel": parcel.id,
            "warehouse": warehouse,
            "carrier": carrier,
            "package": parcel.package,
            "with": [*parcel.marks, *parcel.inserts],
            "rule": rule,
        },
        parcels=[parcel],
    )
    _push(change, parcel, rule, told)
    return parcel.id


def _ask_again(change: Change, desk: Desk, parcel: Parcel, facts: dict[str, Value]) -> None:
    """A person lifted the hold of a parcel without a carrier: choose anew."""
    inside = {
        **parcel_facts(parcel.pieces, change.record, desk),
        "parcel.warehouse": parcel.warehouse,
        "parcel.weight_g": parcel.weight_grams,
    }
    carrier, rule = _carrier(change, desk, parcel.weight_grams, {**facts, **inside})
    told = _label(change, desk, {**facts, **inside}) if carrier else {}
    parcel = replace(parcel, carrier=carrier)
    if carrier is not None:
        change.happen(
            "parcel.carrier_found",
            {"parcel": parcel.id, "carrier": carrier, "rule": rule},
            parcels=[parcel],
        )
    _push(change, parcel, rule, told)


def _carrier(
    change: Change, desk: Desk, grams: int, facts: dict[str, Value]
) -> tuple[str | None, str]:
    """The carrier that takes a parcel of this weight, or None; and the rule that chose."""
    carriers: list[dict[str, Value]] = [
        {
            "candidate.code": carrier.code,
            "candidate.serves_region": serves(carrier.serves, change.record.region),
            "candidate.takes_goods": not carrier.refuses & _traits(facts),
            "candidate.takes_weight": grams <= carrier.max_grams,
            "candidate.cost": major_units(freight_minor(carrier, grams), desk.profile.minor_digits),
            "candidate.days": carrier.days,
            "candidate.priority": carrier.priority,
        }
        for carrier in desk.profile.carriers
    ]
    choice = desk.decide(change, "shipping.carrier", facts, candidates=carriers)
    return next((item.code for item in choice.ranking if item.place == 1), None), why(choice)


def _label(change: Change, desk: Desk, facts: Mapping[str, Value]) -> dict[str, Plain]:
    """What stands on the label of a parcel, masked by rule."""
    masking = desk.decide(change, "packing.label", facts)
    person = Person.from_json(desk.tx.person(change.record.shop, change.record.person))
    return label(person, masking)


def _push(change: Change, parcel: Parcel, rule: str, told: Mapping[str, Plain]) -> None:
    """Ask the warehouse to send a parcel with this label; hold the order when nobody carries it."""
    if parcel.carrier is None:
        hold(change, "CARRIER_UNREACHABLE", rule)
        return
    change.effect(
        "warehouse.push",
        f"push:{parcel.id}",
        {
            "parcel": parcel.id,
            "warehouse": parcel.warehouse,
            "carrier": parcel.carrier,
            "grams": parcel.weight_grams,
            "label": dict(told),
        },
    )


def _by_warehouse(record: OrderRecord) -> list[tuple[str, list[Piece]]]:
    """Reserved pieces that are in no parcel yet, per warehouse."""
    placed = {
        (code, line.no): count for line in record.goods for code, count in line.held_at.items()
    }
    for parcel in record.parcels.values():
        if parcel.state in (ParcelState.SHIPPED, ParcelState.CANCELLED) or parcel.replaces:
            continue
        for piece in parcel.pieces:
            key = (parcel.warehouse, piece.line)
            placed[key] = placed.get(key, 0) - piece.quantity
    boxes: dict[str, list[Piece]] = {}
    for (code, no), count in placed.items():
        if count > 0:
            boxes.setdefault(code, []).append(Piece(no, record.lines[no].sku, count))
    return [(code, sorted(boxes[code], key=lambda piece: piece.line)) for code in sorted(boxes)]


def _lines_of(pieces: Sequence[Piece], record: OrderRecord, desk: Desk) -> list[dict[str, Value]]:
    inside = {piece.line for piece in pieces}
    return [
        facts
        for line, facts in zip(record.goods, goods_facts(record, desk), strict=True)
        if line.no in inside
    ]


def _traits(facts: Mapping[str, Value]) -> frozenset[str]:
    traits = facts["parcel.traits"]
    return traits if isinstance(traits, frozenset) else frozenset()


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else ()

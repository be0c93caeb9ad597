"""Parcels: reserved pieces are packed by rule, given a carrier by rule, and handed over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ordinance.fulfilment import promise
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, hold, why
from ordinance.orders.facts import all_facts, goods_facts
from ordinance.orders.money import major_units
from ordinance.orders.record import OrderRecord, Parcel, Piece
from ordinance.orders.states import OrderState, ParcelState
from ordinance.ports import Movement, MovementKind
from ordinance.rules import Value
from ordinance.stock.sourcing import freight_minor, serves, unreserve


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


def ready_to_pack(record: OrderRecord) -> bool:
    """Entry condition of `pack`."""
    return (
        record.state in (OrderState.AUDITED, OrderState.FULFILLING, OrderState.PART_SHIPPED)
        and all(hold.blocks != "all" for hold in record.open_holds)
        and unpacked(record)
    )


def pack(change: Change, desk: Desk) -> None:
    """Stage: one parcel per warehouse; package, marks, carrier and ship-by date by rule."""
    record = change.record
    facts = all_facts(record, desk)
    for warehouse, pieces in _by_warehouse(record):
        make_parcel(change, desk, warehouse, pieces, facts)
        if not all(hold.blocks != "all" for hold in change.record.open_holds):
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
) -> None:
    """Decide package, marks and carrier of one box, and ask the warehouse to send it."""
    record = change.record
    inside = {**parcel_facts(pieces, record, desk), "parcel.warehouse": warehouse}
    package = desk.decide(change, "packing.package", {**facts, **inside})
    marks = desk.decide(
        change, "packing.marks", {**facts, **inside}, lines=_lines_of(pieces, record, desk)
    )
    grams = int(str(inside["parcel.weight_g"])) + int(str(package.outcome["package_weight_g"]))
    inside["parcel.weight_g"] = grams
    carriers: list[dict[str, Value]] = [
        {
            "candidate.code": carrier.code,
            "candidate.serves_region": serves(carrier.serves, record.region),
            "candidate.takes_goods": not carrier.refuses & _traits(inside),
            "candidate.takes_weight": grams <= carrier.max_grams,
            "candidate.cost": major_units(freight_minor(carrier, grams), desk.profile.minor_digits),
            "candidate.days": carrier.days,
            "candidate.priority": carrier.priority,
        }
        for carrier in desk.profile.carriers
    ]
    choice = desk.decide(change, "shipping.carrier", {**facts, **inside}, candidates=carriers)
    carrier = next((item.code for item in choice.ranking if item.place == 1), None)
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
            "rule": why(choice),
        },
        parcels=[parcel],
    )
    if carrier is None:
        hold(change, "CARRIER_UNREACHABLE", why(choice))
        return
    change.effect(
        "warehouse.push",
        f"push:{parcel.id}",
        {"parcel": parcel.id, "warehouse": warehouse, "carrier": carrier, "grams": grams},
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


def _traits(facts: dict[str, Value]) -> frozenset[str]:
    traits = facts["parcel.traits"]
    return traits if isinstance(traits, frozenset) else frozenset()


def _words(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else ()


def pushed(change: Change, parcel_id: str, waybill: str) -> None:
    """The warehouse has taken the outbound document and the carrier has given a number."""
    parcel = change.record.parcels[parcel_id]
    change.happen(
        "parcel.pushed",
        {"parcel": parcel.id, "waybill": waybill},
        parcels=[replace(parcel, state=ParcelState.PUSHED, waybill=waybill)],
    )


def short_picked(change: Change, desk: Desk, parcel_id: str, sku: str, missing: int) -> None:
    """The shelf held less than the books: the parcel is taken apart and allocated anew."""
    parcel = change.record.parcels[parcel_id]
    change.happen("parcel.short_picked", {"parcel": parcel.id, "sku": sku, "missing": missing})
    cancel_parcel(change, desk, parcel_id)
    desk.tx.move(
        Movement(
            shop=change.record.shop,
            warehouse=parcel.warehouse,
            sku=sku,
            kind=MovementKind.ADJUSTED,
            quantity=-missing,
            at=change.now,
            actor=change.actor,
            cause=change.cause,
            order_id=change.record.id,
        )
    )


def cancel_parcel(change: Change, desk: Desk, parcel_id: str) -> None:
    """Take a parcel back that has not left: its pieces return to the shelf."""
    parcel = change.record.parcels[parcel_id]
    change.happen(
        "parcel.cancelled",
        {"parcel": parcel.id},
        parcels=[replace(parcel, state=ParcelState.CANCELLED)],
    )
    if parcel.replaces is None:
        unreserve(
            change, desk, parcel.warehouse, {piece.line: piece.quantity for piece in parcel.pieces}
        )


def hand_over(change: Change, desk: Desk, parcel_id: str) -> None:
    """Picked, packed, and given to the carrier: stock leaves, the parcel is on its way."""
    parcel = change.record.parcels[parcel_id]
    for kind, state in (
        ("parcel.picking", ParcelState.PICKING),
        ("parcel.packed", ParcelState.PACKED),
    ):
        parcel = replace(parcel, state=state)
        change.happen(kind, {"parcel": parcel.id}, parcels=[parcel])
    record = change.record
    lines = dict(record.lines)
    for piece in parcel.pieces:
        moved = desk.tx.move(
            Movement(
                shop=record.shop,
                warehouse=parcel.warehouse,
                sku=piece.sku,
                kind=MovementKind.SHIPPED,
                quantity=piece.quantity,
                at=change.now,
                actor=change.actor,
                cause=change.cause,
                order_id=record.id,
            )
        )
        if not moved:
            raise ValueError(f"`{piece.sku}` was shipped from {parcel.warehouse} without stock")
        if parcel.replaces is None:
            line = lines[piece.line]
            held = dict(line.held_at)
            held[parcel.warehouse] -= piece.quantity
            lines[piece.line] = replace(
                line,
                shipped=line.shipped + piece.quantity,
                held_at={code: count for code, count in held.items() if count},
            )
    parcel = replace(
        parcel, state=ParcelState.SHIPPED, shipped_at=change.now, last_scan_at=change.now
    )
    all_gone = all(
        line.shipped + line.cancelled >= line.quantity
        for line in lines.values()
        if line.kind == "goods"
    )
    order_state = record.state
    if record.state in (OrderState.FULFILLING, OrderState.PART_SHIPPED):
        order_state = OrderState.SHIPPED if all_gone else OrderState.PART_SHIPPED
    change.happen(
        "parcel.shipped",
        {"parcel": parcel.id, "carrier": parcel.carrier, "waybill": parcel.waybill},
        parcels=[parcel],
        lines=[lines[no] for no in lines if lines[no] != record.lines[no]],
        state=order_state,
    )
    promise.shipped(change)

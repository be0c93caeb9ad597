"""Parcels: reserved pieces are divided and packed by rule and given a carrier by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ordinance.fulfilment import carriers
from ordinance.fulfilment.drafts import Draft, drafted
from ordinance.fulfilment.label import mask_of
from ordinance.fulfilment.shipment import goods_in, shipped_from
from ordinance.orders import promise
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, FactMap, hold
from ordinance.orders.facts import all_facts
from ordinance.orders.lineage import loose, unpacked_units
from ordinance.orders.record import OrderRecord, Parcel, Piece
from ordinance.orders.shares import share_of
from ordinance.orders.states import OrderState, ParcelState
from ordinance.rules import Value
from ordinance.rules.decision import Plain


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
            and bool(loose(record))
        )
    )


def pack(change: Change, desk: Desk) -> None:
    """Stage: what each warehouse ships becomes parcels; package, marks, carrier, date by rule."""
    record = change.record
    facts = all_facts(record, desk)
    for parcel in without_carrier(record):
        _ask_again(change, desk, parcel, facts)
    for warehouse, waiting in _by_warehouse(record).items():
        pieces = [
            piece
            for no, count in waiting
            for piece in unpacked_units(change.record, change.record.lines[no], count)
        ]
        make_parcels(change, desk, warehouse, pieces, facts)
    if not any(parcel.carrier for parcel in change.record.parcels.values()):
        return
    promise.promise(change, desk, facts)
    if waits(change):
        change.withhold("warehouse.push")
    if change.record.state is OrderState.AUDITED:
        change.happen("order.fulfilling", state=OrderState.FULFILLING)


def make_parcels(
    change: Change,
    desk: Desk,
    warehouse: str,
    pieces: Sequence[Piece],
    facts: FactMap,
    replaces: str | None = None,
) -> list[str]:
    """Divide what a warehouse ships, decide package, marks and carrier of each box, and ask the
    warehouse to send it.

    Returns the parcels' ids. Without a carrier the order is held, and the parcel waits for one.
    """
    shipment = shipped_from(change, desk, warehouse, pieces, facts)
    drafts = drafted(change, desk, warehouse, shipment, facts)
    return [_plan(change, desk, warehouse, draft, replaces) for draft in drafts]


def _plan(change: Change, desk: Desk, warehouse: str, draft: Draft, replaces: str | None) -> str:
    """Make a parcel of a draft and ask the warehouse to send it; returns its id."""
    record = change.record
    hidden = label_of(change, desk, draft.facts) if draft.carrier else {}
    parcel = Parcel(
        id=f"P{len(record.parcels) + 1}",
        warehouse=warehouse,
        pieces=draft.pieces,
        state=ParcelState.WAIT_PUSH,
        weight_grams=draft.grams,
        carrier=draft.carrier,
        package=draft.package,
        marks=words(draft.marks.outcome.get("mark")),
        inserts=words(draft.marks.outcome.get("insert")),
        planned_at=change.now,
        replaces=replaces,
        apart=draft.pile.apart,
        share=share_of(record, draft.pieces),
    )
    change.happen(
        "parcel.planned",
        {
            "parcel": parcel.id,
            "warehouse": warehouse,
            "carrier": parcel.carrier,
            "package": parcel.package,
            "with": [*parcel.marks, *parcel.inserts],
            "apart": [f"{reason.by}:{reason.what}:{reason.rule}" for reason in parcel.apart],
            "rule": draft.rule,
        },
        parcels=[parcel],
    )
    _push(change, parcel, draft.rule, hidden)
    return parcel.id


def _ask_again(change: Change, desk: Desk, parcel: Parcel, facts: FactMap) -> None:
    """A person lifted the hold of a parcel without a carrier: choose anew."""
    told = {
        **facts,
        **goods_in(parcel.pieces, change.record, desk),
        "parcel.warehouse": parcel.warehouse,
        "parcel.weight_g": parcel.weight_grams,
    }
    carrier, rule = carriers.choose(change, desk, parcel.weight_grams, told)
    hidden = label_of(change, desk, told) if carrier else {}
    parcel = replace(parcel, carrier=carrier)
    if carrier is not None:
        change.happen(
            "parcel.carrier_found",
            {"parcel": parcel.id, "carrier": carrier, "rule": rule},
            parcels=[parcel],
        )
    _push(change, parcel, rule, hidden)


def label_of(change: Change, desk: Desk, facts: Mapping[str, Value]) -> dict[str, Plain]:
    """What is hidden on the label of a parcel, by rule."""
    return mask_of(desk.decide(change, "packing.label", facts))


def _push(change: Change, parcel: Parcel, rule: str, told: Mapping[str, Plain]) -> None:
    """Ask the warehouse to send a parcel, labelled so; hold the order when nobody carries it."""
    if parcel.carrier is None:
        hold(change, "CARRIER_UNREACHABLE", rule)
        return
    if not waits(change):
        ask_to_send(change, parcel, parcel.weight_grams, told)


def waits(change: Change) -> bool:
    """Whether the order waits for others to leave with."""
    return change.record.push_at is not None and change.now < change.record.push_at


def ask_to_send(
    change: Change, parcel: Parcel, grams: int, told: Mapping[str, Plain], **more: Plain
) -> None:
    """Give the warehouse a parcel to send, with its label masked so."""
    change.effect(
        "warehouse.push",
        f"push:{parcel.id}",
        {
            "parcel": parcel.id,
            "warehouse": parcel.warehouse,
            "carrier": parcel.carrier,
            "grams": grams,
            "mask": dict(told),
            **more,
        },
    )


def _by_warehouse(record: OrderRecord) -> dict[str, list[tuple[int, int]]]:
    """How many reserved pieces of each line are in no parcel yet, per warehouse."""
    waiting: dict[str, list[tuple[int, int]]] = {}
    for (code, no), count in loose(record).items():
        waiting.setdefault(code, []).append((no, count))
    return waiting


def words(value: object) -> tuple[str, ...]:
    return tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else ()

"""Drafts: the boxes of a shipment as they would be, divided so that carriers take them packed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ordinance.fulfilment import carriers
from ordinance.fulfilment.shipment import Shipment, goods_in, lines_of
from ordinance.fulfilment.splitters.chain import Pile
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.orders.record import Apart, Piece
from ordinance.rules import Decision, Value


@dataclass(frozen=True, slots=True)
class Draft:
    """A box as it would be: what is decided on it before it is planned."""

    pile: Pile
    pieces: tuple[Piece, ...]
    facts: Mapping[str, Value]
    grams: int
    package: str
    wrapping: int
    marks: Decision
    carrier: str | None
    rule: str
    """The rule that chose the carrier, or chose none."""


def drafted(
    change: Change, desk: Desk, warehouse: str, shipment: Shipment, facts: Mapping[str, Value]
) -> list[Draft]:
    """The boxes of a shipment. Those that are too heavy for a carrier with their package on are
    divided anew with room for it, until each has a carrier or nothing helps."""
    drafts: dict[Pile, Draft] = {}
    most: dict[tuple[Apart, ...], int] = {}
    while True:
        piles = shipment.piles(change.record, desk, most)
        for pile in piles:
            if pile not in drafts:
                drafts[pile] = _draft(change, desk, warehouse, shipment, pile, facts)
        before = dict(most)
        for pile in piles:
            draft = drafts[pile]
            if draft.carrier is not None or pile.units < 2 or not shipment.minds_carriers:
                continue
            traits = shipment.catalogue.traits(pile.lots)
            able = carriers.lighter(change, desk, draft.grams, draft.facts, traits)
            if able is not None and able > draft.wrapping:
                room = able - draft.wrapping
                most[pile.kind] = min(room, most.get(pile.kind, room))
        if most == before:
            return [drafts[pile] for pile in piles]


def _draft(
    change: Change,
    desk: Desk,
    warehouse: str,
    shipment: Shipment,
    pile: Pile,
    facts: Mapping[str, Value],
) -> Draft:
    """Ask for package, marks and carrier of one box."""
    record = change.record
    pieces = shipment.catalogue.pieces(pile.lots)
    inside = {**facts, **goods_in(pieces, record, desk), "parcel.warehouse": warehouse}
    package = desk.decide(change, "packing.package", inside)
    marks = desk.decide(change, "packing.marks", inside, lines=lines_of(pieces, record, desk))
    wrapping = int(str(package.outcome["package_weight_g"]))
    grams = int(str(inside["parcel.weight_g"])) + wrapping
    told = {**inside, "parcel.weight_g": grams}
    carrier, rule = carriers.choose(change, desk, grams, told)
    return Draft(
        pile=pile,
        pieces=tuple(pieces),
        facts=told,
        grams=grams,
        package=str(package.outcome["package"]),
        wrapping=wrapping,
        marks=marks,
        carrier=carrier,
        rule=rule,
    )

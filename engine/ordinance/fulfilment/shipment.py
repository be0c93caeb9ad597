"""A shipment: what one warehouse sends of an order, divided into parcels by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ordinance.fulfilment import carriers
from ordinance.fulfilment.splitters.chain import Pile, divide
from ordinance.fulfilment.splitters.limits import TooManyParcels
from ordinance.fulfilment.splitters.lot import Catalogue, Lot, lots_of
from ordinance.fulfilment.splitters.splitter import Splitter, UnclearSplit, splitters_of
from ordinance.orders.change import Change
from ordinance.orders.desk import DecisionFailed, Desk, FactMap
from ordinance.orders.facts import goods_facts
from ordinance.orders.money import major_units
from ordinance.orders.record import Apart, OrderRecord, Piece
from ordinance.orders.shares import share_of
from ordinance.rules import Value

POINT = "packing.split"


@dataclass(frozen=True, slots=True)
class Shipment:
    """What a warehouse sends, and the chain of splitters that divides it."""

    lots: tuple[Lot, ...]
    catalogue: Catalogue
    chain: tuple[Splitter, ...] = ()

    @property
    def minds_carriers(self) -> bool:
        """Whether a rule splits by what carriers take."""
        return any(splitter.by == "carrier" for splitter in self.chain)

    def piles(
        self, record: OrderRecord, desk: Desk, most: Mapping[tuple[Apart, ...], int]
    ) -> list[Pile]:
        """Its piles. `most` grams of a kind of pile fit, where less do than carriers take.

        Raises `DecisionFailed` when a limit would make too many parcels.
        """

        def carried(pile: Pile) -> int | None:
            known = carriers.most_grams(record, desk, self.catalogue.traits(pile.lots))
            return min((n for n in (known, most.get(pile.kind)) if n is not None), default=None)

        try:
            return divide(self.lots, self.chain, self.catalogue, carried)
        except TooManyParcels as error:
            raise DecisionFailed(POINT, str(error)) from error


def shipped_from(
    change: Change,
    desk: Desk,
    warehouse: str,
    pieces: Sequence[Piece],
    facts: Mapping[str, Value],
) -> Shipment:
    """Ask `packing.split` how these pieces are divided; a single one is never asked about.

    Raises `DecisionFailed` when a rule does not say what its splitter needs.
    """
    record = change.record
    catalogue = Catalogue(record, desk.profile.items)
    lots = tuple(lots_of(record, pieces))
    if sum(lot.count for lot in lots) < 2:
        return Shipment(lots, catalogue)
    decision = desk.decide(
        change,
        POINT,
        {**facts, **goods_in(pieces, record, desk), "parcel.warehouse": warehouse},
        lines=lines_of(pieces, record, desk),
    )
    try:
        chain = splitters_of(decision, desk.rules.book[POINT], desk.profile.minor_digits)
    except UnclearSplit as error:
        raise DecisionFailed(POINT, str(error)) from error
    return Shipment(lots, catalogue, tuple(chain))


def goods_in(pieces: Sequence[Piece], record: OrderRecord, desk: Desk) -> dict[str, Value]:
    """Facts of what goes into one box."""
    items = [(desk.profile.items.get(piece.sku), piece) for piece in pieces]
    traits: set[str] = set()
    for item, _ in items:
        traits |= item.traits if item else frozenset()
    return {
        "parcel.pieces": sum(piece.quantity for piece in pieces),
        "parcel.weight_g": sum(item.weight_grams * p.quantity for item, p in items if item),
        "parcel.volume_cm3": sum(item.volume_cm3 * p.quantity for item, p in items if item),
        "parcel.value": major_units(share_of(record, pieces).amount, desk.profile.minor_digits),
        "parcel.traits": frozenset(traits),
    }


def lines_of(pieces: Sequence[Piece], record: OrderRecord, desk: Desk) -> list[FactMap]:
    """Line facts of what goes into one box."""
    inside = {piece.line for piece in pieces}
    return [
        facts
        for line, facts in zip(record.goods, goods_facts(record, desk), strict=True)
        if line.no in inside
    ]

"""A shipment: what one warehouse sends of an order, divided into parcels by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ordinance.fulfilment import carriers
from ordinance.fulfilment.splitters.chain import Pile, divide, limited
from ordinance.fulfilment.splitters.limits import TooManyParcels
from ordinance.fulfilment.splitters.lot import Catalogue, lots_of
from ordinance.fulfilment.splitters.splitter import Splitter, UnclearSplit, splitters_of
from ordinance.orders.change import Change
from ordinance.orders.desk import DecisionFailed, Desk, FactMap
from ordinance.orders.facts import goods_facts
from ordinance.orders.money import major_units
from ordinance.orders.record import OrderRecord, Piece
from ordinance.orders.shares import share_of
from ordinance.rules import Value

POINT = "packing.split"


@dataclass(frozen=True, slots=True)
class Shipment:
    """The piles that a shipment is packed from, and how it was divided."""

    piles: tuple[Pile, ...]
    catalogue: Catalogue
    chain: tuple[Splitter, ...] = ()

    def lighter(self, pile: Pile, grams: int) -> list[Pile]:
        """A pile that no carrier takes, cut so that no part has more than `grams` of goods.

        The pile itself where it cannot be cut, or where no rule splits by what carriers take.
        """
        weighing = [splitter for splitter in self.chain if splitter.by == "carrier"]
        weighing = [splitter for splitter in weighing if splitter.hard or not pile.apart]
        if not weighing or grams <= 0:
            return [pile]
        return limited(pile, weighing, self.catalogue, lambda traits: grams)


def shipped_from(
    change: Change,
    desk: Desk,
    warehouse: str,
    pieces: Sequence[Piece],
    facts: Mapping[str, Value],
) -> Shipment:
    """Ask `packing.split` how these pieces are divided; a single one is never asked about.

    Raises `DecisionFailed` when a rule asks for what cannot be done.
    """
    record = change.record
    catalogue = Catalogue(record, desk.profile.items)
    lots = lots_of(record, pieces)
    whole = Pile(tuple(lots))
    if whole.units < 2:
        return Shipment((whole,), catalogue)
    decision = desk.decide(
        change,
        POINT,
        {**facts, **goods_in(pieces, record, desk), "parcel.warehouse": warehouse},
        lines=lines_of(pieces, record, desk),
    )
    try:
        chain = splitters_of(decision, desk.rules.book[POINT], desk.profile.minor_digits)
        piles = divide(
            lots, chain, catalogue, lambda traits: carriers.most_grams(record, desk, traits)
        )
    except (UnclearSplit, TooManyParcels) as error:
        raise DecisionFailed(POINT, str(error)) from error
    return Shipment(tuple(piles), catalogue, tuple(chain))


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

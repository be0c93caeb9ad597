"""The chain: splitters one after the other, each dividing what none before it has split out."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ordinance.fulfilment.splitters.limits import Limits, parcels_of
from ordinance.fulfilment.splitters.lot import Catalogue, Lot
from ordinance.fulfilment.splitters.splitter import LIMITING, Splitter
from ordinance.orders.record import Apart


@dataclass(frozen=True, slots=True)
class Pile:
    """Goods that travel together, and why they were split out; no reason: they are the rest."""

    lots: tuple[Lot, ...]
    apart: tuple[Apart, ...] = ()

    @property
    def units(self) -> int:
        """How many units it could be divided into."""
        return sum(lot.count for lot in self.lots)

    @property
    def kind(self) -> tuple[Apart, ...]:
        """Why it was split out for what it is, not for its size."""
        return tuple(reason for reason in self.apart if reason.by not in LIMITING)


CarrierLimit = Callable[[Pile], int | None]
"""The most grams of such goods that a carrier takes in one parcel; None: no limit is known."""


def divide(
    lots: Sequence[Lot],
    chain: Sequence[Splitter],
    catalogue: Catalogue,
    carrier_limit: CarrierLimit,
) -> list[Pile]:
    """What the chain makes of a shipment: the rest first, then what was split out, in turn.

    Neighbouring limits are kept together, in one packing. Raises `TooManyParcels`.
    """
    rest: list[Pile] = [Pile(tuple(lots))]
    out: list[Pile] = []
    for step in _steps(chain):
        again = [part for pile in out for part in _divided(pile, step, catalogue, carrier_limit)]
        parts = [part for pile in rest for part in _divided(pile, step, catalogue, carrier_limit)]
        rest = [pile for pile in parts if not pile.apart]
        new = [pile for pile in parts if pile.apart]
        # What a limit cuts the rest into still stands where the rest stood.
        out = [*new, *again] if step[0].limiting else [*again, *new]
    return [*rest, *out]


def _steps(chain: Sequence[Splitter]) -> list[list[Splitter]]:
    """The chain, neighbouring limits taken together."""
    steps: list[list[Splitter]] = []
    for splitter in chain:
        if splitter.limiting and steps and steps[-1][0].limiting:
            steps[-1].append(splitter)
        else:
            steps.append([splitter])
    return steps


def _divided(
    pile: Pile, step: Sequence[Splitter], catalogue: Catalogue, carrier_limit: CarrierLimit
) -> list[Pile]:
    """One pile after one step; a pile that was split out is divided by hard splitters only."""
    able = [splitter for splitter in step if splitter.hard or not pile.apart]
    if not able or pile.units < 2:
        return [pile]
    if able[0].limiting:
        return _limited(pile, able, catalogue, carrier_limit)
    splitter = able[0]
    kinds, rest = _by_kind(pile.lots, splitter, catalogue)
    if len(kinds) + bool(rest) < 2:
        return [pile]
    out = [Pile(tuple(kind), (*pile.apart, splitter.reason(what))) for what, kind in kinds]
    return [*([replace(pile, lots=tuple(rest))] if rest else []), *out]


def _by_kind(
    lots: Sequence[Lot], splitter: Splitter, catalogue: Catalogue
) -> tuple[list[tuple[str, list[Lot]]], list[Lot]]:
    """The kinds that a splitter sets apart, each with its name, and the rest."""
    kinds: dict[str, list[Lot]] = {}
    single: list[tuple[str, list[Lot]]] = []
    rest: list[Lot] = []
    for lot in lots:
        line = lot.parts[0].line
        category = catalogue.item(line).category
        if splitter.by == "category" and splitter.of in ("", category):
            kinds.setdefault(category, []).append(lot)
        elif splitter.by == "article":
            kinds.setdefault(catalogue.record.lines[line].sku, []).append(lot)
        elif splitter.by == "trait" and catalogue.has(lot, splitter.of):
            kinds.setdefault(splitter.of, []).append(lot)
        elif splitter.by == "each" and (not splitter.of or catalogue.has(lot, splitter.of)):
            single += [(splitter.of, [unit]) for unit in lot.singly()]
        else:
            rest.append(lot)
    return [*kinds.items(), *single], rest


def _limited(
    pile: Pile,
    limiting: Sequence[Splitter],
    catalogue: Catalogue,
    carrier_limit: CarrierLimit,
) -> list[Pile]:
    """A pile cut to all of these limits, into as few parcels as keep them."""
    found: list[tuple[Splitter, Limits]] = []
    for splitter in limiting:
        limits = splitter.limits
        if splitter.by == "carrier":
            limits = Limits(grams=carrier_limit(pile))
        if limits.any:
            found.append((splitter, limits))
    together = Limits()
    for _, limits in found:
        together = together.and_(limits)
    boxes = parcels_of(pile.lots, together, catalogue) if together.any else []
    if len(boxes) < 2:
        return [pile]
    # Only the limits that the whole pile broke are why it was cut.
    reasons = tuple(
        splitter.reason(f"at_most_g={limits.grams}" if splitter.by == "carrier" else None)
        for splitter, limits in found
        if len(parcels_of(pile.lots, limits, catalogue)) > 1
    )
    return [Pile(tuple(box), (*pile.apart, *reasons)) for box in boxes]

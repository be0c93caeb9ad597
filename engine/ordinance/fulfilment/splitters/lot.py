"""A lot: equal units of one line, each with the gifts that travel with it. Never cut inside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ordinance.orders.record import OrderRecord, Piece
from ordinance.orders.shares import value_of
from ordinance.orders.units import Run, joined
from ordinance.profile import Item

UNKNOWN = Item("", "", weight_grams=0, volume_cm3=0, category="unknown")
"""What stands in for an article that is not in the catalogue: nobody knows what it weighs."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one unit of a lot holds of a line: `each` units, from unit `first` of the line on."""

    line: int
    first: int
    each: int = 1


@dataclass(frozen=True, slots=True)
class Lot:
    """`count` units that travel one by one or together; a set or a gift stays with its unit."""

    count: int
    parts: tuple[Part, ...]
    """The unit itself, then its gifts."""

    @property
    def order(self) -> tuple[int, int]:
        """Where it stands among others: line number, first unit."""
        return self.parts[0].line, self.parts[0].first

    def cut(self, count: int) -> tuple[Lot, Lot]:
        """The first `count` units, and the rest."""
        later = tuple(replace(part, first=part.first + count * part.each) for part in self.parts)
        return replace(self, count=count), Lot(self.count - count, later)

    def singly(self) -> list[Lot]:
        """Every unit as a lot of its own."""
        units: list[Lot] = []
        rest = self
        while rest.count > 1:
            unit, rest = rest.cut(1)
            units.append(unit)
        return [*units, rest]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What is known of the goods of an order: sizes, traits, and what was paid for each unit."""

    record: OrderRecord
    items: Mapping[str, Item]

    def item(self, line: int) -> Item:
        """The article of a line."""
        return self.items.get(self.record.lines[line].sku, UNKNOWN)

    def grams(self, lot: Lot) -> int:
        """What one unit of a lot weighs."""
        return sum(self.item(part.line).weight_grams * part.each for part in lot.parts)

    def cm3(self, lot: Lot) -> int:
        """The room that one unit of a lot takes."""
        return sum(self.item(part.line).volume_cm3 * part.each for part in lot.parts)

    def value(self, lot: Lot) -> int:
        """What was paid for one unit of a lot, exactly for a lot of one, else the dearest's."""
        return sum(self._value(part, lot.count) for part in lot.parts)

    def _value(self, part: Part, count: int) -> int:
        line = self.record.lines[part.line]
        if count == 1:
            return value_of(line, [(part.first, part.each)])
        return -(-max(line.amount, 0) * part.each // max(line.quantity, 1))

    def has(self, lot: Lot, trait: str) -> bool:
        """Whether a unit has a trait, or a gift in it has."""
        return any(trait in self.item(part.line).traits for part in lot.parts)

    def traits(self, lots: Sequence[Lot]) -> frozenset[str]:
        """The traits of all that is in some lots."""
        lines = {part.line for lot in lots for part in lot.parts}
        return frozenset(trait for line in lines for trait in self.item(line).traits)

    def pieces(self, lots: Sequence[Lot]) -> list[Piece]:
        """What is in some lots, in line order."""
        runs: dict[int, list[Run]] = {}
        for lot in lots:
            for part in lot.parts:
                runs.setdefault(part.line, []).append((part.first, lot.count * part.each))
        return [
            Piece(no, self.record.lines[no].sku, count, first)
            for no in sorted(runs)
            for first, count in joined(runs[no])
        ]


def lots_of(record: OrderRecord, pieces: Sequence[Piece]) -> list[Lot]:
    """The lots of some pieces, in line order: every gift is with a unit of its trigger line.

    Gifts are spread evenly over the units of the trigger line, the first units taking one more.
    A gift whose trigger line is not there is a lot of its own.
    """
    runs: dict[int, list[Run]] = {}
    for piece in pieces:
        runs.setdefault(piece.line, []).extend(piece.runs)
    lots = {
        no: [Lot(count, (Part(no, first),)) for first, count in joined(runs[no])]
        for no in sorted(runs)
    }
    for no in sorted(runs):
        trigger = _trigger(record, no)
        if trigger != no and trigger in lots:
            gifts = list(joined(runs[no]))
            lots[trigger] = _with_gifts(lots[trigger], no, gifts)
            del lots[no]
    return [lot for no in sorted(lots) for lot in lots[no]]


def _trigger(record: OrderRecord, no: int) -> int:
    """The line that a line travels with: itself, or what earned it. A circle ends at once."""
    seen = {no}
    at = no
    while (above := record.lines[at].gift_of) is not None and above in record.lines:
        if above in seen:
            return no
        seen.add(above)
        at = above
    return at


def _with_gifts(lots: Sequence[Lot], gift: int, runs: list[Run]) -> list[Lot]:
    """The same lots, with the units of a gift line spread over their units."""
    units = sum(lot.count for lot in lots)
    each, more = divmod(sum(count for _, count in runs), units)
    done: list[Lot] = []
    waiting = list(lots)
    while waiting:
        lot = waiting.pop(0)
        wanted = each + (1 if more else 0)
        if not wanted:
            done.append(lot)
            continue
        if more and lot.count > more:
            lot, rest = lot.cut(more)
            waiting.insert(0, rest)
        # As many units as the next run of the gift serves; one unit may take from several runs.
        able = runs[0][1] // wanted
        if 0 < able < lot.count or (able == 0 and lot.count > 1):
            lot, rest = lot.cut(max(able, 1))
            waiting.insert(0, rest)
        done.append(Lot(lot.count, (*lot.parts, *_taken(runs, gift, wanted, lot.count))))
        more = max(more - lot.count, 0)
    return done


def _taken(runs: list[Run], gift: int, each: int, count: int) -> list[Part]:
    """Take `each` gifts for every one of `count` units off the front of the runs."""
    parts: list[Part] = []
    if runs[0][1] >= each * count:
        first, held = runs.pop(0)
        parts.append(Part(gift, first, each))
        if held > each * count:
            runs.insert(0, (first + each * count, held - each * count))
        return parts
    while each:
        first, held = runs.pop(0)
        taken = min(held, each)
        parts.append(Part(gift, first, taken))
        each -= taken
        if held > taken:
            runs.insert(0, (first + taken, held - taken))
    return parts

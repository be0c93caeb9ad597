"""Limits: how much may go into one parcel, and the fewest parcels that keep them.

Up to `EXACT` pieces the number of parcels is the least there is (branch and bound over all ways
to fill them). Beyond, it is first-fit decreasing: the largest pieces first, each into the first
parcel with room for it. Equal pieces always go the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from fractions import Fraction

from ordinance.fulfilment.splitters.lot import Catalogue, Lot

EXACT = 10
"""Up to so many pieces the fewest parcels are found exactly."""
MOST_PARCELS = 1000
"""More parcels than any shipment of one order is: somebody mistyped a limit, or the order."""


class TooManyParcels(Exception):
    """A limit would cut a shipment into more parcels than anybody can have meant."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one parcel holds at most; None: as much as one likes. Money in minor units."""

    grams: int | None = None
    cm3: int | None = None
    value: int | None = None
    pieces: int | None = None

    def and_(self, other: Limits) -> Limits:
        """Both together: the lower of each."""
        pairs = [(getattr(self, item.name), getattr(other, item.name)) for item in fields(self)]
        return Limits(*(min((n for n in pair if n is not None), default=None) for pair in pairs))

    @property
    def any(self) -> bool:
        """Whether there is a limit at all."""
        return self != Limits()


@dataclass(frozen=True, slots=True)
class _Sized:
    """A lot with what one unit of it takes of each limit that there is."""

    lot: Lot
    size: tuple[int, ...]


Sizes = tuple[int, ...]


def parcels_of(lots: Sequence[Lot], limits: Limits, catalogue: Catalogue) -> list[list[Lot]]:
    """Divide lots into as few parcels as keep the limits, in the order of their first lines.

    A unit that breaks a limit by itself is a parcel by itself. Raises `TooManyParcels`.
    """
    caps = tuple(
        cap for cap in (limits.grams, limits.cm3, limits.value, limits.pieces) if cap is not None
    )
    few = sum(lot.count for lot in lots) <= EXACT
    units = [unit for lot in lots for unit in lot.singly()] if few else list(lots)
    sized = [_Sized(lot, _size(lot, limits, catalogue)) for lot in units]
    alone = [item for item in sized if not _within(item.size, caps)]
    if sum(item.lot.count for item in alone) > MOST_PARCELS:
        raise TooManyParcels(f"more than {MOST_PARCELS} pieces are over the limit by themselves")
    boxes = [[unit] for item in alone for unit in item.lot.singly()]
    rest = [item for item in sized if _within(item.size, caps)]
    rest.sort(key=lambda item: (-max(map(Fraction, item.size, caps)), item.lot.order))
    filled = _first_fit(rest, caps)
    if few and len(filled) > _least(rest, caps):
        filled = _fewest(rest, caps, filled)
    boxes += [[item.lot for item in box] for box in filled]
    return sorted(
        (sorted(box, key=lambda lot: lot.order) for box in boxes), key=lambda box: box[0].order
    )


def _size(lot: Lot, limits: Limits, catalogue: Catalogue) -> Sizes:
    size = []
    if limits.grams is not None:
        size.append(catalogue.grams(lot))
    if limits.cm3 is not None:
        size.append(catalogue.cm3(lot))
    if limits.value is not None:
        size.append(max(catalogue.value(lot), 0))
    if limits.pieces is not None:
        size.append(sum(part.each for part in lot.parts))
    return tuple(size)


def _within(size: Sizes, room: Sizes) -> bool:
    return all(one <= left for one, left in zip(size, room, strict=True))


def _less(room: Sizes, size: Sizes, count: int = 1) -> Sizes:
    return tuple(left - one * count for left, one in zip(room, size, strict=True))


def _least(items: Sequence[_Sized], caps: Sizes) -> int:
    """No fewer parcels than this can do, whatever the shapes."""
    least = 1 if items else 0
    for place, cap in enumerate(caps):
        whole = sum(item.size[place] * item.lot.count for item in items)
        least = max(least, -(-whole // cap))
    return least


def _first_fit(items: Sequence[_Sized], caps: Sizes) -> list[list[_Sized]]:
    """Each unit into the first box with room for it; `items` are sorted, the largest first."""
    boxes: list[list[_Sized]] = []
    rooms: list[Sizes] = []
    for item in items:
        lot: Lot | None = item.lot
        place = 0
        while lot is not None:
            if place == len(boxes):
                if place == MOST_PARCELS:
                    raise TooManyParcels(f"it would take more than {MOST_PARCELS} parcels")
                boxes.append([])
                rooms.append(caps)
            fits = min(
                (left // one for left, one in zip(rooms[place], item.size, strict=True) if one),
                default=lot.count,
            )
            if fits > 0:
                count = min(fits, lot.count)
                rooms[place] = _less(rooms[place], item.size, count)
                put, lot = (lot, None) if count == lot.count else lot.cut(count)
                boxes[place].append(replace(item, lot=put))
            place += 1
    return boxes


def _fewest(items: Sequence[_Sized], caps: Sizes, known: list[list[_Sized]]) -> list[list[_Sized]]:
    """The fewest boxes for single units, found by trying; `known` is a way that works."""
    best = known
    least = _least(items, caps)
    boxes: list[list[_Sized]] = []
    rooms: list[Sizes] = []

    def place(number: int) -> None:
        nonlocal best
        if len(boxes) >= len(best) or len(best) == least:
            return
        if number == len(items):
            best = [list(box) for box in boxes]
            return
        item = items[number]
        tried: set[Sizes] = set()
        for at, room in enumerate(rooms):
            # Boxes with the same room left are the same choice.
            if room in tried or not _within(item.size, room):
                continue
            tried.add(room)
            boxes[at].append(item)
            rooms[at] = _less(room, item.size)
            place(number + 1)
            rooms[at] = room
            boxes[at].pop()
        if len(boxes) + 1 < len(best):
            boxes.append([item])
            rooms.append(_less(caps, item.size))
            place(number + 1)
            rooms.pop()
            boxes.pop()

    place(0)
    return best

"""Lineage: which units of which line are in which parcel, and which parcels a unit was in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from ordinance.orders.record import OrderRecord, Parcel, Piece, RecordLine
from ordinance.orders.states import PARCEL_OVER, CaseState, ParcelState
from ordinance.orders.units import Run, chosen, joined, without

GIVEN_UP = frozenset({CaseState.REFUSED, CaseState.CLOSED_TIMEOUT, CaseState.CANCELLED})
"""Cases that no longer claim their units."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring units of a line with the same past: the parcels they were in, in order."""

    first: int
    count: int
    parcels: tuple[str, ...]


def whole(line: RecordLine) -> tuple[Run, ...]:
    """All units of a line."""
    return ((0, max(line.quantity, 0)),)


def units_in(parcels: Iterable[Parcel], no: int) -> tuple[Run, ...]:
    """The units of a line that are in these parcels."""
    return joined(
        run
        for parcel in parcels
        for piece in parcel.pieces
        if piece.line == no
        for run in piece.runs
    )


def first_hand(record: OrderRecord) -> list[Parcel]:
    """The parcels that are or were on their way to the buyer for the first time.

    Not those that were called back, nor those that stand in for another: each unit is in at most
    one of these.
    """
    return [
        parcel
        for parcel in record.parcels.values()
        if parcel.state is not ParcelState.CANCELLED and parcel.replaces is None
    ]


def stretches(record: OrderRecord, no: int) -> list[Stretch]:
    """The units of a line in order, cut where their parcels differ. Called-back parcels count."""
    edges = {0, max(record.lines[no].quantity, 0)}
    held: list[tuple[str, Run]] = []
    for parcel in record.parcels.values():
        for first, count in units_in([parcel], no):
            held.append((parcel.id, (first, count)))
            edges |= {first, first + count}
    marks = sorted(edges)
    found: list[Stretch] = []
    for first, end in pairwise(marks):
        inside = tuple(code for code, (start, size) in held if start <= first < start + size)
        if found and found[-1].parcels == inside:
            found[-1] = replace(found[-1], count=found[-1].count + end - first)
        else:
            found.append(Stretch(first, end - first, inside))
    return found


def lives_in(record: OrderRecord, stretch: Stretch) -> Parcel | None:
    """The parcel that units are in now: the newest one that was not called back."""
    living = (
        record.parcels[code]
        for code in reversed(stretch.parcels)
        if record.parcels[code].state is not ParcelState.CANCELLED
    )
    return next(living, None)


def by_parcel(
    record: OrderRecord, pieces: Iterable[Piece]
) -> Iterator[tuple[Parcel | None, Piece]]:
    """The same pieces, cut by the parcel that each unit is in now."""
    for piece in pieces:
        for stretch in stretches(record, piece.line):
            for first, count in piece.runs:
                start = max(first, stretch.first)
                end = min(first + count, stretch.first + stretch.count)
                if start < end:
                    yield (
                        lives_in(record, stretch),
                        replace(piece, quantity=end - start, first=start),
                    )


def pieces_of(line: RecordLine, runs: Iterable[Run]) -> list[Piece]:
    """Units of a line as pieces."""
    return [Piece(line.no, line.sku, count, first) for first, count in joined(runs)]


def loose(record: OrderRecord) -> dict[tuple[str, int], int]:
    """Reserved units that are in no parcel yet, by warehouse and line."""
    left = {(code, line.no): count for line in record.goods for code, count in line.held_at.items()}
    for parcel in first_hand(record):
        if parcel.state not in PARCEL_OVER:
            for piece in parcel.pieces:
                place = (parcel.warehouse, piece.line)
                left[place] = left.get(place, 0) - piece.quantity
    return {place: count for place, count in sorted(left.items()) if count > 0}


def unpacked_units(record: OrderRecord, line: RecordLine, count: int) -> list[Piece]:
    """The next `count` units of a line that go into a parcel, or that are cancelled instead."""
    packed = units_in(first_hand(record), line.no)
    return pieces_of(line, chosen(line.quantity, count, [packed, line.back]))


def claimable_units(
    record: OrderRecord, line: RecordLine, count: int, taken: Iterable[Run] = ()
) -> list[Piece]:
    """The `count` units that a case is about: of those that left, and that no case is about."""
    claimed = [
        run
        for case in record.cases.values()
        if case.state not in GIVEN_UP
        for piece in case.pieces
        if piece.line == line.no
        for run in piece.runs
    ]
    left = [parcel for parcel in first_hand(record) if parcel.state is ParcelState.SHIPPED]
    at_home = without(whole(line), units_in(left, line.no))
    avoid = [[*claimed, *taken], line.back, at_home]
    return pieces_of(line, chosen(line.quantity, count, avoid))


def still_owed(record: OrderRecord, pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """The pieces of these whose money was not given back: what the buyer still has to get."""
    return tuple(
        owed
        for piece in pieces
        for owed in pieces_of(
            record.lines[piece.line], without(piece.runs, record.lines[piece.line].back)
        )
    )


def brought_back(record: OrderRecord, no: int) -> tuple[Run, ...]:
    """The units of a line that are back in a warehouse because of a case."""
    return joined(
        run
        for case in record.cases.values()
        if case.inspection is not None
        for piece in case.pieces
        if piece.line == no
        for run in piece.runs
    )

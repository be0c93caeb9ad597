"""Demand: the pieces by stock item that units of order lines take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from ordinance.orders.record import OrderRecord, Parcel, Piece


def taken_by(record: OrderRecord, units: Mapping[int, int]) -> dict[str, int]:
    """What so many units of each line take, in the order of the lines; nothing for no units."""
    return _summed(record, units.items())


def taken_by_pieces(record: OrderRecord, pieces: Iterable[Piece]) -> dict[str, int]:
    """What these pieces of an order take."""
    return _summed(record, ((piece.line, piece.quantity) for piece in pieces))


def inside(record: OrderRecord, parcel: Parcel, sku: str) -> int:
    """How many pieces of a stock item are in a parcel."""
    return taken_by_pieces(record, parcel.pieces).get(sku, 0)


def _summed(record: OrderRecord, units: Iterable[tuple[int, int]]) -> dict[str, int]:
    taken: dict[str, int] = {}
    for no, count in units:
        for item, pieces in record.lines[no].takes(count).items():
            taken[item] = taken.get(item, 0) + pieces
    return taken

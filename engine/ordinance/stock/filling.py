"""Filling: what an order still needs, and what a warehouse has of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ordinance.inventory import StockLevel
from ordinance.orders.record import OrderRecord

Units = Mapping[int, Mapping[str, int]]
"""Pieces by stock item that one unit of a line takes, by line number."""
Free = Mapping[str, Mapping[str, int]]
"""Pieces that may be promised, by warehouse and stock item."""


@dataclass(frozen=True, slots=True)
class Fill:
    """What one warehouse can give towards an order: line number to units, in line order."""

    warehouse: str
    pieces: Mapping[int, int]

    @property
    def total(self) -> int:
        """Units it gives."""
        return sum(self.pieces.values())


def needs(record: OrderRecord) -> dict[int, int]:
    """Units that still have to find stock, by line number."""
    return {line.no: line.waiting for line in record.goods if line.waiting > 0}


def units(record: OrderRecord, wanted: Mapping[int, int]) -> Units:
    """What one unit of each wanted line takes."""
    return {no: record.lines[no].takes(1) for no in wanted}


def stock_items(record: OrderRecord, wanted: Mapping[int, int]) -> list[str]:
    """The stock items that the wanted lines take, sorted."""
    return sorted({item for no in wanted for item in record.lines[no].takes(1)})


def free_in(levels: Iterable[StockLevel]) -> dict[str, dict[str, int]]:
    """What may be promised, by warehouse and stock item."""
    free: dict[str, dict[str, int]] = {}
    for level in levels:
        free.setdefault(level.warehouse, {})[level.sku] = level.available
    return free


def fill(
    warehouse: str,
    wanted: Mapping[int, int],
    units: Units,
    free: Mapping[str, int],
) -> Fill:
    """What a warehouse with `free` pieces per stock item can give, in whole units.

    Lines that take the same stock item share its stock.
    """
    left = dict(free)
    pieces = {}
    for no, quantity in wanted.items():
        parts = units[no]
        given = quantity
        for item, count in parts.items():
            given = min(given, max(left.get(item, 0), 0) // count)
        if given:
            pieces[no] = given
            for item, count in parts.items():
                left[item] -= count * given
    return Fill(warehouse, pieces)


def pieces_of(plan: Sequence[Fill]) -> dict[int, int]:
    """What a plan gives, by line number."""
    pieces: dict[int, int] = {}
    for given in plan:
        for no, count in given.pieces.items():
            pieces[no] = pieces.get(no, 0) + count
    return pieces

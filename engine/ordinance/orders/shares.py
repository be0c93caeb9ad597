"""Shares: what one unit of a line carries of the order's money. The one place that says so.

A line's amount, its discount, and its part of the freight, fees and tax of the order are spread
over its units so that the units add up to it exactly: unit k carries what k + 1 units carry, less
what k units carry, each rounded down. So the last unit takes the remainder (100.00 over 3 is
33.33, 33.33, 33.34), and any set of units has one share, in whatever order they are packed,
cancelled or refunded. Parcels and refunds both ask here.
"""

from __future__ import annotations

from collections.abc import Iterable

from ordinance.orders.money import apportion
from ordinance.orders.record import OrderRecord, Piece, RecordLine, Share
from ordinance.orders.units import Run

CHARGES = ("freight", "fee", "tax")
"""The kinds of lines that are no goods and are spread over the goods."""


def spread(total: int, quantity: int, runs: Iterable[Run]) -> int:
    """What some of `quantity` units carry of a total, in minor units."""
    if quantity <= 0:
        return 0
    sign = -1 if total < 0 else 1
    size = abs(total)
    return sign * sum(
        size * (first + count) // quantity - size * first // quantity for first, count in runs
    )


def value_of(line: RecordLine, runs: Iterable[Run]) -> int:
    """What was paid for some units of a line, in minor units."""
    return spread(line.amount, line.quantity, runs)


def charges_of(record: OrderRecord) -> dict[int, tuple[int, ...]]:
    """The part of each goods line in every charge, in the order of `CHARGES`, by line number.

    In proportion to what was paid for the lines; when nothing was, the last line carries all.
    """
    goods = _sold(record)
    totals = [
        sum(line.amount for line in record.lines.values() if line.kind == kind) for kind in CHARGES
    ]
    if not goods or not any(totals):
        return {line.no: (0,) * len(CHARGES) for line in goods}
    weights = [max(line.amount, 0) for line in goods]
    parts = [apportion(total, weights) for total in totals]
    return {line.no: tuple(part[place] for part in parts) for place, line in enumerate(goods)}


def _sold(record: OrderRecord) -> list[RecordLine]:
    """The goods lines that have units at all."""
    return [line for line in record.goods if line.quantity > 0]


def share_of(record: OrderRecord, pieces: Iterable[Piece]) -> Share:
    """What some pieces of an order carry of every field of its money."""
    charges = charges_of(record)
    totals = [0] * (2 + len(CHARGES))
    for piece in pieces:
        line = record.lines[piece.line]
        fields = (line.amount, line.discount, *charges.get(line.no, (0,) * len(CHARGES)))
        for place, total in enumerate(fields):
            totals[place] += spread(total, line.quantity, piece.runs)
    return Share(*totals)


def whole_of(record: OrderRecord) -> Share:
    """What all goods of an order carry: what the parcels and the rest must add up to."""
    goods = _sold(record)
    if not goods:
        return Share()
    return Share(
        sum(line.amount for line in goods),
        sum(line.discount for line in goods),
        *(
            sum(line.amount for line in record.lines.values() if line.kind == kind)
            for kind in CHARGES
        ),
    )

"""Reserving a plan for an order, and giving back what was reserved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ordinance.orders.change import Change
from ordinance.orders.copying import copied
from ordinance.orders.desk import Desk
from ordinance.ports import MovementKind
from ordinance.rules.decision import Plain
from ordinance.stock.filling import Fill
from ordinance.stock.ledger import book_all, book_line


def reserve(
    change: Change, desk: Desk, plan: Sequence[Fill], rule: str, told: Mapping[str, Plain]
) -> None:
    """Reserve a plan as a whole, in the transaction in which it was counted.

    `told` is what else the history says of the plan: its cost, and how it was found.
    """
    record = change.record
    wants = [
        (given.warehouse, record.lines[no], count)
        for given in plan
        for no, count in given.pieces.items()
    ]
    book_all(change, desk, MovementKind.RESERVED, wants)
    lines = dict(record.lines)
    for warehouse, booked, count in wants:
        line = lines[booked.no]
        held = dict(line.held_at)
        held[warehouse] = held.get(warehouse, 0) + count
        lines[booked.no] = copied(line, {"held_at": held})
    change.happen(
        "stock.reserved",
        {
            "plan": {
                given.warehouse: {str(no): count for no, count in given.pieces.items()}
                for given in plan
            },
            "rule": rule,
            **told,
        },
        lines=[lines[no] for no in lines if lines[no] != record.lines[no]],
    )


def unreserve(change: Change, desk: Desk, warehouse: str, pieces: Mapping[int, int]) -> None:
    """Give reserved pieces back to the shelf."""
    record = change.record
    lines = dict(record.lines)
    for no, count in pieces.items():
        line = lines[no]
        book_line(change, desk, MovementKind.RELEASED, warehouse, line, count)
        held = dict(line.held_at)
        held[warehouse] -= count
        lines[no] = replace(line, held_at={code: left for code, left in held.items() if left})
    change.happen(
        "stock.released",
        {"warehouse": warehouse, "pieces": {str(no): count for no, count in pieces.items()}},
        lines=[lines[no] for no in pieces],
    )

"""Matching a return that names no order to the purchases it can belong to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ordinance.orders.record import OrderRecord
from ordinance.orders.states import OrderState
from ordinance.service.cases import returnable


@dataclass(frozen=True, slots=True)
class Matched:
    """Pieces of one order that a return is about."""

    order_id: str
    pieces: tuple[tuple[str, int], ...]


def match(
    wanted: Sequence[tuple[str, int]], purchases: Sequence[OrderRecord], at: datetime
) -> tuple[list[Matched], list[tuple[str, int]]]:
    """Give each (sku, quantity) to the buyer's most recent purchases before `at`.

    A purchase that contains the whole return is taken first, since a return of everything that
    was just bought is the commonest kind. Returns the matches and what no purchase explains.
    """
    total: dict[str, int] = {}
    for sku, quantity in wanted:
        total[sku] = total.get(sku, 0) + quantity
    if not total:
        return [], []
    recent = sorted(
        (
            order
            for order in purchases
            if order.placed_at <= at
            and order.state not in (OrderState.CANCELLED, OrderState.REFUSED, OrderState.WAIT_PAY)
        ),
        key=lambda order: (order.placed_at, order.id),
        reverse=True,
    )
    for order in recent:
        if all(returnable(order, sku) >= count for sku, count in total.items()):
            return [Matched(order.id, tuple(sorted(total.items())))], []
    found: dict[str, list[tuple[str, int]]] = {}
    left: list[tuple[str, int]] = []
    for sku, quantity in sorted(total.items()):
        for order in recent:
            got = min(quantity, returnable(order, sku))
            if got:
                found.setdefault(order.id, []).append((sku, got))
                quantity -= got
            if not quantity:
                break
        if quantity:
            left.append((sku, quantity))
    return [Matched(order_id, tuple(pieces)) for order_id, pieces in found.items()], left

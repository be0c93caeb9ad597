"""The stock counter: one conditional statement per kind of movement.

Each returns the number of the movement within its sku and warehouse, or no row when the counter
would oversell or fall below zero. A counter that is not there yet counts as zero.
"""

from __future__ import annotations

from ordinance.ports import Movement, MovementKind

_THIS = "shop = ?1 AND sku = ?2 AND warehouse = ?3"


def _change(assignment: str, condition: str) -> str:
    return (
        f"UPDATE stock SET {assignment}, moves = moves + 1"
        f" WHERE {_THIS} AND {condition} RETURNING moves"
    )


def _add(column: str) -> str:
    on_hand, quarantine = ("?4", "0") if column == "on_hand" else ("0", "?4")
    return (
        "INSERT INTO stock (shop, sku, warehouse, on_hand, reserved, quarantine, moves)"
        f" VALUES (?1, ?2, ?3, {on_hand}, 0, {quarantine}, 1)"
        f" ON CONFLICT (shop, sku, warehouse) DO UPDATE SET {column} = {column} + ?4,"
        " moves = moves + 1 RETURNING moves"
    )


_STATEMENTS = {
    MovementKind.RECEIVED: _add("on_hand"),
    MovementKind.RETURNED: _add("on_hand"),
    MovementKind.ADJUSTED: _add("on_hand"),
    MovementKind.QUARANTINED: _add("quarantine"),
    MovementKind.RESERVED: _change("reserved = reserved + ?4", "on_hand - reserved >= ?4"),
    MovementKind.RELEASED: _change("reserved = reserved - ?4", "reserved >= ?4"),
    MovementKind.SHIPPED: _change(
        "on_hand = on_hand - ?4, reserved = reserved - ?4", "reserved >= ?4"
    ),
}

_ADJUST_DOWN = _change("on_hand = on_hand + ?4", "on_hand + ?4 >= reserved")


def counter_statement(movement: Movement) -> str:
    """The statement for a movement, with shop, sku, warehouse and quantity as its values.

    Raises `ValueError` for a quantity that the kind does not allow.
    """
    if movement.quantity > 0:
        return _STATEMENTS[movement.kind]
    if movement.kind is MovementKind.ADJUSTED and movement.quantity < 0:
        return _ADJUST_DOWN
    raise ValueError(f"a movement `{movement.kind}` of {movement.quantity} pieces moves nothing")

"""The stock counter: one conditional statement per kind of movement.

Each takes shop, sku, warehouse and quantity, and returns the number of the movement within its sku
and warehouse, or no row when the counter would oversell or fall below zero. A counter that is not
there yet counts as zero.
"""

from __future__ import annotations

from ordinance.ports import MovementKind

_THIS = "shop = ?1 AND sku = ?2 AND warehouse = ?3"
_UNBOUND = "on_hand - reserved - set_aside"


def _change(assignment: str, condition: str) -> str:
    return (
        f"UPDATE stock SET {assignment}, moves = moves + 1"
        f" WHERE {_THIS} AND {condition} RETURNING moves"
    )


def _add(column: str) -> str:
    counts = ("on_hand", "reserved", "quarantine", "in_transit", "safety")
    values = ", ".join("?4" if name == column else "0" for name in counts)
    return (
        f"INSERT INTO stock (shop, sku, warehouse, {', '.join(counts)}, moves)"
        f" VALUES (?1, ?2, ?3, {values}, 1)"
        f" ON CONFLICT (shop, sku, warehouse) DO UPDATE SET"
        f" {column} = stock.{column} + ?4, moves = stock.moves + 1 RETURNING moves"
    )


SHARED_ALONE = _change(
    "reserved = reserved + ?4", "set_aside = 0 AND on_hand - reserved - safety >= ?4"
)
"""Reserve where nothing is set aside for anybody: the common case, in one statement."""

RESERVE_SHARED = _change("reserved = reserved + ?4", f"{_UNBOUND} - safety >= ?4")
RESERVE_OWN = _change("reserved = reserved + ?4, set_aside = set_aside - ?4", "set_aside >= ?4")
RELEASE_OWN = _change("reserved = reserved - ?4, set_aside = set_aside + ?4", "reserved >= ?4")
HAND_ON = f"UPDATE stock SET moves = moves + 2 WHERE {_THIS} AND reserved >= ?4 RETURNING moves"
"""A reservation changes its holder: two movements, and no bucket is another one."""

_OFF_SHELF = _change("on_hand = on_hand - ?4", f"{_UNBOUND} >= ?4")

COUNTER = {
    MovementKind.RECEIVED: _add("on_hand"),
    MovementKind.RETURNED: _add("on_hand"),
    MovementKind.ADJUSTED: _add("on_hand"),
    MovementKind.QUARANTINED: _add("quarantine"),
    MovementKind.ON_ITS_WAY: _add("in_transit"),
    MovementKind.SAFETY_CHANGED: _add("safety"),
    MovementKind.RESERVED: RESERVE_SHARED,
    MovementKind.RELEASED: _change("reserved = reserved - ?4", "reserved >= ?4"),
    MovementKind.SHIPPED: _change(
        "on_hand = on_hand - ?4, reserved = reserved - ?4", "reserved >= ?4"
    ),
    MovementKind.WITHDRAWN: _change(
        "on_hand = on_hand - ?4, quarantine = quarantine + ?4", f"{_UNBOUND} >= ?4"
    ),
    MovementKind.CLEARED: _change(
        "on_hand = on_hand + ?4, quarantine = quarantine - ?4", "quarantine >= ?4"
    ),
    MovementKind.SCRAPPED: _change("quarantine = quarantine - ?4", "quarantine >= ?4"),
    MovementKind.TRANSFERRED_OUT: _OFF_SHELF,
    MovementKind.TRANSFERRED_IN: _change(
        "on_hand = on_hand + ?4, in_transit = in_transit - ?4", "in_transit >= ?4"
    ),
    MovementKind.LOST_ON_ITS_WAY: _change("in_transit = in_transit - ?4", "in_transit >= ?4"),
    MovementKind.SET_ASIDE: _change("set_aside = set_aside + ?4", f"{_UNBOUND} - safety >= ?4"),
    MovementKind.GIVEN_BACK: _change("set_aside = set_aside - ?4", "set_aside >= ?4"),
}
"""The statement for a positive number of pieces of each kind."""

LOWERED = {
    MovementKind.ADJUSTED: _change("on_hand = on_hand + ?4", f"{_UNBOUND} + ?4 >= 0"),
    MovementKind.SAFETY_CHANGED: _change("safety = safety + ?4", "safety + ?4 >= 0"),
}
"""The statement for a negative number, where the kind allows one."""


def _put(table: str, key: str, more: str = "") -> str:
    names = ", ".join(name for name in (key, "pieces", more) if name)
    marks = ", ".join("?" for _ in names.split(", "))
    return (
        f"INSERT INTO {table} ({names}) VALUES ({marks})"
        f" ON CONFLICT ({key}) DO UPDATE SET pieces = {table}.pieces + excluded.pieces"
    )


def _take(table: str, key: str) -> tuple[str, str]:
    """Two statements, of which the first that finds a row has taken the pieces.

    The first takes all that there is, the second a part.
    """
    names = key.split(", ")
    this = " AND ".join(f"{name} = ?{no}" for no, name in enumerate(names, start=1))
    pieces = f"?{len(names) + 1}"
    return (
        f"DELETE FROM {table} WHERE {this} AND pieces = {pieces} RETURNING pieces",
        f"UPDATE {table} SET pieces = pieces - {pieces}"
        f" WHERE {this} AND pieces > {pieces} RETURNING pieces",
    )


_RESERVATION = "shop, holder, sku, warehouse, pool"
_POOL = "shop, sku, warehouse, channel"
_TRANSFER = "shop, transfer, sku, warehouse"

PUT_RESERVATION, TAKE_RESERVATION = (
    _put("reservations", _RESERVATION),
    _take("reservations", _RESERVATION),
)
PUT_POOL, TAKE_POOL = _put("pools", _POOL), _take("pools", _POOL)
PUT_TRANSFER, TAKE_TRANSFER = _put("transfers", _TRANSFER, "source"), _take("transfers", _TRANSFER)

TAKE_ONLY_RESERVATION = (
    "DELETE FROM reservations WHERE shop = ?1 AND holder = ?2 AND sku = ?3 AND warehouse = ?4"
    " AND pieces = ?5 AND pool = '' AND NOT EXISTS (SELECT 1 FROM reservations AS other"
    " WHERE other.shop = ?1 AND other.holder = ?2 AND other.sku = ?3 AND other.warehouse = ?4"
    " AND other.pool > '') RETURNING pieces"
)
"""End a reservation of shared pieces whole, where the holder has no others: the common case."""

BUCKETS = ("on_hand", "reserved", "quarantine", "set_aside", "in_transit", "safety")
FORGET = tuple(
    f"DELETE FROM {table} WHERE {_THIS}" for table in ("reservations", "pools", "transfers")
)
RESTATE = (
    f"INSERT INTO stock (shop, sku, warehouse, {', '.join(BUCKETS)}, moves)"
    " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
    f" ON CONFLICT (shop, sku, warehouse) DO UPDATE SET ({', '.join(BUCKETS)}, moves) ="
    " (?4, ?5, ?6, ?7, ?8, ?9, ?10)"
)
"""Put a counter to what its ledger adds up to; for `reconcile` alone."""

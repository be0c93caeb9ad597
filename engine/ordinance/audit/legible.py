"""Finding the stored value that nobody can read: its table, its row and its column.

Looked for only after a check of the doctor has stumbled, since it reads the whole store. What a
value says is not repeated: it may be personal.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ordinance.inventory import MovementKind
from ordinance.orders.change import decode
from ordinance.ports import EffectState, EntryKind, Storage


def _instant(text: str) -> None:
    if datetime.fromisoformat(text).tzinfo is None:
        raise ValueError("no zone")


_INSTANTS = {
    "backorders": "since",
    "commands": "at",
    "decisions": "at",
    "events": "at",
    "movements": "at",
    "orders": "placed_at",
    "outbox": "created next_try tried_at done_at",
    "releases": "at",
    "reservations": "expires_at",
    "rule_journal": "at",
    "rule_sources": "first_used",
    "stock_blocks": "at until",
    "timers": "due",
    "trials": "at",
}
_JSON = {
    "commands": "result",
    "decisions": "record",
    "events": "changes data",
    "facts": "snapshot",
    "outbox": "payload answers",
    "releases": "files rules",
    "trials": "record",
}
_DATES = {"batches": "expires", "loads": "day", "purchase_orders": "expected"}
_OTHERS: Mapping[tuple[str, str], Callable[[str], object]] = {
    ("movements", "kind"): MovementKind,
    ("orders", "document"): decode,
    ("outbox", "state"): EffectState,
    ("rule_journal", "kind"): EntryKind,
}
_ROW = ("id", "order_id", "key", "number", "sku", "warehouse", "version", "seq", "kind", "name")
"""Columns that say which row it is."""


def _readers() -> dict[tuple[str, str], Callable[[str], object]]:
    found = dict(_OTHERS)
    for tables, read in ((_INSTANTS, _instant), (_JSON, json.loads), (_DATES, date.fromisoformat)):
        for table, names in tables.items():
            found |= {(table, name): read for name in names.split()}
    return found


@dataclass(frozen=True, slots=True)
class Illegible:
    """A value that cannot be read."""

    table: str
    row: str
    column: str
    order: str | None
    """The id of the order, where it is the row of one."""


def illegible(storage: Storage, shop: str) -> Iterator[Illegible]:
    """Every value of a shop that cannot be read, table by table."""
    readers = _readers()
    for line in storage.content():
        row: dict[str, Any] = json.loads(line)
        table = row.pop("table")
        if row.get("shop") != shop:
            continue
        for column, value in row.items():
            read = readers.get((table, column))
            if read is None or value is None:
                continue
            try:
                read(value)
            except Exception:
                about = " ".join(str(row[name]) for name in _ROW if row.get(name) is not None)
                yield Illegible(table, about, column, row["id"] if table == "orders" else None)

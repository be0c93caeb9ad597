"""Everything a store holds, as lines that are equal when the content is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from ordinance.ports import StorageError
from ordinance.rules.decision import canonical_json
from ordinance_adapters.sql.rows import Row


@dataclass(frozen=True)
class Table:
    """A table that holds content: the columns that tell its rows apart, and all of them."""

    _key: str
    _columns: str

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(self._key.split())

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self._columns.split())


# The counters of stock go first: movements name them, and nothing may wait for stock yet when they
# appear in a store that is filled.
TABLES = {
    "stock": Table(
        "shop sku warehouse",
        "shop sku warehouse on_hand reserved quarantine moves set_aside in_transit safety sealed",
    ),
    "audit_heads": Table("shop", "shop size frontier"),
    "audit_log": Table("shop place", "shop place kind subject part number leaf"),
    "checkpoints": Table("shop size", "shop size at note"),
    "arrivals": Table("shop sku", "shop sku marks served"),
    "backorders": Table("shop order_id sku", "shop sku rank since order_id pieces takes"),
    "batches": Table("shop sku warehouse expires", "shop sku warehouse expires pieces"),
    "commands": Table("shop key", "shop key body_hash result at"),
    "decisions": Table(
        "shop order_id seq",
        "shop order_id seq point at outcome rules_hash facts_hash record published",
    ),
    "events": Table(
        "shop order_id version",
        "shop order_id version kind at actor cause changes data evidence hash",
    ),
    "facts": Table("shop facts_hash", "shop facts_hash snapshot"),
    "loads": Table("shop day warehouse", "shop warehouse day parcels"),
    "movements": Table(
        "shop warehouse sku seq",
        "shop warehouse sku seq kind quantity at actor cause order_id pool note token "
        "transfer counterpart",
    ),
    "orders": Table(
        "shop id",
        "shop id number channel source_id version status order_state buyer_id placed_at "
        "receivable paid refunded document head sealed",
    ),
    "outbox": Table(
        "shop key",
        "shop key order_id kind payload created result done_at place lane state attempts redriven "
        "next_try tried_at error answers restored",
    ),
    "persons": Table("shop id", "shop id document"),
    "pools": Table("shop sku warehouse channel", "shop sku warehouse channel pieces"),
    "presold": Table("shop sku", "shop sku taken cap"),
    "purchase_orders": Table(
        "shop number warehouse sku",
        "shop number warehouse sku supplier pieces received expected",
    ),
    "releases": Table("shop version", "shop version hash base author note at files rules"),
    "reservations": Table(
        "shop holder sku warehouse pool",
        "shop holder sku warehouse pool pieces expires_at",
    ),
    "rule_journal": Table(
        "shop seq",
        "shop seq kind version actor note at live since shadow approval",
    ),
    "rule_sources": Table("shop rules_hash", "shop rules_hash point file source first_used"),
    "rule_texts": Table("shop hash", "shop hash text"),
    "settings": Table("shop name", "shop name value"),
    "stock_blocks": Table("shop sku warehouse", "shop sku warehouse until reason by at"),
    "timers": Table("shop order_id kind name", "shop order_id kind name due"),
    "transactions": Table("shop method number", "shop method number order_id"),
    "transfers": Table(
        "shop transfer sku warehouse",
        "shop transfer sku warehouse source pieces",
    ),
    "trials": Table(
        "shop version order_id seq",
        "shop order_id seq version point at live outcome same live_hash rules_hash "
        "facts_hash record",
    ),
}
"""Every table. What a database keeps beside them is no content."""


def content_lines(run: Callable[[str], Iterable[Row]]) -> Iterator[str]:
    """One line of canonical JSON per row, `{"table": ..., column: value ...}`, in key order.

    `run` fetches the rows of a statement; all of them have to be as of one commit.
    """
    for name, table in TABLES.items():
        columns = ", ".join(table.columns)
        for row in run(f"SELECT {columns} FROM {name} ORDER BY {', '.join(table.key)}"):
            yield canonical_json({"table": name, **dict(zip(table.columns, row, strict=True))})


def fill(lines: Iterable[str], put: Callable[[str, Iterator[Row]], int], where: str) -> int:
    """Write lines of `content_lines` into empty tables; how many. `put` adds the rows of a table,
    with the columns that `TABLES` names. Raises `StorageError` for a line that is none of ours.
    """
    told = (_row(line, where) for line in lines)
    tables = groupby(told, key=lambda each: each[0])
    return sum(put(name, (row for _, row in rows)) for name, rows in tables)


def _row(line: str, where: str) -> tuple[str, Row]:
    try:
        values = json.loads(line)
        name = values.pop("table")
        return name, tuple(values.pop(column) for column in TABLES[name].columns)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise StorageError(f"`{where}`: this is no line of a store: {line[:80]}") from error

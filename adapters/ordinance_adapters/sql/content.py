"""Everything a store holds, as lines that are equal when the content is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice

from ordinance.ports import StorageError
from ordinance.rules.decision import canonical_json
from ordinance_adapters.sql.persons import index_rows, opened_row, sealed_row
from ordinance_adapters.sql.rows import Row
from ordinance_adapters.sql.sealing import Seals


@dataclass(frozen=True)
class Table:
    """A table that holds content: the columns that tell its rows apart, and all of them."""

    _key: str
    _columns: str
    _stored: str = ""

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(self._key.split())

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self._columns.split())

    @property
    def stored(self) -> tuple[str, ...]:
        """The columns of the database; those of personal data are sealed there."""
        return tuple((self._stored or self._columns).split())


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
    "persons": Table("shop id", "shop id document seen", "shop id wrapped document seen"),
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
"""Every table. What a database keeps beside them is no content: the index of persons follows from
their documents, and each store seals them with keys of its own."""

PERSONS, INDEX = "persons", "person_index"
INDEX_COLUMNS = ("shop", "digest", "person")


def content_lines(run: Callable[[str], Iterable[Row]], seals: Seals) -> Iterator[str]:
    """One line of canonical JSON per row, `{"table": ..., column: value ...}`, in key order.

    `run` fetches the rows of a statement; all of them have to be as of one commit. Personal data
    is opened: equal content gives equal lines, whatever it is sealed with.
    """
    for name, table in TABLES.items():
        columns = ", ".join(table.stored)
        for row in run(f"SELECT {columns} FROM {name} ORDER BY {', '.join(table.key)}"):
            told = opened_row(seals, row) if name == PERSONS else row
            yield canonical_json({"table": name, **dict(zip(table.columns, told, strict=True))})


def fill(
    lines: Iterable[str],
    put: Callable[[str, Sequence[str], Iterator[Row]], int],
    where: str,
    claim: Callable[[], Seals],
) -> int:
    """Write lines of `content_lines` into empty tables; how many. `put` adds the rows of a table
    with these columns, `claim` gives the seals of the store. Raises `StorageError` for a line that
    is none of ours.
    """
    told = (_row(line, where) for line in lines)
    count = 0
    for name, rows in groupby(told, key=lambda each: each[0]):
        plain = (row for _, row in rows)
        if name == PERSONS:
            count += _fill_persons(plain, put, claim())
        else:
            count += put(name, TABLES[name].stored, plain)
    return count


def _fill_persons(
    plain: Iterator[Row], put: Callable[[str, Sequence[str], Iterator[Row]], int], seals: Seals
) -> int:
    """Seal the persons with keys of this store, some at a time: the index is written beside."""
    count = 0
    while part := list(islice(plain, _PERSONS)):
        count += put(
            PERSONS,
            TABLES[PERSONS].stored,
            (sealed_row(seals, seals.drawn(), row) for row in part),
        )
        found = (each for row in part for each in index_rows(seals, row[0], row[1], row[2]))
        put(INDEX, INDEX_COLUMNS, found)
    return count


_PERSONS = 2000
"""Persons that are sealed by one call when a store is filled."""


def _row(line: str, where: str) -> tuple[str, Row]:
    try:
        values = json.loads(line)
        name = values.pop("table")
        return name, tuple(values.pop(column) for column in TABLES[name].columns)
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise StorageError(f"`{where}`: this is no line of a store: {line[:80]}") from error

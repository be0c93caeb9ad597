"""Everything a database holds, as lines that are equal when the content is."""

from __future__ import annotations

from collections.abc import Iterator

from ordinance.rules.decision import canonical_json
from ordinance_adapters.sqlite.driver import sqlite3
from ordinance_adapters.sqlite.schema import KEYS, columns


def content_lines(connection: sqlite3.Connection) -> Iterator[str]:
    """One line of canonical JSON per row, `{"table": ..., column: value ...}`, in key order.

    The ledger comes by (shop, warehouse, sku) and its own count within them.
    """
    for table, key in sorted(KEYS.items()):
        names = columns(connection, table)
        sql = f"SELECT {', '.join(names)} FROM {table} ORDER BY {', '.join(key)}"
        for row in connection.execute(sql):
            yield canonical_json({"table": table, **dict(zip(names, row, strict=True))})

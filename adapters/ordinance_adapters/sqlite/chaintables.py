"""A step: every event knows the hash of what came before it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlite_utils import Database

from ordinance_adapters.sql.chaining import chain_histories
from ordinance_adapters.sql.rows import Row


def chained_events(database: Database) -> None:
    """The hash of each event, the digest of its decisions, and the last hash of each order."""
    for table, column in (("events", "evidence"), ("events", "hash"), ("orders", "head")):
        database.execute(f"ALTER TABLE {table} ADD COLUMN {column} TEXT NOT NULL DEFAULT ''")

    def execute(sql: str, values: Row) -> Iterable[Any]:
        found: Iterable[Any] = database.execute(sql, values)
        return found

    chain_histories(execute)

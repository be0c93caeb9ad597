"""Stores of closed issues: what is in them, and what of that a migration has to leave as it was."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path

from ordinance.oms import Shop
from ordinance.ports import Storage
from ordinance_adapters.clock import SystemClock
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.shopfile import read_shop
from tests.conftest import ROOT
from tests.migrations.make_fixtures import EXAMPLE, PUBLISHES

SEALED = tuple(
    f'INSERT INTO "{table}"' for table in ("persons", "keyring", "person_index", "facts", "outbox")
)

Columns = dict[str, list[str]]


def tables(path: Path) -> Columns:
    """The columns of each table, what SQLite and the migrator keep for themselves apart."""
    with closing(sqlite3.connect(path)) as connection:
        names = connection.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table'"
            " AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlite_%' ORDER BY name"
        )
        return {
            name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")]
            for (name,) in names.fetchall()
        }


def sums(path: Path, columns: Columns) -> dict[str, str]:
    """By table, the SHA-256 of all rows in these columns, in the order of their values."""
    with closing(sqlite3.connect(path)) as connection:
        return {
            table: sha256(
                repr(
                    sorted(connection.execute(f"SELECT {', '.join(names)} FROM {table}"), key=repr)
                ).encode()
            ).hexdigest()
            for table, names in columns.items()
        }


def everything(path: Path) -> str:
    """The SHA-256 of the schema and of all rows, but not of when a step was taken; of what is
    sealed otherwise each time, of how many rows there are."""
    with closing(sqlite3.connect(path)) as connection:
        return sha256("\n".join(_without_times(connection.iterdump())).encode()).hexdigest()


def _without_times(dump: Iterator[str]) -> Iterator[str]:
    for line in dump:
        if line.startswith(SEALED):
            # That there is such a row, and nothing of what it holds.
            yield line.partition(" VALUES")[0]
            continue
        yield line.partition("'2026-")[0] if '"_sqlite_migrations"' in line else line


def opened(storage: Storage, issue: int) -> Shop:
    """The tea shop in an old store, as today's code opens it."""
    from ordinance.rules import load

    example = ROOT / EXAMPLE
    profile = read_shop(example).profile
    rules = load(example / "rules") if issue < PUBLISHES else None
    return Shop(storage, profile, rules, SystemClock(), SeededIds(7))

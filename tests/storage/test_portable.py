"""What `docs/postgres.md` says of the statements on a server, held against code and tables."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

import ordinance_adapters
from ordinance_adapters.postgres import open_storage
from tests.postgres import server_url, url_of

ADAPTERS = Path(ordinance_adapters.__path__[0])

FORBIDDEN = (
    r"\bLISTEN\b|\bNOTIFY\b|pg_notify",
    r"advisory",
    r"\b(?:BIG|SMALL)?SERIAL\b|\bnextval\b|\bSEQUENCE\b|\bIDENTITY\b",
    r"\bLOCK TABLE\b|\bSKIP LOCKED\b|\bNOWAIT\b",
    r"\bTEMP(?:ORARY)?\b|\bUNLOGGED\b|\bEXTENSION\b|\bMATERIALIZED\b",
    r"\bctid\b|\bxmin\b|\bxmax\b|::reg",
)
"""What the page says is not used."""

WORKERS = {"jobs", "queueline", "worker"}
"""Modules of the extra `[workers]`: they speak for PGQueuer, which uses what it likes."""

SHARED = {"steps", "keyring"}
"""Tables without a shop: which steps the schema has taken."""


def texts(source: str) -> Iterator[str]:
    """Every text in a module, docstrings apart."""
    tree = ast.parse(source)
    told = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node.value


def used(source: str) -> list[str]:
    """What a module says to the server that it should not."""
    return [
        found[0]
        for text in texts(source)
        for word in FORBIDDEN
        if (found := re.search(word, text, re.IGNORECASE))
    ]


@pytest.mark.parametrize(
    "path",
    [
        path
        for folder in ("postgres", "sql")
        for path in sorted((ADAPTERS / folder).glob("*.py"))
        if path.stem not in WORKERS
    ],
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_no_statement_uses_what_only_postgresql_has(path: Path) -> None:
    assert used(path.read_text("utf-8")) == []


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT pg_advisory_xact_lock(1)",
        "LISTEN orders",
        "select pg_notify('a', 'b')",
        "CREATE TABLE a (b BIGSERIAL)",
        "SELECT nextval('numbers')",
        "b BIGINT GENERATED ALWAYS AS IDENTITY",
        "SELECT 1 FOR UPDATE SKIP LOCKED",
        "CREATE TEMP TABLE a (b text)",
    ],
)
def test_a_statement_that_would_is_found(statement: str) -> None:
    assert len(used(f'"""LISTEN is a word here."""\nSQL = "{statement}"\n')) == 1


@pytest.fixture
def schema(tmp_path: Path) -> str:
    """The schema of a new store."""
    url = url_of(tmp_path)
    open_storage(url).close()
    return url.rpartition("schema=")[2]


def asked(sql: str, schema: str) -> list[tuple[str, ...]]:
    with psycopg.connect(server_url()) as connection:
        return connection.execute(sql, (schema,)).fetchall()


def test_every_key_and_every_index_begins_with_the_shop(schema: str) -> None:
    found = asked(
        "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = %s", schema
    )
    others = {table for table, _, text in found if not re.search(r"\(shop\b", text)}

    assert len(found) > 25
    assert others == SHARED


def test_there_is_no_sequence_and_no_table_without_a_key(schema: str) -> None:
    kinds = "SELECT relkind::text FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
    keyless = (
        "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
        " WHERE nspname = %s AND relkind = 'r' AND NOT EXISTS"
        " (SELECT 1 FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)"
    )

    assert {kind for (kind,) in asked(f"{kinds} WHERE nspname = %s", schema)} == {"r", "i"}
    assert asked(keyless, schema) == []


def test_what_another_database_might_lack_is_what_the_page_counts(schema: str) -> None:
    functions = asked(
        "SELECT routine_name FROM information_schema.routines WHERE routine_schema = %s", schema
    )
    foreign = asked(
        "SELECT conname FROM pg_constraint c JOIN pg_namespace n ON n.oid = connamespace"
        " WHERE nspname = %s AND contype = 'f'",
        schema,
    )
    columns = asked(
        "SELECT DISTINCT data_type FROM information_schema.columns WHERE table_schema = %s", schema
    )

    assert {name for (name,) in functions} == {"stock_freed", "movement_stays", "sealed_stays"}
    assert len(foreign) == 1
    assert {kind for (kind,) in columns} == {"text", "bigint", "timestamp with time zone"}

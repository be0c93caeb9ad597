"""A store that is altered behind the engine's back, on either database."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from tests.stores import ON_POSTGRES


def tampered(path: Path, *statements: str, values: Sequence[Any] = ()) -> None:
    """Run statements on the store that belongs to a path, past its conditions and triggers.

    They say `?` for a value. Each has to change something.
    """
    if ON_POSTGRES:
        _on_postgres(path, statements, values)
        return
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA ignore_check_constraints = 1")
        for change in ("update", "delete"):
            for table in ("movements", "audit_log", "checkpoints"):
                connection.execute(f"DROP TRIGGER IF EXISTS {table}_no_{change}")
        for statement in statements:
            changed = connection.execute(statement, values).rowcount
            assert changed > 0, f"the planted fault changed nothing: {statement}"


def refused(path: Path, statement: str) -> str:
    """What the database says to a statement that its own conditions or triggers forbid."""
    if not ON_POSTGRES:
        with closing(sqlite3.connect(path)) as connection:
            try:
                connection.execute(statement)
            except sqlite3.IntegrityError as error:
                return str(error)
    else:
        from psycopg import Error

        from tests.postgres import connected

        with connected(path) as connection:
            try:
                connection.execute(statement)
            except Error as error:
                return str(error)
    raise AssertionError(f"this was not refused: {statement}")


_CHECKS = (
    "SELECT c.conrelid::regclass::text, c.conname FROM pg_constraint c"
    " WHERE c.contype = 'c' AND c.connamespace = current_schema()::regnamespace"
)


def unchecked(storage: Any, path: Path) -> None:
    """Let a store that is open take what its conditions forbid; on PostgreSQL for good."""
    if ON_POSTGRES:
        unguarded(path)
    else:
        storage._writer.connection.execute("PRAGMA ignore_check_constraints = 1")


def checked(storage: Any) -> None:
    """Have an open SQLite store look at its conditions again."""
    if not ON_POSTGRES:
        storage._writer.connection.execute("PRAGMA ignore_check_constraints = 0")


def unguarded(path: Path) -> None:
    """Take the conditions out of the tables of a PostgreSQL store."""
    from psycopg.sql import SQL, Identifier

    from tests.postgres import connected

    with connected(path) as connection:
        for table, name in connection.execute(_CHECKS).fetchall():
            connection.execute(
                SQL("ALTER TABLE {} DROP CONSTRAINT IF EXISTS {}").format(
                    Identifier(*table.split(".")), Identifier(name)
                )
            )


def _on_postgres(path: Path, statements: Sequence[str], values: Sequence[Any]) -> None:
    from psycopg import RawCursor

    from ordinance_adapters.postgres.line import numbered
    from tests.postgres import connected

    unguarded(path)
    with connected(path) as connection:
        # No trigger and no foreign key, for this connection alone.
        connection.execute("SET session_replication_role = replica")
        for statement in statements:
            changed = RawCursor(connection).execute(numbered(statement), values).rowcount
            assert changed > 0, f"the planted fault changed nothing: {statement}"

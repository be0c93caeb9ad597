"""A PostgreSQL store as issue 6 left it becomes what a file of that time becomes."""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from ordinance.audit.doctor import check
from ordinance.ports import Storage, StorageError
from ordinance_adapters import sqlite
from ordinance_adapters.postgres import open_storage, schema, tables
from ordinance_adapters.sql.content import TABLES
from tests.migrations.make_fixtures import unpacked
from tests.migrations.old import tables as columns_of
from tests.postgres import _schema, connected, url_of

SHOP = "chashop"
FIRST = "first"
"""The one step that there was."""

KILLS = int(os.environ.get("ORDINANCE_KILLS", "6"))


def old(folder: Path) -> str:
    """The address of such a store, with the rows of the file of that time."""
    url = url_of(folder / "server")
    name = Identifier(_schema(folder / "server"))
    path = unpacked(6, folder)
    held = columns_of(path)
    with connected(folder / "server") as connection, closing(sqlite3.connect(path)) as file:
        connection.execute(SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(name))
        connection.execute(SQL("CREATE SCHEMA {}").format(name))
        connection.execute(schema._STEPS_TABLE)
        for statement in tables.STEPS[FIRST]:
            assert isinstance(statement, str)
            connection.execute(statement)
        connection.execute("INSERT INTO steps (name) VALUES ('gate'), (%s)", (FIRST,))
        for table in [name for name in TABLES if name in held]:
            names = ", ".join(one for one in held[table] if one != "written")
            with connection.cursor().copy(f"COPY {table} ({names}) FROM STDIN") as into:
                for row in file.execute(f"SELECT {names} FROM {table}"):
                    into.write_row(row)
    path.unlink()
    return url


def unsealed(storage: Storage) -> list[str]:
    """Everything but what is sealed otherwise each time."""
    names = ("persons", "keyring", "person_index", "facts", "outbox")
    sealed = [f'"table":"{table}"' for table in names]
    return [line for line in storage.content() if not any(one in line for one in sealed)]


def content(url: str) -> list[str]:
    storage = open_storage(url)
    try:
        return unsealed(storage)
    finally:
        storage.close()


def raw(folder: Path) -> list[Any]:
    """Columns and steps, past the adapter."""
    with connected(folder / "server") as connection:
        columns = connection.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = %s ORDER BY 1, 2",
            (_schema(folder / "server"),),
        ).fetchall()
        return [columns, connection.execute("SELECT name FROM steps ORDER BY 1").fetchall()]


@pytest.mark.slow
def test_a_server_is_brought_up_to_the_very_content_of_a_file(tmp_path: Path) -> None:
    url = old(tmp_path)
    path = unpacked(6, tmp_path)
    file = sqlite.open_storage(path)

    assert content(url) == unsealed(file)
    file.close()
    storage = open_storage(url)
    assert check(storage, SHOP) == []
    storage.close()


def _migrate(url: str, die_at: int, pipe: Any) -> None:
    """Open the store and die before that statement, or tell how many there were and what of them
    made or changed a table."""
    real, seen = psycopg.Connection.execute, []

    def execute(self: Any, query: Any, *given: Any, **named: Any) -> Any:
        seen.append(str(query))
        if len(seen) == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(self, query, *given, **named)

    psycopg.Connection.execute = execute  # type: ignore[method-assign]
    open_storage(url).close()
    pipe.send([len(seen), sum(one.startswith("ALTER TABLE") for one in seen)])


def children(url: str, deaths: list[int]) -> list[Any]:
    """What processes tell that open the store at once; of one that was killed, by what signal."""
    context = multiprocessing.get_context("fork")
    pipes = [context.Pipe() for _ in deaths]
    processes = [
        context.Process(target=_migrate, args=(url, death, there))
        for death, (_, there) in zip(deaths, pipes, strict=True)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join(timeout=60)
    return [
        here.recv() if here.poll() else process.exitcode
        for process, (here, _) in zip(processes, pipes, strict=True)
    ]


@pytest.mark.slow
def test_a_migration_that_is_killed_is_undone_and_done_again(tmp_path: Path) -> None:
    url = old(tmp_path)
    before = raw(tmp_path)
    ((count, _),) = children(url, [0])
    after, held = raw(tmp_path), content(url)
    assert after != before
    points = range(1, count + 1) if not KILLS else range(1, count + 1, max(1, count // KILLS))

    for point in points:
        old(tmp_path)
        assert children(url, [point]) == [-signal.SIGKILL]
        assert raw(tmp_path) in (before, after)
        assert content(url) == held and raw(tmp_path) == after, point


@pytest.mark.slow
def test_of_eight_processes_that_open_it_at_once_one_migrates(tmp_path: Path) -> None:
    url = old(tmp_path)
    told = children(url, [0] * 8)

    assert all(isinstance(one, list) for one in told), told
    assert sum(altered > 0 for _, altered in told) == 1
    assert len(content(url)) > 1000


def test_a_server_of_a_newer_version_is_refused(tmp_path: Path) -> None:
    url = url_of(tmp_path / "server")
    open_storage(url).close()
    with connected(tmp_path / "server") as connection:
        connection.execute("INSERT INTO steps (name) VALUES ('zebra')")

    with pytest.raises(StorageError, match=r"newer version of ordinance \(step `zebra`\)"):
        open_storage(url)


def test_who_cannot_get_at_the_gate_says_so_and_changes_nothing(tmp_path: Path) -> None:
    url = old(tmp_path)
    before = raw(tmp_path)
    with connected(tmp_path / "server") as other:
        other.execute("SELECT name FROM steps WHERE name = 'gate' FOR UPDATE")

        with pytest.raises(StorageError, match="locked by another writer for too long"):
            open_storage(url, patience_seconds=0.2)
    assert raw(tmp_path) == before
    assert content(url)


def test_a_step_that_was_released_is_never_edited() -> None:
    told = sha256(repr(tables.STEPS[FIRST]).encode()).hexdigest()

    assert told[:16] == "75cb281057cccac2"

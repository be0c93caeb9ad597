"""Whoever only looks at a store changes nothing in it, and is told what an older one needs."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

import ordinance
from ordinance.ports import Storage
from ordinance_adapters import cli
from ordinance_adapters.postgres import open_storage as open_postgres
from ordinance_adapters.sql.versions import OlderStore
from tests.cli.terminal import here, refused
from tests.core.shop import order, shipped_rules
from tests.migrations.make_fixtures import unpacked
from tests.migrations.test_old_servers import old, raw
from tests.stores import sqlite_alone

LOOKS = [
    ["status"],
    ["doctor"],
    ["orders"],
    ["show", "CS-01"],
    ["explain", "CS-01"],
    ["report"],
    ["metrics"],
    ["audit", "verify"],
    ["audit", "checkpoint"],
    ["audit", "proof", "CS-01"],
    ["replay"],
    ["person", "find", "--phone", "13800000001"],
    ["effects", "list"],
    ["stock", "show"],
    ["rules", "status"],
]


def digest(path: Path) -> str:
    return sha256(path.read_bytes()).hexdigest()


@sqlite_alone
@pytest.mark.parametrize("asked", LOOKS, ids=" ".join)
def test_looking_at_an_older_store_leaves_it_as_it_is(tmp_path: Path, asked: list[str]) -> None:
    path = unpacked(6, tmp_path)
    before = digest(path)

    refused(here(*asked, "--db", path.name, cwd=tmp_path), path.name, "`ordinance migrate`")
    assert digest(path) == before
    assert [found.name for found in tmp_path.iterdir()] == [path.name]


@sqlite_alone
@pytest.mark.parametrize("asked", ["backup", "copy"])
def test_an_older_store_is_backed_up_by_the_version_that_made_it(
    tmp_path: Path, asked: str
) -> None:
    path = unpacked(6, tmp_path)
    before = digest(path)

    refused(here(asked, path.name, "new", cwd=tmp_path), "older version", "`ordinance migrate`")
    assert digest(path) == before and not (tmp_path / "new").exists()


@sqlite_alone
def test_migrate_brings_an_older_store_up_to_date_once(tmp_path: Path) -> None:
    path = unpacked(6, tmp_path)

    said = here("migrate", "--db", path.name, "--json", cwd=tmp_path)
    assert said.code == 0 and json.loads(said.out)["steps"][-1] == "sealed_persons"
    assert here("status", "--db", path.name, cwd=tmp_path).code == 0
    assert here("migrate", "--db", path.name, cwd=tmp_path).out == "up to date\n"
    refused(here("migrate", "--db", "no.db", cwd=tmp_path), "no.db", "no such store")


@sqlite_alone
def test_looking_at_an_empty_file_leaves_it_empty(tmp_path: Path) -> None:
    (tmp_path / "new.db").touch()

    refused(here("status", "--db", "new.db", cwd=tmp_path), "new.db", "no such store")
    assert (tmp_path / "new.db").read_bytes() == b""


@pytest.mark.slow
def test_looking_at_an_older_server_leaves_it_as_it_is(tmp_path: Path) -> None:
    url = old(tmp_path)
    before = raw(tmp_path)

    with pytest.raises(OlderStore, match="`ordinance migrate`"):
        open_postgres(url, writes=False)
    refused(here("status", "--db", url, cwd=tmp_path), "`ordinance migrate`")
    assert raw(tmp_path) == before
    said = here("migrate", "--db", url, "--json", cwd=tmp_path)
    assert said.code == 0 and json.loads(said.out)["steps"]
    assert here("migrate", "--db", url, cwd=tmp_path).out == "up to date\n"


@sqlite_alone
def test_a_backup_that_was_looked_into_is_still_the_one_that_was_made(tmp_path: Path) -> None:
    placed(tmp_path).close()
    assert here("backup", "shop.db", "monday", cwd=tmp_path).code == 0
    store = tmp_path / "monday" / "store.db"
    before = digest(store)

    for asked in LOOKS:
        one = ["A1" if word == "CS-01" else word for word in asked]
        said = here(*one, "--db", "monday/store.db", cwd=tmp_path)
        assert "readonly" not in said.err and said.code < 2, said
    assert digest(store) == before
    assert here("restore", "monday", "new.db", cwd=tmp_path).code == 0


def placed(folder: Path) -> Storage:
    """A store that a program has opened and placed an order in."""
    with ordinance.open(folder / "shop.db", rules=shipped_rules()) as shop:
        shop.place(order("A1"))
        return shop.storage


@sqlite_alone
def test_a_store_that_a_program_has_filled_explains_itself_to_the_command_line(
    tmp_path: Path,
) -> None:
    placed(tmp_path)

    assert "shop" in here("status", cwd=tmp_path).out
    assert here("show", "A1", cwd=tmp_path).code == 0
    assert here("doctor", cwd=tmp_path).out == "everything adds up\n"


def test_no_command_on_a_store_asks_the_machine_for_the_time() -> None:
    folder = Path(cli.__file__).parent
    told = {
        path.name
        for path in folder.glob("*.py")
        if "datetime.now" in path.read_text("utf-8") or "SystemClock" in path.read_text("utf-8")
    }

    assert told == {"rulechecking.py", "exporting.py"}, "they have no store"

"""Wherever a store is named, a path or an address is taken, and a wrong one is told in one line."""

from __future__ import annotations

from pathlib import Path

import psycopg
import pytest

from ordinance.door import public
from tests.cli.terminal import here, ordinance, refused
from tests.postgres import server_url, url_of

KINDS = ("path", "sqlite", "postgresql")
READING = (
    ("orders",),
    ("show", "A1"),
    ("explain", "A1"),
    ("report",),
    ("doctor",),
    ("stock", "show"),
    ("stock", "expected"),
    ("stock", "reconcile"),
    ("rules", "history"),
    ("rules", "status"),
    ("rules", "diff", "1", "1"),
    ("rules", "rollback", "--by", "lan", "--note", "back"),
    ("rules", "fetch", "theirs"),
    ("stock", "receive", "HZ", "TEA", "5", "--by", "lan"),
    ("change", "count", "HZ", "TEA=1", "--by", "lan", "--shop", "."),
)
"""Commands on a store that is there already, each of them from another module."""


def store(kind: str, folder: Path) -> str:
    """The address of the store that belongs to a folder."""
    if kind == "postgresql":
        return url_of(folder)
    return "s.db" if kind == "path" else f"sqlite:///{folder}/s.db"


def schema_of(url: str) -> str:
    return url.rpartition("schema=")[2]


def tables(url: str) -> int:
    with psycopg.connect(server_url()) as connection:
        found = connection.execute(
            "SELECT count(*) FROM information_schema.tables WHERE table_schema = %s",
            (schema_of(url),),
        ).fetchone()
    assert found is not None
    return int(found[0])


def done(shop: Path, db: str, *arguments: str) -> str:
    """What a command says that does what it is asked to."""
    said = here(*arguments, "--db", db, cwd=shop)
    assert said.code == 0, said
    return said.out


@pytest.mark.parametrize("kind", KINDS)
def test_a_shop_lives_at_a_path_or_an_address(shop: Path, kind: str) -> None:
    db = store(kind, shop)

    assert "1 orders, 1 of them in a final state" in done(shop, db, "run", ".", "--quiet")
    assert "A1" in done(shop, db, "orders")
    assert "A1" in done(shop, db, "show", "A1")
    assert "review.risk" in done(shop, db, "explain", "A1", "--json")
    assert "everything adds up" in done(shop, db, "doctor", "--replay")
    assert "everything adds up" in done(shop, db, "stock", "reconcile")
    assert done(shop, db, "report").startswith("1 orders")
    done(shop, db, "stock", "receive", "HZ", "TEA", "5", "--by", "lan")
    assert "TEA" in done(shop, db, "stock", "show")
    assert "everything adds up" in done(shop, db, "doctor")


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_rules_are_published_to_a_path_or_an_address(shop: Path, kind: str) -> None:
    db = store(kind, shop)
    by = ("--by", "lan", "--note", "try")

    done(shop, db, "rules", "publish", "rules", "--author", "lan", "--note", "first")
    assert "first" in done(shop, db, "rules", "history")
    assert "lan" in done(shop, db, "rules", "status")
    done(shop, db, "rules", "shadow", "start", "rules", *by)
    done(shop, db, "rules", "shadow")
    done(shop, db, "rules", "shadow", "stop", *by)
    done(shop, db, "rules", "diff", "1", "1")
    done(shop, db, "rules", "fetch", "theirs")
    done(shop, db, "run", ".", "--quiet")
    done(shop, db, "change", "count", "HZ", "TEA=7", "--by", "lan", "--shop", ".")
    assert "everything adds up" in done(shop, db, "doctor")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("command", READING, ids=lambda command: "-".join(command[:2]))
def test_a_store_that_is_not_there_is_not_made(
    shop: Path, kind: str, command: tuple[str, ...]
) -> None:
    db = store(kind, shop)

    refused(here(*command, "--db", db, cwd=shop), public(db), "no such store", "ordinance run")
    assert not (shop / "s.db").exists()
    assert kind != "postgresql" or tables(db) == 0


@pytest.mark.parametrize("kind", KINDS)
def test_publishing_into_a_store_that_is_not_there_asks_for_the_shop(shop: Path, kind: str) -> None:
    db = store(kind, shop)
    (shop / "away").mkdir()
    (shop / "rules").rename(shop / "away" / "rules")
    publish = ("rules", "publish", "away/rules", "--author", "lan", "--note", "n", "--db", db)

    refused(here(*publish, cwd=shop), public(db), "`--shop`")
    assert not (shop / "s.db").exists()
    assert kind != "postgresql" or tables(db) == 0


@pytest.mark.parametrize(
    ("address", "parts"),
    [
        ("mysql://me:secret@host/shop", ("mysql://host/shop", "`mysql`", "`postgresql://`")),
        ("postgresql://me:secret@127.0.0.1:1/shop", ("127.0.0.1/shop", "cannot be reached")),
        ("postgres://me:secret@127.0.0.1:1/shop", ("127.0.0.1/shop", "cannot be reached")),
        ("postgresql://me:secret/half@host/shop", ("%2F", "~/.pgpass")),
        ("postgresql://me:secret?half@host/shop", ("%3F",)),
        ("postgresql://me:secret#half@host/shop", ("%23",)),
        ("postgresql://me:secret@half@host/shop", ("%40",)),
        ("postgresql://me:secret%zz@host/shop", ("%25",)),
        ("postgresql://me:secret/shop", ("no port", "postgresql://user@host/name")),
        ("postgresql://[::1/shop", ("no address",)),
        ("postgresql://host/shop?pasword=secret", ("pasword",)),
        ("postgresql://host/shop?schema=My-Shop", ("My-Shop", "small letters")),
        ("sqlite://s.db", ("three slashes", "sqlite:///s.db")),
        ("", ("no database is named",)),
    ],
)
@pytest.mark.parametrize("command", [("orders",), ("run", ".", "--quiet")], ids=["orders", "run"])
def test_a_wrong_address_is_told_without_what_is_secret_in_it(
    shop: Path, address: str, parts: tuple[str, ...], command: tuple[str, ...]
) -> None:
    said = here(*command, "--db", address, cwd=shop)

    refused(said, *parts)
    assert "secret" not in said.err and "half" not in said.err
    assert said.err.count("\n") == 1


def test_a_database_that_is_not_there(shop: Path) -> None:
    url = server_url().replace("/postgres?", "/nowhere?")

    refused(here("orders", "--db", url, cwd=shop), "nowhere", "does not exist")


def test_the_schema_of_another_program(shop: Path) -> None:
    db = url_of(shop)
    with psycopg.connect(server_url(), autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema_of(db)} CREATE TABLE mine (a int)")

    for command in (("orders",), ("run", ".", "--quiet")):
        refused(here(*command, "--db", db, cwd=shop), schema_of(db), "another program")
    assert tables(db) == 1


def test_a_store_of_a_newer_version(shop: Path) -> None:
    db = url_of(shop)
    assert here("run", ".", "--quiet", "--db", db, cwd=shop).code == 0
    with psycopg.connect(server_url(), autocommit=True) as connection:
        connection.execute(f"INSERT INTO {schema_of(db)}.steps (name) VALUES ('from_the_future')")

    refused(here("orders", "--db", db, cwd=shop), "newer version", "from_the_future")


def test_without_the_extra_the_way_to_it_is_told(shop: Path) -> None:
    hidden = shop / "hidden" / "psycopg"
    hidden.mkdir(parents=True)
    text = "raise ModuleNotFoundError('No module named psycopg', name='psycopg')\n"
    (hidden / "__init__.py").write_text(text, "utf-8")

    said = ordinance(
        *("orders", "--db", "postgresql://me:secret@host/shop"),
        cwd=shop,
        PYTHONPATH=str(hidden.parent),
    )

    refused(said, 'pip install "ordinance[postgres]"')
    assert "secret" not in said.err


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("shop.db", "shop.db"),
        ("sqlite:///a@b.db", "sqlite:///a@b.db"),
        ("postgresql://me:secret@host:5433/shop", "postgresql://host:5433/shop"),
        ("postgresql://me:se@cr/et@host/shop", "postgresql://host/shop"),
        ("postgresql://host/shop?password=secret&schema=tea", "postgresql://host/shop?schema=tea"),
    ],
)
def test_an_address_is_shown_without_what_is_secret_in_it(address: str, shown: str) -> None:
    assert public(address) == shown

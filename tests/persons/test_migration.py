"""A store from before the sealing is sealed when it is opened: all of it, or nothing."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ordinance.audit.doctor import check
from ordinance.orders import persons
from ordinance.ports import StorageError
from ordinance_adapters.keys import KEYS, Keyring
from ordinance_adapters.sql import unsealed
from ordinance_adapters.sqlite import open_storage
from tests.core.shop import Bench, order
from tests.persons.crowd import planted, traces_in_files

SHOP = "teashop"


def plain(path: Path) -> None:
    """Make the file what it was before: persons, facts and labels in the clear."""
    with closing(open_storage(path)) as storage:
        rows = [json.loads(line) for line in storage.content() if '"table":"persons"' in line]
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA secure_delete = 0")
        for row in rows:
            connection.execute(
                "UPDATE persons SET document = ? WHERE id = ?", (row["document"], row["id"])
            )
            seen = {}
            for _, values in json.loads(row["seen"]):
                seen |= values
            order_id = row["id"].removeprefix("P-")
            for digest, text in connection.execute(
                "SELECT facts_hash, snapshot FROM facts WHERE facts_hash IN"
                " (SELECT facts_hash FROM decisions WHERE order_id = ?)",
                (order_id,),
            ).fetchall():
                facts = json.loads(text)
                facts |= {name: seen[name] for name, value in facts.items() if value is None}
                connection.execute(
                    "UPDATE facts SET snapshot = ? WHERE facts_hash = ?",
                    (json.dumps(facts, ensure_ascii=False), digest),
                )
        for key, text in connection.execute(
            "SELECT key, payload FROM outbox WHERE kind = 'warehouse.push'"
        ).fetchall():
            payload = json.loads(text)
            payload.pop("mask")
            payload["label"] = {"name": "欧**", "address": "金丝雀路9号"}
            connection.execute(
                "UPDATE outbox SET payload = ? WHERE key = ?",
                (json.dumps(payload, ensure_ascii=False), key),
            )
        for statement in (
            "ALTER TABLE persons DROP COLUMN wrapped",
            "ALTER TABLE persons DROP COLUMN seen",
            "DROP TABLE person_index",
            "DROP TABLE keyring",
            "DELETE FROM _sqlite_migrations WHERE name = 'sealed_persons'",
        ):
            connection.execute(statement)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA secure_delete = 0")
        connection.execute("CREATE TABLE forgotten (text)")
        connection.execute("INSERT INTO forgotten VALUES (?)", ("欧鹮" * 9999,))
        connection.execute("DROP TABLE forgotten")


@pytest.fixture
def old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of before, with three persons in it."""
    monkeypatch.delenv(KEYS, raising=False)
    bench = Bench(tmp_path)
    for number in (2, 3, 4):
        person = planted(number)
        bench.shop.place(
            {
                **order(f"A{number}"),
                "buyer_message": person["buyer_message"],
                "receiver": {
                    **order()["receiver"],
                    **{name: person[name] for name in ("name", "phone", "address")},
                },
            }
        )
    bench.shop.close()
    plain(tmp_path / "shop.db")
    assert traces_in_files(tmp_path) != {}
    return tmp_path / "shop.db"


def test_what_was_plain_is_sealed_and_nothing_of_it_stays_in_the_file(old: Path) -> None:
    with closing(open_storage(old)) as storage:
        faults = [str(fault) for fault in check(storage, SHOP, replay_decisions=True)]
        (found,) = persons.orders_of(storage, SHOP, phone=planted(4)["phone"])
        known = persons.person_in(storage, found)

    assert faults == []
    assert known is not None and known.address == planted(4)["address"]
    assert traces_in_files(old.parent) == {}


def test_a_step_that_fails_half_way_has_done_nothing(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = traces_in_files(old.parent)
    with monkeypatch.context() as patch:
        patch.setattr(unsealed, "_hide_labels", lambda line: 1 // 0)
        with pytest.raises(ZeroDivisionError):
            open_storage(old)
    with closing(sqlite3.connect(old)) as connection:
        tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}

    assert "keyring" not in tables and traces_in_files(old.parent).keys() == before.keys()
    open_storage(old).close()
    assert traces_in_files(old.parent) == {}


def test_the_file_is_written_anew_even_after_a_crash_before_that(old: Path) -> None:
    from ordinance_adapters.sqlite import schema

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(schema, "sweep", lambda connection: None)
        open_storage(old).close()
    assert traces_in_files(old.parent) != {}, "free pages keep what stood on them"

    open_storage(old).close()

    assert traces_in_files(old.parent) == {}


def test_another_keyring_is_refused_and_a_missing_one_is_not_made_anew(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_storage(old).close()
    keys = old.with_name("shop.db.keys")
    other = old.with_name("other.keys")
    monkeypatch.setenv(KEYS, str(other))
    Keyring.open(old).fingerprint()
    with closing(open_storage(old)) as storage:
        with pytest.raises(StorageError, match="belongs to another keyring"):
            storage.persons_found(SHOP, "phone:1")
        with pytest.raises(StorageError, match="the keys are those of another store"):
            list(storage.content())
    monkeypatch.delenv(KEYS)
    keys.rename(old.with_name("away"))
    with closing(open_storage(old)) as storage:
        with pytest.raises(StorageError, match="put that folder back"):
            storage.persons_found(SHOP, "phone:1")
        with pytest.raises(StorageError, match="put that folder back"):
            list(storage.content())

    assert not keys.exists()

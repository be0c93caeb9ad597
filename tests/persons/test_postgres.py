"""The same on PostgreSQL: sealed in every table, found, and erased."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from ordinance.audit.doctor import check
from ordinance.oms import Shop
from ordinance.orders.masking import masked
from ordinance.ports import StorageError
from ordinance.pump import Pump
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.keys import KEYS
from ordinance_adapters.postgres import open_storage
from ordinance_adapters.simulator.outside import simulated
from tests.core.shop import MONDAY, FixedClock, order, profile, shipped_rules
from tests.persons.crowd import planted, traces
from tests.postgres import url_of

SHOP = "teashop"


@pytest.fixture
def shop(tmp_path: Path) -> Iterator[Shop]:
    storage = open_storage(url_of(tmp_path))
    made = Shop(storage, profile(), shipped_rules(), FixedClock(MONDAY), SeededIds(1))
    for number in range(12):
        person = planted(number)
        receiver = {n: person[n] for n in ("name", "phone", "address")}
        made.place(
            {
                **order(f"A{number}"),
                "buyer": {"id": f"u{number}", "name": person["name"], "email": person["email"]},
                "buyer_message": person["buyer_message"],
                "receiver": {**order()["receiver"], **receiver},
            }
        )
    Pump(made, simulated()).work(MONDAY)
    yield made
    made.close()


def everything(tmp_path: Path) -> str:
    """Every row of every table, as the server holds it."""
    url = url_of(tmp_path)
    server, _, schema = url.partition("schema=")
    told = []
    with psycopg.connect(server.rstrip("?&")) as connection:
        names = connection.execute(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = %s", (schema,)
        ).fetchall()
        for (name,) in names:
            told += connection.execute(
                f'SELECT row_to_json(one)::text FROM "{schema}"."{name}" AS one'
            ).fetchall()
    assert len(names) > 20 and len(told) > 100
    return "\n".join(row[0] for row in told)


def test_no_table_tells_who_anybody_is(shop: Shop, tmp_path: Path) -> None:
    assert traces(everything(tmp_path)) == set()
    (found,) = shop.orders_of_person(phone=planted(4)["phone"])
    person = shop.unmask(found.id, by="lan", reason="asked")

    assert person.address == planted(4)["address"]
    assert traces(" ".join(masked(person).values())) == set()
    assert check(shop.storage, SHOP, replay_decisions=True) == []


def test_an_erased_person_is_gone_and_everything_adds_up(shop: Shop, tmp_path: Path) -> None:
    (found,) = shop.orders_of_person(mail=planted(4)["email"])
    before = len(list(shop.storage.content()))
    shop.erase_persons([found.id], by="lan", reason="asked", forced=True)
    left = [line for line in shop.storage.content() if f'"id":"{found.person}"' in line]

    assert left == [] and len(list(shop.storage.content())) == before  # a row less, an event more
    assert shop.orders_of_person(mail=planted(4)["email"]) == []
    assert shop.masked_person(found.id) is None
    assert [
        str(f) for f in check(shop.storage, SHOP, replay_decisions=True) if f.invariant != "I12"
    ] == []
    assert traces(everything(tmp_path)) == set()


def test_a_server_without_a_folder_of_keys_is_refused_once_one_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(KEYS)
    storage = open_storage(url_of(tmp_path))
    assert storage.setting("", "shop") is None, "what is not personal needs no key"
    with (
        pytest.raises(StorageError, match="set ORDINANCE_KEYS to a folder"),
        storage.transaction() as tx,
    ):
        tx.keep_person(SHOP, "p1", "{}")
    storage.close()


def test_a_server_whose_keys_nobody_named_says_where_they_are_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_storage(url_of(tmp_path))) as storage, storage.transaction() as tx:
        tx.keep_person(SHOP, "p1", "{}")
    monkeypatch.delenv(KEYS)

    with (
        closing(open_storage(url_of(tmp_path))) as storage,
        pytest.raises(StorageError, match="set ORDINANCE_KEYS to a folder"),
    ):
        storage.person(SHOP, "p1")

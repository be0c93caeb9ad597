"""One key, one effect, one answer: whoever sends a command how often, and at the same time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from ordinance.oms import InvalidOrder
from ordinance.ports import KeyReused, Storage
from ordinance_adapters.sql.transaction import SqlTransaction
from tests.core.shop import MONDAY, order
from tests.idempotency.commands import (
    AT_ONCE,
    KEYS,
    SHOP,
    Command,
    Said,
    complaints,
    do,
    do_all,
    prepared,
    refusals,
    storing_apart,
)
from tests.races.crew import Crew, open_shop
from tests.stores import open_storage


@pytest.fixture(scope="module")
def crew() -> Iterator[Crew]:
    made = Crew(AT_ONCE)
    yield made
    made.close()


@pytest.mark.slow
def test_eight_processes_that_send_the_same_are_answered_the_same(
    crew: Crew, tmp_path: Path
) -> None:
    path = tmp_path / "once.db"
    storage = open_storage(path)
    asked = prepared(storage, KEYS)
    said = [one for each in crew.run(do_all, path, [(asked,)] * AT_ONCE) for one in each]

    assert len(said) == KEYS * AT_ONCE
    assert complaints(storage, asked, said) == []
    assert refusals(open_shop(storage, SHOP), asked) == []
    storage.close()


def by_threads(storage: Storage, asked: list[Command]) -> list[Said]:
    """Eight threads of one process send each command at the same instant."""
    together = Barrier(AT_ONCE)
    said: list[Said] = []
    wrong: list[BaseException] = []

    def send(number: int) -> None:
        shop = open_shop(storage, SHOP, number)
        try:
            for one in asked:
                together.wait(timeout=60)
                said.append(do(shop, one))
        except BaseException as error:
            wrong.append(error)
            together.abort()

    threads = [Thread(target=send, args=(number,)) for number in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if wrong:
        raise wrong[0]
    return said


@pytest.mark.slow
def test_eight_threads_that_send_the_same_are_answered_the_same(tmp_path: Path) -> None:
    storage = open_storage(tmp_path / "once.db")
    asked = prepared(storage, KEYS)

    assert complaints(storage, asked, by_threads(storage, asked)) == []
    assert refusals(open_shop(storage, SHOP), asked) == []
    storage.close()


def forgotten(patch: pytest.MonkeyPatch, storage: Storage) -> None:
    """A mutant: the key is looked up and never stored."""
    patch.setattr(SqlTransaction, "keep_command", lambda *_: None)


def stored_later(patch: pytest.MonkeyPatch, storage: Storage) -> None:
    patch.setattr(type(storage), "transact", storing_apart(type(storage).transact))


@pytest.mark.parametrize("plant", [forgotten, stored_later])
def test_a_key_that_is_not_stored_with_its_command_is_found_out(
    plant: Callable[[pytest.MonkeyPatch, Storage], None], tmp_path: Path
) -> None:
    storage = open_storage(tmp_path / "once.db")
    asked = [one for one in prepared(storage, 60) if one.way in ("cancel", "adjust")]
    with pytest.MonkeyPatch.context() as patch:
        plant(patch, storage)
        try:
            wrong = complaints(storage, asked, by_threads(storage, asked))
        except Exception as error:
            wrong = [f"one of eight failed: {error!r}"]

    assert any("took effect" in one for one in wrong), wrong
    storage.close()


def _sold(shop: str, storage: Storage, key: str, **changes: Any) -> Any:
    return open_shop(storage, shop, stock={("HZ", "TEA"): 9}).place(
        order("A1", **changes), key=key, now=MONDAY
    )


@pytest.mark.parametrize("key", ["k" * 256, "键" * 256, " ", "'; DROP TABLE commands; --"])
def test_a_key_may_be_any_text(tmp_path: Path, key: str) -> None:
    storage = open_storage(tmp_path / "once.db")
    first = _sold(SHOP, storage, key)

    again = _sold(SHOP, storage, key)
    assert again.repeated and (again.order, again.version) == (first.order, first.version)
    with pytest.raises(KeyReused):
        _sold(SHOP, storage, key, placed_at=MONDAY.replace(hour=1))
    other = _sold(SHOP, storage, f"{key[:-1]}x")
    assert other.order == first.order  # The channel's own name of the order is known already.
    storage.close()


def test_a_key_belongs_to_its_shop(tmp_path: Path) -> None:
    storage = open_storage(tmp_path / "once.db")
    mine = _sold("mine", storage, "k")
    yours = _sold("yours", storage, "k", buyer={"id": "u9"})

    assert not yours.repeated and yours.created
    assert [len(list(storage.orders(shop))) for shop in ("mine", "yours")] == [1, 1]
    assert _sold("mine", storage, "k").order == mine.order
    storage.close()


def test_what_is_refused_leaves_its_key_free(tmp_path: Path) -> None:
    storage = open_storage(tmp_path / "once.db")
    shop = open_shop(storage, SHOP)
    before = list(storage.content())
    with pytest.raises(InvalidOrder):
        shop.place({"source_id": "A1"}, key="k", now=MONDAY)

    assert list(storage.content()) == before
    assert not shop.place(order("A1"), key="k", now=MONDAY).repeated
    storage.close()

"""The other side repeats whom it was told of: nothing of that is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ordinance.orders.persons import NotErased
from ordinance.outside import PortFailed, PortUnknown
from ordinance.ports import EffectState
from ordinance.pump import Pump
from ordinance.rules import Facts
from ordinance.seen import read_seen, with_new
from tests.core.shop import MONDAY, Bench, order, shipped_rules
from tests.persons.crowd import planted, traces

LATER = MONDAY + timedelta(days=1)


class Gossip:
    """A warehouse that cannot keep a name to itself."""

    def __init__(self, error: type[Exception]) -> None:
        self.error = error
        self.told: list[Mapping[str, object]] = []

    def push(self, key: str, warehouse: str, document: Mapping[str, object]) -> str:
        self.told.append(document)
        person = planted(4)
        raise self.error(
            f"nobody called {person['name']} at {person['address']}, {person['phone']}: {document}"
        )


def placed(bench: Bench) -> str:
    person = planted(4)
    receiver = {**order()["receiver"], **{n: person[n] for n in ("name", "phone", "address")}}
    return bench.shop.place({**order(), "receiver": receiver}).order


@pytest.mark.parametrize("error", [PortFailed, PortUnknown, RuntimeError])
def test_an_error_that_names_the_receiver_is_kept_without_them(
    tmp_path: Path, error: type[Exception]
) -> None:
    bench = Bench(tmp_path)
    placed(bench)
    warehouse = Gossip(error)
    Pump(bench.shop, replace(bench.outside, warehouses=warehouse)).work(MONDAY)

    kept = [str(stored.error) for stored in bench.shop.effects()]

    assert "金丝雀路" in str(warehouse.told), "the warehouse needs the street"
    assert any("nobody called ***" in text for text in kept)
    assert traces("".join(bench.shop.storage.content()).replace("P-", "")) != set()
    assert all(not traces(text) for text in kept)
    others = [line for line in bench.shop.storage.content() if '"table":"persons"' not in line]
    assert traces("".join(others)) == set()


def test_an_order_that_is_not_finished_needs_its_person(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    order_id = placed(bench)

    with pytest.raises(NotErased, match="it is not finished"):
        bench.shop.erase_persons([order_id], by="lan", reason="asked")

    assert bench.shop.masked_person(order_id) is not None


def test_what_waits_for_an_erased_person_is_given_up(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    order_id = placed(bench)
    bench.shop.erase_persons([order_id], by="lan", reason="asked", forced=True)
    warehouse = Gossip(PortFailed)
    Pump(bench.shop, replace(bench.outside, warehouses=warehouse)).work(LATER)

    (push,) = [one for one in bench.shop.effects() if one.effect.kind == "warehouse.push"]

    assert push.state is EffectState.DEAD and warehouse.told == []
    assert "was erased" in str(push.error)


def test_the_hash_of_facts_says_that_a_personal_fact_was_there_and_not_what(
    tmp_path: Path,
) -> None:
    rules = shipped_rules()["review.risk"]
    bare = {"order.paid": 5, "receiver.region": "330106"}
    home, away = (
        Facts.read({**bare, "receiver.address": street}, rules.point)
        for street in ("here", "there")
    )
    nowhere = Facts.read(bare, rules.point)

    hashes = [rules.decide(facts, at=MONDAY).facts_hash for facts in (home, away, nowhere)]

    assert hashes[0] == hashes[1] != hashes[2]
    assert rules.personal(home) == {"receiver.address": "here"}
    assert '"receiver.address":null' in rules.written(home)
    assert rules.hash_with_persons(home) != rules.hash_with_persons(away)


def test_what_was_seen_is_kept_once_from_the_decision_that_saw_it_first() -> None:
    seen = with_new([], [(1, {"a": "x"}), (2, {"a": "x"}), (3, {"a": "y", "b": "z"})])

    assert seen == [(1, {"a": "x"}), (3, {"a": "y", "b": "z"})]
    assert with_new(seen, [(4, {"b": "z"})]) == seen
    assert read_seen(None) == []

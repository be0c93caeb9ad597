"""A shop decides by what is in force, and what does not add up is found."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from pathlib import Path

import pytest

from ordinance.door import MissingRules, RulesPublished
from ordinance.door import open as open_shop
from ordinance.oms import Shop
from ordinance.ports import Storage, StorageError, StoredEntry, StoredRelease
from ordinance.releases import force
from ordinance.releases.force import InForce, RulesInForce
from ordinance.releases.integrity import faults
from ordinance.releases.release import Release
from ordinance_adapters.identity import SeededIds
from tests.core.shop import MONDAY, FixedClock, order, profile
from tests.publishing.editions import edition
from tests.publishing.test_office import SHOP, publish
from tests.stores import address, open_storage
from tests.tampering import tampered


@pytest.fixture
def storage() -> Iterator[Storage]:
    made = open_storage(":memory:")
    yield made
    made.close()


def test_a_shop_without_rules_decides_by_the_published_ones(storage: Storage) -> None:
    shop = Shop(storage, profile(), None, FixedClock(MONDAY), SeededIds(1))
    with pytest.raises(MissingRules, match="no rules are published"):
        shop.place(order("A1"), now=MONDAY)
    publish(shop.office, "甲")
    receipt = shop.place(order("A1"), now=MONDAY)

    wanted = edition("甲").hashes()
    made = storage.decisions(SHOP, receipt.order)
    assert made and all(item.rules_hash == wanted[item.point] for item in made)
    assert {item.published for item in made} == {1}
    assert [item.decisions for item in shop.office.history()] == [len(made)]


def test_a_shop_opened_with_files_follows_what_is_published_later(storage: Storage) -> None:
    shop = Shop(storage, profile(), edition("零").book, FixedClock(MONDAY), SeededIds(1))
    before = shop.place(order("A1"), now=MONDAY).order
    publish(shop.office, "甲")
    after = shop.place(order("A2"), now=MONDAY).order

    assert {item.published for item in storage.decisions(SHOP, before)} == {0}
    assert {item.published for item in storage.decisions(SHOP, after)} == {1}
    assert shop.rules["notify.message"].hash == edition("甲").hashes()["notify.message"]


def test_other_rules_than_the_published_ones_are_refused_at_the_door(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with pytest.raises(MissingRules):
        open_shop(address(path), profile=profile())
    with open_shop(address(path), rules=edition("零").book, profile=profile()) as shop:
        publish(shop.office, "甲")
    with pytest.raises(RulesPublished, match="version 1, by Lan"):
        open_shop(address(path), rules=edition("零").book, profile=profile())
    with open_shop(address(path), rules=edition("甲").book, profile=profile()) as shop:
        shop.place(order("A1"), now=MONDAY)
    with open_shop(address(path), profile=profile()) as shop:
        assert shop.rules["notify.message"].hash == edition("甲").hashes()["notify.message"]


def test_a_text_that_was_tampered_with_is_not_decided_by(tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with open_shop(address(path), rules=edition("零").book, profile=profile()) as shop:
        publish(shop.office, "甲")
    tampered(path, "UPDATE rule_texts SET text = replace(text, 'E3', 'E4')")
    with open_shop(address(path), profile=profile()) as shop:
        with pytest.raises(StorageError, match="not what was stored"):
            shop.place(order("A1"), now=MONDAY)

        assert [item.about for item in faults(shop.storage, SHOP)] == ["version 1 of the rules"]


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("UPDATE rule_journal SET live = 1, since = 1 WHERE seq = 2", "entry 2"),
        ("UPDATE rule_journal SET version = 7, live = 7 WHERE seq = 2", "entry 2"),
        ("DELETE FROM rule_journal WHERE seq = 1", "entry 2"),
        ("UPDATE releases SET files = '{}' WHERE version = 2", "version 2"),
        ("UPDATE decisions SET published = 1", "decisions of"),
        ("UPDATE decisions SET published = 9", "decisions of"),
        ("UPDATE decisions SET rules_hash = 'x'", "decisions of"),
    ],
)
def test_the_doctor_finds_what_does_not_add_up(damage: str, told: str, tmp_path: Path) -> None:
    path = tmp_path / "shop.db"
    with open_shop(address(path), rules=edition("零").book, profile=profile()) as shop:
        publish(shop.office, "甲")
        publish(shop.office, "乙")
        shop.place(order("A1"), now=MONDAY)
        assert list(faults(shop.storage, SHOP)) == []
    tampered(path, damage)
    storage = open_storage(path)

    assert any(told in item.about for item in faults(storage, SHOP))
    storage.close()


def test_rules_that_change_again_and_again_are_compiled_with_the_store_in_hand(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(storage, profile(), None, FixedClock(MONDAY), SeededIds(1))
    publish(shop.office, "甲")
    real, asked = RulesInForce.ready, []

    def never(self: RulesInForce, end: StoredEntry | None) -> InForce | None:
        asked.append(storage.events(SHOP, "x"))
        return real(self, end) if len(asked) > 20 else None

    monkeypatch.setattr(RulesInForce, "ready", never)
    receipt = shop.place(order("A1"), now=MONDAY)

    assert {item.published for item in storage.decisions(SHOP, receipt.order)} == {1}
    assert 3 < len(asked) < 10


def test_what_is_in_force_is_compiled_once_for_many_commands(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = Shop(storage, profile(), None, FixedClock(MONDAY), SeededIds(1))
    read: list[int] = []
    real = force.from_store

    def from_store(at: Storage, stored: StoredRelease, *rest: tzinfo) -> Release:
        read.append(stored.version)
        return real(at, stored, *rest)

    monkeypatch.setattr(force, "from_store", from_store)
    for number, name in enumerate("甲乙甲"):
        publish(shop.office, name)
        for place in range(3):
            shop.place(order(f"A{number}-{place}", buyer={"id": f"{number}-{place}"}), now=MONDAY)

    assert read == [1, 2, 3]

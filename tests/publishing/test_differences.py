"""What two rulebooks say otherwise, in words and by past orders."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from ordinance.oms import Shop
from ordinance.ports import Storage, StoredDecision
from ordinance.releases.rehearsal import different_fields, rehearse
from ordinance.releases.release import from_texts
from ordinance.rules import Rulebook, RuleFileError, loads
from ordinance.rules.page.changes import changes
from ordinance_adapters.identity import SeededIds
from tests.core.shop import MONDAY, FixedClock, order, profile
from tests.publishing.editions import edition, shipped, texts
from tests.stores import open_storage

SHOP = profile().shop
REVIEW = shipped()["review.yaml"]

EDITS = [
    ("then: {points: 30, task: read_message}", "then: {points: 15, task: read_message}", "rule R7"),
    ("values: {always: 5000}", "values: {always: 6000}", "value large_order"),
    ("values: {always: 5000}", "values: {always: 5000, 2027-01-01: 6000}", "value large_order"),
    ("at_least: 500, at_most: 50000", "at_least: 400, at_most: 50000", "value large_order"),
    ("- {below: 30, outcome: approve}", "- {below: 30, outcome: hold}", "bands"),
    ("when_unknown: {outcome: manual_review}", "when_unknown: {outcome: hold}", "all other cases"),
    ("as_of: order.placed_at\n    hit: score", "as_of: order.paid_at\n    hit: score", "the frame"),
    ("{missing: false}", "{missing: true}", "rule R7"),
    ("id: R7", "id: R8", "rule R8"),
]


def risk(text: str) -> Rulebook:
    return loads(text, file="review.yaml")


@pytest.mark.parametrize(("old", "new", "what"), EDITS)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_change_is_told_where_it_was_made(old: str, new: str, what: str, lang: str) -> None:
    assert old in REVIEW
    changed = REVIEW.replace(old, new, 1)
    tests = changed.index("    tests:")
    found = changes(
        risk(REVIEW)["review.risk"].tree,
        risk(changed[:tests] + _second(changed))["review.risk"].tree,
        lang,
    )

    assert found
    if lang == "en":
        assert any(item.what.startswith(what) for item in found), found
    assert {item.what for item in found if item.kind == "changed"} or "R8" in new


def _second(text: str) -> str:
    """What follows the tests of the first decision, which are left out: an edit may fail them."""
    return text[text.index("  - decision: review.call") :]


def test_only_what_changed_is_told_and_with_both_sides() -> None:
    changed = REVIEW.replace("values: {always: 5000}", "values: {always: 6000}")
    (item,) = changes(risk(REVIEW)["review.risk"].tree, risk(changed)["review.risk"].tree, "en")

    assert (item.kind, item.what) == ("changed", "value large_order")
    assert "value 5000.00 CNY" in item.old[0] and "value 6000.00 CNY" in item.new[0]
    assert item.place is not None and item.place.file == "review.yaml"


def test_rules_that_only_changed_places_are_told() -> None:
    text = shipped()["service.yaml"]
    lines = text.splitlines(True)
    first, second = (
        next(number for number, line in enumerate(lines) if f"id: {name}," in line)
        for name in ("Q1", "Q2")
    )
    lines[first], lines[second] = lines[second], lines[first]
    found = changes(
        loads(text)["service.cancel"].tree, loads("".join(lines))["service.cancel"].tree, "en"
    )

    assert [(item.what, item.old, item.new) for item in found] == [
        ("the order of the rules", ("Q1, Q2, Q3",), ("Q2, Q1, Q3",))
    ]


def test_layout_comments_and_tests_are_no_change() -> None:
    text = "# another comment\n" + REVIEW.replace("name: {zh: 有留言", "name: {zh: 留言")
    assert text != REVIEW

    for point, rules in risk(text).items():
        assert changes(risk(REVIEW)[point].tree, rules.tree, "en") == []


_NUMBER = re.compile(r"\b\d{1,5}\b")


@pytest.mark.parametrize("seed", range(3))
def test_no_change_of_meaning_goes_untold(seed: int) -> None:
    chance = random.Random(seed)
    told = 0
    for name in ("review.yaml", "service.yaml", "aftersale.yaml", "allocation.yaml"):
        text = shipped()[name]
        before = loads(text)
        for place in chance.sample(list(_NUMBER.finditer(text)), 10):
            other = f"{text[: place.start()]}{chance.choice('1234567')}{text[place.end() :]}"
            try:
                after = loads(other)
            except RuleFileError:
                continue
            for point, rules in after.items():
                if point in before and rules.hash != before[point].hash:
                    found = changes(before[point].tree, rules.tree, "en")
                    told += 1
                    assert found and not _hashes(found), f"seed {seed}: {name} {place}"

    assert told > 3


def test_what_no_words_show_is_told_by_its_hash() -> None:
    tree = risk(REVIEW)["review.risk"].tree
    (item,) = changes(tree, replace(tree, hash="0" * 64), "en")

    assert (item.what, item.old, item.new) == ("the frame", (tree.hash,), ("0" * 64,))
    assert _hashes([item])


def _hashes(found: Sequence[object]) -> bool:
    """Whether a change was only told by its hash, because no words show it."""
    return any(re.search(r"'[0-9a-f]{64}'", repr(item)) for item in found)


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[Storage]:
    made = open_storage(tmp_path / "shop.db")
    yield made
    made.close()


def shop_with(storage: Storage, amounts: list[str]) -> Shop:
    shop = Shop(storage, profile(), edition("甲").book, FixedClock(MONDAY), SeededIds(1))
    shop.open_stock(MONDAY)
    for number, amount in enumerate(amounts):
        line = {"sku": "TEA", "quantity": 1, "unit_price": amount}
        shop.place(order(f"A{number}", buyer={"id": f"u{number}"}, lines=[line]), now=MONDAY)
    return shop


def with_limit(limit: int) -> Rulebook:
    files = texts("甲")
    text = files["review.yaml"].replace("values: {always: 5000}", f"values: {{always: {limit}}}")
    return from_texts({**files, "review.yaml": text}).book


def test_past_orders_are_decided_again_by_both(storage: Storage) -> None:
    shop = shop_with(storage, ["500.00", "1500.00", "2500.00", "5500.00"])
    (told,) = rehearse(storage, SHOP, shop.rules, with_limit(2000))

    assert (told.point, told.decided, told.differ) == ("review.risk", 4, 1)
    assert told.pairs == {("approve", "manual_review"): 1}
    (example,) = told.examples
    assert (example.old.fired, example.new.fired) == (("R2",), ("R1", "R2"))
    assert rehearse(storage, SHOP, shop.rules, shop.rules) == []


def test_deciding_again_stores_nothing(storage: Storage) -> None:
    shop = shop_with(storage, ["1500.00"])
    before = list(storage.content())
    rehearse(storage, SHOP, shop.rules, with_limit(1200))

    assert list(storage.content()) == before


def test_facts_that_are_gone_are_counted_and_what_fails_is_an_answer(storage: Storage) -> None:
    shop = shop_with(storage, ["1500.00"])
    (stored,) = [item for item, _ in storage.decided(SHOP, ["review.risk"])]
    fields = {name: getattr(stored, name) for name in StoredDecision.__dataclass_fields__}
    with storage.transaction() as tx:
        tx.append_decisions([StoredDecision(**{**fields, "seq": 90, "facts_hash": "gone"})])
        tx.append_decisions([StoredDecision(**{**fields, "seq": 91, "facts_hash": "odd"})])
        tx.keep_facts(SHOP, {"odd": '{"order.receivable":"no amount"}'})
    (told,) = rehearse(storage, SHOP, shop.rules, with_limit(1200))

    assert (told.decided, told.differ, told.lost) == (2, 1, 1)


def test_many_past_decisions_are_decided_again_page_by_page(storage: Storage) -> None:
    shop = shop_with(storage, ["1500.00"])
    (stored,) = [item for item, _ in storage.decided(SHOP, ["review.risk"])]
    fields = {name: getattr(stored, name) for name in StoredDecision.__dataclass_fields__}
    with storage.transaction() as tx:
        tx.append_decisions([StoredDecision(**{**fields, "seq": seq}) for seq in range(100, 2100)])
    (told,) = rehearse(storage, SHOP, shop.rules, with_limit(1200))

    assert (told.decided, told.differ, len(told.examples)) == (2001, 2001, 3)
    assert told.orders == 1


def test_fields_of_an_outcome_that_differ_are_named() -> None:
    assert different_fields('{"a":1,"b":2}', '{"b":3,"c":4}') == [
        ("a", "1", "null"),
        ("b", "2", "3"),
        ("c", "null", "4"),
    ]
    assert different_fields('"why"', "{}") == [("outcome", '"why"', "{}")]

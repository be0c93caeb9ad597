"""A candidate in the shadow is asked, kept apart and never acted on, whatever becomes of it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from ordinance.oms import Shop
from ordinance.ports import Storage, StoredTrial
from ordinance.releases import force, shadow
from ordinance.releases.release import Release, from_texts
from ordinance.releases.trials import add_up, explained, failure
from ordinance.rules import Decision, RuleFileError, Ruleset
from ordinance.rules.problem import Problem
from ordinance_adapters.identity import SeededIds
from tests.core.shop import MONDAY, FixedClock, order, profile
from tests.publishing.editions import edition, shipped, texts
from tests.stores import open_storage

SHOP = profile().shop


def shop_on(storage: Storage) -> Shop:
    shop = Shop(storage, profile(), None, FixedClock(MONDAY), SeededIds(1))
    shop.open_stock(MONDAY)
    shop.office.publish(edition("甲"), author="Lan", note="first", now=MONDAY)
    return shop


@pytest.fixture
def storage() -> Iterator[Storage]:
    made = open_storage(":memory:")
    yield made
    made.close()


def stricter(file: str = "review.yaml", old: str = "", new: str = "") -> Release:
    """Edition 甲 with something else in one file."""
    files = texts("甲")
    assert old in files[file]
    return from_texts({**files, file: files[file].replace(old, new)})


def tried(shop: Shop, release: Release) -> int:
    return shop.office.start_shadow(release, by="Zhu", note="a try", now=MONDAY).version


def trials(storage: Storage, version: int = 2) -> list[StoredTrial]:
    return list(storage.trials(SHOP, version))


EVERYTHING_IS_LARGE = ("values: {always: 5000}", "values: {always: 500}")


def test_only_what_the_candidate_answers_otherwise_is_asked(storage: Storage) -> None:
    shop = shop_on(storage)
    tried(shop, stricter("review.yaml", *EVERYTHING_IS_LARGE))
    receipt = shop.place(order("A1"), now=MONDAY)
    made = {item.seq: item for item in storage.decisions(SHOP, receipt.order)}

    assert {item.point for item in trials(storage)} == {"review.risk"}
    for item in trials(storage):
        beside = made[item.seq]
        assert (item.point, item.live, item.live_hash) == (
            beside.point,
            beside.outcome,
            beside.rules_hash,
        )
        assert item.facts_hash == beside.facts_hash and item.rules_hash != beside.rules_hash
        assert item.same


def test_the_order_goes_on_as_if_nobody_had_asked(storage: Storage) -> None:
    other = open_storage(":memory:")
    ends = []
    for at, candidate in ((storage, True), (other, False)):
        shop = shop_on(at)
        if candidate:
            tried(shop, stricter("review.yaml", *LARGER))
        receipt = shop.place(large("A1"), now=MONDAY)
        ends.append(
            [
                shop.stored(receipt.order),
                at.events(SHOP, receipt.order),
                at.decisions(SHOP, receipt.order),
            ]
        )

    assert ends[0] == ends[1]
    (said,) = trials(storage)
    assert (said.same, said.live, said.outcome) == (False, "approve", "manual_review")
    other.close()


LARGER = ("values: {always: 5000}", "values: {always: 1000}")


def large(source_id: str) -> dict[str, Any]:
    """An order of 1,500.00: large for the stricter edition alone."""
    return order(
        source_id,
        buyer={"id": "u9"},
        lines=[{"sku": "TEA", "quantity": 2, "unit_price": "750.00"}],
    )


def breaks(what: Exception) -> Any:
    real = Ruleset.decide

    def decide(self: Ruleset, facts: Any, *, at: Any = None) -> Decision:
        if self.source.startswith("# candidate"):
            raise what
        return real(self, facts, at=at)

    return decide


@pytest.mark.parametrize(
    "what", [ValueError("a slip"), RecursionError("too deep"), MemoryError(), KeyError("x")]
)
def test_a_candidate_that_breaks_harms_nothing(
    what: Exception, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = shop_on(storage)
    changed = stricter("review.yaml", *LARGER)
    files = {**changed.files, "review.yaml": "# candidate\n" + changed.files["review.yaml"]}
    version = tried(shop, from_texts(files))
    monkeypatch.setattr(Ruleset, "decide", breaks(what))
    receipt = shop.place(large("A1"), now=MONDAY)

    (said,) = trials(storage, version)
    assert (said.outcome, said.same, said.live) == ("failed", False, "approve")
    assert type(what).__name__ in (failure(said) or "")
    assert shop.record(receipt.order).open_holds == ()
    (report,) = add_up(trials(storage, version))
    assert (report.decided, report.differ, report.failed) == (1, 1, 1)


@pytest.mark.parametrize("error", [RuleFileError([Problem("E_X", "of another engine")])])
def test_a_candidate_that_cannot_be_read_harms_nothing(
    error: Exception, storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop = shop_on(storage)
    version = tried(shop, stricter("review.yaml", *LARGER))
    real = force.from_store

    def from_store(at: Storage, stored: Any, *rest: Any) -> Release:
        if stored.version == version:
            raise error
        return real(at, stored, *rest)

    monkeypatch.setattr(force, "from_store", from_store)
    shop = Shop(storage, profile(), None, FixedClock(MONDAY), SeededIds(1))
    shop.place(large("A1"), now=MONDAY)

    (said,) = trials(storage, version)
    assert "of another engine" in (failure(said) or "")


def test_a_candidate_that_cannot_decide_says_so(storage: Storage) -> None:
    shop = shop_on(storage)
    later = "    as_of: order.placed_at\n    effective: {from: 2030-01-01}\n    hit: score\n"
    version = tried(
        shop, stricter("review.yaml", "    as_of: order.placed_at\n    hit: score\n", later)
    )
    shop.place(large("A1"), now=MONDAY)

    (said,) = trials(storage, version)
    assert (failure(said), said.outcome, said.same) == ("not_in_force", "failed", False)


def test_what_the_law_forbids_the_candidate_is_told(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    from ordinance.rules.rulebook import Objection, Rulebook

    shop = shop_on(storage)
    version = tried(shop, stricter("review.yaml", *LARGER))
    real = Rulebook.objection

    def objection(self: Rulebook, decision: Decision, facts: Any, **rest: Any) -> Any:
        if decision.outcome.get("outcome") == "manual_review":
            return Objection(decision, facts)
        return real(self, decision, facts, **rest)

    monkeypatch.setattr(Rulebook, "objection", objection)
    shop.place(large("A1"), now=MONDAY)

    (said,) = trials(storage, version)
    assert (said.live, said.outcome, said.same) == ("approve", "unlawful", False)


def test_another_law_is_tried_on_the_answers_that_it_is_about(storage: Storage) -> None:
    shop = shop_on(storage)
    law = texts("甲")["law/cn.yaml"]
    first = next(line for line in law.splitlines(True) if "because: {zh: " in line)
    version = tried(
        shop, stricter("law/cn.yaml", first, first.replace('because: {zh: "', 'because: {zh: "新'))
    )
    receipt = shop.place(order("A1"), now=MONDAY)
    live = {item.point for item in storage.decisions(SHOP, receipt.order)}
    asked = {item.point for item in trials(storage, version)}

    assert len(asked) == 1 and asked <= live
    assert all(item.same for item in trials(storage, version))


def test_both_are_explained_from_the_same_facts(storage: Storage) -> None:
    shop = shop_on(storage)
    version = tried(shop, stricter("review.yaml", *LARGER))
    shop.place(large("A1"), now=MONDAY)
    (said,) = trials(storage, version)
    both = explained(storage, said, shop.office.release(version).book)

    assert both.live is not None and both.candidate is not None
    assert "short by" in both.live.text("en")
    assert "1500.00 is at least 1000.00" in both.candidate.text("en")
    lost = explained(storage, replace(said, facts_hash="gone"), shop.office.release(version).book)
    assert (lost.live, lost.candidate) == (None, None)


def test_a_candidate_is_tried_where_nothing_is_published_yet(storage: Storage) -> None:
    shop = Shop(storage, profile(), from_texts(shipped()).book, FixedClock(MONDAY), SeededIds(1))
    version = tried(shop, edition("甲"))
    receipt = shop.place(order("A1"), now=MONDAY)

    assert len(trials(storage, version)) == len(storage.decisions(SHOP, receipt.order))
    assert all(item.published == 0 for item in storage.decisions(SHOP, receipt.order))


def test_nothing_is_asked_after_the_stop(storage: Storage) -> None:
    shop = shop_on(storage)
    version = tried(shop, edition("乙"))
    shop.place(order("A1"), now=MONDAY)
    before = trials(storage, version)
    shop.office.stop_shadow(by="Zhu", now=MONDAY)
    shop.place(large("A2"), now=MONDAY)

    assert before and trials(storage, version) == before


def test_a_fault_that_lets_the_candidate_decide_is_found(
    storage: Storage, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shadow.Candidate.trial

    def acted_on(self: Any, facts: Any, at: Any, live: Any, decision: Decision, stored: Any) -> Any:
        said = real(self, facts, at, live, decision, stored)
        if said is not None and not said.same:
            outcome = decision.outcome
            assert isinstance(outcome, dict)
            outcome.update(json.loads(said.record)["outcome"])
        return said

    monkeypatch.setattr(shadow.Candidate, "trial", acted_on)

    with pytest.raises(AssertionError):
        test_the_order_goes_on_as_if_nobody_had_asked(storage)

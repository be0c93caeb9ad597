"""The ranking against a naive one, on random candidates."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ordinance.rules import Facts, Ruleset
from ordinance.rules.compiled import ordering
from tests.part import part
from tests.rules.deciding.rulesets import ruleset

RULES = """
decision: allocation.source
hit: rank
exclude:
  - {id: X1, when: {candidate.serves_region: false}}
  - {id: X2, must: true, when: {candidate.cold_chain: false}}
  - {id: X3, when: {candidate.cost: {above: 8}}}
prefer:
  - {id: P1, most: candidate.lines_filled}
  - {id: P2, least: candidate.distance_km, within: 3}
  - {id: P3, least: candidate.cost}
tie_break: [candidate.priority, candidate.code]
when_unknown: {outcome: unassigned}
otherwise: {outcome: unassigned}
"""


def naive(candidates: list[dict[str, Any]]) -> tuple[list[str], str | None]:
    """The codes of the candidates that are left, best first; or the rule that left nobody."""
    left = list(candidates)
    for name, must, out in (
        ("X1", False, lambda each: not each["candidate.serves_region"]),
        ("X2", True, lambda each: not each["candidate.cold_chain"]),
        ("X3", False, lambda each: each["candidate.cost"] > 8),
    ):
        kept = [each for each in left if not out(each)]
        if not kept and must:
            return [], name
        left = kept or left
    order = []
    while left:
        tied = left
        for fact, sign, tolerance in (
            ("lines_filled", -1, 0),
            ("distance_km", 1, 3),
            ("cost", 1, 0),
        ):
            known = [each for each in tied if f"candidate.{fact}" in each]
            if known:
                best = min(sign * each[f"candidate.{fact}"] for each in known)
                tied = [
                    each
                    for each in known
                    if sign * each[f"candidate.{fact}"] - best < tolerance
                    or sign * each[f"candidate.{fact}"] == best
                ]
        first = min(tied, key=lambda each: (each["candidate.priority"], each["candidate.code"]))
        order.append(first["candidate.code"])
        left = [each for each in left if each is not first]
    return order, None


@st.composite
def warehouses(draw: st.DrawFn) -> list[dict[str, Any]]:
    """One to five warehouses; distances may be unknown."""
    found = []
    for code in "ABCDE"[: draw(st.integers(1, 5))]:
        found.append(
            {
                "candidate.code": code,
                "candidate.serves_region": draw(st.integers(0, 3)) > 0,
                "candidate.cold_chain": draw(st.integers(0, 3)) > 0,
                "candidate.lines_filled": draw(st.integers(1, 2)),
                "candidate.cost": Decimal(draw(st.integers(6, 9))),
                "candidate.priority": draw(st.integers(1, 2)),
            }
        )
        if draw(st.integers(0, 3)):
            found[-1]["candidate.distance_km"] = Decimal(draw(st.integers(0, 9)))
    return found


def agree(rules: Ruleset, candidates: list[dict[str, Any]]) -> None:
    decision = rules.decide(Facts.prepared({}, (), candidates))
    order, failure = naive(candidates)

    assert [item.code for item in decision.ranking if item.place is not None] == order
    assert decision.failure == failure


RANK = ruleset(RULES)


@settings(max_examples=part(200))
@given(warehouses())
def test_the_ranking_agrees_with_a_naive_one(candidates: list[dict[str, Any]]) -> None:
    agree(RANK, candidates)


@settings(max_examples=100)
@given(warehouses().flatmap(lambda each: st.tuples(st.just(each), st.permutations(each))))
def test_no_order_of_candidates_changes_the_record(
    pair: tuple[list[dict[str, Any]], list[dict[str, Any]]],
) -> None:
    first, second = (RANK.decide(Facts.prepared({}, (), each)) for each in pair)

    assert first.ranking == second.ranking


def test_the_comparison_catches_a_tolerance_that_includes_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    one_by_one = ordering._one_by_one

    def generous(left: Any, criteria: Any, last: Any) -> Any:
        wider = [
            (id, most, None if within is None else within + 1, *rest)
            for id, most, within, *rest in criteria
        ]
        return one_by_one(left, wider, last)

    monkeypatch.setattr(ordering, "_one_by_one", generous)

    @settings(max_examples=500, phases=(Phase.generate,), derandomize=True, database=None)
    @given(warehouses())
    def compare(candidates: list[dict[str, Any]]) -> None:
        agree(RANK, candidates)

    with pytest.raises(AssertionError):
        compare()

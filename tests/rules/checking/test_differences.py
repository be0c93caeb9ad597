"""What differs between two versions is found, shown by an example, and nothing else is."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from ordinance.rules import loads
from ordinance.rules.checking import Difference, differences
from ordinance.rules.checking.difference import _comes_to, _side
from ordinance.rules.deciding.decider import Decider
from ordinance.rules.facts import Facts
from ordinance.rules.tree import RuleSet
from tests.part import part
from tests.rules.deciding.trees import facts_for, rule_sets
from tests.rules.sample_point import POINTS

RISK = """\
decision: review.risk
version: 1
hit: first
params:
  large: {{unit: CNY, values: {{{large}}}}}
rules:
  - {{id: R1, when: {{order.receivable: {{at_least: $large}}}}, then: {{outcome: hold}}}}
  - {{id: R2, when: {{order.type: presale}}, then: {{outcome: {outcome}}}}}
when_unknown: {{outcome: manual_review}}
otherwise: {{outcome: approve}}
"""


def risk(large: str = "always: 500", outcome: str = "manual_review") -> RuleSet:
    return loads(RISK.format(large=large, outcome=outcome), points=POINTS)["review.risk"].tree


def texts(found: list[Difference]) -> list[str]:
    return [item.text("en") for item in found]


def test_the_same_rules_differ_nowhere() -> None:
    assert differences(risk(), risk()) == []


def test_a_moved_threshold_changes_what_lies_between() -> None:
    assert texts(differences(risk(), risk(large="always: 800"))) == [
        "where receivable at least 500.00 and at most 799.99, type normal\n"
        "  for example: receivable 500.00, type normal\n"
        "  before: outcome: hold (R1)\n"
        "  after: outcome: approve (otherwise)",
        "where receivable at least 500.00 and at most 799.99, type presale\n"
        "  for example: receivable 500.00, type presale\n"
        "  before: outcome: hold (R1)\n"
        "  after: outcome: manual_review (R2)",
    ]


def test_a_threshold_that_moves_on_a_day_differs_from_then_on() -> None:
    (first, _) = differences(risk(), risk(large="always: 500, 2026-11-01: 800"))

    assert first.text("en").splitlines()[0] == (
        "where receivable at least 500.00 and at most 799.99, type normal (from 2026-11-01)"
    )
    assert first.text("zh").splitlines()[0] == (
        "当 订单.应收 不低于 500.00且不高于 799.99、订单.类型 普通 (2026-11-01 起)"
    )


def test_a_change_that_no_order_meets_is_no_difference() -> None:
    same = risk()
    rules = (same.rules[0], same.rules[1], replace(same.rules[1], id="R3"))

    assert differences(same, replace(same, rules=rules, hash="1" * 64)) == []


def test_another_outcome_for_unknown_facts_is_named() -> None:
    new = replace(risk(), when_unknown={"outcome": "hold"}, hash="1" * 64)

    assert texts(differences(risk(), new)) == [
        "may differ, not looked into: the outcome `when_unknown`: outcome: manual_review before, "
        "outcome: hold now"
    ]


def test_a_spent_budget_is_said() -> None:
    found = differences(risk(), risk(large="always: 800"), budget=3)

    assert [item.sort for item in found] == ["not decided"]
    assert found[0].text("zh") == "没有查完: 组合太多, 其余的变化没有列出"


def test_two_points_are_not_compared() -> None:
    other = replace(risk(), point=POINTS["packing.gift"])

    with pytest.raises(ValueError, match="two decision points"):
        differences(risk(), other)


RANK = """\
decision: allocation.source
version: 1
hit: rank
exclude:
  - {{id: X1, {must}when: {{candidate.distance_km: {{above: {far}}}}}}}
prefer:
  - {{id: P1, {best}: candidate.cost}}
tie_break: [candidate.priority, candidate.code]
when_unknown: {{outcome: unassigned}}
otherwise: {{outcome: unassigned}}
"""


def rank(far: int = 5, must: str = "", best: str = "least") -> RuleSet:
    text = RANK.format(far=far, must=must, best=best)
    return loads(text, points=POINTS)["allocation.source"].tree


@pytest.mark.parametrize("must", ["", "must: true, "])
def test_a_candidate_that_is_excluded_no_longer_is_shown_beside_another(must: str) -> None:
    (found,) = differences(rank(must=must), rank(far=9, must=must))

    assert found.where.en == "distance km above 5 km and at most 9 km"
    assert found.old is not None and found.new is not None
    assert (found.old.winner, found.new.winner) == ("B", "A")


def test_another_order_of_candidates_is_named() -> None:
    assert texts(differences(rank(), rank(best="most"))) == [
        "may differ, not looked into: the order of candidates (`prefer`) changed"
    ]


def test_the_most_specific_rule_is_compared() -> None:
    text = """\
decision: review.risk
version: 1
hit: first
most_specific: receiver.region
rules:
  - {{id: R1, when: {{receiver.region: "33"}}, then: {{outcome: hold}}}}
  - {{id: R2, when: {{receiver.region: "{0}"}}, then: {{outcome: approve}}}}
when_unknown: {{outcome: manual_review}}
otherwise: {{outcome: manual_review}}
"""
    old, new = (
        loads(text.format(code), points=POINTS)["review.risk"].tree for code in ("3301", "3302")
    )

    assert [(item.where.en, item.old and item.old.fired) for item in differences(old, new)] == [
        ("region 3301 Zhejiang", ("R2",)),
        ("region 3302 Zhejiang", ("R1",)),
    ]


@st.composite
def versions(draw: st.DrawFn) -> tuple[RuleSet, RuleSet, dict[str, Any]]:
    """A set, the same with some rules of another one, and facts."""
    old = draw(rule_sets())
    other = draw(rule_sets().filter(lambda tree: tree.hit is old.hit))
    keep = draw(st.integers(0, len(old.rules)))
    more = tuple(replace(rule, id=f"N{rule.id}") for rule in other.rules[: draw(st.integers(0, 2))])
    new = replace(old, rules=(*old.rules[:keep], *more), hash="1" * 64)
    return old, new, draw(facts_for(replace(old, rules=(*old.rules, *new.rules))))


def missed(old: RuleSet, new: RuleSet, facts: dict[str, Any]) -> str | None:
    """Facts on which two sets differ although nothing was found; or a wrong example."""
    found = differences(old, new, budget=4_000_000)
    given_ = Facts.read(facts, new.point)
    sides = [_side(Decider(tree).decide(given_, None)) for tree in (old, new)]
    differ = _comes_to(sides[0]) != _comes_to(sides[1])
    unknown = any(side.settled_by == "unknown" for side in sides)
    if differ and not unknown and not found:
        return f"{facts} gives {sides}"
    for item in found:
        if item.sort == "changed":
            assert item.old is not None and item.new is not None
            if _comes_to(item.old) == _comes_to(item.new):
                return f"{item} is no difference"
    return None


@given(versions())
@settings(max_examples=part(150), deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_differs_is_found(case: tuple[RuleSet, RuleSet, dict[str, Any]]) -> None:
    assert missed(*case) is None


def _only_failures(first: Any, second: Any) -> Any:
    return (first, second) if "failed" in (first[1], second[1]) else None


def _first_counts(field: Any, first: Any, second: Any) -> Any:
    return second if first is None else first


def test_a_forgotten_sort_of_difference_is_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    owner = import_module("ordinance.rules.checking.difference")
    monkeypatch.setattr(owner, "_pair", _only_failures)

    find(
        versions(),
        lambda case: missed(*case) is not None,
        settings=settings(max_examples=3_000, derandomize=True, phases=[Phase.generate]),
    )


COLLECTED = """\
decision: review.risk
version: 1
hit: collect
rules:
  - {{id: R1, when: {{order.weight_g: {{at_least: 1}}}}, then: {{outcome: approve}}}}
  - {{id: R2, when: {{order.weight_g: {{at_least: 5}}}}, then: {{outcome: {outcome}}}}}
when_unknown: {{outcome: manual_review}}
otherwise: {{outcome: approve}}
"""


def collected(outcome: str) -> RuleSet:
    return loads(COLLECTED.format(outcome=outcome), points=POINTS)["review.risk"].tree


def test_outcomes_are_merged_as_the_point_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    facts: dict[str, Any] = {"order.weight_g": 5}
    assert missed(collected("hold"), collected("manual_review"), facts) is None

    monkeypatch.setattr(import_module("ordinance.rules.checking.answers"), "_merged", _first_counts)
    assert missed(collected("hold"), collected("manual_review"), facts) is not None

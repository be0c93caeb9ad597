"""Dated values and periods against a naive reading, with the day known and not known."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ordinance.rules import Facts, Hit, Kind, Ruleset
from ordinance.rules.deciding import decider
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    Dated,
    Effective,
    Given,
    Param,
    ParamRef,
    Rule,
    RuleSet,
    Test,
)
from tests.rules.deciding import oracle
from tests.rules.deciding.trees import HERE
from tests.rules.sample_point import RISK

FIRSTS = [date(2026, month, 1) for month in (2, 4, 6)]
DAYS = [first + timedelta(days=step) for first in FIRSTS for step in (-1, 0, 1)]
WEIGHTS = list(range(12))
_ORDERINGS = [Comparator.AT_LEAST, Comparator.ABOVE, Comparator.AT_MOST, Comparator.BELOW]


@st.composite
def comparisons(draw: st.DrawFn) -> Test:
    """A comparison with a dated value, with a day, or of something else."""
    match draw(st.sampled_from(["param", "day", "gift"])):
        case "param":
            operand = ParamRef("p")
            return Test("order.weight_g", draw(st.sampled_from(_ORDERINGS)), (operand,), HERE)
        case "day":
            day = Given(draw(st.sampled_from(FIRSTS)))
            return Test("order.due", draw(st.sampled_from(_ORDERINGS)), (day,), HERE)
    return Test("order.gift", Comparator.IS, (Given(True),), HERE)


@st.composite
def dated_sets(draw: st.DrawFn) -> RuleSet:
    """One to three rules with a dated parameter and periods."""
    starts = draw(st.lists(st.sampled_from(FIRSTS), max_size=2, unique=True).map(sorted))
    values = tuple(Dated(start, draw(st.sampled_from([2, 5, 9]))) for start in (None, *starts))
    rules = []
    for index in range(draw(st.integers(1, 3))):
        items = tuple(draw(st.lists(comparisons(), min_size=1, max_size=2)))
        when: Condition = AllOf(items) if draw(st.booleans()) else AnyOf(items)
        start, end = draw(
            st.sampled_from([(None, None), (FIRSTS[1], None), (None, FIRSTS[2]), tuple(FIRSTS[:2])])
        )
        outcome = draw(st.sampled_from(["approve", "hold"]))
        rules.append(
            Rule(f"R{index}", when, {"outcome": outcome}, HERE, effective=Effective(start, end))
        )
    return RuleSet(
        point=RISK,
        hit=draw(st.sampled_from([Hit.FIRST, Hit.COLLECT, Hit.UNIQUE])),
        rules=tuple(rules),
        otherwise={"outcome": "approve"},
        when_unknown={"outcome": "manual_review"},
        place=HERE,
        hash="0" * 64,
        as_of="order.due",
        params={"p": Param("p", Kind.INTEGER, values, HERE)},
    )


def on(tree: RuleSet, day: date) -> RuleSet:
    """The set as it reads on one day: values written in, rules out of their period gone."""
    assert tree.params is not None
    held = [each for each in tree.params["p"].values if each.start is None or each.start <= day]
    value = Given(held[-1].value)

    def written(condition: Condition) -> Condition:
        match condition:
            case AllOf(items):
                return AllOf(tuple(written(item) for item in items))
            case AnyOf(items):
                return AnyOf(tuple(written(item) for item in items))
            case Test(operands=(ParamRef(),)):
                return replace(condition, operands=(value,))
        return condition

    rules = [
        replace(rule, when=written(rule.when))
        for rule in tree.rules
        if rule.effective is not None
        and (rule.effective.start is None or rule.effective.start <= day)
        and (rule.effective.end is None or day < rule.effective.end)
    ]
    return replace(tree, rules=tuple(rules))


def agree(tree: RuleSet, facts: dict[str, Any]) -> None:
    """The decision is what every day and every weight comes to, or hangs if they differ."""
    answers = {
        (answer.outcome, answer.failure)
        for day in ([facts["order.due"]] if "order.due" in facts else DAYS)
        for weight in ([facts["order.weight_g"]] if "order.weight_g" in facts else WEIGHTS)
        for answer in [
            oracle.settled(
                on(tree, day),
                {**facts, "order.due": day, "order.weight_g": weight, "lines": []},
                frozenset(),
            )
        ]
    }
    decision = Ruleset(tree).decide(Facts.prepared(facts))

    if len(answers) > 1:
        assert decision.settled_by == "unknown"
    else:
        assert decision.settled_by != "unknown"
        assert (tuple(decision.outcome.items()), decision.failure) in answers


FACTS = st.fixed_dictionaries(
    {"order.gift": st.booleans()},
    optional={"order.due": st.sampled_from(DAYS), "order.weight_g": st.sampled_from(WEIGHTS)},
)


@settings(max_examples=300)
@given(dated_sets(), FACTS)
def test_dated_sets_agree_with_a_naive_reading(tree: RuleSet, facts: dict[str, Any]) -> None:
    agree(tree, facts)


def test_the_comparison_catches_a_day_that_is_never_tried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decider.Decider, "_turns", lambda self, name, at: [])

    @settings(max_examples=1000, phases=(Phase.generate,), derandomize=True, database=None)
    @given(dated_sets(), FACTS)
    def compare(tree: RuleSet, facts: dict[str, Any]) -> None:
        agree(tree, facts)

    with pytest.raises(AssertionError):
        compare()

"""What the checks do at their limits: budgets, values from elsewhere, and both languages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import HealthCheck, given, settings

from ordinance.rules.checking import findings, model
from ordinance.rules.checking import setting as setting_module
from ordinance.rules.checking.setting import breakpoints
from ordinance.rules.checking.setting import settings as settings_of
from ordinance.rules.tree import AllOf, Comparator, Given, RuleSet, Test
from tests.rules.checking.test_findings import PARAMS, RANGES, codes, risk, told
from tests.rules.deciding.trees import HERE, rule_sets
from tests.rules.reading.test_chinese import english_left

TWO = (
    "  - {id: R1, when: {order.weight_g: {at_most: 5}}, then: {outcome: hold}}\n"
    "  - {id: R2, when: {order.gift: true, order.weight_g: {at_least: 4}}, "
    "then: {outcome: approve}}"
)


def test_a_check_whose_budget_is_spent_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ordinance.rules.checking.inspection.BUDGET", 2)

    assert told(risk(TWO, hit="unique"), "N_NOT_DECIDED")[0] == (
        "rules.yaml:1:1: note N_NOT_DECIDED: never-true and always-true conditions was not "
        "decided: too many combinations"
    )
    assert model.BUDGET > 2


def test_values_that_no_file_could_hold_are_found_in_a_tree() -> None:
    tree = risk(TWO)
    when = AllOf((Test("buyer.refunded_share", Comparator.BELOW, (Given(2),), HERE),))
    rules = (replace(tree.rules[0], when=when), tree.rules[1])

    assert "rule `R1` compares `buyer.refunded_share` with 200%; it is at most 100%" in [
        item.message for item in findings(replace(tree, rules=rules))
    ]


def test_the_values_of_a_parameter_are_those_where_something_can_change() -> None:
    tree = risk(RANGES, more=PARAMS % 5)
    goodwill = (tree.params or {})["goodwill"]

    assert breakpoints(tree, goodwill) == [5, 6, 7, 8, 10, 90]


@pytest.mark.parametrize("low", [5, 6, 7, 8])
def test_no_value_of_the_range_finds_more_than_the_breakpoints(low: int) -> None:
    tree = risk(RANGES, hit="unique", more=PARAMS % low)
    every = {
        code
        for value in range(low, 91)
        for code in codes(setting_module.held(tree, {"goodwill": value}))
    }

    assert set(codes(tree)) >= every


MANY_PARAMS = "params:\n" + "".join(
    f"  p{at}: {{unit: g, merchant_may_set: {{at_least: 1, at_most: 900}}, "
    f"values: {{always: {at}00}}}}\n"
    for at in range(1, 7)
)


def test_values_that_were_not_all_tried_together_are_named() -> None:
    rules = "\n".join(
        f"  - {{id: R{at}, when: {{order.weight_g: {{above: $p{at}}}, order.gift: true}}, "
        "then: {outcome: hold}}"
        for at in range(1, 7)
    )
    tree = risk(rules, more=MANY_PARAMS)

    assert len(list(settings_of(tree))) < 400
    assert told(tree, "N_NOT_DECIDED") == [
        "rules.yaml:1:1: note N_NOT_DECIDED: the values of `p1`, `p2`, `p3`, `p4`, `p5`, `p6` "
        "are too many to be tried all together"
    ]


def test_many_rules_that_exclude_each_other_are_decided() -> None:
    rules = "\n".join(
        f"  - {{id: R{at}, when: {{order.channel: c{at}, order.gift: {gift}}}, "
        f"then: {{outcome: {outcome}}}}}"
        for at, (gift, outcome) in enumerate(
            list(product(("true", "false"), ("hold", "approve"))) * 75
        )
    )

    assert "N_NOT_DECIDED" not in codes(risk(rules, hit="unique"))


@given(rule_sets())
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_a_finding_is_told_in_chinese_alone(tree: RuleSet) -> None:
    for item in findings(tree):
        # Values of texts and tags, and codes of the sample point, stay as they are.
        said = item.text("zh").replace("drawn.yaml", "").split("例如")[0]
        assert english_left(said.replace(item.code, "")) == [], item.text("zh")


def test_plain_values_hold_what_the_words_say() -> None:
    (item, *_) = findings(risk(TWO, hit="unique"))
    assert item.code == "E_TWO_RULES"
    plain: Callable[[str], dict[str, object]] = item.plain  # type: ignore[attr-defined]

    assert plain("zh")["also"] == ["rules.yaml:5:5"]
    assert plain("en")["example"] == "weight g 4 g, gift yes"

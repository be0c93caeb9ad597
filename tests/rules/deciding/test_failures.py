"""A needed fact that is absent, and a rule that cannot be evaluated: never a miss."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ordinance.rules import DecidingError, DecisionPoint, FactError, Facts, Missing, Ruleset
from ordinance.rules.rulebook import loads
from ordinance.rules.tree import Comparator, Given, Test
from tests.rules.deciding.rulesets import risk
from tests.rules.sample_point import RISK

WEIGHT = "  - {id: R, when: {order.weight_g: {at_least: 5}}, then: {outcome: hold}}"


def declared(missing: Missing, default: int | None = None) -> DecisionPoint:
    """The sample point, with another meaning of a missing weight."""
    facts = tuple(
        replace(fact, missing=missing, default=default) if fact.name == "order.weight_g" else fact
        for fact in RISK.facts
    )
    return replace(RISK, facts=facts)


def weighed(missing: Missing, default: int | None = None, rules: str = WEIGHT) -> Ruleset:
    text = (
        f"decision: review.risk\nhit: first\nrules:\n{rules}\n"
        "when_unknown: {outcome: manual_review}\notherwise: {outcome: approve}\n"
    )
    return loads(text, points=[declared(missing, default)])["review.risk"]


def test_an_absent_fact_that_is_needed_fails_the_decision() -> None:
    with pytest.raises(FactError, match=r"`order\.weight_g` is needed and absent"):
        weighed(Missing.ERROR).decide({})


def test_a_needed_fact_that_no_rule_asks_for_may_be_absent() -> None:
    rules = weighed(Missing.ERROR, rules="  - {id: R, when: always, then: {outcome: hold}}")

    assert rules.decide({}).fired == ("R",)


def test_a_default_takes_the_place_of_an_absent_fact() -> None:
    assert weighed(Missing.DEFAULT, 5).decide({}).fired == ("R",)
    assert weighed(Missing.DEFAULT, 4).decide({}).settled_by == "otherwise"
    missing = "  - {id: R, when: {order.weight_g: {missing: true}}, then: {outcome: hold}}"
    assert weighed(Missing.DEFAULT, 5, missing).decide({}).fired == ()


def test_where_a_foreign_table_says_so_an_absent_fact_matches_nothing() -> None:
    rules = """
  - {id: R1, when: {order.weight_g: {is_not: 5}}, then: {outcome: hold}}
  - {id: R2, when: {order.weight_g: {missing: true}}, then: {outcome: hold}}"""
    decision = weighed(Missing.NO_MATCH, rules=rules).decide({})

    assert (decision.fired, decision.unknown) == (("R2",), ())


def broken() -> Ruleset:
    """A rule whose operand has a type that the reader would never let through."""
    tree = risk(WEIGHT).tree
    rule = tree.rules[0]
    when = Test("order.weight_g", Comparator.AT_LEAST, (Given("five"),), rule.place)
    return Ruleset(replace(tree, rules=(replace(rule, when=when),)))


def test_a_rule_that_cannot_be_evaluated_fails_by_its_id() -> None:
    with pytest.raises(DecidingError, match=r"rule `R` of `review\.risk` could not be evaluated"):
        broken().decide(Facts.prepared({"order.weight_g": 5}))


def test_it_fails_while_an_unknown_is_tried_out_too() -> None:
    with pytest.raises(DecidingError, match="`R`"):
        broken().decide({})


def test_an_outcome_that_cannot_be_merged_fails_by_the_rules_that_gave_it() -> None:
    tree = risk(WEIGHT, hit="collect").tree
    rule = replace(tree.rules[0], then={"outcome": "nobody declared this"})

    with pytest.raises(DecidingError, match="rule `R`"):
        Ruleset(replace(tree, rules=(rule,))).decide({"order.weight_g": 5})

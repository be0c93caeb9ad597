"""Answers without a record: what they hold, and that nobody can spoil the next one."""

from __future__ import annotations

from decimal import Decimal

from ordinance.rules import Facts
from tests.rules.deciding.rulesets import moment, risk, ruleset

RULES = """
  - {id: R1, when: {order.receivable: {at_least: 100}}, then: {outcome: hold, hold: [stock_check]}}
  - id: R2
    when: {order.gift: true, any_line: {line.category: tea}}
    then: {outcome: manual_review, hold: [phone_confirmation]}
  - {id: R3, when: {order.weight_g: {above: 9}}, then: {outcome: hold}}
"""
COLLECT = risk(RULES, hit="collect")
FACTS = Facts.prepared(
    {"order.receivable": Decimal(100), "order.gift": True},
    [{"line.category": "tea"}, {}],
)


def test_an_answer_says_what_the_decision_says() -> None:
    at = moment("2026-11-05 10:00")
    answer, decision = COLLECT.ask(FACTS, at=at), COLLECT.decide(FACTS, at=at)

    assert answer.decision() == decision
    for name in ("point", "outcome", "fired", "settled_by", "unknown", "points", "failure"):
        assert getattr(answer, name) == getattr(decision, name)
    assert (answer.at, answer.as_of) == (decision.at, decision.as_of)


def test_an_answer_has_the_values_that_the_fired_rules_asked_for() -> None:
    facts = FACTS.with_({"order.weight_g": 1})
    answer = COLLECT.ask(facts)

    assert answer.fired == ("R1", "R2")
    assert answer.observed == {
        "line.category": ("tea", None),
        "order.gift": True,
        "order.receivable": Decimal(100),
    }


def test_changing_an_outcome_changes_no_other_answer() -> None:
    facts = FACTS.with_({"order.weight_g": 1})
    first = COLLECT.ask(facts).outcome
    held = first["hold"]
    assert isinstance(held, list)
    held.append("spoiled")
    first["outcome"] = "spoiled"

    assert COLLECT.ask(facts).outcome == {
        "outcome": "hold",
        "hold": ["stock_check", "phone_confirmation"],
    }


def test_an_answer_of_a_rank_has_every_candidate() -> None:
    rules = ruleset(
        """
decision: allocation.source
hit: rank
exclude: [{id: X1, when: {candidate.serves_region: false}}]
prefer: [{id: P1, least: candidate.cost}]
tie_break: [candidate.code]
when_unknown: {outcome: unassigned}
otherwise: {outcome: unassigned}
"""
    )
    candidates = [
        {"candidate.code": code, "candidate.serves_region": code != "B", "candidate.cost": cost}
        for code, cost in (("A", Decimal(2)), ("B", Decimal(1)), ("C", Decimal(1)))
    ]
    answer = rules.ask(Facts.prepared({}, (), candidates))

    assert [(item.code, item.place) for item in answer.ranking] == [
        ("C", 1),
        ("A", 2),
        ("B", None),
    ]
    assert answer.observed == {"candidate.serves_region": (True, False, True)}

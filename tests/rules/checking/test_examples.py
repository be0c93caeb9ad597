"""Every example that a check shows is really decided as the finding says, whatever the hit."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st

from ordinance.rules.checking import Finding, findings, reach, score
from ordinance.rules.checking.firing import winners
from ordinance.rules.checking.model import Model
from ordinance.rules.checking.setting import Setting
from ordinance.rules.deciding.decider import Decider
from ordinance.rules.deciding.policies import NO_RULE
from ordinance.rules.facts import Facts
from ordinance.rules.point import Hit
from ordinance.rules.tree import RuleSet
from tests.part import part
from tests.rules.deciding.trees import facts_for, rule_sets


def wrong(tree: RuleSet) -> str | None:
    """A finding whose example the engine decides otherwise."""
    decider = Decider(tree)
    for item in findings(tree):
        assert isinstance(item, Finding)
        if item.facts is None:
            continue
        decision = decider.decide(Facts.read(item.facts, tree.point), None)
        holds = {
            "E_NO_RULE": decision.failure == NO_RULE,
            "N_NO_RULE": decision.settled_by == "otherwise",
            "E_TWO_RULES": decision.failure is not None
            and set(item.subject) <= set(decision.failure.split(", ")),
            "E_CONFLICT": set(item.subject[:2]) <= set(decision.fired),
            "N_ORDER": decision.fired == item.subject[:1],
            "E_NO_BAND": decision.failure == "no_band",
        }
        if not holds[item.code]:
            return f"{item} gives {decision}"
    return None


def unseen(tree: RuleSet, facts: dict[str, Any]) -> str | None:
    """What the engine decides on some facts and a check says cannot be."""
    decision = Decider(tree).decide(Facts.read(facts, tree.point), None)
    if decision.settled_by == "unknown" or decision.unknown:
        return None
    found = findings(tree)
    said = {(item.code, *item.subject[:1]) for item in found if isinstance(item, Finding)}
    codes = {item.code for item in found}
    for id in decision.fired:
        if ("E_UNREACHABLE", id) in said:
            return f"{id} is called unreachable, and {facts} reach it"
    if (
        tree.hit in (Hit.FIRST, Hit.UNIQUE)
        and not decision.fired
        and decision.failure
        in (
            None,
            NO_RULE,
        )
    ):
        checked = codes & {"E_NO_RULE", "N_NO_RULE", "N_NOT_DECIDED", "N_NOT_CHECKED"}
        return None if checked else f"no gap is found, and no rule takes {facts}"
    if tree.hit is Hit.UNIQUE and decision.failure is not None:
        checked = codes & {"E_TWO_RULES", "N_NOT_DECIDED", "N_NOT_CHECKED"}
        return None if checked else f"no overlap is found for {facts}"
    return None


def any_sets() -> st.SearchStrategy[RuleSet]:
    """Sets of every hit, some of them with the most specific rule first."""

    def specific(tree: RuleSet) -> RuleSet:
        return replace(tree, most_specific="receiver.region")

    ordered = rule_sets().filter(lambda tree: tree.hit in (Hit.FIRST, Hit.UNIQUE))
    return rule_sets() | ordered.map(specific)


@given(any_sets())
@settings(max_examples=part(200), deadline=None, suppress_health_check=list(HealthCheck))
def test_an_example_comes_out_as_the_finding_says(tree: RuleSet) -> None:
    assert wrong(tree) is None


@given(any_sets().flatmap(lambda tree: facts_for(tree).map(lambda facts: (tree, facts))))
@settings(max_examples=part(200), deadline=None, suppress_health_check=list(HealthCheck))
def test_no_decision_contradicts_a_finding(case: tuple[RuleSet, dict[str, Any]]) -> None:
    assert unseen(*case) is None


@given(any_sets().filter(lambda tree: tree.hit is Hit.FIRST))
@settings(max_examples=part(100), deadline=None, suppress_health_check=list(HealthCheck))
def test_a_rule_that_is_reached_has_an_example_that_it_decides(tree: RuleSet) -> None:
    model = Model(Setting(tree))
    won = winners(model)
    for row, path in model.diagrams.ends(won):
        if row >= 0 and model.space.is_exact(path):
            example = next(model.space.examples(path))
            decision = model.decide(example)
            assert decision is not None and decision.fired == (tree.rules[row].id,)


def _nothing_confirmed(model: Model, region: int, holds: Any) -> Any:
    path = model.diagrams.witness(model.diagrams.opposite(region))
    return None if path is None else next(model.space.examples(path), None)


def _never_reached(model: Model) -> Any:
    return iter([(0, [0])]) if model.regions else iter([])


def test_examples_of_something_else_are_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reach, "confirmed", _nothing_confirmed)
    monkeypatch.setattr(score, "confirmed", _nothing_confirmed)

    find(
        rule_sets(),
        lambda tree: wrong(tree) is not None,
        settings=settings(max_examples=3_000, derandomize=True, phases=[Phase.generate]),
    )


def test_a_rule_called_unreachable_without_cause_is_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reach, "_covered", _never_reached)

    find(
        rule_sets().flatmap(lambda tree: facts_for(tree).map(lambda facts: (tree, facts))),
        lambda case: unseen(*case) is not None,
        settings=settings(max_examples=3_000, derandomize=True, phases=[Phase.generate]),
    )

"""The evaluator against a naive oracle on random rule sets, and proof that this finds bugs."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from ordinance.rules import Facts, Ruleset
from ordinance.rules.deciding import comparators, conditions, representatives, unknowns
from ordinance.rules.deciding.decider import Decider
from ordinance.rules.tree import Comparator
from tests.part import SOAK, part
from tests.rules.deciding import oracle
from tests.rules.deciding.trees import asked, facts_for, rule_sets


def agree(data: st.DataObject) -> None:
    """The decision is what every completion of the facts comes to, or hangs if they differ."""
    tree = data.draw(rule_sets(), label="rules")
    facts: dict[str, Any] = data.draw(facts_for(tree), label="facts")
    missing = frozenset(name for name in oracle.DOMAINS if name not in facts)
    answers = oracle.answers(tree, facts, missing, asked(tree))
    values = {name: value for name, value in facts.items() if name != "lines"}
    decision = Ruleset(tree).decide(Facts.prepared(values, facts["lines"]))

    found = (tuple(decision.outcome.items()), decision.failure)
    if len({(answer.outcome, answer.failure) for answer in answers}) > 1:
        assert decision.settled_by == "unknown"
        assert decision.unknown
    else:
        assert decision.settled_by != "unknown"
        assert found == next((answer.outcome, answer.failure) for answer in answers)
        # What is said to have fired fires whatever the unknown facts are, and nothing else is.
        assert decision.fired == tuple(
            rule.id for rule in tree.rules if all(rule.id in answer.fired for answer in answers)
        )


@settings(max_examples=part(300))
@given(st.data())
def test_every_decision_agrees_with_the_oracle(data: st.DataObject) -> None:
    agree(data)


@settings(max_examples=part(150))
@given(st.data())
def test_every_decision_is_explained_and_replayed_from_what_is_stored(data: st.DataObject) -> None:
    tree = data.draw(rule_sets(), label="rules")
    drawn: dict[str, Any] = data.draw(facts_for(tree), label="facts")
    values = {name: value for name, value in drawn.items() if name != "lines"}
    rules, facts = Ruleset(tree), Facts.prepared(values, drawn["lines"])
    decision = rules.decide(facts)
    explanation = rules.explain(decision, facts)

    assert [reason.id for reason in explanation.fired] == list(decision.fired)
    for lang in ("zh", "en"):
        text = explanation.text(lang)
        # Nothing of Python shines through, and no sentence is left empty.
        assert not [word for word in ("None", "Decimal", "frozenset", "{", ":  (") if word in text]
    stored = json.loads(json.dumps(rules.snapshot(facts)))
    assert rules.decide(Facts.from_snapshot(stored, tree.point)).to_json() == decision.to_json()


def _strict(bound: Any) -> Callable[[Any], bool]:
    return lambda value: bool(value > bound)


def _without_gaps(fact: Any, asks: Any) -> list[Any]:
    return sorted(asks.bounds) or [0]


def _one_true(at_least: int, checks: list[Any]) -> Callable[[Any], bool | None]:
    return conditions._any_true(checks)


MUTANTS: dict[str, tuple[object, str, object]] = {
    "at_least leaves out its limit": (
        comparators,
        "_ORDERINGS",
        {**comparators._ORDERINGS, Comparator.AT_LEAST: _strict},
    ),
    "n of m is any of m": (conditions, "_some_true", _one_true),
    "only limits are tried for an unknown number": (representatives, "_numbers", _without_gaps),
    "an unknown is never tried": (unknowns, "BUDGET", 0),
    "a rule that fires for some values only is said to have fired": (
        Decider,
        "_agreed",
        lambda decider, settled, ways: settled,
    ),
    "an absent fact that is tried counts as present": (conditions, "SUPPOSED", "!"),
}


RARE = ("an absent fact that is tried counts as present",)
"""Mutants that differ in few sets, and so take long to be caught: planted in `make soak`."""


@pytest.mark.parametrize("mutant", [name for name in MUTANTS if SOAK or name not in RARE])
def test_the_comparison_catches_a_planted_bug(mutant: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module, name, replacement = MUTANTS[mutant]
    monkeypatch.setattr(module, name, replacement)

    @settings(max_examples=800, phases=(Phase.generate,), derandomize=True, database=None)
    @given(st.data())
    def compare(data: st.DataObject) -> None:
        agree(data)

    with pytest.raises(AssertionError):
        compare()

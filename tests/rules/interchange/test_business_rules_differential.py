"""Rule lists decided here and by `business_rules.run_all`, and proof that this finds bugs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from ordinance.rules import Hit, Missing
from ordinance.rules.interchange import Imported, business_rules, read_business_rules
from ordinance.rules.interchange.draft import Absence, Draft, Group
from ordinance.rules.interchange.variables import operators, patterns
from ordinance.rules.interchange.variables.types import VariableType
from ordinance.rules.kinds import Kind
from tests.rules.interchange import lists
from tests.rules.interchange.reference import RULE_DATA, called

SEEDS = st.integers(0, 2**64 - 1)
LISTS_OF_A_SEED = 100
LISTS = int(os.environ.get("ORDINANCE_LISTS", "1500"))
"""Random lists that are compared; ten thousand in `make soak`."""
FACTS_OF_A_LIST = 3


def agree(text: str, facts: dict[str, Any], imported: Imported, *, stop: bool) -> bool:
    """Both engines fire the same rules and say the same; False where `run_all` fails.

    It fails at an absent number, yes or no, or list that it comes upon.
    """
    decision = imported.ruleset.decide(facts)
    try:
        theirs = called(text, facts, stop=stop)
    except AssertionError:
        return False
    marks = [f"rule {params['rule'] + 1}" for name, params in theirs if name == "mark"]
    assert list(decision.fired) == marks, (facts, decision)
    assert decision.settled_by == ("rules" if marks else "otherwise")
    said: dict[str, list[dict[str, Any]]] = {}
    for name, params in theirs:
        said.setdefault(name, []).append(params)
    output: Any = imported.output(decision)
    found: dict[str, list[Any]] = {}
    for part in output if isinstance(output, list) else [output]:
        for name, calls in part.items():
            found.setdefault(name, []).extend(calls)
    assert found == said, (facts, decision)
    return True


def compare(file: Path, random: Random) -> tuple[str, int]:
    """Reads one random list and compares it on some facts; the list and the answers compared."""
    text, stop = lists.rule_list(random), random.random() < 0.3
    file.write_text(text, encoding="utf-8")
    (imported,) = read_business_rules(file, RULE_DATA, stop_on_first_trigger=stop)
    assert imported.untranslated == (), text
    answers = 0
    for _ in range(FACTS_OF_A_LIST):
        facts = lists.facts(random, text)
        try:
            answers += agree(text, facts, imported, stop=stop)
        except AssertionError as error:
            raise AssertionError(f"{text}\nstop_on_first_trigger={stop}\n{error}") from error
    return text, answers


def compare_lists_of(seed: int, file: Path, found: set[str]) -> int:
    """Compares the lists that come of a seed, which is told where one differs."""
    random, answers = Random(seed), 0
    for number in range(LISTS_OF_A_SEED):
        try:
            text, more = compare(file, random)
        except AssertionError as error:
            raise AssertionError(f"seed {seed}, list {number}: {error}") from error
        found.add(text)
        answers += more
    return answers


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False))
def test_a_rule_list_fires_what_run_all_fires(tmp_path: Path, random: Random) -> None:
    compare(tmp_path / "list.json", random)


@pytest.mark.slow
def test_thousands_of_random_lists_fire_what_run_all_fires(tmp_path: Path) -> None:
    found: set[str] = set()
    answers: list[int] = []

    # No shrinking: the seed and the list that differs are told.
    @settings(
        max_examples=LISTS // LISTS_OF_A_SEED + 4,
        phases=(Phase.explicit, Phase.reuse, Phase.generate),
        report_multiple_bugs=False,
    )
    @given(SEEDS)
    def compare_all(seed: int) -> None:
        answers.append(compare_lists_of(seed, tmp_path / "list.json", found))

    compare_all()

    assert len(found) >= LISTS
    # Most facts are answered by both engines, so few comparisons are idle.
    assert 2 * sum(answers) >= 3 * LISTS


NUMERIC = operators.OPERATORS[VariableType.NUMERIC]
STRING = operators.OPERATORS[VariableType.STRING]
BOOLEAN = operators.OPERATORS[VariableType.BOOLEAN]
SELECT = operators.OPERATORS[VariableType.SELECT]
LISTED = operators.OPERATORS[VariableType.SELECT_MULTIPLE]
ASSEMBLED = business_rules.assembled
GROUP = business_rules._Reader._group


def _swapped(reader: Any, nest: Any, place: Any) -> Group:
    group = GROUP(reader, nest, place)
    return Group(not group.all, group.items)


def _changed(change: Callable[[Draft], object]) -> Callable[[Draft], Imported]:
    def assembled(draft: Draft) -> Imported:
        change(draft)
        return ASSEMBLED(draft)

    return assembled


def _mutants() -> dict[str, tuple[object, str, object]]:
    found: dict[str, tuple[object, str, object]] = {
        "any and all are swapped": (business_rules._Reader, "_group", _swapped),
        "the rules stand in another order": (
            business_rules,
            "assembled",
            _changed(lambda draft: draft.rows.reverse()),
        ),
        "the first rule alone counts": (
            business_rules,
            "assembled",
            _changed(lambda draft: setattr(draft, "hit", Hit.FIRST)),
        ),
        "an action that is called twice is called once": (
            business_rules,
            "assembled",
            _changed(lambda draft: setattr(draft, "repeats", False)),
        ),
        "an absent text is unknown": (
            business_rules,
            "ABSENCES",
            {**business_rules.ABSENCES, Kind.TEXT: Absence(Missing.UNKNOWN)},
        ),
        "an absent text is another one": (
            business_rules,
            "ABSENCES",
            {**business_rules.ABSENCES, Kind.TEXT: Absence(Missing.DEFAULT, "x")},
        ),
        "the end of a pattern is the end of the text": (patterns, "_LAST", ("$", r"\z")),
        "a digit is 0 to 9": (patterns, "_ALONE", {**patterns._ALONE, r"\d": "[0-9]"}),
    }
    swaps: list[tuple[Any, str, Any, str]] = [
        (NUMERIC, "greater_than_or_equal_to", NUMERIC, "greater_than"),
        (NUMERIC, "less_than", NUMERIC, "less_than_or_equal_to"),
        (NUMERIC, "less_than_or_equal_to", NUMERIC, "equal_to"),
        (BOOLEAN, "is_false", BOOLEAN, "is_true"),
        (STRING, "equal_to_case_insensitive", STRING, "equal_to"),
        (STRING, "starts_with", STRING, "contains"),
        (STRING, "ends_with", STRING, "contains"),
        (STRING, "contains", STRING, "ends_with"),
        (SELECT, "does_not_contain", SELECT, "contains"),
        (LISTED, "contains_all", LISTED, "shares_at_least_one_element_with"),
        (LISTED, "shares_exactly_one_element_with", LISTED, "shares_at_least_one_element_with"),
        (LISTED, "is_contained_by", LISTED, "contains_all"),
        (LISTED, "shares_no_elements_with", LISTED, "contains_all"),
    ]
    for table, name, other, wrong in swaps:
        found[f"{name} is {wrong}"] = (table, name, other[wrong])
    return found


MUTANTS = _mutants()


RARE = ("the end of a pattern is the end of the text", "a digit is 0 to 9")
"""Mutants that differ in few lists, and so take long to be caught."""


@pytest.mark.parametrize(
    "mutant",
    [pytest.param(name, marks=[pytest.mark.slow] if name in RARE else []) for name in MUTANTS],
)
def test_the_comparison_catches_a_planted_bug(
    mutant: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target, name, replacement = MUTANTS[mutant]
    if isinstance(target, dict):
        monkeypatch.setitem(target, name, replacement)
    else:
        monkeypatch.setattr(target, name, replacement)

    with pytest.raises(AssertionError):
        for seed in range(20):
            compare_lists_of(seed, tmp_path / "list.json", set())

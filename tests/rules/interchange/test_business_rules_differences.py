"""Each difference that the document lists, shown in both engines."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import re2
from business_rules.actions import BaseActions
from business_rules.engine import run_all

from ordinance.rules import FactError, RuleFileError
from ordinance.rules.interchange import Imported, read_business_rules
from ordinance.rules.interchange.variables.patterns import re2_of
from tests.rules.interchange.reference import RULE_DATA, TYPES, Variables, called, fired, rule

DOCUMENT = Path("docs") / "interchange" / "business-rules.md"

FAILS, UNKNOWN, REFUSED = "fails", "unknown", "refused"


class Case(NamedTuple):
    """One condition on one fact, and whether it is true: there, and here."""

    name: str
    operator: str
    value: Any
    fact: Any
    there: bool | str
    here: bool | str


NUMBERS = "numbers within 0.000001"
CASE = "upper and lower case in lists"
ABSENT = "absent values"
OTHER_OPTIONS = "values that are no option"
EMPTY = "values that count as empty"
WRITTEN = "numbers given as text"
LETTERS = "a text given as a list"
MEMBERS = "other values in lists"
SIZE = "very large numbers"

DECIDED: list[tuple[str, Case]] = [
    (NUMBERS, Case("numeric_a", "equal_to", 100, "99.9999995", True, False)),
    (NUMBERS, Case("numeric_a", "equal_to", 100, "100.000001", True, False)),
    (NUMBERS, Case("numeric_a", "equal_to", 100, "100.0000011", False, False)),
    (NUMBERS, Case("numeric_a", "greater_than", 100, "100.0000005", False, True)),
    (NUMBERS, Case("numeric_a", "greater_than_or_equal_to", 100, "99.9999995", True, False)),
    (NUMBERS, Case("numeric_a", "less_than", 100, "99.9999995", False, True)),
    (NUMBERS, Case("numeric_a", "less_than_or_equal_to", 100, "100.0000005", True, False)),
    (CASE, Case("select_a", "contains", "Sencha", ["sencha"], True, False)),
    (CASE, Case("select_a", "does_not_contain", "Sencha", ["sencha"], False, True)),
    (CASE, Case("select_multiple_a", "contains_all", ["Sencha"], ["sencha"], True, False)),
    (
        CASE,
        Case("select_multiple_a", "shares_no_elements_with", ["Sencha"], ["SENCHA"], False, True),
    ),
    (ABSENT, Case("numeric_a", "equal_to", 1, None, FAILS, UNKNOWN)),
    (ABSENT, Case("boolean_a", "is_false", "", None, FAILS, UNKNOWN)),
    (ABSENT, Case("select_a", "does_not_contain", "tea", None, FAILS, UNKNOWN)),
    (ABSENT, Case("select_multiple_a", "contains_all", ["tea"], None, FAILS, UNKNOWN)),
    (ABSENT, Case("string_a", "equal_to", "", None, True, True)),
    (ABSENT, Case("string_a", "equal_to", None, None, True, True)),
    (ABSENT, Case("string_a", "non_empty", "", None, False, False)),
    (
        OTHER_OPTIONS,
        Case("select_multiple_a", "is_contained_by", ["tea"], ["tea", "new"], False, True),
    ),
    (EMPTY, Case("string_a", "equal_to", "", 0, True, REFUSED)),
    (EMPTY, Case("string_a", "non_empty", "", False, False, REFUSED)),
    (WRITTEN, Case("numeric_a", "equal_to", 100, "text 100", FAILS, True)),
    (LETTERS, Case("select_a", "contains", "茶", "红茶", True, REFUSED)),
    (MEMBERS, Case("select_a", "does_not_contain", "tea", [1, None], True, REFUSED)),
    (SIZE, Case("numeric_a", "greater_than", 1, "1e18", True, REFUSED)),
    (SIZE, Case("numeric_a", "greater_than", 1, "Infinity", True, REFUSED)),
    (SIZE, Case("numeric_a", "equal_to", 123456789012.1, "123456789012.1", False, True)),
]


def read(folder: Path, rules: object, **how: Any) -> Imported:
    file = folder / "list.json"
    file.write_text(json.dumps(rules), encoding="utf-8")
    (imported,) = read_business_rules(file, **{"declared": RULE_DATA, **how})
    return imported


def given(case: Case) -> Any:
    """The value of the fact; of a number exactly as it is written."""
    if not case.name.startswith("numeric") or case.fact is None:
        return case.fact
    return case.fact.removeprefix("text ") if "text" in case.fact else Decimal(case.fact)


@pytest.mark.parametrize(("topic", "case"), DECIDED)
def test_a_condition_means_otherwise_there_just_so(topic: str, case: Case, tmp_path: Path) -> None:
    condition = {"name": case.name, "operator": case.operator, "value": case.value}
    rules = [rule(0, {"all": [condition]})]
    facts = {case.name: given(case)}
    there: bool | str
    try:
        there = fired(json.dumps(rules), facts) == [0]
    except AssertionError:
        there = FAILS
    imported = read(tmp_path, rules)
    here: bool | str
    try:
        decision = imported.ruleset.decide(facts)
        here = UNKNOWN if decision.settled_by == "unknown" else decision.fired == ("rule 1",)
    except FactError:
        here = REFUSED

    assert imported.untranslated == ()
    assert (there, here) == (case.there, case.here)


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (
            {"name": "numeric_a", "operator": "greater_than_or_equal_to", "value": 100},
            "line 3, /0/conditions/all/0: numeric_a greater_than_or_equal_to 100: "
            "from 99.999999 on there, from 100 on here",
        ),
        (
            {"name": "select_a", "operator": "contains", "value": "Sencha"},
            'line 3, /0/conditions/all/0: select_a contains "Sencha": `Sencha` is no option; '
            "there it passes in upper and lower case alike, here as it is written",
        ),
        (
            {"name": "select_multiple_a", "operator": "is_contained_by", "value": ["tea"]},
            'line 3, /0/conditions/all/0: select_multiple_a is_contained_by ["tea"]: here it asks '
            "that no other option is there; what is no option is passed over here, and makes it "
            "false there",
        ),
    ],
)
def test_a_condition_that_means_otherwise_is_warned_of_with_its_place(
    condition: object, words: str, tmp_path: Path
) -> None:
    file = tmp_path / "list.json"
    file.write_text("[\n\n" + json.dumps(rule(0, {"all": [condition]})) + "]")
    (imported,) = read_business_rules(file, RULE_DATA)

    assert imported.warnings[0] == words


def test_a_value_that_is_spelled_as_an_option_needs_no_warning(tmp_path: Path) -> None:
    condition = {"name": "select_a", "operator": "contains", "value": "COFFEE"}
    imported = read(tmp_path, [rule(0, {"all": [condition]})])

    assert [words for words in imported.warnings if "case" in words] == []
    assert imported.ruleset.decide({"select_a": ["Coffee"]}).fired == ("rule 1",)


def test_an_absent_value_that_decides_nothing_is_no_failure_here(tmp_path: Path) -> None:
    number = {"name": "numeric_a", "operator": "equal_to", "value": 1}
    no = {"name": "boolean_a", "operator": "is_true", "value": ""}
    rules = [rule(0, {"all": [number, no]})]
    facts = {"boolean_a": False}

    with pytest.raises(AssertionError):
        fired(json.dumps(rules), facts)
    assert read(tmp_path, rules).ruleset.decide(facts).settled_by == "otherwise"


def test_what_an_action_changes_is_seen_by_later_rules_there_alone(tmp_path: Path) -> None:
    class Stateful(BaseActions):
        def __init__(self, facts: dict[str, object]) -> None:
            self.facts = facts

        def raise_total(self) -> None:
            self.facts["numeric_a"] = 2

        def mark(self, rule: int) -> None:
            marks.append(rule)

    def at_least(value: int) -> dict[str, object]:
        condition = {"name": "numeric_a", "operator": "greater_than", "value": value}
        return {"all": [condition]}

    rules = [rule(0, at_least(0), {"name": "raise_total"}), rule(1, at_least(1))]
    marks: list[int] = []
    facts: dict[str, object] = {"numeric_a": 1}
    imported = read(tmp_path, rules, declared=None)
    decision = imported.ruleset.decide(facts)
    run_all(rules, Variables(facts), Stateful(facts))

    assert marks == [0, 1]
    assert decision.fired == ("rule 1",)
    assert "action `raise_total`: it is called there; here it is a field of the outcome, and " in (
        " ".join(imported.warnings)
    )


def test_a_failure_comes_after_the_actions_of_earlier_rules_there(tmp_path: Path) -> None:
    yes = {"name": "boolean_a", "operator": "is_true", "value": ""}
    number = {"name": "numeric_a", "operator": "equal_to", "value": 1}
    rules = [rule(0, {"all": [yes]}), rule(1, {"all": [number]})]
    marks: list[int] = []

    class Marks(BaseActions):
        def mark(self, rule: int) -> None:
            marks.append(rule)

    with pytest.raises(AssertionError):
        run_all(rules, Variables({"boolean_a": True}), Marks())
    decision = read(tmp_path, rules).ruleset.decide({"boolean_a": True})

    assert marks == [0]
    assert (decision.settled_by, decision.outcome) == ("unknown", {})


def test_the_order_of_calls_is_kept_for_each_action_by_itself(tmp_path: Path) -> None:
    yes = {"name": "boolean_a", "operator": "is_true", "value": ""}
    calls: list[Any] = [
        {"name": "gift", "params": {"sku": "A"}},
        {"name": "hold"},
        {"name": "gift", "params": {"sku": "B", "count": 2}},
    ]
    rules = [rule(0, {"all": [yes]}, *calls)]
    imported = read(tmp_path, rules)
    decision = imported.ruleset.decide({"boolean_a": True})

    assert [name for name, _ in called(json.dumps(rules), {"boolean_a": True})] == [
        "mark", "gift", "hold", "gift",
    ]  # fmt: skip
    assert decision.outcome == {
        "mark": [{"rule": 0}],
        "gift": [{"sku": "A"}, {"sku": "B", "count": 2}],
        "hold": [{}],
    }


@pytest.mark.parametrize("name", ["__init__", "__class__", "get_all_actions"])
def test_any_attribute_is_an_action_there_and_refused_here(name: str, tmp_path: Path) -> None:
    yes = {"name": "boolean_a", "operator": "is_true", "value": ""}
    rules = [{"conditions": {"all": [yes]}, "actions": [{"name": name}]}]

    assert called(json.dumps(rules), {"boolean_a": True}) == []
    with pytest.raises(RuleFileError, match=f"`/0/actions/0/name`: `{name}` is no action"):
        read(tmp_path, rules)


def test_an_empty_all_is_true_there_without_assertions_and_refused_here(tmp_path: Path) -> None:
    rules = [{"conditions": {"all": []}, "actions": []}]
    program = f"from business_rules import run_all; print(run_all({rules!r}, None, None))"
    there = subprocess.run([sys.executable, "-O", "-c", program], capture_output=True, text=True)

    assert there.stdout == "True\n"
    with pytest.raises(AssertionError):
        fired(json.dumps(rules), {})
    with pytest.raises(RuleFileError, match="`/0/conditions/all`: `all` is empty"):
        read(tmp_path, rules)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ('[{"name": 1, "name": 2}]', "the key `name` is there twice"),
        ('[{"value": NaN}]', "`NaN` is no number"),
        ('[{"value": "\\ud800"}]', "half of a character"),
    ],
)
def test_json_that_python_reads_is_refused_here(text: str, reason: str, tmp_path: Path) -> None:
    file = tmp_path / "list.json"
    file.write_text(text)

    assert json.loads(text)
    with pytest.raises(RuleFileError, match=reason):
        read_business_rules(file)


@pytest.mark.parametrize("pattern", [r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", "."])
def test_patterns_differ_in_characters_newer_than_this_python_alone(pattern: str) -> None:
    # The planes above hold private characters, or none.
    every = "".join(chr(code) for code in range(0x33480) if not 0xD800 <= code < 0xE000)
    runs = f"{pattern}+"
    there, here = re.findall(runs, every), re2.findall(re2_of(runs), every)
    different = set("".join(there)) ^ set("".join(here))

    assert {unicodedata.category(char) for char in different} <= {"Cn"}
    assert bool(different) is (pattern in (r"\d", r"\D", r"\w", r"\W"))


def test_the_document_lists_every_operator(root: Path) -> None:
    document = (root / DOCUMENT).read_text(encoding="utf-8")
    known = {f"`{name}.{row['name']}`" for name, type in TYPES.items() for row in
             type.get_all_operators()}  # fmt: skip

    assert set(re.findall(r"^\| (`\w+\.\w+`)", document, re.M)) == known


def test_the_document_lists_the_differences_that_are_shown_here(root: Path) -> None:
    document = (root / DOCUMENT).read_text(encoding="utf-8")
    table = document[document.index("## What is different") :]
    listed = set(re.findall(r"^\| (?!difference|-)([^|`]+?) \|", table, re.M))

    assert listed == {topic for topic, _ in DECIDED} | {
        "actions with effects",
        "failures",
        "the order of actions",
        "names of actions",
        "empty groups",
        "JSON",
        "new characters in patterns",
    }

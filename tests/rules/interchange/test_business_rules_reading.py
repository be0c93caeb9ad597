"""Rule lists as they are read: types, reports with places, and files that are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ordinance.rules import Hit, Kind
from ordinance.rules.interchange import Imported
from ordinance.rules.interchange.variables.casing import pattern, text_of
from ordinance.rules.interchange.variables.operators import OPERATORS
from ordinance.rules.vocabulary import exported
from tests.rules.interchange.reference import RULE_DATA, TYPES
from tests.rules.interchange.small_lists import YES, condition, read, rules
from tests.rules.sample_point import RISK


def kinds(imported: Imported) -> dict[str, Kind]:
    return {fact.name: fact.kind for fact in imported.ruleset.point.facts}


def test_the_operators_are_those_of_the_package() -> None:
    assert {type.value: set(names) for type, names in OPERATORS.items()} == {
        name: {row["name"] for row in type.get_all_operators()} for name, type in TYPES.items()
    }


def test_types_are_told_by_operators_and_values(tmp_path: Path) -> None:
    imported = read(
        tmp_path,
        rules(
            condition("name", "equal_to", "x"),
            condition("note", "equal_to", None),
            condition("total", "equal_to", 3),
            condition("flag", "is_false"),
            condition("sku", "contains", "x"),
            condition("sku", "ends_with", "x"),
            condition("segment", "contains", "x"),
            condition("segment", "does_not_contain", "y"),
            condition("tags", "contains_all", ["x"]),
        ),
    )

    assert imported.untranslated == ()
    assert kinds(imported) == {
        "name": Kind.TEXT,
        "note": Kind.TEXT,
        "total": Kind.DECIMAL,
        "flag": Kind.BOOLEAN,
        "sku": Kind.TEXT,
        "segment": Kind.TAGS,
        "tags": Kind.TAGS,
    }


def test_a_type_that_cannot_be_told_is_asked_for(tmp_path: Path) -> None:
    found = rules(condition("x", "contains", "tea"), actions=[{"name": "hold"}])
    imported = read(tmp_path, found)
    document = {
        "variables": [{"name": "x", "field_type": "string"}],
        "actions": [{"name": "hold", "params": None}],
    }

    assert imported.untranslated == (
        (
            'line 1, /0/conditions/all/0: x contains "tea"',
            "its variable could hold texts or a `select` variable; give the document of "
            "`export_rule_data`",
        ),
    )
    assert imported.ruleset.decide({"x": "tea"}).settled_by == "unknown"
    assert read(tmp_path, found, document).ruleset.decide({"x": "green tea"}).fired == ("rule 1",)


def test_the_document_may_be_a_file_or_what_we_export_ourselves(tmp_path: Path) -> None:
    file = tmp_path / "data.json"
    file.write_text(json.dumps(exported(RISK, "en")))
    found = rules(
        condition("order.type", "contains", "PRESALE"),
        actions=[{"name": "outcome", "params": {"value": "hold"}}],
    )
    imported = read(tmp_path, found, file)

    assert (imported.untranslated, len(imported.warnings)) == ((), 1)
    assert imported.ruleset.decide({"order": {"type": ["presale"]}}).outcome == {
        "outcome": [{"value": "hold"}]
    }
    assert read(tmp_path, found, exported(RISK)).ruleset.hash == imported.ruleset.hash


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (condition("other", "is_true"), "the document of `export_rule_data` has no such variable"),
        (condition("numeric_a", "is_true"), "a `numeric` variable has no operator `is_true`"),
        (condition("numeric_a", "grater_than", 1), "no operator; did you mean `greater_than`?"),
        (condition("numeric_a", "__init__", 1), "`__init__` is no operator"),
        (condition("numeric_a", "equal_to", "100"), "it is compared with what is no number"),
        (condition("numeric_a", "equal_to", True), "it is compared with what is no number"),
        (condition("numeric_a", "equal_to", None), "it is compared with what is no number"),
        (condition("numeric_a", "equal_to", 10**18), "a number of at most 18 digits"),
        (condition("string_a", "starts_with", 0), "it is compared with what is no text"),
        (condition("string_a", "equal_to", []), "it is compared with what is no text"),
        (condition("string_a", "equal_to_case_insensitive", "Σ"), "depend on the neighbours"),
        (condition("string_a", "equal_to_case_insensitive", "a" * 201), "it is too long"),
        (condition("string_a", "matches_regex", r"(?=a)"), "it looks ahead or back"),
        (condition("string_a", "matches_regex", r"(?i)a"), "sets a flag"),
        (condition("string_a", "matches_regex", r"\bred"), "the edge of a word (`\\b`)"),
        (condition("string_a", "matches_regex", r"(a)\1"), "`\\1` in the pattern"),
        (condition("string_a", "matches_regex", r"a{,3}"), "`{` in the pattern"),
        (condition("string_a", "matches_regex", r"a*+b"), "`+` in the pattern"),
        (condition("string_a", "matches_regex", r"(a$|b)c"), "a `$` that is not the last thing"),
        (condition("string_a", "matches_regex", r"[a"), "the pattern is not closed"),
        (condition("string_a", "matches_regex", r"(a"), "it is no pattern there either"),
        (condition("string_a", "matches_regex", "((a{999}){999}){999}"), "RE2"),
        (condition("string_a", "matches_regex", "a" * 1001), "longer than 1000 characters"),
        (condition("select_a", "contains", 3), "here a list holds texts, and nothing else"),
        (condition("select_a", "contains", ["tea"]), "here a list holds texts"),
        (condition("select_multiple_a", "contains_all", "tea"), "it needs a list of texts"),
        (condition("select_multiple_a", "contains_all", []), "its list is empty"),
        (condition("select_multiple_a", "contains_all", [None]), "here a list holds texts"),
        (
            condition(
                "select_multiple_a", "is_contained_by", ["TEA", "coffee", "茶", "gift", "k2"]
            ),
            "it lists every option",
        ),
    ],
)
def test_what_cannot_be_said_is_reported_with_its_place(
    found: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    (rule,) = rules(found, actions=[{"name": "hold"}])
    text = "[\n\n" + json.dumps(rule, ensure_ascii=False) + "\n]"
    imported = read(tmp_path, text, RULE_DATA)
    ((cell, told),) = imported.untranslated

    assert cell.startswith(f"line 3, /0/conditions/all/0: {found['name']} {found['operator']} ")
    assert reason in told
    assert imported.ruleset.decide({}).settled_by == "unknown"


def test_what_stands_for_a_condition_is_no_other_fact(tmp_path: Path) -> None:
    lost = condition("x", "grater_than", 1)
    first = read(tmp_path, rules(lost))
    (stand_in,) = first.originals
    both = read(tmp_path, rules(lost, condition(stand_in, "equal_to", 1)))

    assert set(both.originals) == {f"{stand_in}'"}
    assert kinds(both) == {stand_in: Kind.DECIMAL, f"{stand_in}'": Kind.BOOLEAN}


def test_a_decision_that_hangs_on_an_untranslated_condition_is_unknown(tmp_path: Path) -> None:
    found = rules(condition("sku", "matches_regex", r"\bred"), actions=[{"name": "hold"}])
    imported = read(tmp_path, found)
    (stand_in,) = imported.originals

    assert imported.ruleset.decide({"sku": "red"}).settled_by == "unknown"
    assert imported.ruleset.decide({stand_in: True}).fired == ("rule 1",)


@pytest.mark.parametrize(
    ("action", "reason"),
    [
        ({"name": "mail"}, "has no such action"),
        ({"name": "gift", "params": {"size": 1}}, "the action has no parameter `size`"),
        ({"name": "gift", "params": {"sku": None}}, "an object, or nothing (`null`)"),
        ({"name": "gift", "params": {"sku": {"a": 1}}}, "an object, or nothing (`null`)"),
        ({"name": "gift", "params": {"codes": [[1]]}}, "a list within a list"),
        ({"name": "gift", "params": {"count": 10**18}}, "a number of at most 18 digits"),
    ],
)
def test_an_action_that_cannot_be_said_is_reported(
    action: dict[str, Any], reason: str, tmp_path: Path
) -> None:
    yes = condition("boolean_a", "is_true")
    imported = read(tmp_path, rules(yes, actions=[action]), RULE_DATA)
    ((cell, told),) = imported.untranslated

    assert cell.startswith(f"line 1, /0/actions/0: {action['name']} ")
    assert reason in told
    assert imported.ruleset.decide({"boolean_a": True}).settled_by == "unknown"
    assert imported.ruleset.decide({"boolean_a": False}).settled_by == "otherwise"


def test_ids_and_descriptions_are_kept_and_every_id_is_there_once(tmp_path: Path) -> None:
    first, second, third = rules(YES, YES, YES)
    imported = read(
        tmp_path, [{**first, "id": "R", "description": "new buyers"}, {**second, "id": "R"}, third]
    )

    assert [rule.id for rule in imported.ruleset.tree.rules] == ["R", "R-2", "rule 3"]
    title = imported.ruleset.tree.rules[0].title
    assert title is not None
    assert title.en == "new buyers"


def test_the_hit_policy_is_how_run_all_is_called(tmp_path: Path) -> None:
    found = rules(YES, YES)
    all_of_them = read(tmp_path, found).ruleset
    first = read(tmp_path, found, stop_on_first_trigger=True).ruleset

    assert (all_of_them.tree.hit, first.tree.hit) == (Hit.COLLECT, Hit.FIRST)
    assert all_of_them.decide({"new": True}).fired == ("rule 1", "rule 2")
    assert first.decide({"new": True}).fired == ("rule 1",)


def test_names_that_mean_something_here_stay_what_they_are(tmp_path: Path) -> None:
    actions = [{"name": "points", "params": {"value": 3}}]
    imported = read(tmp_path, rules(condition("lines", "equal_to", 1), actions=actions))
    decision = imported.ruleset.decide({"lines": 1})

    assert decision.outcome == {"points": [{"value": 3}]}
    assert imported.output(decision) == [{"points": [{"value": 3}]}]


def test_a_text_and_its_pattern_of_both_cases_lead_to_each_other() -> None:
    for text in ("de", "k", "straße", "龙井 tea", "a-b_c.d", "[x]", "\\", "ω", "å"):
        found = pattern(text)
        assert found is not None
        assert text_of(found) == text.lower()
    assert text_of(r"\A[ab]\z") is None
    assert text_of(r"\Aab") is None


def test_every_letter_that_is_the_same_in_lower_case_is_in_the_pattern() -> None:
    alike: dict[str, set[str]] = {}
    for char in map(chr, range(0x20000)):
        if not 0xD800 <= ord(char) < 0xE000:
            alike.setdefault(char.lower(), set()).add(char)
    cased = {lower: chars for lower, chars in alike.items() if len(chars) > 1}

    assert len(cased) > 1_000
    for lower, chars in cased.items():
        if lower not in "σς":
            found = pattern(lower) or ""
            assert (found[:3], set(found[3:-3]), found[-3:]) == (r"\A[", chars, r"]\z")

"""Rule lists as they are read: types, reports with places, and files that are refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ordinance.rules import Hit, Kind, RuleFileError
from ordinance.rules.interchange import Imported, read_business_rules, write_business_rules
from ordinance.rules.interchange.variables.casing import pattern, text_of
from ordinance.rules.interchange.variables.operators import OPERATORS
from ordinance.rules.interchange.variables.shape import MOST_DEPTH, MOST_PARTS
from ordinance.rules.vocabulary import exported
from tests.rules.interchange.reference import RULE_DATA, TYPES
from tests.rules.sample_point import RISK

YES = {"name": "new", "operator": "is_true", "value": ""}


def condition(name: str, operator: str, value: Any = "") -> dict[str, Any]:
    return {"name": name, "operator": operator, "value": value}


def rules(*conditions: Any, actions: Any = ()) -> list[dict[str, Any]]:
    """One rule for each condition."""
    return [{"conditions": {"all": [each]}, "actions": list(actions)} for each in conditions]


def read(folder: Path, found: Any, declared: Any = None, **how: Any) -> Imported:
    file = folder / "list.json"
    file.write_text(found if isinstance(found, str) else json.dumps(found), encoding="utf-8")
    (imported,) = read_business_rules(file, declared, **how)
    return imported


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


def nested(depth: int) -> Any:
    found: Any = YES
    for _ in range(depth):
        found = {"any": [found, found]} if depth < 3 else {"all": [found]}
    return found


WHOLE = {"conditions": {"all": [YES]}, "actions": []}

MALFORMED: dict[str, tuple[Any, str, int]] = {
    "no list": (WHOLE, "this is no rule list", 1),
    "no rule": ([WHOLE, 3], "`/1`: a rule is an object", 2),
    "no conditions": ([{"actions": []}], "`/0/conditions`: a condition is an object", 1),
    "no actions": ([WHOLE, {"conditions": YES}], "`/1/actions`: the actions of a rule are", 2),
    "all beside any": (
        [WHOLE, {"conditions": {"all": [YES], "any": [YES]}, "actions": []}],
        "`/1/conditions`: `all` stands beside `any`",
        2,
    ),
    "any beside a name": (
        [{"conditions": {"all": [{"any": [YES], "name": "x"}]}, "actions": []}],
        "`/0/conditions/all/0`: `any` stands beside `name`",
        1,
    ),
    "an empty any": ([{"conditions": {"any": []}, "actions": []}], "`any` is empty", 1),
    "all of a condition": ([{"conditions": {"all": YES}, "actions": []}], "`all` is no list", 1),
    "an empty object": (
        [{"conditions": {}, "actions": []}],
        "no `name`, `operator`, `value`",
        1,
    ),
    "no value": (
        [{"conditions": {"all": [{"name": "x", "operator": "is_true"}]}, "actions": []}],
        "`/0/conditions/all/0`: the condition has no `value`",
        1,
    ),
    "no text": ([{"conditions": {**YES, "name": 3}, "actions": []}], "are texts", 1),
    "a part of Python": (
        [{"conditions": {**YES, "name": "__class__"}, "actions": []}],
        "`/0/conditions/name`: `__class__` is no variable",
        1,
    ),
    "a part of the package": (
        [{"conditions": {**YES, "name": "get_all_variables"}, "actions": []}],
        "`get_all_variables` is no variable",
        1,
    ),
    "an action without a name": ([{**WHOLE, "actions": [{}]}], "`/0/actions/0`: an action", 1),
    "a text as parameters": (
        [{**WHOLE, "actions": [{"name": "x", "params": "y"}]}],
        "`/0/actions/0/params`: the parameters",
        1,
    ),
    "a value too deep": (
        [{"conditions": {**YES, "value": nested(40)}, "actions": []}],
        "`/0/conditions`: its value is nested more than",
        1,
    ),
    "parameters too deep": (
        [{**WHOLE, "actions": [{"name": "x", "params": {"y": nested(40)}}]}],
        "`/0/actions/0`: its parameters are nested more than",
        1,
    ),
    "nested too deep": (
        [{"conditions": nested(MOST_DEPTH + 1), "actions": []}],
        f"nested more than {MOST_DEPTH} deep",
        1,
    ),
    "too many conditions": (
        [{"conditions": {"all": [YES] * MOST_PARTS}, "actions": []}],
        f"more than {MOST_PARTS} conditions and actions",
        1,
    ),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_list_is_refused_with_its_place(name: str, tmp_path: Path) -> None:
    found, reason, line = MALFORMED[name]
    text = json.dumps(found)
    if isinstance(found, list):
        text = "[" + ",\n".join(json.dumps(item) for item in found) + "]"

    with pytest.raises(RuleFileError) as error:
        read(tmp_path, text)

    (problem,) = error.value.problems
    assert reason in problem.message
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == (str(tmp_path / "list.json"), line)


def test_every_fault_of_a_list_is_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError) as error:
        read(tmp_path, [3, {"conditions": {"all": []}, "actions": [{"name": "__init__"}]}])

    assert len(error.value.problems) == 3


@pytest.mark.parametrize("document", [[], {}, {"variables": [{}], "actions": []}])
def test_a_document_of_another_kind_is_refused(document: Any, tmp_path: Path) -> None:
    file = tmp_path / "data.json"
    file.write_text(json.dumps(document))

    with pytest.raises(RuleFileError, match="no document of `export_rule_data`"):
        read(tmp_path, rules(YES), file)


@pytest.mark.parametrize("depth", [MOST_DEPTH + 1, 900, 100_000])
def test_a_bomb_of_nesting_is_refused(depth: int, tmp_path: Path) -> None:
    text = (
        '[{"actions": [], "conditions": '
        + '{"all":[' * depth
        + json.dumps(YES)
        + "]}" * depth
        + "}]"
    )

    with pytest.raises(RuleFileError, match="nested"):
        read(tmp_path, text)


NAMES = [f"v{number}" for number in range(MOST_PARTS // 2 - 10)]

LARGEST: dict[str, list[dict[str, Any]]] = {
    "one rule of many variables": [
        {"conditions": {"any": [condition(name, "is_true") for name in NAMES]}, "actions": []}
    ],
    "many rules of one id": [{**rules(condition(name, "is_true"))[0], "id": "R"} for name in NAMES],
    "many actions": rules(
        condition(NAMES[-1], "is_true"),
        actions=[{"name": name, "params": {name: 1}} for name in NAMES[: len(NAMES) // 2]],
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("largest", LARGEST)
def test_the_largest_lists_are_read_decided_and_written(largest: str, tmp_path: Path) -> None:
    imported = read(tmp_path, LARGEST[largest])

    assert imported.ruleset.decide({}).settled_by == "unknown"
    assert len(imported.ruleset.decide({name: name == NAMES[-1] for name in NAMES}).fired) == 1
    assert write_business_rules(imported, tmp_path / "written.json").tables == ("list",)


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

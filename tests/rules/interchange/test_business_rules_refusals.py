"""Rule lists that are refused, each with its place, and the largest that are not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ordinance.rules import RuleFileError
from ordinance.rules.interchange import write_business_rules
from ordinance.rules.interchange.variables.shape import MOST_DEPTH, MOST_PARTS
from tests.rules.interchange.small_lists import YES, condition, read, rules


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

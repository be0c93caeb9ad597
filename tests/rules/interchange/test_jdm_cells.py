"""What a cell of a JDM table means, the peculiarities of its own engine included."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from ordinance.rules import FactError, RuleFileError
from ordinance.rules.interchange import Imported, read_jdm
from tests.rules.interchange.jdm import Cells, cell, matches, table

ABSENT = object()

CELLS: list[tuple[str, list[Any], list[Any]]] = [
    # cell, values that match, values that do not
    ("", [1, ABSENT], []),
    ("> 5", [6, 5.5], [5, ABSENT]),
    ("> 5 and <= 10", [6, 10], [5, 11, ABSENT]),
    ("> 5, < 2", [6, 1], [2, 5, ABSENT]),
    ("> 5 or < 2 and > 0", [6, 1], [0, -1, 3]),
    ("'a', \"b\"", ["a", "b"], ["c", ABSENT]),
    ("!= 'a'", ["b", ABSENT], ["a"]),
    ("not in ['a', 'b']", ["c", ABSENT], ["a"]),
    ("null", [ABSENT], ["a"]),
    ("!= null", ["a"], [ABSENT]),
    ("[1..3]", [1, 3], [0, 4, ABSENT]),
    ("(1..3)", [2], [1, 3, ABSENT]),
    ("]1..3[", [1, 3, 0, 4], [2, ABSENT]),
    ("[1..3[", [3, 4], [0, 2, ABSENT]),
    ("(1..3(", [4], [1, 3, ABSENT]),
    ("not in [1..3]", [0, 4], [1, 3, ABSENT]),
    ("[3..1]", [], [0, 1, 2, 3, ABSENT]),
    ("1e3", [1000], [1]),
    ("007", [7], [0]),
    ("-0", [0], [1]),
    ("0.1 + 0.2", [0.3], [0.30000001, 0.4]),
    ("1_000", [1000], [1]),
    ("true", [True], [False, ABSENT]),
    ("true, false", [True, False], [ABSENT]),
    ("startsWith($, 'ab')", ["abc"], ["cab", ABSENT]),
    ("not startsWith($, 'ab')", ["cab"], ["abc", ABSENT]),
    ("!contains($, '山')", ["海"], ["山水", ABSENT]),
    ("some(['a', 'b'], contains($, #))", ["xay"], ["xy", ABSENT]),
    ("contains(['a', 'b'], $)", ["a"], ["ab", ABSENT]),
    ("matches($, '^[a-c]+$')", ["abc"], ["abd", ABSENT]),
    ("'x' in $", [["x", "y"]], [["y"], ABSENT]),
    ("some($, # in ['x', 'y'])", [["y"]], [["z"], [], ABSENT]),
    ("none($, # in ['x'])", [["z"], []], [["x"], ABSENT]),
    ("date($) >= date('2024-01-01')", ["2024-01-01", "2024-05-01T10:00:00Z"], ["2023-12-31"]),
    ("== 3 or $ > b", [3], [ABSENT]),
]


@pytest.mark.parametrize(("text", "yes", "no"), CELLS, ids=[text for text, _, _ in CELLS])
def test_a_cell_matches_what_it_matches_there(
    text: str, yes: list[Any], no: list[Any], tmp_path: Path
) -> None:
    found = cell(tmp_path, text)

    assert found.untranslated == ()
    for wanted, values in ((True, yes), (False, no)):
        for value in values:
            given = {} if value is ABSENT else {"a": value}
            assert matches(found, **given) is wanted, value


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("len($) > 5", "it calculates"),
        ("$ % 2 == 0", "it calculates"),
        ("gold", "put it in quotes"),
        ("'open", "is not closed"),
        ("> 5 <", "ends too early"),
        ("1 2", "stands where"),
        ("not 5", "the opposite of a value"),
        ("> 'a'", "only numbers and dates have an order"),
        ("matches($, '(?=a)b')", "linear time"),
        ("== b", "whether two facts are equal or both absent"),
    ],
)
def test_a_cell_that_cannot_be_said_is_told_and_leaves_the_case_open(
    text: str, reason: str, tmp_path: Path
) -> None:
    found = cell(tmp_path, text)

    assert [item.cell for item in found.untranslated] == [f"row r0, column a: {text}"]
    assert reason in found.untranslated[0].reason
    assert matches(found, a=6, b=1) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("> 5, < 2", True),
        ("[1..2], [4..5]", True),
        ("1, > 5", True),
        ("1, 2", False),
        ("'a', 'b'", False),
        ("> 5 and < 9", False),
    ],
)
def test_a_comma_between_comparisons_is_warned_of(text: str, told: bool, tmp_path: Path) -> None:
    assert any("means `or`" in warning for warning in cell(tmp_path, text).warnings) is told


def test_a_column_is_equal_to_itself_unless_it_holds_lists(tmp_path: Path) -> None:
    truths = table(tmp_path, [({"a": "$"}, {"x": "1"}), ({"a": "true"}, {"x": "2"})])
    lists = table(tmp_path, [({"a": "$"}, {"x": "1"}), ({"a": "'r' in $"}, {"x": "2"})])

    assert (truths.untranslated, said(truths, a=False)) == ((), {"x": 1})
    assert [item.cell for item in lists.untranslated] == ["row r0, column a: $"]


def test_what_hangs_on_a_lost_cell_is_open_and_the_rest_is_not(tmp_path: Path) -> None:
    found = table(
        tmp_path,
        [({"a": "> 9"}, {"x": "1"}), ({"a": "$ % 2 == 0"}, {"x": "2"}), ({"a": ""}, {"x": "3"})],
    )

    assert found.output(found.ruleset.decide({"a": 10})) == {"x": 1}
    assert found.output(found.ruleset.decide({"a": 4})) is None


def test_a_column_that_calculates_is_a_fact_to_give(tmp_path: Path) -> None:
    found = cell(tmp_path, "> 5", field="a + b")

    assert "it calculates" in found.untranslated[0].reason
    assert matches(found) is None
    assert matches(found, **{"a + b": 6}) is True


def test_a_fact_is_given_nested_or_by_its_dotted_name_but_once(tmp_path: Path) -> None:
    found = cell(tmp_path, "'x'", field="a.b")

    assert matches(found, a={"b": "x"}) is True
    assert matches(found, **{"a.b": "x"}) is True
    with pytest.raises(FactError, match="given twice"):
        matches(found, **{"a": {"b": "x"}, "a.b": "x"})


@pytest.mark.parametrize(("text", "value"), [("> 5", "7"), ("true", "true"), ("'a'", 7)])
def test_a_fact_of_another_kind_is_refused(text: str, value: object, tmp_path: Path) -> None:
    with pytest.raises(FactError, match="`a`"):
        matches(cell(tmp_path, text), a=value)


def test_what_is_asked_only_for_its_content_may_be_a_text_or_a_list(tmp_path: Path) -> None:
    found = cell(tmp_path, "contains($, 'red')")
    decision = found.ruleset.decide({"a": ["red"]})

    assert matches(found, a="dark red") is True
    assert matches(found, a=["red", "blue"]) is True
    assert matches(found, a=["dark red"]) is False
    assert "red" in found.ruleset.explain(decision, {"a": ["red"]}).text("en")


def test_kinds_go_with_the_most_rows_whatever_their_order(tmp_path: Path) -> None:
    rows: list[tuple[Cells, Cells]] = [
        ({"a": "'7'"}, {"x": "1"}),
        ({"a": "7"}, {"x": "2"}),
        ({"a": "8, 9"}, {"x": "3"}),
    ]
    for ordered in (rows, rows[::-1]):
        found = table(tmp_path, ordered)

        assert [item.cell.split(": ")[1] for item in found.untranslated] == ["'7'"]


# Outputs


def said(found: Imported, **given: object) -> object:
    return found.output(found.ruleset.decide(given))


@pytest.mark.parametrize(
    ("text", "output"),
    [
        ("1.50", 1.5),
        ("0.1 + 0.2", 0.3),
        ("'it'", "it"),
        ('"日本"', "日本"),
        ("[1, 'a', true]", [1, "a", True]),
        ("{a: 1, 'b c': 'x'}", {"a": 1, "b c": "x"}),
    ],
)
def test_an_outcome_cell_gives_its_value(text: str, output: object, tmp_path: Path) -> None:
    assert said(table(tmp_path, [({"a": ""}, {"x": text})])) == {"x": output}


@pytest.mark.parametrize("text", ["b", "b + 1", "upper('x')", "1 +", "[null]", "{}", "`v ${b}`"])
def test_an_outcome_that_depends_on_the_input_is_told(text: str, tmp_path: Path) -> None:
    found = table(tmp_path, [({"a": ""}, {"x": text})])

    assert [item.cell for item in found.untranslated] == [f"row r0, output x: {text}"]
    assert said(found) is None


def test_nothing_is_kept_where_the_engine_keeps_it(tmp_path: Path) -> None:
    rows: list[tuple[Cells, Cells]] = [({"a": "1"}, {"x": "null", "y.z": "null", "w": ""})]
    first = table(tmp_path, rows)
    collected = table(tmp_path, rows, hitPolicy="collect")

    assert said(first, a=1) == {"y": {"z": None}}
    assert said(collected, a=1) == [{"x": None, "y": {"z": None}}]


def test_outputs_stand_under_the_output_path(tmp_path: Path) -> None:
    rows: list[tuple[Cells, Cells]] = [({"a": "1"}, {"x": "5"})]
    first = table(tmp_path, rows, outputPath="r.s")
    collected = table(tmp_path, rows, outputPath="r.s", hitPolicy="collect")

    assert said(first, a=1) == {"r": {"s": {"x": 5}}}
    assert said(first, a=2) == {"r": {"s": None}}
    assert said(collected, a=1) == {"r": {"s": [{"x": 5}]}}


def test_a_row_that_says_nothing_is_not_taken_for_no_row(tmp_path: Path) -> None:
    rows: list[tuple[Cells, Cells]] = [({"a": "$ % 2 == 0"}, {"x": ""})]

    assert said(table(tmp_path, rows, outputPath="r"), a=1) is None


def test_a_field_below_a_plain_value_is_passed_over(tmp_path: Path) -> None:
    assert said(table(tmp_path, [({"a": ""}, {"x": "1", "x.y": "2"})])) == {"x": 1}
    assert said(table(tmp_path, [({"a": ""}, {"x.y": "2", "x": "1"})])) == {"x": 1}


def test_names_are_relative_to_the_input_field(tmp_path: Path) -> None:
    found = table(tmp_path, [({"a": "> $root.b"}, {"x": "1"})], inputField="buyer")

    assert said(found, buyer={"a": 2, "b": 1}) == {"x": 1}
    assert said(found, a=2, b=1) == {}


def test_a_table_that_runs_in_a_loop_is_about_one_item(tmp_path: Path) -> None:
    rows: list[tuple[Cells, Cells]] = [({"a": "> 1"}, {"x": "1"})]
    found = table(tmp_path, rows, inputField="items", executionMode="loop", passThrough=True)

    assert said(found, a=2) == {"x": 1}
    assert ["once for each item" in w or "passThrough" in w for w in found.warnings] == [True] * 2


# Files


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("", "this is not JSON"),
        ("[]", "no JDM graph"),
        ('{"nodes": 1}', "no JDM graph"),
        ('{"nodes": [], "nodes": []}', "there twice"),
        ('{"nodes": [{"type": "decisionTableNode", "name": "t"}]}', "`t` has no content"),
        ('{"rules": 1, "inputs": []}', "no list of objects"),
        ('{"rules": [NaN]}', "no number"),
        ("[" * 100_000, "nested too deeply"),
    ],
)
def test_what_is_no_graph_is_refused_with_its_place(text: str, part: str, tmp_path: Path) -> None:
    file = tmp_path / "graph.json"
    file.write_text(text, "utf-8")

    with pytest.raises(RuleFileError, match=part) as caught:
        read_jdm(file)
    assert str(caught.value).startswith(f"{file}:")


def test_a_hit_policy_that_is_not_known_decides_nothing(tmp_path: Path) -> None:
    found = table(tmp_path, [({"a": ""}, {"x": "1"})], hitPolicy="unique")

    assert [item.cell for item in found.untranslated] == ["hitPolicy: unique"]
    assert said(found) is None

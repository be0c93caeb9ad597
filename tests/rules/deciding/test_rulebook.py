"""Loading rule files, and asking a book of several sets."""

from __future__ import annotations

from pathlib import Path

import pytest

import ordinance.rules
from ordinance.rules import RuleFileError, load, loads
from tests.rules.sample_point import POINTS

ONE = """
decision: review.risk
hit: first
rules: [{id: R, when: {order.gift: true}, then: {outcome: hold}}]
when_unknown: {outcome: manual_review}
otherwise: {outcome: approve}
"""
TWO = """
decision: packing.gift
hit: first
rules: [{id: G, when: always, then: {box: big}}]
when_unknown: {box: ask}
otherwise: {box: plain}
"""


def test_a_book_of_one_set_needs_no_name() -> None:
    book = loads(ONE, points=POINTS)

    assert book.decide({"order.gift": True}).fired == ("R",)
    assert list(book.sets) == ["review.risk"]


def test_a_book_of_several_sets_is_asked_by_name(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "gift.yaml").write_text(TWO)
    (tmp_path / "risk.yaml").write_text(ONE)
    book = load(tmp_path, POINTS.values())

    assert list(book) == ["packing.gift", "review.risk"]
    assert book.decide({}, point="packing.gift").outcome == {"box": "big"}
    with pytest.raises(KeyError, match="name the decision point"):
        book.decide({})
    with pytest.raises(KeyError, match=r"no rules for `review\.call`"):
        book.decide({}, point="review.call")


def test_a_set_keeps_its_source_and_its_place(tmp_path: Path) -> None:
    path = tmp_path / "risk.yaml"
    path.write_text(ONE)
    rules = load(path, POINTS)["review.risk"]

    assert (rules.source, rules.file, rules.tree.place.line) == (ONE, str(path), 2)
    assert (
        rules.hash
        == loads(ONE.replace("hit: first", "命中: 首个"), points=POINTS)["review.risk"].hash
    )


def test_two_sets_for_one_point_are_refused_with_both_places(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(ONE)
    (tmp_path / "b.yaml").write_text(ONE)
    with pytest.raises(RuleFileError) as caught:
        load(tmp_path, POINTS)

    (problem,) = caught.value.problems
    assert "a.yaml:2" in problem.message
    assert problem.place is not None and problem.place.file.endswith("b.yaml")


def test_the_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(ONE.replace("order.gift", "order.gfit"))
    (tmp_path / "b.yaml").write_text(TWO.replace("box: big", "bix: big"))
    with pytest.raises(RuleFileError) as caught:
        load(tmp_path, POINTS)

    assert "order.gfit" in str(caught.value) and "bix" in str(caught.value)


def test_a_folder_without_rule_files_is_told(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="holds no rule files"):
        load(tmp_path, POINTS)


@pytest.mark.parametrize("name", ["risk.yml", "risk.yaml.txt", "risk.YAML"])
def test_a_file_with_almost_the_right_name_is_told(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(ONE)
    with pytest.raises(RuleFileError) as alone:
        load(tmp_path, POINTS)
    (tmp_path / "gift.yaml").write_text(TWO)
    (tmp_path / "notes.txt").write_text(ONE)

    (warning,) = load(tmp_path, POINTS).warnings

    assert f"(`{name}` is not read)" in str(alone.value)
    assert warning.code == "W_FILE" and str(warning).endswith(
        f"`{name}` is not read\n  help: rename it to `risk.yaml`, or move it away"
    )


def test_the_front_door_is_a_list_by_hand() -> None:
    assert ordinance.rules.__all__ == sorted(ordinance.rules.__all__, key=_upper_first)
    assert {"Decision", "Facts", "Rulebook", "Ruleset", "load", "loads"} <= set(
        ordinance.rules.__all__
    )
    for name in ordinance.rules.__all__:
        assert hasattr(ordinance.rules, name)


def _upper_first(name: str) -> tuple[bool, bool, str]:
    return (name.islower(), not name.isupper(), name)

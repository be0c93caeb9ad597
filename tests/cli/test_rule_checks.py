"""`ordinance rules check`: what is wrong, where, and how to write it right."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.terminal import here as ordinance

RULES = """\
decision: review.risk
hit: first
effective: {to: 2026-06-01}
as_of: order.placed_at
rules:
  - {id: R1, when: {order.receivable: {at_least: 500}}, then: {outcome: hold}}
  - {id: R2, when: {order.receivable: {at_least: 900}}, then: {outcome: manual_review}}
otherwise: {outcome: approve}
when_unknown: {outcome: manual_review}
tests:
  - {name: x, given: {order.placed_at: 2026-05-01, order.receivable: 500}, expect: {outcome: hold}}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one rule file that has an error, a warning and notes."""
    (tmp_path / "mine.yaml").write_text(RULES, "utf-8")
    return tmp_path


def checked(folder: Path, *options: str, code: int = 1) -> str:
    said = ordinance("rules", "check", "mine.yaml", "--today", "2026-06-01", *options, cwd=folder)
    assert said.code == code, said.out
    return str(said.out)


def test_each_finding_is_told_by_its_place_with_the_way_out(folder: Path) -> None:
    told = checked(folder)
    lines = told.splitlines()
    places = [line.split(": ")[0] for line in lines if line.startswith("mine.yaml")]

    assert "mine.yaml:1:1: warning W_OVER: this rule set ended on 2026-06-01" in told
    assert "mine.yaml:7:5: error E_UNREACHABLE" in told
    assert "mine.yaml:7:5: error E_NEVER_FIRED: no test fires rule `R2`" in told
    assert "  help: write a test on which it fires" in lines
    assert places == sorted(places)
    assert lines[-1] == "1 rule set: 2 errors, 1 warning"


def test_it_is_said_in_chinese_too(folder: Path) -> None:
    told = checked(folder, "--lang", "zh")

    assert "mine.yaml:7:5: 错误 E_NEVER_FIRED: 没有测试命中规则 `R2`" in told
    assert told.splitlines()[-1] == "1 套规则: 2 个错误、1 个警告"


def test_notes_are_counted_and_told_when_asked_for(folder: Path) -> None:
    assert "N_LIMIT" not in checked(folder) and "notes: see with --notes" in checked(folder)

    told = checked(folder, "--notes")
    assert "note N_LIMIT: a test to add: amount receivable 499.99" in told
    assert "see with --notes" not in told


def test_quiet_prints_what_is_wrong_and_nothing_else(folder: Path) -> None:
    lines = checked(folder, "--quiet").splitlines()

    assert lines and all(line.startswith(("mine.yaml:", "  ")) for line in lines)


def test_json_holds_everything_with_its_place(folder: Path) -> None:
    told = json.loads(checked(folder, "--json"))

    assert (told["errors"], told["warnings"]) == (2, 1) and told["notes"] > 0
    assert [item["point"] for item in told["sets"]] == ["review.risk"]
    never = next(item for item in told["problems"] if item["code"] == "E_NEVER_FIRED")
    assert (never["file"], never["line"], never["column"]) == ("mine.yaml", 7, 5)
    assert never["help"] == "write a test on which it fires"


def test_a_file_that_cannot_be_read_is_told_in_json_too(folder: Path) -> None:
    (folder / "mine.yaml").write_text(RULES.replace("receivable", "recievable", 1), "utf-8")

    told = json.loads(checked(folder, "--json"))
    assert [item["code"] for item in told["problems"]] == ["E_UNKNOWN_FACT"]
    assert told["sets"] == [] and told["errors"] == 1
    assert ordinance("rules", "check", "mine.yaml", cwd=folder).code == 1


def test_warnings_fail_with_strict_alone(folder: Path) -> None:
    right = RULES.replace("at_least: 500}", "below: 900}").replace(
        "expect: {outcome: hold}",
        (
            "expect: {fired: [R1]}}\n"
            "  - {name: y, given: {order.placed_at: 2026-05-01, order.receivable: 900}, "
            "expect: {fired: [R2]}"
        ),
    )
    (folder / "mine.yaml").write_text(right, "utf-8")

    assert checked(folder, code=0).splitlines()[-1] == "1 rule set: 1 warning"
    checked(folder, "--strict", code=1)
    assert checked(folder, "--today", "2026-05-31", "--strict", code=0).splitlines()[-1] == (
        "1 rule set is in order"
    )


@pytest.mark.parametrize(
    "rules",
    ["rules", *(f"examples/{name}/rules" for name in ("retail", "tmall", "olist", "chashop"))],
)
def test_no_shipped_file_has_errors_or_warnings(root: Path, rules: str) -> None:
    said = ordinance("rules", "check", rules, "--strict", "--quiet", cwd=root)

    assert (said.code, said.out) == (0, "")

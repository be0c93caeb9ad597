"""Everything that the reader says about a file has a Chinese sentence."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import ordinance.rules
from ordinance.rules.chinese import chinese
from ordinance.rules.chinese.translation import sentences
from ordinance.rules.problem import FactError, Problem, RuleFileError
from tests.rules.reading.files import problems, with_when
from tests.rules.reading.test_syntax import FILE, MISTAKES

RULES = Path(ordinance.rules.__file__).parent
SPEAKERS = [
    *sorted((RULES / "reading").glob("*.py")),
    *(RULES / name for name in ("scalar.py", "numeral.py", "moment.py", "rulebook.py")),
    *(RULES / "deciding" / name for name in ("given.py", "decider.py")),
    RULES.parent / "releases" / "refusals.py",
]
SAYING = {"error", "warning", "unknown_word", "ScalarError", "Problem", "Diagnosis", "_refuse"}
"""What is called with a message and a way out."""

_OWN = re.compile(r"[a-z]+[^`]* |^[a-z]+ ")
"""A text with words of its own, not a code or a severity alone."""

LEFT = re.compile(r"[A-Za-z]{3,}")
NAMES = re.compile(r"`[^`]*`|[EW]_[A-Z_]+|r\.yaml|YAML|Tab|UTF-8|GB/T|KiB|CNY|NEL|\"[^\"]*\"")


def said(source: str) -> Iterator[str]:
    """Every message and help that a module gives, each hole as `X`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _called(node.func) in SAYING:
            for part in (*node.args, *(item.value for item in node.keywords)):
                yield from (text for text in _texts(part) if _OWN.search(text))


def _called(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _texts(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.JoinedStr):
        parts = (str(item.value) if isinstance(item, ast.Constant) else "X" for item in node.values)
        yield "".join(parts)
    elif isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)


@pytest.mark.parametrize("path", SPEAKERS, ids=lambda path: path.stem)
def test_every_sentence_of_the_reader_has_a_chinese_one(path: Path) -> None:
    assert [text for text in said(path.read_text("utf-8")) if chinese(text) is None] == []


def test_a_sentence_without_a_chinese_one_is_found() -> None:
    source = 'findings.error("E_X", f"no such {thing} was seen", place, "look it up")'

    assert [text for text in said(source) if chinese(text) is None] == [
        "no such X was seen",
        "look it up",
    ]


def test_the_reader_says_many_sentences() -> None:
    assert sum(len(list(said(path.read_text("utf-8")))) for path in SPEAKERS) > 250


def test_the_holes_of_both_sentences_are_the_same() -> None:
    for english, translated in sentences().items():
        holes = [sorted(re.findall(r"<\d>", text)) for text in (english, translated)]
        assert set(holes[1]) <= set(holes[0]), english
        assert len(set(holes[0])) == len(holes[0]), english


def english_left(text: str) -> list[str]:
    """English words outside of what the merchant wrote and of names."""
    return LEFT.findall(NAMES.sub("", text))


@pytest.mark.parametrize(("right", "wrong", "_"), MISTAKES)
def test_a_mistake_is_told_in_chinese_alone(right: str, wrong: str, _: str) -> None:
    (problem,) = problems(FILE.replace(right, wrong))

    assert english_left(problem.text("zh")) == []
    assert "改法: " in problem.text("zh")


def test_what_is_wrong_with_values_is_told_in_chinese_alone() -> None:
    for when in (
        "{order.paid: {at_least: 5,000}}",
        "{order.paid: 1.234}",
        "{order.recievable: 1}",
        "{order.paid: {大于: 1}}",
        "{order.paid: [1, 1], order.type: gift}",
        "{receiver.region: 海南}",
        "{order.paid_at: {above: 2026-11-05}}",
        "{order.local_time: {at_least: '22:00', below: '06:00'}}",
        "{line.quantity: 1}",
        "[{order.paid: 1}]",
        "{any_line: {order.paid: 1}}",
    ):
        for problem in problems(with_when(when)):
            assert english_left(problem.text("zh")) == [], problem


def test_a_space_parts_chinese_from_a_word_in_backticks() -> None:
    assert chinese("unknown key `x` in rule `R8`") == "规则 `R8` 里没有 `x` 这个键"


def test_several_problems_and_facts_are_told_in_one_language() -> None:
    many = RuleFileError([Problem("E_EMPTY", "the file is empty")] * 51)
    facts = FactError([Problem("E_MISSING_FACT", "`order.paid` is needed and absent")])

    assert many.text("zh").endswith("错误 E_EMPTY: 文件是空的\n... 还有 1 个")
    assert many.text("en") == str(many)
    assert facts.text("zh") == "错误 E_MISSING_FACT: 缺了必须有的 `order.paid`"


def test_what_has_no_chinese_sentence_stays_english() -> None:
    assert Problem("E_X", "nobody wrote this down").text("zh") == "错误 E_X: nobody wrote this down"

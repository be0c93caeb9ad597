"""Where a file is not YAML, the message names what the merchant did, at its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from ordinance.rules.reading.bare import bare
from ordinance.rules.reading.syntax import diagnosed
from tests.rules.reading.files import problems, told

FILE = """\
decision: review.risk
hit: first
rules:
  - id: R1
    when: {order.receivable: {at_least: 500}}
    then: {outcome: hold}
    because: {zh: "应收 {order.receivable}", en: "to pay {order.receivable}"}
when_unknown: {outcome: manual_review}
otherwise: {outcome: approve}
"""

MISTAKES = [
    ("    then: {out", "\tthen: {out", "6:1: error E_SYNTAX: the line begins with a tab"),
    ("    then: {out", "  \tthen: {out", "6:3: error E_SYNTAX: the line begins with a tab"),
    ("    then: {out", "      then: {out", "6:7: error E_SYNTAX: the line is indented by 6 blanks"),
    ("    then: {out", "   then: {out", "indent it by 2 or 4 blanks"),
    ("    then: {out", "\u3000\u3000then: {out", "6:1: error E_SYNTAX: a full-width blank"),
    ("    then: {out", "\xa0\xa0\xa0\xa0then: {out", "6:1: error E_SYNTAX: a no-break blank"),
    ("because: {zh", "because：{zh", "7:12: error E_SYNTAX: `：` stands where `:` is wanted"),
    ("decision: review.risk", "decision：review.risk", "help: write `:` and a blank"),
    ("{outcome: hold}", "｛outcome: hold｝", "`｛` stands where `{` is wanted"),
    ("{at_least: 500}", "{at_least: 500， below: 600}", "`，` stands where `,` is wanted"),
    ('zh: "应收 {order.receivable}"', "zh: “应收 {order.receivable}”", '`“` stands where `"` is'),
    ("    then: {out", "    ＃ note\n    then: {out", "`＃` stands where `#` is wanted"),
    ("    then: {out", "    // note\n    then: {out", "help: begin a comment with `# `"),
    ("- id", "– id", "4:3: error E_SYNTAX: `–` stands where `-` is wanted"),
    ("- id", "-id", "4:3: error E_SYNTAX: no blank after the dash in `-id: R1`"),
    ("id: R1", "id:R1", "4:8: error E_SYNTAX: no blank after the colon in `- id:`"),
    ("when: {", "when:{", "5:10: error E_SYNTAX: no blank after the colon in `when:`"),
    (
        "{at_least: 500}",
        "{>=: 500}",
        "`>=` is not a comparator\n  help: compare in words, `at_least`",
    ),
    ("{at_least: 500}", "> 500", "help: compare in words, `above` (`高于`)"),
    ("{at_least: 500}", "(at_least: 500)", "`(` opens nothing here"),
    (
        "{at_least: 500}",
        "at_least: 500",
        "a second colon in one line, after `at_least`",
    ),
    ("{order.receivable: {at_least: 500}}", "order.receivable: at_least: 500", "a second colon"),
    ("{at_least: 500}", "@500", "a value begins with `@`"),
    ("500}}", "500}", "5:11: error E_SYNTAX: `{` is never closed"),
    ("500}}", "500}}}", "5:46: error E_SYNTAX: `}` closes nothing"),
    ("500}}", "500]}", "5:30: error E_SYNTAX: `{` is never closed"),
    ('zh: "应收', "zh: '应收", "the quote that begins with `'应收"),
    ('zh: "应收 {', "zh: {", "put a text that holds braces into double quotes"),
    ('en: "to pay ', 'en: "to "pay" ', '`pay" {order.receivable}"}` stands after the end of a'),
    ('en: "to pay {order.receivable}"', "en: order #5", "`#5}` is a comment; put a text with `#`"),
    ("  - id: R1", "    - id: R0\n  - id: R1", "5:3: error E_SYNTAX"),
    (
        "    because",
        "    - id: R2\n      when: always\n    because",
        "`- id: R2` does not belong to what stands above it",
    ),
]


@pytest.mark.parametrize(("right", "wrong", "told_so"), MISTAKES)
def test_what_was_done_is_told_where_it_was_done(right: str, wrong: str, told_so: str) -> None:
    assert FILE.count(right) == 1

    assert told_so in told(FILE.replace(right, wrong))


def test_the_file_without_a_mistake_is_read() -> None:
    assert problems(FILE) == ()


@pytest.mark.parametrize(("right", "wrong", "_"), MISTAKES)
def test_one_mistake_is_one_problem_with_a_way_out(right: str, wrong: str, _: str) -> None:
    (problem,) = problems(FILE.replace(right, wrong))

    assert problem.code == "E_SYNTAX" and problem.help


def test_what_is_not_recognised_is_told_in_the_parser_s_words() -> None:
    assert "this is not YAML: " in told('decision: "\\q"\n')


@pytest.mark.parametrize(
    ("line", "text", "quote", "after"),
    [
        ('a: "b # c" # d', 'a: "xxxxx"', None, None),
        ("a: it's # d", "a: it's", None, None),
        ("a: 'it''s'", "a: 'xxxxx'", None, None),
        ('a: "b\\"c"', 'a: "xxxx"', None, None),
        ('a: "b', 'a: "x', 3, None),
        ('a: "b" c', 'a: "x" c', None, 6),
        ('{a: "b", c: "d"}', '{a: "x", c: "x"}', None, None),
        ("  - a: b", "  - a: b", None, None),
    ],
)
def test_quotes_and_comments_are_taken_out_of_a_line(
    line: str, text: str, quote: int | None, after: int | None
) -> None:
    shape = bare(line)

    assert shape.text.rstrip() == text
    assert (shape.open_quote, shape.after_quote) == (quote, after)
    assert len(shape.text) == len(line)


def test_no_line_of_the_shipped_rules_looks_like_a_mistake(root: Path) -> None:
    """A look that sees a mistake in a right line would mislead about the wrong one near it."""
    for path in sorted((root / "rules").glob("*.yaml")):
        lines = path.read_text("utf-8").splitlines()
        for number, line in enumerate(lines, 1):
            found = diagnosed("\n" * (number - 1) + line, number, 200)
            assert found is None, f"{path.name}:{number}: {found}"

"""The canonical layout: same meaning, every comment kept, and nothing left to change."""

from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from ordinance.rules.layout import fmt
from ordinance.rules.problem import RuleFileError
from tests.part import part

MESSY = """\
# the first line


decision:   review.risk   # which question
title: 'Order review'
rules:
# the large ones
- id: "R1"  # never changes
  when: {order.receivable: {at_least: 100},   # in CNY
     order.type: [normal,
     presale # since May
     ]}
  because: >-
    too large
  # - id: R0
bands:
  - {below: "30",
     outcome: approve}
# the end
"""

NEAT = """\
# the first line

decision: review.risk  # which question
title: Order review
rules:
  # the large ones
  - id: R1  # never changes
    when:
      order.receivable: {at_least: 100}  # in CNY
      order.type:
        - normal
        - presale  # since May
    because: too large
    # - id: R0
bands:
  - {below: "30", outcome: approve}
# the end
"""


def test_a_messy_file_becomes_neat_and_keeps_every_comment_at_its_place() -> None:
    assert fmt(MESSY) == NEAT


def test_a_neat_file_stays_as_it_is() -> None:
    assert fmt(NEAT) == NEAT


@pytest.mark.parametrize(
    ("written", "neat"),
    [
        ("'yes'", '"yes"'),
        ('"46"', '"46"'),
        ("22:30", '"22:30"'),
        ("'phone'", "phone"),
        ("'a, b'", '"a, b"'),
        ("a {b} c", '"a {b} c"'),
        ("'#1'", '"#1"'),
        ("-5", "-5"),
        ("'it''s'", "it's"),
        ("''''", '"\'"'),
        ('"订单"', "订单"),
        ("''", '""'),
    ],
)
def test_quotes_stand_where_a_reader_could_be_misled_and_nowhere_else(
    written: str, neat: str
) -> None:
    assert fmt(f"value: {written}\n") == f"value: {neat}\n"


def test_the_chinese_keys_are_laid_out_like_the_english_ones() -> None:
    assert fmt("规则: [{编号: X1, 当: 一直}]\n") == "规则:\n  - 编号: X1\n    当: 一直\n"


def test_the_entries_of_a_section_look_alike() -> None:
    short = "params:\n  a: {value: 1}\n  b: {value: 2}\n"
    commented = "params:\n  a: {value: 1}\n  b:\n    value: 2  # why\n"

    assert fmt(short) == short
    assert fmt(commented) == "params:\n  a:\n    value: 1\n  b:\n    value: 2  # why\n"


def test_a_table_row_takes_one_line_however_long() -> None:
    row = f"{{id: T1, if: [{', '.join(['any'] * 30)}]}}"

    assert f"    - {row}\n" in fmt(f"table: {{rows: [{row}]}}\n")


def test_a_line_holds_a_hundred_columns_and_a_chinese_character_takes_two() -> None:
    fits = f"title: {{zh: {'标' * 40}, en: x}}\n"
    too_long = f"title: {{zh: {'标' * 41}, en: x}}\n"

    assert fmt(fits) == fits
    assert fmt(too_long) == f"title:\n  zh: {'标' * 41}\n  en: x\n"


@pytest.mark.parametrize("text", ["a: [", "a: 1\na: 2\n", "a: &x 1\n", "", "- \n---\n- \n", "7\n"])
def test_what_the_reader_refuses_is_not_laid_out(text: str) -> None:
    with pytest.raises(RuleFileError):
        fmt(text)


WORDS = st.sampled_from(
    ["a", "b c", "是", "yes", "0123", "22:30", "x: y", "#no", "- z", "{q}", "it's", 'say "x"', "",
     " edge ", "tail:", "a, b", "$ref", "50%", "2026-01-01", "~", "\\", "line\nbreak", "-", "="]
)  # fmt: skip
KEYS = st.sampled_from(["id", "rules", "when", "规则", "rows", "a b", "x.y", "then", "22:30", "-k"])
TREES = st.recursive(
    WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=part(300), deadline=None)
@given(
    tree=st.dictionaries(KEYS, TREES, min_size=1, max_size=4),
    flow=st.sampled_from([True, False, None]),
    style=st.sampled_from([None, '"', "'"]),
    data=st.data(),
)
def test_any_file_keeps_its_meaning_and_its_comments_and_is_settled_after_one_pass(
    tree: dict[str, object], flow: bool | None, style: str | None, data: st.DataObject
) -> None:
    dumped = yaml.dump(
        tree, default_flow_style=flow, default_style=style, allow_unicode=True, width=10**6
    )
    lines: list[str] = []
    count = 0
    inside = False
    for line in dumped.splitlines():
        # A quoted text that goes on over several lines has no room for comments.
        inside ^= len(re.findall(r'(?<!\\)"', line)) % 2 == 1 if style == '"' else False
        lines.append(line)
        if "\n" in str(tree) or "\\n" in str(tree) or inside:
            continue
        kind = data.draw(st.sampled_from(["none", "none", "beside", "below", "blank"]))
        if kind == "beside":
            count += 1
            lines[-1] += f" # c{count}"
        elif kind == "below":
            count += 1
            lines.append(" " * data.draw(st.integers(0, 6)) + f"# c{count}")
        elif kind == "blank":
            lines.append("")
    text = "\n".join(lines) + "\n"

    once = fmt(text)

    assert yaml.load(once, Loader=yaml.BaseLoader) == yaml.load(text, Loader=yaml.BaseLoader)
    assert sorted(re.findall(r"# c\d+", once)) == sorted(f"# c{n + 1}" for n in range(count))
    assert fmt(once) == once

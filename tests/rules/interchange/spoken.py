"""Cells as people may write them, each with what it means: an oracle that shares no code with the
reader of tables."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

Meaning = Callable[[Any], bool]
"""Whether a value, or None for an absent one, matches."""


@dataclass(frozen=True)
class Spoken:
    """One cell: its text and its meaning."""

    text: str
    means: Meaning


@dataclass(frozen=True, eq=False)
class Column:
    """The values of one kind of column, each with its spellings."""

    name: str
    head: str
    values: Mapping[Any, tuple[str, ...]]
    ordered: bool


COLUMNS = (
    Column(
        "weight",
        "weight",
        {
            Decimal("-3"): ("-3",),
            Decimal(0): ("0",),
            Decimal("0.2"): ("0.2", "20%", "20％"),
            Decimal(2): ("2", "2.0"),
            Decimal("5.5"): ("5.5",),
            Decimal(10): ("10",),
        },
        ordered=True,
    ),
    Column(
        "城市",
        "城市 (文本)",
        {
            "上海": ("上海", "“上海”"),
            "46": ("46", '"46"'),
            "BR-SP": ("BR-SP", "「BR-SP」"),
            "New York": ("New York", '"New York"'),
            "non-stop": ("non-stop",),
            '非洲 or "x", y': ('"非洲 or ""x"", y"',),
        },
        ordered=False,
    ),
    Column("member", "member", {True: ("yes", "是", "TRUE"), False: ("no", "否", "×")}, False),
    Column(
        "day",
        "如果 day",
        {
            date(2026, 10, 31): ("2026-10-31", "2026/10/31", "2026年10月31日"),
            date(2026, 11, 5): ("2026-11-05", "2026/11/5", "2026年11月5日"),
            date(2026, 11, 11): ("2026-11-11",),
        },
        ordered=True,
    ),
    Column(
        "paid",
        "paid (moment)",
        {
            datetime(2026, 11, 5, 2, 30, tzinfo=UTC): (
                "2026-11-05 10:30+08:00",
                "2026-11-05T02:30:00Z",
            ),
            datetime(2026, 11, 11, tzinfo=UTC): ("2026-11-11T00:00:00Z",),
        },
        ordered=True,
    ),
    Column(
        "clock",
        "clock",
        {time(6): ("06:00",), time(12, 30): ("12:30",), time(22): ("22:00", "22:00:00")},
        ordered=True,
    ),
    Column(
        "wait",
        "wait",
        {
            timedelta(hours=48): ("48 h", "48小时", "2 天"),
            timedelta(minutes=30): ("30 min", "30分钟"),
            timedelta(days=7): ("7 d", "7天"),
        },
        ordered=True,
    ),
)

_ORDERINGS: tuple[tuple[Callable[[Any, Any], bool], tuple[str, ...]], ...] = (
    (
        operator.ge,
        (
            ">= {}",
            ">={}",
            "≥{}",
            "＞＝ {}",
            "at least {}",
            "不低于 {}",
            "不少于{}",
            "至少{}",
            "大于等于{}",
            "满{}",
            "{} 以上",
            "{}以上",
            "{} or more",
            "[{}, )",
            "［{}，∞）",
        ),
    ),
    (operator.gt, ("> {}", "＞{}", "above {}", "more than {}", "高于 {}", "超过{}", "({}, )")),
    (
        operator.le,
        (
            "<= {}",
            "≤{}",
            "at most {}",
            "up to {}",
            "不高于 {}",
            "不超过{}",
            "至多{}",
            "{}以下",
            "{} 以内",
            "{} or less",
            "(, {}]",
        ),
    ),
    (operator.lt, ("< {}", "＜ {}", "below {}", "less than {}", "低于{}", "不满{}", "(，{})")),
)
_LISTS = (", ", "，", "、", "; ", "；", " or ", "或", " 或者 ")
_DENIALS = ("not {}", "非 {}", "不是 {}", "none of {}", "except {}", "{} 除外", "除 {} 外")
_RANGES = ("{}{}, {}{}", "{}{}，{}{}", "{}{}..{}{}", "{}{}; {}{}")


@st.composite
def spoken(draw: st.DrawFn, column: Column) -> Spoken:
    """A cell of one column."""
    shape = draw(st.sampled_from(("any", "alternatives", "alternatives", "both", "one", "one")))
    if shape == "any":
        return Spoken(draw(st.sampled_from(("", "-", "any", "不限"))), lambda value: True)
    if shape == "alternatives":
        first, second = draw(_single(column)), draw(_single(column))
        word = draw(st.sampled_from((" or ", "或", " 或者 ")))
        return Spoken(
            f"{first.text}{word}{second.text}",
            lambda value: first.means(value) or second.means(value),
        )
    if shape == "both":
        first, second = draw(_no_value(column)), draw(_no_value(column))
        word = draw(st.sampled_from((" and ", "且", " 并且 ")))
        return Spoken(
            f"{first.text}{word}{second.text}",
            lambda value: first.means(value) and second.means(value),
        )
    return draw(_single(column))


def _single(column: Column) -> st.SearchStrategy[Spoken]:
    return st.one_of(_values(column), _no_value(column))


def _no_value(column: Column) -> st.SearchStrategy[Spoken]:
    found = [_denied(column), _presence()]
    return st.one_of(*found, *([_ordering(column), _range(column)] if column.ordered else []))


@st.composite
def _values(draw: st.DrawFn, column: Column) -> Spoken:
    values, text = draw(_listed(column, _LISTS))
    return Spoken(text, lambda value: value in values)


@st.composite
def _denied(draw: st.DrawFn, column: Column) -> Spoken:
    values, text = draw(_listed(column, _LISTS[:5]))
    denial = draw(st.sampled_from(_DENIALS))
    return Spoken(denial.format(text), lambda value: value is not None and value not in values)


@st.composite
def _listed(draw: st.DrawFn, column: Column, signs: tuple[str, ...]) -> tuple[list[Any], str]:
    values = draw(st.lists(st.sampled_from(list(column.values)), min_size=1, max_size=3))
    texts = [draw(st.sampled_from(column.values[value])) for value in values]
    return values, draw(st.sampled_from(signs)).join(texts)


@st.composite
def _ordering(draw: st.DrawFn, column: Column) -> Spoken:
    holds, spellings = draw(st.sampled_from(_ORDERINGS))
    bound = draw(st.sampled_from(list(column.values)))
    text = draw(st.sampled_from(column.values[bound]))
    return Spoken(
        draw(st.sampled_from(spellings)).format(text),
        lambda value: value is not None and holds(value, bound),
    )


@st.composite
def _range(draw: st.DrawFn, column: Column) -> Spoken:
    values = sorted(column.values)
    low = draw(st.integers(0, len(values) - 2))
    high = draw(st.integers(low + 1, len(values) - 1))
    opening, closing = draw(st.sampled_from("[(")), draw(st.sampled_from("])"))
    ends = [draw(st.sampled_from(column.values[values[at]])) for at in (low, high)]
    text = draw(st.sampled_from(_RANGES)).format(opening, *ends, closing)
    above = operator.ge if opening == "[" else operator.gt
    below = operator.le if closing == "]" else operator.lt

    def inside(value: Any) -> bool:
        return value is not None and above(value, values[low]) and below(value, values[high])

    if opening + closing == "()" or draw(st.booleans()):
        # `not (a, b)` could deny a list as well, so it is reported.
        return Spoken(text, inside)
    return Spoken(f"not {text}", lambda value: value is not None and not inside(value))


@st.composite
def _presence(draw: st.DrawFn) -> Spoken:
    if draw(st.booleans()):
        return Spoken(draw(st.sampled_from(("missing", "空", "缺失"))), lambda value: value is None)
    return Spoken(draw(st.sampled_from(("present", "非空"))), lambda value: value is not None)

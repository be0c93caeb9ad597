"""What single cells mean, and what is not clear about the others."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ordinance.rules.interchange import read_table
from tests.rules.interchange.table_files import cell, from_csv, only_report, outcome

MATCHES: tuple[tuple[str, str, tuple[Any, ...], tuple[Any, ...]], ...] = (
    ("a", "5000以上", (5000, 5001), (4999,)),
    ("a", "5000 以下", (5000, 4999), (5001,)),
    ("a", "不满 5000", (4999,), (5000,)),
    ("a", "超过5000", (5001,), (5000,)),
    ("a", "满100", (100,), (99,)),
    ("a", "＞＝ 5000 且 ＜ 10000", (5000, 9999), (4999, 10000)),
    ("a", "【5000，10000）", (5000, 9999), (4999, 10000)),
    ("a", "[100,500)", (100, 499), (99, 500)),
    ("a", "(, 100]", (100, -5), (101,)),
    ("a", "[100, ∞)", (100,), (99,)),
    ("a", "not [5, 10]", (4, 11), (5, 10, None)),
    ("a", "< 5 or > 10", (4, 11), (5, 10, None)),
    ("a", "(< 5 or > 10) and not 4", (3, 11), (4, 5, None)),
    ("a", "20% or more", (Decimal("0.2"),), (Decimal("0.19"),)),
    ("a", "5 or more and below 10", (5, 9), (4, 10)),
    ("a", "5", (5,), (6, None)),
    ("a", "46、54，11", (46, 54, 11), (45,)),
    ("a", "46 除外", (45,), (46, None)),
    ("a", "除 46、54 以外", (45,), (46, 54, None)),
    ("a", "46 或 空", (46, None), (45,)),
    ("a", "0123", ("0123",), ("123",)),
    ("a", "'0123", ("0123",), ("123",)),
    ("a", "'>= 5", (5,), (4,)),
    ("a", "New York; São Paulo", ("New York", "São Paulo"), ("new york",)),
    ("a", "not “上海、江苏”", ("上海",), ("上海、江苏",)),
    ("a", "starts with 33", ("330106",), ("310000", None)),
    ("a", "开头是 33", ("330106",), ("310000",)),
    ("a", "包含 茶", ("绿茶",), ("咖啡",)),
    ("a", "含任一 茶、咖啡", ("绿茶", "咖啡豆"), ("杯",)),
    ("a", '匹配 "^[0-9]+$"', ("12",), ("1a",)),
    ("a (标签)", "含 VIP", (["VIP", "new"],), (["new"], None)),
    ("a (tags)", "contains none of VIP, staff", (["new"],), (["VIP"], None)),
    ("a (region)", "33, 46", ("330106", "46"), ("320100",)),
    ("a (text)", "46, 54", ("46",), ("47",)),
    ("a（文本）", "是", ("是",), ("否",)),
    ("a", "√", (True,), (False, None)),
    ("a", "2026年11月5日", (date(2026, 11, 5),), (date(2026, 11, 6),)),
    ("a", "[22:00, 06:00)", (time(23), time(5)), (time(6), time(12))),
    ("a", "not [22:00, 06:00)", (time(6), time(12)), (time(23), None)),
    ("a", "at most 48 h", (timedelta(days=2),), (timedelta(days=3),)),
    ("a", "3天以内", (timedelta(hours=72),), (timedelta(hours=73),)),
    (
        "a",
        ">= 2026-11-05 10:30+08:00",
        (datetime(2026, 11, 5, 2, 30, tzinfo=UTC),),
        (datetime(2026, 11, 5, 2, 29, tzinfo=UTC),),
    ),
    ("a", "missing", (None,), (5,)),
    ("a", "非空", (5,), (None,)),
    ("a", "—", (5, None), ()),
)


@pytest.mark.parametrize(("head", "text", "yes", "no"), MATCHES, ids=[m[1] for m in MATCHES])
def test_a_cell_matches_what_it_says(
    head: str, text: str, yes: tuple[Any, ...], no: tuple[Any, ...], tmp_path: Path
) -> None:
    imported = cell(tmp_path, text, head)

    assert imported.untranslated == ()
    for value in yes:
        assert imported.ruleset.decide({"a": value}).fired == ("R1",), value
    for value in no:
        assert imported.ruleset.decide({"a": value}).fired == (), value


UNCLEAR = (
    ("1,000", "a list, a thousand or a decimal?"),
    ("1，000", "a list, a thousand or a decimal?"),
    ("1,5", "a list, a thousand or a decimal?"),
    ("5-10", "a range, or a code?"),
    ("5~10", "a range, or a code?"),
    ("5 至 10", "a range, or a code?"),
    ("5..10", "a range, or a code?"),
    (">= 5, < 10", "a comma after a comparison: do both hold, or one?"),
    ("not (5, 10)", "after `not` stands one test"),
    ("[10, 5]", "no value is in this range"),
    ("[5]", "a range is written `[5, 10)`"),
    ("[5, 10", "a bracket is not closed"),
    ("“上海", "the quote `”` is missing"),
    ("5kg", "write the number alone"),
    ("¥5000", "write the number alone"),
    ("5000元以上", "write the number alone"),
    ("1.2E+05", "a number with an exponent"),
    ("５０００", "write digits as 0 to 9"),
    ("11/5/2026", "a date? Write it like `2026-11-05`"),
    ("2026-11-31", "`2026-11-31` is not in the calendar"),
    ("2026-11-05 10:30", "`2026-11-05T10:30:00` does not say its zone"),
    ("9999999999999999999", "a number of 19 digits"),
    ("#N/A", "the spreadsheet shows an error, or a formula"),
    ("#REF!", "the spreadsheet shows an error, or a formula"),
    ("看情况", "it is not decided yet"),
    ("同上", "it points to another cell"),
    ("无", "an absent value, or the word?"),
    ("其他", "the word, or everything else?"),
    ("全部", "any value, or the word?"),
    ("非洲", "a comparison, or a word?"),
    ("含税", "a comparison, or a word?"),
    ("满天星", "a comparison, or a word?"),
    ("1/2", "a date or a fraction?"),
    ("+86", "write a number without `+`"),
    ("ask the boss first", "free text, which no rule can decide by"),
    ("金额较大而收货人电话无法接通的订单", "free text, which no rule can decide by"),
    ("上海; ", "nothing stands between two commas"),
    ("A and B", "no value is two at once"),
    (">= 上海", "only numbers, dates and times can be more or less"),
    ("> 5 or", "free text, which no rule can decide by"),
    ("matches [0-9]", "a pattern stands in quotes"),
    ('matches "(?=x)"', "the pattern is none that is matched in linear time"),
)


@pytest.mark.parametrize(("text", "reason"), UNCLEAR, ids=[text for text, _ in UNCLEAR])
def test_an_unclear_cell_is_reported_with_its_place(text: str, reason: str, tmp_path: Path) -> None:
    imported = cell(tmp_path, text)

    report = only_report(imported)
    assert report.cell == f"line 2:4 (a): {text.strip()}"
    assert reason in report.reason
    # Nothing is guessed: until somebody says whether the cell holds, nobody knows.
    assert imported.ruleset.decide({"a": 5}).settled_by == "unknown"
    assert imported.ruleset.decide({"a": 5, f"a: {text.strip()}": True}).fired == ("R1",)


OUTCOMES: tuple[tuple[str, Any], ...] = (
    ("8.50", "8.5"),
    ("20%", "0.2"),
    ("-3", -3),
    ("顺丰", "顺丰"),
    ("SF Express", "SF Express"),
    ("“请电话确认，谢谢”", "请电话确认，谢谢"),
    ('"5-10"', "5-10"),
    ('"46"', "46"),
    ("yes", True),
    ("否", False),
    ("2026-11-05", "2026-11-05"),
    ("[顺丰, 中通]", ["顺丰", "中通"]),
    ("{sku: TOTE, per: 200}", {"sku": "TOTE", "per": 200}),
)


@pytest.mark.parametrize(("text", "said"), OUTCOMES, ids=[text for text, _ in OUTCOMES])
def test_an_outcome_gives_what_it_says(text: str, said: Any, tmp_path: Path) -> None:
    imported = outcome(tmp_path, text)

    assert imported.untranslated == ()
    assert imported.ruleset.decide({}).outcome == {"b": said}


@pytest.mark.parametrize("text", ["", "-", "不设", "unset"])
def test_a_blank_outcome_leaves_the_field_out(text: str, tmp_path: Path) -> None:
    imported = from_csv(tmp_path, f"id,a,→ b\nR1,any,{text}\n")

    assert imported.ruleset.decide({}).outcome == {}
    assert "line 2:1: nothing follows from this row" in imported.warnings


@pytest.mark.parametrize("text", ["请先联系仓库", "a, b", "1,000", "5元", "无", "#REF!"])
def test_an_unclear_outcome_is_reported(text: str, tmp_path: Path) -> None:
    imported = outcome(tmp_path, text)

    assert only_report(imported).cell == f"line 2:5 (b): {text}"
    assert imported.ruleset.decide({}).settled_by == "unknown"


def test_numerals_go_with_the_rest_of_their_column(tmp_path: Path) -> None:
    imported = from_csv(tmp_path, "id,region,→ fee\nR1,上海,1\nR2,北京,2\nR3,46,3\n")

    assert imported.ruleset.decide({"region": "46"}).fired == ("R3",)


def test_a_word_among_numbers_is_reported(tmp_path: Path) -> None:
    imported = from_csv(tmp_path, "id,weight,→ fee\nR1,5,1\nR2,> 6,2\nR3,轻货,3\n")

    report = only_report(imported)
    assert report.cell == "line 4:4 (weight): 轻货"
    assert report.reason == "`weight` holds a number in the rest of the table, and text here"


def test_moments_without_a_zone_are_read_in_the_zone_that_is_given(tmp_path: Path) -> None:
    path = tmp_path / "fees.csv"
    path.write_text("id,paid,→ fee\nR1,>= 2026-11-05 10:30,1\n", encoding="utf-8")

    (imported,) = read_table(path, zone=timezone(timedelta(hours=8)))

    assert imported.untranslated == ()
    facts = {"paid": datetime(2026, 11, 5, 2, 30, tzinfo=UTC)}
    assert imported.ruleset.decide(facts).fired == ("R1",)

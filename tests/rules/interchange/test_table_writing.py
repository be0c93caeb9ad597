"""Rule sets as tables: what is written, what cannot be, and that a spreadsheet runs nothing."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from ordinance.rules import loads
from ordinance.rules.interchange import Imported, read_dmn, read_table, write_dmn, write_table
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import Choice, DecisionPoint, Fact, Field, Hit
from ordinance.rules.rulebook import Ruleset
from tests.rules.interchange.table_files import from_csv

FACTS = {
    "order.receivable": Kind.MONEY,
    "order.lines": Kind.INTEGER,
    "order.tags": Kind.TAGS,
    "order.remark": Kind.TEXT,
    "order.paid_at": Kind.INSTANT,
    "order.local_time": Kind.TIME_OF_DAY,
    "receiver.region": Kind.REGION,
    "buyer.is_new": Kind.BOOLEAN,
}
POINT = DecisionPoint(
    name="review.risk",
    title=Words("订单审核", "Order review"),
    question=Words("怎么审核?", "How is it reviewed?"),
    facts=tuple(Fact(name, kind, Words(name, name)) for name, kind in FACTS.items()),
    fields=(
        Field(
            "outcome",
            Words("结论", "outcome"),
            choices=tuple(Choice(code, Words(code, code)) for code in ("approve", "hold", "other")),
        ),
        Field("note", Words("备注", "note"), kind=Kind.TEXT),
    ),
    hits=(Hit.FIRST,),
)
RULES = """\
decision: review.risk
title: {zh: 订单审核, en: Order review}
hit: first
rules:
  - id: R1
    title: {zh: 新客大额, en: "Large order, new buyer"}
    when: {order.receivable: {at_least: 3000, below: 20000}, buyer.is_new: {is: true}}
    then: {outcome: hold, note: "=cmd|' /C calc'!A0"}
  - id: R2
    when: {order.local_time: {between: {from: "22:00", to: "06:00"}}, order.lines: {above: 50}}
    then: {outcome: other}
  - id: R3
    when: {receiver.region: {none_of: ["46", "54"]}, order.tags: {contains_any: [VIP, 老客]}}
    then: {outcome: approve, note: "5-10"}
  - id: R4
    when: {order.remark: {contains: "or 且"}, order.paid_at: {at_least: 2026-11-05T00:00:00+08:00}}
    then: {outcome: hold, note: 请电话确认}
  - id: R5
    when: {order.remark: {missing: true}, not: {receiver.region: {is: "46"}}}
    then: {outcome: approve}
when_unknown: {outcome: hold}
otherwise: {outcome: approve}
tests:
  - name: {zh: 大额, en: large}
    given: {order.receivable: 5000, buyer.is_new: true}
    expect: {outcome: hold}
"""
SITUATIONS: list[dict[str, Any]] = [
    {
        "order.receivable": receivable,
        "order.lines": lines,
        "order.tags": tags,
        "order.remark": remark,
        "order.paid_at": datetime(2026, 11, day, tzinfo=UTC),
        "order.local_time": clock,
        "receiver.region": region,
        "buyer.is_new": new,
    }
    for receivable, lines, tags, remark, day, clock, region, new in (
        (3000, 1, [], "急", 1, "12:00", "330106", True),
        (20000, 51, [], "急", 1, "23:00", "330106", True),
        (2999, 50, ["VIP"], "急", 1, "05:59", "330106", True),
        (2999, 50, ["VIP"], "急", 1, "05:59", "460100", True),
        (10, 1, [], "大 or 且小", 4, "12:00", "54", False),
        (10, 1, [], "大 or 且小", 5, "12:00", "54", False),
    )
]


@pytest.fixture
def ours() -> Ruleset:
    return loads(RULES, points=[POINT])["review.risk"]


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_our_own_rules_decide_the_same_as_a_table(
    ours: Ruleset, ending: str, lang: Any, tmp_path: Path
) -> None:
    path = tmp_path / f"risk{ending}"

    report = write_table(ours, path, lang=lang)

    assert (report.tables, report.left_out) == (("review.risk",), ())
    (imported,) = read_table(path)
    assert imported.untranslated == ()
    for facts in SITUATIONS:
        here, there = ours.decide(facts), imported.ruleset.decide(facts)
        assert (there.fired, there.outcome) == (here.fired, here.outcome)


def test_a_table_in_chinese(ours: Ruleset, tmp_path: Path) -> None:
    path = tmp_path / "risk.csv"

    write_table(ours, path, lang="zh")

    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[:4] == [
        ["名称", "review.risk"],
        ["命中", "首个"],
        [
            "编号",
            "标题",
            *["order.receivable (数字)", "order.lines (数字)", "order.tags (标签)"],
            *["order.remark (文本)", "order.paid_at (时刻)", "order.local_time (钟点)"],
            *["receiver.region (行政区划)", "buyer.is_new (是否)", "→ outcome", "→ note"],
        ],
        [
            "R1",
            "Large order, new buyer",
            ">= 3000 且 < 20000",
            "",
            "",
            "",
            "",
            "",
            "",
            "是",
            "hold",
            "\"=cmd|' /C calc'!A0\"",
        ],
    ]
    assert rows[5][8:] == ["非 46, 54", "", "approve", '"5-10"']
    assert rows[-1] == ["否则", "", *[""] * 8, "approve", ""]


DANGEROUS = ("=1+1", "+86 10", "-R1", "@x", "＝x", "＋x", "'tis", "''", "-", "=HYPERLINK(1)")


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_spreadsheet_runs_nothing_and_the_text_comes_back(text: str, tmp_path: Path) -> None:
    marked = f"'{text}"
    imported = from_csv(tmp_path, f"id,if {text} x,→ b\n{marked},1,“{text}”\n")
    assert imported.ruleset.tree.rules[0].id == text
    csv_path, xlsx_path = tmp_path / "again.csv", tmp_path / "again.xlsx"

    write_table(imported, csv_path)
    write_table(imported, xlsx_path)

    with csv_path.open(encoding="utf-8-sig", newline="") as file:
        cells = [cell for row in csv.reader(file) for cell in row]
    assert not [cell for cell in cells if cell[:1] in tuple("=+-@＝＋－＠\t\r\n")]
    for path in (csv_path, xlsx_path):
        (again,) = read_table(path)
        assert again.ruleset.hash == imported.ruleset.hash
        assert again.ruleset.decide({f"{text} x": 1}).fired == (text,)


def test_another_reader_sees_the_same_cells(ours: Ruleset, tmp_path: Path) -> None:
    path = tmp_path / "risk.xlsx"

    write_table(ours, path)

    book = CalamineWorkbook.from_path(str(path))
    rows = book.get_sheet_by_name("review.risk").to_python(skip_empty_area=False)
    assert rows[0][:2] == ["name", "review.risk"]
    assert rows[2][:3] == ["id", "title", "order.receivable (number)"]
    assert rows[3][10:] == ["hold", "\"=cmd|' /C calc'!A0\""]


def test_numbers_are_numbers_in_a_workbook(tmp_path: Path) -> None:
    imported = from_csv(tmp_path, 'id,a,code (text),→ b\nR1,5,46,8.50\nR2,> 6,07,"“7”"\n')
    path = tmp_path / "again.xlsx"

    write_table(imported, path)

    rows = CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()
    assert rows[3:] == [["R1", 5.0, "46", 8.5], ["R2", "> 6", "07", '"7"']]


def test_several_sets_are_sheets_of_one_workbook(ours: Ruleset, tmp_path: Path) -> None:
    table = from_csv(tmp_path, "name,Review: Risk?\na,→ b\n1,2\n")
    same = from_csv(tmp_path, "name,review- risk-\na,→ b\n1,2\n")
    path = tmp_path / "all.xlsx"

    report = write_table([ours, table, same], path)

    assert report.tables == ("review.risk", "Review: Risk?", "review- risk-")
    assert [it.name for it in read_table(path)] == list(report.tables)
    titles = CalamineWorkbook.from_path(str(path)).sheet_names
    assert titles == ["review.risk", "Review- Risk-", "review- risk- 2"]


def test_a_csv_file_holds_one_table(ours: Ruleset, tmp_path: Path) -> None:
    table = from_csv(tmp_path, "a,→ b\n1,2\n")

    report = write_table([ours, table], tmp_path / "all.csv")

    assert report.tables == ("review.risk",)
    ((name, _, reason),) = report.left_out
    assert (name, reason) == (
        "fees",
        "a CSV file holds one table; write several into an `.xlsx` file",
    )


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_what_was_not_translated_comes_back_as_it_was(ending: str, tmp_path: Path) -> None:
    text = (
        "id,a,b (tags),→ c,→ d\n"
        "R1,看情况,VIP,1,5-10\n"
        'R2,"> 5, < 9",含 VIP,1,请先联系仓库\n'
        'R3,#REF!,,"1,000",\n'
        "R4,轻,,2,\nR5,7,,3,\nR6,8,,4,\n"
        "otherwise,,,看情况,\n"
    )
    imported = from_csv(tmp_path, text)
    path = tmp_path / f"again{ending}"

    assert write_table(imported, path).tables == ("fees",)

    (again,) = read_table(path)
    assert again.ruleset.hash == imported.ruleset.hash
    assert [it.reason for it in again.untranslated] == [it.reason for it in imported.untranslated]
    assert len(imported.untranslated) == 9


@pytest.mark.parametrize(
    "above", ["hit,collect\n", "hit,collect sum\n", "hit,unique\notherwise,error\n"]
)
def test_hit_policies_come_back(above: str, tmp_path: Path) -> None:
    imported = from_csv(tmp_path, f"{above}a,→ b\n1,2\n> 1,3\n")
    path = tmp_path / "again.csv"

    write_table(imported, path)

    (again,) = read_table(path)
    assert again.ruleset.hash == imported.ruleset.hash
    assert [it.merge for it in again.ruleset.point.fields] == [
        it.merge for it in imported.ruleset.point.fields
    ]


def test_a_table_goes_through_another_format(tmp_path: Path) -> None:
    imported = from_csv(tmp_path, "name,fees\nid,order.weight,→ fee,→ carrier\nR1,≥ 5,8.5,SF\n")

    write_dmn(imported, tmp_path / "fees.dmn")
    (between,) = read_dmn(tmp_path / "fees.dmn")
    write_table(between, tmp_path / "again.csv")

    (again,) = read_table(tmp_path / "again.csv")
    assert again.ruleset.hash == between.ruleset.hash == imported.ruleset.hash


LEFT_OUT = {
    "a parameter": ("{order.receivable: {at_least: $large}}", "a table holds bare values"),
    "an alternative": (
        "{any: [{order.lines: {above: 5}}, {buyer.is_new: {is: true}}]}",
        "a condition joins several facts; a column is about one",
    ),
}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_what_a_table_cannot_say_is_left_out_whole(name: str, tmp_path: Path) -> None:
    when, reason = LEFT_OUT[name]
    rules = RULES.replace(
        '{order.remark: {missing: true}, not: {receiver.region: {is: "46"}}}', when
    )
    rules = rules.replace(
        "hit: first",
        "hit: first\nparams: {large: {unit: CNY, values: {2026-01-01: 3000}, "
        "source: {zh: 会议, en: meeting}}}"
        if "$" in when
        else "hit: first",
    )
    path = tmp_path / "risk.csv"

    report = write_table(loads(rules, points=[POINT])["review.risk"], path)

    assert report.tables == () and reason in report.left_out[0].reason
    assert not path.exists()


def test_the_same_rules_give_the_same_bytes(ours: Ruleset, tmp_path: Path) -> None:
    for ending in (".csv", ".xlsx"):
        first, second = tmp_path / f"first{ending}", tmp_path / f"second{ending}"
        write_table(ours, first)
        write_table(ours, second)

        assert first.read_bytes() == second.read_bytes()


def test_a_row_that_says_nothing_comes_back(tmp_path: Path) -> None:
    imported: Imported = from_csv(tmp_path, "id,a,→ b\nR1,any,\nR2,5,1\nR3,,0\n")
    path = tmp_path / "again.csv"

    write_table(imported, path)

    (again,) = read_table(path)
    assert again.ruleset.hash == imported.ruleset.hash

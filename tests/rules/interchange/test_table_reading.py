"""Sheets as shopkeepers make them: heads, rows, encodings, and what a workbook hides."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from ordinance.rules.interchange import Imported, Untranslated, read_table
from ordinance.rules.point import Hit
from ordinance.rules.problem import RuleFileError
from tests.rules.interchange.table_files import HEAD, from_csv, inline, workbook

SHIPPING = """\
2026 年运费表,,,,,
名称：,运费,,,,
命中：,首个,,,,
,,,,,
编号,收货.省份,订单.重量,则 运费,→ 承运商,备注
江浙沪首重,上海、江苏、浙江,≤ 1,6,顺丰,含税
江浙沪续重,上海、江苏、浙江,"(1, 20]",8.5,中通,
偏远,西藏、新疆,,25,邮政,先与客户确认
否则,,,15,圆通,
以上价格自十一月起执行,,,,,
"""


def fees(imported: Imported, province: str, weight: float) -> tuple[Any, ...]:
    decision = imported.ruleset.decide({"收货": {"省份": province}, "订单.重量": weight})
    return decision.fired, decision.outcome


def test_a_shopkeepers_table_of_shipping_fees(tmp_path: Path) -> None:
    imported = from_csv(tmp_path, SHIPPING)

    assert imported.name == "运费"
    assert fees(imported, "江苏", 1) == (("江浙沪首重",), {"运费": "6", "承运商": "顺丰"})
    assert fees(imported, "江苏", 1.1) == (("江浙沪续重",), {"运费": "8.5", "承运商": "中通"})
    assert fees(imported, "新疆", 3) == (("偏远",), {"运费": "25", "承运商": "邮政"})
    assert fees(imported, "广东", 3) == ((), {"运费": "15", "承运商": "圆通"})
    assert imported.untranslated == (
        Untranslated(
            "line 10:1: 以上价格自十一月起执行",
            "a text alone on its line is no row, and decides nothing",
        ),
    )
    assert imported.warnings == (
        "line 1:1: above the head, it decides nothing: 2026 年运费表",
        "for people to read, it decides nothing: column `备注`",
    )


@pytest.mark.parametrize(
    "head",
    [
        "id,weight,→ fee,→ carrier",
        "rule,if weight,then fee,then: carrier",
        "编号,当 weight,则fee,那么 carrier",
        "ID,weight (number),-> fee,=> carrier",
    ],
)
def test_a_head_marks_its_outcomes(head: str, tmp_path: Path) -> None:
    imported = from_csv(tmp_path, f"{head}\nR1,> 1,5,SF\n")

    decision = imported.ruleset.decide({"weight": 2})
    assert (decision.fired, decision.outcome) == (("R1",), {"fee": 5, "carrier": "SF"})


@pytest.mark.parametrize(
    "text",
    [
        "id,weight,then,fee,carrier,note\nR1,> 1,,5,SF,bulky\n",
        "编号,如果,则,\nid,weight,fee,carrier\nR1,> 1,5,SF\n",
    ],
)
def test_a_column_or_a_line_may_part_conditions_from_outcomes(text: str, tmp_path: Path) -> None:
    imported = from_csv(tmp_path, text)

    assert imported.ruleset.decide({"weight": 2}).outcome == {"fee": 5, "carrier": "SF"}
    assert [fact.name for fact in imported.ruleset.point.facts] == ["weight"]


@pytest.mark.parametrize(
    ("word", "hit", "outcome"),
    [
        ("", Hit.FIRST, 1),
        ("first", Hit.FIRST, 1),
        ("collect", Hit.COLLECT, [1, 2]),
        ("汇总", Hit.COLLECT, [1, 2]),
        ("collect sum", Hit.COLLECT, 3),
        ("汇总 最大", Hit.COLLECT, 2),
    ],
)
def test_the_hit_policy_stands_above_the_head(
    word: str, hit: Hit, outcome: Any, tmp_path: Path
) -> None:
    above = f"hit,{word},\n" if word else ""

    imported = from_csv(tmp_path, f"{above}a,→ b,→ c\n> 1,1,\n> 2,2,\n")

    assert imported.ruleset.tree.hit is hit
    assert imported.ruleset.decide({"a": 3}).outcome == {"b": outcome}


def test_a_table_may_fail_where_no_row_is_true(tmp_path: Path) -> None:
    imported = from_csv(tmp_path, "hit,unique\notherwise,error\na,→ b\n> 1,1\n")

    assert imported.ruleset.tree.otherwise is None


REFUSED = {
    "no outcome": ("id,weight,fee\nR1,1,2\n", "no column says what follows from a row"),
    "two outcomes": ("a,→ b,→ b\n1,2,3\n", "it is there twice"),
    "two columns of ids": ("id,编号,→ b\n1,2,3\n", "it is there twice"),
    "hit": ("hit,priority\na,→ b\n1,2\n", "none of `first`"),
    "two kinds": ("a (text),a (number),→ b\n1,2,3\n", "it has two kinds"),
    "two otherwise": ("id,a,→ b\notherwise,,1\n否则,,2\n", "`otherwise` is there twice"),
    "otherwise asks": ("id,a,→ b\notherwise,5,1\n", "has no conditions"),
    "otherwise above": ("otherwise,5\na,→ b\n1,2\n", "above the head stands only"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_table_that_makes_no_sense_has_no_rules_and_says_why(name: str, tmp_path: Path) -> None:
    text, reason = REFUSED[name]

    imported = from_csv(tmp_path, text)

    assert any(reason in report.reason for report in imported.untranslated)
    assert imported.ruleset.tree.rules == ()


def test_cells_without_a_head_and_repeated_ids_are_told(tmp_path: Path) -> None:
    imported = from_csv(tmp_path, "id,a,→ b\nR1,1,2,surplus\nR1,3,4\n")

    assert imported.untranslated == (("line 2:8: surplus", "no head stands above it"),)
    assert imported.warnings == ("line 3:1: the id `R1` is there twice; this row is `R1-2`",)


def test_an_outcome_unlike_the_others_is_told(tmp_path: Path) -> None:
    imported = from_csv(tmp_path, "id,a,→ fee\nR1,1,2\nR2,3,4\nR3,5,包邮\n")

    assert imported.warnings == ("line 4:6 (fee): 包邮: text, where most others are a number",)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_separators_and_encodings(separator: str, encoding: str, tmp_path: Path) -> None:
    cells = (("编号", "省份", "则 运费"), ("R1", "上海、江苏", "6"), ("R2", '"北京"', "7"))
    text = "\r\n".join(separator.join(row) for row in cells)

    imported = from_csv(tmp_path, text.encode(encoding))

    assert imported.ruleset.decide({"省份": "江苏"}).outcome == {"运费": 6}
    assert bool(imported.warnings) == (encoding == "gb18030")


def test_the_separator_may_be_said(tmp_path: Path) -> None:
    imported = from_csv(tmp_path, "sep=;\nid;→ a;→ b,c\nR1;1;2\n")

    assert imported.ruleset.decide({}).outcome == {"a": 1, "b,c": 2}


def test_a_separator_that_is_not_clear_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="it is not clear which sign stands between the cells"):
        from_csv(tmp_path, "→ a,→ b;c\n1,2;3\n")


def made_workbook(path: Path) -> None:
    with xlsxwriter.Workbook(path) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy/m/d h:mm"})
        clock = book.add_format({"num_format": "h:mm"})
        length = book.add_format({"num_format": "[h]:mm"})
        share = book.add_format({"num_format": "0%"})
        sheet = book.add_worksheet("运费")
        sheet.merge_range("A1:D1", "如果")
        sheet.merge_range("E1:G1", "则")
        sheet.write_row(1, 0, ["省份", "重量", "日期", "时间", "运费", "折扣", "时限"])
        sheet.merge_range("A3:A4", "上海")
        sheet.write(2, 1, "≤ 5")
        sheet.write_datetime(2, 2, datetime(2026, 11, 5), day)
        sheet.write_datetime(2, 3, time(22, 30), clock)
        sheet.write(2, 4, 1.1)
        sheet.write(2, 5, 0.2, share)
        sheet.write(2, 6, 2, length)
        sheet.write(3, 1, 10)
        sheet.write_datetime(3, 2, datetime(2026, 11, 5), day)
        sheet.write(3, 4, True)
        sheet.write_formula(4, 5, "=E3/10", None, 0.11)
        sheet.write(4, 0, "北京")
        sheet.write_datetime(4, 2, datetime(2026, 11, 5, 10, 30), moment)
        sheet.write_string(4, 4, "=1+1")
        sheet.set_row(4, None, None, {"hidden": True})
        sheet.set_column("B:B", None, None, {"hidden": True})
        book.add_worksheet("blank")
        hidden = book.add_worksheet("old")
        hidden.write_row(0, 0, ["a", "→ b"])
        hidden.hide()
        notes = book.add_worksheet("notes")
        notes.write(0, 0, "先问仓库")
        book.add_chartsheet("chart")


def test_a_workbook_as_a_spreadsheet_writes_it(tmp_path: Path) -> None:
    path = tmp_path / "fees.xlsx"
    made_workbook(path)

    shipping, old, notes, chart = read_table(path)

    assert [it.name for it in (shipping, old, notes, chart)] == ["运费", "old", "notes", "chart"]
    facts = {"省份": "上海", "重量": 5, "日期": date(2026, 11, 5), "时间": "22:30"}
    assert shipping.ruleset.decide(facts).outcome == {
        "运费": "1.1",
        "折扣": "0.2",
        "时限": "172800 s",
    }
    # A merged cell says the same in each of its rows.
    assert shipping.ruleset.decide({**facts, "重量": 10}).fired == ("row 2",)
    assert [report.cell for report in shipping.untranslated] == [
        "sheet 运费, cell E5 (运费): =1+1",
        "sheet 运费, cell F5 (折扣): #FORMULA! =E3/10",
        "sheet 运费, cell C5 (日期): 2026-11-05 10:30:00",
    ]
    assert shipping.warnings == (
        "sheet 运费: hidden rows decide like all others: 5",
        "sheet 运费: hidden columns decide like all others: B",
        "sheet 运费, cell E4 (运费): true: yes or no, where most others are a number",
    )
    assert old.untranslated == (("sheet old", "it is hidden: show it, or delete it"),)
    assert notes.untranslated[0].reason.startswith("no column says what follows from a row")
    assert chart.untranslated == (("sheet chart", "it holds no cells of its own"),)
    assert not any(it.ruleset.tree.rules for it in (old, notes, chart))


def test_numbers_of_a_workbook_are_what_a_spreadsheet_shows(tmp_path: Path) -> None:
    rows = (
        f'{HEAD}<row r="2"><c r="A2"><v>1.1000000000000001</v></c><c r="B2"><v>5.0</v></c></row>'
        f'<row r="3"><c r="A3"><v>1E-2</v></c><c r="B3"><v>12.340000000000002</v></c></row>'
    )

    (imported,) = read_table(workbook(tmp_path, rows))

    assert imported.ruleset.decide({"weight": "1.1"}).outcome == {"fee": "5"}
    assert imported.ruleset.decide({"weight": "0.01"}).outcome == {"fee": "12.34"}


def test_spoken_readings_beside_a_text_and_its_escapes_are_no_part_of_it(tmp_path: Path) -> None:
    texts = "<si><r><t>东</t></r><r><t>京_x000A_</t></r><rPh><t>トウキョウ</t></rPh></si>"
    rows = f'{HEAD}<row r="2"><c r="A2" t="s"><v>0</v></c>{inline("B2", "a_x005F_x0041_")}</row>'

    (imported,) = read_table(workbook(tmp_path, rows, texts=texts))

    assert imported.ruleset.decide({"weight": "东京"}).outcome == {"fee": "a_x0041_"}


def test_a_cell_merged_over_rows_and_columns_is_not_guessed(tmp_path: Path) -> None:
    rows = HEAD + "".join(
        f'<row r="{n}">{inline(f"A{n}", "5") if n == 2 else ""}{inline(f"B{n}", "1")}</row>'
        for n in (2, 3)
    )
    path = workbook(tmp_path, rows, after='<mergeCells><mergeCell ref="A2:B3"/></mergeCells>')

    (imported,) = read_table(path)

    assert imported.untranslated == (("sheet fees, cells A2:B3", "merged over rows and columns"),)

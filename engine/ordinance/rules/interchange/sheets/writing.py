"""Sheets to CSV and XLSX files, so that a spreadsheet runs nothing of what stands in them."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TypeAlias

from ordinance.rules.interchange.files import write_text
from ordinance.rules.interchange.markup import Element, made, written
from ordinance.rules.interchange.sheets.cells import TEXT_MARK, letters
from ordinance.rules.numeral import NUMBER, decimal_text

Value: TypeAlias = str | Decimal
Rows: TypeAlias = Sequence[Sequence[Value]]

_RUN = "=+-@\t\r\n＝＋－＠"
"""Signs at the start of a cell that make some spreadsheets take it for a formula (OWASP)."""

_QUOTED = re.compile(r'[",;\t\n\r]|^\s|\s$')
_LONGEST_TITLE = 31
_NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_ESCAPE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_STYLES = f"""{_HEAD}<styleSheet xmlns="{_MAIN}">
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>
<fills count="1"><fill><patternFill patternType="none"/></fill></fills>
<borders count="1"><border/></borders>
<cellStyleXfs count="1"><xf/></cellStyleXfs>
<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="49" quotePrefix="1" applyNumberFormat="1"/>\
<xf numFmtId="49" fontId="1" quotePrefix="1" applyNumberFormat="1" applyFont="1"/></cellXfs>
</styleSheet>
"""
_TEXT_STYLE, _HEAD_STYLE = "1", "2"


def csv_text(rows: Rows) -> str:
    """The text of a CSV file, as RFC 4180 has it."""
    return "".join(",".join(map(_field, row)) + "\r\n" for row in rows)


def write_csv(path: str | Path, rows: Rows) -> None:
    """Writes a CSV file; the mark at its start tells Excel that it is UTF-8."""
    write_text(path, "\ufeff" + csv_text(rows))


def write_xlsx(path: str | Path, sheets: Mapping[str, tuple[Rows, int]]) -> None:
    """Writes a workbook of sheets by their titles, each with the number of the row of its head.

    The same sheets give the same bytes.
    """
    titles = list(sheets)
    parts = {
        "[Content_Types].xml": _types(len(titles)),
        "_rels/.rels": _relations([("officeDocument", "xl/workbook.xml")]),
        "xl/workbook.xml": _workbook(titles),
        "xl/_rels/workbook.xml.rels": _relations(
            [("worksheet", f"worksheets/sheet{at + 1}.xml") for at in range(len(titles))]
            + [("styles", "styles.xml")]
        ),
        "xl/styles.xml": _STYLES,
    }
    for at, (rows, head) in enumerate(sheets.values(), start=1):
        parts[f"xl/worksheets/sheet{at}.xml"] = _worksheet(rows, head)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, text in parts.items():
            file.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)


def title_of(name: str, taken: Mapping[str, object]) -> str:
    """A title for a sheet that no other one has, as near to the name as workbooks allow."""
    wanted = _NOT_IN_TITLE.sub("-", name).strip("' ") or "table"
    title, count = wanted[:_LONGEST_TITLE], 2
    known = {other.casefold() for other in taken}
    while title.casefold() in known:
        ending = f" {count}"
        title, count = wanted[: _LONGEST_TITLE - len(ending)] + ending, count + 1
    return title


def _field(value: Value) -> str:
    text = decimal_text(value) if isinstance(value, Decimal) else value
    if text.startswith(TEXT_MARK) or (text[:1] in _RUN and text and not NUMBER.fullmatch(text)):
        text = TEXT_MARK + text
    if _QUOTED.search(text):
        return '"' + text.replace('"', '""') + '"'
    return text


def _types(sheets: int) -> str:
    ends = {"rels": "application/vnd.openxmlformats-package.relationships+xml"}
    parts = {
        "/xl/workbook.xml": "sheet.main",
        "/xl/styles.xml": "styles",
        **{f"/xl/worksheets/sheet{at + 1}.xml": "worksheet" for at in range(sheets)},
    }
    return _part(
        made(
            "Types",
            *(made("Default", Extension=end, ContentType=kind) for end, kind in ends.items()),
            *(
                made("Override", PartName=part, ContentType=f"{_TYPE}.{kind}+xml")
                for part, kind in parts.items()
            ),
            xmlns=f"{_PACKAGE}/content-types",
        )
    )


def _relations(items: Sequence[tuple[str, str]]) -> str:
    return _part(
        made(
            "Relationships",
            *(
                made("Relationship", Id=f"r{at}", Type=f"{_OFFICE}/{kind}", Target=target)
                for at, (kind, target) in enumerate(items, start=1)
            ),
            xmlns=f"{_PACKAGE}/relationships",
        )
    )


def _workbook(titles: Sequence[str]) -> str:
    sheets = [
        made("sheet", **{"name": title, "sheetId": f"{at}", "r:id": f"r{at}"})
        for at, title in enumerate(titles, start=1)
    ]
    return _part(made("workbook", made("sheets", *sheets), **{"xmlns": _MAIN, "xmlns:r": _OFFICE}))


def _worksheet(rows: Rows, head: int) -> str:
    lines = [
        made(
            "row",
            *(
                _cell(f"{letters(column)}{at}", value, _HEAD_STYLE if at == head else _TEXT_STYLE)
                for column, value in enumerate(row, start=1)
                if value != ""
            ),
            r=f"{at}",
        )
        for at, row in enumerate(rows, start=1)
    ]
    widths = [
        made("col", min=f"{at}", max=f"{at}", width=f"{width}", customWidth="1")
        for at, width in enumerate(_widths(rows), start=1)
    ]
    return _part(made("worksheet", made("cols", *widths), made("sheetData", *lines), xmlns=_MAIN))


def _cell(address: str, value: Value, style: str) -> Element:
    if isinstance(value, Decimal):
        return made("c", made("v", text=decimal_text(value)), r=address)
    text = TEXT_MARK + value if value.startswith(TEXT_MARK) else value
    inner = made("t", text=_ESCAPE.sub("_x005F_", text), **{"xml:space": "preserve"})
    return made("c", made("is", inner), r=address, s=style, t="inlineStr")


def _widths(rows: Rows) -> list[int]:
    """Widths in letters; a Chinese character takes two."""
    widths: list[int] = []
    for row in rows:
        for at, value in enumerate(row):
            text = str(value)
            wide = len(text) + sum("\u2e80" <= sign <= "\uffef" for sign in text) + 2
            widths.extend([8] * (at + 1 - len(widths)))
            widths[at] = max(widths[at], min(wide, 60))
    return widths


def _part(element: Element) -> str:
    return _HEAD + written(element)

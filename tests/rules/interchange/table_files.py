"""Decision tables for tests: CSV files from their text, workbooks from their XML."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path

from ordinance.rules.interchange import Imported, Untranslated, read_table

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def from_csv(folder: Path, text: str | bytes, name: str = "fees.csv") -> Imported:
    """The one table of a CSV file."""
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    (imported,) = read_table(path)
    return imported


def cell(folder: Path, text: str, head: str = "a") -> Imported:
    """A table of one row, R1, whose only condition cell holds the text."""
    quoted = text.replace('"', '""')
    return from_csv(folder, f'id,{head},→ b\nR1,"{quoted}",1\n')


def outcome(folder: Path, text: str) -> Imported:
    """A table of one row, R1, without conditions, whose only outcome cell holds the text."""
    quoted = text.replace('"', '""')
    return from_csv(folder, f'id,a,→ b\nR1,,"{quoted}"\n')


def only_report(imported: Imported) -> Untranslated:
    """What the one cell that was not translated is told as."""
    (report,) = imported.untranslated
    return report


def workbook(
    folder: Path,
    rows: str,
    *,
    before: str = "",
    after: str = "",
    texts: str = "",
    parts: Mapping[str, str] | None = None,
    prologue: str = "",
) -> Path:
    """A workbook of one sheet, `fees`, with the XML of its rows."""
    path = folder / "fees.xlsx"
    relations = (
        f'<Relationships xmlns="{_PACKAGE}">'
        f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="sheet.xml"/>'
        f'<Relationship Id="r2" Type="{_OFFICE}/sharedStrings" Target="/xl/texts.xml"/>'
        "</Relationships>"
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{_PACKAGE}">'
            f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
            "</Relationships>",
        )
        file.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
            '<sheets><sheet name="fees" sheetId="1" r:id="r1"/></sheets></workbook>',
        )
        file.writestr("xl/_rels/workbook.xml.rels", relations)
        file.writestr(
            "xl/sheet.xml",
            f'{prologue}<worksheet xmlns="{_MAIN}">{before}<sheetData>{rows}</sheetData>{after}'
            "</worksheet>",
        )
        file.writestr("xl/texts.xml", f'<sst xmlns="{_MAIN}">{texts}</sst>')
        for name, text in (parts or {}).items():
            file.writestr(name, text)
    return path


def inline(address: str, text: str) -> str:
    """The XML of a cell that holds a text."""
    return f'<c r="{address}" t="inlineStr"><is><t>{text}</t></is></c>'


HEAD = f'<row r="1">{inline("A1", "weight")}{inline("B1", "→ fee")}</row>'

"""XLSX files to sheets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from ordinance.rules.interchange.files import one_line, refuse
from ordinance.rules.interchange.sheets.cells import Budget, Sheet
from ordinance.rules.interchange.sheets.formats import BUILT_IN, Shown, shown_as
from ordinance.rules.interchange.sheets.package import Package
from ordinance.rules.interchange.sheets.worksheet import Context, Texts, Worksheet

MOST_SHEETS = 100


def read_xlsx(path: str | Path) -> Iterator[Sheet]:
    """The sheets of a workbook that are not blank, in order. Raises `RuleFileError`."""
    package = Package(path)
    name = next(
        (part for kind, part in package.related("").values() if kind == "officeDocument"), ""
    )
    if not name:
        refuse(package.file, "this is not an XLSX file: it holds no workbook")
    book = package.element(name)
    related = package.related(name)
    by_kind = {kind: part for kind, part in related.values()}
    settings = book.first("workbookPr")
    context = Context(
        budget=Budget(package.file),
        texts=_texts(package, by_kind.get("sharedStrings", "")),
        formats=_formats(package, by_kind.get("styles", "")),
        from_1904=settings is not None and settings.get("date1904") in ("1", "true"),
    )
    listed = book.first("sheets")
    entries = [] if listed is None else list(listed.all("sheet"))
    if len(entries) > MOST_SHEETS:
        refuse(package.file, f"the file has more than {MOST_SHEETS} sheets", "split it")
    for entry in entries:
        title = one_line(entry.get("name"))
        ids = [value for key, value in entry.attributes.items() if key.endswith(" id")]
        kind, part = related.get(ids[0] if ids else "", ("", ""))
        if kind != "worksheet" or not part:
            sheet = Sheet(title, package.file, [], True)
            sheet.refused.append((f"sheet {title}", "it holds no cells of its own"))
            yield sheet
            continue
        sheet = Worksheet(title, context).read(package.chunks(part))
        if not sheet.lines:
            continue
        if entry.get("state") in ("hidden", "veryHidden"):
            sheet.refused.append((f"sheet {title}", "it is hidden: show it, or delete it"))
        yield sheet


def _texts(package: Package, part: str) -> list[str]:
    return Texts(package.file).read(package.chunks(part)) if part else []


def _formats(package: Package, part: str) -> list[Shown]:
    """What the cells of each style show."""
    if not part:
        return []
    styles = package.element(part)
    codes = dict(BUILT_IN)
    own = styles.first("numFmts")
    for item in [] if own is None else own.all("numFmt"):
        codes[_number(item.get("numFmtId"))] = shown_as(item.get("formatCode"))
    cells = styles.first("cellXfs")
    found = [] if cells is None else list(cells.all("xf"))
    return [codes.get(_number(item.get("numFmtId")), Shown.NUMBER) for item in found]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0

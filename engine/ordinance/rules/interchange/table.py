"""Decision tables in CSV and XLSX files to rule sets: one for each sheet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import tzinfo
from pathlib import Path

from ordinance.rules.interchange.assembly import assembled
from ordinance.rules.interchange.draft import Clause, Draft, Given, Result, Row
from ordinance.rules.interchange.evidence import Evidence, Untranslatable
from ordinance.rules.interchange.files import distinct, one_line, refuse
from ordinance.rules.interchange.imported import Imported
from ordinance.rules.interchange.names import ours
from ordinance.rules.interchange.plain.literals import Literals
from ordinance.rules.interchange.plain.meaning import Cells
from ordinance.rules.interchange.plain.spelling import ANY, HITTING, OTHERWISE, UNSET
from ordinance.rules.interchange.plain.values import outcome, outcome_kind
from ordinance.rules.interchange.plain.writing import PLAIN
from ordinance.rules.interchange.sheets.cells import Cell, Line, Sheet
from ordinance.rules.interchange.sheets.commas import read_csv
from ordinance.rules.interchange.sheets.workbook import read_xlsx
from ordinance.rules.interchange.table_head import Column, Head, Role, head_of
from ordinance.rules.interchange.truth import Truth
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import Hit, Merge
from ordinance.rules.refusal import KIND_WORDS
from ordinance.rules.tree import NotOf, Place

ENDINGS = (".csv", ".xlsx")


def read_table(path: str | Path, *, zone: tzinfo | None = None) -> list[Imported]:
    """The decision table of a CSV file, or those of the sheets of an XLSX file, in order.

    `zone` is taken for moments that do not say theirs; without it they are reported. A sheet that
    holds no table, or is hidden, is an `Imported` without rules that says so; blank sheets are
    passed over. Raises `RuleFileError` when the file cannot be read, or not safely.
    """
    literals = Literals(zone)
    return [_imported(sheet, head, literals) for sheet, head in _sheets(path)]


def ending_of(path: str | Path) -> str:
    """The ending of a file name, one of `ENDINGS`. Raises `RuleFileError` for every other one."""
    ending = Path(path).suffix.lower()
    if ending not in ENDINGS:
        refuse(
            str(path), f"tables stand in `.csv` and `.xlsx` files, not in `{ending}`", "save it so"
        )
    return ending


def _sheets(path: str | Path) -> Iterator[tuple[Sheet, Head]]:
    if ending_of(path) == ".xlsx":
        found = [(sheet, head_of(sheet)) for sheet in read_xlsx(path)]
        if not found:
            refuse(str(path), "the workbook is blank")
        yield from found
        return
    sheets, refusal = read_csv(path)
    # Only the right separator makes a head of more columns than the others.
    read = sorted(
        ((sheet, head_of(sheet)) for sheet in sheets),
        key=lambda item: (bool(item[1].refused), -len(item[1].columns)),
    )
    (sheet, head), *others = read
    if not sheet.lines:
        refuse(str(path), "the file is blank")
    if head.refused and refusal is not None:
        raise refusal
    if not head.refused and any(
        not other.refused and len(other.columns) == len(head.columns) for _, other in others
    ):
        refuse(
            str(path),
            "it is not clear which sign stands between the cells",
            "write `sep=,` into the first line",
        )
    yield sheet, head


def _imported(sheet: Sheet, head: Head, literals: Literals) -> Imported:
    place = Place(sheet.file, 1, 1)
    hit, merge = HITTING.get(head.hit, (Hit.FIRST, Merge.LIST))
    draft = Draft(head.name, PLAIN, hit, place, merge=merge, fails=head.fails)
    draft.warnings.extend(sheet.warnings)
    draft.warnings.extend(
        f"{sheet.place(cell.line, cell.column)}: above the head, it decides nothing: "
        f"{one_line(cell.text)}"
        for cell in head.aside
    )
    draft.refused.extend(sheet.refused or head.refused)
    if head.hit and head.hit not in HITTING:
        known = ", ".join(f"`{word}`" for word in HITTING)
        draft.refused.append((f"{sheet.place(*head.hit_place)}: {head.hit}", f"none of {known}"))
    if not draft.refused:
        _Rows(sheet, head, literals, draft).read()
    return assembled(draft)


class _Rows:
    """Reads the rows of one sheet into a draft."""

    def __init__(self, sheet: Sheet, head: Head, literals: Literals, draft: Draft) -> None:
        self._sheet = sheet
        self._columns = head.columns
        self._lines = head.rows
        self._literals = literals
        self._draft = draft
        draft.facts = list(dict.fromkeys(head.names(Role.CONDITION)))
        draft.fields = head.names(Role.OUTCOME)
        for item in head.columns.values():
            if item.role is not Role.CONDITION or item.kind is None:
                continue
            known = draft.kinds.setdefault(ours(item.name), item.kind)
            if known is not item.kind:
                draft.refused.append((f"column {item.name}", "it has two kinds"))

    def read(self) -> None:
        """Adds the rows, and everything that is not one."""
        rows: list[Line] = []
        for line in self._lines:
            if any(at not in self._columns for at in line.cells) or not self._is_rule(line):
                self._report_aside(line)
            if self._is_rule(line):
                rows.append(line)
        self._note_aside()
        for line in [line for line in rows if self._is_otherwise(line)]:
            rows.remove(line)
            self._otherwise(line)
        given = [self._text(line, Role.ID) for line in rows]
        for line, id, wanted in zip(rows, distinct(given, "row "), given, strict=True):
            if wanted and id != wanted:
                self._warn(line, f"the id `{wanted}` is there twice; this row is `{id}`")
            self._draft.rows.append(self._row(line, id))
        self._note_mixed(rows)

    def _row(self, line: Line, id: str) -> Row:
        title = self._text(line, Role.TITLE)
        results = self._results(line)
        if not results:
            self._warn(line, "nothing follows from this row")
        return Row(
            id,
            replace(self._draft.place, line=line.number),
            tuple(self._clause(item, cell) for item, cell in self._cells(line, Role.CONDITION)),
            results,
            Words(title, title) if title else None,
        )

    def _otherwise(self, line: Line) -> None:
        if self._draft.otherwise or self._draft.fails:
            self._draft.refused.append((self._place(line), "`otherwise` is there twice"))
        for item, cell in self._cells(line, Role.CONDITION):
            if cell.text not in ANY.all:
                self._draft.refused.append(
                    (self._where(item, cell), "the row `otherwise` (`否则`) has no conditions")
                )
        self._draft.otherwise = list(self._results(line))

    def _results(self, line: Line) -> tuple[Result, ...]:
        return tuple(
            self._result(item, cell)
            for item, cell in self._cells(line, Role.OUTCOME)
            if cell.text not in UNSET.all
        )

    def _clause(self, item: Column, cell: Cell) -> Clause:
        place = Place(self._sheet.file, cell.line, cell.column)

        def read(evidence: Evidence) -> Truth:
            if cell.fault:
                raise Untranslatable(cell.fault)
            found = Cells(
                evidence, ours(item.name), place, self._literals, typed=cell.typed
            ).condition(cell.text)
            return Truth(found, NotOf(found))

        return Clause(self._where(item, cell), item.name, cell.text, read)

    def _result(self, item: Column, cell: Cell) -> Result:
        def read() -> Given | None:
            if cell.fault:
                raise Untranslatable(cell.fault)
            return outcome(cell.text, self._literals)

        return Result(self._where(item, cell), item.name, cell.text, read)

    def _cells(self, line: Line, *roles: Role) -> list[tuple[Column, Cell]]:
        return [
            (self._columns[at], cell)
            for at, cell in sorted(line.cells.items())
            if at in self._columns and self._columns[at].role in roles
        ]

    def _text(self, line: Line, role: Role) -> str:
        return "".join(cell.text for _, cell in self._cells(line, role))

    def _is_otherwise(self, line: Line) -> bool:
        return self._text(line, Role.ID).casefold() in OTHERWISE.all

    def _is_rule(self, line: Line) -> bool:
        """Whether a line is more than a note between the rows, which stands alone on its line."""
        named = self._cells(line, Role.ID) and len(line.cells) > 1
        asked = self._cells(line, Role.CONDITION)
        return bool(self._cells(line, Role.OUTCOME) or named or len(asked) > 1)

    def _report_aside(self, line: Line) -> None:
        """A line that is no row, or the cells of a row that stand under no head."""
        lone = not self._is_rule(line)
        for at, cell in sorted(line.cells.items()):
            if lone or at not in self._columns:
                reason = "a text alone on its line is no row, and decides nothing"
                self._draft.lost.append(
                    (
                        f"{self._sheet.place(cell.line, cell.column)}: {one_line(cell.text)}",
                        reason if lone else "no head stands above it",
                    )
                )

    def _note_aside(self) -> None:
        names = [item.name for item in self._columns.values() if item.role is Role.NOTE]
        if names:
            listed = ", ".join(f"`{name}`" for name in names)
            self._draft.warnings.append(f"for people to read, it decides nothing: column {listed}")

    def _note_mixed(self, rows: list[Line]) -> None:
        """Tells of outcomes that differ in kind from most others of their column."""
        kinds: dict[str, dict[Kind, list[str]]] = {}
        for line in rows:
            for item, cell in self._cells(line, Role.OUTCOME):
                kind = outcome_kind(cell.text, self._literals)
                if kind is not None and not cell.fault:
                    places = kinds.setdefault(item.name, {}).setdefault(kind, [])
                    places.append(self._where(item, cell))
        for found in kinds.values():
            usual = max(found, key=lambda kind: len(found[kind]))
            for kind, places in found.items():
                if kind is not usual:
                    self._draft.warnings.append(
                        f"{places[0]}: {KIND_WORDS[kind]}, where most others are "
                        f"{KIND_WORDS[usual]}"
                    )

    def _where(self, item: Column, cell: Cell) -> str:
        place = self._sheet.place(cell.line, cell.column)
        return f"{place} ({item.name}): {one_line(cell.text)}"

    def _place(self, line: Line) -> str:
        at = min(line.cells)
        cell = line.cells[at]
        return self._sheet.place(cell.line, cell.column)

    def _warn(self, line: Line, message: str) -> None:
        self._draft.warnings.append(f"{self._place(line)}: {message}")

"""One worksheet, read as a stream: values, and what a spreadsheet hides behind them."""

from __future__ import annotations

import re
from abc import abstractmethod
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from xml.parsers import expat

from ordinance.rules.interchange.files import refuse
from ordinance.rules.interchange.sheets.cells import (
    FORMULA,
    LONGEST_CELL,
    MOST_TEXT,
    Budget,
    Cell,
    Line,
    Sheet,
    column_of,
    letters,
    unmarked,
)
from ordinance.rules.interchange.sheets.formats import Shown, number_text

MOST_ELEMENTS = 200_000
MOST_TEXTS = 20_000
MOST_DEPTH = 32
MOST_RANGES = 1_000

_ADDRESS = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_MERGED = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6}):([A-Z]{1,3})([1-9][0-9]{0,6})")
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_TRUE = ("1", "true")


@dataclass(frozen=True, slots=True)
class Context:
    """What the cells of all sheets refer to."""

    budget: Budget
    texts: Sequence[str]
    formats: Sequence[Shown]
    from_1904: bool


class _Stream:
    """Reads one part of a workbook element by element, and keeps nothing that is not asked for."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._path: list[str] = []
        self._pieces: list[str] = []
        self._elements = self._length = 0
        self._parser = parser = expat.ParserCreate(namespace_separator="\n")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._document_type
        parser.StartElementHandler = self._open
        parser.EndElementHandler = self._close
        parser.CharacterDataHandler = self._characters

    def _parse(self, chunks: Iterable[bytes]) -> None:
        try:
            for chunk in chunks:
                self._parser.Parse(chunk, False)
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            self._refuse(f"a part of the workbook is not XML: {expat.ErrorString(error.code)}")
        except (LookupError, ValueError) as error:
            self._refuse(f"a part of the workbook is not XML: {error}")

    @abstractmethod
    def _start(self, name: str, attributes: Mapping[str, str]) -> None: ...

    @abstractmethod
    def _end(self, name: str, text: str) -> None:
        """`text` is what stood in the element `name` after its last tag."""

    @abstractmethod
    def _is_text(self, name: str) -> bool:
        """Whether the text of such an element is wanted."""

    def _document_type(self, *_: object) -> None:
        self._refuse("a part of the workbook has a document type (`<!DOCTYPE>`)")

    def _open(self, full: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > MOST_ELEMENTS:
            self._refuse(f"a sheet has more than {MOST_ELEMENTS} cells and marks")
        if len(self._path) >= MOST_DEPTH:
            self._refuse(f"elements are nested more than {MOST_DEPTH} deep")
        name = full.rpartition("\n")[2]
        self._path.append(name)
        self._pieces, self._length = [], 0
        self._start(name, attributes)

    def _close(self, _: str) -> None:
        name = self._path.pop()
        self._end(name, "".join(self._pieces))
        self._pieces, self._length = [], 0

    def _characters(self, text: str) -> None:
        if not self._path or not self._is_text(self._path[-1]):
            return
        self._length += len(text)
        if self._length > LONGEST_CELL:
            self._refuse(f"a cell has more than {LONGEST_CELL} characters")
        self._pieces.append(text)

    def _refuse(self, message: str) -> None:
        refuse(self._file, message, "save the table alone, in a new workbook")


class Texts(_Stream):
    """The texts that the cells of a workbook share."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self._texts: list[str] = []
        self._parts: list[str] = []
        self._total = 0

    def read(self, chunks: Iterable[bytes]) -> list[str]:
        self._parse(chunks)
        return self._texts

    def _is_text(self, name: str) -> bool:
        # Beside a text may stand how it is spoken (`rPh`).
        return name == "t" and "rPh" not in self._path

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "si":
            self._parts = []

    def _end(self, name: str, text: str) -> None:
        if name == "t" and "rPh" not in self._path:
            self._parts.append(text)
            self._total += len(text)
        elif name == "si":
            self._texts.append("".join(self._parts))
        if len(self._texts) > MOST_TEXTS or self._total > MOST_TEXT:
            self._refuse(f"the file has more than {MOST_TEXT} characters or {MOST_TEXTS} texts")


class Worksheet(_Stream):
    """The cells of one sheet."""

    def __init__(self, name: str, context: Context) -> None:
        super().__init__(context.budget.file)
        self._context = context
        self._sheet = Sheet(name, self._file, [], True)
        self._rows: dict[int, Line] = {}
        self._row = self._column = 0
        self._hidden_rows: list[int] = []
        self._hidden_columns: list[tuple[int, int]] = []
        self._merged: list[tuple[int, int, int, int]] = []
        self._cell: Mapping[str, str] = {}
        self._value: str | None = None
        self._formula: str | None = None
        self._inline: list[str] = []

    def read(self, chunks: Iterable[bytes]) -> Sheet:
        """The sheet. Raises `RuleFileError`."""
        self._parse(chunks)
        self._fill_merged()
        sheet = self._sheet
        sheet.lines = [self._rows[number] for number in sorted(self._rows)]
        used = {column for line in sheet.lines for column in line.cells}
        rows = [f"{number}" for number in self._hidden_rows if number in self._rows]
        if rows:
            sheet.warnings.append(
                f"sheet {sheet.name}: hidden rows decide like all others: {', '.join(rows)}"
            )
        columns = [
            letters(column)
            for column in sorted(used)
            if any(first <= column <= last for first, last in self._hidden_columns)
        ]
        if columns:
            sheet.warnings.append(
                f"sheet {sheet.name}: hidden columns decide like all others: {', '.join(columns)}"
            )
        return sheet

    def _is_text(self, name: str) -> bool:
        return name in ("v", "f") or (name == "t" and "rPh" not in self._path)

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "row":
            self._start_row(attributes)
        elif name == "c":
            self._start_cell(attributes)
        elif name == "col" and attributes.get("hidden") in _TRUE:
            self._hidden_columns.append(
                (_number(attributes.get("min", "")), _number(attributes.get("max", "")))
            )
        elif name == "mergeCell":
            found = _MERGED.fullmatch(attributes.get("ref", ""))
            if found is not None:
                left, top, right, bottom = found.groups()
                self._merged.append((column_of(left), int(top), column_of(right), int(bottom)))
        if len(self._merged) > MOST_RANGES or len(self._hidden_columns) > MOST_RANGES:
            self._refuse(f"more than {MOST_RANGES} ranges are merged or hidden")

    def _start_row(self, attributes: Mapping[str, str]) -> None:
        number = _number(attributes.get("r", f"{self._row + 1}"))
        if number <= self._row:
            self._refuse("the rows of a sheet are not in order")
        self._row, self._column = number, 0
        if attributes.get("hidden") in _TRUE:
            self._hidden_rows.append(self._row)

    def _start_cell(self, attributes: Mapping[str, str]) -> None:
        address = attributes.get("r")
        column = self._column + 1
        if address is not None:
            found = _ADDRESS.fullmatch(address)
            if found is None or int(found.group(2)) != self._row:
                self._refuse("a cell of a sheet has a wrong address")
            else:
                column = column_of(found.group(1))
        if column <= self._column:
            self._refuse("the cells of a sheet are not in order")
        self._column = column
        self._cell = dict(attributes)
        self._value = self._formula = None
        self._inline = []

    def _end(self, name: str, text: str) -> None:
        if name == "v":
            self._value = text
        elif name == "f":
            self._formula = text
        elif name == "t" and "rPh" not in self._path and "is" in self._path:
            self._inline.append(text)
        elif name == "c":
            self._end_cell()

    def _end_cell(self) -> None:
        text, typed, fault = self._read()
        if self._formula is not None:
            written = " ".join(self._formula.split())
            text, typed = f"{FORMULA}={written}", False
            fault = "it is a formula: copy it as a value"
        if not text:
            return
        line = self._rows.setdefault(self._row, Line(self._row))
        self._context.budget.cell(text, len(self._rows), self._column, self._row)
        line.cells[self._column] = Cell(text, self._row, self._column, typed, fault)

    def _read(self) -> tuple[str, bool, str]:
        """The text of the cell, whether the file tells what it is, and why it must not be used."""
        kind, value = self._cell.get("t", "n"), self._value or ""
        if kind == "inlineStr":
            return unmarked(_unescaped("".join(self._inline))), False, ""
        if kind == "s":
            texts = self._context.texts
            if not 0 <= _number(value) < len(texts):
                return value, False, "the workbook is damaged: this text is missing"
            return unmarked(_unescaped(texts[_number(value)])), False, ""
        if kind == "str":
            return unmarked(_unescaped(value)), False, ""
        if kind == "b":
            return ("true" if value in _TRUE else "false") if value else "", True, ""
        if kind == "e":
            return value, False, ""
        if kind == "d":
            return value.removesuffix("T00:00:00"), True, ""
        if not value:
            return "", False, ""
        style, formats = _number(self._cell.get("s", "0")), self._context.formats
        shown = formats[style] if 0 <= style < len(formats) else Shown.NUMBER
        text, fault = number_text(value, shown, from_1904=self._context.from_1904)
        return text, not fault, fault

    def _fill_merged(self) -> None:
        """A cell that is merged over several rows says the same in each of them."""
        numbers = sorted(self._rows)
        for left, top, right, bottom in self._merged:
            line = self._rows.get(top)
            cell = None if line is None else line.cells.get(left)
            if cell is None or bottom <= top:
                continue
            place = f"{letters(left)}{top}:{letters(right)}{bottom}"
            if right > left:
                self._sheet.refused.append(
                    (f"sheet {self._sheet.name}, cells {place}", "merged over rows and columns")
                )
                continue
            for number in numbers[bisect_right(numbers, top) : bisect_right(numbers, bottom)]:
                self._context.budget.cell(cell.text, 1, left, number)
                same = Cell(cell.text, number, left, cell.typed, cell.fault)
                self._rows[number].cells[left] = same


def _number(text: str) -> int:
    """A whole number of up to seven digits; -1 for everything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else -1


def _unescaped(text: str) -> str:
    """`_x000A_` stands for a line end, and its like for other characters."""
    if "_x" not in text:
        return text
    return _ESCAPED.sub(lambda found: chr(int(found.group(1), 16)), text)

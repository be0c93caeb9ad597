"""CSV files to sheets: which characters, which separator, and where every cell stands."""

from __future__ import annotations

import re
from pathlib import Path

from ordinance.rules.interchange.files import read_bytes, refuse
from ordinance.rules.interchange.sheets.cells import Budget, Cell, Line, Sheet, unmarked
from ordinance.rules.problem import RuleFileError

MOST_BYTES = 2 * 1024 * 1024
MOST_FIELDS = 200_000
"""Blank cells among them."""

SEPARATORS = (",", ";", "\t")

_SEPARATOR_LINE = re.compile(r"sep=([,;\t])(?:\r\n|\r|\n|$)", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\r|\n")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]")
_GB18030 = "read as GB18030, the Chinese encoding of Excel; save the file as UTF-8 to be sure"


def read_csv(path: str | Path) -> tuple[list[Sheet], RuleFileError | None]:
    """The file as sheets, one for each separator that it may have been written with, and why it
    cannot be read with one of the others.

    Which sheet is right is for the reader of tables to tell: only one of them makes sense. Raises
    `RuleFileError` when there is none.
    """
    file = str(path)
    text, warnings = _decoded(read_bytes(path, MOST_BYTES), file)
    odd = _CONTROL.search(text)
    if odd is not None:
        line = text.count("\n", 0, odd.start()) + 1
        refuse(file, f"the character {odd.group()!a} is no text", "is it a CSV file?", line)
    said = _SEPARATOR_LINE.match(text)
    start = said.end() if said else 0
    separators = [said.group(1)] if said else [sign for sign in SEPARATORS if sign in text]
    sheets: list[Sheet] = []
    refusal: RuleFileError | None = None
    for separator in separators or [","]:
        try:
            lines = _Reading(text, separator, file).lines(start)
        except RuleFileError as error:
            refusal = refusal or error
            continue
        sheets.append(Sheet(Path(path).stem, file, lines, False, list(warnings)))
    if refusal is not None and not sheets:
        raise refusal
    return sheets, refusal


def _decoded(data: bytes, file: str) -> tuple[str, list[str]]:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16"), []
        except UnicodeDecodeError as error:
            refuse(file, f"byte {error.start} is not UTF-16", "save the file as UTF-8")
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        refuse(file, "this is a workbook, not a CSV file", "name it `.xlsx`")
    try:
        return data.decode("utf-8-sig"), []
    except UnicodeDecodeError as error:
        at = error.start
    try:
        return data.decode("gb18030"), [_GB18030]
    except UnicodeDecodeError:
        line = data.count(b"\n", 0, at) + 1
        refuse(file, f"byte {at} is neither UTF-8 nor GB18030", "save the file as UTF-8", line)


class _Reading:
    """Reads the lines of one text, with one separator."""

    def __init__(self, text: str, separator: str, file: str) -> None:
        self._text = text
        self._file = file
        self._separator = separator
        self._plain = re.compile(rf'[^"{re.escape(separator)}\r\n]*')
        self._budget = Budget(file)
        self._row = self._number = 1
        self._fields = 0
        self._line_start = 0

    def lines(self, at: int) -> list[Line]:
        found: list[Line] = []
        text = self._text
        self._number += len(_LINE_END.findall(text, 0, at))
        self._line_start = at
        while at < len(text):
            line, at = self._line(at)
            if line.cells:
                found.append(line)
        return found

    def _line(self, at: int) -> tuple[Line, int]:
        """One line and where the next one begins."""
        line = Line(self._number)
        column = 1
        while True:
            number, place = self._number, at - self._line_start + 1
            raw, at = self._field(at)
            self._fields += 1
            if self._fields > MOST_FIELDS:
                refuse(self._file, f"the file has more than {MOST_FIELDS} cells", None, number)
            text = unmarked(raw)
            if text:
                self._budget.cell(text, self._row, column, number)
                line.cells[column] = Cell(text, number, place)
            if at < len(self._text) and self._text[at] == self._separator:
                at, column = at + 1, column + 1
                continue
            end = _LINE_END.match(self._text, at)
            at = end.end() if end else at
            self._number, self._line_start = self._number + 1, at
            self._row += bool(line.cells)
            return line, at

    def _field(self, at: int) -> tuple[str, int]:
        text = self._text
        if not text.startswith('"', at):
            found = self._plain.match(text, at)
            assert found is not None
            if text.startswith('"', found.end()):
                # A quote inside a plain cell is part of it, as spreadsheets have it.
                end = re.compile(rf"[^{re.escape(self._separator)}\r\n]*").match(text, at)
                assert end is not None
                return end.group(), end.end()
            return found.group(), found.end()
        pieces: list[str] = []
        start, line = at + 1, self._number
        while True:
            end_at = text.find('"', start)
            if end_at < 0:
                refuse(self._file, "the quote that begins a cell is not closed", None, line)
            pieces.append(text[start:end_at])
            if not text.startswith('"', end_at + 1):
                break
            pieces.append('"')
            start = end_at + 2
        raw = "".join(pieces)
        for end in _LINE_END.finditer(text, at, end_at):
            self._number, self._line_start = self._number + 1, end.end()
        after = end_at + 1
        if after < len(text) and text[after] not in (self._separator, "\r", "\n"):
            refuse(
                self._file,
                "after the quote that ends a cell comes more text",
                'write a quote inside a cell twice: `""`',
                self._number,
            )
        return raw, after

"""The cells of a sheet, as a file gives them, within limits that no table of rules needs."""

from __future__ import annotations

from dataclasses import dataclass, field

from ordinance.rules.interchange.files import refuse

MOST_ROWS = 5_000
MOST_COLUMNS = 200
MOST_CELLS = 12_000
MOST_TEXT = 128 * 1024
"""Characters in all cells of a file."""
LONGEST_CELL = 4_000

TEXT_MARK = "'"
"""In front of a cell it makes a spreadsheet take the cell for text; it is not part of the text."""

FORMULA = "#FORMULA! "
"""Stands in front of the text of a formula, which so differs from every other text."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell with something in it."""

    text: str
    """Without blanks around it; a value of a spreadsheet is written out."""
    line: int
    """The row of a sheet, the line of a text file."""
    column: int
    """The column of a sheet, the character in the line of a text file."""
    typed: bool = False
    """Whether the file says itself that this is a number, a date, or yes or no."""
    fault: str = ""
    """Why the text must not be used, where it must not."""


@dataclass(slots=True)
class Line:
    """One line of a sheet that is not blank; blank cells are left out."""

    number: int
    cells: dict[int, Cell] = field(default_factory=dict)
    """By the number of the column, from 1."""


@dataclass(slots=True)
class Sheet:
    """One sheet."""

    name: str
    file: str
    lines: list[Line]
    lettered: bool
    """Whether columns have letters, as in a workbook; else places are characters of a line."""
    warnings: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    """What makes the sheet unusable: where, and why."""

    def place(self, line: int, column: int) -> str:
        """A place in words: `sheet Fees, cell B7`, or `line 7:12`."""
        if self.lettered:
            return f"sheet {self.name}, cell {letters(column)}{line}"
        return f"line {line}:{column}"


class Budget:
    """Counts what a file holds, and refuses it when it is too much."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._cells = self._characters = 0

    def cell(self, text: str, row: int, column: int, line: int) -> None:
        """Counts one cell of row `row`; `line` is told when the file is refused."""
        self._cells += 1
        self._characters += len(text)
        if row > MOST_ROWS:
            self._refuse(f"the table has more than {MOST_ROWS} rows", line)
        if column > MOST_COLUMNS:
            self._refuse(f"the table has more than {MOST_COLUMNS} columns", line)
        if self._cells > MOST_CELLS:
            self._refuse(f"the file has more than {MOST_CELLS} cells", line)
        if len(text) > LONGEST_CELL:
            self._refuse(f"a cell has more than {LONGEST_CELL} characters", line)
        if self._characters > MOST_TEXT:
            self._refuse(f"the file has more than {MOST_TEXT} characters", line)

    def _refuse(self, message: str, line: int) -> None:
        refuse(self.file, message, "split it into several tables", line)


def letters(column: int) -> str:
    """The letters of a column: 1 is `A`, 28 is `AB`."""
    found = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def column_of(name: str) -> int:
    """The number of a column, for its letters."""
    number = 0
    for letter in name:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def unmarked(text: str) -> str:
    """The text of a cell without blanks around it, and without the mark of a text."""
    found = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return found.removeprefix(TEXT_MARK).strip() if found.startswith(TEXT_MARK) else found

"""Rule sets to decision tables in CSV and XLSX files."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from ordinance.rules.interchange.grid import Grid, GridRow
from ordinance.rules.interchange.imported import valued
from ordinance.rules.interchange.names import ours, theirs
from ordinance.rules.interchange.plain.spelling import (
    ARROWS,
    FAILS,
    HIT,
    HITTING,
    ID,
    KINDS,
    NAME,
    OTHERWISE,
    TITLE,
    UNSET,
    WHEN,
    Spelled,
)
from ordinance.rules.interchange.plain.writing import Lang, Writer
from ordinance.rules.interchange.sheets.cells import (
    LONGEST_CELL,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    MOST_TEXT,
)
from ordinance.rules.interchange.sheets.formats import EXCEL_DIGITS
from ordinance.rules.interchange.sheets.writing import Rows, Value, title_of, write_csv, write_xlsx
from ordinance.rules.interchange.table import ending_of
from ordinance.rules.interchange.table_head import Column, Role, column
from ordinance.rules.interchange.written import (
    Source,
    Unwritable,
    Writable,
    Written,
    absent_notes,
    sources,
    written_one_by_one,
)
from ordinance.rules.kinds import Kind
from ordinance.rules.numeral import NUMBER
from ordinance.rules.point import Hit, Merge

_HITS = (Hit.FIRST, Hit.UNIQUE, Hit.COLLECT)
_DECLARED_AS = {
    **dict.fromkeys((Kind.MONEY, Kind.INTEGER, Kind.RATIO), Kind.DECIMAL),
    Kind.CHOICE: Kind.TEXT,
}
_NO_CELL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def write_table(
    items: Writable | Iterable[Writable], path: str | Path, *, lang: Lang = "en"
) -> Written:
    """Writes each rule set as a decision table: the sheets of an XLSX file, or one CSV file.

    `lang` is the language of the words between the values (`zh` or `en`); both are read. A rule
    set that a table cannot say is left out and reported, and so are all but the first in a CSV
    file. Nothing is written when nothing is left. The same rule sets give the same bytes.
    """
    workbook = ending_of(path) == ".xlsx"
    tables: dict[str, tuple[Rows, int]] = {}

    def write(source: Source) -> None:
        if tables and not workbook:
            raise Unwritable("a CSV file holds one table; write several into an `.xlsx` file")
        table = _Table(source, lang)
        tables[title_of(source.name, tables)] = table.rows(), table.head

    report = written_one_by_one(sources(items), _HITS, (), write, absent_notes)
    if tables and workbook:
        write_xlsx(path, tables)
    for rows, _ in tables.values() if not workbook else ():
        write_csv(path, rows)
    return report


class _Table:
    """The cells of one table."""

    def __init__(self, source: Source, lang: Lang) -> None:
        tree = source.tree
        self._source = source
        self._lang: Lang = lang
        self._grid = Grid(source, Writer(source, lang))
        self._valued = valued(tree.rules)
        self._settings = [
            [NAME.get(lang), _alike(source.name, lambda text: column(text).role not in _OUTCOMES)],
            [HIT.get(lang), _hit(source, lang)],
        ]
        if tree.otherwise is None:
            self._settings.append([OTHERWISE.get(lang), FAILS.get(lang)])
        said = {name for rule in tree.rules for name in rule.then} | set(tree.otherwise or ())
        self._fields = [
            item.name for item in tree.point.fields if item.name in said or source.foreign
        ]
        self._titled = any(row.note for row in self._grid.rows)
        order = {fact.name: at for at, fact in enumerate(tree.point.facts)}
        self._columns = sorted(
            self._grid.columns, key=lambda item: (order.get(ours(item.field), len(order)), item)
        )

    @property
    def head(self) -> int:
        """The number of the row of the head."""
        return len(self._settings) + 1

    def rows(self) -> Rows:
        """All rows. Raises `Unwritable`."""
        if not self._fields:
            raise Unwritable("it says nothing, and a table has an outcome")
        heads = [
            ID.get(self._lang),
            *([TITLE.get(self._lang)] if self._titled else []),
            *(self._condition_head(item.field) for item in self._columns),
            *(_head(Column(Role.OUTCOME, theirs(name)), self._lang) for name in self._fields),
        ]
        rows: list[Sequence[Value]] = [*self._settings, heads]
        rows.extend(self._row(row) for row in self._grid.rows)
        otherwise = self._source.tree.otherwise
        if otherwise:
            said = self._grid.said(otherwise)
            rows.append(self._row(GridRow(OTHERWISE.get(self._lang), "", {}, said), last=True))
        cells = [str(cell) for row in rows for cell in row if cell != ""]
        if len(rows) > MOST_ROWS or len(heads) > MOST_COLUMNS or len(cells) > MOST_CELLS:
            raise Unwritable("it is too large to be read again: split it into several sets")
        if sum(map(len, cells)) > MOST_TEXT or any(len(cell) > LONGEST_CELL for cell in cells):
            raise Unwritable("it holds more text than is read again: split it into several sets")
        return rows

    def _row(self, row: GridRow, *, last: bool = False) -> Sequence[Value]:
        id = _alike(row.id, lambda text: last or text.casefold() not in OTHERWISE.all)
        conditions = [
            self._condition(item.field, row.cells.get(item, "")) for item in self._columns
        ]
        said = [_number(row.said.get(name, "")) for name in self._fields]
        if all(cell == "" for cell in (*conditions, *said)):
            # An id alone on its line would be taken for a note.
            said[0] = UNSET.get(self._lang)
        return [
            id,
            *([" ".join(_NO_CELL.sub(" ", row.note).split())] if self._titled else []),
            *conditions,
            *said,
        ]

    def _condition(self, field: str, text: str) -> Value:
        return _number(text) if self._kind(field) is Kind.DECIMAL else text

    def _condition_head(self, field: str) -> str:
        return _head(Column(Role.CONDITION, field, self._kind(field)), self._lang)

    def _kind(self, field: str) -> Kind | None:
        """The kind that a column tells; None where only the presence of its fact counts."""
        fact = ours(field)
        if fact not in self._valued:
            return None
        kind = self._source.kind(fact)
        return _DECLARED_AS.get(kind, kind)


_LIST = frozenset({Merge.LIST})
_OUTCOMES = (Role.OUTCOME, Role.ARROW)


def _hit(source: Source, lang: Lang) -> str:
    """The words for a hit policy. Raises `Unwritable`."""
    hit = source.tree.hit
    merges = {field.merge for field in source.tree.point.fields if hit is Hit.COLLECT}
    words = [
        word for word, meant in HITTING.items() if {meant} == {(hit, it) for it in merges or _LIST}
    ]
    if not words:
        raise Unwritable("a table fills all fields alike: as lists, sums, least or most values")
    return Spelled((words[0],), (words[1],)).get(lang)


def _head(wanted: Column, lang: Lang) -> str:
    """The head of a column that is read as what is wanted. Raises `Unwritable`."""
    arrow, brackets = f"{ARROWS[0]} ", ""
    if wanted.kind is not None:
        brackets = f" ({KINDS[wanted.kind].get(lang)})"
    plain, marked = f"{wanted.name}{brackets}", f"{WHEN.get(lang)} {wanted.name}{brackets}"
    texts = (arrow + wanted.name,) if wanted.role is Role.OUTCOME else (plain, marked)
    for text in texts:
        if column(text) == wanted:
            return _alike(text)
    raise Unwritable(f"`{wanted.name}` is no name that the head of a column can hold")


def _alike(text: str, allowed: Callable[[str], bool] = bool) -> str:
    """A text that is read as itself. Raises `Unwritable`."""
    if not text or text.strip() != text or _NO_CELL.search(text) or not allowed(text):
        raise Unwritable(f"`{text}` is no name that a cell can hold")
    return text


def _number(text: str) -> Value:
    """A number as one, where a spreadsheet keeps all of its digits."""
    exact = NUMBER.fullmatch(text) and len(text.strip("-").replace(".", "")) <= EXCEL_DIGITS
    return Decimal(text) if exact else text

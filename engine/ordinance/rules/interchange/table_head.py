"""The head of a decision table: what each column is, and what stands above it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, auto

from ordinance.rules.interchange.plain.spelling import (
    ARROWS,
    FAILS,
    HIT,
    ID,
    KINDS,
    NAME,
    NOTE,
    OTHERWISE,
    THEN,
    TITLE,
    WHEN,
    Spelled,
)
from ordinance.rules.interchange.sheets.cells import MOST_COLUMNS, Cell, Line, Sheet
from ordinance.rules.kinds import Kind


class Role(Enum):
    """What a column holds."""

    ID = auto()
    TITLE = auto()
    NOTE = auto()
    CONDITION = auto()
    OUTCOME = auto()
    ARROW = auto()
    """Nothing: outcomes follow."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `name` is that of its fact or of its field."""

    role: Role
    name: str
    kind: Kind | None = None


_CHINESE_THEN = ("则", "那么")
_OUTCOME = re.compile(
    rf"(?:(?:{'|'.join(map(re.escape, ARROWS))}|{'|'.join(_CHINESE_THEN)})\s*[:：]?\s*"
    rf"|(?:{'|'.join(THEN.all)})(?:\s*[:：]\s*|\s+))(.+)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(rf"(?:{'|'.join(WHEN.all)})(?:\s*[:：]\s*|\s+)(.+)", re.I | re.DOTALL)
_KINDS: Mapping[str, Kind] = {word: kind for kind, spelled in KINDS.items() for word in spelled.all}
_KIND = re.compile(rf"(.*\S)\s*[(（]\s*({'|'.join(map(re.escape, _KINDS))})\s*[)）]", re.DOTALL)


def column(text: str, *, outcome: bool = False) -> Column:
    """What a head says; `outcome` where the columns there are outcomes anyway."""
    if text in ARROWS or _is(text, THEN):
        return Column(Role.ARROW, "")
    found = _OUTCOME.fullmatch(text)
    if found is not None:
        return Column(Role.OUTCOME, found.group(1))
    found = _CONDITION.fullmatch(text)
    if found is None:
        for role, spelled in ((Role.ID, ID), (Role.TITLE, TITLE), (Role.NOTE, NOTE)):
            if _is(text, spelled):
                return Column(role, text)
        if outcome:
            return Column(Role.OUTCOME, text)
    name = text if found is None else found.group(1)
    declared = _KIND.fullmatch(name)
    if declared is not None:
        return Column(Role.CONDITION, declared.group(1), _KINDS[declared.group(2)])
    return Column(Role.CONDITION, name)


@dataclass(slots=True)
class Head:
    """What a table says before its rows."""

    name: str = ""
    hit: str = ""
    hit_place: tuple[int, int] = (1, 1)
    fails: bool = False
    """Whether deciding fails where no row is true."""
    columns: dict[int, Column] = field(default_factory=dict)
    rows: list[Line] = field(default_factory=list)
    """The lines after the head."""
    refused: list[tuple[str, str]] = field(default_factory=list)
    aside: list[Cell] = field(default_factory=list)
    """Cells above the head that say nothing to a reader of tables."""

    def names(self, role: Role) -> list[str]:
        """The names of the columns with a role, in order."""
        return [item.name for item in self.columns.values() if item.role is role]


def head_of(sheet: Sheet) -> Head:
    """The head of a sheet; where there is none, it is told in `refused`."""
    head = Head(name=sheet.name)
    lines = iter(sheet.lines)
    line = next(lines, None)
    while line is not None and (_is_setting(line) or _is_heading(line)):
        if _is_heading(line):
            head.aside.extend(line.cells.values())
        else:
            _set(head, line, sheet)
        line = next(lines, None)
    outcomes: set[int] = set()
    if line is not None and _is_band(line):
        outcomes = _outcomes_below(line)
        line = next(lines, None)
    if line is not None:
        head.columns = _columns(line, outcomes)
        head.rows = list(lines)
    if not head.names(Role.OUTCOME):
        head.refused.append(
            (
                sheet.place(line.number, 1) if line is not None else f"sheet {sheet.name}",
                "no column says what follows from a row: head it `→ fee` or `则 运费`",
            )
        )
    repeated = _repeated(head.names(Role.OUTCOME))
    for role, word in ((Role.ID, "of ids"), (Role.TITLE, "of titles")):
        repeated.extend([word] if len(head.names(role)) > 1 else [])
    head.refused.extend((f"column {name}", "it is there twice") for name in repeated)
    return head


def _is_setting(line: Line) -> bool:
    """Whether a line above the head says something about the table as a whole."""
    cells = list(line.cells.values())
    if len(cells) != 2 or not any(_is(_word(cells[0].text), it) for it in (NAME, HIT, OTHERWISE)):
        return False
    return column(cells[1].text).role not in (Role.OUTCOME, Role.ARROW)


def _is_heading(line: Line) -> bool:
    """Whether a line above the head is one text alone, such as the title of the sheet."""
    texts = [cell.text for cell in line.cells.values()]
    return len(texts) == 1 and column(texts[0]).role is Role.CONDITION


def _set(head: Head, line: Line, sheet: Sheet) -> None:
    key, value = line.cells.values()
    if _is(_word(key.text), NAME):
        head.name = value.text
    elif _is(_word(key.text), HIT):
        head.hit, head.hit_place = value.text, (value.line, value.column)
    elif _is(value.text, FAILS):
        head.fails = True
    else:
        head.refused.append(
            (
                f"{sheet.place(value.line, value.column)}: {value.text}",
                "above the head stands only `otherwise`, `error` (`否则`, `报错`); an outcome for "
                "everything else is a row with the id `otherwise` (`否则`)",
            )
        )


def _is_band(line: Line) -> bool:
    """Whether a line only groups the columns of the head below it: `if ... then ...`."""
    texts = [cell.text for cell in line.cells.values()]
    words = (WHEN, THEN, ID, TITLE, NOTE)
    return any(_is(text, THEN) for text in texts) and all(
        any(_is(text, spelled) for spelled in words) for text in texts
    )


def _outcomes_below(line: Line) -> set[int]:
    """The columns under `then`, each word holding up to the next one."""
    found: set[int] = set()
    after = False
    for at in range(min(line.cells), max(line.cells) + 1):
        cell = line.cells.get(at)
        after = after if cell is None else _is(cell.text, THEN)
        if after:
            found.add(at)
    if after:
        found.update(range(max(line.cells), MOST_COLUMNS + 1))
    return found


def _columns(line: Line, outcomes: set[int]) -> dict[int, Column]:
    found: dict[int, Column] = {}
    after = False
    for at, cell in sorted(line.cells.items()):
        found[at] = column(cell.text, outcome=after or at in outcomes)
        after = after or found[at].role is Role.ARROW
    return found


def _word(text: str) -> str:
    return text.rstrip(":：").rstrip()


def _is(text: str, spelled: Spelled) -> bool:
    return text.casefold() in spelled.all


def _repeated(names: list[str]) -> list[str]:
    return [name for name in dict.fromkeys(names) if names.count(name) > 1]

"""A rule set as the grid of a foreign decision table: columns, rows, and their texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import NamedTuple, Protocol

from ordinance.rules.interchange.names import theirs
from ordinance.rules.interchange.truth import every, needs
from ordinance.rules.interchange.written import (
    Source,
    Unwritable,
    facts_of,
    is_denied,
    parts_of,
    simple,
)
from ordinance.rules.kinds import Value
from ordinance.rules.point import Hit
from ordinance.rules.tree import (
    Comparator,
    Condition,
    Given,
    Outcome,
    OutcomeValue,
    ParamRef,
    Test,
)

WHOLE = "conditions"
"""The name of the column for conditions about several facts; its field is empty."""


class CellWriter(Protocol):
    """Writes the texts of a foreign language. Every method raises `Unwritable`."""

    @property
    def language(self) -> str:
        """Its name, as `Original.format` has it."""
        ...

    def path(self, fact: str) -> str:
        """A fact, as the field of a column."""
        ...

    def cell(self, parts: Sequence[Condition], fact: str) -> str | None:
        """Conditions that are all about `fact`, as a cell of its column; None where a cell
        cannot say them."""
        ...

    def expression(self, condition: Condition) -> str:
        """A condition as a whole."""
        ...

    def literal(self, value: Value) -> str:
        """The value of an outcome."""
        ...


class Column(NamedTuple):
    """One column of conditions."""

    field: str
    """A path; empty for whole conditions."""
    copy: int = 0
    """A row may need two cells about one field, then there are two columns of it."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """The texts of one row: of its cells by columns, of its outcome by fields."""

    id: str
    note: str
    cells: Mapping[Column, str]
    said: Mapping[str, str]


class Grid:
    """The columns and rows of one table."""

    def __init__(self, source: Source, writer: CellWriter) -> None:
        self._source = source
        self._writer = writer
        self.rows: list[GridRow] = []
        self.columns: dict[Column, str] = {}
        """To the fact that each is about."""
        asked = {name for rule in source.tree.rules for name in facts_of(rule.when)}
        for fact in source.tree.point.facts if source.foreign else ():
            original = source.originals.get(fact.name)
            if fact.name not in asked and (original is None or not original.text):
                self._fill({}, self._field(fact.name), "", fact.name)
        for rule in source.tree.rules:
            try:
                self._add(rule.id, rule.when, rule.then, rule.title.en if rule.title else "")
            except Unwritable as error:
                raise error.at(f"rule {rule.id}") from None

    def name(self, column: Column) -> str:
        """What a column is called."""
        return theirs(self.columns[column]) if column.field else WHOLE

    def said(self, then: Outcome) -> dict[str, str]:
        """The texts of an outcome. Raises `Unwritable`."""
        collected = self._source.tree.hit is Hit.COLLECT
        return {
            # Collected lists are wrapped, see `imported.py`.
            name: self._outcome(value[0] if collected and isinstance(value, tuple) else value)
            for name, value in then.items()
        }

    def _add(self, id: str, when: Condition, then: Outcome, note: str) -> None:
        cells: dict[Column, str] = {}
        whole: list[Condition] = []
        plain = simple(when)
        groups, needed, place = self._grouped(plain), needs(plain), self._source.tree.place
        for fact in self._untranslated(groups):
            self._fill(cells, self._field(fact), self._text_of(fact), fact)
            del groups[fact]
        for fact, parts in groups.items():
            if fact in needed and any(map(is_denied, parts)):
                # Another cell asks for the fact, so this one may take it for present.
                parts.insert(0, Test(fact, Comparator.MISSING, (Given(False),), place))
            text = self._writer.cell(parts, fact) if fact else None
            if text is None:
                whole.extend(parts)
            else:
                self._fill(cells, self._field(fact), text, fact)
        if whole:
            self._fill(cells, "", self._writer.expression(every(tuple(whole))), WHOLE)
        nulls = dict.fromkeys(self._source.nulls.get(id, ()), "null")
        self.rows.append(GridRow(id, note, cells, {**self.said(then), **nulls}))

    def _untranslated(self, groups: Mapping[str, list[Condition]]) -> list[str]:
        """The facts that stand for whole cells."""
        originals = self._source.originals
        return [fact for fact in groups if fact in originals and originals[fact].text]

    def _grouped(self, when: Condition) -> dict[str, list[Condition]]:
        """The parts of a condition by the one fact that they read; those of several have none."""
        groups: dict[str, list[Condition]] = {}
        for part in parts_of(when):
            names = facts_of(part)
            groups.setdefault(names[0] if len(names) == 1 else "", []).append(part)
        return groups

    def _field(self, fact: str) -> str:
        original = self._source.originals.get(fact)
        return self._writer.path(fact) if original is None else original.column

    def _fill(self, cells: dict[Column, str], field: str, text: str, fact: str) -> None:
        """Puts `text` into the first column of the field that is still free in the row."""
        column = next(found for at in count() if (found := Column(field, at)) not in cells)
        cells[column] = text
        self.columns.setdefault(column, fact)

    def _outcome(self, value: OutcomeValue) -> str:
        if isinstance(value, ParamRef):
            return self._text_of(value.name)
        if isinstance(value, Mapping):
            parts = [
                f"{self._writer.literal(name)}: {self._outcome(item)}"
                for name, item in value.items()
            ]
            return "{" + ", ".join(parts) + "}"
        if isinstance(value, tuple):
            return "[" + ", ".join(self._outcome(item) for item in value) + "]"
        return self._writer.literal(value)

    def _text_of(self, name: str) -> str:
        original = self._source.originals.get(name)
        if original is None:
            raise Unwritable(f"`${name}` has a name and a date; a table holds bare values")
        if original.format != self._writer.language:
            raise Unwritable(f"`{original.text}` is not written in this format's language")
        return original.text

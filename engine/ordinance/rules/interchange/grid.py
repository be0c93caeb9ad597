"""A rule set as the grid of a foreign decision table: columns, rows, and their texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

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


@dataclass(frozen=True, slots=True)
class GridRow:
    """The texts of one row: of its cells by the fields of columns, of its outcome by fields."""

    id: str
    note: str
    cells: Mapping[str, str]
    said: Mapping[str, str]


class Grid:
    """The columns and rows of one table."""

    def __init__(self, source: Source, writer: CellWriter) -> None:
        self._source = source
        self._writer = writer
        self.rows: list[GridRow] = []
        self.columns: dict[str, str] = {}
        """Field to fact; the field of the column for whole conditions is empty."""
        asked = {name for rule in source.tree.rules for name in facts_of(rule.when)}
        for fact in source.tree.point.facts if source.foreign else ():
            original = source.originals.get(fact.name)
            if fact.name not in asked and (original is None or not original.text):
                self._column(self._field(fact.name), fact.name)
        for rule in source.tree.rules:
            self._add(rule.id, rule.when, rule.then, rule.title.en if rule.title else "")

    def name(self, field: str) -> str:
        """What a column is called."""
        return theirs(self.columns[field]) if field else WHOLE

    def said(self, then: Outcome) -> dict[str, str]:
        """The texts of an outcome. Raises `Unwritable`."""
        collected = self._source.tree.hit is Hit.COLLECT
        return {
            # Collected lists are wrapped, see `imported.py`.
            name: self._outcome(value[0] if collected and isinstance(value, tuple) else value)
            for name, value in then.items()
        }

    def _add(self, id: str, when: Condition, then: Outcome, note: str) -> None:
        cells: dict[str, str] = {}
        whole: list[Condition] = []
        plain = simple(when)
        groups, needed, place = self._grouped(plain), needs(plain), self._source.tree.place
        for fact in self._untranslated(groups):
            field = self._field(fact)
            if field in cells:
                raise Unwritable(f"the rule `{id}` needs two cells of one column")
            cells[field] = self._text_of(fact)
            self._column(field, fact)
            del groups[fact]
        for fact, parts in groups.items():
            if fact in needed and any(map(is_denied, parts)):
                # Another cell asks for the fact, so this one may take it for present.
                parts.insert(0, Test(fact, Comparator.MISSING, (Given(False),), place))
            text = self._writer.cell(parts, fact) if fact else None
            field = self._field(fact) if fact else ""
            if text is None or field in cells:
                whole.extend(parts)
                continue
            cells[field] = text
            self._column(field, fact)
        if whole:
            if "" in cells:
                raise Unwritable(f"the rule `{id}` needs two cells of one column")
            cells[""] = self._writer.expression(every(tuple(whole)))
            self._column("", WHOLE)
        self.rows.append(GridRow(id, note, cells, self.said(then)))

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

    def _column(self, field: str, fact: str) -> None:
        self.columns.setdefault(field, fact)

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

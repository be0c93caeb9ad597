"""Rule sets to JDM graphs (GoRules)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple

from ordinance.rules.interchange.files import write_text
from ordinance.rules.interchange.names import theirs
from ordinance.rules.interchange.truth import every
from ordinance.rules.interchange.written import (
    Source,
    Unwritable,
    Writable,
    Written,
    facts_of,
    parts_of,
    simple,
    sources,
    written_one_by_one,
)
from ordinance.rules.interchange.zen.writing import Writer, outcome
from ordinance.rules.point import Hit
from ordinance.rules.tree import AllOf, Condition, Outcome

WHOLE = "conditions"
"""The column for conditions about several facts."""


def write_jdm(items: Writable | Iterable[Writable], path: str | Path) -> Written:
    """Writes a JDM file with one decision table for each rule set, all fed from one input.

    A rule set that a table cannot say is left out and reported. Nothing is written when nothing
    is left.
    """
    tables: list[dict[str, Any]] = []

    def write(source: Source) -> None:
        tables.append(_node(source, len(tables) + 1))

    report = written_one_by_one(sources(items), (Hit.FIRST, Hit.COLLECT), write)
    if tables:
        write_text(path, json.dumps(_graph(tables), ensure_ascii=False, indent=2) + "\n")
    return report


def _graph(tables: list[dict[str, Any]]) -> dict[str, Any]:
    ends = [
        {"id": "input", "type": "inputNode", "name": "input", "position": {"x": 0, "y": 0}},
        {"id": "output", "type": "outputNode", "name": "output", "position": {"x": 600, "y": 0}},
    ]
    edges = [
        {
            "id": f"{table['id']}-{end}",
            "type": "edge",
            "sourceId": "input" if end == "in" else table["id"],
            "targetId": table["id"] if end == "in" else "output",
        }
        for table in tables
        for end in ("in", "out")
    ]
    return {
        "contentType": "application/vnd.gorules.decision",
        "nodes": [ends[0], *tables, ends[1]],
        "edges": edges,
    }


def _node(source: Source, number: int) -> dict[str, Any]:
    grid = _Grid(source)
    for rule in source.tree.rules:
        try:
            grid.add(rule.id, rule.when, rule.then, rule.title.en if rule.title else "")
        except Unwritable as error:
            raise error.at(f"rule {rule.id}") from None
    if source.tree.otherwise is None:
        raise Unwritable("a table cannot fail for want of a true row (`otherwise: error`)")
    if source.tree.otherwise:
        if source.tree.hit is Hit.COLLECT:
            raise Unwritable("`collect` has no row that is true where no other is (`otherwise`)")
        grid.add("otherwise", AllOf(()), source.tree.otherwise, "")
    return {
        "id": f"table-{number}",
        "type": "decisionTableNode",
        "name": source.name,
        "position": {"x": 300, "y": 150 * (number - 1)},
        "content": grid.content(),
    }


class _Column(NamedTuple):
    field: str
    """A path; empty for whole conditions."""
    copy: int
    """A row may need two cells about one field, then there are two columns of it."""


class _Grid:
    """The columns and rows of one table."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._writer = Writer(source)
        self._rows: list[tuple[dict[str, str], dict[_Column, str], dict[str, str]]] = []
        self._columns: dict[_Column, str] = {}
        """To their names."""
        asked = {name for rule in source.tree.rules for name in facts_of(rule.when)}
        for fact in source.tree.point.facts:
            original = source.originals.get(fact.name)
            if fact.name not in asked and (original is None or not original.text):
                # A column of blank cells is part of the table all the same.
                self._fill({}, self._field(fact.name), "", fact.name)

    def add(self, id: str, when: Condition, then: Outcome, note: str) -> None:
        """Adds a row. Raises `Unwritable`."""
        cells: dict[_Column, str] = {}
        whole: list[Condition] = []
        groups = self._grouped(simple(when))
        for fact in self._untranslated(groups):
            self._fill(cells, self._field(fact), self._text_of(fact), fact)
            del groups[fact]
        for fact, parts in groups.items():
            text = self._writer.cell(parts, fact) if fact else None
            if text is None:
                whole.extend(parts)
            else:
                self._fill(cells, self._field(fact), text, fact)
        if whole:
            self._fill(cells, "", self._writer.expression(every(tuple(whole))), WHOLE)
        collected = self._source.tree.hit is Hit.COLLECT
        said = {
            # Collected lists are wrapped, see `imported.py`.
            name: outcome(
                value[0] if collected and isinstance(value, tuple) else value, self._text_of
            )
            for name, value in then.items()
        }
        said.update((name, "null") for name in self._source.nulls.get(id, ()))
        about = {"_id": id, **({"_description": note} if note else {})}
        self._rows.append((about, cells, said))

    def content(self) -> dict[str, Any]:
        """The content of a table node."""
        inputs = {column: f"in-{at}" for at, column in enumerate(self._columns, start=1)}
        outputs = {
            field.name: f"out-{at}" for at, field in enumerate(self._source.tree.point.fields, 1)
        }
        frame = self._source.frame
        settings = {
            "inputField": frame.input_field,
            "executionMode": "loop" if frame.looped else "",
            "passThrough": frame.passes_on,
            "outputPath": ".".join(frame.output_path),
        }
        return {
            **{name: value for name, value in settings.items() if value},
            "hitPolicy": self._source.tree.hit.value,
            "inputs": [
                {
                    "id": id,
                    "name": self._columns[column],
                    **({"field": column.field} if column.field else {}),
                }
                for column, id in inputs.items()
            ],
            "outputs": [
                {"id": id, "name": theirs(name), "field": theirs(name)}
                for name, id in outputs.items()
            ],
            "rules": [
                {
                    **about,
                    **{id: cells.get(column, "") for column, id in inputs.items()},
                    **{id: said.get(name, "") for name, id in outputs.items()},
                }
                for about, cells, said in self._rows
            ],
        }

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

    def _fill(self, cells: dict[_Column, str], field: str, text: str, name: str) -> None:
        """Puts `text` into the first column of the field that is still free in the row."""
        copy = next(at for at in count() if _Column(field, at) not in cells)
        cells[_Column(field, copy)] = text
        self._columns.setdefault(_Column(field, copy), theirs(name) if field else WHOLE)

    def _text_of(self, name: str) -> str:
        original = self._source.originals.get(name)
        if original is None:
            raise Unwritable(f"`${name}` has a name and a date; a table holds bare values")
        if original.format != "zen":
            raise Unwritable(f"`{original.text}` is not written in this format's language")
        return original.text

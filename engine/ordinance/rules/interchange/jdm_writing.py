"""Rule sets to JDM graphs (GoRules)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

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
        grid.add(rule.id, rule.when, rule.then, rule.title.en if rule.title else "")
    if source.tree.otherwise is None:
        raise Unwritable("a table cannot fail for want of a true row (`otherwise: error`)")
    if source.tree.otherwise:
        grid.add("otherwise", AllOf(()), source.tree.otherwise, "")
    return {
        "id": f"table-{number}",
        "type": "decisionTableNode",
        "name": source.name,
        "position": {"x": 300, "y": 150 * (number - 1)},
        "content": grid.content(),
    }


class _Grid:
    """The columns and rows of one table."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._writer = Writer(source)
        self._rows: list[tuple[dict[str, str], dict[str, str], dict[str, str]]] = []
        self._columns: dict[str, str] = {}
        """Field to name; the field of the column for whole conditions is empty."""
        asked = {name for rule in source.tree.rules for name in facts_of(rule.when)}
        for fact in source.tree.point.facts:
            original = source.originals.get(fact.name)
            if fact.name not in asked and (original is None or not original.text):
                # A column of blank cells is part of the table all the same.
                self._column(self._field(fact.name), fact.name)

    def add(self, id: str, when: Condition, then: Outcome, note: str) -> None:
        """Adds a row. Raises `Unwritable`."""
        cells: dict[str, str] = {}
        whole: list[Condition] = []
        groups = self._grouped(simple(when))
        for fact in self._untranslated(groups):
            field = self._field(fact)
            if field in cells:
                raise Unwritable(f"the rule `{id}` needs two cells of one column")
            cells[field] = self._text_of(fact)
            self._column(field, fact)
            del groups[fact]
        for fact, parts in groups.items():
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
        collected = self._source.tree.hit is Hit.COLLECT
        said = {
            # Collected lists are wrapped, see `imported.py`.
            name: outcome(
                value[0] if collected and isinstance(value, tuple) else value, self._text_of
            )
            for name, value in then.items()
        }
        about = {"_id": id, **({"_description": note} if note else {})}
        self._rows.append((about, cells, said))

    def content(self) -> dict[str, Any]:
        """The content of a table node."""
        inputs = {field: f"in-{at}" for at, field in enumerate(self._columns, start=1)}
        outputs = {
            field.name: f"out-{at}" for at, field in enumerate(self._source.tree.point.fields, 1)
        }
        return {
            "hitPolicy": self._source.tree.hit.value,
            "inputs": [
                {"id": id, "name": self._columns[field], **({"field": field} if field else {})}
                for field, id in inputs.items()
            ],
            "outputs": [
                {"id": id, "name": theirs(name), "field": theirs(name)}
                for name, id in outputs.items()
            ],
            "rules": [
                {
                    **about,
                    **{id: cells.get(field, "") for field, id in inputs.items()},
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

    def _column(self, field: str, name: str) -> None:
        self._columns.setdefault(field, theirs(name) if field else WHOLE)

    def _text_of(self, name: str) -> str:
        original = self._source.originals.get(name)
        if original is None:
            raise Unwritable(f"`${name}` has a name and a date; a table holds bare values")
        if original.format != "zen":
            raise Unwritable(f"`{original.text}` is not written in this format's language")
        return original.text

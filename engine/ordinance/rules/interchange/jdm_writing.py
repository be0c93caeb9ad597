"""Rule sets to JDM graphs (GoRules)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from ordinance.rules.interchange.files import write_text
from ordinance.rules.interchange.grid import Grid, GridRow
from ordinance.rules.interchange.imported import Frame
from ordinance.rules.interchange.names import theirs
from ordinance.rules.interchange.written import (
    Source,
    Unwritable,
    Writable,
    Written,
    sources,
    written_one_by_one,
)
from ordinance.rules.interchange.zen.writing import Writer
from ordinance.rules.kinds import Kind
from ordinance.rules.point import Hit

_NO_KINDS = (Kind.TIME_OF_DAY, Kind.DURATION, Kind.REGION)
"""Kinds of facts that mean nothing there."""


def write_jdm(items: Writable | Iterable[Writable], path: str | Path) -> Written:
    """Writes a JDM file with one decision table for each rule set, all fed from one input.

    A rule set that a table cannot say is left out and reported. Nothing is written when nothing
    is left.
    """
    tables: list[dict[str, Any]] = []

    def write(source: Source) -> None:
        tables.append(_node(source, len(tables) + 1))

    report = written_one_by_one(sources(items), (Hit.FIRST, Hit.COLLECT), _NO_KINDS, write)
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
    tree = source.tree
    if tree.otherwise is None:
        raise Unwritable("a table cannot fail for want of a true row (`otherwise: error`)")
    grid = Grid(source, Writer(source))
    rows = list(grid.rows)
    if tree.otherwise:
        if tree.hit is Hit.COLLECT:
            raise Unwritable("`collect` has no row that is true where no other is (`otherwise`)")
        rows.append(GridRow("otherwise", "", {}, grid.said(tree.otherwise)))
    inputs = {column: f"in-{at}" for at, column in enumerate(grid.columns, start=1)}
    outputs = {field.name: f"out-{at}" for at, field in enumerate(tree.point.fields, start=1)}
    return {
        "id": f"table-{number}",
        "type": "decisionTableNode",
        "name": source.name,
        "position": {"x": 300, "y": 150 * (number - 1)},
        "content": {
            **_settings(source.frame),
            "hitPolicy": tree.hit.value,
            "inputs": [
                {
                    "id": id,
                    "name": grid.name(column),
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
                    "_id": row.id,
                    **({"_description": row.note} if row.note else {}),
                    **{id: row.cells.get(column, "") for column, id in inputs.items()},
                    **{id: row.said.get(name, "") for name, id in outputs.items()},
                }
                for row in rows
            ],
        },
    }


def _settings(frame: Frame) -> dict[str, Any]:
    """What feeds the table and hands on its output, as far as it is not the usual."""
    settings = {
        "inputField": frame.input_field,
        "executionMode": "loop" if frame.looped else "",
        "passThrough": frame.passes_on,
        "outputPath": ".".join(frame.output_path),
    }
    return {name: value for name, value in settings.items() if value}

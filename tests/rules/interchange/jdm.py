"""JDM tables made by hand: a few columns, and rows of cells."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ordinance.rules.interchange import Imported, read_jdm

Cells = Mapping[str, str]
"""Column field to text; a column without a field is named by the empty text."""


def content(rows: Sequence[tuple[Cells, Cells]], **settings: Any) -> dict[str, Any]:
    """The content of a table node: each row is its condition cells and its outcome cells."""
    asked = list(dict.fromkeys(field for when, _ in rows for field in when))
    said = list(dict.fromkeys(field for _, then in rows for field in then))
    return {
        "hitPolicy": "first",
        "inputs": [
            {"id": f"in{at}", "name": field or "whole", **({"field": field} if field else {})}
            for at, field in enumerate(asked)
        ],
        "outputs": [
            {"id": f"out{at}", "name": field, "field": field} for at, field in enumerate(said)
        ],
        "rules": [
            {
                "_id": f"r{number}",
                **{f"in{asked.index(field)}": text for field, text in when.items()},
                **{f"out{said.index(field)}": text for field, text in then.items()},
            }
            for number, (when, then) in enumerate(rows)
        ],
        **settings,
    }


def table(folder: Path, rows: Sequence[tuple[Cells, Cells]], **settings: Any) -> Imported:
    """The table, written as a file of its own and read."""
    return read(folder, content(rows, **settings))


def read(folder: Path, found: Mapping[str, Any]) -> Imported:
    """The table of a content, written as a file of its own and read."""
    file = folder / "table.json"
    file.write_text(json.dumps(found, ensure_ascii=False), "utf-8")
    (imported,) = read_jdm(file)
    return imported


def cell(folder: Path, text: str, field: str = "a") -> Imported:
    """A table with one cell, which says `hit` where it matches."""
    return table(folder, [({field: text}, {"x": '"hit"'})])


def matches(imported: Imported, **given: object) -> bool | None:
    """Whether the one cell matches; None where that is left open."""
    output = imported.output(imported.ruleset.decide(given))
    return None if output is None else bool(output)

"""Other people's decision tables (`tests/data/gorules`) with what their own engine answers."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ordinance.rules.interchange import Imported, read_jdm

HOME = Path(__file__).parents[2] / "data" / "gorules"
GRAPHS = sorted((HOME / "graphs").glob("*.json"))


def tables() -> list[dict[str, Any]]:
    """The tables with their cases, as recorded."""
    recorded: list[dict[str, Any]] = json.loads((HOME / "table_cases.json").read_text())["tables"]
    return recorded


def published(table: dict[str, Any]) -> Path | None:
    """The graph in which a recorded table was published; None where it is not kept here."""
    file = HOME / "graphs" / Path(table["source"]).name
    return file if file.exists() else None


def imported(table: dict[str, Any], folder: Path) -> Imported:
    """A recorded table, read from its graph, or else from its cells as they were recorded."""
    file = published(table)
    if file is not None:
        return next(found for found in read_jdm(file) if found.name == table["table"])
    rebuilt = folder / f"{table['table']}.json"
    rebuilt.write_text(json.dumps(_content(table)))
    (alone,) = read_jdm(rebuilt)
    return alone


def answer(table: Imported, given: dict[str, Any]) -> tuple[list[int], Any]:
    """The rows that matched, counted from 0, and the output."""
    decision = table.ruleset.decide(given)
    rows = [rule.id for rule in table.ruleset.tree.rules]
    return [rows.index(id) for id in decision.fired], table.output(decision)


def canonical(answer: object) -> str:
    """An answer as text, in which 1, 1.0 and `True` differ."""
    return json.dumps(answer, sort_keys=True, ensure_ascii=False)


def mistakes(folder: Path) -> Iterator[str]:
    """Every recorded case that is answered otherwise."""
    for table in tables():
        found = imported(table, folder)
        for case in table["cases"]:
            wanted = case["matched_rows"], case["expected"]
            given = answer(found, case["input"])
            if canonical(given) != canonical(wanted):
                yield f"{table['id']}: {case['input']} gives {given}, not {wanted}"


def _content(table: dict[str, Any]) -> dict[str, Any]:
    inputs = [{"id": f"in{at}", "field": name} for at, name in enumerate(table["inputs"])]
    outputs = [{"id": f"out{at}", "field": name} for at, name in enumerate(table["outputs"])]
    rules = [
        {
            "_id": f"r{at}",
            **{f"in{column}": text for column, text in enumerate(row["cells"])},
            **{f"out{column}": text for column, text in enumerate(row["out_cells"])},
        }
        for at, row in enumerate(table["rows"])
    ]
    return {
        "hitPolicy": table["hit_policy"],
        "inputs": inputs,
        "outputs": outputs,
        "rules": rules,
    }

"""JDM cells that are as long as they can be, and columns whose names mean something else here."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ordinance.rules.interchange import Imported, read_jdm


def read(folder: Path, cell: str, **column: str) -> Imported:
    """The table with this one cell."""
    content = {
        "hitPolicy": "first",
        "inputs": [{"id": "i", "name": "i", **column}],
        "outputs": [{"id": "o", "field": "o"}],
        "rules": [{"_id": "r", "i": cell, "o": "1"}],
    }
    path = folder / "table.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    (imported,) = read_jdm(path)
    return imported


@pytest.mark.parametrize("cell", ["1" + "+1" * 3000, " or ".join(["x > 1"] * 1000)])
def test_a_cell_with_many_operators_is_reported(cell: str, tmp_path: Path) -> None:
    imported = read(tmp_path, cell)

    assert imported.untranslated[0].reason == "it cannot be read: it has more than 300 operators"


def test_a_column_called_lines_is_one_fact(tmp_path: Path) -> None:
    imported = read(tmp_path, "> 5", field="lines")

    assert [fact.name for fact in imported.ruleset.point.facts] == ["foreign.lines"]
    assert imported.ruleset.decide({"lines": 6}).fired == ("r",)

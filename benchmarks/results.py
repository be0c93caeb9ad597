"""What a run found: plain numbers, as they are written to JSON and as the bars read them."""

from __future__ import annotations

import json
import platform
import sys
from dataclasses import asdict, dataclass, field
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.timing import Timed


@dataclass(frozen=True, slots=True)
class Row:
    """The time of one way to ask one engine, on one workload."""

    measure: str
    """`deciding`, `ranking` or `explaining`."""
    workload: str
    hit: str
    rules: int
    side: str
    path: str
    gives: str
    time: Timed


@dataclass
class Results:
    """Every row, and the single figures by name."""

    rows: list[Row] = field(default_factory=list)
    figures: dict[str, float] = field(default_factory=dict)
    """Seconds, bytes or counts; the unit is the last word of the name."""
    seeds: dict[str, int] = field(default_factory=dict)

    def times(self, **wanted: Any) -> list[Row]:
        """The rows whose fields have these values."""
        return [
            row
            for row in self.rows
            if all(getattr(row, name) == value for name, value in wanted.items())
        ]

    def write(self, path: Path) -> None:
        """As JSON, with what the run ran on."""
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = {
            "python": sys.version.split()[0],
            "machine": platform.machine(),
            "versions": versions(),
            "seeds": self.seeds,
            "figures": self.figures,
            "rows": [asdict(row) for row in self.rows],
        }
        path.write_text(json.dumps(whole, indent=1) + "\n", encoding="utf-8")


DISTRIBUTIONS = ("ordinance", "business-rules", "zen-engine", "datalogic-py", "rule-engine")


def versions() -> dict[str, str]:
    """The release of each engine that is installed."""
    found = {}
    for name in DISTRIBUTIONS:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            continue
    return found

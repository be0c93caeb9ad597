"""Starting: a fresh process reads, checks and compiles a table; a warm one reloads a file."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.points import POINTS
from benchmarks.results import Results
from benchmarks.sides.ordinance import LIMITS, Deciding, ruleset, written
from benchmarks.workloads.mixed import mixed
from benchmarks.workloads.rows import SEED, rows
from ordinance.rules.reading import read_file
from ordinance.rules.rulebook import Ruleset

ROWS = 1_000
RELOADED = 50


def measure(results: Results, say: Callable[[str], None], *, times: int = 5) -> None:
    """Add the seconds of a cold start (best of several fresh processes) and of a reload (lower
    quartile)."""
    results.seeds["rows"] = SEED
    say(f"cold start: {ROWS} short table rows, {times} fresh processes")
    cold = [json.loads(_fresh(ROWS)) for _ in range(times)]
    best = min(cold, key=lambda one: one["read"] + one["compiled"])
    results.figures["cold start, read and checked, seconds"] = best["read"]
    results.figures["cold start, compiled and first decision, seconds"] = best["compiled"]
    results.figures["cold start, seconds"] = best["read"] + best["compiled"]
    say(f"reload: a file of {RELOADED} rules")
    reloads = sorted(_reloads(6 * times))
    results.figures["reload, seconds"] = reloads[len(reloads) // 4]


def once(count: int) -> dict[str, float]:
    """Seconds to read `count` rows, and then to compile them and decide for the first time."""
    text = rows(count)
    start = time.perf_counter()
    rules = ruleset(text)
    read = time.perf_counter()
    rules.decide({"order.sku": "SKU-100001", "order.amount": 500})
    return {"read": read - start, "compiled": time.perf_counter() - read}


def _fresh(count: int) -> str:
    """What `once` gives in a process of its own; its imports are not counted."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.measures.starting", str(count)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def _reloads(times: int) -> list[float]:
    workload = mixed(RELOADED, "collect", 1)
    side = Deciding(workload)
    given = side.given(workload.orders[0])
    found = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "review.yaml"
        file.write_text(written(workload), encoding="utf-8")
        for _ in range(times):
            start = time.perf_counter()
            reading = read_file(file, POINTS, limits=LIMITS)
            Ruleset(reading.sets[0], source=reading.source).decide(given)
            found.append(time.perf_counter() - start)
    return found


if __name__ == "__main__":
    print(json.dumps(once(int(sys.argv[1]))))

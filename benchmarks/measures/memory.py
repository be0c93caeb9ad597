"""Memory: what a loaded rule set keeps, and the most that loading it takes, in fresh processes."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import tracemalloc
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from benchmarks.results import Results
from benchmarks.roster import MODULES
from benchmarks.sides.ordinance import ruleset
from benchmarks.workloads.mixed import mixed
from benchmarks.workloads.rows import rows

RULES = 10_000
DECIDED = 200
"""How many different orders are decided before anything is weighed: an index fills by use."""
STATUS = Path("/proc/self/status")
"""Where the kernel says how much a process holds; elsewhere only the traced bytes are given."""


def measure(
    results: Results, sides: list[str], say: Callable[[str], None], *, count: int = RULES
) -> None:
    """Add bytes per rule and the peak of loading, for short rows and for the mixed set, and bytes
    per rule of the other sides."""
    for what in ("rows", "mixed"):
        say(f"memory: {count:,} rules, {what}")
        traced = _fresh(what, count, "traced")
        held = _fresh(what, count, "resident")
        name = f"memory, {what}"
        results.figures[f"{name}, traced per rule, bytes"] = traced["kept"] / count
        if held["kept"]:
            results.figures[f"{name}, resident per rule, bytes"] = held["kept"] / count
            results.figures[f"{name}, resident peak, bytes"] = held["peak"]
    for side in sides:
        if side != "ordinance":
            say(f"memory: {count // 10:,} rules, {side}")
            held = _fresh(side, count // 10, "resident")
            if held["kept"]:
                figure = held["kept"] / (count // 10)
                results.figures[f"memory, {side}, resident per rule, bytes"] = figure


def once(what: str, count: int, how: str) -> dict[str, int]:
    """Bytes kept after loading, and the most at any moment of it, above what was held before."""
    load = _loader(what, count)
    gc.collect()
    if how == "traced":
        tracemalloc.start()
        kept = load()
        gc.collect()
        now, peak = tracemalloc.get_traced_memory()
        del kept
        return {"kept": now, "peak": peak}
    before = _status("VmRSS")
    kept = load()
    gc.collect()
    after = {"kept": _status("VmRSS") - before, "peak": _status("VmHWM")}
    del kept
    return after


def _loader(what: str, count: int) -> Callable[[], Any]:
    """The text of the rules is kept with them, so it is made inside; the smallest set warms what
    is lazily made."""
    if what == "rows":
        facts = [
            {"order.sku": f"SKU-{100_000 + number}", "order.amount": 7 * number}
            for number in range(1, DECIDED + 1)
        ]
        _decided(rows(2), facts)
        return lambda: _decided(rows(count), facts)
    adapter = import_module(MODULES[what if what in MODULES else "ordinance"][1])
    workload, small = mixed(count, "collect", DECIDED), mixed(2, "collect", DECIDED)

    def load(drawn: Any) -> Any:
        engine = adapter.paths()[0].build(drawn)
        for order in drawn.orders if what == "mixed" else drawn.orders[:1]:
            engine.decide(engine.given(order))
        return engine

    load(small)
    return lambda: load(workload)


def _decided(text: str, facts: Any) -> Any:
    rules = ruleset(text)
    for one in facts:
        rules.decide(one)
    return rules


def _status(name: str) -> int:
    if not STATUS.exists():
        return 0
    line = next(line for line in STATUS.read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024


def _fresh(what: str, count: int, how: str) -> dict[str, int]:
    answer: dict[str, int] = json.loads(
        subprocess.run(
            [sys.executable, "-m", "benchmarks.measures.memory", what, str(count), how],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
    )
    return answer


if __name__ == "__main__":
    print(json.dumps(once(sys.argv[1], int(sys.argv[2]), sys.argv[3])))

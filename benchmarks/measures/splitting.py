"""Splitting: the plan of one order over its warehouses, one call each, every order a new one."""

from __future__ import annotations

import time
from collections.abc import Callable

from benchmarks.results import Results
from benchmarks.workloads import splits
from ordinance.splitting import Method, solve


def measure(results: Results, say: Callable[[str], None], *, count: int = 1000) -> None:
    """Add the median, the 99th percentile and the slowest plan of each size, in seconds.

    Of processor time: at the 99th percentile the clock on the wall tells what else the machine did.
    """
    results.seeds["splitting"] = splits.SEED
    for lines, warehouses in splits.SIZES:
        taken = []
        unproved = 0
        for problem in splits.drawn(lines, warehouses, count):
            begun = time.thread_time()
            plan = solve(problem)
            taken.append(time.thread_time() - begun)
            unproved += plan.method is not Method.EXACT
        taken.sort()
        name = f"splitting, {lines} lines x {warehouses} warehouses"
        results.figures[f"{name}, median, seconds"] = taken[count // 2]
        results.figures[f"{name}, p99, seconds"] = taken[count * 99 // 100]
        results.figures[f"{name}, slowest, seconds"] = taken[-1]
        results.figures[f"{name}, not proved, plans"] = unproved
        say(f"{name}: {count} plans")

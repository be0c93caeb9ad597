"""Deciding: every side on the same orders, at every size, by turns."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence

from benchmarks.agreement import checked
from benchmarks.results import Results, Row
from benchmarks.side import Side
from benchmarks.timing import ROUNDS, by_turns
from benchmarks.workloads import anchored, mixed
from benchmarks.workloads.rules import Hit, Workload

SIZES = (10, 50, 200, 1_000, 10_000)
HITS: tuple[Hit, ...] = ("collect", "first")
SETS: Mapping[str, Callable[[int, Hit, int], Workload]] = {
    mixed.NAME: mixed.mixed,
    anchored.NAME: anchored.anchored,
}


def orders(size: int) -> int:
    """How many different orders are decided in turn; fewer where one call takes long."""
    return 16 if size <= 200 else 8 if size <= 1_000 else 4


def measure(
    results: Results,
    sides: Sequence[Side],
    say: Callable[[str], None],
    *,
    sizes: Sequence[int] = SIZES,
    rounds: int = ROUNDS,
) -> None:
    """Add a row for every way to ask every side."""
    results.seeds.update({mixed.NAME: mixed.SEED, anchored.NAME: anchored.SEED})
    for drawn in SETS.values():
        for hit in HITS:
            for size in sizes:
                workload = drawn(size, hit, orders(size))
                say(f"deciding: {workload}")
                _one(results, sides, workload, rounds)


def _one(results: Results, sides: Sequence[Side], workload: Workload, rounds: int) -> None:
    size = len(workload.rules)
    paths = {str(p): p for side in sides for p in side.paths() if size <= p.most_rules}
    ready = {name: checked(path, path.build(workload), workload) for name, path in paths.items()}
    times = by_turns(
        {name: runner for name, (runner, _) in ready.items()},
        {name: seconds for name, (_, seconds) in ready.items()},
        rounds,
    )
    for name, path in paths.items():
        results.rows.append(
            Row(
                "deciding",
                workload.name,
                workload.hit,
                size,
                path.side,
                path.name,
                path.gives,
                times[name],
            )
        )
    del ready
    gc.collect()

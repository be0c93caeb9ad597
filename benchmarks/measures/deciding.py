"""Deciding: every side on the same orders, at every size, by turns."""

from __future__ import annotations

import gc
from collections.abc import Callable, Mapping, Sequence

from benchmarks.agreement import check
from benchmarks.results import Results, Row
from benchmarks.side import Engine, Path, Side
from benchmarks.timing import ROUNDS, Runner, by_turns
from benchmarks.workloads import anchored, mixed
from benchmarks.workloads.rules import Hit, Order, Workload

SIZES = (10, 50, 200, 1_000, 10_000)
HITS: tuple[Hit, ...] = ("collect", "first")
SETS: Mapping[str, Callable[[int, Hit, int], Workload]] = {
    mixed.NAME: mixed.mixed,
    anchored.NAME: anchored.anchored,
}


PER_ROUND = 100
CHECKED = {10: 16, 50: 16, 200: 16, 1_000: 8}
"""How many orders every side decides before the clock runs, by size; 4 of the largest."""
SEEN = 16
"""How many orders go round where a side is timed on orders that it has seen before."""


def orders(size: int, rounds: int) -> int:
    """How many different orders there are: enough that no round meets one again."""
    return CHECKED.get(size, 4) + rounds * (PER_ROUND if size <= 1_000 else PER_ROUND // 2)


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
                workload = drawn(size, hit, orders(size, rounds))
                say(f"deciding: {workload}")
                _one(results, sides, workload, rounds)


def _one(results: Results, sides: Sequence[Side], workload: Workload, rounds: int) -> None:
    size = len(workload.rules)
    paths = {str(p): p for side in sides for p in side.paths()}
    ready = {name: path.build(workload) for name, path in paths.items()}
    before = CHECKED.get(size, 4)
    timed = workload.orders[before:]
    for name, path in paths.items():
        check(path, ready[name], workload, workload.orders[:before])
    times = by_turns(
        {name: _runner(path, ready[name], timed) for name, path in paths.items()}, rounds
    )
    # Only now, for a side may remember what it has decided.
    for name, path in paths.items():
        check(path, ready[name], workload, timed)
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
    workload.forget()
    gc.collect()


def _runner(path: Path, engine: Engine, orders: Sequence[Order]) -> Runner:
    given = [engine.given(order) for order in orders]
    if path.seen_before:
        given = [given[number % SEEN] for number in range(len(given))]
    return Runner(engine.decide, given)

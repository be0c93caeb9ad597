"""The goals, and how far the run is from each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from benchmarks.results import Results, Row

OURS = "ordinance"
OBSERVED = "ask, observed values"
BARE = "ask"
ZEN = "zen-engine"
ZEN_EACH = "create_decision each time"
DATALOGIC = "datalogic-py"


@dataclass(frozen=True, slots=True)
class Bar:
    """One goal: what was wanted, what was seen, and whether that meets it."""

    goal: str
    wanted: float
    seen: float
    unit: str
    at_least: bool

    @property
    def met(self) -> bool:
        """True when the goal is reached."""
        return self.seen >= self.wanted if self.at_least else self.seen <= self.wanted

    @property
    def missed_by(self) -> float:
        """How many times as far the goal is as what was seen; 1 or less when it is met."""
        return self.wanted / self.seen if self.at_least else self.seen / self.wanted


def bars(results: Results) -> list[Bar]:
    """Every goal that this run measured; others are left out."""
    return [
        *_deciding(results),
        *_growth(results),
        *_ranking(results),
        *_figures(results),
        *_splitting(results),
        *_storing(results),
        *_server(results),
    ]


def _deciding(results: Results) -> Iterator[Bar]:
    goals: tuple[tuple[int, str, str, float, Callable[[Row], bool]], ...] = (
        (50, OBSERVED, "zen-engine, its fastest path", 10, _untraced_zen),
        (50, OBSERVED, "zen-engine, create_decision", 30, lambda row: row.path == ZEN_EACH),
        (50, OBSERVED, "business-rules", 35, lambda row: row.side == "business-rules"),
        (1_000, OBSERVED, "zen-engine, its fastest path", 8, _untraced_zen),
        (1_000, OBSERVED, "zen-engine, create_decision", 100, lambda row: row.path == ZEN_EACH),
        (50, BARE, "datalogic-py, no trace", 2, _untraced_datalogic),
        (1_000, BARE, "datalogic-py, no trace", 6, _untraced_datalogic),
        (10_000, BARE, "datalogic-py, no trace", 30, _untraced_datalogic),
    )
    for workload in ("mixed", "anchored"):
        for size, path, against, wanted, theirs in goals:
            cell = results.times(measure="deciding", workload=workload, hit="collect", rules=size)
            ours = [row.time.seconds for row in cell if row.side == OURS and row.path == path]
            other = [row.time.seconds for row in cell if row.side != OURS and theirs(row)]
            if ours and other:
                goal = f"{size:,} {workload} rules, {path}: times as fast as {against}"
                yield Bar(goal, wanted, min(other) / ours[0], "x", True)


def _untraced_zen(row: Row) -> bool:
    return row.side == ZEN and row.gives == "fired" and row.path != ZEN_EACH


def _untraced_datalogic(row: Row) -> bool:
    return row.side == DATALOGIC and row.gives == "fired"


def _growth(results: Results) -> Iterator[Bar]:
    for path in (BARE, OBSERVED):
        cell = results.times(
            measure="deciding", workload="anchored", hit="collect", side=OURS, path=path
        )
        by_size = {row.rules: row.time.seconds for row in cell}
        if 10 in by_size and 10_000 in by_size:
            goal = f"10,000 anchored rules against 10, {path}: times the cost"
            yield Bar(goal, 30, by_size[10_000] / by_size[10], "x", False)


def _ranking(results: Results) -> Iterator[Bar]:
    rows = results.times(measure="ranking")
    ours = [row.time.seconds for row in rows if row.side == OURS]
    zen = [row.time.seconds for row in rows if row.side == ZEN]
    if ours and zen:
        goal = "12 candidates x 50 rules: times as fast as zen-engine, its fastest path"
        yield Bar(goal, 10, min(zen) / ours[0], "x", True)


def _figures(results: Results) -> Iterator[Bar]:
    for size, wanted in ((50, 1.0), (10_000, 100.0)):
        for row in results.times(measure="explaining", rules=size):
            goal = f"one decision over {size:,} rules: {row.path}"
            yield Bar(goal, wanted, row.time.seconds * 1e3, "ms", False)
    goals = (
        ("cold start, seconds", "1,000 short table rows: cold start", 0.5, 1, "s"),
        ("reload, seconds", "a file of 50 rules: reload", 30, 1e3, "ms"),
        ("memory, rows, traced per rule, bytes", "kept per short row, traced", 3, 2**-10, "KiB"),
        (
            "memory, rows, resident per rule, bytes",
            "kept per short row, resident",
            3,
            2**-10,
            "KiB",
        ),
        ("memory, mixed, traced per rule, bytes", "kept per mixed rule, traced", 3, 2**-10, "KiB"),
        (
            "memory, mixed, resident per rule, bytes",
            "kept per mixed rule, resident",
            3,
            2**-10,
            "KiB",
        ),
        (
            "memory, rows, resident peak, bytes",
            "10,000 short rows: peak of the process",
            250,
            2**-20,
            "MiB",
        ),
        (
            "memory, mixed, resident peak, bytes",
            "10,000 mixed rules: peak of the process",
            250,
            2**-20,
            "MiB",
        ),
    )
    for name, goal, wanted, scale, unit in goals:
        if name in results.figures:
            yield Bar(goal, wanted, results.figures[name] * scale, unit, False)


def _splitting(results: Results) -> Iterator[Bar]:
    for size, wanted in (("3 lines x 12 warehouses", 2), ("10 lines x 20 warehouses", 20)):
        seconds = results.figures.get(f"splitting, {size}, p99, seconds")
        if seconds is not None:
            yield Bar(f"a plan for {size}, p99", wanted, seconds * 1e3, "ms", False)


def _storing(results: Results) -> Iterator[Bar]:
    for size, wanted in ((1, 65), (100, 30)):
        share = results.figures.get(f"storing, allocated, {size} a transaction, share")
        if share is not None:
            goal = f"order to reserved stock, {size} a transaction: share of a bare write"
            yield Bar(goal, wanted, share * 100, "%", True)


def _server(results: Results) -> Iterator[Bar]:
    goals = (
        ("server, reserving spread, share", 60, "PostgreSQL, reserving, 500 SKUs, 8 connections"),
        ("server, reserving hot, share", 60, "PostgreSQL, reserving, one hot SKU, 8 connections"),
        ("server, allocated, share", 50, "PostgreSQL, order to reserved stock"),
    )
    for name, wanted, goal in goals:
        if name in results.figures:
            share = results.figures[name] * 100
            yield Bar(f"{goal}: share of bare statements", wanted, share, "%", True)

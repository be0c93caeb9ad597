"""The run as text: times by workload, ratios to ours, the single figures, and the bars."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bars import Bar, bars
from benchmarks.results import Results, Row, versions

MEASURES = ("deciding", "ranking", "explaining")
REFERENCE = {"fired": "ask", "observed": "ask, observed values"}
"""Which of our own ways another side is set against, by what its answer holds. A trace of every
step is set against our explanation of every rule."""


def report(results: Results) -> str:
    """The whole report, without a final line break."""
    releases = ", ".join(f"{name} {release}" for name, release in versions().items())
    lines = [releases, "seeds: " + ", ".join(f"{k} {v}" for k, v in results.seeds.items())]
    for measure in MEASURES:
        lines.extend(_tables(results, measure))
    if results.figures:
        lines += ["", "figures"]
        lines += [f"  {name:<52} {_plain(value)}" for name, value in results.figures.items()]
    found = bars(results)
    if found:
        lines += ["", f"{'bars':<92} {'wanted':>11} {'seen':>8}"]
        lines += [_bar(bar) for bar in found]
        lines.append(f"{sum(bar.met for bar in found)} of {len(found)} met")
    return "\n".join(lines)


def _tables(results: Results, measure: str) -> Iterator[str]:
    rows = results.times(measure=measure)
    for workload, hit in dict.fromkeys((row.workload, row.hit) for row in rows):
        cell = [row for row in rows if (row.workload, row.hit) == (workload, hit)]
        sizes = list(dict.fromkeys(row.rules for row in cell))
        yield ""
        yield f"{measure}: {workload}, {hit}; microseconds for one call, and times ours"
        yield f"  {'':<41} {'gives':<10}" + "".join(f"{size:>17,}" for size in sizes)
        for side, path, gives in dict.fromkeys((row.side, row.path, row.gives) for row in cell):
            line = f"  {f'{side}: {path}':<41} {gives:<10}"
            for size in sizes:
                own = [row for row in cell if row.rules == size]
                line += _entry(own, side, path, gives)
            yield line


def _entry(rows: list[Row], side: str, path: str, gives: str) -> str:
    mine = [row for row in rows if (row.side, row.path) == (side, path)]
    if not mine:
        return f"{'-':>17}"
    time = f"{mine[0].time.seconds * 1e6:,.1f}"
    against = [row for row in rows if row.side == "ordinance" and row.gives == gives]
    named = [row for row in against if row.path == REFERENCE.get(gives, row.path)] or against
    if side == "ordinance" or not named:
        return f"{time:>10}       "
    return f"{time:>10} {mine[0].time.seconds / named[0].time.seconds:>5.3g}x"


def _bar(bar: Bar) -> str:
    verdict = "met" if bar.met else f"missed {bar.missed_by:.3g} times"
    sign = ">=" if bar.at_least else "<="
    wanted = f"{sign} {bar.wanted:g} {bar.unit}"
    return f"  {bar.goal:<90} {wanted:>11} {bar.seen:>8.3g} {bar.unit:<4} {verdict}"


def _plain(value: float) -> str:
    return f"{value:,.4f}" if value < 100 else f"{value:,.0f}"

"""Ranking: twelve candidates under fifty rules of exclusion."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.agreement import checked_ranking
from benchmarks.results import Results, Row
from benchmarks.side import Side
from benchmarks.timing import ROUNDS, by_turns
from benchmarks.workloads.ranking import SEED, ranking

RULES = 50
CANDIDATES = 12
CHOICES = 16


def measure(
    results: Results, sides: Sequence[Side], say: Callable[[str], None], *, rounds: int = ROUNDS
) -> None:
    """Add a row for every side that can choose."""
    drawn = ranking(RULES, CANDIDATES, CHOICES)
    results.seeds["ranking"] = SEED
    say(str(drawn))
    paths = {str(path): path for side in sides for path in side.rank_paths()}
    ready = {name: checked_ranking(path, drawn) for name, path in paths.items()}
    times = by_turns(
        {name: runner for name, (runner, _) in ready.items()},
        {name: seconds for name, (_, seconds) in ready.items()},
        rounds,
    )
    for name, path in paths.items():
        results.rows.append(
            Row("ranking", "ranking", "rank", RULES, path.side, path.name, "fired", times[name])
        )

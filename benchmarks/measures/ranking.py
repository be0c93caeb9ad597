"""Ranking: twelve candidates under fifty rules of exclusion."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from benchmarks.agreement import check_ranking
from benchmarks.results import Results, Row
from benchmarks.side import Side
from benchmarks.timing import ROUNDS, Runner, by_turns
from benchmarks.workloads.ranking import SEED, ranking

RULES = 50
CANDIDATES = 12
CHOICES = 40
"""In one round."""


def measure(
    results: Results, sides: Sequence[Side], say: Callable[[str], None], *, rounds: int = ROUNDS
) -> None:
    """Add a row for every side that can choose."""
    drawn = ranking(RULES, CANDIDATES, CHOICES * (rounds + 1))
    results.seeds["ranking"] = SEED
    say(str(drawn))
    paths = {str(path): path for side in sides for path in side.rank_paths()}
    ready = {name: path.build(drawn) for name, path in paths.items()}
    before, timed = drawn.choices[:CHOICES], drawn.choices[CHOICES:]
    for name, path in paths.items():
        check_ranking(path, ready[name], drawn, before)
    times = by_turns(
        {
            name: Runner(chooser.choose, [chooser.given(choice) for choice in timed])
            for name, chooser in ready.items()
        },
        rounds,
    )
    for name, path in paths.items():
        check_ranking(path, ready[name], drawn, timed)
    for name, path in paths.items():
        results.rows.append(
            Row("ranking", "ranking", "rank", RULES, path.side, path.name, "fired", times[name])
        )

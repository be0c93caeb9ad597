"""Explaining one decision in full: every rule, in both languages, and as text to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from benchmarks.results import Results, Row
from benchmarks.sides.ordinance import Deciding
from benchmarks.timing import ROUNDS, Runner, by_turns
from benchmarks.workloads.mixed import mixed
from ordinance.rules.facts import Facts

SIZES = (50, 10_000)
PER_ROUND = {50: 10, 10_000: 1}
"""How many decisions are explained in one round; every round has others."""


def measure(
    results: Results,
    say: Callable[[str], None],
    *,
    sizes: Sequence[int] = SIZES,
    rounds: int = ROUNDS,
) -> None:
    """Add a row for the explanation, and one for the explanation with its English text."""
    for size in sizes:
        workload = mixed(size, "collect", PER_ROUND[size] * rounds)
        say(f"explaining: {workload}")
        side = Deciding(workload)
        facts = [Facts.prepared(side.given(order)) for order in workload.orders]
        decided = [(side.rules.decide(one), one) for one in facts]

        def explain(pair: Any, side: Deciding = side) -> Any:
            return side.rules.explain(*pair)

        def tell(pair: Any, side: Deciding = side) -> str:
            return side.rules.explain(*pair).text("en")

        runners = {"explain": Runner(explain, decided), "explain, as text": Runner(tell, decided)}
        times = by_turns(runners, rounds)
        for name, time in times.items():
            results.rows.append(
                Row(
                    "explaining",
                    workload.name,
                    "collect",
                    size,
                    "ordinance",
                    name,
                    "explained",
                    time,
                )
            )

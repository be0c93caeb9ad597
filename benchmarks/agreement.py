"""All sides must give the answer that the plain meaning of the rules gives, or nothing is told."""

from __future__ import annotations

import time
from collections.abc import Sequence

from benchmarks.side import Chooser, Engine, Path, RankPath
from benchmarks.workloads.ranking import Choice, Ranking
from benchmarks.workloads.rules import Order, Workload

MOST_SECONDS = 0.15
"""How long one side may take to decide the timed orders once more; of the rest a part is enough."""


class Disagreement(Exception):
    """Two sides do not decide alike, so their times say nothing about each other."""


def check(path: Path, engine: Engine, workload: Workload, orders: Sequence[Order]) -> None:
    """Raise `Disagreement` when an answer differs from the meaning of the rules."""
    until = time.monotonic() + MOST_SECONDS
    for number, order in enumerate(orders):
        wanted, seen = workload.fires(order), engine.fired(engine.decide(engine.given(order)))
        if wanted != seen:
            raise Disagreement(
                f"{workload}: order {number} {dict(order)} fires {wanted}, and {path} says {seen}"
            )
        if time.monotonic() > until:
            return


def check_ranking(
    path: RankPath, chooser: Chooser, ranking: Ranking, choices: Sequence[Choice]
) -> None:
    """As `check`, for a ranking."""
    for number, choice in enumerate(choices):
        wanted, seen = ranking.answer(choice), chooser.choose(chooser.given(choice))
        if wanted != seen:
            raise Disagreement(f"{ranking}: choice {number} gives {wanted}, and {path} says {seen}")

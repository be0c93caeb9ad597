"""All sides must give the answer that the plain meaning of the rules gives, or nothing is timed."""

from __future__ import annotations

from benchmarks.side import Engine, Path, RankPath
from benchmarks.timing import Runner
from benchmarks.workloads.ranking import Ranking
from benchmarks.workloads.rules import Workload


class Disagreement(Exception):
    """Two sides do not decide alike, so their times say nothing about each other."""


def checked(path: Path, engine: Engine, workload: Workload) -> tuple[Runner, float]:
    """The side ready to be timed, and the seconds for one call of its first pass.

    Raises `Disagreement` when an answer differs from the meaning of the rules.
    """
    runner = Runner(engine.decide, [engine.given(order) for order in workload.orders])
    answers, seconds = runner.once()
    for number, (order, answer) in enumerate(zip(workload.orders, answers, strict=True)):
        wanted, seen = workload.fires(order), engine.fired(answer)
        if wanted != seen:
            raise Disagreement(
                f"{workload}: order {number} {dict(order)} fires {wanted}, and {path} says {seen}"
            )
    return runner, seconds


def checked_ranking(path: RankPath, ranking: Ranking) -> tuple[Runner, float]:
    """As `checked`, for a ranking."""
    chooser = path.build(ranking)
    runner = Runner(chooser.choose, [chooser.given(choice) for choice in ranking.choices])
    answers, seconds = runner.once()
    for number, (choice, answer) in enumerate(zip(ranking.choices, answers, strict=True)):
        wanted = ranking.answer(choice)
        if wanted != answer:
            raise Disagreement(
                f"{ranking}: choice {number} gives {wanted}, and {path} says {answer}"
            )
    return runner, seconds

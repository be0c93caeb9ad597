"""Running many seeds: the ones that failed before first, then new ones, in several processes."""

from __future__ import annotations

import gc
import multiprocessing
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from tests.simulation.simulation import Simulation, Told

FAILED_BEFORE = Path(__file__).parents[1] / "regress" / "seeds.txt"
"""Seeds that found a bug, one a line, with a word on what they found."""


def failed_before() -> list[int]:
    """The seeds that found a bug once; they run first for ever."""
    lines = FAILED_BEFORE.read_text("utf-8").splitlines()
    return [int(line.split()[0]) for line in lines if line and not line.startswith("#")]


def play(seed: int) -> Told:
    """One seed from its first step to its end."""
    return Simulation(seed).run()


def play_all(seeds: Iterable[int], processes: int = 1) -> Iterator[Told]:
    """Each of these seeds; what came of them, as they end."""
    if processes == 1:
        yield from map(play, seeds)
        return
    # Forked, so that the rules are compiled once.
    play(0)
    gc.freeze()
    with multiprocessing.get_context("fork").Pool(processes) as pool:
        yield from pool.imap_unordered(play, seeds, chunksize=8)


def replay_line(seed: int) -> str:
    """The command that plays one seed again."""
    return f"ORDINANCE_SEED={seed} python -m tests.simulation"


def failures(told: Iterable[Told]) -> list[str]:
    """What is to be said of the seeds that failed."""
    return [f"{one.fault}\n  replay: {replay_line(one.seed)}" for one in told if one.fault]


def figures(told: Sequence[Told]) -> str:
    """How much was played, in words."""
    events, movements = sum(one.events for one in told), sum(one.movements for one in told)
    tries, crashes = sum(one.tries for one in told), sum(one.crashes for one in told)
    entries = sum(one.entries for one in told)
    return (
        f"{len(told)} seeds, {entries} log entries ({entries / max(len(told), 1):.0f} a seed): "
        f"{events} stored events, {movements} stock movements, {tries} tries of an effect; "
        f"{crashes} crashes"
    )

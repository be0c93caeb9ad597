"""Timing by turns: every side once, then every side again, so that a busy moment hits them all."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

ROUNDS = 15
SLICE_SECONDS = 0.01
"""How long one side runs in one round, at least one call and at most its share of the inputs."""
MOST_SECONDS = 1.0
"""How long one side runs in all: a slow one sits out the later rounds."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds for one call."""

    seconds: float
    """The lower quartile of the rounds. Each round has inputs of its own, so the best one would be
    the one with the cheapest inputs, and the median knows how busy the machine was."""
    median: float
    rounds: int
    calls: int
    """How many inputs there were in all."""


@dataclass(frozen=True, slots=True)
class Runner:
    """One thing to time: a call, and inputs of which every round has others."""

    call: Callable[[Any], Any]
    inputs: Sequence[Any]

    def first(self) -> float:
        """Seconds for one call, to plan by; on the last input, which comes last in time too."""
        start = time.perf_counter()
        self.call(self.inputs[-1])
        return max(1e-9, time.perf_counter() - start)

    def run(self, start: int, calls: int) -> float:
        """Seconds for one call, over `calls` inputs from `start` on."""
        call, inputs = self.call, self.inputs[start : start + calls]
        began = time.perf_counter()
        for one in inputs:
            call(one)
        return (time.perf_counter() - began) / len(inputs)


def by_turns(runners: Mapping[str, Runner], rounds: int = ROUNDS) -> dict[str, Timed]:
    """The time of each runner. All have as many inputs, and meet the same ones in each round; a
    slow one meets only the first of them."""
    seconds: dict[str, list[float]] = {name: [] for name in runners}
    first = {name: min(runner.first(), runner.first()) for name, runner in runners.items()}
    share = {name: len(runner.inputs) // rounds for name, runner in runners.items()}
    calls = {
        name: max(1, min(share[name], round(SLICE_SECONDS / one))) for name, one in first.items()
    }
    turns = {name: max(1, int(MOST_SECONDS / (calls[name] * one))) for name, one in first.items()}
    with undisturbed():
        for turn in range(rounds):
            for name, runner in _turn(runners, turn):
                if turn < turns[name]:
                    seconds[name].append(runner.run(turn * share[name], calls[name]))
    return {
        name: Timed(
            sorted(found)[len(found) // 4],
            statistics.median(found),
            len(found),
            len(found) * calls[name],
        )
        for name, found in seconds.items()
    }


def _turn(runners: Mapping[str, Runner], turn: int) -> Iterator[tuple[str, Runner]]:
    """Another one begins each time, so that nobody always follows the same one."""
    items = list(runners.items())
    cut = turn % len(items)
    yield from items[cut:] + items[:cut]


@contextmanager
def undisturbed() -> Iterator[None]:
    """No collection of garbage in between, as the standard `timeit` does it."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()

"""Timing by turns: every side once, then every side again, so that a busy moment hits them all."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

ROUNDS = 7
SLICE_SECONDS = 0.02
"""How long one side runs in one round, at least one pass over its inputs."""
MOST_SECONDS = 1.0
"""How long one side runs in all: a slow one sits out the later rounds, and one whose single pass
takes longer is not asked again, for its checking pass is its time."""


@dataclass(frozen=True, slots=True)
class Timed:
    """Seconds for one call."""

    best: float
    median: float
    rounds: int

    @classmethod
    def of(cls, seconds: Sequence[float]) -> Timed:
        """From the seconds for one call in each round."""
        return cls(min(seconds), statistics.median(seconds), len(seconds))


@dataclass(frozen=True, slots=True)
class Runner:
    """One thing to time: a call, and the inputs that it is given in turn."""

    call: Callable[[Any], Any]
    inputs: Sequence[Any]

    def once(self) -> tuple[list[Any], float]:
        """The answers to all inputs, and the seconds for one call."""
        start = time.perf_counter()
        answers = [self.call(one) for one in self.inputs]
        return answers, (time.perf_counter() - start) / len(self.inputs)

    def passes(self, times: int) -> float:
        """Seconds for one call over `times` passes."""
        call, inputs = self.call, self.inputs
        start = time.perf_counter()
        for _ in range(times):
            for one in inputs:
                call(one)
        return (time.perf_counter() - start) / (times * len(inputs))


def by_turns(
    runners: Mapping[str, Runner], first: Mapping[str, float], rounds: int = ROUNDS
) -> dict[str, Timed]:
    """The time of each runner; `first` holds the seconds for one call of their first passes."""
    seconds: dict[str, list[float]] = {name: [] for name in runners}
    once = {name: max(1e-9, first[name] * len(runner.inputs)) for name, runner in runners.items()}
    passes = {name: max(1, round(SLICE_SECONDS / whole)) for name, whole in once.items()}
    turns = {name: int(MOST_SECONDS / (passes[name] * whole)) for name, whole in once.items()}
    with undisturbed():
        for turn in range(rounds):
            for name, runner in _turn(runners, turn):
                if turn < turns[name]:
                    seconds[name].append(runner.passes(passes[name]))
    return {name: Timed.of(seconds[name] or [first[name]]) for name in runners}


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

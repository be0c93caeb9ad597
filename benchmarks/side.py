"""What a side is: one engine, one way to ask it, and how its answer is read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, TypeAlias

from benchmarks.workloads.ranking import Choice, Ranking
from benchmarks.workloads.rules import Order, Workload

Gives: TypeAlias = Literal["fired", "observed", "explained"]
"""What an answer holds: the rules that fired; with the values that they saw; or why each rule of
the set fired or did not."""


class Engine(Protocol):
    """The rules of one workload, compiled and ready."""

    def given(self, order: Order) -> Any:
        """The order in the form in which this engine takes it; not timed."""
        ...

    def decide(self, given: Any) -> Any:
        """One decision; timed. What a caller would have to convert again is converted here."""
        ...

    def fired(self, answer: Any) -> tuple[str, ...]:
        """The ids of the rules that fired, in file order; not timed."""
        ...


class Chooser(Protocol):
    """The rules of one ranking, compiled and ready."""

    def given(self, choice: Choice) -> Any:
        """The choice in the form in which this engine takes it; not timed."""
        ...

    def choose(self, given: Any) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The chosen code, and each excluded code with the rule that excluded it; timed."""
        ...


@dataclass(frozen=True, slots=True)
class Path:
    """One way to ask one engine."""

    side: str
    """The engine, by the name of its distribution."""
    name: str
    gives: Gives
    build: Callable[[Workload], Engine]
    seen_before: bool = False
    """Timed on a few orders that come again and again, instead of on new ones."""

    def __str__(self) -> str:
        return f"{self.side}: {self.name}"


@dataclass(frozen=True, slots=True)
class RankPath:
    """One way to have one engine choose among candidates."""

    side: str
    name: str
    build: Callable[[Ranking], Chooser]

    def __str__(self) -> str:
        return f"{self.side}: {self.name}"


class Side(Protocol):
    """A module of `sides/`."""

    NAME: str

    def paths(self) -> Sequence[Path]:
        """Every way to ask that is measured."""
        ...

    def rank_paths(self) -> Sequence[RankPath]:
        """Every way to choose that is measured; none where the engine has no fitting one."""
        ...

"""Rules and orders in a form that belongs to no engine; every side translates them itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, TypeAlias

Word: TypeAlias = Literal["at_least", "below", "is", "one_of"]
Hit: TypeAlias = Literal["collect", "first"]
Order: TypeAlias = Mapping[str, "int | str"]

NUMBERS: Mapping[str, int] = {
    "amount": 10_000,
    "pieces": 20,
    "weight_g": 20_000,
    "orders_90d": 50,
    "distance_km": 2_000,
}
"""Whole-number facts, each drawn evenly from 0 to its bound (excluded): no side has to round."""

WORDS: Mapping[str, int] = {"channel": 40, "payment": 8, "level": 5, "region": 300}
"""Text facts and how many values each of them takes."""

SKU = "sku"


@dataclass(frozen=True, slots=True)
class Condition:
    """One fact compared with one value, or with several for `one_of`."""

    fact: str
    word: Word
    value: int | str | tuple[str, ...]

    def holds(self, order: Order) -> bool:
        """The meaning, spelled out: the judge of all sides."""
        seen = order[self.fact]
        if self.word == "at_least":
            return seen >= self.value  # type: ignore[operator]
        if self.word == "below":
            return seen < self.value  # type: ignore[operator]
        return seen == self.value if self.word == "is" else seen in self.value  # type: ignore[operator]


@dataclass(frozen=True, slots=True)
class Rule:
    """All conditions together; each is about another fact."""

    id: str
    conditions: tuple[Condition, ...]

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that the rule looks at."""
        return tuple(condition.fact for condition in self.conditions)

    def holds(self, order: Order) -> bool:
        """True when every condition is."""
        return all(condition.holds(order) for condition in self.conditions)


@dataclass(frozen=True, slots=True, eq=False)
class Workload:
    """One rule set and the orders that are decided by it, in turn."""

    name: str
    hit: Hit
    rules: tuple[Rule, ...]
    orders: tuple[Order, ...]
    seed: int
    known: dict[int, tuple[str, ...]] = field(default_factory=dict)
    """What the orders fire, by identity; every side is asked about the same ones."""

    def __str__(self) -> str:
        return f"{self.name}, {self.hit}, {len(self.rules)} rules (seed {self.seed})"

    def fires(self, order: Order) -> tuple[str, ...]:
        """The ids that every side must give, by the plain meaning of the rules."""
        found = self.known.get(id(order))
        if found is None:
            true = (rule.id for rule in self.rules if rule.holds(order))
            found = tuple(true) if self.hit == "collect" else tuple(islice(true, 1))
            self.known[id(order)] = found
        return found

    def forget(self) -> None:
        """Let go of the answers that are known."""
        self.known.clear()

"""Choosing one of several warehouses: rules that exclude, then the least cost."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from benchmarks.workloads.mixed import an_order, condition
from benchmarks.workloads.rules import Order, Rule

SEED = 20_263
ABOUT_CANDIDATE = ("distance_km", "region", "level", "weight_g")
"""The facts that say something about the candidate; the others are the order's."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One order and its candidates. Each candidate has a `code` and a `cost`."""

    order: Order
    candidates: tuple[Order, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Rules of exclusion, and the choices that are made by them."""

    rules: tuple[Rule, ...]
    choices: tuple[Choice, ...]
    seed: int

    def __str__(self) -> str:
        many = len(self.choices[0].candidates)
        return f"ranking, {many} candidates x {len(self.rules)} rules (seed {self.seed})"

    def answer(self, choice: Choice) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The chosen code, and each excluded code with the first rule that excludes it."""
        out: dict[str, str] = {}
        for candidate in choice.candidates:
            facts = {**choice.order, **candidate}
            first = next((rule.id for rule in self.rules if rule.holds(facts)), None)
            if first is not None:
                out[str(candidate["code"])] = first
        left = [item for item in choice.candidates if item["code"] not in out]
        best = min(left, key=lambda item: (item["cost"], item["code"]))
        return str(best["code"]), tuple(sorted(out.items()))


def ranking(count: int, candidates: int, choices: int, seed: int = SEED) -> Ranking:
    """`count` rules of exclusion; each choice keeps at least one candidate, for a soft exclusion
    that would leave none is skipped by us and has no meaning elsewhere."""
    random = Random(f"{seed}:ranking:{count}:{candidates}")
    rules = tuple(_rule(random, f"X{number}", count) for number in range(1, count + 1))
    found: list[Choice] = []
    while len(found) < choices:
        choice = _choice(random, candidates)
        if any(
            not any(rule.holds({**choice.order, **one}) for rule in rules)
            for one in choice.candidates
        ):
            found.append(choice)
    return Ranking(rules, tuple(found), seed)


def _rule(random: Random, id: str, count: int) -> Rule:
    facts = an_order(random)
    own = random.sample(ABOUT_CANDIDATE, random.randint(1, 2))
    other = [name for name in facts if name not in ABOUT_CANDIDATE]
    chosen = [*random.sample(other, random.randint(1, 2)), *own]
    share = (0.7 / count) ** (1 / len(chosen))
    return Rule(id, tuple(condition(random, fact, share) for fact in chosen))


def _choice(random: Random, candidates: int) -> Choice:
    order = {k: v for k, v in an_order(random).items() if k not in ABOUT_CANDIDATE}
    places = []
    for number in range(candidates):
        facts = an_order(random)
        own = {name: facts[name] for name in ABOUT_CANDIDATE}
        places.append({"code": f"W{number:02}", "cost": random.randrange(5, 40), **own})
    return Choice(order, tuple(places))

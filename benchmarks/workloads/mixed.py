"""Rules of two to four conditions over many facts: thresholds, equalities and membership."""

from __future__ import annotations

import math
from random import Random

from benchmarks.workloads.rules import NUMBERS, WORDS, Condition, Hit, Order, Rule, Workload

NAME = "mixed"
SEED = 20_261


def mixed(count: int, hit: Hit, orders: int, seed: int = SEED) -> Workload:
    """`count` rules of which a realistic share fires.

    Under `collect` about the square root of half the set fires: 2 of 10, 5 of 50, 22 of 1,000,
    71 of 10,000. Under `first` two rules of the whole set would fire on average, so that the
    first true one stands anywhere, and some orders meet none.
    """
    random = Random(f"{seed}:{NAME}:{hit}:{count}")
    fired = math.sqrt(count / 2) if hit == "collect" else 2
    rules = tuple(_rule(random, f"R{number}", fired / count) for number in range(1, count + 1))
    return Workload(NAME, hit, rules, tuple(an_order(random) for _ in range(orders)), seed)


def an_order(random: Random) -> Order:
    """The facts of one order, each drawn evenly."""
    numbers = {name: random.randrange(bound) for name, bound in NUMBERS.items()}
    return {**numbers, **{name: f"{name[0]}{random.randrange(n)}" for name, n in WORDS.items()}}


def _rule(random: Random, id: str, share: float) -> Rule:
    facts = random.sample([*NUMBERS, *WORDS], random.randint(2, 4))
    each = share ** (1 / len(facts))
    return Rule(id, tuple(condition(random, fact, each) for fact in facts))


def condition(random: Random, fact: str, share: float) -> Condition:
    """A condition on `fact` that holds for about `share` of the orders."""
    share = min(0.95, share * math.exp(random.uniform(-0.3, 0.3)))
    if fact in NUMBERS:
        part = max(1, round(NUMBERS[fact] * share))
        if random.random() < 0.5:
            return Condition(fact, "below", part)
        return Condition(fact, "at_least", NUMBERS[fact] - part)
    many = round(WORDS[fact] * share)
    if many <= 1:
        return Condition(fact, "is", f"{fact[0]}{random.randrange(WORDS[fact])}")
    chosen = sorted(random.sample(range(WORDS[fact]), min(many, 12)))
    return Condition(fact, "one_of", tuple(f"{fact[0]}{number}" for number in chosen))

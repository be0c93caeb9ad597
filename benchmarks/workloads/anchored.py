"""Rules that are each bound to one SKU: what a shop's special cases look like."""

from __future__ import annotations

from random import Random

from benchmarks.workloads.mixed import an_order, condition
from benchmarks.workloads.rules import NUMBERS, SKU, WORDS, Condition, Hit, Order, Rule, Workload

NAME = "anchored"
SEED = 20_262
RULES_PER_SKU = 2


def anchored(count: int, hit: Hit, orders: int, seed: int = SEED) -> Workload:
    """`count` rules, two for each SKU, with one or two more conditions; an order asks for one SKU
    and so meets two rules, of which about half are true."""
    random = Random(f"{seed}:{NAME}:{hit}:{count}")
    skus = [f"SKU-{100_000 + number}" for number in range(max(1, count // RULES_PER_SKU))]
    places = [skus[number % len(skus)] for number in range(count)]
    random.shuffle(places)
    rules = tuple(_rule(random, f"R{n}", sku) for n, sku in enumerate(places, start=1))
    return Workload(
        NAME, hit, rules, tuple(_order(random, random.choice(skus)) for _ in range(orders)), seed
    )


def _order(random: Random, sku: str) -> Order:
    return {**an_order(random), SKU: sku}


def _rule(random: Random, id: str, sku: str) -> Rule:
    facts = random.sample([*NUMBERS, *WORDS], random.randint(1, 2))
    others = tuple(condition(random, fact, 0.7) for fact in facts)
    return Rule(id, (Condition(SKU, "is", sku), *others))

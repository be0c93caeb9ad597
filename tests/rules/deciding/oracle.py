"""A second, naive reading of rule sets: two-valued, slow, and without any of the engine's code.

Unknown facts are not reasoned about: every value of a small domain is put in their place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from itertools import combinations, product
from typing import Any

from ordinance.rules.point import Hit
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    FactRef,
    Given,
    LineTest,
    NotOf,
    RuleSet,
    SomeOf,
    Test,
)

HOURS = [time(hour, minute) for hour in range(24) for minute in (0, 30)]

DOMAINS: dict[str, list[Any]] = {
    "order.weight_g": list(range(13)),
    "order.gift": [True, False],
    "order.type": ["normal", "presale"],
    "receiver.region": ["33", "3301", "330106", "44", "BR", "BR-SP", "11"],
    "order.tags": [
        frozenset(tags) for size in range(4) for tags in combinations(("A", "B", "Z"), size)
    ],
    "order.message": ["".join(text) for size in range(5) for text in product("abc", repeat=size)],
    "order.local_time": HOURS,
    "order.paid": [Decimal(quarter) / 4 for quarter in range(20)],
    "order.receivable": [Decimal(quarter) / 4 for quarter in range(20)],
    "line.quantity": list(range(7)),
    "line.cold_chain": [True, False],
}
"""For the operands that the tests draw, these values show every way a comparison can come out."""

Facts = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a set comes to on facts that are all known."""

    outcome: tuple[tuple[str, str], ...]
    failure: str | None
    fired: tuple[str, ...]


def answers(rules: RuleSet, facts: Facts, missing: frozenset[str], asked: set[str]) -> set[Answer]:
    """Every answer that some completion of the facts leads to."""
    return {settled(rules, complete, missing) for complete in completions(facts, asked)}


def completions(facts: Facts, asked: set[str]) -> Iterator[Facts]:
    """The facts with every combination of values for those that are asked for and absent."""
    holes = [(None, name) for name in sorted(asked) if name[:5] == "order" or name[:3] == "rec"]
    holes = [(None, name) for _, name in holes if name not in facts]
    lines = facts["lines"]
    line_holes: list[tuple[int | None, str]] = [
        (index, name)
        for index, line in enumerate(lines)
        for name in sorted(asked)
        if name.startswith("line.") and name not in line
    ]
    every = [*holes, *line_holes]
    for values in product(*(DOMAINS[name] for _, name in every)):
        complete = {**facts, "lines": [dict(line) for line in lines]}
        for (index, name), value in zip(every, values, strict=True):
            (complete if index is None else complete["lines"][index])[name] = value
        yield complete


def settled(rules: RuleSet, facts: Facts, missing: frozenset[str]) -> Answer:
    """The answer on complete facts; `missing` are those that were absent before."""
    true = [rule for rule in rules.rules if holds(rule.when, facts, missing)]
    unknown = tuple(sorted((name, str(value)) for name, value in rules.when_unknown.items()))
    otherwise = rules.otherwise or {}
    if rules.hit is Hit.SCORE:
        return _scored(rules, true, int(str(otherwise.get("points", 0))))
    if rules.hit is Hit.UNIQUE and len(true) > 1:
        return Answer(unknown, ", ".join(rule.id for rule in true), ())
    if not true:
        if rules.otherwise is None:
            return Answer(unknown, "no_rule", ())
        return Answer(_words(otherwise), None, ())
    if rules.hit is Hit.COLLECT:
        fired, groups = [], set()
        for rule in true:
            if rule.group is None or rule.group not in groups:
                fired.append(rule)
                groups.add(rule.group)
        worst = max(
            (str(rule.then["outcome"]) for rule in fired),
            key=["approve", "manual_review", "hold"].index,
        )
        return Answer((("outcome", worst),), None, tuple(rule.id for rule in fired))
    return Answer(_words(true[0].then), None, (true[0].id,))


def _scored(rules: RuleSet, true: list[Any], base: int) -> Answer:
    points = base
    for index, rule in enumerate(true):
        own = rule.then["points"]
        match rules.total:
            case "sum":
                points += own
            case "max":
                points = own if index == 0 or own > points else points
            case "min":
                points = own if index == 0 or own < points else points
    outcome = "hold" if points >= 30 else "approve"
    return Answer((("outcome", outcome),), None, tuple(rule.id for rule in true))


def _words(outcome: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return (("outcome", str(outcome["outcome"])),)


def holds(condition: Condition, facts: Facts, missing: frozenset[str]) -> bool:
    """Whether a condition is true on complete facts."""
    match condition:
        case AllOf(items):
            return all([holds(item, facts, missing) for item in items])
        case AnyOf(items):
            return any([holds(item, facts, missing) for item in items])
        case NotOf(item):
            return not holds(item, facts, missing)
        case SomeOf(at_least, items):
            return sum([holds(item, facts, missing) for item in items]) >= at_least
        case LineTest():
            held = [holds(condition.where, {**facts, **line}, missing) for line in facts["lines"]]
            if condition.quantifier == "any":
                return any(held)
            if condition.quantifier == "all":
                return bool(held) and all(held)
            return _compares(condition, sum(held), facts)
        case Test(comparator=Comparator.MISSING):
            (wanted,) = condition.operands
            assert isinstance(wanted, Given)
            return (condition.fact in missing) == wanted.value
        case Test():
            return _compares(condition, facts[condition.fact], facts)


def _compares(test: Test | LineTest, value: Any, facts: Facts) -> bool:
    wanted: list[Any] = []
    for operand in test.operands:
        assert isinstance(operand, Given | FactRef)
        wanted.append(operand.value if isinstance(operand, Given) else facts[operand.name])
    is_region = isinstance(test, Test) and test.fact == "receiver.region"
    match test.comparator:
        case Comparator.IS | Comparator.ONE_OF:
            return any(_same(value, each, is_region) for each in wanted)
        case Comparator.IS_NOT | Comparator.NONE_OF:
            return not any(_same(value, each, is_region) for each in wanted)
        case Comparator.AT_LEAST:
            return bool(value >= wanted[0])
        case Comparator.ABOVE:
            return bool(value > wanted[0])
        case Comparator.AT_MOST:
            return bool(value <= wanted[0])
        case Comparator.BELOW:
            return bool(value < wanted[0])
        case Comparator.BETWEEN:
            low, high = wanted
            if low < high:
                return bool(low <= value < high)
            return bool(value >= low or value < high)
        case Comparator.STARTS_WITH:
            return bool(value[: len(wanted[0])] == wanted[0])
        case Comparator.ENDS_WITH:
            return bool(value[len(value) - len(wanted[0]) :] == wanted[0] or wanted[0] == "")
        case Comparator.CONTAINS | Comparator.CONTAINS_ALL:
            return all(each in value for each in wanted)
        case Comparator.CONTAINS_ANY:
            return any(each in value for each in wanted)
        case Comparator.CONTAINS_NONE:
            return not any(each in value for each in wanted)
    raise AssertionError(test.comparator)


def _same(value: Any, wanted: Any, is_region: bool) -> bool:
    if not is_region:
        return bool(value == wanted)
    if wanted.isdigit():
        return bool(value.startswith(wanted))
    return bool(value == wanted or value.startswith(wanted + "-"))

"""When a foreign expression is true and when it is false; it is neither where it fails.

Foreign engines let a comparison with nothing fail, and a row that fails does not match. Two
conditions hold that apart: `not (x > 5)` is false for an absent `x`, `not (x == 5)` is true.
"""

from __future__ import annotations

from dataclasses import dataclass

from ordinance.rules.kinds import Value
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    FactRef,
    Given,
    NotOf,
    Operand,
    Place,
    Test,
)

ALWAYS = AllOf(())
NEVER = AnyOf(())

ORDERINGS = {
    ">": Comparator.ABOVE,
    ">=": Comparator.AT_LEAST,
    "<": Comparator.BELOW,
    "<=": Comparator.AT_MOST,
}
"""Signs that stand for comparators in foreign languages."""

OPPOSITES = {
    Comparator.AT_LEAST: Comparator.BELOW,
    Comparator.BELOW: Comparator.AT_LEAST,
    Comparator.ABOVE: Comparator.AT_MOST,
    Comparator.AT_MOST: Comparator.ABOVE,
    Comparator.CONTAINS_ANY: Comparator.CONTAINS_NONE,
    Comparator.CONTAINS_NONE: Comparator.CONTAINS_ANY,
}
"""Comparators that between them cover every present value."""


@dataclass(frozen=True, slots=True)
class Truth:
    """The two conditions of an expression, over facts whose absence means `no_match`."""

    true: Condition
    false: Condition
    fails: frozenset[str] = frozenset()
    """Facts whose absence may make it fail."""

    def negated(self) -> Truth:
        """The same, turned round; it fails where this one does."""
        return Truth(self.false, self.true, self.fails)


def presence(fact: str, present: bool, place: Place) -> Truth:
    """Whether a fact is there; this never fails."""
    return Truth(_missing(fact, not present, place), _missing(fact, present, place))


def total(test: Test) -> Truth:
    """A test that is false, and does not fail, where its fact is absent."""
    return Truth(test, NotOf(test))


def partial(test: Test) -> Truth:
    """A test that fails where a fact in it is absent."""
    names = frozenset({test.fact, *(o.name for o in test.operands if isinstance(o, FactRef))})
    opposite = OPPOSITES.get(test.comparator)
    if opposite is not None:
        return Truth(test, Test(test.fact, opposite, test.operands, test.place), names)
    if test.comparator is Comparator.BETWEEN:
        low, high = test.operands
        return Truth(
            test,
            AnyOf(
                (
                    Test(test.fact, Comparator.BELOW, (low,), test.place),
                    Test(test.fact, Comparator.AT_LEAST, (high,), test.place),
                )
            ),
            names,
        )
    there = tuple(_missing(name, False, test.place) for name in sorted(names))
    return Truth(test, AllOf((*there, NotOf(test))), names)


def both(left: Truth, right: Truth) -> Truth:
    """`left and right`, where `right` is not looked at when `left` is false."""
    guarded = _guarded(left.true, right)
    if guarded is not None:
        return guarded
    return Truth(
        every((left.true, right.true)),
        _or_else(left.false, left.true, right.false, left.fails),
        left.fails | right.fails,
    )


def either(left: Truth, right: Truth) -> Truth:
    """`left or right`, where `right` is not looked at when `left` is true."""
    return Truth(
        _or_else(left.true, left.false, right.true, left.fails),
        every((left.false, right.false)),
        left.fails | right.fails,
    )


def every(items: tuple[Condition, ...]) -> Condition:
    """All of the items, without nesting, repetition and presences that go without saying."""
    known: dict[object, Condition] = {}
    for item in items:
        for part in item.items if isinstance(item, AllOf) else (item,):
            known.setdefault(_key(part), part)
    flat = list(known.values())
    if NEVER in flat:
        return NEVER
    if any(_present_fact(part) is not None for part in flat):
        tests = [needs(part) for part in flat if _present_fact(part) is None]
        named = frozenset[str]().union(*tests)
        flat = [part for part in flat if _present_fact(part) not in named]
    return flat[0] if len(flat) == 1 else AllOf(tuple(flat))


def some(items: tuple[Condition, ...]) -> Condition:
    """One of the items, without nesting; equalities of one fact become one list."""
    known: dict[object, Condition] = {}
    equal: dict[str, dict[Value, None]] = {}
    for item in items:
        for part in item.items if isinstance(item, AnyOf) else (item,):
            values = _values(part)
            if values is None or not isinstance(part, Test):
                known.setdefault(_key(part), part)
                continue
            known.setdefault(part.fact, part)
            equal.setdefault(part.fact, {}).update(dict.fromkeys(values))
    flat = tuple(
        among(part.fact, tuple(equal[part.fact]), part.place)
        if isinstance(part, Test) and key in equal
        else part
        for key, part in known.items()
    )
    if ALWAYS in flat:
        return ALWAYS
    return flat[0] if len(flat) == 1 else AnyOf(flat)


def among(fact: str, values: tuple[Value, ...], place: Place) -> Test:
    """The fact is one of `values`, each once."""
    operands: tuple[Operand, ...] = tuple(Given(value) for value in dict.fromkeys(values))
    comparator = Comparator.IS if len(operands) == 1 else Comparator.ONE_OF
    return Test(fact, comparator, operands, place)


def needs(condition: Condition) -> frozenset[str]:
    """Facts without which the condition cannot be true."""
    match condition:
        case Test(fact, comparator, operands):
            if comparator is Comparator.MISSING:
                return frozenset() if operands == (Given(True),) else frozenset({fact})
            return frozenset({fact, *(o.name for o in operands if isinstance(o, FactRef))})
        case AllOf(items):
            return frozenset().union(*(needs(item) for item in items))
        case AnyOf(items) if items:
            return frozenset.intersection(*(needs(item) for item in items))
    return frozenset()


def _key(condition: Condition) -> object:
    """The condition without the places where it stands."""
    match condition:
        case Test(fact, comparator, operands):
            return fact, comparator, operands
        case AllOf(items) | AnyOf(items):
            return type(condition), tuple(_key(item) for item in items)
        case NotOf(item):
            return NotOf, _key(item)
    return condition


def _or_else(
    first: Condition, without: Condition, then: Condition, fails: frozenset[str]
) -> Condition:
    """`first`, or else (`without` it and `then`), leaving out what goes without saying."""
    if fails <= needs(then):
        return some((first, then))
    return some((first, every((without, then))))


def _guarded(guard: Condition, test: Truth) -> Truth | None:
    """`x != null and <a test of x>`: the test, which then does not fail for want of `x`."""
    fact = _present_fact(guard)
    if fact not in test.fails or not isinstance(test.true, Test):
        return None
    left = test.fails - {fact}
    there = tuple(_missing(name, False, test.true.place) for name in sorted(left))
    return Truth(test.true, every((*there, NotOf(test.true))), left)


def _present_fact(condition: Condition) -> str | None:
    """The fact of a test that asks only whether the fact is there."""
    match condition:
        case Test(fact, Comparator.MISSING, (Given(False),)):
            return fact
    return None


def _values(condition: Condition) -> list[Value] | None:
    """The values of a test for equality with them; None for every other condition."""
    match condition:
        case Test(_, Comparator.IS | Comparator.ONE_OF, operands):
            values = [operand.value for operand in operands if isinstance(operand, Given)]
            return values if len(values) == len(operands) else None
    return None


def _missing(fact: str, missing: bool, place: Place) -> Test:
    return Test(fact, Comparator.MISSING, (Given(missing),), place)

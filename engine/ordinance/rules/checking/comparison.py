"""One comparison of a rule: which facts it reads, and what sort of comparison it is."""

from __future__ import annotations

from collections.abc import Iterator

from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    FactRef,
    Given,
    LineTest,
    NotOf,
    SomeOf,
    Test,
)

SIGNS = {
    Comparator.IS: "=",
    Comparator.IS_NOT: "<>",
    Comparator.AT_LEAST: "=>",
    Comparator.ABOVE: ">",
    Comparator.AT_MOST: "<=",
    Comparator.BELOW: "<",
}
MIRROR = {"<": ">", ">": "<", "=": "="}
WHOLE = (Comparator.IS, Comparator.IS_NOT, Comparator.ONE_OF, Comparator.NONE_OF)
NEGATIVE = (Comparator.IS_NOT, Comparator.NONE_OF, Comparator.CONTAINS_NONE)


def outer_tests(condition: Condition) -> Iterator[Test | LineTest]:
    match condition:
        case Test() | LineTest():
            yield condition
        case NotOf(item):
            yield from outer_tests(item)
        case AllOf(items) | AnyOf(items) | SomeOf(_, items):
            for item in items:
                yield from outer_tests(item)


def names_of(test: Test | LineTest) -> list[str]:
    """The facts that a comparison reads; for lines none that could be chosen."""
    if isinstance(test, LineTest):
        return [operand.name for operand in test.operands if isinstance(operand, FactRef)]
    others = [operand.name for operand in test.operands if isinstance(operand, FactRef)]
    return list(dict.fromkeys([test.fact, *others]))


def is_plain(test: Test) -> bool:
    return test.comparator is not Comparator.MATCHES and not any(
        isinstance(operand, FactRef) for operand in test.operands
    )


def is_pair(test: Test) -> bool:
    return (
        len(test.operands) == 1
        and isinstance(test.operands[0], FactRef)
        and test.comparator in SIGNS
        and test.operands[0].name != test.fact
    )


def tags_of(test: Test) -> list[str]:
    names: list[str] = []
    for operand in test.operands:
        if isinstance(operand, Given) and isinstance(operand.value, frozenset):
            names.extend(sorted(operand.value))
        elif isinstance(operand, Given) and isinstance(operand.value, str):
            names.append(operand.value)
    return names


def strangers() -> Iterator[str]:
    yield "other"
    number = 2
    while True:
        yield f"other {number}"
        number += 1

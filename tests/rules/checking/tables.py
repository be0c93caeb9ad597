"""Random decision tables of every sort of column, and what z3 says of them.

The translation to z3 reads the tree by itself: nothing of the checks is used in it.
"""

from __future__ import annotations

import random
from decimal import Decimal
from fractions import Fraction
from typing import Any

import z3

from ordinance.rules.kinds import Kind
from ordinance.rules.point import Fact, Hit
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    Given,
    NotOf,
    Place,
    Rule,
    RuleSet,
    SomeOf,
    Test,
)
from tests.rules.sample_point import RISK

HERE = Place("drawn.yaml", 1, 1)
COLUMNS = {
    "order.weight_g": [0, 1, 2, 3, 7],
    "order.paid": [Decimal("0"), Decimal("0.01"), Decimal("0.02"), Decimal("5"), Decimal("5.01")],
    "buyer.refunded_share": [Decimal("0"), Decimal("0.5"), Decimal("0.51"), Decimal("1")],
    "order.type": ["normal", "presale"],
    "order.gift": [True, False],
    "order.message": ["", "a", "ab", "ba", "aba"],
}
_ORDERED = [
    Comparator.IS,
    Comparator.IS_NOT,
    Comparator.AT_LEAST,
    Comparator.ABOVE,
    Comparator.AT_MOST,
    Comparator.BELOW,
    Comparator.BETWEEN,
    Comparator.ONE_OF,
    Comparator.NONE_OF,
]
_NAMED = [Comparator.IS, Comparator.IS_NOT, Comparator.ONE_OF, Comparator.NONE_OF]
_TEXTS = [
    *_NAMED,
    Comparator.STARTS_WITH,
    Comparator.ENDS_WITH,
    Comparator.CONTAINS,
    Comparator.CONTAINS_ANY,
    Comparator.CONTAINS_ALL,
    Comparator.CONTAINS_NONE,
]
_MANY = ("one_of", "none_of", "contains_any", "contains_all", "contains_none")


def table(seed: int, hit: Hit) -> RuleSet:
    """A table of two to five rows over one to three columns; each third one is about a text."""
    draw = random.Random(seed)
    names = draw.sample(list(COLUMNS), draw.randint(1, 3))
    if seed % 3 == 0:
        names = ["order.message"]
    outcomes = ["approve", "manual_review", "hold"]
    rules = tuple(
        Rule(f"R{row}", _row(draw, names), {"outcome": draw.choice(outcomes)}, HERE)
        for row in range(draw.randint(2, 5))
    )
    return RuleSet(RISK, hit, rules, None, {"outcome": "manual_review"}, HERE, "0" * 64)


def _row(draw: random.Random, names: list[str]) -> Condition:
    cells = [_cell(draw, name) for name in names if draw.random() < 0.8]
    return AllOf(tuple(cells))


def _cell(draw: random.Random, name: str) -> Condition:
    sort = draw.random()
    if sort < 0.15:
        return AnyOf((_test(draw, name), _test(draw, name)))
    if sort < 0.25:
        return NotOf(_test(draw, name))
    if sort < 0.35:
        return SomeOf(2, (_test(draw, name), _test(draw, name), _test(draw, name)))
    return _test(draw, name)


def _test(draw: random.Random, name: str) -> Test:
    fact = RISK.fact(name)
    assert fact is not None
    ordered = fact.kind in (Kind.INTEGER, Kind.MONEY, Kind.RATIO)
    usable = _ORDERED if ordered else _TEXTS if fact.kind is Kind.TEXT else _NAMED
    comparator = draw.choice(usable)
    count = 2 if comparator is Comparator.BETWEEN else 1
    if comparator in _MANY:
        count = draw.randint(1, 2)
    values: list[Any] = draw.sample(COLUMNS[name], count)
    if comparator is Comparator.BETWEEN:
        values.sort()
    return Test(name, comparator, tuple(Given(value) for value in values), HERE)


class Solver:
    """One table as formulas."""

    def __init__(self, tree: RuleSet) -> None:
        self._variables: dict[str, Any] = {}
        self.rows = [self._formula(rule.when) for rule in tree.rules]
        self._domain = [self._range(name) for name in list(self._variables)]

    def possible(self, *formulas: Any) -> bool:
        """Whether some order makes all of them true."""
        solver = z3.Solver()
        solver.set("timeout", 20_000)
        solver.add(*self._domain, *formulas)
        found = solver.check()
        assert found != z3.unknown, "z3 gave up"
        return bool(found == z3.sat)

    def has_gap(self) -> bool:
        """Whether some order makes no row true."""
        return self.possible(*(z3.Not(row) for row in self.rows))

    def unreached(self) -> list[int]:
        """The rows that can be true, and never before all rows above them are false."""
        return [
            at
            for at, row in enumerate(self.rows)
            if self.possible(row)
            and not self.possible(row, *(z3.Not(other) for other in self.rows[:at]))
        ]

    def overlaps(self) -> list[tuple[int, int]]:
        """Each two rows that can be true together."""
        return [
            (first, second)
            for second in range(len(self.rows))
            for first in range(second)
            if self.possible(self.rows[first], self.rows[second])
        ]

    def _fact(self, name: str) -> Fact:
        fact = RISK.fact(name)
        assert fact is not None
        return fact

    def _variable(self, name: str) -> Any:
        if name not in self._variables:
            make = {
                Kind.INTEGER: z3.Int,
                Kind.MONEY: z3.Int,
                Kind.RATIO: z3.Real,
                Kind.TEXT: z3.String,
                Kind.CHOICE: z3.Int,
                Kind.BOOLEAN: z3.Bool,
            }
            self._variables[name] = make[self._fact(name).kind](name)
        return self._variables[name]

    def _value(self, name: str, value: Any) -> Any:
        fact = self._fact(name)
        if fact.kind is Kind.MONEY:
            return z3.IntVal(int(value * 100))
        if fact.kind is Kind.RATIO:
            exact = Fraction(value)
            return z3.RealVal(f"{exact.numerator}/{exact.denominator}")
        if fact.kind is Kind.TEXT:
            return z3.StringVal(value)
        if fact.kind is Kind.CHOICE:
            return z3.IntVal([choice.code for choice in fact.choices].index(value))
        return z3.BoolVal(value) if fact.kind is Kind.BOOLEAN else z3.IntVal(value)

    def _range(self, name: str) -> Any:
        fact, variable = self._fact(name), self._variables[name]
        limits = [z3.BoolVal(True)]
        if fact.kind is Kind.CHOICE:
            limits += [variable >= 0, variable < len(fact.choices)]
        if fact.kind is Kind.TEXT:
            # The five texts of the column, once each, with something between them: no comparison
            # needs a longer one, and without an end z3 now and then does not come to one.
            limits.append(z3.Length(variable) <= 24)
        if fact.at_least is not None:
            limits.append(variable >= self._value(name, fact.at_least))
        if fact.at_most is not None:
            limits.append(variable <= self._value(name, fact.at_most))
        return z3.And(*limits)

    def _formula(self, condition: Condition) -> Any:
        match condition:
            case AllOf(items):
                return z3.And(*(self._formula(item) for item in items), z3.BoolVal(True))
            case AnyOf(items):
                return z3.Or(*(self._formula(item) for item in items), z3.BoolVal(False))
            case NotOf(item):
                return z3.Not(self._formula(item))
            case SomeOf(at_least, items):
                return z3.PbGe([(self._formula(item), 1) for item in items], at_least)
            case Test():
                return self._compared(condition)
        raise ValueError("no condition of a table")

    def _compared(self, test: Test) -> Any:
        x = self._variable(test.fact)
        values = [
            self._value(test.fact, operand.value)
            for operand in test.operands
            if isinstance(operand, Given)
        ]
        first = values[0]
        match test.comparator:
            case Comparator.IS | Comparator.ONE_OF:
                return z3.Or(*(x == value for value in values))
            case Comparator.IS_NOT | Comparator.NONE_OF:
                return z3.And(*(x != value for value in values))
            case Comparator.AT_LEAST:
                return x >= first
            case Comparator.ABOVE:
                return x > first
            case Comparator.AT_MOST:
                return x <= first
            case Comparator.BELOW:
                return x < first
            case Comparator.BETWEEN:
                return z3.And(x >= first, x < values[1])
            case Comparator.STARTS_WITH:
                return z3.PrefixOf(first, x)
            case Comparator.ENDS_WITH:
                return z3.SuffixOf(first, x)
            case Comparator.CONTAINS | Comparator.CONTAINS_ALL:
                return z3.And(*(z3.Contains(x, value) for value in values))
            case Comparator.CONTAINS_ANY:
                return z3.Or(*(z3.Contains(x, value) for value in values))
            case Comparator.CONTAINS_NONE:
                return z3.And(*(z3.Not(z3.Contains(x, value)) for value in values))
        raise ValueError("no comparison of a table")

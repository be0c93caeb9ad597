"""FEEL to conditions: what a cell says, in the comparators of the rule language.

FEEL has three truth values, and a row matches only where a test is `true`. A comparison with
`null` is `null`, except `=` and `!=`, which are never; `and`, `or` and `not` are Kleene's. So the
two conditions of a `Truth` say all of it: where neither holds, the test is `null`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ordinance.rules.interchange.draft import Constant, kind_of
from ordinance.rules.interchange.evidence import Evidence, Untranslatable
from ordinance.rules.interchange.expression import (
    TURNED,
    Binary,
    Call,
    Expression,
    Interval,
    ListOf,
    Literal,
    Name,
    Other,
    Unary,
)
from ordinance.rules.interchange.feel.literals import constant
from ordinance.rules.interchange.feel.syntax import COLUMN, Tests
from ordinance.rules.interchange.names import ours
from ordinance.rules.interchange.patterns import check_pattern
from ordinance.rules.interchange.truth import (
    ALWAYS,
    NEVER,
    ORDERINGS,
    Truth,
    among,
    every,
    needs,
    partial,
    presence,
    some,
    total,
)
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.refusal import clip
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

TEXT_CALLS = {
    "starts with": Comparator.STARTS_WITH,
    "ends with": Comparator.ENDS_WITH,
    "contains": Comparator.CONTAINS,
    "matches": Comparator.MATCHES,
}
"""Functions of a text and a constant, with their comparators."""

_ORDERED = (Kind.DECIMAL, Kind.DATE, Kind.INSTANT, Kind.TIME_OF_DAY, Kind.DURATION)
_CALCULATED = "it calculates, which no comparator does"


class Translator:
    """Translates the cells of one column; `column` is its fact, None where it is always `true`."""

    def __init__(self, evidence: Evidence, place: Place, column: str | None) -> None:
        self._evidence = evidence
        self._place = place
        self._column = column

    def cell(self, tests: Tests) -> Truth:
        """What the tests of a cell say together. Raises `Untranslatable`."""
        if not tests.items:
            return Truth(ALWAYS, NEVER)
        values: list[Expression] = []
        truths: list[Truth] = []
        for item in tests.items:
            if self._column is None or not _is_value(item):
                truths.append(self._test(item, explicit=tests.explicit))
            elif isinstance(item, ListOf):
                values.extend(item.items)
            else:
                values.append(item)
        if values:
            truths.insert(0, self._in_list(COLUMN, values))
        truth = _any(truths)
        return truth.negated() if tests.negated else truth

    def truth(self, expression: Expression) -> Truth:
        """What a whole expression says. Raises `Untranslatable`."""
        match expression:
            case Literal(bool(value)):
                return Truth(ALWAYS, NEVER) if value else Truth(NEVER, ALWAYS)
            case Unary("not", item):
                return self.truth(item).negated()
            case Binary("and", _, _):
                return _all([self.truth(item) for item in _chain(expression)])
            case Binary("or", _, _):
                return _any([self.truth(item) for item in _chain(expression)])
            case Binary("in", left, right):
                return self._membership(left, right)
            case Binary(operator, left, right) if operator in TURNED:
                return self._comparison(operator, left, right)
            case Call(name, arguments):
                return self._call(name, arguments)
            case Name():
                fact = self._fact(expression)
                self._evidence.expect(fact, Kind.BOOLEAN)
                # `null` as a condition is neither true nor false.
                return Truth(self._is(fact, (True,)), self._is(fact, (False,)))
            case Other(what):
                raise Untranslatable(what)
            case ListOf(()):
                raise Untranslatable("the list is empty")
        raise Untranslatable(_CALCULATED)

    def _test(self, test: Expression, *, explicit: bool) -> Truth:
        """One test of a cell that is no value."""
        if isinstance(test, Name) and test != COLUMN and self._column is not None:
            raise Untranslatable(
                f"`{clip('.'.join(test.path))}` is the name of another fact; "
                "for a text put it in quotes"
            )
        about_column = isinstance(test, Binary) and COLUMN in (test.left, test.right)
        if not about_column and not explicit and self._column is not None:
            # Engines take the result of such an expression for a value of the column as well.
            kind = self._evidence.kind(self._column)
            if kind is Kind.BOOLEAN:
                raise Untranslatable("say whether the column is meant: write it with `?`")
        return self.truth(test)

    def _comparison(self, operator: str, left: Expression, right: Expression) -> Truth:
        if not isinstance(left, Name):
            left, right, operator = right, left, TURNED[operator]
        if not isinstance(left, Name):
            raise Untranslatable(_CALCULATED)
        fact = self._fact(left)
        if operator == "!=":
            return self._equal(fact, right).negated()
        return self._equal(fact, right) if operator == "==" else self._order(fact, operator, right)

    def _equal(self, fact: str, right: Expression) -> Truth:
        if right == Literal(None):
            self._evidence.mention(fact)
            return presence(fact, False, self._place)
        if isinstance(right, Name):
            raise Untranslatable("it asks whether two facts are equal or both absent")
        value = _constant(right)
        self._evidence.expect(fact, kind_of(value))
        return total(self._is(fact, (value,)))

    def _order(self, fact: str, operator: str, right: Expression) -> Truth:
        operand, kind = self._operand(fact, right)
        self._evidence.expect(fact, kind, firm=isinstance(operand, Given))
        return _undefined(partial(Test(fact, ORDERINGS[operator], (operand,), self._place)))

    def _operand(self, fact: str, right: Expression) -> tuple[Operand, Kind]:
        """What a fact is measured by: a value with an order, or another fact."""
        if isinstance(right, Name):
            other = self._fact(right)
            if other == fact:
                raise Untranslatable("it compares a fact with itself")
            kind = self._evidence.kind(fact) or Kind.DECIMAL
            self._evidence.expect(other, kind, firm=False)
            if kind not in _ORDERED:
                raise Untranslatable("only numbers, dates and times have an order here")
            return FactRef(other), kind
        if right == Literal(None):
            raise Untranslatable("nothing is above or below `null`; this matches nothing")
        value = _constant(right)
        kind = kind_of(value)
        if kind not in _ORDERED:
            raise Untranslatable("only numbers, dates and times have an order here")
        return Given(value), kind

    def _membership(self, left: Expression, right: Expression) -> Truth:
        if isinstance(right, Interval):
            return self._in_interval(left, right)
        if isinstance(right, ListOf):
            return self._in_list(left, right.items)
        if isinstance(right, Literal | Unary | Call):
            return self._in_list(left, (right,))
        raise Untranslatable("what the value must be `in` is calculated")

    def _in_list(self, subject: Expression, items: Sequence[Expression]) -> Truth:
        if not isinstance(subject, Name):
            raise Untranslatable(_CALCULATED)
        fact = self._fact(subject)
        values = tuple(_constant(item) for item in items if item != Literal(None))
        truths = []
        for value in values:
            self._evidence.expect(fact, kind_of(value))
        if values:
            truths.append(total(self._is(fact, values)))
        if len(values) < len(items):
            self._evidence.mention(fact)
            truths.append(presence(fact, False, self._place))
        if not truths:
            raise Untranslatable("the list is empty")
        return _any(truths)

    def _in_interval(self, subject: Expression, interval: Interval) -> Truth:
        if not isinstance(subject, Name):
            raise Untranslatable(_CALCULATED)
        fact = self._fact(subject)
        low, kind = self._operand(fact, interval.low)
        high, other = self._operand(fact, interval.high)
        if kind is not other:
            raise Untranslatable("the ends of the interval are of two kinds")
        self._evidence.expect(fact, kind)
        closed = interval.opening == "[", interval.closing == "]"
        if isinstance(low, Given) and isinstance(high, Given):
            if _less(high.value, low.value):
                raise Untranslatable("the interval ends before it begins; engines disagree on it")
            if closed == (True, False) and _less(low.value, high.value):
                test = Test(fact, Comparator.BETWEEN, (low, high), self._place)
                return _undefined(partial(test))
        first, last = Comparator.AT_LEAST, Comparator.AT_MOST
        bounds = (
            Test(fact, first if closed[0] else Comparator.ABOVE, (low,), self._place),
            Test(fact, last if closed[1] else Comparator.BELOW, (high,), self._place),
        )
        return _all([_undefined(partial(bound)) for bound in bounds])

    def _call(self, name: str, arguments: tuple[Expression, ...]) -> Truth:
        match name, arguments:
            case ("list contains", (ListOf(items), Name() as subject)):
                return self._in_list(subject, items)
            case ("list contains", (Name() as subject, Literal(str(text)))):
                fact = self._fact(subject)
                self._evidence.expect(fact, Kind.TAGS)
                return self._asked(fact, Comparator.CONTAINS, text)
            case (_, (Name() as subject, Literal(str(text)))) if name in TEXT_CALLS:
                comparator = TEXT_CALLS[name]
                if comparator is Comparator.MATCHES:
                    check_pattern(text)
                fact = self._fact(subject)
                self._evidence.expect(fact, Kind.TEXT)
                return self._asked(fact, comparator, text)
        raise Untranslatable(f"`{clip(name)}(...)` calculates, which no comparator does")

    def _asked(self, fact: str, comparator: Comparator, text: str) -> Truth:
        return _undefined(partial(Test(fact, comparator, (Given(text),), self._place)))

    def _fact(self, name: Name) -> str:
        if name == COLUMN:
            if self._column is None:
                raise Untranslatable("`?` is `true` in this column, whatever the facts are")
            return self._column
        if name.path[0] == "?":
            raise Untranslatable("it reads a part of a value")
        return ours(".".join(name.path))

    def _is(self, fact: str, values: tuple[Value, ...]) -> Test:
        return among(fact, values, self._place)


def _any(truths: Sequence[Truth]) -> Truth:
    """`or`: true where one is, false where all are."""
    return Truth(some(tuple(t.true for t in truths)), every(tuple(t.false for t in truths)))


def _all(truths: Sequence[Truth]) -> Truth:
    """`and`: true where all are, false where one is."""
    return Truth(every(tuple(t.true for t in truths)), some(tuple(t.false for t in truths)))


def _undefined(truth: Truth) -> Truth:
    """The same, where nothing fails for want of a fact but is `null`."""
    return Truth(truth.true, truth.false)


def _chain(expression: Binary) -> list[Expression]:
    """The operands of a run of one operator."""
    operator, found = expression.operator, []
    left: Expression = expression
    while isinstance(left, Binary) and left.operator == operator:
        found.append(left.right)
        left = left.left
    return [left, *reversed(found)]


def _is_value(expression: Expression) -> bool:
    """Whether a test of a cell is a value (or `null`, or a list of them), not a condition."""
    if isinstance(expression, ListOf):
        items = expression.items
        return (
            bool(items)
            and not any(isinstance(item, ListOf) for item in items)
            and all(map(_is_value, items))
        )
    return isinstance(expression, Literal) or constant(expression) is not None


def _constant(expression: Expression) -> Constant:
    value = constant(expression)
    if value is None:
        raise Untranslatable(_CALCULATED)
    return value


def _less(low: Any, high: Any) -> bool:
    """Whether a value comes before another of its kind."""
    return bool(low < high)


def may_be_null(truth: Truth, fact: str) -> bool:
    """Whether a test may be neither true nor false where `fact` is absent."""
    return not (_surely(truth.true, fact) or _surely(truth.false, fact))


def _surely(condition: Condition, fact: str) -> bool:
    """Whether a condition is true where `fact` is absent, whatever the others are."""
    match condition:
        case Test(name, Comparator.MISSING, (Given(True),)):
            return name == fact
        case NotOf(item):
            return fact in needs(item)
        case AllOf(items):
            return all(_surely(item, fact) for item in items)
        case AnyOf(items):
            return any(_surely(item, fact) for item in items)
    return False

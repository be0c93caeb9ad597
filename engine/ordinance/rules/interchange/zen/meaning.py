"""Expressions to conditions: what a cell says, in the comparators of the rule language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from ordinance.rules.interchange.evidence import Untranslatable
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
from ordinance.rules.interchange.truth import (
    ORDERINGS,
    Truth,
    both,
    either,
    partial,
    presence,
    total,
)
from ordinance.rules.interchange.zen.atoms import CALCULATED, Atoms, kind_of
from ordinance.rules.interchange.zen.calls import call
from ordinance.rules.interchange.zen.literals import Constant, constant, moment, moment_of
from ordinance.rules.interchange.zen.paths import path_name
from ordinance.rules.interchange.zen.syntax import COLUMN, COMPARISONS, Joined
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.tree import AllOf, AnyOf, Comparator, FactRef, Given, Test

_OPENING = {"[": ">=", "(": ">", "]": "<=", ")": "<"}
_CLOSING = {"]": "<=", ")": "<", "[": ">=", "(": ">"}


class _Subject(NamedTuple):
    """What a comparison is about: a fact, perhaps read as a date or as a number."""

    fact: str
    read_as: str = ""


class Translator:
    """Translates the cells of one column."""

    def __init__(self, atoms: Atoms) -> None:
        self._atoms = atoms

    def cell(self, tests: Sequence[Joined]) -> Truth:
        """What the tests of a cell say together. Raises `Untranslatable`."""
        truth = self._test(tests[0].test)
        for joined in tests[1:]:
            join = both if joined.word == "and" else either
            truth = join(truth, self._test(joined.test))
        return truth

    def truth(self, expression: Expression) -> Truth:
        """What a whole expression says. Raises `Untranslatable`."""
        match expression:
            case Literal(bool(value)):
                true, false = AllOf(()), AnyOf(())
                return Truth(true, false) if value else Truth(false, true)
            case Unary("not", item):
                return self.truth(item).negated()
            case Binary("and", left, right):
                return both(self.truth(left), self.truth(right))
            case Binary("or", left, right):
                return either(self.truth(left), self.truth(right))
            case Binary(operator, left, right) if operator in COMPARISONS:
                return self._comparison(operator, left, right)
            case Call(name, arguments):
                return call(self._atoms, name, arguments)
            case Name():
                fact = self._atoms.fact(expression)
                self._atoms.expect(fact, Kind.BOOLEAN)
                return Truth(
                    self._atoms.is_(fact, True), self._atoms.is_(fact, False), frozenset({fact})
                )
            case Other(what):
                raise Untranslatable(what)
        raise Untranslatable(CALCULATED)

    def _test(self, test: Expression) -> Truth:
        """One test of a cell: what is no condition by itself is compared with the column."""
        if isinstance(test, ListOf | Interval):
            return self._comparison("in", COLUMN, test)
        if isinstance(test, Literal) or constant(test) is not None or moment(test, "d", "date"):
            return self._comparison("==", COLUMN, test)
        inner: Expression = test
        while isinstance(inner, Unary):
            inner = inner.item
        if inner is not test and isinstance(inner, Name | Literal):
            raise Untranslatable("it compares the column with the opposite of a value")
        if isinstance(test, Name):
            if test == COLUMN:
                return self._equal_to_itself()
            raise Untranslatable(
                f"`{path_name(test.path)}` is the name of another fact; for a text put it in quotes"
            )
        return self.truth(test)

    def _equal_to_itself(self) -> Truth:
        """A cell that says `$` alone: every value is equal to itself, but no list is."""
        kind = self._atoms.evidence.kind(self._atoms.fact(COLUMN))
        if self._atoms.evidence.settled is not None and kind in (None, Kind.TAGS):
            raise Untranslatable("it compares the column with itself, which no list is equal to")
        return Truth(AllOf(()), AnyOf(()))

    def _comparison(self, operator: str, left: Expression, right: Expression) -> Truth:
        if operator == "not in":
            return self._comparison("in", left, right).negated()
        if operator == "in":
            return self._membership(left, right)
        inner = _compared_with_boolean(left, right)
        if inner is not None and operator in ("==", "!="):
            truth = self.truth(inner[0])
            return truth if inner[1] is (operator == "==") else truth.negated()
        subject, other = self._subject(left), right
        if subject is None:
            subject, other = self._subject(right), left
            operator = TURNED[operator]
        if subject is None:
            raise Untranslatable(CALCULATED)
        second = self._subject(other)
        if second is not None:
            return self._facts(operator, subject, second)
        return self._compared(operator, subject, other)

    def _compared(self, operator: str, subject: _Subject, other: Expression) -> Truth:
        if operator == "!=":
            return self._compared("==", subject, other).negated()
        if operator == "==" and other == Literal(None):
            if subject.read_as:
                raise Untranslatable(CALCULATED)
            self._atoms.evidence.mention(subject.fact)
            return presence(subject.fact, True, self._atoms.place).negated()
        value, kind = self._operand(other, subject)
        fact = subject.fact
        if operator == "==":
            self._atoms.expect(fact, kind)
            test = self._atoms.is_(fact, value)
            return partial(test) if subject.read_as in ("date", "number") else total(test)
        if kind not in (Kind.DECIMAL, Kind.INSTANT):
            raise Untranslatable("only numbers and dates have an order; this row matches nothing")
        self._atoms.expect(fact, kind)
        if subject.read_as == "d" and not isinstance(other, Literal):
            return self._atoms.dated(fact, operator, value)
        return self._atoms.ordering(fact, operator, value)

    def _facts(self, operator: str, left: _Subject, right: _Subject) -> Truth:
        if left.fact == right.fact or left.read_as != right.read_as:
            raise Untranslatable(CALCULATED)
        kind = Kind.INSTANT if left.read_as in ("d", "date") else Kind.DECIMAL
        if operator in ("==", "!="):
            raise Untranslatable("it asks whether two facts are equal or both absent")
        for subject in (left, right):
            self._atoms.expect(subject.fact, kind, firm=bool(subject.read_as))
        return partial(
            Test(left.fact, ORDERINGS[operator], (FactRef(right.fact),), self._atoms.place)
        )

    def _membership(self, left: Expression, right: Expression) -> Truth:
        if isinstance(right, ListOf):
            subject = self._subject(left)
            if subject is None or subject.read_as:
                raise Untranslatable(CALCULATED)
            return self._atoms.in_list(subject.fact, right)
        if isinstance(right, Interval):
            return self._in_interval(self._subject(left), right)
        value, fact = constant(left), self._atoms.fact(right) if isinstance(right, Name) else None
        if fact is None or not isinstance(value, str):
            raise Untranslatable(CALCULATED)
        self._atoms.expect(fact, Kind.TAGS)
        return self._atoms.about_value(fact, Comparator.CONTAINS, (value,))

    def _in_interval(self, subject: _Subject | None, interval: Interval) -> Truth:
        if subject is None:
            raise Untranslatable(CALCULATED)
        low, kind = self._operand(interval.low, subject)
        high, other = self._operand(interval.high, subject)
        if kind is not other or kind not in (Kind.DECIMAL, Kind.INSTANT):
            raise Untranslatable("the ends of the interval are not two numbers or two dates")
        if Kind.TEXT in (_written(interval.low), _written(interval.high)):
            raise Untranslatable("a text is no end of an interval")
        if kind is Kind.INSTANT and subject.read_as == "":
            raise Untranslatable("a text is in no interval of dates; this row matches nothing")
        self._atoms.expect(subject.fact, kind)
        ends = interval.opening + interval.closing
        bound = self._atoms.dated if subject.read_as == "d" else self._atoms.ordering
        if ends == "[)" and _less(low, high):
            operands = (Given(low), Given(high))
            test = Test(subject.fact, Comparator.BETWEEN, operands, self._atoms.place)
            return total(test) if subject.read_as == "d" else partial(test)
        # A bracket that opens outwards turns its end round: `]1..3[` is outside, `(1..3[` above.
        join = both if interval.opening in "[(" else either
        return join(
            bound(subject.fact, _OPENING[interval.opening], low),
            bound(subject.fact, _CLOSING[interval.closing], high),
        )

    def _operand(self, expression: Expression, subject: _Subject) -> tuple[Value, Kind]:
        """A constant that a subject is compared with, and the kind that the fact then has."""
        when = moment(expression, "d") if subject.read_as != "date" else None
        if subject.read_as == "date":
            when = moment(expression, "date")
        if when is not None:
            return when, Kind.INSTANT
        seconds = moment(expression, "date")
        value: Constant | None = constant(expression)
        if seconds is not None and subject.read_as in ("", "number"):
            # Outside `date(...)` a date is the number of seconds since 1970.
            return Decimal(int(seconds.timestamp())), Kind.DECIMAL
        if value is None:
            raise Untranslatable(CALCULATED)
        if subject.read_as == "d" and isinstance(value, str):
            return moment_of(value), Kind.INSTANT
        kind = kind_of(value)
        if subject.read_as and (subject.read_as, kind) != ("number", Kind.DECIMAL):
            raise Untranslatable(CALCULATED)
        return value, kind

    def _subject(self, expression: Expression) -> _Subject | None:
        match expression:
            case Name():
                return _Subject(self._atoms.fact(expression))
            case Call("d" | "date" | "number" as name, (Name() as item,)):
                return _Subject(self._atoms.fact(item), name)
        return None


def _compared_with_boolean(left: Expression, right: Expression) -> tuple[Expression, bool] | None:
    """The condition and the value of `contains(...) == false` and its like."""
    for condition, value in ((left, right), (right, left)):
        if isinstance(value, Literal) and isinstance(value.value, bool):
            is_call = isinstance(condition, Call) and condition.name not in ("d", "date", "number")
            if is_call or (isinstance(condition, Binary) and condition.operator in COMPARISONS):
                return condition, value.value
    return None


def _written(expression: Expression) -> Kind | None:
    value = constant(expression)
    return None if value is None else kind_of(value)


def _less(low: Value, high: Value) -> bool:
    if isinstance(low, Decimal) and isinstance(high, Decimal):
        return low < high
    return isinstance(low, datetime) and isinstance(high, datetime) and low < high

"""Conditions and values of ours as those of a rule list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from ordinance.rules.deciding.conditions import tests_in
from ordinance.rules.interchange.evidence import Untranslatable
from ordinance.rules.interchange.names import theirs
from ordinance.rules.interchange.truth import OPPOSITES
from ordinance.rules.interchange.variables import casing
from ordinance.rules.interchange.variables.patterns import re_of
from ordinance.rules.interchange.written import Source, Unwritable
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.numeral import NUMBERS, decimal_text
from ordinance.rules.scalar import plain
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    FactRef,
    Given,
    LineTest,
    ListRef,
    NotOf,
    OutcomeValue,
    ParamRef,
    Rule,
    SomeOf,
    Test,
)

Written: TypeAlias = dict[str, Any]
"""A condition as `business-rules` has it."""

_NUMERIC = {
    Comparator.IS: "equal_to",
    Comparator.ABOVE: "greater_than",
    Comparator.AT_LEAST: "greater_than_or_equal_to",
    Comparator.BELOW: "less_than",
    Comparator.AT_MOST: "less_than_or_equal_to",
}
_TEXTUAL = {
    Comparator.IS: "equal_to",
    Comparator.STARTS_WITH: "starts_with",
    Comparator.ENDS_WITH: "ends_with",
    Comparator.CONTAINS: "contains",
}
_LISTED = {
    Comparator.CONTAINS_ALL: "contains_all",
    Comparator.CONTAINS_ANY: "shares_at_least_one_element_with",
    Comparator.CONTAINS_NONE: "shares_no_elements_with",
}
_ONE = {Comparator.CONTAINS}
_EXACTLY_ONE = "shares_exactly_one_element_with"

_EACH = {
    Comparator.ONE_OF: (False, Comparator.IS),
    Comparator.STARTS_WITH: (False, Comparator.STARTS_WITH),
    Comparator.ENDS_WITH: (False, Comparator.ENDS_WITH),
    Comparator.CONTAINS: (True, Comparator.CONTAINS),
    Comparator.CONTAINS_ALL: (True, Comparator.CONTAINS),
    Comparator.CONTAINS_ANY: (False, Comparator.CONTAINS),
}
"""Comparators with several operands, as tests with one: whether all must be true, and which."""
_DENIED = {
    Comparator.IS_NOT: Comparator.IS,
    Comparator.NONE_OF: Comparator.ONE_OF,
    Comparator.CONTAINS_NONE: Comparator.CONTAINS_ANY,
}


class Writer:
    """Writes the conditions of one rule set."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._kinds = {fact.name: fact.kind for fact in source.tree.point.facts}
        self._selects = self._asked_one_by_one() if source.foreign else frozenset()
        self._rule = ""

    def written(self, rule: Rule) -> Written:
        """The conditions of a rule. Raises `Unwritable`."""
        self._rule = rule.id
        return self._said(rule.when, True)

    def _said(self, condition: Condition, true: bool) -> Written:
        """That the condition is true, or that it is false."""
        match condition:
            case Test():
                return self._test(condition, true)
            case NotOf(AnyOf((Test(fact, Comparator.CONTAINS_NONE), SomeOf(2, items)))) if true:
                return self._leaf(fact, _EXACTLY_ONE, _contained(fact, items))
            case NotOf(item):
                return self._said(item, not true)
            case AllOf(items):
                return self._several(items, every=true, true=true)
            case AnyOf(items):
                return self._several(items, every=not true, true=true)
            case SomeOf(at_least, items) if at_least in (1, len(items)):
                return self._said(AnyOf(items) if at_least == 1 else AllOf(items), true)
            case SomeOf():
                raise self._unwritable("it counts conditions (`some`)")
            case LineTest():
                raise self._unwritable("it looks at single lines")

    def _several(self, items: Iterable[Condition], *, every: bool, true: bool) -> Written:
        found = [self._said(item, true) for item in items]
        if not found:
            raise self._unwritable("it has no condition, and an empty `all` or `any` fails there")
        return {"all" if every else "any": found}

    def _test(self, test: Test, true: bool) -> Written:
        if test.fact in self._source.originals:
            if true:
                return self._source.written_back(test.fact, "business-rules")
            raise self._unwritable("it denies what was not translated")
        comparator = test.comparator
        if comparator in _DENIED:
            positive = Test(test.fact, _DENIED[comparator], test.operands, test.place)
            if not (true and self._is_list(test)):
                return self._plain(positive, not true)
        return self._plain(test, true)

    def _plain(self, test: Test, true: bool) -> Written:
        kind, values = self._kind(test.fact), self._values(test)
        if kind is Kind.TAGS and test.fact not in self._selects:
            return self._tags(test, [str(value) for value in values], true)
        all, each = _EACH.get(test.comparator, (False, test.comparator))
        if (len(values) > 1 and test.comparator in _EACH) or each is not test.comparator:
            parts = tuple(
                Test(test.fact, each, (operand,), test.place) for operand in test.operands
            )
            return self._said(AllOf(parts) if all else AnyOf(parts), true)
        if test.comparator is Comparator.MISSING:
            raise self._unwritable(f"nothing asks there whether `{test.fact}` is missing")
        if kind in NUMBERS:
            return self._number(test, values, true)
        if kind is Kind.BOOLEAN:
            return self._leaf(test.fact, "is_true" if values[0] is true else "is_false", "")
        if kind in (Kind.TAGS, Kind.CHOICE):
            return self._leaf(test.fact, "contains" if true else "does_not_contain", values[0])
        if kind is Kind.TEXT:
            return self._text(test, str(values[0]), true)
        raise self._unwritable(f"`{test.fact}` is a {kind}, which means nothing there")

    def _number(self, test: Test, values: list[Value], true: bool) -> Written:
        place, operands = test.place, test.operands
        if test.comparator is Comparator.BETWEEN:
            low = Test(test.fact, Comparator.AT_LEAST, operands[:1], place)
            high = Test(test.fact, Comparator.BELOW, operands[1:], place)
            return self._said(AllOf((low, high)), true)
        if true:
            return self._leaf(test.fact, _NUMERIC[test.comparator], values[0])
        if test.comparator is Comparator.IS:
            below = Test(test.fact, Comparator.BELOW, operands, place)
            above = Test(test.fact, Comparator.ABOVE, operands, place)
            return self._said(AnyOf((below, above)), True)
        return self._said(Test(test.fact, OPPOSITES[test.comparator], operands, place), True)

    def _text(self, test: Test, value: str, true: bool) -> Written:
        if not true:
            if test.comparator is Comparator.IS and not value:
                return self._leaf(test.fact, "non_empty", "")
            raise self._unwritable(f"nothing denies there a comparison of the text `{test.fact}`")
        if test.comparator is not Comparator.MATCHES:
            return self._leaf(test.fact, _TEXTUAL[test.comparator], value)
        text = casing.text_of(value)
        if text is not None:
            return self._leaf(test.fact, "equal_to_case_insensitive", text)
        try:
            return self._leaf(test.fact, "matches_regex", re_of(value))
        except Untranslatable as error:
            raise self._unwritable(f"the pattern `{value}`: {error}") from None

    def _tags(self, test: Test, values: list[str], true: bool) -> Written:
        """A test of a `select_multiple` variable."""
        comparator = test.comparator
        if comparator is Comparator.CONTAINS:
            comparator = Comparator.CONTAINS_ALL
        if comparator not in _LISTED:
            raise self._unwritable(f"`{comparator}` of the list `{test.fact}` has no counterpart")
        if true:
            return self._leaf(test.fact, _LISTED[comparator], values)
        if comparator is Comparator.CONTAINS_ALL:
            return {
                "any": [
                    self._leaf(test.fact, _LISTED[Comparator.CONTAINS_NONE], [value])
                    for value in values
                ]
            }
        return self._leaf(test.fact, _LISTED[OPPOSITES[comparator]], values)

    def _asked_one_by_one(self) -> frozenset[str]:
        """The lists of which each test asks for one value, as the conditions on a `select` do."""
        comparators: dict[str, set[Comparator]] = {}
        for rule in self._source.tree.rules:
            for test in tests_in(rule.when):
                if isinstance(test, Test) and self._kind(test.fact) is Kind.TAGS:
                    comparators.setdefault(test.fact, set()).add(test.comparator)
        return frozenset(fact for fact, found in comparators.items() if found == _ONE)

    def _kind(self, fact: str) -> Kind:
        return self._kinds.get(fact, Kind.TEXT)

    def _is_list(self, test: Test) -> bool:
        return self._kind(test.fact) is Kind.TAGS and test.fact not in self._selects

    def _values(self, test: Test) -> list[Value]:
        values: list[Value] = []
        for operand in test.operands:
            if isinstance(operand, ParamRef | ListRef):
                raise self._unwritable(
                    f"`${operand.name}` has a name and a date; a list holds bare values"
                )
            if isinstance(operand, FactRef):
                raise self._unwritable(f"it compares with the fact `{operand.name}`")
            values.append(operand.value)
        return values

    def _leaf(self, fact: str, operator: str, value: Any) -> Written:
        known = value if isinstance(value, list) else json_of(value)
        return {"name": theirs(fact), "operator": operator, "value": known}

    def _unwritable(self, reason: str) -> Unwritable:
        return Unwritable(f"the rule `{self._rule}`: {reason}")


def json_of(value: OutcomeValue) -> object:
    """A value as JSON that `business-rules` reads as the same. Raises `Unwritable`."""
    if isinstance(value, tuple):
        return [json_of(item) for item in value]
    if isinstance(value, Decimal):
        if value == value.to_integral_value():
            return int(value)
        if Decimal(repr(float(value))) != value:
            raise Unwritable(f"`{decimal_text(value)}` has more digits than a float")
        return float(value)
    if isinstance(value, str | int):
        return value
    if isinstance(value, ParamRef):
        raise Unwritable(f"`${value.name}` has a name and a date; a list holds bare values")
    if isinstance(value, timedelta | Mapping):
        raise Unwritable("a length of time or a record in a record has no counterpart")
    return plain(value)


def _contained(fact: str, items: tuple[Condition, ...]) -> list[str]:
    found = []
    for item in items:
        match item:
            case Test(name, Comparator.CONTAINS, (Given(str(value)),)) if name == fact:
                found.append(value)
            case _:
                raise Unwritable("it counts conditions (`some`)")
    return found

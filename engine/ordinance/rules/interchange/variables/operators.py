"""Every operator of `business-rules` as a condition of ours, with what it means otherwise there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple, TypeAlias

from ordinance.rules.interchange.evidence import Untranslatable
from ordinance.rules.interchange.variables import casing
from ordinance.rules.interchange.variables.patterns import re2_of
from ordinance.rules.interchange.variables.types import VariableType
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.numeral import decimal_text, number_from_python
from ordinance.rules.refusal import ScalarError
from ordinance.rules.tree import AnyOf, Comparator, Condition, Given, NotOf, Place, SomeOf, Test

MARGIN = Decimal("0.000001")
"""Numbers that differ by no more than this are equal for `business-rules`."""

MOST_VALUES = 1_000


@dataclass(frozen=True, slots=True)
class Comparison:
    """One condition: a fact, and what it is compared with."""

    fact: str
    value: Any
    options: tuple[str, ...]
    """The declared values of the variable; empty where they are not known."""
    place: Place

    def test(self, comparator: Comparator, *values: Value) -> Test:
        """The fact compared with the values, each once."""
        operands = tuple(Given(value) for value in dict.fromkeys(values))
        return Test(self.fact, comparator, operands, self.place)


class Meaning(NamedTuple):
    """What a condition says here."""

    condition: Condition
    difference: str = ""
    """What it says otherwise there; empty where it is the same."""


Translate: TypeAlias = Callable[[Comparison], Meaning]
"""Raises `Untranslatable`."""


def number(value: object) -> Decimal:
    """A number of the list, as Python's `json` reads it. Raises `Untranslatable`."""
    if not isinstance(value, Decimal):
        raise Untranslatable("it is compared with what is no number; there it fails")
    if value.as_tuple().exponent != 0:
        # It is written with a point or an exponent, so it is a float there.
        value = Decimal(repr(float(value)))
    try:
        return Decimal(number_from_python(value, Kind.DECIMAL, None))
    except ScalarError as error:
        raise Untranslatable(str(error)) from None


def _numeric(comparator: Comparator, difference: str) -> Translate:
    def translate(asked: Comparison) -> Meaning:
        limit = number(asked.value)
        words = difference.format(
            limit=decimal_text(limit),
            low=decimal_text(limit - MARGIN),
            high=decimal_text(limit + MARGIN),
        )
        return Meaning(asked.test(comparator, limit), words)

    return translate


def _text(value: object) -> str:
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Untranslatable("it is compared with what is no text")
    return value


def _textual(comparator: Comparator) -> Translate:
    return lambda asked: Meaning(asked.test(comparator, _text(asked.value)))


def _equal_ignoring_case(asked: Comparison) -> Meaning:
    text = _text(asked.value)
    if not casing.has_case(text):
        return Meaning(asked.test(Comparator.IS, text))
    pattern = casing.pattern(text)
    if pattern is None:
        raise Untranslatable(
            "no pattern says it: it is too long, or upper and lower case depend on the neighbours"
        )
    return Meaning(asked.test(Comparator.MATCHES, pattern))


def _matches(asked: Comparison) -> Meaning:
    return Meaning(asked.test(Comparator.MATCHES, re2_of(_text(asked.value))))


def _non_empty(asked: Comparison) -> Meaning:
    return Meaning(asked.test(Comparator.IS_NOT, ""))


def _is(value: bool) -> Translate:
    return lambda asked: Meaning(asked.test(Comparator.IS, value))


def _contains(asked: Comparison) -> Meaning:
    value, difference = _member(asked.value, asked.options)
    return Meaning(asked.test(Comparator.CONTAINS, value), difference)


def _does_not_contain(asked: Comparison) -> Meaning:
    condition, difference = _contains(asked)
    return Meaning(NotOf(condition), difference)


def _listed(comparator: Comparator) -> Translate:
    def translate(asked: Comparison) -> Meaning:
        values, difference = _members(asked)
        return Meaning(asked.test(comparator, *values), difference)

    return translate


def _exactly_one(asked: Comparison) -> Meaning:
    values, difference = _members(asked)
    if len(values) == 1:
        return Meaning(asked.test(Comparator.CONTAINS_ANY, *values), difference)
    none = asked.test(Comparator.CONTAINS_NONE, *values)
    # A value that is listed twice counts twice there as well.
    several = SomeOf(2, tuple(asked.test(Comparator.CONTAINS, value) for value in values))
    return Meaning(NotOf(AnyOf((none, several))), difference)


def _is_contained_by(asked: Comparison) -> Meaning:
    values, _ = _members(asked)
    if not asked.options:
        raise Untranslatable(
            "no comparator asks whether a list holds nothing else; give the document of "
            "`export_rule_data` with all options"
        )
    allowed = {value.lower() for value in values}
    others = [option for option in asked.options if option.lower() not in allowed]
    if not others:
        raise Untranslatable("it lists every option, so it is always true; leave it out")
    return Meaning(
        asked.test(Comparator.CONTAINS_NONE, *others),
        "here it asks that no other option is there; what is no option is passed over here, and "
        "makes it false there",
    )


def _members(asked: Comparison) -> tuple[list[str], str]:
    """The listed values, and what they mean otherwise."""
    if not isinstance(asked.value, list):
        raise Untranslatable("it needs a list of texts")
    if not asked.value:
        raise Untranslatable("its list is empty, so it is always true or never; leave it out")
    if len(asked.value) > MOST_VALUES:
        raise Untranslatable(f"its list has more than {MOST_VALUES} values")
    found = [_member(value, asked.options) for value in asked.value]
    differences = dict.fromkeys(difference for _, difference in found if difference)
    return [value for value, _ in found], "; ".join(differences)


def _member(value: object, options: tuple[str, ...]) -> tuple[str, str]:
    """A value that a list may hold, spelled as its option, and what it means otherwise."""
    if not isinstance(value, str):
        raise Untranslatable("here a list holds texts, and nothing else")
    if not casing.has_case(value):
        return value, ""
    alike = [option for option in options if option.lower() == value.lower()]
    if len(alike) > 1:
        raise Untranslatable(f"several options are `{value}` but for upper and lower case")
    if alike:
        return alike[0], ""
    first = f"`{value}` is no option; there it passes" if options else f"`{value}` passes there"
    return value, f"{first} in upper and lower case alike, here as it is written"


OPERATORS: Mapping[VariableType, Mapping[str, Translate]] = {
    VariableType.STRING: {
        "equal_to": _textual(Comparator.IS),
        "equal_to_case_insensitive": _equal_ignoring_case,
        "starts_with": _textual(Comparator.STARTS_WITH),
        "ends_with": _textual(Comparator.ENDS_WITH),
        "contains": _textual(Comparator.CONTAINS),
        "matches_regex": _matches,
        "non_empty": _non_empty,
    },
    VariableType.NUMERIC: {
        "equal_to": _numeric(Comparator.IS, "{low} to {high} there, {limit} alone here"),
        "greater_than": _numeric(Comparator.ABOVE, "above {high} there, above {limit} here"),
        "greater_than_or_equal_to": _numeric(
            Comparator.AT_LEAST, "from {low} on there, from {limit} on here"
        ),
        "less_than": _numeric(Comparator.BELOW, "below {low} there, below {limit} here"),
        "less_than_or_equal_to": _numeric(
            Comparator.AT_MOST, "up to {high} there, up to {limit} here"
        ),
    },
    VariableType.BOOLEAN: {"is_true": _is(True), "is_false": _is(False)},
    VariableType.SELECT: {"contains": _contains, "does_not_contain": _does_not_contain},
    VariableType.SELECT_MULTIPLE: {
        "contains_all": _listed(Comparator.CONTAINS_ALL),
        "is_contained_by": _is_contained_by,
        "shares_at_least_one_element_with": _listed(Comparator.CONTAINS_ANY),
        "shares_exactly_one_element_with": _exactly_one,
        "shares_no_elements_with": _listed(Comparator.CONTAINS_NONE),
    },
}
"""By the type of the variable and the name of the operator, as the package has them."""

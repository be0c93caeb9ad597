"""Whether prepared facts have the types that a point declares, as a quick first look.

It never refuses anything itself: what does not pass is looked at again by the slow, exact check
that says what is wrong (`Facts.hash`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from ordinance.rules.kinds import Kind
from ordinance.rules.point import Fact

TYPES: dict[Kind, type[Any]] = {
    Kind.MONEY: Decimal,
    Kind.INTEGER: int,
    Kind.DECIMAL: Decimal,
    Kind.RATIO: Decimal,
    Kind.TEXT: str,
    Kind.CHOICE: str,
    Kind.BOOLEAN: bool,
    Kind.DATE: date,
    Kind.INSTANT: datetime,
    Kind.TIME_OF_DAY: time,
    Kind.DURATION: timedelta,
    Kind.TAGS: frozenset,
    Kind.REGION: str,
}
"""The Python type of each kind."""

Sound: TypeAlias = "tuple[type[Any], Callable[[Any], object] | None]"
"""The exact type of a fact, and what else must be truthy of its value."""


def sound(facts: Iterable[Fact]) -> dict[str, Sound]:
    """What is looked at for each fact, by its name."""
    return {fact.name: (TYPES[fact.kind], _further(fact)) for fact in facts}


def passes(values: Mapping[str, Any], wanted: Mapping[str, Sound]) -> bool:
    """Whether every declared value is what it should be."""
    for name, value in values.items():
        found = wanted.get(name)
        if found is not None:
            kind, further = found
            if type(value) is not kind or (further is not None and not further(value)):
                return False
    return True


def _further(fact: Fact) -> Callable[[Any], object] | None:
    if fact.kind is Kind.CHOICE:
        return frozenset(choice.code for choice in fact.choices).__contains__
    if TYPES[fact.kind] is Decimal:
        return Decimal.is_finite
    if fact.kind is Kind.INSTANT:
        return _says_its_zone
    return None


def _says_its_zone(value: datetime) -> bool:
    return value.utcoffset() is not None

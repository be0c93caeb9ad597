"""A sample condition that is easy to read, and sample values of every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from ordinance.rules.kinds import Kind, Value
from ordinance.rules.point import Argument, Fact, Field
from ordinance.rules.tree import Comparator


@dataclass(frozen=True, slots=True)
class Sample:
    """A condition on one fact, with a value that meets it and one that does not."""

    fact: Fact
    comparator: Comparator
    bound: Value
    met: Value
    missed: Value


_EASY = (Kind.MONEY, Kind.INTEGER, Kind.DECIMAL, Kind.RATIO, Kind.BOOLEAN, Kind.CHOICE, Kind.TEXT)
"""Kinds for the sample condition, the clearest first."""


def sample_of(facts: Iterable[Fact], prefix: str) -> Sample:
    """A clear condition on a fact of the order, or of a candidate where `prefix` says so."""
    listed = list(facts)
    mine = [fact for fact in listed if fact.name.startswith(prefix)] if prefix else listed
    plain_ones = [fact for fact in mine if not fact.name.startswith(("line.", "candidate."))]
    pool = (mine if prefix else plain_ones) or listed
    order = (Kind.BOOLEAN, *_EASY) if prefix else _EASY
    for kind in order:
        for fact in pool:
            if fact.kind is kind and fact.name != "candidate.code":
                return _SAMPLES.get(kind, _number_sample)(fact)
    raise ValueError("the decision point has no fact for a sample rule")


def _number_sample(fact: Fact) -> Sample:
    least = Decimal(str(fact.at_least)) if fact.at_least is not None else Decimal(0)
    most = Decimal(str(fact.at_most)) if fact.at_most is not None else least + 200
    bound = least + (most - least) / 2
    step = (most - least) / 4
    shape: Callable[[Decimal], Value] = int if fact.kind is Kind.INTEGER else Decimal
    return Sample(fact, Comparator.AT_LEAST, shape(bound), shape(bound), shape(bound - step))


def _boolean_sample(fact: Fact) -> Sample:
    return Sample(fact, Comparator.IS, False, False, True)


def _word_sample(fact: Fact) -> Sample:
    codes = [choice.code for choice in fact.choices] or ["A", "B"]
    return Sample(fact, Comparator.IS, codes[0], codes[0], codes[-1])


_SAMPLES: dict[Kind, Callable[[Fact], Sample]] = {
    Kind.BOOLEAN: _boolean_sample,
    Kind.CHOICE: _word_sample,
    Kind.TEXT: _word_sample,
}


def sample_value(item: Field | Argument, last: bool) -> Value:
    """A value that a field or an argument takes; `last` asks for the last of its choices."""
    if item.choices:
        return item.choices[-1 if last else 0].code
    if item.at_least is not None:
        return item.at_least
    return _VALUES[item.kind]


_VALUES: dict[Kind, Value] = {
    Kind.MONEY: Decimal(10),
    Kind.INTEGER: 1,
    Kind.DECIMAL: Decimal(1),
    Kind.RATIO: Decimal("0.5"),
    Kind.TEXT: "A",
    Kind.CHOICE: "A",
    Kind.BOOLEAN: True,
    Kind.DATE: date(2026, 1, 1),
    Kind.INSTANT: datetime.fromisoformat("2026-01-01T00:00:00+00:00"),
    Kind.TIME_OF_DAY: time(9),
    Kind.DURATION: timedelta(hours=48),
    Kind.TAGS: "A",
    Kind.REGION: "33",
}

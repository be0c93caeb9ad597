"""Outcomes: what rules say, filled in, and merged as the decision point declares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from ordinance.rules.deciding.constants import Constants
from ordinance.rules.decision import Plain, Ranked, SettledBy
from ordinance.rules.kinds import Value
from ordinance.rules.point import DecisionPoint, Field, Merge
from ordinance.rules.scalar import plain
from ordinance.rules.tree import Outcome, OutcomeValue

POINTS = "points"


@dataclass(frozen=True, slots=True)
class Said:
    """What one rule, one band or `otherwise` says: the items of each field, and its points."""

    items: Mapping[str, tuple[OutcomeValue, ...]]
    points: int = 0


@dataclass(frozen=True, slots=True)
class Settled:
    """What a set comes to, given the truth of its rules."""

    outcome: Mapping[str, Plain]
    settled_by: SettledBy
    fired: tuple[str, ...] = ()
    points: int | None = None
    ranking: tuple[Ranked, ...] = ()
    failure: str | None = None
    skipped: tuple[str, ...] = ()

    def comes_to(self) -> tuple[Mapping[str, Plain], str | None, str | None]:
        """What the core acts on; two settlements that agree in it are one decision."""
        winner = self.ranking[0].code if self.ranking and self.ranking[0].place == 1 else None
        return self.outcome, self.failure, winner


def said(outcome: Outcome, constants: Constants) -> Said | None:
    """An outcome with its `$names` filled in; None when one of them has no value."""
    if constants.gaps(outcome):
        return None
    filled = {name: constants.filled(value) for name, value in outcome.items()}
    points = int(cast(Any, filled.pop(POINTS, 0)))
    return Said(
        {name: value if isinstance(value, tuple) else (value,) for name, value in filled.items()},
        points,
    )


def merged(point: DecisionPoint, parts: Sequence[Said]) -> dict[str, Plain]:
    """The outcome of several contributions, in the order of the point's fields."""
    outcome: dict[str, Plain] = {}
    for field in point.fields:
        given = [part.items[field.name] for part in parts if field.name in part.items]
        if given:
            outcome[field.name] = _merge(field, given)
    return outcome


def plain_outcome(value: OutcomeValue) -> Plain:
    """An outcome value without `$names` as a plain value."""
    if isinstance(value, Mapping):
        return {name: plain_outcome(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return [plain_outcome(item) for item in value]
    return plain(cast(Value, value))


def _merge(field: Field, given: Sequence[tuple[OutcomeValue, ...]]) -> Plain:
    every = [item for items in given for item in items]
    match field.merge:
        case Merge.FIRST:
            every = list(given[0])
        case Merge.UNION:
            return _distinct([plain_outcome(item) for item in every])
        case Merge.LIST:
            return [plain_outcome(item) for item in every]
        case Merge.SUM:
            numbers = cast(list[Any], every)
            every = [sum(numbers[1:], numbers[0])]
        case Merge.MAX:
            every = [max(cast(list[Any], every))]
        case Merge.MIN:
            every = [min(cast(list[Any], every))]
        case Merge.WORST:
            codes = [choice.code for choice in field.choices]
            every = [max(every, key=lambda item: codes.index(cast(str, item)))]
    if field.many:
        return [plain_outcome(item) for item in every]
    return plain_outcome(every[0])


def _distinct(items: Sequence[Plain]) -> list[Plain]:
    distinct: list[Plain] = []
    for item in items:
        if item not in distinct:
            distinct.append(item)
    return distinct

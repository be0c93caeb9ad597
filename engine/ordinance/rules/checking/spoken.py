"""What a set says in some fields: each answer with all the inputs that get it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from operator import eq
from typing import Any, cast

from ordinance.rules.checking.diagram import Node
from ordinance.rules.checking.firing import NOBODY, UNKNOWN, winners
from ordinance.rules.checking.model import Model
from ordinance.rules.deciding.outcomes import Said, merged, said
from ordinance.rules.deciding.policies import covers, totalled
from ordinance.rules.decision import Plain
from ordinance.rules.point import Hit, Merge
from ordinance.rules.tree import OutcomeValue


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of a set in the fields that were asked for, and on which inputs it is given."""

    outcome: Mapping[str, Plain]
    where: Node


@dataclass(frozen=True, slots=True)
class _Sum:
    """What the true rules have said so far."""

    items: tuple[tuple[str, tuple[OutcomeValue, ...]], ...] = ()
    points: int | None = None
    """None where no rule gave any."""
    groups: tuple[str, ...] = ()
    spoke: bool = False

    def said(self) -> Said:
        return Said(dict(self.items))


def spoken_answers(model: Model, fields: Collection[str]) -> Iterator[Answer]:
    """Every answer of the set in `fields`. Inputs whose answer hangs on an unknown fact, and those
    on which the decision fails, are in none of them. Rankings have no answers here."""
    if model.tree.hit is Hit.RANK:
        return
    first = model.tree.hit in (Hit.FIRST, Hit.UNIQUE)
    found = winners(model) if first else _sums(model, fields)
    for value in model.diagrams.values(found):
        outcome = _of_winner(model, value) if first else _of_sum(model, value)
        if outcome is not None:
            where = model.diagrams.mapped(("is", value), partial(eq, value), found)
            yield Answer({name: item for name, item in outcome.items() if name in fields}, where)


def _of_winner(model: Model, row: int) -> dict[str, Plain] | None:
    if row == UNKNOWN:
        return None
    outcome = model.tree.otherwise if row == NOBODY else model.tree.rules[row].then
    spoken = None if outcome is None else said(outcome, model.constants)
    return None if spoken is None else merged(model.tree.point, [spoken])


def _of_sum(model: Model, total: _Sum | None) -> dict[str, Plain] | None:
    if total is None:
        return None
    tree = model.tree
    base = None if tree.otherwise is None else said(tree.otherwise, model.constants)
    if tree.hit is Hit.COLLECT:
        if base is None:
            return merged(tree.point, [total.said()]) if total.spoke else None
        return merged(tree.point, [base]) | merged(tree.point, [total.said()])
    base = base or Said({})
    given = [] if total.points is None else [total.points]
    points = totalled(tree.total, base.points, given)
    band = next((band for band in tree.bands if covers(band, points)), None)
    spoken = None if band is None else said(band.then, model.constants)
    if spoken is None:
        return None
    return merged(tree.point, [base]) | merged(tree.point, [total.said(), spoken])


def _sums(model: Model, fields: Collection[str]) -> Node:
    """What the rules of a `collect` or `score` set say together on each input (`_Sum`, or None
    where that is not known). Rules that say nothing of the fields are left out."""
    diagrams, tree = model.diagrams, model.tree
    total = diagrams.leaf(_Sum())
    for row, (rule, region) in enumerate(zip(tree.rules, model.regions, strict=True)):
        spoken = said(rule.then, model.constants)
        if spoken is None:
            continue
        items = tuple((name, spoken.items[name]) for name in fields if name in spoken.items)
        if tree.hit is Hit.COLLECT and not items and rule.group is None:
            continue
        own = _Sum(items, spoken.points, (rule.group,) if rule.group else (), spoke=True)
        heard = diagrams.choose(region.true, diagrams.leaf(own), diagrams.leaf(_Sum()))
        sure = diagrams.join(region.true, region.false)
        heard = diagrams.choose(sure, heard, diagrams.leaf(None))
        total = diagrams.combine(("said", row), partial(_added, model), total, heard)
    return total


def _added(model: Model, first: _Sum | None, second: _Sum | None) -> _Sum | None:
    if first is None or second is None:
        return None
    if not second.spoke or set(first.groups) & set(second.groups):
        return first
    together = dict(first.items)
    for name, values in second.items:
        together[name] = _merged(model, name, together.get(name, ()), values)
    groups = tuple(sorted({*first.groups, *second.groups}))
    given = [points for points in (first.points, second.points) if points is not None]
    points = totalled(model.tree.total, 0, given) if given else None
    return _Sum(tuple(sorted(together.items())), points, groups, spoke=True)


def _merged(
    model: Model, name: str, first: tuple[OutcomeValue, ...], second: tuple[OutcomeValue, ...]
) -> tuple[OutcomeValue, ...]:
    """The items of one field, without those that its merge drops in any case."""
    field = model.tree.point.field(name)
    assert field is not None
    every = (*first, *second)
    match field.merge:
        case Merge.FIRST:
            return first or second
        case Merge.UNION:
            return tuple(dict.fromkeys(every))
        case Merge.WORST:
            codes = [choice.code for choice in field.choices]
            return (max(every, key=lambda item: codes.index(cast(str, item))),)
        case Merge.MAX:
            return (max(cast("tuple[Any, ...]", every)),)
        case Merge.MIN:
            return (min(cast("tuple[Any, ...]", every)),)
    return every

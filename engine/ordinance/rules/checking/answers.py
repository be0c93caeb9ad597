"""What a rule set answers, field by field, as functions of the input."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeAlias, cast

from ordinance.rules.checking.diagram import FALSE, Node
from ordinance.rules.checking.firing import NOBODY, UNKNOWN, certain, most_specific, winners
from ordinance.rules.checking.model import Model
from ordinance.rules.checking.score import sums
from ordinance.rules.deciding.outcomes import Said, plain_outcome, said
from ordinance.rules.deciding.policies import covers
from ordinance.rules.decision import canonical_json
from ordinance.rules.point import Field, Hit, Merge
from ordinance.rules.tree import Band, OutcomeValue

Answer: TypeAlias = tuple[str, str]
"""A value as text, and what led to it: the id of a rule, or nothing."""

FAILED: Answer = ("", "failed")
CLOSED: Answer = ("", "closed")
NOT_KNOWN: Answer = ("", "unknown")


@dataclass(frozen=True, slots=True)
class _Part:
    """What one rule or band adds, and where."""

    where: Node
    items: tuple[OutcomeValue, ...]


def answers(model: Model) -> Iterator[tuple[str, Node]]:
    """Functions that together say what comes out: each with a name, alike for two versions."""
    effective = model.tree.effective
    for name, node in _answers(model):
        if effective is not None and effective.daily is not None:
            window = model.space.window(*effective.daily)
            yield name, model.diagrams.choose(window, node, model.diagrams.leaf(CLOSED))
        else:
            yield name, node


def _answers(model: Model) -> Iterator[tuple[str, Node]]:
    hit = model.tree.hit
    if hit is Hit.FIRST:
        yield "", model.diagrams.mapped(("answer", id(model)), _by_row(model), winners(model))
    elif hit is Hit.UNIQUE:
        yield "", _unique(model)
    elif hit is Hit.RANK:
        yield "", _excluded(model)
    else:
        yield from _by_field(model)


def _by_row(model: Model) -> Any:
    texts = {row: _text(rule.then, model) for row, rule in enumerate(model.tree.rules)}
    otherwise = model.tree.otherwise

    def told(row: int) -> Answer:
        if row == UNKNOWN:
            return NOT_KNOWN
        if row == NOBODY:
            return FAILED if otherwise is None else (_text(otherwise, model), "")
        return (texts[row], model.tree.rules[row].id)

    return told


def _unique(model: Model) -> Node:
    diagrams = model.diagrams
    told = _by_row(model)
    if model.tree.most_specific is not None:
        best = most_specific(model)
        rows = diagrams.mapped("only", _only, best)
    else:
        rows = diagrams.leaf(NOBODY)
        for row, region in enumerate(model.regions):
            own = diagrams.choose(region.true, diagrams.leaf(row), diagrams.leaf(NOBODY))
            own = diagrams.choose(
                diagrams.join(region.true, region.false), own, diagrams.leaf(UNKNOWN)
            )
            rows = diagrams.combine("alone", _alone, rows, own)
    return diagrams.mapped(
        ("answer", id(model)), lambda row: FAILED if row == _SEVERAL else told(row), rows
    )


_SEVERAL = -3


def _alone(first: int, second: int) -> int:
    if UNKNOWN in (first, second):
        return UNKNOWN
    if NOBODY in (first, second):
        return second if first == NOBODY else first
    return _SEVERAL


def _only(best: Any) -> int:
    if best is None:
        return NOBODY
    if not best.known:
        return UNKNOWN
    return int(best.rules[0]) if len(best.rules) == 1 else _SEVERAL


def _excluded(model: Model) -> Node:
    """Whether a candidate is excluded, and by which rule first."""
    diagrams = model.diagrams
    rows = winners(model) if model.tree.most_specific is None else diagrams.leaf(NOBODY)
    rules = model.tree.rules

    def told(row: int) -> Answer:
        if row == UNKNOWN:
            return NOT_KNOWN
        if row == NOBODY:
            return ("stays", "")
        return ("must be out" if rules[row].must else "out", rules[row].id)

    return diagrams.mapped(("answer", id(model)), told, rows)


def _by_field(model: Model) -> Iterator[tuple[str, Node]]:
    diagrams, tree = model.diagrams, model.tree
    parts = list(_parts(model))
    base = None if tree.otherwise is None else said(tree.otherwise, model.constants)
    known = certain(model, model.regions)
    failed = FALSE
    if tree.hit is Hit.COLLECT and tree.otherwise is None:
        failed = diagrams.opposite(diagrams.any_of([region.true for region in model.regions]))
    elif tree.hit is Hit.SCORE:
        total = sums(model)
        failed = diagrams.mapped(
            ("no band", id(model)),
            lambda points: (
                points is not None and not any(covers(band, points) for band in tree.bands)
            ),
            total,
        )
    for field in tree.point.fields:
        own = [part for name, part in parts if name == field.name]
        fallback = () if base is None else base.items.get(field.name, ())
        for name, value in _of_field(model, field, own, fallback):
            value = diagrams.choose(failed, diagrams.leaf(FAILED), value)
            yield name, diagrams.choose(known, value, diagrams.leaf(NOT_KNOWN))


def _parts(model: Model) -> Iterator[tuple[str, _Part]]:
    """What each rule and band says of each field, where it fires."""
    diagrams, tree = model.diagrams, model.tree
    groups: dict[str, Node] = {}
    for rule, region in zip(tree.rules, model.regions, strict=True):
        where = region.true
        if tree.hit is Hit.COLLECT and rule.group is not None:
            before = groups.get(rule.group, FALSE)
            groups[rule.group] = diagrams.join(before, where)
            where = diagrams.minus(where, before)
        spoken = said(rule.then, model.constants)
        if spoken is not None:
            yield from ((name, _Part(where, items)) for name, items in spoken.items.items())
    if tree.hit is Hit.SCORE:
        total = sums(model)
        for at, band in enumerate(tree.bands):
            where = diagrams.mapped(
                ("band", id(model), at),
                partial(_in_band, band),
                total,
            )
            spoken = said(band.then, model.constants) or Said({})
            yield from ((name, _Part(where, items)) for name, items in spoken.items.items())


def _of_field(
    model: Model, field: Field, parts: Sequence[_Part], fallback: tuple[OutcomeValue, ...]
) -> Iterator[tuple[str, Node]]:
    diagrams = model.diagrams
    given = diagrams.any_of([part.where for part in parts])
    if field.merge in (Merge.UNION, Merge.LIST):
        # Value by value: all combinations of many tags would be too many functions at once.
        texts = dict.fromkeys(
            _item(item) for items in (*(part.items for part in parts), fallback) for item in items
        )
        for text in texts:
            count = diagrams.leaf(0)
            for part in parts:
                times = [_item(item) for item in part.items].count(text)
                if field.merge is Merge.UNION:
                    times = min(times, 1)
                own = diagrams.choose(part.where, diagrams.leaf(times), diagrams.leaf(0))
                most = 1 if field.merge is Merge.UNION else None
                count = diagrams.combine(("times", most), partial(_times, most), count, own)
            alone = diagrams.leaf([_item(item) for item in fallback].count(text))
            whole = diagrams.choose(given, count, alone)
            yield (
                f"{field.name} {text}",
                diagrams.mapped(("count", text), partial(_repeated, text), whole),
            )
        return
    value = diagrams.leaf(None)
    for part in parts:
        own = diagrams.choose(part.where, diagrams.leaf(_raw(part.items)), diagrams.leaf(None))
        value = diagrams.combine(("merged", field.name), partial(_merged, field), value, own)
    value = diagrams.choose(given, value, diagrams.leaf(_raw(fallback) if fallback else None))
    yield field.name, diagrams.mapped(("told", field.name), lambda raw: (_shown(raw), ""), value)


def _in_band(band: Band, points: int | None) -> bool:
    return points is not None and covers(band, points)


def _repeated(text: str, times: int) -> Answer:
    return (text * times, "")


def _times(most: int | None, first: int, second: int) -> int:
    return first + second if most is None else min(first + second, most)


def _merged(field: Field, first: Any, second: Any) -> Any:
    if first is None or second is None:
        return second if first is None else first
    match field.merge:
        case Merge.SUM:
            return ("value", first[1] + second[1])
        case Merge.MAX:
            return max(first, second)
        case Merge.MIN:
            return min(first, second)
        case Merge.WORST:
            codes = [choice.code for choice in field.choices]
            return max(first, second, key=lambda raw: codes.index(raw[1]))
    return first


def _raw(items: tuple[OutcomeValue, ...]) -> Any:
    """The items of one rule as a value that can be merged and told apart."""
    if len(items) == 1 and not isinstance(items[0], Mapping | tuple):
        return ("value", items[0])
    return ("other", canonical_json([plain_outcome(item) for item in items]))


def _shown(raw: Any) -> str:
    return "" if raw is None else str(raw[1])


def _item(item: OutcomeValue) -> str:
    return canonical_json(plain_outcome(item))


def _text(outcome: Any, model: Model) -> str:
    if model.constants.gaps(outcome):
        return "?"
    return canonical_json(
        {
            name: plain_outcome(cast(Any, model.constants.filled(value)))
            for name, value in sorted(outcome.items())
        }
    )

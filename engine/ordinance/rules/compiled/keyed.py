"""The axis of texts, tags and regions: by the keys of a value where that is possible."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypeAlias

from ordinance.rules.compiled.axes import Asked
from ordinance.rules.compiled.bits import mask_of
from ordinance.rules.compiled.boxes import Literal, key
from ordinance.rules.compiled.spans import Known
from ordinance.rules.deciding.comparators import holds
from ordinance.rules.deciding.conditions import Builder
from ordinance.rules.deciding.regions import levels
from ordinance.rules.kinds import Kind
from ordinance.rules.tree import Comparator, Test

Held: TypeAlias = Sequence[tuple[int, Sequence[Literal]]]
"""For each box its literals on one fact."""

_SAME, _START, _END = 0, 1, 2

_OPPOSITE = {
    Comparator.IS_NOT: Comparator.IS,
    Comparator.NONE_OF: Comparator.ONE_OF,
    Comparator.CONTAINS_NONE: Comparator.CONTAINS_ANY,
}


def keyed(name: str, kind: Kind, held: Held, known: Known, builder: Builder, count: int) -> Asked:
    """The axis of the fact `name` over `count` boxes."""
    needing: dict[Any, list[int]] = {}
    barring: dict[Any, list[int]] = {}
    needy: dict[int, None] = {}
    asked: dict[object, tuple[Literal, list[int]]] = {}
    for box, literals in held:
        for literal in literals:
            keys, denied = _keys(kind, literal, known)
            if keys is not None and denied:
                for each in keys:
                    barring.setdefault(each, []).append(box)
            elif keys is not None and box not in needy:
                needy[box] = None
                for each in keys:
                    needing.setdefault(each, []).append(box)
            else:
                same = (key(literal.condition), literal.denied)
                asked.setdefault(same, (literal, []))[1].append(box)
    return Asked(
        _keys_of(kind, {*needing, *barring}) if needy or barring else None,
        _masks(needing),
        _masks(barring),
        mask_of(needy),
        [
            (passes(name, kind, literal, known, builder), mask_of(dict.fromkeys(boxes)))
            for literal, boxes in asked.values()
        ],
        (1 << count) - 1,
    )


def _masks(boxes: dict[Any, list[int]]) -> dict[Any, int]:
    return {each: mask_of(dict.fromkeys(numbers)) for each, numbers in boxes.items()}


def _keys(kind: Kind, literal: Literal, known: Known) -> tuple[list[Any] | None, bool]:
    """The keys of which one must be there, or (the second answer) of which none may be.

    None where keys cannot say it.
    """
    test = literal.condition
    if not isinstance(test, Test) or test.comparator is Comparator.MISSING:
        return None, False
    comparator = _OPPOSITE.get(test.comparator, test.comparator)
    denied = literal.denied is not (comparator is not test.comparator)
    values = known(test) or ()
    if comparator in (Comparator.IS, Comparator.ONE_OF):
        if kind is Kind.TAGS:
            return None, False
        whole = kind is Kind.REGION
        return [str(value) if whole else (_SAME, value) for value in values], denied
    if kind is Kind.TAGS:
        tags = [
            tag
            for value in values
            for tag in (sorted(value) if isinstance(value, frozenset) else (value,))
        ]
        if comparator is Comparator.CONTAINS_ANY or len(tags) == 1:
            return list(tags), denied
    if kind is Kind.TEXT and comparator in (Comparator.STARTS_WITH, Comparator.ENDS_WITH):
        place = _START if comparator is Comparator.STARTS_WITH else _END
        return [(place, str(value)) for value in values], denied
    return None, False


def _keys_of(kind: Kind, known: Iterable[Any]) -> Callable[[Any], Iterable[Any]]:
    """What gives the keys of a value, as far as they could be among the `known` ones."""
    if kind is Kind.REGION:
        return levels
    if kind is Kind.TAGS:
        return lambda value: value
    pairs = list(known)
    starts = sorted({len(text) for place, text in pairs if place == _START})
    ends = sorted({len(text) for place, text in pairs if place == _END})

    def keys(text: Any) -> list[Any]:
        found: list[Any] = [(_SAME, text)]
        found.extend((_START, text[:size]) for size in starts if size <= len(text))
        found.extend((_END, text[len(text) - size :]) for size in ends if size <= len(text))
        return found

    return keys


def passes(
    name: str, kind: Kind, literal: Literal, known: Known, builder: Builder
) -> Callable[[Any], bool]:
    """Whether a present value passes a literal that is asked as it stands."""
    condition = literal.condition
    if isinstance(condition, Test) and condition.comparator is not Comparator.MISSING:
        held = holds(kind, condition.comparator, known(condition) or ())
        return (lambda value: not held(value)) if literal.denied else held
    check = builder.node(condition).check
    wanted = not literal.denied
    return lambda value: check({name: value}) is wanted

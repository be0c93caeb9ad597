"""One fact as an axis: its values, cut into the cells that no condition tells apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Any

from ordinance.rules.checking.grid import grid_of
from ordinance.rules.checking.texts import Asked, asked, texts_for
from ordinance.rules.deciding.conditions import Builder, Check
from ordinance.rules.deciding.regions import inside, levels
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.point import Fact, Missing
from ordinance.rules.provinces import PROVINCES
from ordinance.rules.tree import Comparator, Given, LineTest, Test

_TEXT_STEPS = 20_000
_BY_VALUE = (Kind.TEXT, Kind.CHOICE, Kind.BOOLEAN, Kind.INTEGER, Kind.MONEY, Kind.DECIMAL)
_DENIALS = (Comparator.IS_NOT, Comparator.NONE_OF)
_EQUALITIES = (Comparator.IS, Comparator.ONE_OF, *_DENIALS)


class Absent:
    """The place of a value that is not there."""

    def __repr__(self) -> str:
        return "ABSENT"


ABSENT = Absent()


@dataclass(frozen=True, slots=True)
class Axis:
    """The cells of one axis. The first value of a cell is the one that an example shows."""

    key: tuple[str, ...]
    cells: tuple[tuple[Any, ...], ...]
    bounds: tuple[Value, ...] = ()
    """What an ordered fact is compared with."""

    @property
    def full(self) -> int:
        """All cells."""
        return (1 << len(self.cells)) - 1

    def mask(self, wanted: Iterable[Any]) -> int:
        """The cells that hold one of these values."""
        chosen = list(wanted)
        return sum(
            1 << at
            for at, cell in enumerate(self.cells)
            if any(value is item or value == item for value in cell for item in chosen)
        )


@dataclass(frozen=True, slots=True)
class Cut:
    """An axis with the cells on which each comparison is true and false; unknown on the rest."""

    axis: Axis
    true: Mapping[Test | LineTest, int]
    false: Mapping[Test | LineTest, int]


def cut(
    fact: Fact,
    tests: Sequence[Test],
    builder: Builder,
    zone: tzinfo,
    *,
    absent: bool,
    near: Iterable[Value] = (),
) -> Cut | None:
    """The axis of `fact` for comparisons with values; None when it would take too long to find.

    `absent` says whether the fact may be missing; `near` are further values to have neighbours of.
    """
    values = values_of(fact, tests, zone, near)
    if values is None:
        return None
    cells: dict[tuple[int, int], list[Any]] = {}
    for value, found in _verdicts(fact, tests, values, builder):
        cells.setdefault(found, []).append(value)
    # Quiet values first: what an example does not have to be should make nothing true.
    cells = dict(sorted(cells.items(), key=lambda item: item[0][0].bit_count()))
    keys = list(cells)
    if absent:
        # A cell of its own even where it comes out as some value does: it is told apart in words.
        keys.append(_bits([builder.node(test).check({}) for test in tests]))
    rows = [*map(tuple, cells.values()), *([(ABSENT,)] if absent else [])]
    axis = Axis((fact.name,), tuple(rows), tuple(bounds_of(tests)))
    true, unknown = _columns([key[0] for key in keys]), _columns([key[1] for key in keys])
    return Cut(
        axis,
        {test: true.get(at, 0) for at, test in enumerate(tests)},
        {test: axis.full & ~true.get(at, 0) & ~unknown.get(at, 0) for at, test in enumerate(tests)},
    )


def _verdicts(
    fact: Fact, tests: Sequence[Test], values: Sequence[Value], builder: Builder
) -> Iterator[tuple[Value, tuple[int, int]]]:
    """For each value the comparisons that are true and those that are unknown, as bits.

    Of a thousand rows that each name another value, all but one are false for it; so plain
    equality is looked up, and only the rest is asked one by one.
    """
    named: dict[Value, int] = {}
    negated = 0
    asked: list[tuple[int, Check]] = []
    for at, test in enumerate(tests):
        if fact.kind in _BY_VALUE and test.comparator in _EQUALITIES:
            bit = 1 << at
            for value in dict.fromkeys(bounds_of([test])):
                named[value] = named.get(value, 0) | bit
            negated |= bit if test.comparator in _DENIALS else 0
        else:
            asked.append((at, builder.node(test).check))
    for value in values:
        true = named.get(value, 0) ^ negated
        unknown = 0
        situation = {fact.name: value}
        for at, check in asked:
            verdict = check(situation)
            if verdict:
                true |= 1 << at
            elif verdict is None:
                unknown |= 1 << at
        yield value, (true, unknown)


def _bits(verdicts: Sequence[bool | None]) -> tuple[int, int]:
    true = sum(1 << at for at, verdict in enumerate(verdicts) if verdict is True)
    return true, sum(1 << at for at, verdict in enumerate(verdicts) if verdict is None)


def _columns(rows: Sequence[int]) -> dict[int, int]:
    """The bits of each column of some rows of bits."""
    columns: dict[int, int] = {}
    for place, row in enumerate(rows):
        bit = 1 << place
        while row:
            low = row & -row
            at = low.bit_length() - 1
            columns[at] = columns.get(at, 0) | bit
            row ^= low
    return columns


def may_be_absent(fact: Fact, tests: Iterable[Test], *, no_match: bool) -> bool:
    """Whether "missing" is a value of the fact that these comparisons have to do with.

    `no_match` counts it in where only `missing` would match.
    """
    if fact.missing in (Missing.ERROR, Missing.DEFAULT):
        return False
    if fact.missing is Missing.NO_MATCH:
        return no_match or any(test.comparator is Comparator.MISSING for test in tests)
    return any(test.comparator is Comparator.MISSING for test in tests)


def values_of(
    fact: Fact, tests: Sequence[Test], zone: tzinfo, near: Iterable[Value]
) -> Sequence[Value] | None:
    """Values of the declared range that stand for all others in these comparisons."""
    bounds = [*bounds_of(tests), *near]
    grid = grid_of(fact, zone)
    if grid is not None:
        return grid.points(bounds, fact.at_least, fact.at_most)
    if fact.kind is Kind.BOOLEAN:
        return [True, False]
    if fact.kind is Kind.CHOICE:
        return [choice.code for choice in fact.choices]
    if fact.kind is Kind.REGION:
        return _regions([str(bound) for bound in bounds])
    questions: list[Asked] = []
    for test in tests:
        texts = [str(operand.value) for operand in test.operands if isinstance(operand, Given)]
        question = asked(test.comparator, texts)
        if question is not None:
            questions.append(question)
    return texts_for(questions, [choice.code for choice in fact.choices], _TEXT_STEPS)


def bounds_of(tests: Iterable[Test]) -> list[Value]:
    """The values that a fact is compared with."""
    return [
        operand.value
        for test in tests
        if test.comparator is not Comparator.MISSING
        for operand in test.operands
        if isinstance(operand, Given)
    ]


def _regions(named: Sequence[str]) -> list[Value]:
    """Each region that is named, all that contain them, and one that lies in none of them."""
    found = dict.fromkeys(level for region in named for level in levels(region))
    elsewhere = next(
        (f"{code}0101" for code in PROVINCES if not inside(f"{code}0101", named)),
        "ZZ",
    )
    return [*named, *[region for region in found if region not in named], elsewhere]

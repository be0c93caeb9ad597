"""The space of inputs that a set of conditions tells apart, and conditions as sets in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time, tzinfo
from typing import Any

from ordinance.rules.checking.axis import ABSENT, Axis, Cut, cut, may_be_absent
from ordinance.rules.checking.comparison import (
    MIRROR,
    NEGATIVE,
    SIGNS,
    WHOLE,
    is_pair,
    is_plain,
    names_of,
    outer_tests,
    strangers,
    tags_of,
)
from ordinance.rules.checking.diagram import FALSE, TRUE, Diagrams, Node, Path
from ordinance.rules.checking.example import CLOCK_AXIS, OPAQUE, PAIR, TAG, Example, Search
from ordinance.rules.checking.grid import grid_of
from ordinance.rules.checking.linespace import lines_axis
from ordinance.rules.checking.resolved import is_open
from ordinance.rules.deciding.comparators import in_window
from ordinance.rules.deciding.conditions import Builder, tests_in
from ordinance.rules.deciding.vocabulary import LINES
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.point import Fact, Missing
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Condition,
    FactRef,
    Given,
    LineTest,
    NotOf,
    SomeOf,
    Test,
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Where a condition is true and where it is false; it is unknown on the rest."""

    true: Node
    false: Node


class Space:
    """Everything that some conditions tell apart, in one space.

    The conditions are resolved (see `resolved.py`). Comparisons of two facts, patterns and lines
    beyond reach are *opaque*: independent axes of their own. Sets that are empty here are empty;
    an example of a set that asks for them has to be found (`examples` tries) and confirmed.
    """

    def __init__(
        self,
        conditions: Sequence[Condition],
        builder: Builder,
        facts: Mapping[str, Fact],
        zone: tzinfo,
        *,
        windows: Iterable[tuple[time, time]] = (),
        no_match: bool = True,
        budget: int = 300_000,
    ) -> None:
        self.builder = builder
        self.zone = zone
        self.facts = facts
        self._cuts: dict[str, Cut] = {}
        self._opaque: dict[Test | LineTest, tuple[str, ...]] = {}
        self._line_cut: Cut | None = None
        self.axes: list[Axis] = []
        self._no_match = no_match
        self._budget = budget
        order = self._tests(conditions)
        self._prepare(order)
        self._windows(list(windows))
        self._place = {axis.key: at for at, axis in enumerate(self.axes)}
        self.diagrams = Diagrams([len(axis.cells) for axis in self.axes], budget)
        self._known: dict[Condition, Verdict] = {}

    @property
    def opaque_axes(self) -> Mapping[Test | LineTest, tuple[str, ...]]:
        """The axis of each comparison that is not looked into."""
        return self._opaque

    @property
    def opaque(self) -> list[Test | LineTest]:
        """The comparisons that are not looked into, in file order."""
        return list(self._opaque)

    def verdict(self, condition: Condition) -> Verdict:
        """Where a condition is true and false. It is one of those that the space was made for, or
        a part of one."""
        known = self._known.get(condition)
        if known is None:
            known = self._known[condition] = self._verdict(condition)
        return known

    def within(self, conditions: Sequence[Condition]) -> Space:
        """A space of its own for conditions on something else, a line."""
        return Space(
            conditions,
            self.builder,
            self.facts,
            self.zone,
            no_match=self._no_match,
            budget=self._budget,
        )

    def place_of(self, name: str) -> int | None:
        """The axis of a fact, by number; None where nothing is asked of it."""
        return self._place.get((name,))

    def sees_into(self, test: LineTest) -> bool:
        """Whether the lines of this quantifier are looked at one by one."""
        return self._line_cut is not None and test in self._line_cut.true

    def window(self, start: time, end: time) -> Node:
        """When a daily window is open."""
        at = self._place[(CLOCK_AXIS,)]
        cells = self.axes[at].cells
        open_ = sum(1 << bit for bit, cell in enumerate(cells) if in_window(cell[0], start, end))
        return self.diagrams.cells(at, open_)

    def is_exact(self, path: Path) -> bool:
        """Whether an input with these cells surely exists: nothing opaque is asked of it."""
        return not any(self.axes[at].key[0] == OPAQUE for at in path)

    def restricts(self, path: Path) -> dict[tuple[str, ...], int]:
        """The cells of a path by the keys of their axes."""
        return {self.axes[at].key: mask for at, mask in path.items()}

    def examples(self, path: Path) -> Iterator[Example]:
        """Facts with these cells, plain ones first; none when none were found.

        Where something opaque is asked for they are tried out, so there may be some and yet none
        were found; otherwise there is at least one.
        """
        asked = {self.axes[at].key: mask for at, mask in path.items()}
        return Search(self, asked).examples()

    def _tests(self, conditions: Sequence[Condition]) -> list[Test | LineTest]:
        """Every comparison outside of line quantifiers once, those asked most often first."""
        count: dict[Test | LineTest, int] = {}
        facts: dict[str, int] = {}
        for condition in conditions:
            for test in outer_tests(condition):
                count[test] = count.get(test, 0) + 1
                name = LINES if isinstance(test, LineTest) else test.fact
                facts[name] = facts.get(name, 0) + 1
        places = {name: at for at, name in enumerate(facts)}

        def rank(test: Test | LineTest) -> tuple[int, int]:
            name = LINES if isinstance(test, LineTest) else test.fact
            return (-facts[name], places[name])

        return sorted(count, key=rank)

    def _prepare(self, tests: Sequence[Test | LineTest]) -> None:
        by_fact: dict[str, list[Test]] = {}
        of_lines: list[LineTest] = []
        compared: dict[str, set[str]] = {}
        for test in tests:
            if isinstance(test, LineTest):
                of_lines.append(test)
                by_fact.setdefault(LINES, [])
                continue
            by_fact.setdefault(test.fact, [])
            if is_open(test):
                continue
            by_fact[test.fact].append(test)
            for name in names_of(test)[1:]:
                by_fact.setdefault(name, [])
                compared.setdefault(test.fact, set()).add(name)
                compared.setdefault(name, set()).add(test.fact)
        for name, asked in by_fact.items():
            if name == LINES:
                self._lines(of_lines)
            else:
                near = _near(name, by_fact, compared)
                self._fact(self.facts[name], asked, near)

    def _fact(self, fact: Fact, tests: Sequence[Test], near: Sequence[Value]) -> None:
        absent = may_be_absent(fact, tests, no_match=self._no_match)
        plain = [test for test in tests if is_plain(test) and not is_pair(test)]
        if fact.kind is Kind.TAGS:
            self._tags(fact, tests, absent=absent)
            return
        found = cut(fact, plain, self.builder, self.zone, absent=absent, near=near)
        if found is None:
            presence = [test for test in plain if test.comparator is Comparator.MISSING]
            found = cut(fact, presence, self.builder, self.zone, absent=absent)
        assert found is not None
        self._cuts[fact.name] = found
        self.axes.append(found.axis)
        for test in tests:
            if test not in found.true:
                self._blind(test)

    def _tags(self, fact: Fact, tests: Sequence[Test], *, absent: bool) -> None:
        presence = [test for test in tests if test.comparator is Comparator.MISSING]
        cells: tuple[tuple[Any, ...], ...] = ((frozenset(),),)
        true: dict[Test | LineTest, int] = {}
        false: dict[Test | LineTest, int] = {}
        if absent:
            cells = (*cells, (ABSENT,))
        for test in presence:
            wanted = test.operands[0] == Given(True)
            true[test] = (0b10 if wanted else 0b01) & ((1 << len(cells)) - 1)
            false[test] = (0b01 if wanted else 0b10) & ((1 << len(cells)) - 1)
        self._cuts[fact.name] = Cut(Axis((fact.name,), cells), true, false)
        self.axes.append(self._cuts[fact.name].axis)
        whole = False
        for tag in dict.fromkeys(tag for test in tests for tag in tags_of(test)):
            self.axes.append(Axis((TAG, fact.name, tag), ((None,), (tag,))))
        for test in tests:
            if any(isinstance(operand, FactRef) for operand in test.operands):
                self._blind(test)
            whole = whole or test.comparator in WHOLE
        if whole:
            stranger = next(tag for tag in strangers() if (TAG, fact.name, tag) not in self._keys)
            self.axes.append(Axis((TAG, fact.name, stranger, "other"), ((None,), (stranger,))))

    @property
    def _keys(self) -> set[tuple[str, ...]]:
        return {axis.key for axis in self.axes}

    def _blind(self, test: Test | LineTest) -> None:
        """An axis for a comparison that is not looked into."""
        key: tuple[str, ...]
        cells: tuple[tuple[Any, ...], ...]
        if isinstance(test, Test) and is_pair(test) and grid_of(self.facts[test.fact], self.zone):
            other = names_of(test)[1]
            key = (OPAQUE, PAIR, *sorted((test.fact, other)))
            cells = (("<",), ("=",), (">",))
        else:
            key = (OPAQUE, "blind", str(len(self._opaque)))
            cells = ((True,), (False,))
        self._opaque[test] = key
        if key not in self._keys:
            self.axes.append(Axis(key, cells))

    def _lines(self, tests: Sequence[LineTest]) -> None:
        alone = [test for test in tests if self._is_alone(test)]
        found = lines_axis(alone, self) if alone else None
        if found is not None:
            self._line_cut = found
            self.axes.append(found.axis)
        for test in tests:
            if (found is None or test not in found.true) and not is_open(test):
                self._blind(test)

    def _is_alone(self, test: LineTest) -> bool:
        """Whether a line alone says whether it counts, and the count is a number."""
        inner = tests_in(test.where)
        vocabulary = self.builder.vocabulary
        return not (
            any(isinstance(operand, FactRef) for operand in test.operands)
            or is_open(test)
            or any(isinstance(item, LineTest) for item in inner)
            or any(
                vocabulary.homes[name] != LINES
                for item in inner
                if isinstance(item, Test)
                for name in names_of(item)
            )
        )

    def _windows(self, windows: Sequence[tuple[time, time]]) -> None:
        if not windows:
            return
        moments = Fact(CLOCK_AXIS, Kind.TIME_OF_DAY, self.builder.vocabulary.point.title)
        grid = grid_of(moments, self.zone)
        assert grid is not None
        values = grid.points([moment for window in windows for moment in window], None, None)
        cells: dict[tuple[bool, ...], list[Any]] = {}
        for value in values:
            assert isinstance(value, time)
            cells.setdefault(tuple(in_window(value, *window) for window in windows), []).append(
                value
            )
        cells = dict(sorted(cells.items(), key=lambda item: item[0].count(True)))
        self.axes.append(Axis((CLOCK_AXIS,), tuple(tuple(cell) for cell in cells.values())))

    def _verdict(self, condition: Condition) -> Verdict:
        diagrams = self.diagrams
        match condition:
            case Test() | LineTest():
                return self._leaf(condition)
            case NotOf(item):
                inner = self.verdict(item)
                return Verdict(inner.false, inner.true)
            case AllOf(items):
                parts = [self.verdict(item) for item in items]
                return Verdict(
                    diagrams.all_of([part.true for part in parts]),
                    diagrams.any_of([part.false for part in parts]),
                )
            case AnyOf(items):
                parts = [self.verdict(item) for item in items]
                return Verdict(
                    diagrams.any_of([part.true for part in parts]),
                    diagrams.all_of([part.false for part in parts]),
                )
            case SomeOf(at_least, items):
                parts = [self.verdict(item) for item in items]
                return Verdict(
                    diagrams.some_of(at_least, [part.true for part in parts]),
                    diagrams.some_of(len(items) - at_least + 1, [part.false for part in parts]),
                )

    def _leaf(self, test: Test | LineTest) -> Verdict:
        if is_open(test):
            return Verdict(FALSE, FALSE)
        if isinstance(test, LineTest):
            found = self._line_cut
            if found is not None and test in found.true:
                return self._masked(found, test)
            return self._told(test)
        found = self._cuts[test.fact]
        if test in found.true:
            return self._masked(found, test)
        if test in self._opaque:
            return self._where_present(test, self._told(test))
        return self._where_present(test, self._tagged(test))

    def _masked(self, found: Cut, test: Any) -> Verdict:
        at = self._place[found.axis.key]
        return Verdict(
            self.diagrams.cells(at, found.true[test]), self.diagrams.cells(at, found.false[test])
        )

    def _told(self, test: Test | LineTest) -> Verdict:
        key = self._opaque[test]
        at = self._place[key]
        true = 0b01
        if key[1] == PAIR:
            assert isinstance(test, Test)
            signs = SIGNS[test.comparator]
            if test.fact != key[2]:
                signs = "".join(MIRROR[sign] for sign in signs)
            true = sum(1 << bit for bit, sign in enumerate("<=>") if sign in signs)
        full = self.axes[at].full
        return Verdict(self.diagrams.cells(at, true), self.diagrams.cells(at, full & ~true))

    def _where_present(self, test: Test, inner: Verdict) -> Verdict:
        """A verdict on present values, where some of the facts may be absent."""
        present = TRUE
        for name in names_of(test):
            axis = self._cuts[name].axis
            there = axis.full & ~axis.mask([ABSENT])
            present = self.diagrams.meet(present, self.diagrams.cells(self._place[axis.key], there))
        false = self.diagrams.meet(present, inner.false)
        if self.facts[test.fact].missing is Missing.NO_MATCH:
            false = self.diagrams.join(false, self.diagrams.opposite(present))
        return Verdict(self.diagrams.meet(present, inner.true), false)

    def _tagged(self, test: Test) -> Verdict:
        """A comparison of tags, tag by tag."""
        diagrams = self.diagrams
        has: dict[str, Node] = {}
        for at, axis in enumerate(self.axes):
            if axis.key[:2] == (TAG, test.fact):
                has[axis.key[2]] = diagrams.cells(at, 0b10)
        if test.comparator in WHOLE:
            ways = []
            for operand in test.operands:
                assert isinstance(operand, Given) and isinstance(operand.value, frozenset)
                ways.append(
                    diagrams.all_of(
                        [
                            node if tag in operand.value else diagrams.opposite(node)
                            for tag, node in has.items()
                        ]
                    )
                )
            true = diagrams.any_of(ways)
        else:
            wanted = [has[tag] for tag in tags_of(test)]
            if test.comparator in (Comparator.CONTAINS, Comparator.CONTAINS_ALL):
                true = diagrams.all_of(wanted)
            else:
                true = diagrams.any_of(wanted)
        if test.comparator in NEGATIVE:
            true = diagrams.opposite(true)
        return Verdict(true, diagrams.opposite(true))


def _near(
    name: str, by_fact: Mapping[str, Sequence[Test]], compared: Mapping[str, set[str]]
) -> list[Value]:
    """The values that facts compared with this one are themselves compared with."""
    return [
        operand.value
        for other in sorted(compared.get(name, ()))
        for test in by_fact[other]
        if test.comparator is not Comparator.MISSING
        for operand in test.operands
        if isinstance(operand, Given)
    ]

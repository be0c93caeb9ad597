"""The index of a rule set on one day: which of its rules are true, and which are unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeAlias

from ordinance.rules.compiled import chain
from ordinance.rules.compiled.axes import Axis, line, table
from ordinance.rules.compiled.bits import bits_of, mask_of
from ordinance.rules.compiled.boxes import Box, Boxing, Literal, key
from ordinance.rules.compiled.keyed import Held, keyed
from ordinance.rules.compiled.source import Fast, fast
from ordinance.rules.compiled.spans import (
    EQUALITIES,
    ORDERED,
    listed,
    shared,
    span,
    stretch,
)
from ordinance.rules.deciding.conditions import Builder, Check, Situation, Verdict, tests_in
from ordinance.rules.deciding.constants import in_force
from ordinance.rules.deciding.readiness import CLOCK
from ordinance.rules.deciding.vocabulary import CANDIDATES
from ordinance.rules.kinds import Kind
from ordinance.rules.point import Missing
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Comparator,
    Effective,
    Given,
    NotOf,
    Place,
    Rule,
    Test,
)

FEW_QUESTIONS = 32
"""Up to this many different left-over conditions are asked one by one, each for all its boxes;
more of them are asked box by box."""

Masks: TypeAlias = tuple[int, int]
"""The boxes that are true, and those that are true or unknown."""


@dataclass(frozen=True, slots=True)
class Question:
    """A condition that no axis answers, asked of the order (or of one candidate)."""

    check: Check
    denied: bool
    numbers: tuple[int, ...]
    """The boxes that it belongs to."""
    boxes: int
    """The same as a mask; 0 where questions are many and asked box by box."""


@dataclass(frozen=True, slots=True)
class Side:
    """What an index knows of the order, or of one candidate: its axes and its questions."""

    axes: tuple[Axis, ...]
    questions: tuple[Question, ...]
    questioned: int
    """All boxes with a question."""
    by_box: Mapping[int, tuple[int, ...]]
    """For each box the numbers of its questions; empty where the questions are few."""
    fast: Fast

    def masks(self, facts: Mapping[str, Any], clock: Any, among: Masks) -> Masks:
        """What the axes leave of the boxes `among`, absent facts included."""
        true, open = among
        for axis in self.axes:
            value = clock if axis.name == CLOCK else facts.get(axis.name, axis.default)
            if value is None:
                true &= axis.absent_true
                open &= axis.absent_open
            else:
                mask = axis.lookup.mask(value)
                true &= mask
                open &= mask
        return true, open

    def asked(self, among: Masks, situation: Callable[[], Situation]) -> Masks:
        """What the questions leave; each is asked only where it can still matter."""
        true, open = among
        if not open & self.questioned:
            return among
        about = situation()
        if self.by_box:
            return self._box_by_box(true, open, about)
        for question in self.questions:
            if open & question.boxes:
                verdict = question.check(about)
                if verdict is None:
                    true &= ~question.boxes
                elif verdict is question.denied:
                    true &= ~question.boxes
                    open &= ~question.boxes
        return true, open

    def _box_by_box(self, true: int, open: int, about: Situation) -> Masks:
        heard: dict[int, Verdict] = {}
        untrue, false = [], []
        for box in bits_of(open & self.questioned):
            for number in self.by_box[box]:
                if number not in heard:
                    heard[number] = self.questions[number].check(about)
                verdict = heard[number]
                if verdict is None:
                    untrue.append(box)
                elif verdict is self.questions[number].denied:
                    false.append(box)
                    break
        gone = mask_of(false)
        return true & ~(gone | mask_of(dict.fromkeys(untrue))), open & ~gone


@dataclass(frozen=True, slots=True)
class Index:
    """A set of rules, compiled for one day."""

    owners: tuple[int, ...]
    """For each box the number of its rule, in rising order."""
    single: bool
    """Whether every rule is one box, so that the numbers of boxes are those of rules."""
    every: int
    closed: int
    """The boxes that can be true: not those with a `$name` or a period that is not known."""
    order: Side
    candidate: Side
    fast: Fast | None
    """What names the boxes that hold (or the first of them, where no other counts) by the facts
    of the order, where that function says all that there is to say about facts that are known."""

    def masks(self, facts: Mapping[str, Any], clock: Any) -> Masks:
        """The boxes by the axes of the order alone."""
        try:
            true = self.order.fast(facts, clock)
        except KeyError:
            return self.order.masks(facts, clock, (self.closed, self.every))
        return true & self.closed, true

    def rules(self, masks: Masks) -> tuple[list[int], list[int]]:
        """The numbers of the rules that are true, and of those that are unknown."""
        true, open = masks
        if self.single:
            return self._rules(true), self._rules(open & ~true)
        held = dict.fromkeys(self._rules(true))
        waiting = dict.fromkeys(self._rules(open & ~true))
        return list(held), [number for number in waiting if number not in held]

    def _rules(self, boxes: int) -> list[int]:
        if boxes == 0:
            return []
        return [self.owners[bit] for bit in bits_of(boxes)]


def index(
    rules: Sequence[Rule], builder: Builder, day: date | None, *, first: bool = False
) -> Index:
    """The rules compiled for `day`, the day of the constants of `builder`.

    `first` says that the first rule that is true is all that counts.
    """
    return _Making(rules, builder, day).index(first)


class _Making:
    def __init__(self, rules: Sequence[Rule], builder: Builder, day: date | None) -> None:
        self.builder = builder
        self.vocabulary = builder.vocabulary
        self.boxing = Boxing(self.vocabulary, builder.constants)
        self.owners: list[int] = []
        self.boxes: list[Box] = []
        self.open: list[int] = []
        for number, rule in enumerate(rules):
            dated = in_force(rule.effective, day)
            if dated is False:
                continue
            closed = dated is True and not builder.constants.gaps(rule.then)
            for box in self._boxes_of(rule):
                if not closed or any(literal.open for literal in box):
                    self.open.append(len(self.boxes))
                self.owners.append(number)
                self.boxes.append(box)
        self.count = len(self.boxes)
        self.every = (1 << self.count) - 1

    def index(self, first: bool) -> Index:
        held: dict[str, dict[int, list[Literal]]] = {}
        questions: dict[object, tuple[Literal, list[int]]] = {}
        for number, box in enumerate(self.boxes):
            for literal in box:
                if literal.fact is not None:
                    held.setdefault(literal.fact, {}).setdefault(number, []).append(literal)
                elif not literal.open:
                    same = (key(literal.condition), literal.denied)
                    questions.setdefault(same, (literal, []))[1].append(number)
        axes: dict[str, list[Axis]] = {"": [], CANDIDATES: []}
        for name in sorted(held):
            home = "" if name == CLOCK else self.vocabulary.homes[name]
            axes[home].append(self._axis(name, list(held[name].items())))
        asked: dict[str, list[Question]] = {"": [], CANDIDATES: []}
        many = len(questions) > FEW_QUESTIONS
        for literal, numbers in questions.values():
            mask = 0 if many else mask_of(dict.fromkeys(numbers))
            check = self.builder.node(literal.condition).check
            boxes = tuple(dict.fromkeys(numbers))
            asked[self._asked_of(literal)].append(Question(check, literal.denied, boxes, mask))
        order = self._side(axes[""], asked[""])
        candidate = self._side(axes[CANDIDATES], asked[CANDIDATES])
        simple = not (self.open or questions or axes[CANDIDATES])
        return Index(
            tuple(self.owners),
            len(set(self.owners)) == self.count,
            self.every,
            self.every & ~mask_of(self.open),
            order,
            candidate,
            self._fast(order, first) if simple else None,
        )

    def _fast(self, order: Side, first: bool) -> Fast:
        most = chain.MOST_BEFORE_FIRST if first else chain.MOST_ASKED
        if self.count > most:
            return order.fast
        known = self.boxing.known
        return chain.chain(self.boxes, order.axes, known, self.builder, CLOCK, first=first)

    def _boxes_of(self, rule: Rule) -> list[Box]:
        boxes = self.boxing.boxes(rule.when)
        around = [*self._scope(rule), *_daily(rule.effective, rule.place)]
        return [(*around, *box) for box in boxes] if around else boxes

    def _scope(self, rule: Rule) -> list[Literal]:
        scopes = self.vocabulary.point.scopes
        literals = []
        for name, values in (rule.scope or {}).items():
            operands = tuple(Given(value) for value in values)
            test = Test(scopes[name], Comparator.ONE_OF, operands, rule.place)
            literals.append(Literal(test, False, test.fact))
        return literals

    def _side(self, axes: Sequence[Axis], questions: Sequence[Question]) -> Side:
        questioned = mask_of({number: None for each in questions for number in each.numbers})
        by_box: dict[int, list[int]] = {}
        if any(not question.boxes for question in questions):
            for number, question in enumerate(questions):
                for box in question.numbers:
                    by_box.setdefault(box, []).append(number)
        return Side(
            tuple(axes),
            tuple(questions),
            questioned,
            {box: tuple(numbers) for box, numbers in by_box.items()},
            fast(axes, self.every, CLOCK),
        )

    def _asked_of(self, literal: Literal) -> str:
        """Of what a question is asked: of each candidate, or (empty) of the order."""
        homes = self.vocabulary.homes
        for test in tests_in(literal.condition):
            names = [getattr(operand, "name", "") for operand in test.operands]
            if isinstance(test, Test):
                names.append(test.fact)
            if any(homes.get(name) == CANDIDATES for name in names):
                return CANDIDATES
        return ""

    def _axis(self, name: str, held: Held) -> Axis:
        choices: tuple[str, ...]
        if name == CLOCK:
            kind, default, choices = Kind.TIME_OF_DAY, None, ()
        else:
            fact, default = self.vocabulary.facts[name], self.vocabulary.default(name)
            kind, choices = fact.kind, tuple(choice.code for choice in fact.choices)
        conditions = [literal.condition for _, literals in held for literal in literals]
        equal = all(
            isinstance(test, Test) and test.comparator in EQUALITIES
            for condition in conditions
            for test in tests_in(condition)
        )
        known = self.boxing.known
        lookup: Any
        if kind in ORDERED and not (equal and kind is not Kind.INSTANT):
            spans = (
                (
                    box,
                    stretch(
                        [_denied(span(kind, each.condition, known), each) for each in literals],
                        len(literals),
                    ),
                )
                for box, literals in held
            )
            lookup = line(spans, self.count, instants=kind is Kind.INSTANT)
        elif equal and kind not in (Kind.REGION, Kind.TAGS):
            lists = (
                (
                    box,
                    shared(
                        [_denied(listed(each.condition, known), each) for each in literals],
                        len(literals),
                    ),
                )
                for box, literals in held
            )
            lookup = table(lists, self.count)
        else:
            lookup = keyed(name, kind, held, known, self.builder, self.count)
        untrue, closed = self._absent(name, held)
        return Axis(
            name, kind, default, lookup, self.every & ~untrue, self.every & ~closed, choices
        )

    def _absent(self, name: str, held: Held) -> Masks:
        """The boxes that are not true where the fact is absent, and those that are false."""
        no_match = name != CLOCK and self.vocabulary.facts[name].missing is Missing.NO_MATCH
        untrue, false = [], []
        for box, literals in held:
            verdicts = [_where_absent(each, no_match) for each in literals]
            if False in verdicts:
                false.append(box)
            if not all(verdicts):
                untrue.append(box)
        return mask_of(untrue), mask_of(false)


def _denied(region: Any, literal: Literal) -> Any:
    return region.opposite() if literal.denied else region


def _where_absent(literal: Literal, no_match: bool) -> Verdict:
    verdict = _absent_verdict(literal.condition, no_match)
    return None if verdict is None else verdict is not literal.denied


def _absent_verdict(condition: Any, no_match: bool) -> Verdict:
    """What a condition about one fact comes to where that fact is absent."""
    if isinstance(condition, Test):
        if condition.comparator is Comparator.MISSING:
            return getattr(condition.operands[0], "value", True) is True
        return False if no_match else None
    if isinstance(condition, NotOf):
        verdict = _absent_verdict(condition.item, no_match)
        return None if verdict is None else not verdict
    verdicts = [_absent_verdict(item, no_match) for item in condition.items]
    wanted = {AllOf: len(verdicts), AnyOf: 1}.get(type(condition))
    if wanted is None:
        wanted = condition.at_least
    if verdicts.count(True) >= wanted:
        return True
    return None if verdicts.count(True) + verdicts.count(None) >= wanted else False


def _daily(effective: Effective | None, place: Place) -> list[Literal]:
    """The daily window of a rule as a condition on the time of day of deciding."""
    if effective is None or effective.daily is None:
        return []
    start, end = effective.daily
    if start == end:
        # The whole day: true at any time that is known, and unknown without one.
        sides = (Comparator.AT_LEAST, Comparator.BELOW)
        tests = tuple(Test(CLOCK, side, (Given(start),), place) for side in sides)
        return [Literal(AnyOf(tests), False, CLOCK)]
    test = Test(CLOCK, Comparator.BETWEEN, (Given(start), Given(end)), place)
    return [Literal(test, False, CLOCK)]

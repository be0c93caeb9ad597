"""Rule sets and facts of every shape, drawn from a seed, for comparing two ways of deciding.

One number gives one set with its facts, so a failure is repeated by its seed alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal
from random import Random
from typing import Any

from ordinance.rules import Facts
from ordinance.rules.kinds import Kind
from ordinance.rules.point import DecisionPoint, Hit
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Band,
    Comparator,
    Condition,
    Dated,
    DatedEntries,
    Effective,
    FactRef,
    Given,
    LineTest,
    ListEntry,
    ListRef,
    NamedList,
    NotOf,
    Operand,
    Param,
    ParamRef,
    Place,
    Preference,
    Rule,
    RuleSet,
    SomeOf,
    Test,
    Weight,
)
from tests.rules.compiled.drawn_points import (
    COMPARATORS,
    DAYS,
    MANY,
    MOMENTS,
    NUMBERS,
    PATTERNS,
    POINT,
    SINGLE_TAGS,
    VALUES,
)

HERE = Place("drawn.yaml", 1, 1)


class Drawing:
    """Draws one rule set and facts for it."""

    def __init__(self, seed: int, *, most_rules: int = 6, point: DecisionPoint = POINT) -> None:
        self.random = Random(seed)
        self.point = point
        self.most_rules = most_rules
        self.facts = {each.name: each for each in point.facts}
        order = sorted(name for name in self.facts if name.startswith("order."))
        # Few facts, so that the rules of a set meet each other on them.
        self.order = self.random.sample(order, self.random.randint(1, 5))
        lines = sorted(name for name in self.facts if name.startswith("line."))
        self.lines = self.random.sample(lines, 2)
        self.candidates = sorted(name for name in self.facts if name.startswith("candidate."))
        self.params: dict[str, Param] = {}
        self.lists: dict[str, NamedList] = {}
        self.as_of = self.random.choice([None, None, "order.date_0", "order.instant_0"])

    def tree(self) -> RuleSet:
        """A set by any hit policy that the point allows."""
        draw = self.random
        hit = draw.choice(self.point.hits)
        count = draw.randint(1, self.most_rules)
        rules = tuple(self._rule(f"R{number}", hit) for number in range(count))
        specific = hit in (Hit.FIRST, Hit.UNIQUE) and draw.random() < 0.3
        scored, ranked = hit is Hit.SCORE, hit is Hit.RANK
        prefer, weights = self._preferences() if ranked else ((), ())
        return RuleSet(
            point=self.point,
            hit=hit,
            rules=rules,
            otherwise={"points": draw.choice([0, 5])}
            if scored
            else draw.choice([None, {"outcome": "hold"}]),
            when_unknown={"outcome": "manual_review"},
            place=HERE,
            hash="0" * 64,
            effective=self._effective() if draw.random() < 0.15 else None,
            as_of=self.as_of,
            params=self.params,
            lists=self.lists,
            bands=(Band(None, 30, {"outcome": "approve"}, HERE), Band(30, 70, {"days": 1}, HERE))
            if scored
            else (),
            prefer=prefer,
            weights=weights,
            tie_break=("candidate.integer", "candidate.code") if ranked else (),
            most_specific=draw.choice(["order.region_0", "order.region_2"]) if specific else None,
        )

    def given(self) -> tuple[Facts, datetime | None]:
        """Facts for it, some of them absent, and a moment of deciding."""
        draw = self.random
        often = draw.choice([1.0, 0.9, 0.6])
        values = self._values([*self.order, *([self.as_of] if self.as_of else [])], often)
        every = [name for name in self.facts if name.startswith("order.")]
        values |= self._values(draw.sample(every, 2), often)
        lines = [self._values(self.lines, often) for _ in range(draw.randint(0, 3))]
        candidates = []
        if self.candidates:
            for code in "CABDE"[: draw.randint(0, 5)]:
                names = [name for name in self.candidates if name != "candidate.code"]
                candidates.append({**self._values(names, often), "candidate.code": code})
        moment = draw.choice([None, *MOMENTS, datetime(2026, 4, 1, 23, tzinfo=UTC)])
        return Facts.prepared(values, lines, candidates), moment

    def _values(self, names: Sequence[str], often: float) -> dict[str, Any]:
        return {
            name: self.random.choice(VALUES[self.facts[name].kind])
            for name in names
            if self.random.random() < often
        }

    def _rule(self, id: str, hit: Hit) -> Rule:
        draw = self.random
        names = [*self.order, *self.candidates]
        scope = None
        if draw.random() < 0.2:
            key = draw.choice(sorted(self.point.scopes))
            kind = self.facts[self.point.scopes[key]].kind
            values = ["A", "B"] if self.point.scopes[key] == "candidate.code" else VALUES[kind]
            scope = {key: tuple(draw.sample(values, draw.randint(1, 2)))}
        return Rule(
            id,
            self._condition(names, draw.choice([0, 0, 1, 2])),
            self._then(hit),
            HERE,
            group=draw.choice([None, "g", "h"]) if hit is Hit.COLLECT else None,
            scope=scope,
            effective=self._effective() if draw.random() < 0.2 else None,
            must=hit is Hit.RANK and draw.random() < 0.3,
        )

    def _then(self, hit: Hit) -> dict[str, Any]:
        draw = self.random
        if hit is Hit.RANK:
            return {}
        if hit is Hit.SCORE:
            points: Any = draw.choice([-20, 10, 30])
            return {"points": self._param(Kind.INTEGER) if draw.random() < 0.1 else points}
        then: dict[str, Any] = {"outcome": draw.choice(["approve", "manual_review", "hold"])}
        if draw.random() < 0.3:
            then["note"] = tuple(draw.sample(["one", "two", "three"], draw.randint(1, 2)))
        if draw.random() < 0.3:
            then["days"] = self._param(Kind.INTEGER) if draw.random() < 0.3 else draw.randint(1, 3)
        if draw.random() < 0.2:
            then["amount"] = Decimal(draw.randint(1, 300)) / 100
        return then

    def _effective(self) -> Effective:
        draw = self.random
        start, end = draw.choice([(None, None), (DAYS[0], None), (None, DAYS[1]), tuple(DAYS[:2])])
        windows = [None, (time(22), time(6)), (time(6), time(22)), (time(6), time(6))]
        return Effective(start, end, draw.choice(windows))

    def _condition(self, names: Sequence[str], depth: int) -> Condition:
        draw = self.random
        if depth == 0:
            count = draw.randint(0 if draw.random() < 0.1 else 1, 3)
            items = tuple(self._leaf(names) for _ in range(count))
            return items[0] if count == 1 and draw.random() < 0.5 else AllOf(items)
        items = tuple(self._condition(names, depth - 1) for _ in range(draw.randint(1, 3)))
        match draw.randint(0, 4):
            case 0:
                return NotOf(items[0])
            case 1:
                return SomeOf(draw.randint(1, len(items)), items)
            case 2:
                return AllOf(items)
            case 3:
                # Several comparisons of one fact, which one axis can answer.
                name = draw.choice([each for each in names if each.startswith("order.")])
                make: Callable[[tuple[Condition, ...]], Condition] = draw.choice([AnyOf, AllOf])
                return make(tuple(self._test(name) for _ in range(draw.randint(2, 3))))
        return AnyOf(items)

    def _leaf(self, names: Sequence[str]) -> Condition:
        draw = self.random
        if draw.random() < 0.12:
            return self._line_test()
        return self._test(draw.choice(names))

    def _test(self, name: str) -> Test:
        draw = self.random
        kind = self.facts[name].kind
        if draw.random() < 0.1:
            return Test(name, Comparator.MISSING, (Given(draw.random() < 0.5),), HERE)
        comparator = draw.choice(COMPARATORS[kind])
        ordered = comparator in NUMBERS or comparator in (Comparator.IS, Comparator.IS_NOT)
        if ordered and draw.random() < 0.15 and kind is not Kind.TAGS:
            others = [other for other in self.facts if self.facts[other].kind is kind]
            same = [other for other in others if other.split(".")[0] == name.split(".")[0]]
            return Test(name, comparator, (FactRef(draw.choice(same)),), HERE)
        return Test(name, comparator, self._operands(name, comparator), HERE)

    def _operands(self, name: str, comparator: Comparator) -> tuple[Operand, ...]:
        draw = self.random
        kind = self.facts[name].kind
        if comparator is Comparator.MATCHES:
            return (Given(draw.choice(PATTERNS)),)
        values = VALUES[kind]
        if name == "candidate.code":
            values = ["A", "B", "C"]
        if kind is Kind.TAGS and comparator not in (Comparator.IS, Comparator.IS_NOT):
            values = SINGLE_TAGS
        many = comparator in MANY
        if many and draw.random() < 0.2:
            return (self._list(kind, values),)
        if not many and kind is not Kind.TAGS and draw.random() < 0.15:
            return tuple(self._param(kind) for _ in range(1 + (comparator is Comparator.BETWEEN)))
        count = 2 if comparator is Comparator.BETWEEN else draw.randint(1, 3) if many else 1
        return tuple(Given(draw.choice(values)) for _ in range(count))

    def _param(self, kind: Kind) -> ParamRef:
        draw = self.random
        name = f"p{len(self.params)}"
        starts: list[date | None] = [*draw.sample(DAYS, draw.randint(0, 2))]
        if draw.random() < 0.8 or not starts:
            starts.append(None)
        dated = [Dated(start, draw.choice(VALUES[kind])) for start in starts]
        dated.sort(key=lambda each: each.start or date.min)
        self.params[name] = Param(name, kind, tuple(dated), HERE)
        return ParamRef(name)

    def _list(self, kind: Kind, values: Sequence[Any]) -> ListRef:
        draw = self.random
        name = f"l{len(self.lists)}"
        entries = []
        for start in draw.choice([[None], [None, DAYS[1]], [DAYS[0]]]):
            held = tuple(
                ListEntry(draw.choice(values), draw.choice([None, None, DAYS[2]]))
                for _ in range(draw.randint(0, 3))
            )
            entries.append(DatedEntries(start, held))
        self.lists[name] = NamedList(name, kind, tuple(entries), HERE)
        return ListRef(name)

    def _line_test(self) -> LineTest:
        draw = self.random
        where = AllOf(tuple(self._test(draw.choice(self.lines)) for _ in range(draw.randint(1, 2))))
        if draw.random() < 0.2:
            where = AllOf((*where.items, self._test(draw.choice(self.order))))
        quantifier = draw.choice(["any", "all", "count"])
        if quantifier == "count":
            bound: Operand = Given(draw.randint(0, 2))
            if draw.random() < 0.1:
                bound = self._param(Kind.INTEGER)
            return LineTest("count", where, HERE, draw.choice(NUMBERS), (bound,))
        return LineTest("any" if quantifier == "any" else "all", where, HERE)

    def _preferences(self) -> tuple[tuple[Preference, ...], tuple[Weight, ...]]:
        draw = self.random
        names = ["candidate.integer", "candidate.decimal", "candidate.choice", "candidate.money"]
        weights: tuple[Weight, ...] = ()
        if draw.random() < 0.3:
            some = draw.sample(["candidate.integer", "candidate.decimal", "candidate.money"], 2)
            weights = tuple(
                Weight(f"W{number}", name, Decimal(draw.choice(["-1", "0.5", "2"])), HERE)
                for number, name in enumerate(some)
            )
        prefer = []
        for number in range(draw.randint(0, 3)):
            name = draw.choice(names)
            kind = self.facts[name].kind
            within: Operand | None = None
            if kind is not Kind.CHOICE and draw.random() < 0.4:
                within = draw.choice([Given(VALUES[kind][2]), FactRef(f"order.{kind.value}_0")])
                if draw.random() < 0.2:
                    within = self._param(kind)
            when = self._condition(self.order, 0) if draw.random() < 0.3 else None
            way = draw.choice(["most", "least"])
            prefer.append(
                Preference(
                    f"P{number}", name, "most" if way == "most" else "least", HERE, within, when
                )
            )
        return tuple(prefer), weights

"""Small rule sets and facts, drawn at random, for comparing the evaluator with the oracle."""

from __future__ import annotations

from datetime import time
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from ordinance.rules.deciding.conditions import facts_in, tests_in
from ordinance.rules.point import Hit
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Band,
    Comparator,
    Condition,
    FactRef,
    Given,
    LineTest,
    NotOf,
    Place,
    Rule,
    RuleSet,
    SomeOf,
    Test,
    Total,
)
from tests.rules.deciding.oracle import DOMAINS
from tests.rules.sample_point import RISK

HERE = Place("drawn.yaml", 1, 1)
MOST_UNKNOWN = 2

_ORDERINGS = [Comparator.AT_LEAST, Comparator.ABOVE, Comparator.AT_MOST, Comparator.BELOW]
_EQUALS = [Comparator.IS, Comparator.IS_NOT]
_MEMBERS = [Comparator.ONE_OF, Comparator.NONE_OF]
_CONTAINS = [Comparator.CONTAINS_ANY, Comparator.CONTAINS_ALL, Comparator.CONTAINS_NONE]

_OPERANDS: dict[str, list[Any]] = {
    "order.weight_g": [1, 4, 5, 9],
    "order.gift": [True, False],
    "order.type": ["normal", "presale"],
    "receiver.region": ["33", "3301", "330106", "44", "BR", "BR-SP"],
    "order.tags": ["A", "B"],
    "order.message": ["a", "b", "ab"],
    "order.local_time": [time(0), time(6), time(22)],
    "order.paid": [Decimal(1), Decimal(2)],
    "order.receivable": [Decimal(1), Decimal(2)],
    "line.quantity": [1, 2, 4],
    "line.cold_chain": [True, False],
}

_COMPARATORS: dict[str, list[Comparator]] = {
    "order.weight_g": [*_ORDERINGS, *_EQUALS, *_MEMBERS],
    "order.gift": _EQUALS,
    "order.type": [*_EQUALS, *_MEMBERS],
    "receiver.region": [*_EQUALS, *_MEMBERS],
    "order.tags": [Comparator.CONTAINS, *_CONTAINS],
    "order.message": [
        *_EQUALS,
        *_MEMBERS,
        *_CONTAINS,
        Comparator.STARTS_WITH,
        Comparator.ENDS_WITH,
        Comparator.CONTAINS,
    ],
    "order.local_time": [*_ORDERINGS, Comparator.BETWEEN],
    "order.paid": [*_ORDERINGS, *_EQUALS],
    "order.receivable": [*_ORDERINGS, *_EQUALS],
    "line.quantity": [*_ORDERINGS, *_EQUALS],
    "line.cold_chain": _EQUALS,
}

ORDER_FACTS = [name for name in DOMAINS if not name.startswith("line.")]
LINE_FACTS = [name for name in DOMAINS if name.startswith("line.")]
_OTHER = {"order.paid": "order.receivable", "order.receivable": "order.paid"}


@st.composite
def tests(draw: st.DrawFn, names: list[str]) -> Test:
    """One comparison of one fact."""
    name = draw(st.sampled_from(names))
    if not name.startswith("line.") and draw(st.integers(0, 7)) == 0:
        return Test(name, Comparator.MISSING, (Given(draw(st.booleans())),), HERE)
    if name in _OTHER and draw(st.booleans()):
        return Test(name, draw(st.sampled_from(_ORDERINGS)), (FactRef(_OTHER[name]),), HERE)
    comparator = draw(st.sampled_from(_COMPARATORS[name]))
    count = {Comparator.BETWEEN: 2}.get(comparator, 1)
    if comparator in (*_MEMBERS, *_CONTAINS):
        count = draw(st.integers(1, 2))
    operands = draw(
        st.lists(st.sampled_from(_OPERANDS[name]), min_size=count, max_size=count, unique=True)
    )
    return Test(name, comparator, tuple(Given(value) for value in operands), HERE)


@st.composite
def line_tests(draw: st.DrawFn) -> LineTest:
    """A condition over lines."""
    items = draw(st.lists(tests(LINE_FACTS), min_size=1, max_size=2))
    where = AllOf(tuple(items))
    quantifier = draw(st.sampled_from(["any", "all", "count"]))
    if quantifier == "any":
        return LineTest("any", where, HERE)
    if quantifier == "all":
        return LineTest("all", where, HERE)
    comparator = draw(st.sampled_from([*_ORDERINGS, *_EQUALS]))
    count = Given(draw(st.integers(0, 2)))
    return LineTest("count", where, HERE, comparator, (count,))


def conditions(names: list[str]) -> st.SearchStrategy[Condition]:
    """A condition of a few comparisons of these facts, and of lines."""
    leaves: st.SearchStrategy[Condition] = st.one_of(tests(names), tests(names), line_tests())

    def nested(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        items = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return st.one_of(
            items.map(AllOf),
            items.map(AnyOf),
            inner.map(NotOf),
            items.flatmap(lambda some: st.integers(1, len(some)).map(lambda n: SomeOf(n, some))),
        )

    return st.recursive(leaves, nested, max_leaves=4)


@st.composite
def rule_sets(draw: st.DrawFn) -> RuleSet:
    """A set of one to four rules, by any hit policy but rank."""
    hit = draw(st.sampled_from([Hit.FIRST, Hit.UNIQUE, Hit.COLLECT, Hit.SCORE]))
    scored = hit is Hit.SCORE
    outcomes = st.sampled_from(["approve", "manual_review", "hold"])
    then = (
        st.sampled_from([-20, 10, 30]).map(lambda points: {"points": points})
        if scored
        else outcomes.map(lambda outcome: {"outcome": outcome})
    )
    # Few facts, so that the rules of a set meet each other on them.
    names = draw(st.lists(st.sampled_from(ORDER_FACTS), min_size=1, max_size=3, unique=True))
    rules = tuple(
        Rule(f"R{index}", draw(conditions(names)), draw(then), HERE, group=draw(_groups(hit)))
        for index in range(draw(st.integers(1, 4)))
    )
    base = {"points": draw(st.sampled_from([0, 30]))}
    otherwise: Any = base if scored else draw(st.sampled_from([None, {"outcome": "hold"}]))
    return RuleSet(
        point=RISK,
        hit=hit,
        rules=rules,
        otherwise=otherwise,
        when_unknown={"outcome": "manual_review"},
        place=HERE,
        hash="0" * 64,
        total=draw(st.sampled_from(Total)) if scored else Total.SUM,
        bands=(
            Band(None, 30, {"outcome": "approve"}, HERE),
            Band(30, None, {"outcome": "hold"}, HERE),
        )
        if scored
        else (),
    )


def _groups(hit: Hit) -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, "g"]) if hit is Hit.COLLECT else st.none()


def asked(rules: RuleSet) -> set[str]:
    """Every fact that a set asks for by more than `missing`."""
    return {name for rule in rules.rules for name in facts_in(rule.when)}


def _known(name: str) -> list[Any]:
    """The values of a known fact. Amounts stay below the largest ones of the domain, so that an
    unknown amount has room above them."""
    return DOMAINS[name][:12] if name in _OTHER else DOMAINS[name]


@st.composite
def facts_for(draw: st.DrawFn, rules: RuleSet) -> dict[str, Any]:
    """Facts for a set, at most two of which are absent."""
    names = sorted(asked(rules))
    absent = draw(st.lists(st.sampled_from(names), max_size=MOST_UNKNOWN, unique=True))
    facts: dict[str, Any] = {
        name: draw(st.sampled_from(_known(name)))
        for name in names
        if not name.startswith("line.") and name not in absent
    }
    needs_lines = any(
        isinstance(test, LineTest) for rule in rules.rules for test in tests_in(rule.when)
    )
    count = draw(st.integers(0, 2)) if needs_lines else 0
    holes = MOST_UNKNOWN - len([name for name in absent if not name.startswith("line.")])
    facts["lines"] = []
    for _ in range(count):
        line = {name: draw(st.sampled_from(DOMAINS[name])) for name in LINE_FACTS}
        for name in LINE_FACTS:
            if name in absent and holes > 0:
                del line[name]
                holes -= 1
        facts["lines"].append(line)
    return facts

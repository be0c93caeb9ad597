"""Conditions that are never or always true, and values that no order can have."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from ordinance.rules import scalar
from ordinance.rules.checking.diagram import FALSE
from ordinance.rules.checking.finding import Finding, finding
from ordinance.rules.checking.model import Model
from ordinance.rules.checking.resolved import resolved
from ordinance.rules.checking.space import Space
from ordinance.rules.deciding.conditions import tests_in
from ordinance.rules.kinds import Words
from ordinance.rules.point import Fact
from ordinance.rules.tree import (
    AllOf,
    AnyOf,
    Condition,
    Given,
    LineTest,
    ListRef,
    NotOf,
    ParamRef,
    Place,
    SomeOf,
    Test,
)


def never_or_always(model: Model) -> Iterator[Finding]:
    """The smallest parts of conditions that are never true, or never false."""
    for rule, region in zip(model.tree.rules, model.regions, strict=True):
        if not region.active:
            continue
        parts = list(_constant(rule.when, model, model.space))
        yield from (_told(rule.id, part, verdict, rule.place) for part, verdict in parts)
        if not parts and region.true == FALSE and _is_known(region.when):
            yield _told(rule.id, None, verdict=False, place=rule.place)
    for preference in model.tree.prefer:
        if preference.when is not None:
            for part, verdict in _constant(preference.when, model, model.space):
                yield _told(preference.id, part, verdict, preference.place)


def out_of_range(model: Model) -> Iterator[Finding]:
    """Values that the declared range of a fact leaves out."""
    for rule in model.tree.rules:
        for test in tests_in(rule.when):
            if not isinstance(test, Test):
                continue
            fact = model.vocabulary.facts[test.fact]
            for operand in test.operands:
                if not isinstance(operand, Given | ParamRef | ListRef):
                    continue
                for value in model.constants.operand(operand) or ():
                    limit = _limit(fact, value)
                    if limit is not None:
                        yield _beyond(rule.id, test, fact, value, limit)


def is_constant(model: Model, rule: int) -> bool:
    """Whether a rule can never be true by itself; then no other finding about it helps."""
    return model.regions[rule].true == FALSE


def _constant(condition: Condition, model: Model, space: Space) -> Iterator[tuple[Condition, bool]]:
    """The smallest parts that come out one way only."""
    inner = space
    children: tuple[Condition, ...] = ()
    match condition:
        case AllOf(items) | AnyOf(items) | SomeOf(_, items):
            children = items
        case NotOf(item):
            children = (item,)
        case LineTest(where=where):
            told = resolved(condition, model.constants)
            if isinstance(told, LineTest) and space.sees_into(told):
                children = (where,)
                inner = space.within([told.where])
    found = [part for child in children for part in _constant(child, model, inner)]
    if found or (isinstance(condition, AllOf) and not condition.items):
        yield from found
        return
    told = resolved(condition, model.constants)
    verdict = space.verdict(told)
    if verdict.true == FALSE and verdict.false != FALSE:
        yield condition, False
    elif verdict.false == FALSE and verdict.true != FALSE:
        yield condition, True


def _is_known(when: Condition) -> bool:
    return not any(
        isinstance(operand, ParamRef | ListRef)
        for test in tests_in(when)
        for operand in test.operands
    )


def _told(id: str, part: Condition | None, verdict: bool, place: Place) -> Finding:
    tests = tests_in(part) if part is not None else []
    names = dict.fromkeys(test.fact for test in tests if isinstance(test, Test))
    where = tests[0].place if tests else place
    of = f" ({', '.join(f'`{name}`' for name in names)})" if names else ""
    if part is None:
        said = Words(
            f"规则 `{id}` 永远不成立: 它的条件互相排斥",
            f"rule `{id}` is never true: its conditions exclude each other",
        )
    elif verdict:
        said = Words(
            f"规则 `{id}` 的这个条件永远成立{of}",
            f"this condition of rule `{id}` is always true{of}",
        )
    else:
        said = Words(
            f"规则 `{id}` 的这个条件永远不成立{of}",
            f"this condition of rule `{id}` is never true{of}",
        )
    if verdict:
        way = Words(
            "去掉它, 或写成有订单会不符合的条件", "remove it, or write one that some orders fail"
        )
    else:
        way = Words("检查界限的方向和数值", "check the direction and the values of its limits")
    return finding(
        "E_ALWAYS_TRUE" if verdict else "E_NEVER_TRUE",
        "error",
        said,
        where,
        way=way,
        subject=(id, str(where), *names),
    )


def _limit(fact: Fact, value: Any) -> tuple[bool, Any] | None:
    """The end of the range that a value lies beyond, and whether it is the upper one."""
    if isinstance(value, str | frozenset | bool):
        return None
    if fact.at_least is not None and value < cast(Any, fact.at_least):
        return False, fact.at_least
    if fact.at_most is not None and value > cast(Any, fact.at_most):
        return True, fact.at_most
    return None


def _beyond(id: str, test: Test, fact: Fact, value: Any, limit: tuple[bool, Any]) -> Finding:
    above, end = limit
    zh, en = (
        [scalar.render(item, fact.kind, lang, unit=fact.unit) for item in (value, end)]
        for lang in ("zh", "en")
    )
    said = Words(
        f"规则 `{id}` 拿 `{fact.name}` 和 {zh[0]} 比较, 它{'最高' if above else '最低'}是 {zh[1]}",
        f"rule `{id}` compares `{fact.name}` with {en[0]}; it is at "
        f"{'most' if above else 'least'} {en[1]}",
    )
    way = Words("写一个范围以内的值", "write a value within the range")
    subject = (id, str(test.place), str(value))
    return finding("E_RANGE", "error", said, test.place, way=way, subject=subject)

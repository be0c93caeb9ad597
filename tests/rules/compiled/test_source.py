"""The generated function: what its text may hold, and what it leaves to others."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordinance.rules import FactError, Facts, Ruleset
from ordinance.rules.compiled import chain, source
from ordinance.rules.compiled.axes import Axis
from ordinance.rules.compiled.index import _Making, index
from ordinance.rules.deciding.conditions import Builder
from ordinance.rules.deciding.constants import constants_on
from ordinance.rules.deciding.readiness import CLOCK
from ordinance.rules.deciding.vocabulary import Vocabulary
from ordinance.rules.tree import AllOf, Comparator, Given, RuleSet, Test
from tests.part import part
from tests.rules.compiled.drawn import Drawing
from tests.rules.deciding.rulesets import risk

OURS = re.compile(
    r"standing|facts|at|left|right|type|Strange|every|get|is_finite|utcoffset"
    r"|found|(?:name|value|default|type|choices|masks|mask|before|after|get|others|yes|no)[0-9]+"
    r"|(?:operand|end|box|passes)[0-9]+"
)
HOSTILE = [
    '"); import os; os.system("x"); ("',
    "value0] or __import__('os')",
    "\n    return -1\n",
    "'''",
    "\\",
    "{number}",
    "% & |",
    "村\u2028return",
]


def texts(tree: RuleSet) -> list[str]:
    """The text of every function that is generated for a set."""
    builder = Builder(Vocabulary(tree.point), constants_on(tree, None))
    made = index(tree.rules, builder, None)
    sides: list[tuple[Axis, ...]] = [made.order.axes, made.candidate.axes]
    written = [source.written(axes, made.every, CLOCK)[0] for axes in sides]
    making = _Making(tree.rules, builder, None)
    if made.fast is not None:
        known = making.boxing.known
        for first in (True, False):
            written.append(
                chain.written(making.boxes, made.order.axes, known, builder, CLOCK, first=first)[0]
            )
    return written


def names_in(text: str) -> set[str]:
    nodes = list(ast.walk(ast.parse(text)))
    names = {node.id for node in nodes if isinstance(node, ast.Name)}
    names |= {node.attr for node in nodes if isinstance(node, ast.Attribute)}
    return names | {node.name for node in nodes if isinstance(node, ast.FunctionDef)}


@settings(max_examples=part(200))
@given(st.integers(0, 2**32))
def test_the_text_holds_only_names_that_are_made_by_counting(seed: int) -> None:
    for text in texts(Drawing(seed, most_rules=20).tree()):
        assert [name for name in names_in(text) if not OURS.fullmatch(name)] == []
        constants = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
        assert [node.value for node in constants if node.value not in (None, 0, True)] == []


def asking(comparator: Comparator, *operands: Any) -> RuleSet:
    tree = risk("  - {id: R, when: {order.message: x}, then: {outcome: hold}}").tree
    (rule,) = tree.rules
    given = tuple(Given(each) for each in operands)
    test = Test("order.message", comparator, given, rule.place)
    return replace(tree, rules=(replace(rule, when=AllOf((test,))),))


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("comparator", [Comparator.IS, Comparator.STARTS_WITH, Comparator.CONTAINS])
def test_a_hostile_text_is_compared_and_never_run(text: str, comparator: Comparator) -> None:
    tree = asking(comparator, text)

    assert all(text not in written for written in texts(tree))
    assert texts(tree) == texts(asking(comparator, "harmless"))
    rules = Ruleset(tree)
    assert rules.decide(Facts.prepared({"order.message": text})).fired == ("R",)
    assert rules.decide(Facts.prepared({"order.message": "harmless"})).fired == ()


WRONG: dict[str, list[Any]] = {
    "order.receivable": [5, "5", True, Decimal("NaN"), Decimal("Infinity")],
    "order.weight_g": [Decimal(5), "5", True, 5.0],
    "order.gift": [1, 0, "true"],
    "order.type": ["other", 1],
    "order.channel": [7, True, b"web"],
    "receiver.region": [33],
    "order.tags": ["A", ["A"]],
    "order.due": [datetime(2026, 1, 1, tzinfo=UTC), "2026-01-01"],
    "order.paid_at": [datetime(2026, 1, 1)],
}
CONDITIONS = {
    "order.receivable": "{at_least: 1}",
    "order.weight_g": "{below: 3}",
    "order.gift": "true",
    "order.type": "presale",
    "order.channel": "web",
    "receiver.region": '"33"',
    "order.tags": "{contains: A}",
    "order.due": "{at_least: 2026-01-01}",
    "order.paid_at": "{at_least: '2026-01-01T00:00:00Z'}",
}


@pytest.mark.parametrize("hit", ["first", "unique", "collect"])
@pytest.mark.parametrize("name", WRONG)
def test_a_value_of_another_type_is_an_error_and_never_no_match(name: str, hit: str) -> None:
    rules = risk(
        f"  - {{id: R, when: {{{name}: {CONDITIONS[name]}}}, then: {{outcome: hold}}}}", hit=hit
    )
    for value in WRONG[name]:
        for ask in (rules.ask, rules.decide):
            with pytest.raises(FactError):
                ask(Facts.prepared({name: value}))


def test_the_type_of_a_fact_that_no_rule_reads_is_found_out_by_the_record() -> None:
    rules = risk("  - {id: R, when: {order.gift: true}, then: {outcome: hold}}")
    facts = Facts.prepared({"order.gift": True, "order.weight_g": "heavy"})

    answer = rules.ask(facts)
    assert answer.fired == ("R",)
    with pytest.raises(FactError, match=r"`order\.weight_g`"):
        answer.decision()

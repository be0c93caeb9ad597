"""Equal parts of a tree are held once, and parts that only compare equal stay apart."""

from __future__ import annotations

from decimal import Decimal

from ordinance.rules.reading import read_rules
from ordinance.rules.reading.shared import Shared
from ordinance.rules.tree import Given, ParamRef, RuleSet, Test
from tests.rules.sample_point import POINTS


def read(rules: str) -> RuleSet:
    text = (
        f"decision: review.risk\nhit: collect\nrules:\n{rules}"
        "otherwise: {outcome: approve}\nwhen_unknown: {outcome: hold}\n"
    )
    return read_rules(text, file="risk.yaml", points=POINTS).sets[0]


def test_rules_that_say_the_same_hold_one_outcome_and_one_value() -> None:
    first, second = read(
        "  - {id: A, when: {order.channel: shop}, then: {outcome: hold}}\n"
        "  - {id: B, when: {order.channel: shop}, then: {outcome: hold}}\n"
    ).rules

    assert isinstance(first.when, Test) and isinstance(second.when, Test)
    assert first.then is second.then
    assert first.when.operands is second.when.operands
    assert first.when.place != second.when.place


def test_places_of_one_line_hold_one_number() -> None:
    rules = "\n" * 300 + "  - {id: A, when: {order.channel: shop}, then: {outcome: hold}}\n"
    rule = read(rules).rules[0]

    assert isinstance(rule.when, Test)
    assert rule.place.line == rule.when.place.line == 304
    assert rule.place.line is rule.when.place.line


def test_values_that_compare_equal_but_are_written_otherwise_stay_apart() -> None:
    shared = Shared()
    values = [1, True, Decimal(1), Decimal("1.0"), "1"]

    assert [repr(shared.given(value).value) for value in values] == [repr(v) for v in values]
    assert shared.alone(shared.given(Decimal("1.0"))) == (Given(Decimal("1.0")),)


def test_outcomes_that_compare_equal_but_are_written_otherwise_stay_apart() -> None:
    shared = Shared()
    outcomes = [
        {"points": 1},
        {"points": True},
        {"points": Decimal(1)},
        {"points": "1"},
        {"points": ParamRef("x")},
        {"points": {"a": Decimal("1.0")}},
        {"points": {"a": Decimal(1)}},
        {"b": 1, "a": 1},
        {"a": 1, "b": 1},
    ]

    assert [repr(shared.outcome(item)) for item in outcomes] == [repr(item) for item in outcomes]


def test_a_reference_stands_alone_as_it_is() -> None:
    operand = ParamRef("large")

    assert Shared().alone(operand) == (operand,)


def test_a_value_twice_in_a_long_list_is_found() -> None:
    listed = ", ".join(f"c{number}" for number in range(4_000))
    text = (
        "decision: review.risk\nhit: collect\nrules:\n"
        f"  - {{id: A, when: {{order.channel: [{listed}, c7]}}, then: {{outcome: hold}}}}\n"
        "otherwise: {outcome: approve}\nwhen_unknown: {outcome: hold}\n"
    )
    warnings = read_rules(text, file="risk.yaml", points=POINTS).warnings

    assert [str(warning.message) for warning in warnings] == ["the list holds a value twice"]

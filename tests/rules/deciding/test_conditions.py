"""Conditions put together: and, or, not, n of m, and conditions over lines."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.deciding.rulesets import verdict

GIFT, HEAVY, TAGGED = (
    "{order.gift: true}",
    "{order.weight_g: {at_least: 1000}}",
    "{order.tags: A}",
)
YES = {"order.gift": True, "order.weight_g": 1000, "order.tags": ["A"]}
NO = {"order.gift": False, "order.weight_g": 999, "order.tags": []}


def facts(*, gift: bool | None, heavy: bool | None, tagged: bool | None) -> dict[str, object]:
    """Facts on which the three conditions above come out as wanted; None leaves one unknown."""
    wanted = {"order.gift": gift, "order.weight_g": heavy, "order.tags": tagged}
    return {
        name: (YES if value else NO)[name] for name, value in wanted.items() if value is not None
    }


@pytest.mark.parametrize(
    ("gift", "heavy", "tagged", "expected"),
    [
        (True, True, True, True),
        (True, True, False, True),
        (True, False, False, False),
        (False, False, False, False),
        (True, True, None, True),
        (True, None, None, None),
        (False, False, None, False),
        (True, False, None, None),
    ],
)
def test_some_needs_n_of_m(
    gift: bool | None, heavy: bool | None, tagged: bool | None, expected: bool | None
) -> None:
    when = f"{{some: {{at_least: 2, of: [{GIFT}, {HEAVY}, {TAGGED}]}}}}"

    assert verdict(when, facts(gift=gift, heavy=heavy, tagged=tagged)) is expected


@pytest.mark.parametrize(
    ("gift", "heavy", "both", "either"),
    [
        (True, True, True, True),
        (True, False, False, True),
        (False, False, False, False),
        (True, None, None, True),
        (False, None, False, None),
        (None, None, None, None),
    ],
)
def test_all_any_and_not_know_three_values(
    gift: bool | None, heavy: bool | None, both: bool | None, either: bool | None
) -> None:
    given = facts(gift=gift, heavy=heavy, tagged=None)

    assert verdict(f"{{all: [{GIFT}, {HEAVY}]}}", given) is both
    assert verdict(f"{{any: [{GIFT}, {HEAVY}]}}", given) is either
    opposite = None if either is None else not either
    assert verdict(f"{{not: {{any: [{GIFT}, {HEAVY}]}}}}", given) is opposite


def lines(*quantities: int | None) -> dict[str, Any]:
    return {
        "lines": [{"line.category": "tea", "line.quantity": quantity} for quantity in quantities]
    }


MANY = "{line.quantity: {at_least: 3}}"


@pytest.mark.parametrize(
    ("given", "some_line", "every_line"),
    [
        (lines(), False, False),
        ({}, False, False),
        (lines(3), True, True),
        (lines(3, 2), True, False),
        (lines(2, 2), False, False),
        (lines(3, None), True, None),
        (lines(2, None), None, False),
        (lines(None), None, None),
    ],
)
def test_any_line_and_all_lines(
    given: dict[str, object], some_line: bool | None, every_line: bool | None
) -> None:
    assert verdict(f"{{any_line: {MANY}}}", given) is some_line
    assert verdict(f"{{all_lines: {MANY}}}", given) is every_line


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (lines(3, 3), True),
        (lines(3, 2), False),
        (lines(), False),
        (lines(3, 3, None), True),
        (lines(3, None), None),
        (lines(2, None), False),
    ],
)
def test_count_lines_counts_the_lines_that_hold(
    given: dict[str, object], expected: bool | None
) -> None:
    assert verdict(f"{{count_lines: {{where: {MANY}, at_least: 2}}}}", given) is expected


def test_a_count_of_no_lines_is_zero() -> None:
    assert verdict(f"{{count_lines: {{where: {MANY}, is: 0}}}}", lines()) is True


def test_a_count_may_be_known_although_one_line_is_not() -> None:
    when = f"{{count_lines: {{where: {MANY}, between: {{from: 1, to: 3}}}}}}"

    assert verdict(when, lines(3, None)) is True
    assert verdict(when, lines(2, None)) is None


def test_a_line_is_compared_with_facts_of_the_order() -> None:
    when = "{any_line: {line.quantity: {above: $buyer.orders_90d}}}"

    assert verdict(when, {"buyer.orders_90d": 2, **lines(2, 3)}) is True
    assert verdict(when, {"buyer.orders_90d": 3, **lines(2, 3)}) is False
    assert verdict(when, lines(2, 3)) is None


def test_a_condition_over_lines_may_ask_about_the_order_too() -> None:
    when = "{any_line: {line.quantity: {at_least: 3}, order.gift: true}}"

    assert verdict(when, {"order.gift": True, **lines(3)}) is True
    assert verdict(when, {"order.gift": False, **lines(3)}) is False
    assert verdict(when, {"order.gift": False, **lines(None)}) is False


def test_an_alternative_is_decided_by_what_is_known() -> None:
    when = "{any: [{order.weight_g: {below: 5}}, {order.weight_g: {at_least: 5}}]}"

    assert verdict(when, {}) is True

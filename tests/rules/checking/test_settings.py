"""What is found in each period, and over the values that a merchant may set."""

from __future__ import annotations

from ordinance.rules.checking import findings
from tests.rules.checking.written import PARAMS, RANGES, SCORED, codes, risk


def test_points_that_a_merchant_may_set_beyond_the_last_band() -> None:
    tail = SCORED.replace(
        "{at_least: 60, outcome: hold}", "{at_least: 60, below: 90, outcome: hold}"
    )
    tree = risk(
        "  - {id: R1, when: {order.gift: true}, then: {points: $large}}",
        hit="score",
        tail=tail,
        more="params:\n  large: {merchant_may_set: {at_least: 5, at_most: 100}, value: 30}\n",
    )

    assert [item.message for item in findings(tree) if item.severity == "error"] == [
        "where `large` is set to 100: some orders reach 100 points, and no band holds them"
    ]
    assert codes(tree) == ["E_NO_BAND", "W_BAND"]


def test_a_value_that_a_merchant_may_set_and_that_makes_a_rule_impossible() -> None:
    tail = "\nwhen_unknown: {outcome: manual_review}\notherwise: error\n"
    assert codes(risk(RANGES, hit="unique", tail=tail, more=PARAMS % 8)) == []

    tree = risk(RANGES, hit="unique", tail=tail, more=PARAMS % 7)
    assert [item.message for item in findings(tree)] == [
        "where `goodwill` is set to 7 g: this condition of rule `T4` is never true "
        "(`order.weight_g`)"
    ]


def test_below_the_legal_value_rules_overlap() -> None:
    tail = "\nwhen_unknown: {outcome: manual_review}\notherwise: error\n"
    tree = risk(RANGES, hit="unique", tail=tail, more=PARAMS % 5)

    assert [item.message for item in findings(tree) if item.code == "E_TWO_RULES"] == [
        "where `goodwill` is set to 5 g: rules `T3` and `T5` are both true for some orders, and "
        "`hit: unique` allows one"
    ]


def test_a_list_that_grows_makes_a_rule_unreachable_from_then_on() -> None:
    lists = (
        "as_of: order.paid_at\n"
        "lists:\n"
        '  far: {values: {2026-01-01: ["46"], 2026-11-01: ["46", "54"]}}\n'
    )
    tree = risk(
        "  - {id: R1, when: {receiver.region: {one_of: $far}}, then: {outcome: hold}}\n"
        '  - {id: R2, when: {receiver.region: "5401"}, then: {outcome: manual_review}}',
        more=lists,
    )

    assert [item.message for item in findings(tree) if item.code == "E_UNREACHABLE"] == [
        "from 2026-11-01: rule `R2` is never reached: `R1` takes every order that it fits"
    ]


def test_a_rule_that_is_not_in_force_is_not_called_unreachable() -> None:
    tree = risk(
        "  - {id: R1, when: {order.weight_g: {below: 5}}, effective: {from: 2026-11-01}, "
        "then: {outcome: hold}}\n"
        "  - {id: R2, when: {order.weight_g: {below: 9}}, then: {outcome: manual_review}}"
    )

    assert [item.code for item in findings(tree) if item.severity == "error"] == []


def test_daily_windows_and_scopes_are_axes() -> None:
    rules = (
        "  - {{id: R1, when: {{order.weight_g: {{below: 5}}}}, scope: {{channels: [shop]}}, "
        'effective: {{daily: {{from: "22:00", to: "06:00"}}}}, then: {{outcome: hold}}}}\n'
        "  - {{id: R2, when: {{order.weight_g: {{below: 4}}}}, scope: {{channels: [{0}]}}, "
        'effective: {{daily: {{from: "23:00", to: "{1}"}}}}, then: {{outcome: hold}}}}'
    )

    assert "E_UNREACHABLE" in codes(risk(rules.format("shop", "06:00")))
    assert "E_UNREACHABLE" not in codes(risk(rules.format("shop", "06:01")))
    assert "E_UNREACHABLE" not in codes(risk(rules.format("web", "06:00")))


def test_a_rule_for_orders_from_a_day_on_is_not_called_impossible_before_it() -> None:
    more = "as_of: order.due\nparams:\n  large: {unit: g, values: {always: 500, 2026-11-01: 800}}\n"
    rules = (
        "  - {id: R1, when: {order.weight_g: {above: $large}, order.due: {at_least: %s}}, "
        "then: {outcome: hold}}"
    )

    assert [item.code for item in findings(risk(rules % "2026-12-01", more=more))] == ["N_NO_RULE"]
    tree = risk(rules % "2026-12-01, below: 2026-12-02, is_not: 2026-12-01", more=more)
    assert [item.message for item in findings(tree) if item.severity == "error"] == [
        "before 2026-11-01: this condition of rule `R1` is never true (`order.due`)",
        "from 2026-11-01: rule `R1` is never true: its conditions exclude each other",
    ]

"""What the checks say about small sets, one sort of finding after another."""

from __future__ import annotations

import pytest

from ordinance.rules import loads
from ordinance.rules.checking import Finding, findings
from ordinance.rules.tree import RuleSet
from tests.rules.sample_point import POINTS

HEAD = """\
decision: {point}
version: 1
hit: {hit}
"""
TAIL = """
when_unknown: {outcome: manual_review}
otherwise: {outcome: approve}
"""


def risk(rules: str, *, hit: str = "first", tail: str = TAIL, more: str = "") -> RuleSet:
    text = HEAD.format(point="review.risk", hit=hit) + more + "rules:\n" + rules + tail
    return loads(text, points=POINTS)["review.risk"].tree


def told(tree: RuleSet, *codes: str) -> list[str]:
    """The findings of these codes (or all) in English."""
    return [item.text("en") for item in findings(tree) if not codes or item.code in codes]


def codes(tree: RuleSet) -> list[str]:
    return [item.code for item in findings(tree)]


def test_a_condition_that_is_never_true() -> None:
    tree = risk("  - {id: R1, when: {order.weight_g: {above: 3, below: 4}}, then: {outcome: hold}}")

    assert told(tree, "E_NEVER_TRUE") == [
        "rules.yaml:5:21: error E_NEVER_TRUE: this condition of rule `R1` is never true "
        "(`order.weight_g`)\n"
        "  help: check the direction and the values of its limits"
    ]
    assert findings(tree)[0].text("zh") == (
        "rules.yaml:5:21: 错误 E_NEVER_TRUE: 规则 `R1` 的这个条件永远不成立 (`order.weight_g`)\n"
        "  改法: 检查界限的方向和数值"
    )


def test_a_condition_that_is_always_true_for_the_declared_range() -> None:
    tree = risk(
        "  - {id: R1, when: {order.weight_g: {at_least: 0}, order.gift: true}, "
        "then: {outcome: hold}}"
    )

    assert next(item.code for item in findings(tree)) == "E_ALWAYS_TRUE"


def test_a_part_of_a_line_condition_that_is_never_true() -> None:
    tree = risk(
        "  - {id: R1, when: {any_line: {line.quantity: {above: 2, below: 3}}}, "
        "then: {outcome: hold}}"
    )

    assert next(item.code for item in findings(tree)) == "E_NEVER_TRUE"


def test_an_unreachable_rule_names_the_rules_that_take_its_orders() -> None:
    tree = risk(
        "  - {id: R1, when: {order.weight_g: {below: 5}}, then: {outcome: hold}}\n"
        "  - {id: R2, when: {order.gift: true}, then: {outcome: hold}}\n"
        "  - {id: R3, when: {order.weight_g: {at_least: 5}}, then: {outcome: manual_review}}\n"
        "  - {id: R4, when: {order.weight_g: {between: {from: 3, to: 9}}}, "
        "then: {outcome: hold}}"
    )
    (item,) = [item for item in findings(tree) if item.code == "E_UNREACHABLE"]

    assert isinstance(item, Finding)
    assert item.message == (
        "rule `R4` is never reached: `R1`, `R2`, `R3` take every order that it fits"
    )
    assert [place.line for place in item.places] == [5, 6, 7]


def test_a_gap_is_an_error_where_otherwise_is_one() -> None:
    rules = "  - {id: R1, when: {order.weight_g: {above: 5}}, then: {outcome: hold}}"
    tail = "\nwhen_unknown: {outcome: manual_review}\notherwise: error\n"

    assert told(risk(rules, tail=tail), "E_NO_RULE") == [
        "rules.yaml:1:1: error E_NO_RULE: no rule takes some orders, and `otherwise` is an error\n"
        "  for example: weight g 1 g\n"
        "  help: add a rule for such orders, or give `otherwise` an outcome"
    ]
    assert told(risk(rules), "E_NO_RULE", "N_NO_RULE")[0].startswith("rules.yaml:1:1: note")
    assert told(risk(rules, hit="collect"), "E_NO_RULE", "N_NO_RULE") == []


def test_two_rules_of_a_unique_set_that_meet() -> None:
    tree = risk(
        "  - {id: R1, when: {order.weight_g: {at_most: 5}}, then: {outcome: hold}}\n"
        "  - {id: R2, when: {order.weight_g: {at_least: 5}}, then: {outcome: approve}}",
        hit="unique",
    )

    assert told(tree, "E_TWO_RULES") == [
        "rules.yaml:6:5: error E_TWO_RULES: rules `R1` and `R2` are both true for some orders, "
        "and `hit: unique` allows one\n"
        "  for example: weight g 5 g\n"
        "  help: let their conditions exclude each other, or write `hit: first`"
    ]


GIFTS = """\
decision: packing.gift
version: 1
hit: collect
rules:
  - {{id: G1, {group}when: {{order.weight_g: {{at_least: 1}}}}, then: {{box: small}}}}
  - {{id: G2, {group}when: {{order.weight_g: {{at_least: 9}}}}, then: {{box: {box}}}}}
when_unknown: {{box: small}}
otherwise: {{}}
"""


@pytest.mark.parametrize(
    ("group", "box", "found"),
    [
        ("", "large", ["E_CONFLICT"]),
        ("", "small", []),
        ("group: boxes, ", "large", ["E_UNREACHABLE"]),
    ],
)
def test_rules_that_give_one_field_two_values(group: str, box: str, found: list[str]) -> None:
    tree = loads(GIFTS.format(group=group, box=box), points=POINTS)["packing.gift"].tree

    assert codes(tree) == found


SCORED = """
bands:
  - {below: 30, outcome: approve}
  - {at_least: 30, below: 60, outcome: manual_review}
  - {at_least: 60, outcome: hold}
when_unknown: {outcome: manual_review}
otherwise: {points: 0}
"""


def test_a_band_that_no_sum_reaches_because_rules_exclude_each_other() -> None:
    tree = risk(
        "  - {id: R1, when: {order.weight_g: {below: 5}}, then: {points: 40}}\n"
        "  - {id: R2, when: {order.weight_g: {above: 7}}, then: {points: 40}}",
        hit="score",
        tail=SCORED,
    )

    assert told(tree, "W_BAND") == [
        "rules.yaml:10:5: warning W_BAND: no order can reach this band (from 60 points): sums go "
        "from 0 to 40\n"
        "  help: change the points or the bands"
    ]


def test_a_column_that_never_matters() -> None:
    tree = risk(
        "  - {id: R1, when: {order.weight_g: {below: 5}, order.gift: true}, "
        "then: {outcome: hold}}\n"
        "  - {id: R2, when: {order.weight_g: {below: 5}, order.gift: false}, "
        "then: {outcome: hold}}"
    )

    assert codes(tree) == ["W_COLUMN", "N_NO_RULE", "N_MERGE", "N_HIT"]


def test_a_rule_without_which_everything_comes_to_the_same() -> None:
    tree = risk(
        "  - {id: R1, when: {order.weight_g: {below: 5}}, then: {outcome: hold}}\n"
        "  - {id: R2, when: {order.weight_g: {below: 9}}, then: {outcome: approve}}"
    )

    assert "N_REDUNDANT" in codes(tree)
    assert [item.subject for item in findings(tree) if isinstance(item, Finding)][-1] == ("R2",)


PARAMS = """\
params:
  legal: {unit: g, values: {always: 7}, locked: true}
  goodwill: {unit: g, merchant_may_set: {at_least: %d, at_most: 90}, values: {always: 30}}
"""
RANGES = """\
  - {id: T3, when: {order.weight_g: {at_most: $legal}}, then: {outcome: approve}}
  - {id: T4, when: {order.weight_g: {above: $legal, at_most: $goodwill}}, then: {outcome: hold}}
  - {id: T5, when: {order.weight_g: {above: $goodwill}}, then: {outcome: manual_review}}"""


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


def test_the_most_specific_rule_is_not_taken_by_a_wider_one_before_it() -> None:
    rules = (
        '  - {id: R1, when: {receiver.region: "33"}, then: {outcome: hold}}\n'
        '  - {id: R2, when: {receiver.region: "3301"}, then: {outcome: approve}}\n'
        '  - {id: R3, when: {receiver.region: "3301"}, then: {outcome: hold}}'
    )
    specific = risk(rules, more="most_specific: receiver.region\n")

    assert [item.message for item in findings(risk(rules)) if item.code == "E_UNREACHABLE"] == [
        "rule `R2` is never reached: `R1` takes every order that it fits",
        "rule `R3` is never reached: `R1` takes every order that it fits",
    ]
    assert [item.message for item in findings(specific) if item.code == "E_UNREACHABLE"] == [
        "rule `R3` is never reached: `R2` takes every order that it fits"
    ]


def test_equally_specific_rules_of_a_unique_set_contradict_each_other() -> None:
    rules = (
        '  - {id: R1, when: {receiver.region: "33"}, then: {outcome: hold}}\n'
        '  - {id: R2, when: {receiver.region: "3301"}, then: {outcome: approve}}\n'
        '  - {id: R3, when: {receiver.region: "3301", order.gift: true}, then: {outcome: hold}}'
    )
    tree = risk(rules, hit="unique", more="most_specific: receiver.region\n")

    (item,) = [item for item in findings(tree) if item.code == "E_TWO_RULES"]
    assert isinstance(item, Finding) and item.subject == ("R2", "R3")


RANK = """\
decision: allocation.source
version: 1
hit: rank
exclude:
  - {{id: X1, {must}when: {{candidate.distance_km: {{above: 5}}}}}}
  - {{id: X2, when: {{candidate.distance_km: {{above: 9}}}}}}
prefer:
  - {{id: P1, least: candidate.cost}}
tie_break: [candidate.priority, candidate.code]
when_unknown: {{outcome: unassigned}}
otherwise: {{outcome: unassigned}}
"""


def test_an_exclusion_is_covered_by_a_hard_one_only() -> None:
    hard = loads(RANK.format(must="must: true, "), points=POINTS)["allocation.source"].tree
    soft = loads(RANK.format(must=""), points=POINTS)["allocation.source"].tree

    assert codes(hard) == ["E_UNREACHABLE"]
    assert codes(soft) == []


def test_what_is_not_looked_into_is_named() -> None:
    tree = risk(
        "  - {id: R1, when: {order.message: {matches: '^a+$'}}, then: {outcome: hold}}\n"
        "  - {id: R2, when: {order.paid: {below: $order.receivable}}, then: {outcome: hold}}"
    )

    assert [item.message for item in findings(tree) if item.code == "N_NOT_CHECKED"] == [
        "rule `R1`: the pattern of `order.message` is taken as true or false and not looked into",
        "rule `R2`: the comparison of `order.paid` with another fact is taken as true or false "
        "and not looked into",
    ]


def test_one_comparison_of_two_facts_and_its_opposite_leave_no_gap() -> None:
    tail = "\nwhen_unknown: {outcome: manual_review}\notherwise: error\n"
    tree = risk(
        "  - {id: R1, when: {order.paid: {below: $order.receivable}}, then: {outcome: hold}}\n"
        "  - {id: R2, when: {order.receivable: {at_most: $order.paid}}, "
        "then: {outcome: approve}}",
        tail=tail,
    )

    assert [item.code for item in findings(tree) if item.severity == "error"] == []


def test_a_rule_that_is_unknown_whenever_a_later_one_is_true_takes_its_orders() -> None:
    tree = risk(
        "  - {id: R1, when: {order.weight_g: {at_least: 5}}, then: {outcome: hold}}\n"
        "  - {id: R2, when: {order.weight_g: {missing: true}}, then: {outcome: manual_review}}"
    )

    assert [item.message for item in findings(tree) if item.code == "E_UNREACHABLE"] == [
        "rule `R2` is never reached: a rule before it is unknown whenever it is true"
    ]

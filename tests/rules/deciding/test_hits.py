"""Hit policies: first, unique, collect and score."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ordinance.rules import RuleFileError, Ruleset
from tests.rules.deciding.rulesets import risk, ruleset

BIG = "{order.receivable: {at_least: 100}}"
HEAVY = "{order.weight_g: {at_least: 1000}}"
FACTS = {"order.receivable": "100", "order.weight_g": 1000}


def test_the_first_true_rule_decides() -> None:
    rules = risk(
        f"""
  - {{id: R1, when: {HEAVY}, then: {{outcome: hold}}}}
  - {{id: R2, when: {BIG}, then: {{outcome: manual_review}}}}"""
    )

    assert rules.decide(FACTS).fired == ("R1",)
    assert rules.decide({**FACTS, "order.weight_g": 0}).fired == ("R2",)


def test_without_a_true_rule_otherwise_answers() -> None:
    decision = risk(f"  - {{id: R, when: {BIG}, then: {{outcome: hold}}}}").decide(
        {"order.receivable": "0"}
    )

    assert (dict(decision.outcome), decision.settled_by) == ({"outcome": "approve"}, "otherwise")


def test_otherwise_error_fails_by_name() -> None:
    text = """
decision: review.risk
hit: first
rules: [{id: R, when: {order.gift: true}, then: {outcome: hold}}]
when_unknown: {outcome: manual_review}
otherwise: error
"""
    decision = ruleset(text).decide({"order.gift": False})

    assert (decision.settled_by, decision.failure) == ("failure", "no_rule")
    assert decision.outcome["outcome"] == "manual_review"


def test_unique_names_every_rule_when_two_are_true() -> None:
    rules = risk(
        f"""
  - {{id: R1, when: {HEAVY}, then: {{outcome: hold}}}}
  - {{id: R2, when: {BIG}, then: {{outcome: hold}}}}""",
        hit="unique",
    )
    both = rules.decide(FACTS)

    assert (both.settled_by, both.failure, both.fired) == ("failure", "R1, R2", ())
    assert both.outcome["outcome"] == "manual_review"
    assert rules.decide({**FACTS, "order.weight_g": 0}).fired == ("R2",)


def test_collect_merges_each_field_as_the_point_declares() -> None:
    rules = risk(
        """
  - {id: R1, when: always, then: {outcome: hold, hold: [stock_check, phone_confirmation]}}
  - {id: R2, when: always, then: {outcome: approve, hold: [phone_confirmation]}}
  - {id: R3, when: {order.gift: true}, then: {outcome: manual_review}}""",
        hit="collect",
    )
    decision = rules.decide({"order.gift": False})

    assert decision.fired == ("R1", "R2")
    # `outcome` takes the worst of its choices, `hold` their union in file order.
    assert decision.outcome == {"outcome": "hold", "hold": ["stock_check", "phone_confirmation"]}


GIFTS = """
decision: packing.gift
hit: collect
rules:
  - id: A1
    group: spring
    when: {order.weight_g: {at_least: 5}}
    then: {gift: {sku: A1, per: 200, cap: 2}}
  - id: A2
    group: spring
    when: {order.weight_g: {at_least: 3}}
    then: {gift: {sku: A2, per_order: 1}}
  - id: B1
    group: summer
    when: {order.goods_amount: {at_least: 100}}
    then: {gift: {sku: B1, per_order: 1}}
  - {id: C1, when: {order.goods_amount: {at_least: 100}}, then: {box: big}}
when_unknown: {box: ask}
otherwise: {box: plain, delay: 2 h}
"""


@pytest.mark.parametrize(
    ("weight", "amount", "fired"),
    [
        (5, "100", ("A1", "B1", "C1")),
        (3, "100", ("A2", "B1", "C1")),
        (3, "99.99", ("A2",)),
        (0, "0", ()),
    ],
)
def test_of_a_group_only_the_first_true_rule_fires(
    weight: int, amount: str, fired: tuple[str, ...]
) -> None:
    facts = {"order.weight_g": weight, "order.goods_amount": amount}

    assert ruleset(GIFTS).decide(facts).fired == fired


def test_otherwise_fills_the_fields_that_no_fired_rule_set() -> None:
    rules = ruleset(GIFTS)
    gift = {"sku": "A2", "per_order": 1}

    assert rules.decide({"order.weight_g": 3, "order.goods_amount": "0"}).outcome == {
        "gift": [gift],
        "box": "plain",
        "delay": "7200 s",
    }
    assert rules.decide({"order.weight_g": 0, "order.goods_amount": "100"}).outcome["box"] == "big"
    nothing = rules.decide({"order.weight_g": 0, "order.goods_amount": "0"})
    assert (dict(nothing.outcome), nothing.settled_by) == (
        {"box": "plain", "delay": "7200 s"},
        "otherwise",
    )


def test_a_structured_outcome_is_plain_and_canonical() -> None:
    decision = ruleset(GIFTS).decide({"order.weight_g": 5, "order.goods_amount": "100"})

    assert decision.outcome["gift"] == [
        {"sku": "A1", "per": "200", "cap": 2},
        {"sku": "B1", "per_order": 1},
    ]


SCORE = """
decision: review.risk
hit: score
rules:
  - {id: R1, when: {order.receivable: {at_least: 100}}, then: {points: 30, hold: [stock_check]}}
  - {id: R2, when: {order.weight_g: {at_least: 1000}}, then: {points: 29}}
  - {id: R3, when: {order.gift: true}, then: {points: -5}}
bands:
  - {below: 30, outcome: approve}
  - {at_least: 30, below: 60, outcome: manual_review}
  - {at_least: 60, outcome: hold}
when_unknown: {outcome: manual_review}
otherwise: {points: BASE}
"""


@pytest.mark.parametrize(
    ("base", "facts", "points", "outcome", "fired"),
    [
        (0, {"order.receivable": "100"}, 30, "manual_review", ("R1",)),
        (0, {"order.weight_g": 1000}, 29, "approve", ("R2",)),
        (0, {"order.receivable": "100", "order.weight_g": 1000}, 59, "manual_review", ("R1", "R2")),
        (1, {"order.receivable": "100", "order.weight_g": 1000}, 60, "hold", ("R1", "R2")),
        (1, {"order.gift": True}, -4, "approve", ("R3",)),
        (7, {}, 7, "approve", ()),
    ],
)
def test_points_are_added_to_the_base_and_a_band_owns_its_lower_bound(
    base: int, facts: dict[str, object], points: int, outcome: str, fired: tuple[str, ...]
) -> None:
    given = {"order.receivable": "0", "order.weight_g": 0, "order.gift": False, **facts}
    decision = ruleset(SCORE.replace("BASE", str(base))).decide(given)

    assert (decision.points, decision.outcome["outcome"], decision.fired) == (
        points,
        outcome,
        fired,
    )


@pytest.mark.parametrize(
    ("total", "base", "facts", "points"),
    [
        ("max", 0, {"order.receivable": "100", "order.weight_g": 1000}, 30),
        ("max", 0, {"order.weight_g": 1000, "order.gift": True}, 29),
        ("max", 0, {"order.gift": True}, -5),
        ("max", 7, {"order.gift": True}, -5),
        ("max", 7, {}, 7),
        ("min", 0, {"order.receivable": "100", "order.weight_g": 1000}, 29),
        ("min", 0, {"order.receivable": "100"}, 30),
        ("min", -9, {"order.gift": True}, -5),
        ("min", -9, {}, -9),
        ("sum", 7, {"order.gift": True}, 2),
        ("取最大", 7, {"order.receivable": "100", "order.gift": True}, 30),
        ("取最小", 7, {"order.receivable": "100", "order.gift": True}, -5),
    ],
)
def test_the_highest_or_lowest_points_count_and_those_of_otherwise_only_without_a_true_rule(
    total: str, base: int, facts: dict[str, object], points: int
) -> None:
    text = SCORE.replace("BASE", str(base)).replace("bands:", f"total: {total}\nbands:")
    given = {"order.receivable": "0", "order.weight_g": 0, "order.gift": False, **facts}
    rules = ruleset(text)
    decision = rules.decide(given)

    bands = {-1: "approve", 0: "approve", 1: "manual_review"}
    assert decision.points == points
    assert decision.outcome["outcome"] == bands[points // 30]


@pytest.mark.parametrize(
    ("total", "told"),
    [
        ("max", "score 30: the highest of R1 +30, R3 -5 (at least 30, below 60)"),
        ("min", "score -5: the lowest of R1 +30, R3 -5 (below 30)"),
    ],
)
def test_an_explanation_says_which_points_count(total: str, told: str) -> None:
    text = SCORE.replace("BASE", "7").replace("bands:", f"total: {total}\nbands:")
    given = {"order.receivable": "100", "order.weight_g": 0, "order.gift": True}
    rules = ruleset(text)

    assert rules.explain(rules.decide(given), given).settled.en == told


@pytest.mark.parametrize(
    ("total", "missing"),
    [("max", "no band for 30 points"), ("min", "no band for 30 points"), ("sum", "59 points")],
)
def test_points_that_are_not_added_reach_no_further_than_the_highest_rule(
    total: str, missing: str
) -> None:
    low = "  - {below: 30, outcome: approve}\n"
    head, _, tail = SCORE.replace("BASE", "0").partition(low)
    short = head + low + tail[tail.index("when_unknown") :]
    text = short.replace("bands:", f"total: {total}\nbands:")

    with pytest.raises(RuleFileError) as caught:
        ruleset(text)
    assert missing in str(caught.value)


def test_a_score_that_is_taken_together_in_no_known_way_is_refused() -> None:
    text = SCORE.replace("BASE", "0").replace("bands:", "total: maximum\nbands:")

    with pytest.raises(RuleFileError) as caught:
        ruleset(text)
    assert "`maximum` is not a way to take the points together" in str(caught.value)


def test_rules_of_a_score_may_set_fields_beside_their_points() -> None:
    given = {"order.receivable": "100", "order.weight_g": 0, "order.gift": False}

    assert ruleset(SCORE.replace("BASE", "0")).decide(given).outcome == {
        "outcome": "manual_review",
        "hold": ["stock_check"],
    }


def test_a_score_outside_every_band_fails_by_name() -> None:
    # The reader refuses such a file; a tree that comes from elsewhere must not slip through.
    tree = ruleset(SCORE.replace("BASE", "0")).tree
    given = {"order.receivable": "100", "order.weight_g": 0, "order.gift": False}
    decision = Ruleset(replace(tree, bands=tree.bands[:1])).decide(given)

    assert (decision.failure, decision.points, decision.outcome["outcome"], decision.fired) == (
        "no_band",
        30,
        "manual_review",
        ("R1",),
    )

"""Decisions with unknown facts: what stands whatever they are, and what hangs on them."""

from __future__ import annotations

import pytest

from ordinance.rules.deciding import unknowns
from tests.rules.deciding.rulesets import risk, ruleset, verdict

LARGE = "  - {id: LARGE, when: {order.receivable: {at_least: 100}}, then: {outcome: hold}}"
HEAVY = "  - {id: HEAVY, when: {order.weight_g: {at_least: 5}}, then: {outcome: hold}}"


def test_a_decision_that_hangs_takes_the_stated_outcome_and_names_the_facts() -> None:
    decision = risk(f"{LARGE}\n{HEAVY}").decide({"order.receivable": "1"})

    assert decision.outcome == {"outcome": "manual_review"}
    assert (decision.settled_by, decision.unknown, decision.fired) == (
        "unknown",
        ("order.weight_g",),
        (),
    )


def test_a_decision_stands_when_no_value_would_change_it() -> None:
    decision = risk(f"{HEAVY}\n{LARGE}", hit="collect").decide({"order.receivable": "100"})

    assert decision.outcome == {"outcome": "hold"}
    assert (decision.settled_by, decision.fired, decision.unknown) == (
        "rules",
        ("LARGE",),
        ("order.weight_g",),
    )


def test_a_true_rule_behind_an_unknown_one_is_not_said_to_have_fired() -> None:
    # A heavy order is held by HEAVY, any other by LARGE: the answer is sure, the rule is not.
    decision = risk(f"{HEAVY}\n{LARGE}").decide({"order.receivable": "100"})

    assert (decision.outcome["outcome"], decision.settled_by, decision.fired) == (
        "hold",
        "rules",
        (),
    )


def test_of_a_group_the_second_rule_is_not_sure_while_the_first_is_unknown() -> None:
    rules = ruleset(
        """
decision: review.risk
hit: collect
rules:
  - {id: A, group: g, when: {order.weight_g: {at_least: 5}}, then: {outcome: hold}}
  - {id: B, group: g, when: {order.gift: true}, then: {outcome: hold}}
  - {id: C, when: {order.gift: true}, then: {outcome: hold}}
when_unknown: {outcome: manual_review}
otherwise: {outcome: approve}
"""
    )

    assert rules.decide({"order.gift": True}).fired == ("C",)


def test_a_rule_that_is_true_whatever_the_unknown_is_has_fired() -> None:
    when = "{any: [{order.gift: true}, {order.gift: false}]}"
    decision = risk(f"  - {{id: R, when: {when}, then: {{outcome: hold}}}}").decide({})

    assert (decision.fired, decision.settled_by) == (("R",), "rules")


def test_a_rule_after_the_first_true_one_is_not_asked() -> None:
    decision = risk(f"{LARGE}\n{HEAVY}").decide({"order.receivable": "100"})

    assert (decision.fired, decision.unknown) == (("LARGE",), ())


def test_rules_that_agree_for_every_value_stand_although_none_of_them_is_sure() -> None:
    rules = risk(
        """
  - {id: LIGHT, when: {order.weight_g: {below: 5}}, then: {outcome: hold}}
  - {id: HEAVY, when: {order.weight_g: {at_least: 5}}, then: {outcome: hold}}"""
    )
    decision = rules.decide({})

    assert (decision.outcome["outcome"], decision.settled_by, decision.fired) == (
        "hold",
        "rules",
        (),
    )


def test_two_conditions_on_one_unknown_are_tried_together() -> None:
    # No weight is both, so neither value of the unknown makes the rule fire.
    rules = risk(
        """
  - id: R
    when: {any: [{order.weight_g: {at_least: 9}}, {order.gift: true}], order.weight_g: {below: 5}}
    then: {outcome: hold}"""
    )

    assert rules.decide({"order.gift": False}).settled_by == "otherwise"
    assert rules.decide({"order.gift": True}).settled_by == "unknown"


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        # Nothing lies between 5 and 6 grams, and no share is above 100%.
        ("{order.weight_g: {above: 5, below: 6}}", False),
        ("{buyer.refunded_share: {above: 100%}}", False),
        ("{buyer.refunded_share: {above: 50%, below: 51%}}", None),
        ("{order.receivable: {above: 5, below: 5.01}}", False),
        ("{order.receivable: {above: 5, below: 5.02}}", None),
        ("{order.weight_g: {at_least: 0}}", True),
        ("{any: [{order.gift: true}, {order.gift: false}]}", True),
        ("{any: [{order.type: normal}, {order.type: presale}]}", True),
        ("{any: [{order.type: normal}, {order.gift: true}]}", None),
        ('{all: [{receiver.region: "33"}, {receiver.region: "44"}]}', False),
        ('{receiver.region: "3301", not: {receiver.region: "33"}}', False),
        ('{receiver.region: "33", not: {receiver.region: "3301"}}', None),
        ("{all: [{order.tags: A}, {order.tags: {contains_none: [A, B]}}]}", False),
        ("{all: [{order.tags: A}, {order.tags: {contains_none: [B]}}]}", None),
        ("{order.message: {starts_with: ab, ends_with: yz, contains: 村}}", None),
        ("{all: [{order.message: {starts_with: ab}}, {order.message: {starts_with: b}}]}", False),
        (
            "{all: [{order.message: {starts_with: ab}}, {not: {order.message: {contains: b}}}]}",
            False,
        ),
        ("{all: [{order.message: ab}, {order.message: {contains: c}}]}", False),
        ('{order.message: {matches: "x+"}}', None),
        (
            '{any: [{order.message: {matches: "x+"}}, {not: {order.message: {matches: "x+"}}}]}',
            True,
        ),
        (
            "{order.paid: {below: $order.receivable}, order.receivable: {at_most: $order.paid}}",
            False,
        ),
        ("{order.paid: {below: $order.receivable}}", None),
    ],
)
def test_a_condition_on_unknowns_alone_is_decided_exactly(when: str, expected: bool | None) -> None:
    assert verdict(when, {}) is expected


def test_an_absent_fact_stays_absent_while_its_effect_is_tried() -> None:
    rules = risk(
        """
  - {id: LATE, when: {order.weight_g: {missing: false, at_least: 1}}, then: {outcome: hold}}
  - {id: NONE, when: {order.weight_g: {missing: true}}, then: {outcome: hold}}"""
    )
    decision = rules.decide({})

    assert (decision.fired, decision.unknown) == (("NONE",), ())


def test_facts_of_one_line_are_tried_apart_from_those_of_another() -> None:
    when = """{count_lines: {where: {line.quantity: {at_least: 3}}, is: 1}}"""
    unknown_lines = {"lines": [{"line.category": "a"}, {"line.category": "b"}]}

    assert verdict(when, unknown_lines) is None
    never_three = "{count_lines: {where: {line.quantity: {at_least: 3}}, at_least: 3}}"
    assert verdict(never_three, unknown_lines) is False


def test_beyond_the_budget_a_decision_counts_as_hanging(monkeypatch: pytest.MonkeyPatch) -> None:
    rules = risk(
        """
  - {id: LIGHT, when: {order.weight_g: {below: 5}}, then: {outcome: hold}}
  - {id: HEAVY, when: {order.weight_g: {at_least: 5}}, then: {outcome: hold}}"""
    )
    assert rules.decide({}).settled_by == "rules"

    monkeypatch.setattr(unknowns, "BUDGET", 1)
    assert rules.decide({}).settled_by == "unknown"


def test_too_many_unknown_lines_hang_quickly() -> None:
    when = "{count_lines: {where: {line.quantity: {at_least: 3}, line.cold_chain: true}, is: 1}}"

    assert verdict(when, {"lines": [{} for _ in range(40)]}) is None


def test_a_score_stands_when_its_band_cannot_change() -> None:
    text = """
decision: review.risk
hit: score
rules:
  - {id: R1, when: {order.receivable: {at_least: 100}}, then: {points: 40}}
  - {id: R2, when: {order.gift: true}, then: {points: GIFT}}
bands: [{below: 30, outcome: approve}, {at_least: 30, outcome: hold}]
when_unknown: {outcome: manual_review}
otherwise: {points: 0}
"""
    stands = ruleset(text.replace("GIFT", "20")).decide({"order.receivable": "100"})
    hangs = ruleset(text.replace("GIFT", "-20")).decide({"order.receivable": "100"})

    assert (stands.outcome["outcome"], stands.points, stands.fired) == ("hold", 40, ("R1",))
    assert (hangs.outcome["outcome"], hangs.points) == ("manual_review", None)


def test_a_unique_set_hangs_when_a_value_would_make_two_rules_true() -> None:
    rules = risk(f"{LARGE}\n{HEAVY}", hit="unique")

    assert rules.decide({"order.receivable": "100"}).settled_by == "unknown"

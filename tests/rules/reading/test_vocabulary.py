"""A decision point told to `business-rules`."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal

import pytest
from business_rules.engine import run_all

from ordinance.rules.vocabulary import actions_of, exported, variables_of
from tests.rules.sample_point import GIFT, RISK


def named(rows: list[dict[str, object]], name: str) -> dict[str, object]:
    return next(row for row in rows if row["name"] == name)


def test_the_export_describes_every_fact_in_either_language() -> None:
    zh, en = exported(RISK, "zh"), exported(RISK, "en")

    assert {row["name"] for row in zh["variables"]} == {fact.name for fact in RISK.facts}
    assert named(zh["variables"], "order.receivable") == {
        "name": "order.receivable",
        "label": "订单.应收",
        "field_type": "numeric",
        "options": [],
    }
    assert named(zh["variables"], "order.weight_g")["label"] == "订单.重量 (g)"
    assert named(en["variables"], "order.type")["options"] == [
        {"name": "normal", "label": "normal"},
        {"name": "presale", "label": "presale"},
    ]
    assert named(en["variables"], "order.tags")["field_type"] == "select_multiple"
    assert json.loads(json.dumps(zh)) == zh


def test_the_export_describes_every_outcome_with_its_arguments() -> None:
    outcome = named(exported(RISK)["actions"], "outcome")
    gift = named(exported(GIFT)["actions"], "gift")

    assert outcome["label"] == "结论"
    assert outcome["params"] == [
        {
            "name": "value",
            "label": "结论",
            "fieldType": "select",
            "options": [
                {"name": "approve", "label": "通过"},
                {"name": "manual_review", "label": "人工审核"},
                {"name": "hold", "label": "拦截"},
            ],
        }
    ]
    assert {row["name"] for row in exported(RISK)["actions"]} == {"outcome", "hold", "points"}
    assert [param["name"] for param in gift["params"]] == [
        argument.name for argument in GIFT.fields[0].arguments
    ]


def test_business_rules_runs_on_the_classes_and_the_actions_only_note_what_was_asked() -> None:
    facts = {"order.receivable": Decimal("5200.10"), "order.waits": timedelta(hours=48)}
    rules = [
        {
            "conditions": {
                "all": [
                    {"name": "order.receivable", "operator": "greater_than", "value": 5000},
                    {"name": "order.waits", "operator": "equal_to", "value": 172_800},
                ]
            },
            "actions": [{"name": "outcome", "params": {"value": "hold"}}],
        }
    ]
    actions = actions_of(RISK)()

    assert run_all(rules, variables_of(RISK)(facts), actions) is True
    assert actions.taken == [("outcome", {"value": "hold"})]


@pytest.mark.parametrize(("asked", "true"), [("presale", True), ("p", False), ("normal", False)])
def test_business_rules_asks_for_a_choice_as_a_whole(asked: str, true: bool) -> None:
    condition = {"name": "order.type", "operator": "contains", "value": asked}
    rules = [{"conditions": {"all": [condition]}, "actions": []}]

    assert run_all(rules, variables_of(RISK)({"order.type": "presale"}), actions_of(RISK)()) is true

"""What stores' strategies must be able to say, one vector a test: conditions, hits, intervals."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path

import pytest

from ordinance.rules import Decision, Rulebook, RuleFileError, load, loads
from tests.rules.strategies.points import POINTS
from tests.rules.strategies.vectors import (
    AUDIT,
    BOXES,
    GIFTS,
    ORDINARY,
    RISK,
    SERVICE,
    SERVICES,
    Vector,
    line,
    money,
)

HERE = Path(__file__).parent


def book(name: str) -> Rulebook:
    """The rules of one file of this folder."""
    return load(HERE / f"{name}.yaml", points=POINTS)


BOOKS = {name: book(name) for name in ("audit", "risk", "goods", "carrier", "sourcing", "service")}
CASES = [
    *(("audit", "audit.order", ORDINARY, vector) for vector in AUDIT),
    *(("risk", "audit.order", ORDINARY, vector) for vector in RISK),
    *(("goods", "packing.gift", ORDINARY, vector) for vector in GIFTS),
    *(("goods", "packing.box", ORDINARY, vector) for vector in BOXES),
    *(("service", "service.answer", SERVICE, vector) for vector in SERVICES),
]


def decided(name: str, point: str, facts: Mapping[str, object]) -> Decision:
    """What a file answers."""
    return BOOKS[name].decide(facts, point=point)


@pytest.mark.parametrize(
    ("name", "point", "usual", "vector"), CASES, ids=[vector.name for *_, vector in CASES]
)
def test_a_vector_fires_its_rules_and_no_other(
    name: str, point: str, usual: Mapping[str, object], vector: Vector
) -> None:
    decision = decided(name, point, {**usual, **vector.facts})

    assert decision.fired == vector.fired
    assert decision.settled_by == ("rules" if vector.fired else "otherwise")


def test_the_same_facts_have_the_same_reasons_in_the_same_order() -> None:
    facts = {**ORDINARY, **money("1000.01"), "order.payment_seen": True, "order.tags": ["A1"]}
    names = list(facts)
    records = set()
    for seed in range(20):
        random.Random(seed).shuffle(names)
        records.add(str(decided("audit", "audit.order", {n: facts[n] for n in names}).record()))

    assert len(records) == 1
    outcome = decided("audit", "audit.order", facts).outcome
    assert outcome == {"outcome": "hold", "reason": ["重复支付", "电话确认", "财审", "标记"]}


def test_a_score_is_in_the_band_whose_bound_it_is() -> None:
    at = decided("risk", "audit.order", {**ORDINARY, **money("1000"), "buyer.orders_90d": 0})
    under = decided("risk", "audit.order", {**ORDINARY, "lines": [line(category="礼品卡")] * 2})

    assert (at.points, at.outcome["outcome"]) == (30, "person")
    assert (under.points, under.outcome["outcome"]) == (29, "pass")


def test_gifts_of_all_groups_add_up() -> None:
    facts = {**ORDINARY, **money("250"), "order.pieces": 3}

    gifts = decided("goods", "packing.gift", facts).outcome["gift"]

    assert gifts == [{"sku": "TIN"}, {"cap": 3, "per": "100", "sku": "COUPON"}]


@pytest.mark.parametrize(
    ("facts", "carrier", "rule"),
    [
        ({"order.type": "cod", "order.shop": "fixed"}, "ZJS", "S1"),
        ({"order.shop": "fixed", "order.paid": "999"}, "SF", "S2"),
        ({"order.paid": "150"}, "STO", "YH"),
        ({"order.paid": "150", "receiver.region": "330200"}, "ZTO", "ZJ"),
        ({"order.paid": "150", "receiver.region": "330106"}, "YTO", "HZ"),
        ({"order.paid": "150", "receiver.region": "110000"}, "YD", "ALL"),
        ({"receiver.address": "仓前街道"}, "EMS", "S4a"),
        ({"receiver.address": "仓前梦想小镇"}, "SF", "S4b"),
        ({"receiver.address": "梦想小镇"}, "STO", "YH"),
        ({"order.paid": "500.00"}, "SF", "S5b"),
        ({"order.paid": "499.99"}, "JD", "S5a"),
        ({"order.paid": "200.00"}, "JD", "S5a"),
        ({"order.paid": "199.99"}, "STO", "YH"),
        ({"order.paid": "150", "order.weight_g": 1000}, "POST", "S6"),
        ({"order.paid": "150", "order.weight_g": 1001}, "STO", "YH"),
        ({"order.paid": "300", "order.weight_g": 500}, "JD", "S5a"),
        ({"order.paid": "150", "order.weight_g": 500, "receiver.address": "军区"}, "STO", "YH"),
        ({"order.paid": "150", "order.shop": "own"}, "OWN-YD", "OWN"),
    ],
)
def test_the_carrier_by_special_cases_then_shop_then_region(
    facts: Mapping[str, object], carrier: str, rule: str
) -> None:
    given = {**ORDINARY, **facts}

    decision = decided("carrier", "shipping.override", given)
    if decision.outcome["answer"] == "base":
        decision = decided("carrier", "shipping.base", given)

    assert (decision.outcome["answer"], decision.fired) == (carrier, (rule,))


def ranked(decision: Decision) -> tuple[str, ...]:
    """The candidates that were not excluded, best first."""
    return tuple(item.code for item in decision.ranking if item.excluded_by is None)


def plan(code: str, cost: int, parcels: int, **more: object) -> dict[str, object]:
    """A way to fill the order."""
    usual = {"serves": True, "is_default": True, "whole": parcels == 1, "km": 100, "priority": 1}
    return {
        f"candidate.{name}": value
        for name, value in {"code": code, "cost": cost, "parcels": parcels, **usual, **more}.items()
    }


@pytest.mark.parametrize(
    ("penalty", "winner"), [(3, "WH1"), (1, "WH2+WH3"), (2, "WH1")], ids=["3", "1", "2: a tie"]
)
def test_the_cheapest_plan_wins_and_of_equal_ones_that_with_fewer_parcels(
    penalty: int, winner: str
) -> None:
    plans = [plan("WH2+WH3", 12 + penalty, 2), plan("WH1", 14, 1)]

    decision = decided("sourcing", "allocation.plan", {**ORDINARY, "candidates": plans})

    assert ranked(decision)[0] == winner


def test_a_must_that_leaves_nothing_names_itself() -> None:
    plans = [plan("WH1", 1, 1, serves=False), plan("WH2", 1, 1, serves=False)]

    decision = decided("sourcing", "allocation.plan", {**ORDINARY, "candidates": plans})

    assert decision.outcome == {"answer": "未分仓"}
    assert "X1" in str(decision.failure)


def test_a_soft_filter_that_would_leave_nothing_is_skipped_and_said() -> None:
    plans = [plan("WH1", 2, 1, is_default=False), plan("WH2", 1, 1, is_default=False)]

    decision = decided("sourcing", "allocation.plan", {**ORDINARY, "candidates": plans})

    assert (ranked(decision), decision.skipped) == (("WH2", "WH1"), ("X2",))


def test_without_the_filter_more_candidates_stand() -> None:
    plans = [plan("WH1", 2, 1), plan("WH2", 1, 1, is_default=False)]
    text = (HERE / "sourcing.yaml").read_text("utf-8")
    without = "".join(part for part in text.splitlines(True) if "X2" not in part)

    kept = decided("sourcing", "allocation.plan", {**ORDINARY, "candidates": plans})
    more = loads(without, points=POINTS).decide({**ORDINARY, "candidates": plans})

    assert ranked(kept) == ("WH1",)
    assert ranked(more) == ("WH2", "WH1")


def test_equal_plans_go_by_priority_then_code() -> None:
    plans = [plan("C", 1, 1), plan("B", 1, 1), plan("A", 1, 1, priority=2)]

    for given in (plans, plans[::-1]):
        decision = decided("sourcing", "allocation.plan", {**ORDINARY, "candidates": given})
        assert ranked(decision) == ("B", "C", "A")


def between(bounds: str) -> Rulebook:
    """Orders within an interval are held."""
    return loads(
        f"decision: audit.order\nhit: first\n"
        f"rules: [{{id: R, when: {{order.receivable: {bounds}}}, then: {{outcome: hold}}}}]\n"
        "when_unknown: {outcome: person}\notherwise: {outcome: pass}\n",
        points=POINTS,
    )


@pytest.mark.parametrize(
    ("bounds", "amount", "hit"),
    [
        ("{between: {from: 100, to: 200}}", "99.99", False),
        ("{between: {from: 100, to: 200}}", "100.00", True),
        ("{between: {from: 100, to: 200}}", "199.99", True),
        ("{between: {from: 100, to: 200}}", "200.00", False),
        ("{at_least: 100}", "10000.00", True),
        ("{at_least: 100, at_most: 200}", "200.00", True),
        ("{at_least: 100, at_most: 200}", "200.01", False),
    ],
)
def test_an_interval_says_both_of_its_ends(bounds: str, amount: str, hit: bool) -> None:
    decision = between(bounds).decide({"order.receivable": amount})

    assert decision.outcome["outcome"] == ("hold" if hit else "pass")


@pytest.mark.parametrize("bounds", ["{between: {from: 100, to: 0}}", "{at_least: 100, at_most: 0}"])
def test_nought_is_not_taken_for_no_bound(bounds: str) -> None:
    with pytest.raises(RuleFileError):
        between(bounds)


def test_a_comma_that_yaml_does_not_take_for_one_is_told() -> None:
    text = (HERE / "audit.yaml").read_text("utf-8")

    def warned(words: str) -> list[str]:
        given = loads(text.replace("[村, 组, 屯]", words), points=POINTS)
        return [problem.code for problem in given.warnings]

    assert warned("[村, 组, 屯]") == []
    assert warned("[村，组,屯]") == ["W_WORD"]

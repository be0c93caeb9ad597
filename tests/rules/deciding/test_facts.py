"""Facts: read strictly, held frozen, hashed and stored so that a replay gives the same bytes."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256

import pytest

from ordinance.rules import FactError, Facts, Value
from tests.rules.deciding.rulesets import CHINA, moment, risk, ruleset
from tests.rules.sample_point import REMEDY, RISK, SOURCE

LARGE = "  - {id: R, when: {order.receivable: {at_least: 100}}, then: {outcome: hold}}"


def told(mapping: dict[str, object]) -> str:
    with pytest.raises(FactError) as caught:
        Facts.read(mapping, RISK)
    return str(caught.value)


def test_both_spellings_and_strict_texts_are_typed() -> None:
    facts = Facts.read(
        {
            "订单.应收": "480.00",
            "order.weight_g": "5",
            "order.type": "预售",
            "order.tags": ["b", "a"],
            "order.gift": None,
            "商品行": [{"商品行.数量": 2}],
        },
        RISK,
    )

    assert dict(facts.values) == {
        "order.receivable": Decimal("480.00"),
        "order.weight_g": 5,
        "order.type": "presale",
        "order.tags": frozenset({"a", "b"}),
    }
    assert [dict(line) for line in facts.lines] == [{"line.quantity": 2}]


def test_every_problem_is_told_at_once_with_a_way_out() -> None:
    message = told(
        {
            "order.recievable": 1,
            "order.weight_g": "1.5",
            "order.gift": "maybe",
            "line.quantity": 2,
            "lines": [{"line.quantity": -1}, {"order.paid": 1}],
            "buyer.refunded_share": 2,
            "order.tags": "a",
        }
    )

    assert "did you mean `order.receivable`?" in message
    assert "`order.weight_g`: `1.5` is not a whole number" in message
    assert "`order.gift`: `maybe` is not yes or no" in message
    assert "`line.quantity` is given in the wrong place" in message
    assert "lines[0] `line.quantity` is below 0" in message
    assert "lines[1] `order.paid` is given in the wrong place" in message
    assert "`buyer.refunded_share` is above 100%" in message
    assert "`order.tags`: tags are a list" in message


def test_a_fact_given_in_both_spellings_is_refused() -> None:
    assert "`订单.应收` is given twice" in told({"order.receivable": 1, "订单.应收": 1})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("order.weight_g", True),
        ("order.gift", 1),
        ("order.message", 5),
        ("order.receivable", "1e3"),
    ],
)
def test_a_wrong_type_is_refused_and_never_a_miss(name: str, value: object) -> None:
    assert name in told({name: value})


def test_a_moment_without_a_zone_is_refused_unless_the_shop_lends_its_own() -> None:
    assert "does not say its zone" in told({"order.paid_at": datetime(2026, 11, 5)})

    facts = Facts.read({"order.paid_at": "2026-11-05T10:00"}, RISK, zone=CHINA)
    assert facts.get("order.paid_at") == moment("2026-11-05 10:00")


def test_prepared_facts_may_hold_those_of_every_point() -> None:
    facts = Facts.prepared({"order.receivable": Decimal(100), "parcel.weight_g": 7})

    assert risk(LARGE).decide(facts).fired == ("R",)


def test_prepared_facts_of_a_wrong_type_fail_loudly() -> None:
    for wrong in (100, 100.0, "100", True):
        with pytest.raises(FactError, match=r"`order\.receivable` is not an amount of money"):
            risk(LARGE).decide(Facts.prepared({"order.receivable": wrong}))  # type: ignore[dict-item]


@pytest.mark.parametrize(
    ("name", "value"), [("order.type", "no such type"), ("order.receivable", Decimal("NaN"))]
)
def test_prepared_values_that_cannot_be_compared_fail_loudly(name: str, value: Value) -> None:
    with pytest.raises(FactError, match=f"`{name}` is"):
        risk(LARGE).decide(Facts.prepared({name: value}))


def test_the_hash_covers_what_the_point_declares_and_what_is_present() -> None:
    rules = risk(LARGE)
    facts = Facts.prepared({"order.receivable": Decimal("100")})
    same = [
        facts,
        facts.with_({"parcel.weight_g": 7}),
        facts.with_({"order.gift": None}),
        Facts.prepared({"order.receivable": Decimal("100.00")}),
        facts.with_({"order.weight_g": 1}).with_({"order.weight_g": None}),
    ]
    others = [
        facts.with_({"order.receivable": Decimal("100.01")}),
        facts.with_({"order.gift": False}),
        facts.with_(lines=[{"line.quantity": 1}]),
    ]

    assert len({rules.decide(each).facts_hash for each in same}) == 1
    assert len({rules.decide(each).facts_hash for each in [facts, *others]}) == 4


def test_the_hash_is_that_of_the_canonical_json() -> None:
    facts = Facts.read(
        {"order.paid_at": "2026-11-05T10:00:00+08:00", "order.tags": ["b", "a"], "lines": [{}]},
        RISK,
    )
    canonical = '{"lines":[{}],"order.paid_at":"2026-11-05T02:00:00Z","order.tags":["a","b"]}'

    assert risk(LARGE).decide(facts).facts_hash == sha256(canonical.encode()).hexdigest()


EVERY_KIND = {
    "order.paid_at": "2026-11-01T00:30:00+08:00",
    "order.local_time": "00:30",
    "order.receivable": "100.10",
    "order.gift": True,
    "order.due": "2026-11-05",
    "order.waits": "36 h",
    "order.tags": ["b", "a"],
    "order.weight_g": 12,
    "order.message": "三组12号",
    "order.type": "presale",
    "buyer.refunded_share": "12.5%",
    "receiver.region": "330106",
    "lines": [{"line.quantity": 2, "line.cold_chain": False}, {}],
}

AS_OF = "as_of: order.paid_at\nparams: {large: {values: {2026-01-01: 1, 2026-11-01: 2}}}"


def test_a_stored_snapshot_gives_the_same_record_byte_for_byte() -> None:
    rules = risk(
        "  - {id: R, when: {order.receivable: {at_least: $large}}, then: {outcome: hold}}",
        extra=AS_OF,
    )
    facts = Facts.read(EVERY_KIND, RISK)
    stored = json.dumps(facts.snapshot(RISK), ensure_ascii=False)
    again = Facts.from_snapshot(json.loads(stored), RISK)

    first, second = rules.decide(facts), rules.decide(again)
    # The day is the one that the moment names in its own zone, not the one in UTC.
    assert first.as_of == date(2026, 11, 1)
    assert first.to_json() == second.to_json()
    assert json.dumps(again.snapshot(RISK), ensure_ascii=False) == stored


def test_a_snapshot_keeps_candidates_too() -> None:
    given = {"candidates": [{"candidate.code": "A", "candidate.cost": "1.50"}]}
    facts = Facts.read(given, SOURCE)

    assert facts.snapshot(SOURCE)["candidates"] == [
        {"candidate.code": "A", "candidate.cost": "1.5"}
    ]
    assert Facts.from_snapshot(facts.snapshot(SOURCE), SOURCE).candidates == facts.candidates


def test_facts_cannot_be_changed_from_outside() -> None:
    values = {"order.waits": timedelta(hours=1)}
    facts = Facts.prepared(values)
    values["order.waits"] = timedelta(hours=2)

    assert facts.get("order.waits") == timedelta(hours=1)
    with pytest.raises(TypeError):
        facts.values["order.waits"] = timedelta(hours=3)  # type: ignore[index]


def test_the_outcome_of_a_decision_is_its_own() -> None:
    rules = ruleset(
        """
decision: review.risk
hit: collect
rules: [{id: R, when: always, then: {outcome: hold, hold: [stock_check]}}]
when_unknown: {outcome: manual_review}
otherwise: {outcome: approve}
"""
    )
    spoiled = rules.decide({}).outcome["hold"]
    assert isinstance(spoiled, list)
    spoiled.append("x")

    assert rules.decide({}).outcome["hold"] == ["stock_check"]


def test_a_moment_of_deciding_without_a_zone_is_refused() -> None:
    with pytest.raises(FactError, match="does not say its zone"):
        risk(LARGE).decide({}, at=datetime(2026, 11, 5))


REMEDY_RULES = """
decision: aftersale.remedy
hit: unique
table:
  columns: [case.reason, line.returnable, remedy, return_freight]
  rows:
    - {id: T1, if: [changed_mind, true], then: [return_refund, buyer]}
    - {id: T2, if: [changed_mind, false], then: [refuse, nobody]}
    - {id: T3, if: [[damaged, wrong_item], any], then: [exchange, seller]}
when_unknown: {remedy: ask_a_person, return_freight: nobody}
otherwise: error
"""


def test_where_the_question_is_about_one_line_its_facts_stand_beside_the_others() -> None:
    rules = ruleset(REMEDY_RULES)
    given = {"case.reason": "changed_mind", "line.returnable": False}
    facts = Facts.read(given, REMEDY)

    assert rules.decide(facts).fired == ("T2",)
    assert facts.snapshot(REMEDY) == given
    assert rules.decide({"case.reason": "changed_mind"}).unknown == ("line.returnable",)
    assert rules.decide({"case.reason": "damaged"}).fired == ("T3",)
    with pytest.raises(FactError, match="give it in the order itself"):
        rules.decide({"lines": [{"line.returnable": True}]})

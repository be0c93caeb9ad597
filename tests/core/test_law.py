"""The law stands before a shop's rules: what would be a breach is never done."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from ordinance.fulfilment.label import labelled
from ordinance.orders.masking import masked_name, masked_phone, without_room
from ordinance.orders.person import Person
from ordinance.rules import Rulebook, RuleFileError, load, loads
from tests.core.shop import MONDAY, ROOT, ZONE, Bench, order, shipped_rules

STINGY = """
decision: aftersale.remedy
as_of: order.placed_at
hit: first
rules:
  - id: NEVER
    when: {case.reason: NO_REASON_7D}
    then: {remedy: REFUSE, return_freight: nobody}
otherwise: {remedy: ASK_PERSON}
when_unknown: {remedy: ASK_PERSON}
"""


def with_stingy_rules() -> Rulebook:
    """The shipped rules, but no return without a reason is ever taken."""
    stingy = loads(STINGY, file="stingy.yaml")["aftersale.remedy"]
    others = [item for name, item in shipped_rules().sets.items() if name != stingy.point.name]
    return Rulebook([stingy, *others])


def test_an_answer_that_breaks_the_law_goes_to_a_person_and_says_which_law(tmp_path: Path) -> None:
    bench = Bench(tmp_path, rules=with_stingy_rules())
    order_id = bench.received()

    record = bench.do(
        bench.shop.request_aftersale(
            order_id,
            key=bench.key(),
            reason="NO_REASON_7D",
            pieces=[("TEA", 1)],
            demand="RETURN_REFUND",
        )
    )

    assert [hold.code for hold in record.open_holds] == ["CASE_REVIEW"]
    assert record.open_holds[0].rule == "law.aftersale.remedy"
    held = [
        event
        for event in bench.shop.storage.events("teashop", order_id)
        if event.kind == "order.held"
    ]
    assert json.loads(held[-1].data)["why"] == "breach: law.aftersale.remedy:CN-L5"
    assert bench.decided(order_id)["law.aftersale.remedy"] == "breach"
    record = bench.do(
        bench.shop.settle_case(order_id, "C1", "RETURN_REFUND", key=bench.key(), by="li")
    )
    assert record.open_holds == () and record.cases["C1"].remedy == "RETURN_REFUND"
    bench.well()


def test_the_same_request_under_the_shipped_rules_is_granted(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    order_id = bench.received()

    record = bench.do(
        bench.shop.request_aftersale(
            order_id,
            key=bench.key(),
            reason="NO_REASON_7D",
            pieces=[("TEA", 1)],
            demand="RETURN_REFUND",
        )
    )

    assert record.open_holds == ()
    assert "law.aftersale.remedy" not in bench.decided(order_id)


def test_an_answer_whose_lawfulness_hangs_on_an_unknown_fact_goes_to_a_person() -> None:
    book = with_stingy_rules()
    facts: dict[str, Any] = {
        "order.placed_at": MONDAY,
        "case.reason": "NO_REASON_7D",
        "case.demand": "RETURN_REFUND",
        "case.received": True,
        "case.days_since_receipt": 3,
        "lines": [{"line.traits": ["hygiene"]}],
    }

    def verdict(**line: object) -> object:
        asked = facts | {"lines": [{"line.traits": ["hygiene"], **line}]}
        found = book.objection(
            book.decide(asked, at=MONDAY, point="aftersale.remedy"), asked, at=MONDAY
        )
        return found and found.decision.outcome["verdict"]

    assert verdict() == "unclear"
    assert verdict(**{"line.no_return_agreed": True}) is None
    assert verdict(**{"line.no_return_agreed": False}) == "breach"


def test_the_law_holds_from_its_day_and_by_the_day_of_the_order() -> None:
    book = shipped_rules()
    archive = loads(
        "decision: completion.archive\nhit: first\nrules:\n"
        "  - {id: SHORT, when: always, then: {after_days: 1, keep_years: 1}}\n"
        "otherwise: {after_days: 1, keep_years: 1}\nwhen_unknown: {after_days: 1, keep_years: 1}\n"
    )["completion.archive"]
    short = Rulebook(
        [archive, *(item for name, item in book.sets.items() if name != "completion.archive")]
    )

    def breaks(placed: datetime, paid: int) -> bool:
        facts = {"order.placed_at": placed, "order.paid": paid}
        decision = short.decide(facts, at=MONDAY, point="completion.archive")
        return short.objection(decision, facts) is not None

    assert breaks(datetime(2019, 1, 1, tzinfo=ZONE), 1)
    assert not breaks(datetime(2018, 12, 31, 23, 59, tzinfo=ZONE), 1)
    assert not breaks(datetime(2019, 1, 1, tzinfo=ZONE), 0)


def test_a_book_without_law_objects_to_nothing() -> None:
    book = loads(STINGY)
    facts = {"order.placed_at": MONDAY, "case.reason": "NO_REASON_7D", "lines": []}

    assert book.objection(book.decide(facts, at=MONDAY), facts) is None


@pytest.mark.parametrize("missing", ["source", "effective"])
def test_a_rule_of_law_names_its_source_and_its_first_day(missing: str) -> None:
    about = {
        "source": "source: {zh: 法, en: act}",
        "effective": "effective: {from: 2020-01-01}",
    }
    about.pop(missing)
    text = (
        "decision: law.completion.archive\nhit: collect\nrules:\n  - id: X\n"
        "    when: {outcome.keep_years: {below: 3}}\n    then: {verdict: breach}\n"
        + "".join(f"    {line}\n" for line in about.values())
        + "otherwise: {verdict: lawful}\nwhen_unknown: {verdict: unclear}\n"
    )

    with pytest.raises(RuleFileError) as refused:
        loads(text)

    assert [problem.code for problem in refused.value.problems] == ["E_REQUIRED"]
    assert missing in refused.value.problems[0].help


def test_the_law_can_be_written_in_chinese() -> None:
    text = (
        '决策: "法定: 归档与留存"\n命中: 汇总\n规则:\n  - 编号: X\n'
        "    当: {结论.保存年数: {低于: 3}}\n    则: {判定: 违法}\n"
        "    生效: {从: 2020-01-01}\n    来源: {中文: 法, 英文: act}\n"
        "否则: {判定: 合法}\n未知时: {判定: 不明}\n"
    )

    law = loads(text)["law.completion.archive"]

    assert law.tree.rules[0].locked
    assert law.tree.rules[0].then == {"verdict": "breach"}


def test_every_rule_of_the_shipped_law_is_locked_and_sourced() -> None:
    law = load(ROOT / "rules" / "law")

    for item in law.sets.values():
        assert all(rule.locked and rule.source and rule.effective for rule in item.tree.rules)
        assert all(param.locked and param.source for param in (item.tree.params or {}).values())
        assert item.test().passed and not item.test().never_fired


def test_the_label_of_a_parcel_hides_what_the_rules_say(tmp_path: Path) -> None:
    bench = Bench(tmp_path)
    placed = bench.shop.place(
        {
            **order(),
            "receiver": {
                "name": "张三",
                "phone": "13800138000",
                "region": "330106",
                "address": "文一路8号楼2单元301",
            },
        }
    )

    (push,) = [
        stored.effect for stored in bench.shop.effects() if stored.effect.kind == "warehouse.push"
    ]

    assert placed.created
    person = bench.shop.storage.person("teashop", bench.shop.record(placed.order).person)

    assert "label" not in json.loads(push.payload)
    assert json.loads(labelled(push, Person.from_json(person)).payload)["label"] == {
        "name": "张*",
        "phone": "138******00",
        "address": "文一路8号楼",
    }


@pytest.mark.parametrize(
    ("address", "left"),
    [
        ("文三路 8号楼2单元301", "文三路 8号楼"),
        ("学院路12号3号楼2单元301室", "学院路12号3号楼"),
        ("长安街1号501室", "长安街1号"),
        ("幸福小区8栋1102", "幸福小区8栋"),
        ("龙湖花园3幢2-301", "龙湖花园3幢"),
        ("延安路 B座 1203室", "延安路 B座"),
        ("建国路88号", "建国路88号"),
        ("人民路100", "人民路100"),
        ("2单元301", ""),
        ("12 High St, Flat 3", "12 High St"),
        ("Rua B, 100", "Rua B, 100"),
        ("123 Main St #4", "123 Main St"),
    ],
)
def test_unit_and_room_go_and_the_building_stays(address: str, left: str) -> None:
    assert without_room(address) == left


@pytest.mark.parametrize("hidden", range(0, 13))
@pytest.mark.parametrize("phone", ["13800138000", "138-0013-8000", "+8613800138000", "12345", ""])
def test_at_least_so_many_digits_are_hidden(phone: str, hidden: int) -> None:
    digits = sum(char.isdigit() for char in phone)

    shown = masked_phone(phone, hidden)

    left = sum(char.isdigit() for char in shown)
    assert len(shown) == len(phone)
    assert left <= 5 or hidden == 0
    assert digits - left >= min(hidden, digits)


def test_names_lose_their_end() -> None:
    assert [masked_name(name, 1) for name in ("张三", "欧阳修", "O", "")] == [
        "张*",
        "欧阳*",
        "*",
        "",
    ]
    assert masked_name("张三", 5) == "**"

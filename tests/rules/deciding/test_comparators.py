"""What each comparator means for each kind of fact, at its limits above all."""

from __future__ import annotations

import pytest

from tests.rules.deciding.rulesets import verdict


@pytest.mark.parametrize(
    ("when", "value", "expected"),
    [
        ("{between: {from: 100, to: 200}}", "100.00", True),
        ("{between: {from: 100, to: 200}}", "199.99", True),
        ("{between: {from: 100, to: 200}}", "200.00", False),
        ("{between: {from: 100, to: 200}}", "99.99", False),
        ("{at_least: 100}", "10000.00", True),
        ("{at_least: 500}", "500.00", True),
        ("{at_least: 500}", "499.99", False),
        ("{above: 1000}", "1000.00", False),
        ("{above: 1000}", "1000.01", True),
        ("{at_most: 1000}", "1000.00", True),
        ("{at_most: 1000}", "1000.01", False),
        ("{below: 1000}", "999.99", True),
        ("{below: 1000}", "1000.00", False),
        ("{at_least: 100, below: 200}", "150", True),
        ("{is: 100}", "100.00", True),
        ("{is: 100}", "100.01", False),
        ("{is_not: 100}", "100.01", True),
        ("{one_of: [100, 200]}", "200.00", True),
        ("{none_of: [100, 200]}", "200.00", False),
        ("{none_of: [100, 200]}", "150", True),
    ],
)
def test_an_amount_is_compared_exactly(when: str, value: str, expected: bool) -> None:
    assert verdict(f"{{order.receivable: {when}}}", {"order.receivable": value}) is expected


@pytest.mark.parametrize(
    ("time", "expected"),
    [("23:30", True), ("07:59", True), ("08:00", False), ("22:00", True), ("21:59", False)],
)
def test_a_time_of_day_window_crosses_midnight(time: str, expected: bool) -> None:
    when = '{order.local_time: {between: {from: "22:00", to: "08:00"}}}'

    assert verdict(when, {"order.local_time": time}) is expected


@pytest.mark.parametrize(
    ("time", "expected"), [("09:00", True), ("17:59", True), ("18:00", False), ("08:59", False)]
)
def test_a_time_of_day_window_within_a_day(time: str, expected: bool) -> None:
    when = '{order.local_time: {between: {from: "09:00", to: "18:00"}}}'

    assert verdict(when, {"order.local_time": time}) is expected


@pytest.mark.parametrize(
    ("when", "region", "expected"),
    [
        ('"33"', "330106", True),
        ('"33"', "33", True),
        ('"3301"', "330106", True),
        ('"3301"', "33", False),
        ('"3301"', "330206", False),
        ('"330106"', "330106001", True),
        ('"330106001"', "330106001002", True),
        ('["46", "54"]', "540102", True),
        ('["46", "54"]', "330106", False),
        ("{none_of: [BR-SP]}", "BR-SP-001", False),
        ("BR", "BR-SP", True),
        ("BR-S", "BR-SP", False),
        ("{is_not: BR-SP}", "BR-RJ", True),
        ("BR-SP", "BR", False),
    ],
)
def test_a_region_lies_in_itself_and_in_whatever_contains_it(
    when: str, region: str, expected: bool
) -> None:
    assert verdict(f"{{receiver.region: {when}}}", {"receiver.region": region}) is expected


@pytest.mark.parametrize(
    ("when", "tags", "expected"),
    [
        ("A1", ["A10"], False),
        ("A1", ["A1", "B"], True),
        ("{contains_any: [A1, C]}", ["C"], True),
        ("{contains_any: [A1, C]}", ["B"], False),
        ("{contains_all: [A, B]}", ["B", "A", "C"], True),
        ("{contains_all: [A, B]}", ["B"], False),
        ("{contains_none: [A, B]}", ["C"], True),
        ("{contains_none: [A, B]}", ["C", "A"], False),
        ("{contains_none: [A, B]}", [], True),
    ],
)
def test_tags_are_a_set_of_whole_words(when: str, tags: list[str], expected: bool) -> None:
    assert verdict(f"{{order.tags: {when}}}", {"order.tags": tags}) is expected


@pytest.mark.parametrize(
    ("when", "text", "expected"),
    [
        ("{contains_any: [村, 组, 屯]}", "三组12号", True),
        ("{contains_any: [村, 组, 屯]}", "人民路12号", False),
        ("{contains_none: [村, 组]}", "人民路", True),
        ("{contains_all: [发, 顺丰]}", "请发顺丰", True),
        ("{contains: 顺丰}", "发圆通", False),
        ("{starts_with: SF}", "SF123", True),
        ("{starts_with: SF}", "xSF", False),
        ("{ends_with: 号}", "12号", True),
        ('{matches: "[0-9]+号"}', "三组12号楼", True),
        ('{matches: "^[0-9]+号"}', "三组12号楼", False),
        ("{is: 村}", "村", True),
        ("{is: 村}", "村 ", False),
        ("{one_of: [a, b]}", "B", False),
        ("{is_not: 村}", "", True),
    ],
)
def test_a_text_is_compared_letter_by_letter(when: str, text: str, expected: bool) -> None:
    assert verdict(f"{{order.message: {when}}}", {"order.message": text}) is expected


@pytest.mark.parametrize(
    ("fact", "when", "value", "expected"),
    [
        ("order.type", "presale", "presale", True),
        ("order.type", "预售", "presale", True),
        ("order.type", "[presale, normal]", "normal", True),
        ("order.type", "{none_of: [presale]}", "normal", True),
        ("order.gift", "true", True, True),
        ("order.gift", "{is_not: true}", False, True),
        ("order.due", "{at_least: 2026-11-05}", "2026-11-05", True),
        ("order.due", "{below: 2026-11-05}", "2026-11-05", False),
        ("order.waits", "{above: 2 d}", "48 h", False),
        ("order.waits", "{at_least: 2 d}", "48 h", True),
        ("buyer.refunded_share", "{at_least: 20%}", "0.2", True),
        ("buyer.orders_90d", "0", 0, True),
    ],
)
def test_every_kind_is_compared_by_its_value(
    fact: str, when: str, value: object, expected: bool
) -> None:
    assert verdict(f"{{{fact}: {when}}}", {fact: value}) is expected


def test_a_moment_is_the_same_in_every_zone() -> None:
    when = '{order.paid_at: {at_least: "2026-11-05T00:00:00+08:00"}}'

    assert verdict(when, {"order.paid_at": "2026-11-04T16:00:00Z"}) is True
    assert verdict(when, {"order.paid_at": "2026-11-04T15:59:59Z"}) is False


@pytest.mark.parametrize(
    ("facts", "wanted", "expected"),
    [
        ({}, "true", True),
        ({}, "false", False),
        ({"order.message": None}, "true", True),
        ({"order.message": ""}, "true", False),
        ({"order.message": "x"}, "false", True),
    ],
)
def test_missing_asks_for_an_absent_fact_and_is_never_unknown(
    facts: dict[str, object], wanted: str, expected: bool
) -> None:
    assert verdict(f"{{order.message: {{missing: {wanted}}}}}", facts) is expected


@pytest.mark.parametrize(
    ("paid", "expected"), [("99.99", True), ("100.00", False), ("100.01", False)]
)
def test_a_fact_is_compared_with_another_fact(paid: str, expected: bool) -> None:
    facts = {"order.paid": paid, "order.receivable": "100"}

    assert verdict("{order.paid: {below: $order.receivable}}", facts) is expected

"""Why a rule did not fire: the first condition that failed, with value, limit and distance."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import pytest

from ordinance.rules import Facts
from ordinance.rules.explaining.explanation import Fate
from tests.rules.deciding.rulesets import explained, moment, risk


def why_not(when: str, facts: Mapping[str, object]) -> tuple[str, str]:
    """The sentence of a rule that did not fire, in English and in Chinese."""
    rules = risk(f"  - {{id: R, when: {when}, then: {{outcome: hold}}}}")
    (reason,) = explained(rules, facts).others
    assert reason.fate is Fate.FAILED
    return reason.sentence.en, reason.sentence.zh


@pytest.mark.parametrize(
    ("when", "facts", "en", "zh"),
    [
        (
            "{order.receivable: {at_least: 500}}",
            {"order.receivable": "480"},
            "receivable 480.00, needs at least 500.00, short by 20.00",
            "订单.应收 480.00, 要求不低于 500.00, 还差 20.00",
        ),
        (
            "{order.receivable: {above: 500}}",
            {"order.receivable": "500"},
            "receivable 500.00, needs above 500.00, exactly at the limit, which is not included",
            "订单.应收 500.00, 要求高于 500.00, 恰为界值, 不算在内",
        ),
        (
            "{order.weight_g: {at_most: 1000}}",
            {"order.weight_g": 1001},
            "weight g 1001 g, needs at most 1000 g, over by 1 g",
            "订单.重量 1001 克, 要求不高于 1000 克, 超出 1 克",
        ),
        (
            "{buyer.orders_90d: 0}",
            {"buyer.orders_90d": 3},
            "orders 90d 3, needs 0, off by 3",
            "买家.近90天订单数 3, 要求等于 0, 相差 3",
        ),
        (
            "{buyer.orders_90d: {is_not: 0}}",
            {"buyer.orders_90d": 0},
            "orders 90d 0, needs anything but 0",
            "买家.近90天订单数 0, 要求不等于 0",
        ),
        (
            '{order.local_time: {between: {from: "22:00", to: "06:00"}}}',
            {"order.local_time": "06:00"},
            "local time 06:00, needs from 22:00 (included) to 06:00 (excluded), "
            "exactly at the limit, which is not included",
            "订单.下单时刻 06:00, 要求在 22:00 (含) 和 06:00 (不含) 之间, 恰为界值, 不算在内",
        ),
        (
            "{order.due: {at_least: 2026-11-05}}",
            {"order.due": "2026-11-04"},
            "due 2026-11-04, needs 2026-11-05 or later, 1 day too early",
            "订单.到期日 2026-11-04, 要求不早于 2026-11-05, 早了 1 天",
        ),
        (
            "{order.waits: {below: 2 h}}",
            {"order.waits": "150 min"},
            "waits 150 min, needs below 2 h, over by 30 min",
            "订单.等待 150 分钟, 要求低于 2 小时, 超出 30 分钟",
        ),
        (
            "{buyer.refunded_share: {at_least: 20%}}",
            {"buyer.refunded_share": "0.125"},
            "refunded share 12.5%, needs at least 20%, short by 7.5%",
            "买家.退款占比 12.5%, 要求不低于 20%, 还差 7.5%",
        ),
        (
            "{order.type: presale}",
            {"order.type": "normal"},
            "type normal, needs presale",
            "订单.类型 普通, 要求为 预售",
        ),
        (
            "{order.message: {contains_any: [村, 组]}}",
            {"order.message": "人民路"},
            "message 人民路, needs a value that contains any of 村, 组",
            "订单.留言 人民路, 要求含任一 村、组",
        ),
        (
            "{order.tags: A}",
            {"order.tags": ["C", "B"]},
            "tags B, C, needs a value that contains A",
            "订单.标签 B、C, 要求含 A",
        ),
        (
            "{order.paid: {at_least: $order.receivable}}",
            {"order.paid": "99.99", "order.receivable": "100"},
            "paid 99.99, needs at least 100.00 (receivable), short by 0.01",
            "订单.已付 99.99, 要求不低于 100.00 (订单.应收), 还差 0.01",
        ),
        (
            "{order.message: {missing: true}}",
            {"order.message": "x"},
            "message x, needs to be missing",
            "订单.留言 x, 要求缺失",
        ),
        (
            "{order.message: {missing: false}}",
            {},
            "message is missing, needs a value",
            "订单.留言 缺失, 要求有值",
        ),
        (
            "{not: {order.gift: true}}",
            {"order.gift": True},
            "gift yes, needs no",
            "订单.礼品 是, 要求为 否",
        ),
        (
            "{order.gift: true, order.weight_g: {at_least: 5}}",
            {"order.gift": True, "order.weight_g": 4},
            "weight g 4 g, needs at least 5 g, short by 1 g",
            "订单.重量 4 克, 要求不低于 5 克, 还差 1 克",
        ),
        (
            "{any: [{order.gift: true}, {order.type: presale}]}",
            {"order.gift": False, "order.type": "normal"},
            "no alternative holds: gift no, needs yes; type normal, needs presale",
            "各项都不成立: 订单.礼品 否, 要求为 是; 订单.类型 普通, 要求为 预售",
        ),
        (
            "{some: {at_least: 2, of: [{order.gift: true}, {order.type: presale}]}}",
            {"order.gift": True, "order.type": "normal"},
            "1 of 2 conditions hold, needs 2: type normal, needs presale",
            "2 项中成立 1 项, 要求至少 2 项: 订单.类型 普通, 要求为 预售",
        ),
        (
            "{any_line: {line.quantity: {at_least: 3}}}",
            {"lines": [{"line.quantity": 1}, {"line.quantity": 2}]},
            "none of 2 lines: line 1: quantity 1, needs at least 3, short by 2; "
            "line 2: quantity 2, needs at least 3, short by 1",
            "2 行商品都不符合: 第 1 行: 商品行.数量 1, 要求不低于 3, 还差 2; "
            "第 2 行: 商品行.数量 2, 要求不低于 3, 还差 1",
        ),
        (
            "{all_lines: {line.quantity: {at_least: 3}}}",
            {"lines": [{"line.quantity": 3}, {"line.quantity": 2}]},
            "line 2: quantity 2, needs at least 3, short by 1",
            "第 2 行: 商品行.数量 2, 要求不低于 3, 还差 1",
        ),
        (
            "{any_line: {line.cold_chain: true}}",
            {"lines": []},
            "there are no lines",
            "没有商品行",
        ),
        (
            "{count_lines: {where: {line.category: tea}, at_least: 3}}",
            {"lines": [{"line.category": "tea"}, {"line.category": "pot"}]},
            "lines that hold: 1, needs at least 3, short by 2",
            "符合的商品行 1, 要求不低于 3, 还差 2",
        ),
    ],
)
def test_the_first_condition_that_failed_with_value_limit_and_distance(
    when: str, facts: dict[str, object], en: str, zh: str
) -> None:
    assert why_not(when, facts) == (en, zh)


@pytest.mark.parametrize(
    ("when", "facts", "en", "zh"),
    [
        (
            "{receiver.region: '3301'}",
            {"receiver.region": "330206"},
            "region 330206 Zhejiang, needs to be in 3301 Zhejiang",
            "收货.地区 330206 浙江, 要求属于 3301 浙江",
        ),
        (
            "{receiver.region: {is_not: '3301'}}",
            {"receiver.region": "330106"},
            "region 330106 Zhejiang, needs to be not in 3301 Zhejiang",
            "收货.地区 330106 浙江, 要求不属于 3301 浙江",
        ),
        (
            "{not: {order.receivable: {at_least: 500}}}",
            {"order.receivable": "500"},
            "receivable 500.00, needs below 500.00, exactly at the limit, which is not included",
            "订单.应收 500.00, 要求低于 500.00, 恰为界值, 不算在内",
        ),
        (
            "{not: {order.type: [presale, normal]}}",
            {"order.type": "presale"},
            "type presale, needs none of presale, normal",
            "订单.类型 预售, 要求不属于 预售、普通",
        ),
        (
            "{not: {order.message: {contains: 急}}}",
            {"order.message": "加急"},
            "message 加急, needs a value that does not contain 急",
            "订单.留言 加急, 要求不含 急",
        ),
        (
            "{order.tags: {contains_all: [A, B, C]}}",
            {"order.tags": ["B"]},
            "tags B, needs a value that contains all of A, B, C, lacks A, C",
            "订单.标签 B, 要求含全部 A、B、C, 缺 A、C",
        ),
        (
            '{order.local_time: {between: {from: "22:00", to: "06:00"}}}',
            {"order.local_time": "12:10"},
            "local time 12:10, needs from 22:00 (included) to 06:00 (excluded), "
            "6 h 10 min too late",
            "订单.下单时刻 12:10, 要求在 22:00 (含) 和 06:00 (不含) 之间, 晚了 6 小时 10 分钟",
        ),
        (
            "{any_line: {line.quantity: {at_least: 3}}}",
            {"lines": [{"line.quantity": 1}]},
            "line 1: quantity 1, needs at least 3, short by 2",
            "第 1 行: 商品行.数量 1, 要求不低于 3, 还差 2",
        ),
        (
            "{not: {all: [{order.gift: true}, {order.type: presale}]}}",
            {"order.gift": True, "order.type": "presale"},
            "holds, but must not: gift yes; type presale",
            "不应成立, 却成立: 订单.礼品 是; 订单.类型 预售",
        ),
    ],
)
def test_what_is_asked_for_is_what_was_compared(
    when: str, facts: dict[str, object], en: str, zh: str
) -> None:
    assert why_not(when, facts) == (en, zh)


LATE = "{order.paid_at: {at_least: '2026-11-11T00:00:00+08:00'}}"


def test_moments_of_one_sentence_are_told_in_the_zone_of_the_shop() -> None:
    facts = {"order.paid_at": "2026-11-10T15:59:30Z"}
    rules = risk(f"  - {{id: R, when: {LATE}, then: {{outcome: hold}}}}")
    (reason,) = explained(rules, facts, moment("2026-11-11 10:00")).others

    assert reason.sentence.en == (
        "paid at 2026-11-10 23:59:30, needs 2026-11-11 00:00 or later, 30 s too early"
    )
    assert (
        reason.sentence.zh
        == "订单.付款时间 2026-11-10 23:59:30, 要求不早于 2026-11-11 00:00, 早了 30 秒"
    )


def test_moments_name_their_zones_where_that_of_the_shop_is_not_known() -> None:
    en, _ = why_not(LATE, {"order.paid_at": "2026-11-10T15:59:30Z"})

    assert en == (
        "paid at 2026-11-10 15:59:30 +00:00, needs 2026-11-11 00:00 +08:00 or later, 30 s too early"
    )


def test_an_amount_is_never_told_rounded() -> None:
    rules = risk("  - {id: R, when: {order.receivable: {above: 500}}, then: {outcome: hold}}")
    facts = Facts.prepared({"order.receivable": Decimal("499.995")})
    (reason,) = rules.explain(rules.decide(facts), facts).others

    assert reason.sentence.en == "receivable 499.995, needs above 500.00, short by 0.005"


def test_a_long_list_is_cut() -> None:
    en, zh = why_not(
        f"{{order.weight_g: [{', '.join(map(str, range(11, 23)))}]}}", {"order.weight_g": 33}
    )

    assert en.startswith("weight g 33 g, needs one of 11 g, 12 g, ") and en.endswith(
        "18 g and 4 more"
    )
    assert zh.endswith("17 克、18 克 等 12 个")

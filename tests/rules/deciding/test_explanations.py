"""Why and why not: the sentences, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pytest

from ordinance.rules import Facts, Ruleset
from ordinance.rules.explaining.explanation import Fate
from tests.rules.deciding.rulesets import explained, moment, risk, ruleset
from tests.rules.sample_point import RISK

SCORE = """\
decision: review.risk
title: {zh: 订单审核风险, en: Order review risk}
version: 7
as_of: order.paid_at
hit: score
params:
  large_order:
    unit: CNY
    label: {zh: 大额, en: large order}
    values: {2026-01-01: 3000, 2026-11-01: 5000}
    source: {zh: 风控会议, en: risk meeting}
lists:
  watched: {values: {2026-01-01: ["46", "54"]}, label: {zh: 关注地区, en: watched regions}}
rules:
  - id: R1
    title: {zh: 新客大额, en: large order of a new buyer}
    when: {order.receivable: {at_least: $large_order}, buyer.orders_90d: 0}
    then: {points: 40, hold: [phone_confirmation]}
    because:
      zh: "金额 {order.receivable} 不低于 {large_order}"
      en: "amount {订单.应收} is at least {large_order}"
  - id: R2
    when: {order.local_time: {between: {from: "22:00", to: "06:00"}}}
    then: {points: 15}
  - {id: R3, when: {receiver.region: $watched}, then: {points: 20}}
bands:
  - {below: 30, outcome: approve}
  - {at_least: 30, below: 60, outcome: manual_review}
  - {at_least: 60, outcome: hold}
when_unknown: {outcome: manual_review}
otherwise: {points: 0}
"""
FACTS = {
    "order.receivable": "5200",
    "buyer.orders_90d": 0,
    "receiver.region": "330106",
    "order.local_time": "23:10",
    "order.paid_at": "2026-11-05T10:00:00+08:00",
}


def test_the_whole_text_in_english() -> None:
    rules = ruleset(SCORE)

    assert explained(rules, FACTS, moment("2026-11-05 10:30")).text("en") == (
        f"""\
Order review risk: outcome manual review; hold phone confirmation
  score 55: R1 +40, R2 +15 (at least 30, below 60)
Why
  R1 large order of a new buyer: amount 5200.00 is at least 5000.00 CNY (r.yaml:15)
  R2: local time 23:10 (from 22:00 (included) to 06:00 (excluded)) (r.yaml:22)
Why not the others
  R3 [did not fire]: region 330106 Zhejiang, needs to be in one of watched regions \
(46 Hainan, 54 Tibet) (r.yaml:25)
Values used
  large order (large_order) 5000.00 CNY, since 2026-11-01 [risk meeting]
  watched regions (watched) 2 entries, since 2026-01-01
Source
  r.yaml:1, version 7, hash {rules.hash[:12]}, as of 2026-11-05 (paid at), \
decided at 2026-11-05 10:30+08:00"""
    )


def test_the_whole_text_in_chinese() -> None:
    rules = ruleset(SCORE)

    assert explained(rules, FACTS, moment("2026-11-05 10:30")).text("zh") == (
        f"""\
订单审核风险: 结论 人工审核; 等待 电话确认
  得分 55: R1 +40、R2 +15 (不低于 30、低于 60)
为什么
  R1 新客大额: 金额 5200.00 不低于 5000.00 CNY (r.yaml:15)
  R2: 订单.下单时刻 23:10 (在 22:00 (含) 和 06:00 (不含) 之间) (r.yaml:22)
其他规则为什么没有命中
  R3 [未命中]: 收货.地区 330106 浙江, 要求属于 关注地区 (46 海南、54 西藏) (r.yaml:25)
所用参数
  大额 (large_order) 5000.00 CNY, 自 2026-11-01 [风控会议]
  关注地区 (watched) 2 项, 自 2026-01-01
出处
  r.yaml:1, 版本 7, 指纹 {rules.hash[:12]}, 取值日 2026-11-05 (订单.付款时间), \
决策于 2026-11-05 10:30+08:00"""
    )


def test_the_lines_that_made_a_rule_fire_follow_its_sentence() -> None:
    rules = risk(
        """
  - id: R
    when: {any_line: {line.quantity: {at_least: 3}}}
    then: {outcome: hold}
    because: {en: "a large {{line}} of {订单.渠道}", zh: "{订单.渠道} 有大件行"}"""
    )
    facts = {
        "order.channel": "web",
        "lines": [
            {"line.category": "tea", "line.quantity": 3},
            {"line.category": "pot", "line.quantity": 1},
            {"line.category": "tin", "line.quantity": 4},
        ],
    }
    (reason,) = explained(rules, facts).fired

    assert (reason.sentence.en, reason.sentence.zh) == (
        "a large {line} of web; line 1: quantity 3 (at least 3); line 3: quantity 4 (at least 3)",
        "web 有大件行; 第 1 行: 商品行.数量 3 (不低于 3); 第 3 行: 商品行.数量 4 (不低于 3)",
    )


def fates(rules: Ruleset, facts: Mapping[str, object], at: datetime | None = None) -> Any:
    return {
        reason.id: (reason.fate.value, reason.sentence.en)
        for reason in explained(rules, facts, at).reasons
    }


def test_an_unknown_condition_is_named() -> None:
    explanation = explained(ruleset(SCORE), {**FACTS, "buyer.orders_90d": None})
    first = explanation.reasons[0]

    assert first.fate is Fate.UNKNOWN
    assert (first.sentence.en, first.sentence.zh) == (
        "not known: orders 90d",
        "尚不知道: 买家.近90天订单数",
    )
    assert explanation.settled.en == (
        "it hangs on what is not known, so `when_unknown` applies (not known: orders 90d)"
    )
    assert explanation.reasons[1].fate is Fate.SET_ASIDE


def test_a_true_rule_behind_an_unknown_one_says_what_it_hangs_on() -> None:
    rules = risk(
        """
  - {id: R1, when: {order.weight_g: {at_least: 5}}, then: {outcome: hold}}
  - {id: R2, when: {order.gift: true}, then: {outcome: hold}}"""
    )
    explanation = explained(rules, {"order.gift": True})
    first, second = explanation.reasons

    assert explanation.settled.en == "every value of what is not known gives this answer"
    assert (first.fate, first.sentence.en) == (Fate.UNKNOWN, "not known: weight g")
    assert (second.fate, second.sentence.en, second.sentence.zh) == (
        Fate.UNKNOWN,
        "holds, but whether it decides hangs on a rule before it (not known: weight g)",
        "成立, 但是否由它决定取决于排在前面的规则 (尚不知道: 订单.重量)",
    )


def test_a_rule_that_is_true_whatever_the_unknown_is_says_so() -> None:
    when = "{any: [{order.gift: true}, {order.gift: false}]}"
    (reason,) = explained(risk(f"  - {{id: R, when: {when}, then: {{outcome: hold}}}}"), {}).fired

    assert (reason.sentence.en, reason.sentence.zh) == (
        "holds for every value of what is not known (not known: gift)",
        "无论未知事实为何值都成立 (尚不知道: 订单.礼品)",
    )


def test_a_rule_behind_the_first_hit_says_which_one_stood_before_it() -> None:
    rules = risk(
        """
  - {id: R1, when: {order.gift: true}, then: {outcome: hold}}
  - {id: R2, when: {order.gift: true}, then: {outcome: approve}}
  - {id: R3, when: {order.gift: false}, then: {outcome: approve}}"""
    )

    assert fates(rules, {"order.gift": True}) == {
        "R1": ("fired", "gift yes"),
        "R2": ("preceded", "holds too, but R1 stands before it"),
        "R3": ("failed", "gift yes, needs no"),
    }


def test_scope_period_and_daily_window_are_reasons() -> None:
    rules = risk(
        """
  - {id: R1, scope: {channels: [web]}, when: {order.gift: true}, then: {outcome: hold}}
  - {id: R2, effective: {from: 2026-12-01}, when: {order.gift: true}, then: {outcome: hold}}
  - {id: R3, effective: {to: 2026-11-01}, when: {order.gift: true}, then: {outcome: hold}}
  - id: R4
    effective: {daily: {from: "22:00", to: "06:00"}}
    when: {order.gift: true}
    then: {outcome: hold}"""
    )
    facts = {"order.channel": "app", "order.gift": True}

    assert fates(rules, facts, moment("2026-11-05 10:00")) == {
        "R1": ("out_of_scope", "channel app, needs one of web"),
        "R2": ("not_in_force", "in force from 2026-12-01, the day is 2026-11-05"),
        "R3": ("not_in_force", "in force until 2026-11-01 (excluded), the day is 2026-11-05"),
        "R4": ("not_in_force", "in force daily from 22:00 to 06:00, decided at 10:00"),
    }


def test_a_set_that_is_not_in_force_says_since_when_it_is() -> None:
    rules = risk(
        "  - {id: R, when: always, then: {outcome: hold}}",
        extra="as_of: order.due\neffective: {from: 2026-01-01}",
    )
    explanation = explained(rules, {"order.due": "2025-10-05"})

    assert explanation.settled.en == (
        "the rule set is not in force: in force from 2026-01-01, the day is 2025-10-05"
    )
    assert explanation.reasons[0].fate is Fate.NOT_IN_FORCE


def test_a_group_says_which_rule_served_it() -> None:
    rules = ruleset(
        """
decision: packing.gift
hit: collect
rules:
  - {id: G1, group: spring, when: {order.weight_g: {at_least: 5}}, then: {box: a}}
  - {id: G2, group: spring, when: {order.weight_g: {at_least: 3}}, then: {box: b}}
when_unknown: {box: ask}
otherwise: {box: plain}
"""
    )

    assert fates(rules, {"order.weight_g": 5}) == {
        "G1": ("fired", "weight g 5 g (at least 5 g)"),
        "G2": ("group_taken", "G1 of the same group `spring` fired first"),
    }


def test_two_true_rules_of_a_unique_set_are_both_shown() -> None:
    rules = risk(
        """
  - {id: R1, when: {order.gift: true}, then: {outcome: hold}}
  - {id: R2, when: {order.gift: true}, then: {outcome: approve}}""",
        hit="unique",
    )
    explanation = explained(rules, {"order.gift": True})

    assert explanation.settled.zh == "多条规则同时成立: R1、R2"
    assert [reason.fate for reason in explanation.reasons] == [Fate.SET_ASIDE, Fate.SET_ASIDE]


def test_equally_specific_rules_go_by_their_order_and_say_so() -> None:
    rules = risk(
        """
  - {id: R1, when: {receiver.region: "33"}, then: {outcome: approve}}
  - {id: R2, when: {receiver.region: ["3301", "3302"]}, then: {outcome: hold}}
  - {id: R3, when: {receiver.region: "3301"}, then: {outcome: approve}}""",
        extra="most_specific: receiver.region",
    )

    assert fates(rules, {"receiver.region": "330106"}) == {
        "R1": ("preceded", "holds too, but R2 is more specific"),
        "R2": ("fired", "region 330106 Zhejiang (in one of 3301 Zhejiang, 3302 Zhejiang)"),
        "R3": ("preceded", "holds too, but R2 stands before it"),
    }


def test_a_rule_without_a_condition_says_what_limits_it() -> None:
    rules = risk(
        """
  - id: R
    scope: {channels: [web]}
    effective: {from: 2026-01-01, daily: {from: "22:00", to: "06:00"}}
    when: always
    then: {outcome: hold}"""
    )
    (reason,) = explained(rules, {"order.channel": "web"}, moment("2026-11-05 23:00")).fired

    assert reason.sentence.en == (
        "channel web (one of web); in force on 2026-11-05; "
        "decided at 23:00, in force daily from 22:00 to 06:00"
    )
    assert reason.sentence.zh == (
        "订单.渠道 web (属于 web); 取值日 2026-11-05 在生效期内; "
        "决策时刻 23:00 在每日 22:00 到 06:00 之间"
    )


def test_the_points_to_begin_with_are_part_of_the_sum() -> None:
    text = SCORE.replace("otherwise: {points: 0}", "otherwise: {points: -5}")
    explanation = explained(ruleset(text), FACTS)

    assert explanation.settled.en == (
        "score 50: -5 to begin with, R1 +40, R2 +15 (at least 30, below 60)"
    )
    assert explanation.settled.zh == "得分 50: 起始 -5、R1 +40、R2 +15 (不低于 30、低于 60)"


def test_a_value_says_since_when_it_is_what_it_is() -> None:
    text = SCORE.replace('["46", "54"]', '[{value: "46", until: 2026-10-31}, "54"]')

    def watched(paid_at: str) -> tuple[str, str | None]:
        used = explained(ruleset(text), {**FACTS, "order.paid_at": paid_at}).values[1]
        return used.value.en, used.since.isoformat() if used.since else None

    assert watched("2026-10-31T23:00:00+08:00") == ("2 entries", "2026-01-01")
    assert watched("2026-11-01T00:00:00+08:00") == ("1 entry", "2026-11-01")
    assert watched("2025-12-31T00:00:00+08:00") == (
        "no value on 2025-12-31, the first is from 2026-01-01",
        None,
    )


def test_the_plain_form_carries_codes_and_words() -> None:
    plain = explained(ruleset(SCORE), FACTS).plain("zh")

    assert plain["outcome"] == {"outcome": "manual_review", "hold": ["phone_confirmation"]}
    assert plain["words"] == {"outcome": "人工审核", "hold": "电话确认"}
    assert plain["others"] == [
        {
            "id": "R3",
            "title": None,
            "result": "failed",
            "why": "收货.地区 330106 浙江, 要求属于 关注地区 (46 海南、54 西藏)",
            "place": "r.yaml:25",
        }
    ]
    assert plain["values"][0] == {  # type: ignore[index]
        "name": "large_order",
        "label": "大额",
        "value": "5000.00 CNY",
        "since": "2026-11-01",
        "source": "风控会议",
    }


def test_another_decision_is_not_explained() -> None:
    rules = ruleset(SCORE)
    decision = rules.decide(FACTS)

    with pytest.raises(ValueError, match="made by other facts"):
        rules.explain(decision, {**FACTS, "order.receivable": "1"})
    with pytest.raises(ValueError, match="made by other rules"):
        ruleset(SCORE.replace("points: 40", "points: 41")).explain(decision, FACTS)


def test_a_stored_decision_is_explained_from_its_snapshot() -> None:
    rules = ruleset(SCORE)
    facts = Facts.read(FACTS, RISK)
    decision = rules.decide(facts)
    again = Facts.from_snapshot(facts.snapshot(RISK), RISK)

    assert rules.explain(decision, again).text("zh") == rules.explain(decision, facts).text("zh")

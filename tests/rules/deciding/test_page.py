"""Rule sets as a page to read: everything is on it, in both languages, and nothing is obeyed."""

from __future__ import annotations

import pytest

from ordinance.rules import Ruleset, loads
from tests.rules.deciding.rulesets import risk, ruleset
from tests.rules.sample_point import POINTS

SCORE = """\
decision: review.risk
title: {zh: 审核风险, en: Review risk}
version: 7
effective: {from: 2026-01-01}
as_of: order.paid_at
hit: score
params:
  large:
    unit: CNY
    label: {zh: 大额, en: large order}
    merchant_may_set: {at_least: 500, at_most: 50000}
    values: {2026-01-01: 3000, 2026-11-01: 5000}
    source: {zh: 风控会议, en: risk meeting}
lists:
  watched:
    label: {zh: 关注地区, en: watched regions}
    values: {2026-01-01: ["46", {value: "54", until: 2026-12-31, added_by: lin}]}
rules:
  - id: R1
    title: {zh: 新客大额, en: "large, new buyer"}
    scope: {channels: [web]}
    when: {order.receivable: {at_least: $large}, buyer.orders_90d: 0}
    then: {points: 40, hold: [phone_confirmation]}
    because: {zh: "金额 {order.receivable} 不低于 {large}", en: "{order.receivable}, {large}"}
  - {id: R2, when: {receiver.region: $watched}, then: {points: 20}}
bands: [{below: 30, outcome: approve}, {at_least: 30, outcome: hold}]
when_unknown: {outcome: manual_review}
otherwise: {points: 0}
tests:
  - name: {zh: 新客, en: new}
    given: {order.channel: web, order.receivable: 5200, buyer.orders_90d: 0, order.tags: []}
    expect: {outcome: manual_review}
"""


def test_a_page_says_when_the_points_are_not_added() -> None:
    page = ruleset(SCORE.replace("hit: score", "hit: score\ntotal: max")).page().markdown("en")

    assert "the highest points of the true rules count, and a band gives the answer" in page
    assert "**with no true rule**: points 0" in page


def test_the_whole_page_in_english() -> None:
    rules = ruleset(SCORE)

    assert rules.page().markdown("en") == (
        f"""\
# Review risk

- **decision point**: `review.risk`
- **question**: does a person look at it?
- **hit policy**: score: the points of all true rules are added, and a band gives the answer
- **version**: 7
- **in force**: from 2026-01-01
- **dates by**: paid at
- **holds**: 2 rules, 1 test
- **hash**: `{rules.hash}`
- **place**: `r.yaml:1`

## Rules

### R1 large, new buyer

- **when**:
  - receivable is at least large order (3000.00 CNY from 2026-01-01, 5000.00 CNY from 2026-11-01)
  - orders 90d is 0
- **then**: points 40; hold phone confirmation
- **because**: \\[receivable\\], \\[large order\\]
- **scope**: channels web
- **place**: `r.yaml:19`

### R2

- **when**:
  - region is in one of watched regions (the list is below)
- **then**: points 20
- **place**: `r.yaml:25`

## What the points mean

| points | answer |
| --- | --- |
| below 30 | outcome approve |
| at least 30 | outcome hold |

## In all other cases

- **to begin with**: points 0
- **when it hangs on what is not known, or fails**: outcome manual review

## Values

| name | label | from | value | merchant may set | locked | source |
| --- | --- | --- | --- | --- | --- | --- |
| `large` | large order | 2026-01-01 | 3000.00 CNY | at least 500.00 CNY, at most 50000.00 CNY \
| no | risk meeting |
| `large` | large order | 2026-11-01 | 5000.00 CNY | at least 500.00 CNY, at most 50000.00 CNY \
| no | risk meeting |

## List: watched regions

- **name**: `watched`

| from | value | until (included) | reason | added by |
| --- | --- | --- | --- | --- |
| 2026-01-01 | 46 Hainan |  |  |  |
| 2026-01-01 | 54 Tibet | 2026-12-31 |  | lin |

## What it can answer

| field | written as | may be | of several rules |
| --- | --- | --- | --- |
| outcome | `outcome` | approve, manual review, hold | the one that stands last here |
| hold | `hold` | phone confirmation, stock check | all of them, each once |

## Facts that the rules read

| fact | written as | unit | when it is missing | note |
| --- | --- | --- | --- | --- |
| paid at | `order.paid_at` |  | unknown |  |
| receivable | `order.receivable` |  | unknown |  |
| channel | `order.channel` |  | unknown |  |
| orders 90d | `buyer.orders_90d` |  | unknown |  |
| region | `receiver.region` |  | unknown |  |

## Tests

| name | given | expected |
| --- | --- | --- |
| new | channel web; receivable 5200.00; orders 90d 0; tags none | outcome manual review |
"""
    )


def test_the_rules_in_chinese() -> None:
    page = ruleset(SCORE).page().markdown("zh")

    assert page.startswith("# 审核风险\n")
    assert (
        """\
### R1 新客大额

- **当**:
  - 订单.应收 不低于 大额 (自 2026-01-01 起 3000.00 CNY、自 2026-11-01 起 5000.00 CNY)
  - 买家.近90天订单数 等于 0
- **则**: 得分 40; 等待 电话确认
- **因为**: 金额 \\[订单.应收\\] 不低于 \\[大额\\]
- **适用范围**: 渠道 web
- **位置**: `r.yaml:19`
"""
        in page
    )
    assert "- **取决于未知事实, 或失败时**: 结论 人工审核\n" in page


NESTED = """
any:
  - {order.gift: {missing: false}}
  - not: {order.type: normal}
  - not: {all: [{order.gift: true}, {order.weight_g: {above: 5}}]}
  - some: {at_least: 2, of: [{order.gift: true}, {order.tags: A}, {order.paid: {below: $order.receivable}}]}
  - any_line: {line.quantity: {at_least: 3}}
  - count_lines: {where: {line.cold_chain: true}, at_most: 1}
"""  # noqa: E501


def conditions(lang: str) -> list[str]:
    when = NESTED.replace("\n", "\n      ")
    page = risk(f"  - id: R\n    when:{when}\n    then: {{outcome: hold}}").page().markdown(lang)
    begin = "- **当**:\n" if lang == "zh" else "- **when**:\n"
    return page.partition(begin)[2].partition("\n- **")[0].split("\n")


def test_nested_conditions_become_a_nested_list() -> None:
    assert conditions("en") == [
        "  - at least one of these",
        "    - gift has a value",
        "    - type is not normal",
        "    - not all of these",
        "      - gift is yes",
        "      - weight g is above 5 g",
        "    - at least 2 of these 3",
        "      - gift is yes",
        "      - tags contains A",
        "      - paid is below receivable",
        "    - at least one line has",
        "      - quantity is at least 3",
        "    - the number of lines that have this is at most 1",
        "      - cold chain is yes",
    ]
    assert conditions("zh") == [
        "  - 以下至少一项成立",
        "    - 订单.礼品 有值",
        "    - 订单.类型 不为 普通",
        "    - 以下不都成立",
        "      - 订单.礼品 为 是",
        "      - 订单.重量 高于 5 克",
        "    - 以下 3 项至少成立 2 项",
        "      - 订单.礼品 为 是",
        "      - 订单.标签 含 A",
        "      - 订单.已付 低于 订单.应收",
        "    - 至少一行商品符合",
        "      - 商品行.数量 不低于 3",
        "    - 符合以下条件的商品行数不高于 1",
        "      - 商品行.冷链 为 是",
    ]


RANK = """
decision: allocation.source
hit: rank
exclude:
  - {id: X1, must: true, when: {candidate.serves_region: false}}
prefer:
  - {id: P1, most: candidate.lines_filled, when: {order.channel: web}}
  - {id: P2, least: candidate.distance_km, within: 30}
tie_break: [candidate.priority, candidate.code]
when_unknown: {outcome: unassigned}
otherwise: {outcome: unassigned}
tests:
  - name: {zh: 近, en: near}
    given: {candidates: [{candidate.code: A, candidate.cost: 1}, {candidate.code: B}]}
    expect: {candidate: A, ranking: [A, B], fired: []}
"""


def test_a_rank_says_who_is_out_who_goes_first_and_what_breaks_a_tie() -> None:
    page = ruleset(RANK).page().markdown("en")

    for part in (
        "- **must**: if it leaves no candidate, the decision fails\n",
        "- **first goes**: the most lines filled\n- **only when**:\n  - channel is web\n",
        "- **a tie**: less than 30 km behind the leader\n",
        "## What breaks a tie\n\n- the least priority\n- the least code\n",
        "- **with no candidate left**: outcome unassigned\n",
        "| near | candidate 1 (code A; cost 1.00); candidate 2 (code B) "
        "| warehouse A; fired none; ranking A, B |",
    ):
        assert part in page


HOSTILE = '<script>alert("1")</script> & <img src=x onerror=a> | `x` [y](z) *w*'


def hostile() -> Ruleset:
    quoted = HOSTILE.replace('"', '\\"')
    return risk(
        f"""
  - id: R
    title: {{zh: "{quoted}", en: "{quoted}"}}
    when: {{order.message: "{quoted}"}}
    then: {{outcome: hold}}
    because: {{zh: "{quoted}", en: "{quoted}"}}""",
        extra=f'title: {{zh: "{quoted}", en: "{quoted}"}}\nversion: "{quoted}"',
    )


def test_in_markdown_what_a_merchant_wrote_is_shown_and_never_obeyed() -> None:
    shown = r'\<script\>alert("1")\</script\> \& \<img src=x onerror=a\> \| \`x\` \[y\](z) \*w\*'
    page = hostile().page().markdown("en")

    assert page.count(shown) == 5
    assert "<script" not in page.replace(r"\<script", "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1. first", r"1\. first"),
        ("- first", r"\- first"),
        ("5000.00", "5000.00"),
        ("-1", "-1"),
        ("a_b", "a_b"),
        ("_a_", r"\_a\_"),
    ],
)
def test_a_value_in_a_list_does_not_begin_another_one(text: str, shown: str) -> None:
    rules = risk(
        "  - {id: R, when: {order.gift: true}, then: {outcome: hold}}", extra=f'version: "{text}"'
    )

    assert f"- **version**: {shown}\n" in rules.page().markdown("en")


def test_a_page_of_a_book_has_every_set_one_after_another() -> None:
    texts = [SCORE, RANK]
    book = loads(SCORE, points=POINTS).page(), loads(RANK, points=POINTS).page()
    both = loads(
        "decisions:\n"
        + "".join("- " + text.strip().replace("\n", "\n  ") + "\n" for text in texts),
        points=POINTS,
    ).page()

    titles = [line for line in both.markdown("en").split("\n") if line.startswith("# ")]
    assert titles == [each.markdown("en").split("\n")[0] for each in book]
    assert "<title>Review risk, Choice of warehouse</title>" in both.html("en")
    assert '<html lang="zh-CN">' in both.html("zh")

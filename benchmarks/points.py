"""The decision points of the benchmarks: the facts of the workloads under full names."""

from __future__ import annotations

from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import Choice, DecisionPoint, Fact, Field, Hit, Merge

_NUMBERS = {
    "amount": ("金额", Kind.MONEY),
    "pieces": ("件数", Kind.INTEGER),
    "weight_g": ("重量", Kind.INTEGER),
    "orders_90d": ("近90天订单数", Kind.INTEGER),
    "distance_km": ("距离", Kind.INTEGER),
}
_WORDS = {
    "channel": "渠道",
    "payment": "支付方式",
    "level": "等级",
    "region": "区域",
    "sku": "商品",
}


def _facts(part: str, zh: str) -> tuple[Fact, ...]:
    numbers = [(name, word, kind) for name, (word, kind) in _NUMBERS.items()]
    texts = [(name, word, Kind.TEXT) for name, word in _WORDS.items()]
    return tuple(
        Fact(f"{part}.{name}", kind, Words(f"{zh}.{word}", name.replace("_", " ")))
        for name, word, kind in (*numbers, *texts)
    )


def _outcome(*choices: tuple[str, str]) -> Field:
    listed = tuple(Choice(code, Words(zh, code)) for code, zh in choices)
    return Field(
        "outcome", Words("结论", "outcome"), choices=listed, required=True, merge=Merge.WORST
    )


REVIEW = DecisionPoint(
    name="bench.review",
    title=Words("审核", "Review"),
    question=Words("如何处理?", "what happens to the order?"),
    facts=_facts("order", "订单"),
    fields=(_outcome(("approve", "通过"), ("look", "查看"), ("hold", "拦截")),),
    hits=(Hit.COLLECT, Hit.FIRST),
)

SOURCE = DecisionPoint(
    name="bench.source",
    title=Words("分仓", "Choice of warehouse"),
    question=Words("从哪个仓库发货?", "which warehouse ships?"),
    facts=(
        *_facts("order", "订单"),
        *_facts("candidate", "候选仓"),
        Fact("candidate.code", Kind.TEXT, Words("候选仓.编码", "code")),
        Fact("candidate.cost", Kind.MONEY, Words("候选仓.成本", "cost")),
    ),
    fields=(
        Field("candidate", Words("仓库", "warehouse"), kind=Kind.TEXT),
        Field(
            "outcome",
            Words("结论", "outcome"),
            choices=(
                Choice("assigned", Words("已分仓", "assigned")),
                Choice("none", Words("无", "none")),
            ),
        ),
    ),
    hits=(Hit.RANK,),
)

POINTS = {point.name: point for point in (REVIEW, SOURCE)}
"""By name, as the reader takes them."""

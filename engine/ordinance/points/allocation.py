"""Allocation: which warehouse ships."""

from __future__ import annotations

from ordinance.points.declare import choices, fact, one
from ordinance.points.facts import LINE, ORDER, RECEIVER, TRAITS
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import DecisionPoint, Field, Hit

CANDIDATE = (
    fact("candidate.code", "候选仓.编码", "warehouse", Kind.TEXT),
    fact("candidate.open", "候选仓.营业", "is open", Kind.BOOLEAN),
    fact("candidate.region", "候选仓.地区", "region of the warehouse", Kind.REGION),
    fact("candidate.serves_region", "候选仓.可送达", "serves the region", Kind.BOOLEAN),
    fact("candidate.cold_chain", "候选仓.冷链", "has a cold chain", Kind.BOOLEAN),
    fact("candidate.dangerous", "候选仓.危险品", "may ship dangerous goods", Kind.BOOLEAN),
    fact(
        "candidate.goods_traits",
        "候选仓.商品特性",
        "traits of the goods it would ship",
        Kind.TAGS,
        choices=TRAITS,
    ),
    fact("candidate.fills_order", "候选仓.可整单", "fills the whole order", Kind.BOOLEAN),
    fact("candidate.lines_filled", "候选仓.可满足行数", "lines it fills", Kind.INTEGER, at_least=0),
    fact(
        "candidate.pieces_filled", "候选仓.可满足件数", "pieces it fills", Kind.INTEGER, at_least=0
    ),
    fact("candidate.distance_km", "候选仓.距离", "distance", Kind.DECIMAL, unit="km"),
    fact("candidate.cost", "候选仓.成本", "cost to ship from it", Kind.MONEY),
    fact("candidate.stock_left", "候选仓.剩余库存", "stock left after it", Kind.INTEGER),
    fact("candidate.priority", "候选仓.优先级", "priority (lower first)", Kind.INTEGER),
)

SOURCE = DecisionPoint(
    name="allocation.source",
    title=Words("分仓", "Choice of warehouse"),
    question=Words("从哪个仓库发货?", "which warehouse ships?"),
    facts=(*ORDER, *RECEIVER, *LINE, *CANDIDATE),
    fields=(
        Field("candidate", Words("仓库", "warehouse"), kind=Kind.TEXT),
        one(
            "outcome",
            "结论",
            "outcome",
            choices(
                ("assigned", "已分仓", "assigned"),
                ("unassigned", "未分仓", "no warehouse can ship"),
            ),
            required=False,
        ),
    ),
    hits=(Hit.RANK,),
    scopes={
        "channels": "order.channel",
        "shops": "order.shop",
        "warehouses": "candidate.code",
    },
)

POINTS = (SOURCE,)

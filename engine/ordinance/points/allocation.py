"""Allocation: which warehouse ships, and what happens when stock is short."""

from __future__ import annotations

from ordinance.points.declare import choices, fact, number, one
from ordinance.points.facts import BUYER, LINE, ORDER, RECEIVER, STOCK, TRAITS
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import DecisionPoint, Field, Hit, Missing

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
    fact(
        "candidate.rejected",
        "候选仓.拒过本单",
        "rejected this order before",
        Kind.BOOLEAN,
        missing=Missing.DEFAULT,
        default=False,
    ),
    fact(
        "candidate.blocked",
        "候选仓.商品停发",
        "may not ship an article of the order for the time being",
        Kind.BOOLEAN,
        missing=Missing.DEFAULT,
        default=False,
    ),
    fact("candidate.priority", "候选仓.优先级", "priority (lower first)", Kind.INTEGER),
)

SHORTAGE_PLANS = choices(
    ("split", "拆仓发货", "ship from several warehouses"),
    ("ship_available", "先发有货", "ship what is there, the rest waits"),
    ("wait", "等齐再发", "wait until all is there"),
    ("ask_buyer", "与买家协商", "ask the buyer"),
)

ON_TIMEOUT = choices(
    ("ask_person", "转人工", "a person decides"),
    ("ask_buyer", "与买家协商", "ask the buyer"),
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

SHORTAGE = DecisionPoint(
    name="allocation.shortage",
    title=Words("无法单仓满足时", "When no single warehouse can fill the order"),
    question=Words(
        "拆仓、先发、等待还是与买家协商?", "split, ship in part, wait, or ask the buyer?"
    ),
    facts=(*ORDER, *BUYER, *STOCK),
    fields=(
        one("plan", "方案", "plan", SHORTAGE_PLANS),
        number("wait_days", "最多等待天数", "wait at most", unit="day", at_least=0, at_most=365),
        one("on_timeout", "到期后", "afterwards", ON_TIMEOUT, required=False),
    ),
    hits=(Hit.FIRST,),
    scopes={"channels": "order.channel", "shops": "order.shop"},
)

POINTS = (SOURCE, SHORTAGE)

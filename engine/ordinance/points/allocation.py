"""Allocation: which warehouse ships."""

from __future__ import annotations

from ordinance.points.declare import choices, fact, number, one
from ordinance.points.facts import BUYER, LINE, ORDER, RECEIVER, TRAITS
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
    fact("candidate.region_rank", "候选仓.区域排名", "rank for the region (1 first)", Kind.INTEGER),
    fact(
        "candidate.blocked",
        "候选仓.禁发",
        "may not send one of the goods",
        Kind.BOOLEAN,
        missing=Missing.DEFAULT,
        default=False,
    ),
    fact(
        "candidate.at_capacity",
        "候选仓.已满负荷",
        "has no parcel left today",
        Kind.BOOLEAN,
        missing=Missing.DEFAULT,
        default=False,
    ),
    fact("candidate.load", "候选仓.负荷", "share of its day that is taken", Kind.DECIMAL),
    fact(
        "candidate.days",
        "候选仓.送达天数",
        "days until the buyer has it",
        Kind.INTEGER,
        unit="day",
        at_least=0,
    ),
    fact(
        "candidate.expires_in_days",
        "候选仓.效期剩余天数",
        "days until its oldest pieces expire",
        Kind.INTEGER,
        unit="day",
    ),
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

STRATEGIES = choices(
    ("whole_first", "整单优先", "one warehouse where one has all of it"),
    ("least_cost", "成本最优", "whatever costs least"),
)

SPLIT = DecisionPoint(
    name="allocation.split",
    title=Words("拆仓限制", "Limits of a split"),
    question=Words(
        "最多拆成几个包裹, 多拆一个值多少?", "how many parcels at most, and what is one more worth?"
    ),
    facts=(
        *ORDER,
        *BUYER,
        *RECEIVER,
        *LINE,
        fact("split.parcels_made", "拆单.已有包裹", "parcels it already has", Kind.INTEGER),
    ),
    fields=(
        one("strategy", "策略", "strategy", STRATEGIES),
        number("most_parcels", "最多包裹数", "most parcels", required=True, at_least=1, at_most=50),
        number("extra_parcel", "多拆一包的代价", "cost of one more parcel", Kind.MONEY),
        number("cut_lines", "可拆行", "a line may be cut", Kind.BOOLEAN),
    ),
    hits=(Hit.FIRST,),
    scopes={"channels": "order.channel", "shops": "order.shop"},
)

POINTS = (SOURCE, SPLIT)

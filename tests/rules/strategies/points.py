"""Decision points with the facts that the strategies of stores ask for."""

from __future__ import annotations

from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import Argument, DecisionPoint, Fact, Field, Hit, Merge
from tests.rules.sample_point import choices, fact

ORDER = (
    fact("order.placed_at", "订单.下单时间", Kind.INSTANT),
    fact("order.paid_at", "订单.付款时间", Kind.INSTANT),
    fact("order.local_time", "订单.下单时刻", Kind.TIME_OF_DAY),
    fact("order.minutes_since_placed", "订单.下单分钟数", Kind.INTEGER),
    fact("order.shop", "订单.店铺", Kind.TEXT),
    fact(
        "order.type",
        "订单.类型",
        Kind.CHOICE,
        choices=choices(("normal", "普通"), ("cod", "货到付款"), ("presale", "预售")),
    ),
    fact(
        "order.source",
        "订单.来源",
        Kind.CHOICE,
        choices=choices(("api", "接口"), ("manual", "手工"), ("import", "导入")),
    ),
    fact("order.receivable", "订单.应收", Kind.MONEY),
    fact("order.paid", "订单.已付", Kind.MONEY),
    fact("order.discount", "订单.优惠", Kind.MONEY),
    fact("order.margin", "订单.毛利率", Kind.RATIO),
    fact("order.pieces", "订单.件数", Kind.INTEGER),
    fact("order.weight_g", "订单.重量", Kind.INTEGER, unit="g"),
    fact("order.tags", "订单.标签", Kind.TAGS),
    fact("order.payment_seen", "订单.流水已用", Kind.BOOLEAN),
    fact("receiver.region", "收货.地区", Kind.REGION),
    fact("receiver.address", "收货.地址", Kind.TEXT),
    fact("buyer.id", "买家.编号", Kind.TEXT),
    fact("buyer.orders_90d", "买家.近90天订单数", Kind.INTEGER),
    fact("line.category", "商品行.类目", Kind.TEXT),
    fact("line.fragile", "商品行.易碎", Kind.BOOLEAN),
    fact("line.price", "商品行.单价", Kind.MONEY),
    fact("line.floor_price", "商品行.最低出库价", Kind.MONEY),
)

SERVICE = (
    fact(
        "case.reason",
        "售后.原因",
        Kind.CHOICE,
        choices=choices(("no_reason", "七天无理由"), ("quality", "质量问题")),
    ),
    fact("case.day", "售后.签收第几天", Kind.INTEGER, unit="day"),
    fact("case.photo", "售后.有照片", Kind.BOOLEAN),
    fact("case.on_item", "售后.该商品次数", Kind.INTEGER),
    fact("message.text", "消息.内容", Kind.TEXT),
    fact("message.urges_24h", "消息.催单次数", Kind.INTEGER),
    fact("parcel.hours_since_scan", "包裹.无更新小时", Kind.INTEGER, unit="h"),
    fact("parcel.hours_at_station", "包裹.驿站小时", Kind.INTEGER, unit="h"),
    fact("parcel.first_scan", "包裹.首次轨迹", Kind.INSTANT),
    fact("order.hours_to_deadline", "订单.距时限小时", Kind.DECIMAL, unit="h"),
    fact("order.negotiations", "订单.协商次数", Kind.INTEGER),
    fact(
        "order.state",
        "订单.状态",
        Kind.CHOICE,
        choices=choices(("to_ship", "待发货"), ("shipped", "已发货")),
    ),
    fact("survey.sent_30d", "回访.近30天次数", Kind.INTEGER),
    fact("survey.opted_out", "回访.已退订", Kind.BOOLEAN),
    fact("complaint.open", "投诉.未结", Kind.BOOLEAN),
    fact("order.days_since_completed", "订单.完成天数", Kind.INTEGER, unit="day"),
    fact("repair.open", "维修.未结", Kind.BOOLEAN),
)

VERDICT = Field(
    "outcome",
    Words("结论", "outcome"),
    choices=choices(("pass", "通过"), ("person", "转人工"), ("hold", "拦截")),
    merge=Merge.WORST,
)
REASONS = Field("reason", Words("原因", "reason"), kind=Kind.TEXT, many=True, merge=Merge.UNION)
ANSWER = Field("answer", Words("答复", "answer"), kind=Kind.TEXT)
CANDIDATES = (
    fact("candidate.code", "候选.编码", Kind.TEXT),
    fact("candidate.serves", "候选.可送达", Kind.BOOLEAN),
    fact("candidate.is_default", "候选.默认", Kind.BOOLEAN),
    fact("candidate.whole", "候选.可整单", Kind.BOOLEAN),
    fact("candidate.cost", "候选.成本", Kind.MONEY),
    fact("candidate.parcels", "候选.包裹数", Kind.INTEGER),
    fact("candidate.km", "候选.距离", Kind.INTEGER, unit="km"),
    fact("candidate.priority", "候选.优先级", Kind.INTEGER),
)


def _point(
    name: str, title: Words, facts: tuple[Fact, ...], fields: tuple[Field, ...], *hits: Hit
) -> DecisionPoint:
    return DecisionPoint(
        name=name,
        title=title,
        question=title,
        facts=facts,
        fields=fields,
        hits=hits,
        scopes={"shops": "order.shop"},
    )


_ALL = (
    _point(
        "audit.order",
        Words("审单", "Audit"),
        ORDER,
        (VERDICT, REASONS),
        Hit.COLLECT,
        Hit.SCORE,
        Hit.FIRST,
        Hit.UNIQUE,
    ),
    _point(
        "packing.gift",
        Words("赠品", "Gifts"),
        ORDER,
        (
            Field(
                "gift",
                Words("赠品", "gift"),
                arguments=(
                    Argument("sku", Kind.TEXT, Words("编码", "sku")),
                    Argument("per", Kind.MONEY, Words("每满", "per"), required=False),
                    Argument("cap", Kind.INTEGER, Words("上限", "cap"), required=False, at_least=1),
                ),
                many=True,
                merge=Merge.LIST,
            ),
            ANSWER,
        ),
        Hit.COLLECT,
    ),
    _point(
        "shipping.override",
        Words("快递特例", "Carrier, special cases"),
        ORDER,
        (ANSWER,),
        Hit.FIRST,
    ),
    _point("shipping.base", Words("快递", "Carrier"), ORDER, (ANSWER,), Hit.FIRST),
    _point(
        "packing.box", Words("包装", "Packing"), ORDER, (ANSWER, REASONS), Hit.FIRST, Hit.COLLECT
    ),
    _point(
        "allocation.plan",
        Words("分仓方案", "Sourcing"),
        (*ORDER, *CANDIDATES),
        (ANSWER, Field("candidate", Words("方案", "plan"), kind=Kind.TEXT)),
        Hit.RANK,
    ),
    _point(
        "service.answer",
        Words("服务", "Service"),
        (*ORDER, *SERVICE),
        (ANSWER, REASONS),
        Hit.FIRST,
        Hit.COLLECT,
        Hit.UNIQUE,
    ),
)
POINTS = {point.name: point for point in _ALL}
"""By name, as the reader takes them."""

"""Decision points for tests of the rule language: small, and apart from the order core."""

from __future__ import annotations

from decimal import Decimal

from ordinance.rules.kinds import Kind, Value, Words
from ordinance.rules.point import (
    Argument,
    Choice,
    DecisionPoint,
    Fact,
    Field,
    Hit,
    Merge,
    Missing,
)


def fact(
    name: str,
    zh: str,
    kind: Kind,
    *,
    unit: str | None = None,
    choices: tuple[Choice, ...] = (),
    at_least: Value | None = None,
    at_most: Value | None = None,
    missing: Missing = Missing.UNKNOWN,
    default: Value | None = None,
) -> Fact:
    return Fact(
        name,
        kind,
        Words(zh, name.partition(".")[2].replace("_", " ")),
        unit,
        choices,
        at_least,
        at_most,
        missing,
        default,
    )


def choices(*rows: tuple[str, str]) -> tuple[Choice, ...]:
    return tuple(Choice(code, Words(zh, code.replace("_", " "))) for code, zh in rows)


RISK = DecisionPoint(
    name="review.risk",
    title=Words("订单审核风险", "Order review risk"),
    question=Words("需要人工审核吗?", "does a person look at it?"),
    facts=(
        fact("order.paid_at", "订单.付款时间", Kind.INSTANT),
        fact("order.local_time", "订单.下单时刻", Kind.TIME_OF_DAY),
        fact("order.receivable", "订单.应收", Kind.MONEY, at_least=Decimal(0)),
        fact("order.paid", "订单.已付", Kind.MONEY, at_least=Decimal(0)),
        fact("order.channel", "订单.渠道", Kind.TEXT),
        fact("order.gift", "订单.礼品", Kind.BOOLEAN),
        fact("order.due", "订单.到期日", Kind.DATE),
        fact("order.waits", "订单.等待", Kind.DURATION),
        fact("order.tags", "订单.标签", Kind.TAGS),
        fact("order.weight_g", "订单.重量", Kind.INTEGER, unit="g", at_least=0),
        fact("order.message", "订单.留言", Kind.TEXT),
        fact(
            "order.type",
            "订单.类型",
            Kind.CHOICE,
            choices=choices(("normal", "普通"), ("presale", "预售")),
        ),
        fact("buyer.orders_90d", "买家.近90天订单数", Kind.INTEGER, at_least=0),
        fact(
            "buyer.refunded_share",
            "买家.退款占比",
            Kind.RATIO,
            at_least=Decimal(0),
            at_most=Decimal(1),
        ),
        fact("receiver.region", "收货.地区", Kind.REGION),
        fact("line.category", "商品行.类目", Kind.TEXT),
        fact("line.quantity", "商品行.数量", Kind.INTEGER, at_least=0),
        fact("line.cold_chain", "商品行.冷链", Kind.BOOLEAN),
    ),
    fields=(
        Field(
            "outcome",
            Words("结论", "outcome"),
            choices=choices(("approve", "通过"), ("manual_review", "人工审核"), ("hold", "拦截")),
            required=True,
            merge=Merge.WORST,
        ),
        Field(
            "hold",
            Words("等待", "hold"),
            choices=choices(("phone_confirmation", "电话确认"), ("stock_check", "核对库存")),
            many=True,
            merge=Merge.UNION,
        ),
    ),
    hits=(Hit.SCORE, Hit.COLLECT, Hit.FIRST, Hit.UNIQUE),
    scopes={"channels": "order.channel"},
)

REMEDY = DecisionPoint(
    name="aftersale.remedy",
    title=Words("售后补救方式", "After-sale remedy"),
    question=Words("如何补救?", "which remedy?"),
    facts=(
        fact("order.paid_at", "订单.付款时间", Kind.INSTANT),
        fact(
            "case.reason",
            "售后.原因",
            Kind.CHOICE,
            choices=choices(
                ("damaged", "破损"), ("wrong_item", "发错货"), ("changed_mind", "不想要")
            ),
        ),
        fact("case.days_since_receipt", "售后.签收天数", Kind.INTEGER, unit="day", at_least=0),
        fact("line.returnable", "商品行.可退", Kind.BOOLEAN),
    ),
    fields=(
        Field(
            "remedy",
            Words("补救", "remedy"),
            choices=choices(
                ("return_refund", "退货退款"),
                ("return_refund_with_fee", "退货退款扣费"),
                ("exchange", "换货"),
                ("refuse", "不予受理"),
                ("ask_a_person", "转人工"),
            ),
            required=True,
        ),
        Field(
            "return_freight",
            Words("退货运费", "return freight"),
            choices=choices(("seller", "卖家"), ("buyer", "买家"), ("nobody", "无")),
            required=True,
        ),
    ),
    hits=(Hit.UNIQUE, Hit.FIRST),
    one_line=True,
)

SOURCE = DecisionPoint(
    name="allocation.source",
    title=Words("分仓", "Choice of warehouse"),
    question=Words("从哪个仓库发货?", "which warehouse ships?"),
    facts=(
        fact("order.paid_at", "订单.付款时间", Kind.INSTANT),
        fact("order.channel", "订单.渠道", Kind.TEXT),
        fact("line.cold_chain", "商品行.冷链", Kind.BOOLEAN),
        fact("candidate.code", "候选仓.编码", Kind.TEXT),
        fact("candidate.serves_region", "候选仓.可送达", Kind.BOOLEAN),
        fact("candidate.cold_chain", "候选仓.冷链", Kind.BOOLEAN),
        fact("candidate.lines_filled", "候选仓.可满足行数", Kind.INTEGER),
        fact("candidate.distance_km", "候选仓.距离", Kind.DECIMAL, unit="km"),
        fact("candidate.cost", "候选仓.成本", Kind.MONEY),
        fact("candidate.priority", "候选仓.优先级", Kind.INTEGER),
    ),
    fields=(
        Field("candidate", Words("仓库", "warehouse"), kind=Kind.TEXT),
        Field(
            "outcome",
            Words("结论", "outcome"),
            choices=choices(("assigned", "已分仓"), ("unassigned", "未分仓")),
        ),
    ),
    hits=(Hit.RANK,),
    scopes={"channels": "order.channel", "warehouses": "candidate.code"},
)

GIFT = DecisionPoint(
    name="packing.gift",
    title=Words("赠品", "Gifts"),
    question=Words("送什么?", "which gifts?"),
    facts=(
        fact("order.paid_at", "订单.付款时间", Kind.INSTANT),
        fact("order.goods_amount", "订单.商品金额", Kind.MONEY),
        fact("order.weight_g", "订单.重量", Kind.INTEGER, unit="g"),
        fact("receiver.region", "收货.地区", Kind.REGION),
        fact("line.category", "商品行.类目", Kind.TEXT),
        fact("line.quantity", "商品行.数量", Kind.INTEGER),
    ),
    fields=(
        Field(
            "gift",
            Words("赠品", "gift"),
            arguments=(
                Argument("sku", Kind.TEXT, Words("编码", "sku")),
                Argument("per", Kind.MONEY, Words("每满", "per"), required=False),
                Argument("cap", Kind.INTEGER, Words("上限", "cap"), required=False, at_least=1),
                Argument("per_order", Kind.INTEGER, Words("每单", "per order"), required=False),
            ),
            many=True,
            merge=Merge.LIST,
        ),
        Field("box", Words("包装", "box"), kind=Kind.TEXT),
        Field("delay", Words("推迟", "delay"), kind=Kind.DURATION),
    ),
    hits=(Hit.COLLECT, Hit.FIRST),
)

POINTS = {point.name: point for point in (RISK, REMEDY, SOURCE, GIFT)}
"""The sample points by name, as the reader takes them."""

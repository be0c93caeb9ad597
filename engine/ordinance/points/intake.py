"""Intake: what a line is, whether an order can be taken, and how long an unpaid one waits."""

from __future__ import annotations

from ordinance.points.declare import choices, number, one, several
from ordinance.points.facts import BUYER, LINE, ORDER, PAYMENT, RECEIVER, SHOP
from ordinance.rules.kinds import Words
from ordinance.rules.point import DecisionPoint, Hit, Merge

TREATMENTS = choices(
    ("goods", "实物", "goods to ship"),
    ("virtual", "虚拟", "nothing to ship"),
    ("freight", "运费", "freight"),
    ("discount", "优惠", "discount"),
    ("fee", "费用", "fee"),
    ("tax", "税费", "tax"),
    ("set_aside", "不计", "set aside, not part of the sale"),
)

EXCEPTIONS = choices(
    ("AMOUNT_MISMATCH", "金额不符", "paid amount differs from receivable"),
    ("DUPLICATE_PAYMENT", "重复支付", "payment already used by another order"),
    ("PAYMENT_INVALID", "支付信息异常", "payment facts contradict the order"),
    ("SKU_UNMAPPED", "商品未匹配", "sku is not in the catalogue"),
    ("SKU_DISCONTINUED", "商品停售", "item is discontinued"),
    ("ADDRESS_INCOMPLETE", "地址不完整", "address is incomplete"),
    ("REGION_UNKNOWN", "地区不明", "region is unknown"),
    ("PHONE_INVALID", "电话无效", "phone number is not valid"),
    ("QTY_ABNORMAL", "数量异常", "quantity is abnormal"),
    ("PRICE_ABNORMAL", "价格异常", "price is abnormal"),
    ("NOTHING_TO_SELL", "无有效商品", "no line is a sale"),
    ("BUYER_UNKNOWN", "买家未登记", "buyer has no account"),
    ("CLOCK_QUIRK", "时间异常", "times of the order contradict each other"),
    ("PRESALE_NOT_DUE", "预售未到期", "presale is not due yet"),
)

VERDICTS = choices(
    ("accept", "接收", "accept"),
    ("park", "挂起", "park for a person"),
    ("refuse", "拒收", "refuse"),
)

LINE_TREATMENT = DecisionPoint(
    name="intake.line",
    title=Words("明细行归类", "What a line is"),
    question=Words(
        "这一行是商品、运费、优惠还是别的?", "is this line goods, freight, a discount ...?"
    ),
    facts=(*SHOP, *LINE),
    fields=(one("treat_as", "视为", "treat as", TREATMENTS),),
    hits=(Hit.FIRST,),
    scopes={"channels": "order.channel", "shops": "order.shop"},
    one_line=True,
)

VALIDATE = DecisionPoint(
    name="intake.validate",
    title=Words("订单初步校验", "First check of an order"),
    question=Words("这张订单能接收吗? 有哪些异常?", "can this order be taken, and what is wrong?"),
    facts=(*ORDER, *BUYER, *RECEIVER, *PAYMENT, *LINE),
    fields=(
        one("verdict", "结论", "verdict", VERDICTS, merge=Merge.WORST),
        several("exception", "异常", "exceptions", EXCEPTIONS),
    ),
    hits=(Hit.COLLECT,),
    scopes={"channels": "order.channel", "shops": "order.shop"},
)

UNPAID = DecisionPoint(
    name="intake.unpaid",
    title=Words("未付款订单等待时长", "How long an unpaid order waits"),
    question=Words("下单后多久未付款就关闭?", "after how long without payment is it closed?"),
    facts=(*ORDER, *BUYER),
    fields=(
        number(
            "close_after_minutes",
            "分钟后关闭",
            "close after",
            unit="min",
            required=True,
            at_least=1,
        ),
    ),
    hits=(Hit.FIRST,),
    scopes={"channels": "order.channel", "shops": "order.shop"},
)

POINTS = (LINE_TREATMENT, VALIDATE, UNPAID)

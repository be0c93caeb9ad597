"""Packing: what travels in a parcel of its own; package, marks and inserts; the label."""

from __future__ import annotations

from decimal import Decimal

from ordinance.points.declare import argument, choices, maybe, number, several
from ordinance.points.facts import LINE, ORDER, PARCEL, RECEIVER
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import DecisionPoint, Field, Hit, Merge, Needs

ONE_CENT = Decimal("0.01")

LIMITS = ("at_most_g", "at_most_cm3", "at_most_value", "at_most_pieces")
"""The arguments of a split that say how much goes into one parcel."""

SPLITS = choices(
    ("trait", "按特性", "goods with a trait"),
    ("category", "按类目", "goods of a category"),
    ("article", "按商品", "each article"),
    ("each", "逐件", "each piece with a trait alone"),
    ("limit", "限额", "as much as a limit allows"),
    ("carrier", "快递限重", "as much as a carrier takes"),
)

SPLIT = DecisionPoint(
    name="packing.split",
    title=Words("拆包裹", "Split into parcels"),
    question=Words(
        "一个仓发出的商品, 哪些单独成包, 每包以多少为限?",
        "of what one warehouse ships, what travels apart, and how much goes into one parcel?",
    ),
    facts=(*ORDER, *RECEIVER, *PARCEL, *LINE),
    fields=(
        Field(
            "split",
            Words("拆分", "split"),
            arguments=(
                argument("by", "方式", "by", Kind.CHOICE, allowed=SPLITS),
                maybe("of", "对象", "of", Kind.TEXT),
                maybe("at_most_g", "限重", "at most", unit="g", at_least=1),
                maybe("at_most_cm3", "限体积", "at most", unit="cm3", at_least=1),
                maybe("at_most_value", "限货值", "worth at most", Kind.MONEY, at_least=ONE_CENT),
                maybe("at_most_pieces", "限件数", "pieces at most", at_least=1),
                maybe("hard", "必须", "even what was split out before", Kind.BOOLEAN),
            ),
            needs=(Needs("by", "trait", ("of",)), Needs("by", "limit", LIMITS, only=True)),
            many=True,
            merge=Merge.LIST,
        ),
    ),
    hits=(Hit.COLLECT,),
    scopes={"channels": "order.channel", "shops": "order.shop", "warehouses": "parcel.warehouse"},
)

MARKS = choices(
    ("fragile", "易碎品", "fragile"),
    ("this_way_up", "向上", "this way up"),
    ("keep_cold", "冷藏", "keep cold"),
    ("liquid", "液体", "liquid"),
    ("dangerous", "危险品", "dangerous goods"),
    ("heavy", "重物", "heavy"),
)
INSERTS = choices(
    ("packing_list", "发货清单", "packing list"),
    ("packing_list_no_prices", "无价清单", "packing list without prices"),
    ("return_form", "退换货说明", "return form"),
    ("care_card", "使用说明", "care card"),
)

PACKAGE = DecisionPoint(
    name="packing.package",
    title=Words("包装选择", "Choice of package"),
    question=Words("用什么包装?", "what is it packed in?"),
    facts=(*ORDER, *PARCEL),
    fields=(
        Field("package", Words("包装", "package"), kind=Kind.TEXT, required=True),
        number(
            "package_weight_g",
            "包装重量",
            "weight of the package",
            unit="g",
            required=True,
            at_least=0,
        ),
    ),
    hits=(Hit.FIRST,),
    scopes={"channels": "order.channel", "shops": "order.shop", "warehouses": "parcel.warehouse"},
)

MARK = DecisionPoint(
    name="packing.marks",
    title=Words("警示标识与随箱材料", "Marks and inserts"),
    question=Words("贴什么标识, 放什么材料?", "which marks and inserts?"),
    facts=(*ORDER, *PARCEL, *LINE),
    fields=(
        several("mark", "标识", "marks", MARKS),
        several("insert", "随箱", "inserts", INSERTS),
    ),
    hits=(Hit.COLLECT,),
    scopes={"channels": "order.channel", "shops": "order.shop", "warehouses": "parcel.warehouse"},
)

LABEL = DecisionPoint(
    name="packing.label",
    title=Words("面单脱敏", "Masking of the label"),
    question=Words(
        "面单上隐去多少个人信息?", "how much of the receiver's data does the label hide?"
    ),
    facts=(*ORDER, *PARCEL, *RECEIVER),
    fields=(
        number(
            "name_hidden",
            "姓名隐去",
            "characters of the name hidden",
            required=True,
            at_least=0,
            at_most=100,
        ),
        number(
            "phone_hidden",
            "电话隐去",
            "digits of the phone number hidden",
            required=True,
            at_least=0,
            at_most=100,
        ),
        number(
            "room_hidden",
            "隐去单元户室",
            "unit and room hidden",
            Kind.BOOLEAN,
            required=True,
        ),
    ),
    hits=(Hit.FIRST,),
    scopes={"channels": "order.channel", "shops": "order.shop", "warehouses": "parcel.warehouse"},
)

POINTS = (SPLIT, PACKAGE, MARK, LABEL)

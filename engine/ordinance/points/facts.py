"""Facts that several decision points share; each is declared once, here."""

from __future__ import annotations

from decimal import Decimal

from ordinance.points.declare import choices, fact
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import Missing

ORDER_TYPES = choices(
    ("normal", "普通", "normal"),
    ("presale", "预售", "presale"),
    ("exchange", "换货", "exchange"),
    ("resend", "补发", "resend"),
    ("cash_on_delivery", "货到付款", "cash on delivery"),
    ("manual", "手工", "entered by hand"),
)

TRAITS = choices(
    ("fragile", "易碎", "fragile"),
    ("liquid", "液体", "liquid"),
    ("cold_chain", "冷链", "cold chain"),
    ("dangerous", "危险品", "dangerous"),
    ("custom_made", "定制", "custom made"),
    ("perishable", "鲜活易腐", "perishable"),
    ("oversize", "大件", "oversize"),
    ("ships_alone", "独立包裹", "each piece ships alone"),
    ("virtual", "虚拟", "virtual"),
    ("hygiene", "贴身卫生", "hygiene"),
    ("presale", "预售", "presale"),
    ("discontinued", "停售", "discontinued"),
    ("bundle", "套装", "bundle"),
    ("periodical", "报刊", "newspaper or magazine"),
    ("used_up", "试用贬值", "worth much less once tried or activated"),
    ("near_expiry", "临期", "near its expiry date"),
    ("flawed", "有瑕疵", "sold with a flaw"),
)
"""The usual traits of goods; a shop may give its items others."""

SHOP = (
    fact("order.channel", "订单.渠道", "channel", Kind.TEXT),
    fact("order.shop", "订单.店铺", "shop", Kind.TEXT),
)

TIMES = (
    fact("order.placed_at", "订单.下单时间", "order time", Kind.INSTANT),
    fact("order.paid_at", "订单.付款时间", "payment time", Kind.INSTANT),
)

ORDER = (
    *SHOP,
    *TIMES,
    fact("order.type", "订单.类型", "order type", Kind.CHOICE, choices=ORDER_TYPES),
    fact("order.local_time", "订单.下单时刻", "time of day of the order", Kind.TIME_OF_DAY),
    fact(
        "order.goods_amount",
        "订单.商品金额",
        "goods amount",
        Kind.MONEY,
        note=Words("商品行之和, 已减行优惠", "sum of the goods lines after line discounts"),
    ),
    fact(
        "order.receivable",
        "订单.应收",
        "amount receivable",
        Kind.MONEY,
        note=Words("商品 + 运费 - 优惠", "goods + freight - discounts"),
    ),
    fact("order.paid", "订单.已付", "amount paid", Kind.MONEY),
    fact(
        "order.difference",
        "订单.差额",
        "paid minus receivable",
        Kind.MONEY,
        note=Words("已付 - 应收, 正数为多付", "above zero: paid too much"),
    ),
    fact("order.freight", "订单.运费", "freight paid by the buyer", Kind.MONEY),
    fact("order.discount", "订单.优惠", "discount on the whole order", Kind.MONEY),
    fact("order.lines_count", "订单.行数", "goods lines", Kind.INTEGER, at_least=0),
    fact("order.pieces", "订单.件数", "pieces", Kind.INTEGER, at_least=0),
    fact(
        "order.largest_line",
        "订单.单行最大件数",
        "pieces of the largest line",
        Kind.INTEGER,
        at_least=0,
    ),
    fact("order.weight_g", "订单.重量", "weight", Kind.INTEGER, unit="g", at_least=0),
    fact("order.needs_shipping", "订单.需发货", "has goods to ship", Kind.BOOLEAN),
    fact("order.tags", "订单.标签", "tags", Kind.TAGS),
    fact(
        "order.buyer_message",
        "订单.买家留言",
        "buyer's message",
        Kind.TEXT,
        personal=True,
        speech=True,
    ),
    fact(
        "order.seller_memo",
        "订单.卖家备注",
        "seller's memo",
        Kind.TEXT,
        personal=True,
        speech=True,
    ),
)

BUYER = (
    fact("buyer.known", "买家.已登记", "buyer has an account", Kind.BOOLEAN),
    fact("buyer.id", "买家.编号", "buyer id", Kind.TEXT, personal=True),
    fact("buyer.level", "买家.等级", "buyer level", Kind.TEXT),
    fact(
        "buyer.orders_90d",
        "买家.近90天订单数",
        "orders of the buyer in 90 days",
        Kind.INTEGER,
        at_least=0,
        note=Words("不含本单", "without this order"),
    ),
    fact(
        "buyer.refunded_share",
        "买家.退款占比",
        "share of the buyer's money refunded so far",
        Kind.RATIO,
        at_least=Decimal(0),
        at_most=Decimal(1),
    ),
)

RECEIVER = (
    fact("receiver.region", "收货.地区", "region of the receiver", Kind.REGION),
    fact("receiver.region_valid", "收货.地区有效", "region is in the region table", Kind.BOOLEAN),
    fact("receiver.address", "收货.地址", "street address", Kind.TEXT, personal=True),
    fact("receiver.address_complete", "收货.地址完整", "address is complete", Kind.BOOLEAN),
    fact("receiver.phone_valid", "收货.电话有效", "phone number is valid", Kind.BOOLEAN),
)

PAYMENT = (
    fact("payment.count", "付款.笔数", "payments", Kind.INTEGER, at_least=0),
    fact("payment.method", "付款.方式", "payment method of the first payment", Kind.TEXT),
    fact("payment.instalments", "付款.分期数", "most instalments", Kind.INTEGER, at_least=0),
    fact(
        "payment.transaction_reused",
        "付款.流水号重复",
        "transaction number seen on another order",
        Kind.BOOLEAN,
    ),
    fact("payment.before_order", "付款.早于下单", "paid before it was ordered", Kind.BOOLEAN),
)

LINE = (
    fact("line.sku", "商品行.编码", "sku", Kind.TEXT),
    fact("line.title", "商品行.名称", "title", Kind.TEXT),
    fact("line.quantity", "商品行.数量", "quantity", Kind.INTEGER),
    fact("line.unit_price", "商品行.单价", "unit price", Kind.MONEY),
    fact("line.amount", "商品行.金额", "line amount", Kind.MONEY),
    fact("line.category", "商品行.类目", "category", Kind.TEXT),
    fact("line.is_gift", "商品行.是赠品", "is the gift of another line", Kind.BOOLEAN),
    fact("line.in_catalogue", "商品行.已建档", "sku is in the catalogue", Kind.BOOLEAN),
    fact("line.traits", "商品行.特性", "traits", Kind.TAGS, choices=TRAITS),
    fact(
        "line.no_return_agreed",
        "商品行.已确认不退",
        "buyer agreed that it cannot be returned",
        Kind.BOOLEAN,
        note=Words(
            "购买时逐单确认不适用无理由退货; 没有问过时缺失",
            "agreed at the purchase, for this line; missing when nobody asked",
        ),
    ),
)

STOCK = (
    fact(
        "stock.whole_somewhere",
        "库存.单仓可满足",
        "one warehouse can fill the whole order",
        Kind.BOOLEAN,
    ),
    fact(
        "stock.fillable_share",
        "库存.可满足比例",
        "share of the pieces that is in stock",
        Kind.RATIO,
        at_least=Decimal(0),
        at_most=Decimal(1),
    ),
    fact("stock.short_pieces", "库存.缺货件数", "pieces short", Kind.INTEGER, at_least=0),
    fact(
        "stock.parcels_needed",
        "库存.需拆包裹数",
        "warehouses needed to ship what is there",
        Kind.INTEGER,
        at_least=0,
    ),
    fact(
        "stock.restock_days",
        "库存.补货天数",
        "days until the slowest short item is restocked",
        Kind.INTEGER,
        unit="day",
        at_least=0,
        note=Words(
            "含在途采购与前面排队的需求; 无法确定时缺失",
            "counts purchase orders and those who wait longer; missing when nobody knows",
        ),
    ),
    fact(
        "stock.presale",
        "库存.缺货均为预售",
        "all that is short was sold as a presale",
        Kind.BOOLEAN,
    ),
)

PARCEL = (
    fact("parcel.pieces", "包裹.件数", "pieces in the parcel", Kind.INTEGER, at_least=0),
    fact(
        "parcel.weight_g", "包裹.重量", "weight of the parcel", Kind.INTEGER, unit="g", at_least=0
    ),
    fact(
        "parcel.volume_cm3",
        "包裹.体积",
        "volume of the parcel",
        Kind.INTEGER,
        unit="cm3",
        at_least=0,
    ),
    fact("parcel.value", "包裹.货值", "value of the parcel", Kind.MONEY),
    fact("parcel.traits", "包裹.特性", "traits of the goods inside", Kind.TAGS, choices=TRAITS),
    fact("parcel.warehouse", "包裹.仓库", "warehouse", Kind.TEXT),
)

REFUND_STATES = choices(("none", "无", "none"), ("part", "部分", "part"), ("full", "全部", "full"))

RULE_MISSING = Missing.ERROR
"""For facts that the core always knows; their absence is a defect, and the order is held."""

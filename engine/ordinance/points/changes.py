"""Change of mind: a warehouse rejects, a stocktake finds less, a buyer moves, orders are merged."""

from __future__ import annotations

from ordinance.points.aftersale import PROGRESS
from ordinance.points.declare import choices, fact, number, one, several
from ordinance.points.facts import BUYER, ORDER, RECEIVER, TRAITS
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import DecisionPoint, Field, Hit, Merge

REJECTIONS = choices(
    ("SHORT_PICKED", "拣货短缺", "the shelf held less than the books"),
    ("OUT_OF_STOCK", "实际无货", "it has none of it"),
    ("DAMAGED", "破损", "the goods are damaged"),
    ("ITEM_BLOCKED", "商品停发", "it may not ship the article"),
    ("AT_CAPACITY", "爆仓", "it is at its capacity"),
    ("CLOSED", "停业", "it is closed"),
    ("NO_DELIVERY_THERE", "送不到", "it cannot ship to this address"),
)
"""Why a warehouse does not ship a parcel that was given to it."""

ABOUT_AN_ITEM = frozenset({"SHORT_PICKED", "OUT_OF_STOCK", "DAMAGED", "ITEM_BLOCKED"})
"""Reasons that are about one stock item, which has to be named."""

STOCK_AFTER = choices(
    ("as_it_is", "不变", "stays as it is"),
    ("write_off", "盘亏", "is written off"),
    ("quarantine", "转待检", "goes into quarantine"),
)
BLOCKS = choices(
    ("nothing", "不排除", "the warehouse may be asked again"),
    ("order", "本单不再分到该仓", "the warehouse is not asked for this order again"),
    ("item", "该仓停发该商品", "the article is blocked in that warehouse, for all orders"),
)
REJECTED_NEXT = choices(
    ("source_again", "重新分仓", "another warehouse is looked for"),
    ("ask_person", "转人工", "a person decides"),
)

REJECTED = DecisionPoint(
    name="allocation.rejected",
    title=Words("仓库拒单", "Rejected by a warehouse"),
    question=Words(
        "仓库不发这个包裹, 怎么办?", "a warehouse does not ship a parcel: what follows?"
    ),
    facts=(
        *ORDER,
        fact("rejection.reason", "拒单.原因", "reason", Kind.CHOICE, choices=REJECTIONS),
        fact("rejection.warehouse", "拒单.仓库", "warehouse", Kind.TEXT),
        fact(
            "rejection.times",
            "拒单.次数",
            "times the order was rejected, this one included",
            Kind.INTEGER,
            at_least=1,
        ),
        fact("rejection.sku", "拒单.库存品", "stock item that it is about", Kind.TEXT),
        fact(
            "rejection.pieces",
            "拒单.件数",
            "pieces that it is about",
            Kind.INTEGER,
            at_least=0,
        ),
    ),
    fields=(
        one("stock", "库存", "stock", STOCK_AFTER, required=False),
        one("blocks", "排除", "blocks", BLOCKS, required=False),
        number("block_hours", "停发时长", "blocked for", unit="h", at_least=1, at_most=24 * 365),
        one("next", "下一步", "next", REJECTED_NEXT, merge=Merge.WORST, required=False),
    ),
    hits=(Hit.COLLECT,),
    scopes={
        "channels": "order.channel",
        "shops": "order.shop",
        "warehouses": "rejection.warehouse",
    },
)

LOSS = DecisionPoint(
    name="allocation.loss",
    title=Words("盘亏让货", "Who gives up what a stocktake did not find"),
    question=Words(
        "实盘少于锁定, 哪张订单先让出?",
        "the shelf holds less than is reserved: which order gives up its pieces first?",
    ),
    facts=(
        fact("loss.warehouse", "盘亏.仓库", "warehouse", Kind.TEXT),
        fact("loss.sku", "盘亏.库存品", "stock item", Kind.TEXT),
        fact("loss.pieces", "盘亏.缺少件数", "pieces missing", Kind.INTEGER, at_least=1),
        fact("candidate.code", "候选单.编号", "order", Kind.TEXT),
        fact("candidate.pieces", "候选单.锁定件数", "pieces it holds", Kind.INTEGER, at_least=0),
        fact(
            "candidate.packed",
            "候选单.已打包",
            "packed already",
            Kind.BOOLEAN,
            note=Words("已打包的货要计入盘点数", "a count has to include what is packed"),
        ),
        fact(
            "candidate.parcels_to_stop",
            "候选单.需拦截包裹",
            "parcels that the warehouse has to stop for it",
            Kind.INTEGER,
            at_least=0,
        ),
        fact(
            "candidate.hours_left",
            "候选单.距承诺小时",
            "hours left until its promise to ship",
            Kind.INTEGER,
            unit="h",
            note=Words("没有承诺时很大", "very many without a promise"),
        ),
        fact(
            "candidate.hours_waited",
            "候选单.已等小时",
            "hours since it was placed",
            Kind.INTEGER,
            unit="h",
        ),
        fact("candidate.channel", "候选单.渠道", "channel", Kind.TEXT),
        fact("candidate.tags", "候选单.标签", "tags", Kind.TAGS),
        fact("candidate.value", "候选单.应收", "amount receivable", Kind.MONEY),
    ),
    fields=(
        Field("candidate", Words("订单", "order"), kind=Kind.TEXT),
        one(
            "outcome",
            "结论",
            "outcome",
            choices(
                ("gives_up", "让出", "gives up its pieces"),
                ("nobody", "无单可让", "no order may give up its pieces"),
            ),
            required=False,
        ),
    ),
    hits=(Hit.RANK,),
    scopes={"warehouses": "loss.warehouse"},
)

ADDRESS_ANSWERS = choices(
    ("change", "改址", "changed"),
    ("intercept", "拦截改址", "stopped in the warehouse and changed"),
    ("forward", "转寄", "can be forwarded by the carrier"),
    ("refuse", "不改", "not changed"),
)

ADDRESS = DecisionPoint(
    name="service.address",
    title=Words("修改地址", "Change of address"),
    question=Words("还能改收货地址吗?", "may the address still be changed?"),
    facts=(
        *ORDER,
        *BUYER,
        *RECEIVER,
        PROGRESS,
        fact("address.region", "新地址.地区", "new region", Kind.REGION),
        fact(
            "address.moves",
            "新地址.换地区",
            "the region is another one",
            Kind.BOOLEAN,
        ),
        fact("address.region_valid", "新地址.地区有效", "new region exists", Kind.BOOLEAN),
        fact("address.complete", "新地址.完整", "new address is complete", Kind.BOOLEAN),
        fact("address.phone_valid", "新地址.电话有效", "new phone is valid", Kind.BOOLEAN),
        fact("address.times", "新地址.已改次数", "changed before", Kind.INTEGER, at_least=0),
    ),
    fields=(one("answer", "答复", "answer", ADDRESS_ANSWERS),),
    hits=(Hit.FIRST,),
    scopes={"channels": "order.channel", "shops": "order.shop"},
)

MERGE_BLOCKERS = choices(
    ("channel", "渠道不同", "other channels"),
    ("buyer", "买家不同", "other buyers"),
    ("receiver", "收货人不同", "other receivers"),
    ("address", "地址不同", "other addresses"),
    ("warehouse", "仓库不同", "other warehouses"),
    ("carrier", "快递不同", "other carriers"),
    ("payment", "付款方式不同", "cash on delivery and prepaid"),
    ("invoice", "发票不同", "other invoices"),
    ("presale", "含预售", "presale"),
    ("refund", "申请退款", "a refund was asked for"),
    ("on_hold", "挂起", "on hold"),
    ("incomplete", "未配齐", "not all of it is packed"),
    ("split", "已拆单", "split before"),
    ("merged", "已合单", "merged already"),
    ("pushed", "已推仓", "given to the warehouse already"),
    ("weight", "超重", "too heavy together"),
    ("pieces", "超件数", "too many pieces together"),
    ("orders", "超单数", "too many orders together"),
    ("no_carrier", "无快递可达", "no carrier takes the box"),
    ("traits", "不可同包", "goods that do not travel together"),
)

MERGE = DecisionPoint(
    name="orders.merge",
    title=Words("合单", "Merging orders"),
    question=Words(
        "这些订单能合在一个包裹里发吗? 没有理由反对就合。",
        "may these orders leave in one parcel? without a reason against it they do",
    ),
    facts=(
        fact("order.channel", "订单.渠道", "channel", Kind.TEXT),
        fact("order.shop", "订单.店铺", "shop", Kind.TEXT),
        *(
            fact(f"merge.same_{name}", f"合单.{zh}相同", en, Kind.BOOLEAN)
            for name, zh, en in (
                ("channel", "渠道", "all from one channel"),
                ("buyer", "买家", "all of one buyer"),
                ("receiver", "收货人", "one receiver's name and phone"),
                ("address", "地址", "one address"),
                ("warehouse", "仓库", "all from one warehouse"),
                ("carrier", "快递", "all with one carrier"),
                ("payment", "付款方式", "all prepaid or all cash on delivery"),
                ("invoice", "发票", "one invoice title, or none"),
            )
        ),
        *(
            fact(f"merge.any_{name}", f"合单.有{zh}", en, Kind.BOOLEAN)
            for name, zh, en in (
                ("presale", "预售", "one of them is a presale"),
                ("refund", "退款申请", "a refund or cancellation was asked for on one of them"),
                ("hold", "挂起", "one of them is on hold"),
                ("waiting", "未配齐", "one of them is not packed whole"),
                ("split", "拆单", "one of them was split"),
                ("merged", "合单", "one of them is merged already"),
                ("pushed", "推仓", "one of them is with the warehouse or has left"),
            )
        ),
        fact("merge.orders", "合单.单数", "orders", Kind.INTEGER, at_least=2),
        fact("merge.pieces", "合单.件数", "pieces", Kind.INTEGER, at_least=0),
        fact("merge.weight_g", "合单.重量", "weight", Kind.INTEGER, unit="g", at_least=0),
        fact("merge.value", "合单.货值", "value of the goods", Kind.MONEY),
        fact(
            "merge.traits",
            "合单.商品特性",
            "traits of the goods",
            Kind.TAGS,
            choices=TRAITS,
        ),
        fact(
            "merge.tags_apart",
            "合单.不共有的标签",
            "tags that some of them have and others have not",
            Kind.TAGS,
        ),
    ),
    fields=(several("blocker", "阻碍", "blockers", MERGE_BLOCKERS),),
    hits=(Hit.COLLECT,),
    scopes={"channels": "order.channel", "shops": "order.shop"},
)

POINTS = (REJECTED, LOSS, ADDRESS, MERGE)

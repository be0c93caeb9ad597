"""Shipping and tracking: promise, carrier, anomalies and their remedy."""

from __future__ import annotations

from ordinance.points.declare import choices, fact, number, one, several
from ordinance.points.facts import ORDER, PARCEL, RECEIVER
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import DecisionPoint, Field, Hit

PROMISE = DecisionPoint(
    name="shipping.promise",
    title=Words("发货时效承诺", "Promise to ship"),
    question=Words("付款后多久内发货?", "how soon after payment is it shipped?"),
    facts=ORDER,
    fields=(
        number(
            "ship_within_hours", "小时内发货", "ship within", unit="h", required=True, at_least=1
        ),
        number(
            "wait_to_merge",
            "等待合单",
            "wait for other orders to merge with",
            unit="min",
            at_least=1,
            at_most=7 * 24 * 60,
        ),
    ),
    hits=(Hit.FIRST,),
    scopes={"channels": "order.channel", "shops": "order.shop"},
)

OVERDUE = DecisionPoint(
    name="shipping.overdue",
    title=Words("逾期未发货", "Not shipped in time"),
    question=Words("过了承诺时间还没发货, 怎么办?", "the promise to ship has passed: what now?"),
    facts=(
        *ORDER,
        fact(
            "order.hours_overdue",
            "订单.逾期小时",
            "hours past the promise to ship",
            Kind.INTEGER,
            unit="h",
            at_least=0,
        ),
    ),
    fields=(
        one(
            "action",
            "处理",
            "action",
            choices(("remind", "催办", "remind"), ("hold", "挂起", "park for a person")),
        ),
        number("again_after_hours", "小时后再看", "look again after", unit="h", at_least=1),
    ),
    hits=(Hit.FIRST, Hit.UNIQUE),
    scopes={"channels": "order.channel", "shops": "order.shop"},
)

CARRIER = DecisionPoint(
    name="shipping.carrier",
    title=Words("快递选择", "Choice of carrier"),
    question=Words("用哪家快递?", "which carrier takes it?"),
    facts=(
        *ORDER,
        *RECEIVER,
        *PARCEL,
        fact("candidate.code", "候选快递.编码", "carrier", Kind.TEXT),
        fact("candidate.serves_region", "候选快递.可送达", "serves the region", Kind.BOOLEAN),
        fact("candidate.takes_goods", "候选快递.可承运", "carries these goods", Kind.BOOLEAN),
        fact("candidate.takes_weight", "候选快递.不超重", "takes this weight", Kind.BOOLEAN),
        fact("candidate.cost", "候选快递.运费", "freight", Kind.MONEY),
        fact("candidate.days", "候选快递.时效", "usual days", Kind.INTEGER, unit="day"),
        fact("candidate.priority", "候选快递.优先级", "priority (lower first)", Kind.INTEGER),
    ),
    fields=(
        Field("candidate", Words("快递", "carrier"), kind=Kind.TEXT),
        one(
            "outcome",
            "结论",
            "outcome",
            choices(("assigned", "已选定", "assigned"), ("unassigned", "无可用快递", "no carrier")),
            required=False,
        ),
    ),
    hits=(Hit.RANK,),
    scopes={"channels": "order.channel", "shops": "order.shop", "carriers": "candidate.code"},
)

TRACK_STATES = choices(
    ("NO_TRACE", "无轨迹", "no scan yet"),
    ("CREATED", "待揽收", "waybill created"),
    ("PICKED_UP", "已揽收", "picked up"),
    ("IN_TRANSIT", "运输中", "in transit"),
    ("ARRIVED_CITY", "到达目的地", "arrived in the city"),
    ("OUT_FOR_DELIVERY", "派送中", "out for delivery"),
    ("AT_LOCKER", "待取件", "at a locker"),
    ("DELIVERED", "已签收", "delivered"),
    ("DELIVERED_SELF", "本人签收", "signed by the receiver"),
    ("DELIVERED_PROXY", "他人代收", "signed by someone else"),
    ("DELIVERED_LOCKER", "快递柜签收", "left in a locker"),
    ("REFUSED", "拒收", "refused"),
    ("DAMAGED", "破损", "damaged"),
    ("RETURNING", "退回中", "on its way back"),
    ("RETURNED", "已退回", "returned"),
    ("LOST_SUSPECT", "疑似丢件", "suspected lost"),
    ("LOST", "确认丢件", "lost"),
)

ANOMALIES = choices(
    ("late_pickup", "未揽收", "not picked up in time"),
    ("stale", "无更新", "no scan for long"),
    ("late", "超时未达", "later than promised"),
    ("suspected_lost", "疑似丢件", "suspected lost"),
    ("damaged", "破损", "damaged"),
    ("refused", "拒收", "refused"),
)

TRACK_FACTS = (
    *ORDER,
    *RECEIVER,
    *PARCEL,
    fact("parcel.carrier", "包裹.快递", "carrier", Kind.TEXT),
    fact("parcel.tracking", "包裹.轨迹", "tracking state", Kind.CHOICE, choices=TRACK_STATES),
    fact(
        "parcel.days_in_transit",
        "包裹.在途天数",
        "whole days since hand-over",
        Kind.INTEGER,
        unit="day",
    ),
    fact(
        "parcel.days_since_scan",
        "包裹.无更新天数",
        "whole days since the last scan",
        Kind.INTEGER,
        unit="day",
    ),
    fact(
        "parcel.days_past_promise",
        "包裹.超期天数",
        "calendar days past the promise",
        Kind.INTEGER,
        unit="day",
        note=Words(
            "负数为未到期; 无承诺时缺失", "below zero: not yet due; missing without a promise"
        ),
    ),
)

ANOMALY = DecisionPoint(
    name="tracking.anomaly",
    title=Words("物流异常识别", "Delivery anomalies"),
    question=Words("这个包裹有异常吗?", "is something wrong with this parcel?"),
    facts=TRACK_FACTS,
    fields=(
        several("anomaly", "异常", "anomalies", ANOMALIES),
        number(
            "look_again_hours",
            "再次检查小时",
            "look again after",
            unit="h",
            at_least=1,
            at_most=24 * 60,
        ),
    ),
    hits=(Hit.COLLECT,),
    scopes={"channels": "order.channel", "shops": "order.shop", "carriers": "parcel.carrier"},
)

RESOLVE = DecisionPoint(
    name="tracking.resolve",
    title=Words("物流异常处理", "Remedy of a delivery anomaly"),
    question=Words("补发、退款、查件还是等待?", "reship, refund, inquire, or wait?"),
    facts=(
        *TRACK_FACTS,
        fact("parcel.anomaly", "包裹.异常", "anomaly", Kind.CHOICE, choices=ANOMALIES),
        fact("parcel.inquiries", "包裹.查件次数", "inquiries so far", Kind.INTEGER, at_least=0),
        fact("parcel.restockable", "包裹.可补发", "stock is there to send it again", Kind.BOOLEAN),
    ),
    fields=(
        one(
            "action",
            "处理",
            "action",
            choices(
                ("wait", "等待", "wait"),
                ("inquire", "向快递查件", "inquire with the carrier"),
                ("reship", "补发", "send again"),
                ("refund", "退款", "refund"),
                ("take_back", "退回入库", "take the goods back and refund"),
                ("ask_person", "转人工", "a person decides"),
            ),
        ),
        number("again_after_hours", "小时后再看", "look again after", unit="h", at_least=1),
    ),
    hits=(Hit.FIRST, Hit.UNIQUE),
    scopes={"channels": "order.channel", "shops": "order.shop", "carriers": "parcel.carrier"},
)

POINTS = (PROMISE, OVERDUE, CARRIER, ANOMALY, RESOLVE)

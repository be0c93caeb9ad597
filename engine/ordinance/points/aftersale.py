"""Completion, after-sale, service and notices."""

from __future__ import annotations

from decimal import Decimal

from ordinance.points.declare import argument, choices, fact, number, one, several
from ordinance.points.dispatch import ANOMALIES
from ordinance.points.facts import BUYER, LINE, ORDER, REFUND_STATES
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import DecisionPoint, Field, Hit, Merge

SCOPES = {"channels": "order.channel", "shops": "order.shop"}

FINAL_STATES = choices(("COMPLETED", "已完成", "completed"), ("CANCELLED", "已取消", "cancelled"))

SIGNERS = choices(
    ("self", "本人签收", "the receiver"),
    ("proxy", "他人代收", "someone else"),
    ("locker", "快递柜", "a locker"),
    ("unknown", "未区分", "not told"),
)

COMPLETE = DecisionPoint(
    name="completion.complete",
    title=Words("签收后多久完成", "When a signed order is complete"),
    question=Words("签收后多少天无异议即完成?", "how many days after signing is it complete?"),
    facts=(
        *ORDER,
        *BUYER,
        fact("parcel.signed_by", "包裹.签收人", "signed by", Kind.CHOICE, choices=SIGNERS),
    ),
    fields=(
        number("after_days", "天后完成", "complete after", unit="day", required=True, at_least=0),
    ),
    hits=(Hit.FIRST,),
    scopes=SCOPES,
)

ARCHIVE = DecisionPoint(
    name="completion.archive",
    title=Words("归档与留存", "Archive and retention"),
    question=Words("多久后归档, 保存多久?", "when is it archived, and how long is it kept?"),
    facts=(
        *ORDER,
        fact("order.final_state", "订单.终态", "final state", Kind.CHOICE, choices=FINAL_STATES),
        fact("order.refund_state", "订单.退款状态", "refunds", Kind.CHOICE, choices=REFUND_STATES),
    ),
    fields=(
        number("after_days", "天后归档", "archive after", unit="day", required=True, at_least=0),
        number("keep_years", "保存年数", "keep for", unit="year", required=True, at_least=0),
    ),
    hits=(Hit.FIRST,),
    scopes=SCOPES,
)

REASONS = choices(
    ("NO_REASON_7D", "七天无理由", "no reason given"),
    ("DONT_WANT", "不想要/拍错", "changed their mind or ordered wrongly"),
    ("SIZE", "尺寸不符", "does not fit"),
    ("QUALITY", "质量问题", "quality fault"),
    ("NOT_AS_DESCRIBED", "描述不符", "not as described"),
    ("DAMAGED", "破损", "damaged"),
    ("WRONG_ITEM", "发错货", "wrong item"),
    ("MISSING", "少件/漏发", "part missing"),
    ("FAKE", "假冒", "counterfeit"),
    ("LATE_SHIP", "未按时发货", "shipped too late"),
    ("OUT_OF_STOCK", "卖家缺货", "seller out of stock"),
    ("NOT_RECEIVED", "未收到货", "not received"),
    ("REFUSED", "拒收", "refused at the door"),
    ("REPAIR", "使用故障", "broken in use"),
    ("PRICE", "价保", "price protection"),
    ("AGREED", "协商一致", "agreed with the buyer"),
    ("OTHER", "其他", "other"),
)

REMEDIES = choices(
    ("RETURN_REFUND", "退货退款", "return and refund"),
    ("REFUND_ONLY", "仅退款", "refund without return"),
    ("EXCHANGE", "换货", "exchange"),
    ("RESEND", "补发", "send again"),
    ("REPAIR", "维修", "repair"),
    ("PRICE_REDUCTION", "折价补偿", "price reduction"),
    ("COUPON", "赠送优惠券", "coupon"),
    ("REFUSE", "不予受理", "refuse"),
    ("ASK_PERSON", "转人工", "a person decides"),
)

PAYERS = choices(
    ("buyer", "买家承担", "the buyer"),
    ("seller", "卖家承担", "the seller"),
    ("nobody", "无", "nobody"),
)

CASE = (
    fact("case.reason", "售后.原因", "reason", Kind.CHOICE, choices=REASONS),
    fact("case.demand", "售后.诉求", "what the buyer asks for", Kind.CHOICE, choices=REMEDIES),
    fact("case.shipped", "售后.已发货", "the goods were shipped", Kind.BOOLEAN),
    fact("case.received", "售后.已签收", "the goods were received", Kind.BOOLEAN),
    fact(
        "case.days_since_receipt",
        "售后.签收天数",
        "days since receipt",
        Kind.INTEGER,
        unit="day",
        note=Words("签收次日为第1天", "the day after signing is day 1"),
    ),
    fact("case.evidence", "售后.有凭证", "evidence was given", Kind.BOOLEAN),
    fact("case.pieces", "售后.件数", "pieces asked about", Kind.INTEGER, at_least=0),
    fact("case.value", "售后.货值", "what was paid for these pieces", Kind.MONEY),
    fact(
        "case.claimed",
        "售后.申请金额",
        "amount the buyer asks for",
        Kind.MONEY,
        note=Words("买家没有指明金额时缺失", "missing when no amount was named"),
    ),
    fact("case.earlier", "售后.此前次数", "earlier cases on the order", Kind.INTEGER, at_least=0),
)

REMEDY = DecisionPoint(
    name="aftersale.remedy",
    title=Words("售后补救方式", "After-sale remedy"),
    question=Words("如何补救, 退货运费谁付?", "which remedy, and who pays the return freight?"),
    facts=(*ORDER, *BUYER, *CASE, *LINE),
    fields=(
        one("remedy", "补救", "remedy", REMEDIES),
        one("return_freight", "退货运费", "return freight paid by", PAYERS, required=False),
        number(
            "return_within_days",
            "寄回期限",
            "goods to be sent back within",
            unit="day",
            at_least=1,
            at_most=365,
        ),
        several(
            "evidence",
            "需凭证",
            "evidence asked for",
            choices(
                ("photo", "照片", "photo"),
                ("video", "视频", "video"),
                ("report", "检测报告", "report"),
            ),
        ),
    ),
    hits=(Hit.FIRST, Hit.UNIQUE),
    scopes=SCOPES,
)

INSPECTIONS = choices(
    ("good", "完好", "good"),
    ("damaged", "破损", "damaged"),
    ("not_intact", "影响二次销售", "not intact"),
)

INSPECT = DecisionPoint(
    name="aftersale.inspect",
    title=Words("退货验收", "Inspection of returned goods"),
    question=Words("退多少, 货放哪里?", "how much is refunded, and where do the goods go?"),
    facts=(
        *ORDER,
        *CASE,
        fact("case.inspection", "售后.验收", "inspection", Kind.CHOICE, choices=INSPECTIONS),
    ),
    fields=(
        one(
            "result",
            "结果",
            "result",
            choices(("refund", "退款", "refund"), ("dispute", "争议", "dispute with proof")),
        ),
        number(
            "refund_share",
            "退款比例",
            "share refunded",
            Kind.RATIO,
            required=True,
            at_least=Decimal(0),
            at_most=Decimal(1),
        ),
        one(
            "goods_to",
            "货物去向",
            "goods go to",
            choices(
                ("stock", "入库", "stock"),
                ("quarantine", "待检区", "quarantine"),
                ("buyer", "退回买家", "back to the buyer"),
            ),
        ),
    ),
    hits=(Hit.FIRST, Hit.UNIQUE),
    scopes=SCOPES,
)

REFUND = DecisionPoint(
    name="aftersale.refund",
    title=Words("退款金额", "Refund amount"),
    question=Words("按什么方法退, 运费退不退?", "by which policy, and is freight refunded?"),
    facts=(
        *ORDER,
        *CASE,
        fact("refund.last_item", "退款.最后一件", "nothing of the order is kept", Kind.BOOLEAN),
        fact("refund.nothing_shipped", "退款.均未发货", "nothing was shipped", Kind.BOOLEAN),
    ),
    fields=(
        one(
            "policy",
            "方法",
            "policy",
            choices(
                ("apportioned", "按分摊实付", "what was paid for the pieces"),
                ("claimed", "按申请金额", "the amount asked for, at most what is left"),
            ),
        ),
        one(
            "freight",
            "运费",
            "freight",
            choices(("refund", "退", "refunded"), ("keep", "不退", "kept")),
        ),
    ),
    hits=(Hit.FIRST, Hit.UNIQUE),
    scopes=SCOPES,
)

PROGRESS = fact(
    "order.progress",
    "订单.进度",
    "progress",
    Kind.CHOICE,
    choices=choices(
        ("not_pushed", "未推仓", "not handed to the warehouse"),
        ("pushed", "已推仓", "in the warehouse"),
        ("packed", "已打包", "packed"),
        ("shipped", "已发货", "shipped"),
        ("received", "已签收", "received"),
    ),
)

CANCEL = DecisionPoint(
    name="service.cancel",
    title=Words("买家取消", "Cancellation by the buyer"),
    question=Words("同意取消、拦截还是拒绝?", "agree, intercept, or refuse?"),
    facts=(
        *ORDER,
        *BUYER,
        PROGRESS,
    ),
    fields=(
        one(
            "answer",
            "答复",
            "answer",
            choices(
                ("agree", "同意", "agree and refund"),
                ("intercept", "拦截", "intercept, then refund"),
                ("aftersale", "转售后", "treat as a return"),
                ("refuse", "拒绝", "refuse"),
            ),
        ),
    ),
    hits=(Hit.FIRST, Hit.UNIQUE),
    scopes=SCOPES,
)

COMPENSATE = DecisionPoint(
    name="service.compensate",
    title=Words("延误补偿", "Compensation for an anomaly"),
    question=Words("送什么安抚买家?", "what does the buyer get for the trouble?"),
    facts=(
        *ORDER,
        *BUYER,
        fact("parcel.anomaly", "包裹.异常", "anomaly", Kind.CHOICE, choices=ANOMALIES),
        fact(
            "parcel.days_past_promise",
            "包裹.超期天数",
            "calendar days past the promise",
            Kind.INTEGER,
        ),
        fact("service.given", "服务.已补偿次数", "compensations on this order", Kind.INTEGER),
        fact(
            "service.breach",
            "服务.缺货违约",
            "the shop calls off what it cannot deliver",
            Kind.BOOLEAN,
        ),
    ),
    fields=(
        one(
            "gesture",
            "补偿",
            "gesture",
            choices(
                ("none", "无", "none"),
                ("apology", "致歉", "apology"),
                ("coupon", "优惠券", "coupon"),
            ),
        ),
        number("coupon", "券面额", "coupon value", Kind.MONEY),
    ),
    hits=(Hit.FIRST,),
    scopes=SCOPES,
)

EVENTS = choices(
    ("order_taken", "已接单", "order taken"),
    ("payment_due", "待付款", "payment is due"),
    ("order_parked", "订单异常", "order needs attention"),
    ("order_refused", "订单无法接收", "order could not be taken"),
    ("stock_short", "缺货", "stock is short"),
    ("buyer_asked", "请买家选择", "buyer is asked to choose"),
    ("answer_reminder", "催请答复", "reminder to answer"),
    ("breach", "无法供货", "cannot be delivered"),
    ("shipped", "已发货", "shipped"),
    ("late", "物流延误", "delivery is late"),
    ("lost", "物流丢件", "parcel is lost"),
    ("delivered", "已签收", "delivered"),
    ("cancelled", "已取消", "cancelled"),
    ("case_answered", "售后答复", "answer to a case"),
    ("refunded", "已退款", "refunded"),
    ("survey", "满意度回访", "satisfaction survey"),
)

CHANNELS = choices(
    ("sms", "短信", "text message"), ("mail", "邮件", "mail"), ("inbox", "站内信", "inbox message")
)

MESSAGE = DecisionPoint(
    name="notify.message",
    title=Words("通知", "Messages to the buyer"),
    question=Words("这件事用什么渠道、什么模板通知?", "which channel and template tell it?"),
    facts=(
        *ORDER,
        *BUYER,
        fact("notice.event", "通知.事件", "event", Kind.CHOICE, choices=EVENTS),
        fact("now.local_time", "现在.时刻", "time of day now", Kind.TIME_OF_DAY),
        fact("receiver.phone_valid", "收货.电话有效", "phone number is valid", Kind.BOOLEAN),
    ),
    fields=(
        Field(
            "message",
            Words("消息", "message"),
            arguments=(
                argument("channel", "渠道", "channel", Kind.CHOICE, allowed=CHANNELS),
                argument("template", "模板", "template", Kind.TEXT),
            ),
            many=True,
            merge=Merge.LIST,
        ),
    ),
    hits=(Hit.COLLECT, Hit.FIRST),
    scopes=SCOPES,
)

POINTS = (COMPLETE, ARCHIVE, REMEDY, INSPECT, REFUND, CANCEL, COMPENSATE, MESSAGE)

"""Shortage: what happens when stock is short, what the buyer is offered, and who is served first.

No outcome here cancels anything. An order that was paid is called off by the buyer's answer, or by
the breach path, which gives the money back, makes it good, tells the buyer and is counted.
"""

from __future__ import annotations

from ordinance.points.declare import choices, fact, number, one, several
from ordinance.points.facts import BUYER, LINE, ORDER, STOCK
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import DecisionPoint, Hit

PLANS = choices(
    ("split", "拆仓发货", "ship from several warehouses"),
    ("ship_available", "先发有货", "ship what is there, the rest waits"),
    ("wait", "等齐再发", "wait until all is there"),
    ("ask_buyer", "与买家协商", "ask the buyer"),
    ("ask_person", "转人工", "a person decides"),
)

ON_TIMEOUT = choices(
    ("ask_person", "转人工", "a person decides"),
    ("ask_buyer", "与买家协商", "ask the buyer"),
    ("ship_available", "先发有货", "ship what is there, the rest waits"),
    ("breach", "违约退款", "the shop breaks the contract and refunds"),
)

ON_SILENCE = choices(
    ("wait", "等齐再发", "wait until all is there"),
    ("ship_available", "先发有货", "ship what is there, the rest waits"),
    ("ask_person", "转人工", "a person decides"),
    ("breach", "违约退款", "the shop breaks the contract and refunds"),
)

KEPT_LOCKS = choices(
    ("whole_lines", "整行有货的", "lines of which all is there"),
    ("all_pieces", "全部有货的", "every piece that is there"),
    ("none", "不锁", "nothing"),
)

OPTIONS = choices(
    ("wait", "等齐再发", "wait until all is there"),
    ("ship_available", "先发有货", "get what is there first"),
    ("cancel_short", "取消缺货", "cancel what is short"),
    ("substitute", "换替代品", "take the substitute"),
)
"""What a buyer may be offered for a short line."""

SCOPES = {"channels": "order.channel", "shops": "order.shop"}

SHORT_LINE_FACTS = (
    fact("line.short_pieces", "商品行.缺货件数", "pieces short", Kind.INTEGER, at_least=0),
    fact(
        "line.restock_days",
        "商品行.补货天数",
        "days until it is restocked",
        Kind.INTEGER,
        unit="day",
        at_least=0,
        note=Words("无法确定时缺失", "missing when nobody knows"),
    ),
    fact(
        "line.substitute",
        "商品行.替代品",
        "substitute that is in stock",
        Kind.TEXT,
        note=Words("没有可用替代品时缺失", "missing when there is none"),
    ),
    fact(
        "line.substitute_dearer",
        "商品行.替代品差价",
        "what the substitute costs more",
        Kind.MONEY,
        note=Words(
            "缺货件数的标价减去已付金额; 负数为更便宜",
            "list price of the short pieces less what was paid for them; below zero: cheaper",
        ),
    ),
)

SHORTAGE = DecisionPoint(
    name="allocation.shortage",
    title=Words("无法单仓满足时", "When no single warehouse can fill the order"),
    question=Words(
        "拆仓、先发、等待还是与买家协商?", "split, ship in part, wait, or ask the buyer?"
    ),
    facts=(*ORDER, *BUYER, *STOCK),
    fields=(
        one("plan", "方案", "plan", PLANS),
        number("wait_days", "最多等待天数", "wait at most", unit="day", at_least=0, at_most=365),
        one("on_timeout", "到期后", "afterwards", ON_TIMEOUT, required=False),
        one("keep_locks", "保留锁定", "reserved meanwhile", KEPT_LOCKS, required=False),
    ),
    hits=(Hit.FIRST,),
    scopes=SCOPES,
)

QUEUE = DecisionPoint(
    name="allocation.queue",
    title=Words("缺货排队", "Place in the queue for stock"),
    question=Words("到货后谁先发?", "who is served first when stock arrives?"),
    facts=(*ORDER, *BUYER),
    fields=(
        number(
            "priority",
            "优先级",
            "priority (higher first)",
            required=True,
            at_least=0,
            at_most=1000,
        ),
    ),
    hits=(Hit.FIRST,),
    scopes=SCOPES,
)

NEGOTIATE = DecisionPoint(
    name="allocation.negotiate",
    title=Words("缺货协商", "Asking the buyer about a shortage"),
    question=Words(
        "还能与买家协商吗? 多久答复, 不答复怎么办?",
        "may the buyer be asked, until when, and what holds without an answer?",
    ),
    facts=(
        *ORDER,
        *BUYER,
        fact(
            "negotiation.round",
            "协商.第几次",
            "how often the buyer was asked, with this time",
            Kind.INTEGER,
            at_least=1,
        ),
        fact(
            "negotiation.time_left",
            "协商.距发货期限",
            "time until the promise to ship",
            Kind.INTEGER,
            unit="min",
            note=Words("负数为已过期", "below zero: it has passed"),
        ),
        fact("negotiation.shipped", "协商.已发货", "a parcel has left", Kind.BOOLEAN),
    ),
    fields=(
        one(
            "verdict",
            "结论",
            "verdict",
            choices(("ask", "协商", "ask the buyer"), ("ask_person", "转人工", "a person decides")),
        ),
        number("answer_hours", "答复时限", "time to answer", unit="h", at_least=1, at_most=24 * 60),
        number("remind_hours", "催复间隔", "remind every", unit="h", at_least=1),
        one("on_silence", "未答复时", "without an answer", ON_SILENCE, required=False),
        number(
            "wait_days", "同意等待天数", "wait at most if agreed", unit="day", at_least=1,
            at_most=365,
        ),
    ),
    hits=(Hit.FIRST,),
    scopes=SCOPES,
)  # fmt: skip

SHORT_LINE = DecisionPoint(
    name="allocation.short_line",
    title=Words("缺货行的选择", "What is offered for a short line"),
    question=Words("这一行可以让买家选什么?", "what may the buyer choose for this line?"),
    facts=(*ORDER, *BUYER, *STOCK, *LINE, *SHORT_LINE_FACTS),
    fields=(several("option", "可选", "options", OPTIONS),),
    hits=(Hit.COLLECT,),
    scopes=SCOPES,
    one_line=True,
)

POINTS = (SHORTAGE, QUEUE, NEGOTIATE, SHORT_LINE)

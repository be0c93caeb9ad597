"""Review: how risky an order is, and what follows from a call to the buyer."""

from __future__ import annotations

from ordinance.points.declare import choices, fact, one, several
from ordinance.points.facts import BUYER, LINE, ORDER, PAYMENT, RECEIVER
from ordinance.points.intake import EXCEPTIONS
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.point import DecisionPoint, Hit

REVIEWS = choices(
    ("approve", "通过", "approve"),
    ("manual_review", "人工审核", "a person looks at it"),
    ("hold", "拦截", "hold"),
)

TASKS = choices(
    ("phone_confirmation", "电话确认", "call the buyer"),
    ("stock_check", "核对库存", "check the stock by hand"),
    ("price_check", "核对价格", "check the price"),
    ("address_check", "核对地址", "check the address"),
    ("payment_check", "核对付款", "check the payment"),
    ("read_message", "查看留言", "read the buyer's message"),
)

ANSWERS = choices(
    ("confirm", "确认", "confirmed"),
    ("deny", "否认", "denied"),
    ("unreachable", "联系不上", "not reached"),
)

NEXT_STEPS = choices(
    ("approve", "通过", "approve"),
    ("try_again", "再次联系", "try again"),
    ("offer_cancel", "征求取消", "offer to cancel and refund"),
    ("escalate", "升级主管", "hand to a supervisor"),
)

RISK = DecisionPoint(
    name="review.risk",
    title=Words("订单审核风险", "Order review risk"),
    question=Words("这张订单要人工审核吗?", "does a person have to look at this order?"),
    facts=(
        *ORDER,
        *BUYER,
        *RECEIVER,
        *PAYMENT,
        *LINE,
        fact("order.exceptions", "订单.异常", "open exceptions", Kind.TAGS, choices=EXCEPTIONS),
    ),
    fields=(
        one("outcome", "结论", "outcome", REVIEWS),
        several("task", "任务", "tasks", TASKS),
        several("reason", "原因", "reasons", EXCEPTIONS),
    ),
    hits=(Hit.SCORE, Hit.COLLECT, Hit.FIRST),
    scopes={"channels": "order.channel", "shops": "order.shop"},
)

CALL = DecisionPoint(
    name="review.call",
    title=Words("人工审核后的处理", "What follows from a review by a person"),
    question=Words("联系买家之后怎么办?", "what happens after the buyer was called?"),
    facts=(
        *ORDER,
        *BUYER,
        fact("task.answer", "任务.结果", "answer", Kind.CHOICE, choices=ANSWERS),
        fact("task.attempts", "任务.次数", "attempts so far", Kind.INTEGER, at_least=0),
    ),
    fields=(one("next", "下一步", "next step", NEXT_STEPS),),
    hits=(Hit.FIRST, Hit.UNIQUE),
    scopes={"channels": "order.channel", "shops": "order.shop"},
)

POINTS = (RISK, CALL)

"""The words of the codes that holds, events, cases and decisions are stored with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from ordinance.orders.states import STATUS_WORDS
from ordinance.points import POINTS
from ordinance.points.aftersale import REASONS, SIGNERS
from ordinance.points.changes import REJECTIONS
from ordinance.points.dispatch import ANOMALIES, TRACK_STATES
from ordinance.points.facts import TRAITS
from ordinance.points.intake import EXCEPTIONS
from ordinance.points.shortage import ON_SILENCE, OPTIONS
from ordinance.rules import Words
from ordinance.rules.point import Choice, Field
from ordinance.rules.words import BOOLEANS

Table = Mapping[str, Words]


def _table(choices: Iterable[Choice]) -> dict[str, Words]:
    return {choice.code: choice.words for choice in choices}


HOLD_WORDS: Table = {
    **_table(EXCEPTIONS),
    "PARKED": Words("待人工处理", "waits for a person"),
    "MANUAL_REVIEW": Words("人工审核", "waits for a review"),
    "RISK": Words("风险拦截", "stopped as a risk"),
    "CONSENT": Words("待买家同意", "waits for the buyer's consent"),
    "SUPERVISOR": Words("待主管处理", "waits for a supervisor"),
    "STOCK_SHORT": Words("库存不足", "stock is short"),
    "PRESALE": Words("预售待到货", "a presale waits for its goods"),
    "SHORT_BY_HAND": Words("人工标记缺货", "set aside as short by a person"),
    "WAREHOUSE_UNASSIGNED": Words("无仓可发", "no warehouse may ship it"),
    "CARRIER_UNREACHABLE": Words("无快递可达", "no carrier takes it there"),
    "WAREHOUSE_REJECTED": Words("仓库拒单待人工", "rejected by warehouses, waits for a person"),
    "NOT_SHIPPED": Words("逾期未发货", "not shipped in time"),
    "PARCEL_TROUBLE": Words("包裹异常", "trouble with a parcel"),
    "CASE_REVIEW": Words("售后待人工", "a case waits for a person"),
    "DISPUTE": Words("售后争议", "a case is in dispute"),
    "RULE_FAILED": Words("规则无法决定", "a rule could not decide"),
}
"""Every code that a hold can have."""

END_CAUSES: Table = {
    "completed": Words("正常完成", "completed"),
    "unpaid": Words("逾期未付款", "never paid"),
    "refused": Words("未接收", "refused at intake"),
    "consent": Words("买家同意取消", "called off with the buyer's consent"),
    "breach": Words("无法供货, 违约取消", "called off in breach, could not be delivered"),
    "buyer_cancelled": Words("买家要求取消", "called off by the buyer"),
    "fully_refunded": Words("未送达, 已退款", "never arrived, refunded"),
}

CASE_STATES: Table = {
    "APPLIED": Words("已申请", "applied for"),
    "REVIEW": Words("人工处理中", "with a person"),
    "APPROVED_RETURN": Words("待寄回", "goods are to come back"),
    "APPROVED_REFUND_ONLY": Words("同意退款", "refund approved"),
    "APPROVED_RESEND": Words("同意补发", "to be sent again"),
    "INSPECTING": Words("验收中", "being inspected"),
    "REFUNDING": Words("退款中", "refund under way"),
    "DISPUTE": Words("争议", "in dispute"),
    "RESHIPPED": Words("已补发", "sent again"),
    "DONE": Words("已结束", "done"),
    "REFUSED": Words("不予受理", "refused"),
    "CLOSED_TIMEOUT": Words("超时关闭", "closed, goods never came"),
    "CANCELLED": Words("已撤销", "withdrawn"),
}

ACTORS: Table = {
    "channel": Words("渠道", "channel"),
    "payment": Words("支付", "payment"),
    "warehouse": Words("仓库", "warehouse"),
    "carrier": Words("快递", "carrier"),
    "buyer": Words("买家", "buyer"),
    "clerk": Words("客服", "clerk"),
    "clock": Words("时钟", "clock"),
    "opening": Words("期初", "opening"),
}

EFFECT_STATES: Table = {
    "waiting": Words("待办", "waiting"),
    "unknown": Words("结果不明", "unknown"),
    "done": Words("完成", "done"),
    "dead": Words("已放弃", "dead"),
}

MOVEMENTS: Table = {
    "received": Words("入库", "on hand goes up: a delivery, or the opening stock"),
    "reserved": Words("锁定", "reserved goes up: kept for an order or a checkout"),
    "released": Words("释放", "reserved goes down: no longer kept"),
    "shipped": Words("出库", "on hand and reserved go down: handed to the carrier"),
    "returned_to_stock": Words("退货入库", "on hand goes up: a good return"),
    "quarantined": Words("入待检区", "quarantine goes up: a doubtful return"),
    "withdrawn": Words("下架待检", "on hand goes down, quarantine up: doubtful on the shelf"),
    "cleared": Words("检后上架", "quarantine goes down, on hand up: found good"),
    "scrapped": Words("报废", "quarantine goes down: thrown away"),
    "adjusted": Words("盘点调整", "on hand is put right, up or down"),
    "transferred_out": Words("调拨出库", "on hand goes down: left for another warehouse"),
    "on_its_way": Words("调拨在途", "in transit goes up: on its way from another warehouse"),
    "transferred_in": Words("调拨入库", "in transit goes down, on hand up: arrived"),
    "lost_on_its_way": Words("调拨丢失", "in transit goes down: never arrived"),
    "set_aside": Words("渠道预留", "set aside goes up: kept for one channel"),
    "given_back": Words("预留收回", "set aside goes down: any channel may sell it again"),
    "safety_changed": Words("安全库存调整", "what is held back from new reservations changes"),
}
"""Every kind of movement of the stock ledger."""

METHODS: Table = {
    "wechat": Words("微信", "WeChat"),
    "alipay": Words("支付宝", "Alipay"),
    "bank_transfer": Words("银行转账", "bank transfer"),
    "transfer": Words("转账", "transfer"),
    "card": Words("银行卡", "card"),
    "credit_card": Words("信用卡", "credit card"),
    "debit_card": Words("借记卡", "debit card"),
    "voucher": Words("代金券", "voucher"),
    "boleto": Words("银行付款单", "boleto"),
    "unknown": Words("方式不明", "unknown means"),
}

PACKAGES: Table = {
    "padded_bag": Words("气泡袋", "a padded bag"),
    "carton": Words("纸箱", "a carton"),
    "carton_with_bubble": Words("气泡纸箱", "a carton with bubble wrap"),
    "large_carton": Words("大纸箱", "a large carton"),
    "cool_box": Words("保温箱", "a cool box"),
}
"""Those of the starter rules; a shop's own packages are called what its rules call them."""

_ANSWERS: Table = {
    "cancel_order": Words("取消整单", "call the order off"),
    "decline": Words("都不接受", "none of it"),
}
"""What a buyer may answer beside what was offered for a line."""

_TAKES: Table = {
    "order": Words("全部到齐", "all of it"),
    "line": Words("整行到齐", "a whole line"),
    "piece": Words("有货即发", "any piece"),
}

LIMIT_WORDS: Table = {
    "at_most_g": Words("每包不超过 {} 克", "at most {} g"),
    "at_most_cm3": Words("每包不超过 {} 立方厘米", "at most {} cm3"),
    "at_most_value": Words("每包货值不超过 {}", "worth at most {}"),
    "at_most_pieces": Words("每包不超过 {} 件", "at most {} pieces"),
}
"""The limits of a split, as a parcel that was split out by one names it."""

ANOMALY_WORDS: Table = _table(ANOMALIES)
"""What can be wrong with a parcel."""

_REASONS: Table = {
    **_table(REASONS),
    "agreed": Words("征得同意", "agreed"),
    "nothing_left": Words("已全部取消", "nothing is left"),
    "late_payment": Words("关闭后才付款", "paid after it was closed"),
    "refused": Words("未接收", "refused at intake"),
    "cheaper": Words("替代品更便宜", "it costs less"),
}
_UNMERGED: Table = {
    "asked": Words("人工拆回", "it was asked for"),
    "called_back": Words("其中一单撤回", "one of the orders was called back"),
}
_AREAS: Table = {
    "case": Words("售后", "case"),
    "cancel": Words("取消", "cancelled"),
    "parcel": Words("包裹", "parcel"),
    "substitute": Words("替代品", "substitute"),
}
_STATUSES: Table = {code: Words(*words) for code, words in STATUS_WORDS.items()}


@lru_cache(maxsize=1)
def _outcomes() -> dict[tuple[str, str], dict[str, Words]]:
    """The choices of each outcome field, by decision point and field."""
    return {(point.name, field.name): _choices(field) for point in POINTS for field in point.fields}


def _choices(field: Field) -> dict[str, Words]:
    return _table(
        [*field.choices, *(choice for part in field.arguments for choice in part.choices)]
    )


@lru_cache(maxsize=1)
def _data() -> dict[tuple[str, str], Table]:
    """The table of each coded value in the data of an event, by event kind and name."""
    outcomes = _outcomes()
    reasons = _table(REASONS)
    return {
        ("payment.received", "method"): METHODS,
        ("order.refused", "reasons"): _table(EXCEPTIONS),
        ("order.checked", "verdict"): outcomes["intake.validate", "verdict"],
        ("order.checked", "reasons"): _table(EXCEPTIONS),
        ("order.held", "code"): HOLD_WORDS,
        ("order.released", "code"): HOLD_WORDS,
        ("buyer.answered", "choice"): {**_table(OPTIONS), **_ANSWERS},
        ("buyer.silent", "then"): _table(ON_SILENCE),
        ("offer.asked", "options"): _table(OPTIONS),
        ("order.waits", "takes"): _TAKES,
        ("order.waits_on", "choice"): _table(OPTIONS),
        ("order.reviewed", "outcome"): outcomes["review.risk", "outcome"],
        ("review.answered", "answer"): _table(_fact_choices("review.call", "task.answer")),
        ("review.answered", "next"): outcomes["review.call", "next"],
        ("order.cancelled", "cause"): END_CAUSES,
        ("checkout.not_honoured", "reason"): {
            "expired": Words("已过期或不存在", "it ran out, or held nothing"),
            "taken": Words("已被另一订单使用", "another order has it"),
        },
        ("parcel.planned", "package"): PACKAGES,
        ("parcel.planned", "with"): {
            **outcomes["packing.marks", "mark"],
            **outcomes["packing.marks", "insert"],
        },
        ("parcel.rejected", "reason"): _table(REJECTIONS),
        ("parcel.goods_rejected", "reason"): _table(REJECTIONS),
        ("address.too_late", "state"): _STATUSES,
        ("address.asked", "answer"): outcomes["service.address", "answer"],
        ("parcel.unmerged", "cause"): _UNMERGED,
        ("parcel.scanned", "tracking"): _table(TRACK_STATES),
        ("parcel.anomaly", "anomalies"): ANOMALY_WORDS,
        ("parcel.resolved", "action"): outcomes["tracking.resolve", "action"],
        ("parcel.delivered", "signed_by"): _table(SIGNERS),
        ("service.compensated", "gesture"): outcomes["service.compensate", "gesture"],
        ("cancel.requested", "reason"): reasons,
        ("cancel.requested", "answer"): outcomes["service.cancel", "answer"],
        ("cancel.too_late", "state"): _STATUSES,
        ("command.without_effect", "state"): _STATUSES,
        ("case.opened", "reason"): reasons,
        ("case.approved", "remedy"): outcomes["aftersale.remedy", "remedy"],
        ("case.inspected", "inspection"): _table(
            _fact_choices("aftersale.inspect", "case.inspection")
        ),
        ("case.inspected", "goods_to"): outcomes["aftersale.inspect", "goods_to"],
    }


def _fact_choices(point: str, name: str) -> tuple[Choice, ...]:
    return next(
        fact.choices for found in POINTS if found.name == point for fact in found.facts
        if fact.name == name
    )  # fmt: skip


def word(code: str, table: Table, lang: str) -> str:
    """The word of a code in `lang`; a code that the table does not know stands for itself."""
    words = table.get(code)
    return words.get(lang) if words else code


def in_event(kind: str, name: str, code: str, lang: str) -> str:
    """The word of a coded value in the data of an event."""
    if kind == "refund.opened" and name == "reason":
        return refund_reason(code, lang)
    if kind == "parcel.planned" and name == "apart":
        by, _, rest = code.partition(":")
        what, _, rule = rest.rpartition(":")
        return split_reason(by, what, rule, lang)
    if kind == "notice.decided" and name == "messages":
        notice, _, channel = code.partition(":")
        return f"{word(notice, _notices(), lang)} ({outcome('notify.message', channel, lang)})"
    return word(code, _data().get((kind, name), {}), lang)


def yes_or_no(value: bool, lang: str) -> str:
    """A boolean as a word."""
    return BOOLEANS[value].get(lang)


def refund_reason(reason: str, lang: str) -> str:
    """The reason of a refund in words: `case.QUALITY`, `parcel.damaged`, `late_payment`."""
    area, dot, code = reason.partition(".")
    if not dot:
        return word(reason, _REASONS, lang)
    table = ANOMALY_WORDS if area == "parcel" else _REASONS
    return f"{word(area, _AREAS, lang)}: {word(code, table, lang)}"


def split_reason(by: str, what: str, rule: str, lang: str) -> str:
    """Why a parcel is one of its own, in words: `cold chain apart: K1`."""
    if by in ("limit", "carrier"):
        told = ", ".join(_limit(part, lang) for part in what.split())
        by_carrier = Words("快递限重, ", "what a carrier takes, ").get(lang)
        return f"{by_carrier if by == 'carrier' else ''}{told}: {rule}"
    told = word(what, _table(TRAITS), lang) if by in ("trait", "each") else what
    if by == "each":
        return f"{Words('逐件单独', 'each piece alone').get(lang)}{told and f' ({told})'}: {rule}"
    return f"{told}{Words('单独成包', ' apart').get(lang)}: {rule}"


def _limit(part: str, lang: str) -> str:
    """`at_most_g=20000` in words."""
    name, _, number = part.partition("=")
    words = LIMIT_WORDS[name]
    return words.get(lang).replace("{}", number)


def case_result(told: str, lang: str) -> str:
    """Remedy and state of a case in words, from `RETURN_REFUND DONE`."""
    remedy, _, state = told.partition(" ")
    remedies = _outcomes()["aftersale.remedy", "remedy"]
    words = (word(remedy, remedies, lang), word(state, CASE_STATES, lang))
    return ", ".join(dict.fromkeys(words))


def outcome(point: str, told: str, lang: str) -> str:
    """An outcome of a decision point in words; its parts are joined by `+` or `/`."""
    known: dict[str, Words] = {"none": Words("无", "none"), **PACKAGES}
    for (name, _), table in _outcomes().items():
        if name == point:
            known |= table
    if point == "notify.message":
        known |= {**_notices(), "notice": Words("通知", "notice")}
    if point == "packing.split":
        known |= {"True": Words("硬性", "hard"), "False": Words("非硬性", "not hard")}
    parts = [told]
    for mark in "+/":
        parts = [piece for part in parts for piece in _apart(part, mark)]
    return "".join(word(part, known, lang) for part in parts)


def _apart(text: str, mark: str) -> list[str]:
    pieces = text.split(mark)
    return [item for piece in pieces for item in (piece, mark)][:-1]


def _notices() -> dict[str, Words]:
    return _table(_fact_choices("notify.message", "notice.event"))

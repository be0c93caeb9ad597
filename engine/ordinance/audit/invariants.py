"""The codes of the doctor: what each says, and the way out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ordinance.rules import Words


@dataclass(frozen=True, slots=True)
class Invariant:
    """What always holds, and what to do where it does not."""

    meaning: Words
    way_out: Words


_REPLAY = Words(
    "用该备份恢复, 或以 `ordinance audit verify` 找出被改动的位置",
    "restore a backup from before it was altered; `ordinance audit verify` says from where on",
)
_RECONCILE = Words(
    "执行 `ordinance stock reconcile`, 它从流水重建计数并说明差异",
    "`ordinance stock reconcile` makes the counter say what the ledger says, and tells what it was",
)

INVARIANTS: Mapping[str, Invariant] = {
    "I0": Invariant(
        Words("每个存储的值都能读取", "every stored value can be read"),
        Words(
            "指明的行列被外部改坏: 恢复备份; 数据库文件损坏时先复制文件再修复",
            "something else wrote to the store or its disk is failing: copy the file away, then "
            "restore a backup",
        ),
    ),
    "I1": Invariant(
        Words("计数不为负, 已承诺的都在库", "nothing is below zero, what is promised is there"),
        _RECONCILE,
    ),
    "I2": Invariant(
        Words("流水相加等于计数, 无缺失", "the movements add up to the counter, none is missing"),
        _RECONCILE,
    ),
    "I3": Invariant(
        Words(
            "锁定数 = 锁定明细 = 流水 = 订单",
            "what is reserved is what reservations, ledger and orders say",
        ),
        _RECONCILE,
    ),
    "I4": Invariant(
        Words(
            "订单的每一件: 已发, 已锁定, 已取消, 或明确在等",
            "every piece of an order is shipped, reserved, cancelled or visibly waiting",
        ),
        Words(
            "查看 `ordinance show`, 人工处理该订单",
            "look at the order with `ordinance show`, then cancel or source it by hand",
        ),
    ),
    "I5": Invariant(
        Words("调拨不增不减", "transfers neither make nor lose pieces"),
        _RECONCILE,
    ),
    "I6": Invariant(
        Words("收款 = 留存 + 退款, 分文不差", "what came in is what is kept and what went back"),
        Words(
            "停止对该订单退款, 与支付渠道对账, 恢复备份",
            "refund nothing on this order, compare it with the payment channel, restore a backup",
        ),
    ),
    "I7": Invariant(
        Words(
            "每笔退款只请求一次, 其结果已知",
            "every refund was asked for once, and what became of it is known",
        ),
        Words(
            "向支付渠道核实, 再执行 `ordinance effects retry` 或 `settle`",
            "ask the payment channel, then `ordinance effects retry` or `settle`",
        ),
    ),
    "I8": Invariant(
        Words("一个键一个结果", "one key has one result, and every event a command"),
        Words(
            "恢复备份; 在此之前不要重发该命令",
            "restore a backup; until then do not send that command again, it would be done twice",
        ),
    ),
    "I9": Invariant(
        Words("历史无缺口, 相加等于订单", "the history has no gap and adds up to the order"),
        _REPLAY,
    ),
    "I10": Invariant(
        Words("只有允许的状态变化", "only moves that the tables of states allow"),
        _REPLAY,
    ),
    "I11": Invariant(
        Words(
            "每个决定的对外动作都在发件箱, 一次, 并会被执行",
            "what a decision asked for outside is in the outbox once, and is going to be done",
        ),
        Words(
            "见 `ordinance effects list`, 核实后 `retry` 或 `settle`; 缺失的由人工补做",
            "see `ordinance effects list`, find out, then `retry` or `settle`; what is missing has "
            "to be done by hand",
        ),
    ),
    "I12": Invariant(
        Words("通知不与事实矛盾, 不乱序", "no message tells what did not happen, or out of order"),
        Words("联系买家说明", "tell the buyer what is true"),
    ),
    "I13": Invariant(
        Words(
            "外部消息只生效一次, 迟到的不使包裹后退",
            "what came in twice counts once, what came in late moves nothing back",
        ),
        _REPLAY,
    ),
    "I14": Invariant(
        Words("重做每个决定, 字节相同", "every decision is there and comes out the same again"),
        _REPLAY,
    ),
    "I15": Invariant(
        Words("每个决定依据当时生效的规则", "every decision was made by rules in force"),
        _REPLAY,
    ),
    "I16": Invariant(
        Words(
            "历史的哈希链成立, 已封存的未变",
            "the hash chain of every history holds, and what was sealed is what it was",
        ),
        _REPLAY,
    ),
    "I17": Invariant(
        Words("写明由谁所做, 且其有权", "it says who did it, and they were allowed to"),
        Words("查明是谁, 恢复备份", "find out who it was; restore a backup"),
    ),
    "I18": Invariant(
        Words(
            "状态所需的定时都在, 结束的没有, 无提前",
            "the timers that a state needs are there, none of what is over, none fires early",
        ),
        Words(
            "人工执行该定时应做的事, 见 `ordinance show`",
            "do by hand what the timer would have done; `ordinance show` tells where the order is",
        ),
    ),
    "I19": Invariant(
        Words(
            "未结束的订单有下一步, 或有人知道它在等",
            "an order that is not over has a next step, or somebody knows that it waits",
        ),
        Words(
            "查看该订单并人工推进",
            "look at the order with `ordinance show` and take it on by hand",
        ),
    ),
    "I20": Invariant(
        Words("查询列, 队列与订单一致", "what is kept to search by is what the orders say"),
        Words(
            "列表与报表此前不可信; 恢复备份",
            "do not trust lists and reports until then; restore a backup",
        ),
    ),
    "I21": Invariant(
        Words(
            "每一件在且仅在一个包裹, 金额随之",
            "every unit is in one parcel or in none for a reason, with its money",
        ),
        Words(
            "停止发运该包裹, 恢复备份",
            "do not ship that parcel; restore a backup",
        ),
    ),
    "S12": Invariant(
        Words(
            "个人数据在, 或已按要求删除且不复返",
            "the person of an order is there, or was erased on purpose and stays away",
        ),
        Words(
            "恢复备份; 已删除者复返时再次删除, 见 `ordinance person`",
            "restore a backup; one who was erased and came back is erased again, see "
            "`ordinance person`",
        ),
    ),
    "C2": Invariant(
        Words(
            "已付款的订单不会被无声取消",
            "nothing is taken out of a paid order on nobody's word",
        ),
        Words("询问买家, 补发或赔付", "ask the buyer, send it again or make it good"),
    ),
}
"""By code, as a finding has it."""


def as_table() -> str:
    """The codes as the table of docs/doctor.md."""
    rows = [
        f"| {code} | {item.meaning.en} | {item.way_out.en} |" for code, item in INVARIANTS.items()
    ]
    return "\n".join(["| code | holds | where it does not |", "|---|---|---|", *rows])

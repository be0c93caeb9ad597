"""A verdict about the audit log in words."""

from __future__ import annotations

from typing import Any

from ordinance.audit.exporting import Export
from ordinance.audit.verdict import Fault, Verdict, Wrong
from ordinance.auditlog import LeafKind

MOST_SHOWN = 20
"""Faults told one by one."""

_WRONG = {
    Wrong.ALTERED: "被改动",
    Wrong.MISSING: "缺失",
    Wrong.INSERTED: "被插入",
    Wrong.SWAPPED: "被调换",
    Wrong.RESTAMPED: "被重算",
    Wrong.TRUNCATED: "被截断",
    Wrong.ROLLED_BACK: "被回退",
    Wrong.SPLIT: "两份日志",
    Wrong.SIGNATURE: "签名不符",
}
_ROWS = {
    LeafKind.ORDER: ("events", "订单事件"),
    LeafKind.STOCK: ("movements", "库存流水"),
    LeafKind.RULES: ("rule journal entries", "规则日志"),
    LeafKind.RELEASE: ("versions of the rules", "规则版本"),
}


def plain(found: Verdict, lang: str, *, own_key: bool) -> dict[str, Any]:
    """The verdict as plain values."""
    return {
        "holds": found.holds,
        "size": found.size,
        "rows": {kind.value: count for kind, count in found.rows.items()},
        "unsealed": {kind.value: count for kind, count in found.unsealed.items()},
        "checkpoints": {"kept": found.kept, "outside": found.outside},
        "covered": found.covered,
        "covered_at": found.covered_at.isoformat() if found.covered_at else None,
        "key": "own" if own_key else "given",
        "faults": found.count,
        "found": [_plain(fault, lang) for fault in found.faults],
    }


def _plain(fault: Fault, lang: str) -> dict[str, Any]:
    row = fault.row
    return {
        "what": fault.wrong.value,
        "place": fault.place,
        "about": row.told if row is not None else None,
        "why": fault.text(lang),
    }


def lines(found: Verdict, lang: str, *, own_key: bool) -> list[str]:
    """The verdict for people: the faults, the first place first, then what was looked at."""
    zh = lang == "zh"
    told = [_fault(fault, lang) for fault in found.faults[:MOST_SHOWN]]
    if found.count > len(told):
        more = found.count - len(told)
        told.append(f"... 另有 {more} 处" if zh else f"... and {more} more")
    told.append(_looked(found, zh))
    told.append(_compared(found, zh))
    if waiting := _counts(found.unsealed, zh):
        told.append(f"尚未封存: {waiting}" if zh else f"not sealed yet: {waiting}")
    if own_key:
        told.append(
            "注意: 公钥取自本机的密钥目录; 审计时请用 --key 给出另行保管的公钥"
            if zh
            else "note: the key is the store's own; an auditor gives the one that was handed out, "
            "by --key"
        )
    if found.holds:
        told.append("全部相符" if zh else "everything fits")
    else:
        told.append(f"{found.count} 处不符" if zh else f"{found.count} faults")
    return told


def _fault(fault: Fault, lang: str) -> str:
    zh = lang == "zh"
    where = "" if fault.place is None else f"{'位置' if zh else 'place'} {fault.place} "
    row = "" if fault.row is None else f"({fault.row.told}) "
    wrong = _WRONG[fault.wrong] if zh else fault.wrong.value
    return f"{where}{row}{wrong}: {fault.text(lang)}"


def _looked(found: Verdict, zh: bool) -> str:
    counts = _counts(found.rows, zh) or ("无" if zh else "nothing")
    return f"日志 {found.size} 条: {counts}" if zh else f"the log holds {found.size}: {counts}"


def _compared(found: Verdict, zh: bool) -> str:
    at = found.covered_at.isoformat(" ", "seconds") if found.covered_at else ""
    if not found.outside:
        return (
            f"只与库中 {found.kept} 个检查点核对; 未给出外部检查点, 故不能排除整体重写"
            if zh
            else f"compared with the {found.kept} checkpoints of the store alone, which its owner "
            "can rewrite; give those kept outside by --checkpoint"
        )
    if zh:
        tail = f"; 外部检查点覆盖前 {found.covered} 条 ({at})" if at else ""
        return f"与库中 {found.kept} 个、外部 {found.outside} 个检查点核对{tail}"
    told = f"compared with {found.kept} checkpoints of the store and {found.outside} from outside"
    return f"{told}, which cover the first {found.covered} ({at})" if at else told


def _counts(counts: dict[LeafKind, int], zh: bool) -> str:
    return ", ".join(
        f"{_ROWS[kind][zh]} {count}" if zh else f"{count} {_ROWS[kind][zh]}"
        for kind, count in counts.items()
        if count
    )


def place(export: Export, size: int, lang: str) -> str:
    """How far a place is that checkpoints are handed out to, in a line."""
    zh = lang == "zh"
    behind = size - export.size
    if export.error:
        return (
            f"{export.name}: 落后 {behind} 条, 已失败 {export.failures} 次: {export.error}"
            if zh
            else f"{export.name}: {behind} leaves behind, failed {export.failures} times: "
            f"{export.error}"
        )
    if zh:
        return f"{export.name}: 已交付 {export.size} 条 ({export.at}), 落后 {behind} 条"
    return f"{export.name}: has {export.size} leaves (at {export.at}), {behind} behind"


def proven(told: dict[str, Any], lang: str) -> str:
    """What a proof proves, in a line."""
    if lang == "zh":
        return (
            f"已证实: 订单 {told['order']} 的 {told['events']} 个事件在日志 {told['log']} 的前 "
            f"{told['size']} 条之中, 于 {told['at']} 由密钥 {told['key']} 签名"
        )
    return (
        f"proven: the {told['events']} events of order {told['order']} are among the first "
        f"{told['size']} of the log {told['log']}, signed at {told['at']} by the key {told['key']}"
    )


def grown(told: dict[str, Any], lang: str) -> str:
    """What a proof of growth proves, in a line."""
    old, new = told["old"], told["new"]
    if lang == "zh":
        return (
            f"已证实: 日志 {told['log']} 从 {old['size']} 条 ({old['at']}) 只增不改, 到 "
            f"{new['size']} 条 ({new['at']}), 由密钥 {told['key']} 签名"
        )
    return (
        f"proven: the log {told['log']} only grew from its {old['size']} leaves of {old['at']} to "
        f"the {new['size']} of {new['at']}, both signed by the key {told['key']}"
    )

"""The report of a shop as text (zh, en) and as plain values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from ordinance.audit import codes, timeline
from ordinance.audit.figures import Figures
from ordinance.orders.money import digits_of, major_units
from ordinance.orders.states import STATUS_WORDS
from ordinance.points import POINTS
from ordinance.rules import DecisionPoint
from ordinance.rules.decision import Plain
from ordinance_adapters.cli.opening import StoredShop
from ordinance_adapters.simulator.run import Result

SHOWN_ROWS = 10
"""Of the rows that are no whole order, how many are shown one by one."""

WORDS = {
    "orders": (
        "订单 {0} 张, 其中 {1} 张已到终态 ({2}%)",
        "{0} orders, {1} of them in a final state ({2}%)",
    ),
    "status": ("按状态", "by status"),
    "ended": ("结束原因", "how they ended"),
    "parked": ("挂起原因 (仍未解除)", "parked, and why"),
    "holds": ("曾经挂起", "holds that were set"),
    "parcels": (
        "包裹 {0} 个, 已发出 {1} 个; 拆仓订单 {2} 张",
        "{0} parcels, {1} of them shipped; {2} orders split over warehouses",
    ),
    "anomalies": ("物流异常", "parcels in trouble"),
    "resolved": ("异常处理", "how the trouble ended"),
    "breaches": (
        "无法供货, 违约取消 {} 次",
        "called off in breach, because it could not be delivered: {} times",
    ),
    "cases": ("售后", "after-sale cases"),
    "refunds": ("退款 {0} 笔", "{0} refunds"),
    "reasons": ("退款原因", "refund reasons"),
    "money": ("收款 {0} = 留存 {1} + 退款 {2} {3}", "taken in {0} = kept {1} + refunded {2} {3}"),
    "balanced": ("(逐单核对, 分文不差)", "(checked order by order, to the cent)"),
    "unbalanced": ("(不平! 订单: {0})", "(DOES NOT ADD UP, orders: {0})"),
    "decisions": ("按决策点统计结果", "decisions by outcome"),
    "rows": ("不成订单的行", "rows that are no whole order"),
    "row": ("第 {0} 行 {1}: {2}", "row {0} {1}: {2}"),
    "more": ("... 另有 {0} 行 (--json 显示全部)", "... and {0} more (--json shows all)"),
    "story": ("一张订单的经过", "one order, told"),
    "virtual": (
        "注: 没有商品行需要发货, 只走了资金环节",
        "note: no line needs shipping, so only the money stages ran",
    ),
}

KINDS = {
    "broken": ("无法读取", "broken"),
    "aside": ("非订单", "no order"),
    "unmatched": ("退货无对应购买", "returns no purchase explains"),
    "late": ("请求过晚", "requests that came too late"),
}


def as_plain(figures: Figures, result: Result | None) -> dict[str, Plain]:
    """The report as plain values; `rows` are those that are no whole order."""
    plain = figures.plain()
    if result is not None:
        plain["rows"] = [
            {
                "row": item.row,
                "source_id": item.source_id,
                "kind": item.kind,
                "zh": item.reason.zh,
                "en": item.reason.en,
            }
            for item in result.reports
        ]
    return plain


def as_text(figures: Figures, result: Result | None, shop: StoredShop, lang: str) -> str:
    """The report as text."""
    digits = digits_of(shop.currency)

    def say(key: str, *values: object) -> str:
        zh, en = WORDS[key]
        return (zh if lang == "zh" else en).format(*values)

    def money(minor: int) -> str:
        return f"{major_units(minor, digits):,} {shop.currency}"

    def words(table: codes.Table) -> Callable[[str], str]:
        return lambda code: codes.word(code, table, lang)

    # Rounded down: one order that is not final must not vanish in a hundred per cent.
    share = f"{1000 * figures.final // max(figures.orders, 1) / 10:.1f}"
    sums = figures.money
    parts = [
        say("orders", figures.orders, figures.final, share),
        *_table(say("status"), figures.statuses, lambda code: _status(code, lang)),
        *_table(say("ended"), figures.end_causes, words(codes.END_CAUSES)),
        *_table(say("parked"), figures.parked, words(codes.HOLD_WORDS)),
        *_table(say("holds"), figures.holds, words(codes.HOLD_WORDS)),
        "",
        say("parcels", figures.parcels, figures.shipped_parcels, figures.split_orders),
        *([say("virtual")] if figures.orders and not figures.parcels else []),
        *_table(say("anomalies"), figures.anomalies, words(codes.ANOMALY_WORDS)),
        *_table(
            say("resolved"),
            figures.resolved,
            lambda code: codes.outcome("tracking.resolve", code, lang),
        ),
        *([say("breaches", figures.breaches)] if figures.breaches else []),
        *_table(say("cases"), figures.cases, lambda code: codes.case_result(code, lang)),
        "",
        say("refunds", figures.refunds),
        *_table(
            say("reasons"), figures.refund_reasons, lambda code: codes.refund_reason(code, lang)
        ),
        say(
            "money",
            money(sums.taken),
            money(sums.kept),
            money(sums.refunded),
            say("balanced")
            if sums.balanced
            else say("unbalanced", ", ".join(sums.unequal_orders[:5])),
        ),
        "",
        say("decisions"),
        *_decisions(figures, lang),
    ]
    if result is not None and result.reports:
        parts += ["", say("rows")]
        for kind, told in KINDS.items():
            found = [item for item in result.reports if item.kind == kind]
            if not found:
                continue
            parts.append(f"  {told[lang == 'en']}: {len(found)}")
            parts += [
                "    " + say("row", item.row, item.source_id or "-", item.reason.get(lang))
                for item in found[:SHOWN_ROWS]
            ]
            if len(found) > SHOWN_ROWS:
                parts.append("    " + say("more", len(found) - SHOWN_ROWS))
    if figures.told:
        stored = shop.storage.find(shop.shop, figures.told)
        if stored is not None:
            parts += ["", say("story"), timeline.text(stored, shop.storage, shop.zone, lang)]
    return "\n".join(parts)


def _status(code: str, lang: str) -> str:
    words = STATUS_WORDS.get(code)
    return words[lang == "en"] if words else code


def _table(title: str, counts: Mapping[str, int], name: Callable[[str], str]) -> Iterable[str]:
    if not counts:
        return []
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return [f"  {title}", *(f"    {count:>7,}  {name(code)}" for code, count in ordered)]


def _decisions(figures: Figures, lang: str) -> list[str]:
    lines = []
    for point in POINTS:
        found = figures.decisions.get(point.name)
        if not found:
            continue
        top = sorted(found.items(), key=lambda item: (-item[1], item[0]))
        told = ", ".join(f"{_outcome(point, code, lang)} {count:,}" for code, count in top[:6])
        rest = sum(count for _, count in top[6:])
        more = f", ... {rest:,}" if rest else ""
        lines.append(f"  {point.title.get(lang)} ({point.name}): {told}{more}")
    return lines


def _outcome(point: DecisionPoint, code: str, lang: str) -> str:
    """Codes are English words; in Chinese they need their words."""
    return codes.outcome(point.name, code, lang) if lang == "zh" else code

"""The timeline of an order: every event as a sentence, with its time, actor and deciding rule."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

from ordinance.audit import codes
from ordinance.audit.sentences import MONEY, SENTENCES
from ordinance.orders.change import decode
from ordinance.orders.money import digits_of, major_units
from ordinance.orders.states import STATUS_WORDS
from ordinance.points import POINTS
from ordinance.ports import Storage, StoredEvent, StoredOrder
from ordinance.rules.decision import Plain
from ordinance.rules.law import under_law

_POINT_NAMES = frozenset(point.name for point in POINTS)


def text(order: StoredOrder, storage: Storage, zone: ZoneInfo, lang: str) -> str:
    """The whole timeline as text, one line per event."""
    record = decode(order.document)
    currency = record.currency
    lines = [
        _heading(order, currency, lang),
        *(_line(event, zone, currency, lang) for event in storage.events(order.shop, order.id)),
    ]
    return "\n".join(lines)


def plain(order: StoredOrder, storage: Storage, zone: ZoneInfo, lang: str) -> dict[str, Plain]:
    """The timeline as plain values, to be printed as JSON."""
    record = decode(order.document)
    events: list[Plain] = [
        {
            "version": event.version,
            "at": event.at.astimezone(zone).isoformat(),
            "kind": event.kind,
            "actor": event.actor,
            "cause": event.cause,
            "text": sentence(event, record.currency, lang),
            "data": json.loads(event.data),
            "changes": json.loads(event.changes),
        }
        for event in storage.events(order.shop, order.id)
    ]
    return {
        "order": order.id,
        "number": order.number,
        "source_id": order.source_id,
        "status": order.status,
        "events": events,
    }


def _heading(order: StoredOrder, currency: str, lang: str) -> str:
    zh, en = STATUS_WORDS[order.status]
    digits = digits_of(currency)
    amounts = [
        f"{major_units(minor, digits)} {currency}"
        for minor in (order.receivable, order.paid, order.refunded)
    ]
    if lang == "zh":
        return (
            f"订单 {order.number} ({order.channel} {order.source_id}) {zh}: "
            f"应收 {amounts[0]}, 已付 {amounts[1]}, 已退 {amounts[2]}"
        )
    return (
        f"order {order.number} ({order.channel} {order.source_id}), {en}: "
        f"receivable {amounts[0]}, paid {amounts[1]}, refunded {amounts[2]}"
    )


def _line(event: StoredEvent, zone: ZoneInfo, currency: str, lang: str) -> str:
    at = event.at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
    actor = codes.word(event.actor, codes.ACTORS, lang)
    rule = str(json.loads(event.data).get("rule", ""))
    # What `ordinance explain --decision` takes; a step without a decision has none.
    why = f"  [{rule}]" if under_law(rule.partition(":")[0]) in _POINT_NAMES else ""
    return f"  {at}  {sentence(event, currency, lang)}  ({actor}){why}"


def sentence(event: StoredEvent, currency: str, lang: str) -> str:
    """What an event says, in words."""
    data = json.loads(event.data)
    words = SENTENCES.get(event.kind)
    if words is None:
        return event.kind
    told = words.get(lang)
    for name, value in data.items():
        told = told.replace("{" + name + "}", _told(event.kind, name, value, currency, lang))
    return " ".join(told.split()).replace(" ()", "")


def _told(kind: str, name: str, value: object, currency: str, lang: str) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return codes.yes_or_no(value, lang)
    if name in MONEY and isinstance(value, int):
        return f"{major_units(value, digits_of(currency))} {currency}" if value else ""
    if name == "minutes" and isinstance(value, int):
        return _span(value, lang)
    if name == "pieces" and isinstance(value, dict):
        return _pieces(value, lang)
    if name == "plan" and isinstance(value, dict):
        return "; ".join(f"{code} {_pieces(part, lang)}" for code, part in value.items())
    if isinstance(value, list):
        return ", ".join(codes.in_event(kind, name, str(item), lang) for item in value)
    return codes.in_event(kind, name, str(value), lang)


def _span(minutes: int, lang: str) -> str:
    hours, rest = divmod(minutes, 60)
    if rest:
        return f"{minutes} 分钟" if lang == "zh" else f"{minutes} minutes"
    return f"{hours} 小时" if lang == "zh" else f"{hours} hours"


def _pieces(lines: dict[str, int], lang: str) -> str:
    """Pieces by line number: `第1行2件, 第3行1件`."""
    if lang == "zh":
        return ", ".join(f"第{no}行{count}件" for no, count in lines.items())
    return ", ".join(f"{count} of line {no}" for no, count in lines.items())

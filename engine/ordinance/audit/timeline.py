"""The timeline of an order: every event as a sentence, with its time, actor and deciding rule."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

from ordinance.audit.sentences import MONEY, SENTENCES
from ordinance.orders.change import decode
from ordinance.orders.money import digits_of, major_units
from ordinance.orders.states import STATUS_WORDS
from ordinance.ports import Storage, StoredEvent, StoredOrder
from ordinance.rules.decision import Plain


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
    rule = json.loads(event.data).get("rule")
    why = f"  [{rule}]" if rule else ""
    return f"  {at}  {sentence(event, currency, lang)}  ({event.actor}){why}"


def sentence(event: StoredEvent, currency: str, lang: str) -> str:
    """What an event says, in words."""
    data = json.loads(event.data)
    words = SENTENCES.get(event.kind)
    if words is None:
        return event.kind
    told = words.get(lang)
    for name, value in data.items():
        told = told.replace("{" + name + "}", _told(name, value, currency))
    return " ".join(told.split())


def _told(name: str, value: object, currency: str) -> str:
    if name in MONEY and isinstance(value, int):
        return f"{major_units(value, digits_of(currency))} {currency}" if value else ""
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    if isinstance(value, dict):
        return "; ".join(f"{key}: {_told('', part, currency)}" for key, part in value.items())
    return "-" if value is None else str(value)

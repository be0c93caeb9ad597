"""The vectors: strategy, facts beside the ordinary ones, and what must come out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

Facts = Mapping[str, object]


class Vector(NamedTuple):
    """One vector: its strategy, the facts that matter, and the rules that fire."""

    name: str
    facts: Facts
    fired: tuple[str, ...]


DAY = "2026-11-25T{}:00+08:00"
ORDINARY: Facts = {
    "order.placed_at": DAY.format("10:00"),
    "order.paid_at": DAY.format("10:01"),
    "order.local_time": "10:00",
    "order.shop": "B",
    "order.type": "normal",
    "order.source": "api",
    "order.receivable": "80.00",
    "order.paid": "80.00",
    "order.discount": "0",
    "order.margin": "0.4",
    "order.pieces": 1,
    "order.weight_g": 2000,
    "order.tags": [],
    "order.payment_seen": False,
    "receiver.region": "330110",
    "receiver.address": "文一路1号",
    "buyer.id": "u9",
    "buyer.orders_90d": 3,
    "lines": [
        {"line.category": "茶", "line.fragile": False, "line.price": "80", "line.floor_price": "60"}
    ],
}
SERVICE: Facts = {
    "order.placed_at": DAY.format("10:00"),
    "order.paid_at": DAY.format("10:01"),
    "order.state": "shipped",
    "order.hours_to_deadline": 10,
    "order.negotiations": 0,
    "case.reason": "quality",
    "case.photo": True,
    "case.day": 1,
    "case.on_item": 1,
    "message.text": "你好",
    "message.urges_24h": 0,
    "parcel.hours_since_scan": 1,
    "parcel.hours_at_station": 0,
    "parcel.first_scan": DAY.format("12:00"),
    "survey.sent_30d": 0,
    "survey.opted_out": False,
    "complaint.open": False,
    "order.days_since_completed": 1,
    "repair.open": False,
}


def money(amount: str) -> Facts:
    """An order of this amount, paid in full."""
    return {"order.receivable": amount, "order.paid": amount}


def line(**given: object) -> dict[str, object]:
    """An ordinary line with other facts."""
    plain: Facts = {"category": "茶", "fragile": False, "price": "80", "floor_price": "60"}
    return {f"line.{name}": value for name, value in {**plain, **given}.items()}


AUDIT = [
    Vector("ST04 no rule hits", {}, ()),
    Vector(
        "ST03 three faults, three reasons",
        {
            "order.paid": "99.99",
            "order.receivable": "100.00",
            "order.paid_at": DAY.format("09:59"),
            "order.payment_seen": True,
        },
        ("V1", "V2", "V3"),
    ),
    Vector(
        "ST03 paid 99.99 of 100.00", {"order.paid": "99.99", "order.receivable": "100.00"}, ("V1",)
    ),
    Vector("ST03 paid before it was placed", {"order.paid_at": DAY.format("09:59")}, ("V2",)),
    Vector("ST03 paid as it was placed", {"order.paid_at": DAY.format("10:00")}, ()),
    Vector("ST03 a payment of another order", {"order.payment_seen": True}, ("V3",)),
    Vector("ST04 call at 500.00", money("500.00"), ("A1",)),
    Vector("ST04 no call at 499.99", money("499.99"), ()),
    Vector("ST04 finance above 1000: not at 1000.00", money("1000.00"), ("A1",)),
    Vector("ST04 finance above 1000: at 1000.01", money("1000.01"), ("A1", "A2")),
    Vector("ST04 discount 50.00", {"order.discount": "50.00"}, ("A3",)),
    Vector("ST04 discount 49.99", {"order.discount": "49.99"}, ()),
    Vector("ST04 margin 10 % under a floor of 12 %", {"order.margin": "0.10"}, ("A4",)),
    Vector("ST04 margin at the floor", {"order.margin": "0.12"}, ()),
    Vector("ST04 mark A10 is not A1", {"order.tags": ["A10"]}, ()),
    Vector("ST04 marks A1 and B", {"order.tags": ["A1", "B"]}, ("A5",)),
    Vector("ST04 a rule of shop A, an order of shop B", {"order.source": "manual"}, ()),
    Vector(
        "ST04 a rule of shop A, an order of shop A",
        {"order.source": "manual", "order.shop": "A"},
        ("A6",),
    ),
    Vector("keyword 组", {"receiver.address": "三组12号"}, ("A7",)),
    Vector("ST04 under the floor price", {"lines": [line(), line(price="59.99")]}, ("A8",)),
    Vector("ST04 at the floor price", {"lines": [line(price="60")]}, ()),
    Vector("one of three", {"order.pieces": 30}, ()),
    Vector("two of three", {"order.pieces": 30, "buyer.orders_90d": 0}, ("A9",)),
    Vector(
        "two of three, one by night", {"buyer.orders_90d": 0, "order.local_time": "23:30"}, ("A9",)
    ),
    Vector(
        "night ends at 08:00: 07:59", {"buyer.orders_90d": 0, "order.local_time": "07:59"}, ("A9",)
    ),
    Vector("night ends at 08:00: 08:00", {"buyer.orders_90d": 0, "order.local_time": "08:00"}, ()),
    Vector(
        "three of three",
        {"order.pieces": 30, "buyer.orders_90d": 0, "order.local_time": "22:00"},
        ("A9",),
    ),
]

RISK = [
    Vector("ST07 an entry that ended yesterday", {"buyer.id": "u1"}, ()),
    Vector("ST07 an entry that ends today", {"buyer.id": "u2"}, ("K1",)),
    Vector("ST07 at the bound of a band", {**money("1000"), "buyer.orders_90d": 0}, ("K2",)),
    Vector(
        "ST07 a point under the bound",
        {"lines": [line(category="礼品卡"), line(category="礼品卡")]},
        ("K3",),
    ),
    Vector("a count of one line", {"lines": [line(category="礼品卡"), line()]}, ()),
]

GIFTS = [
    Vector("ST08 two match in one group", {**money("100"), "order.pieces": 3}, ("P5", "Q1")),
    Vector("ST08 the next of the group", money("100"), ("P3", "Q1")),
    Vector("ST08 at least 3, no most: 10", {"order.pieces": 10}, ("P5",)),
    Vector("ST08 2 of at least 3", {"order.pieces": 2}, ()),
    Vector("ST08 99.99 of 100", money("99.99"), ()),
]

BOXES = [
    Vector("ST14 nothing matches", {"lines": [line(category="杯")]}, ()),
    Vector(
        "ST14 one fragile line of five",
        {"lines": [*[line(category="杯")] * 4, line(fragile=True)]},
        ("B1",),
    ),
    Vector("all lines are tea", {"lines": [line(), line()]}, ("B2",)),
    Vector("all but one line are tea", {"lines": [line(), line(category="杯")]}, ()),
]

SERVICES = [
    Vector(
        "ST13 13:59 before a deadline at 18:00",
        {"order.state": "to_ship", "order.hours_to_deadline": "4.02"},
        ("N1",),
    ),
    Vector(
        "ST13 14:01 before a deadline at 18:00",
        {"order.state": "to_ship", "order.hours_to_deadline": "3.98"},
        ("N2",),
    ),
    Vector(
        "ST13 the 4th negotiation", {"order.state": "to_ship", "order.negotiations": 3}, ("N2",)
    ),
    Vector("ST13 already shipped", {}, ("N2",)),
    Vector("ST16 no scan for 24 h", {"parcel.hours_since_scan": 24}, ("N2", "W1")),
    Vector("ST16 no scan for 23 h", {"parcel.hours_since_scan": 23}, ("N2",)),
    Vector(
        "ST16 the first scan before the payment",
        {"parcel.first_scan": DAY.format("10:00")},
        ("N2", "W2"),
    ),
    Vector("ST16 72 h at the station", {"parcel.hours_at_station": 72}, ("N2",)),
    Vector("ST16 73 h at the station", {"parcel.hours_at_station": 73}, ("N2", "W3")),
    Vector("ST17 the word 12315", {"message.text": "我要打12315"}, ("N2", "M1")),
    Vector(
        "ST17 the second urge, unshipped",
        {"order.state": "to_ship", "message.urges_24h": 2},
        ("N1", "M2"),
    ),
    Vector("ST17 the second urge, shipped", {"message.urges_24h": 2}, ("N2",)),
    Vector("ST18 no reason, day 7", {"case.reason": "no_reason", "case.day": 7}, ("N2", "C1")),
    Vector("ST18 no reason, day 8", {"case.reason": "no_reason", "case.day": 8}, ("N2", "C2")),
    Vector(
        "ST18 quality without a photo within 7 days",
        {"case.photo": False, "case.day": 7},
        ("N2", "C3"),
    ),
    Vector("ST18 the 5th case on an item", {"case.on_item": 5}, ("N2",)),
    Vector("ST18 the 6th case on an item", {"case.on_item": 6}, ("N2", "C4")),
    Vector("ST25 a complaint is open", {"complaint.open": True}, ("N2", "V1")),
    Vector("ST25 two surveys in 30 days", {"survey.sent_30d": 2}, ("N2", "V1")),
    Vector("ST25 opted out", {"survey.opted_out": True}, ("N2", "V1")),
    Vector("ST26 day 89", {"order.days_since_completed": 89}, ("N2",)),
    Vector("ST26 day 90", {"order.days_since_completed": 90}, ("N2", "K1")),
    Vector(
        "ST26 day 90 with an open repair",
        {"order.days_since_completed": 90, "repair.open": True},
        ("N2",),
    ),
]

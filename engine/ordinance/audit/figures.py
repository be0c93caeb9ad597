"""Figures of a shop, added up from what is stored: states, decisions, holds, parcels, money."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field

from ordinance.orders.balance import kept_minor
from ordinance.orders.change import decode
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import TERMINAL, ParcelState
from ordinance.ports import Storage
from ordinance.rules.decision import Plain

TOLD_EVENTS = 60
"""The order told at the end of a report has at most this many events."""


@dataclass
class MoneySum:
    """Money of the shop in minor units; `taken` must equal `kept` and `refunded` together.

    `kept` is added up line by line (what is kept for each, and what was paid over or short), not
    taken as the difference, so that the two sides can disagree.
    """

    taken: int = 0
    kept: int = 0
    refunded: int = 0
    unequal_orders: list[str] = field(default_factory=list)

    @property
    def balanced(self) -> bool:
        """Whether every order and the total add up to the cent."""
        return not self.unequal_orders and self.taken == self.kept + self.refunded


@dataclass
class Figures:
    """What a report shows."""

    orders: int = 0
    final: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    end_causes: Counter[str] = field(default_factory=Counter)
    holds: Counter[str] = field(default_factory=Counter)
    """Every hold that was set, by code."""
    parked: Counter[str] = field(default_factory=Counter)
    """Holds that are open, by code."""
    parcels: int = 0
    shipped_parcels: int = 0
    split_orders: int = 0
    anomalies: Counter[str] = field(default_factory=Counter)
    resolved: Counter[str] = field(default_factory=Counter)
    refunds: int = 0
    refund_reasons: Counter[str] = field(default_factory=Counter)
    cases: Counter[str] = field(default_factory=Counter)
    breaches: int = 0
    """How often something was called off because it could not be delivered."""
    decisions: dict[str, dict[str, int]] = field(default_factory=dict)
    money: MoneySum = field(default_factory=MoneySum)
    told: str | None = None
    """The id of an order whose story is worth telling."""

    def plain(self) -> dict[str, Plain]:
        """The figures as plain values."""
        return {
            "orders": self.orders,
            "final": self.final,
            "statuses": dict(sorted(self.statuses.items())),
            "end_causes": dict(sorted(self.end_causes.items())),
            "holds": dict(sorted(self.holds.items())),
            "parked": dict(sorted(self.parked.items())),
            "parcels": self.parcels,
            "shipped_parcels": self.shipped_parcels,
            "split_orders": self.split_orders,
            "anomalies": dict(sorted(self.anomalies.items())),
            "resolved": dict(sorted(self.resolved.items())),
            "refunds": self.refunds,
            "refund_reasons": dict(sorted(self.refund_reasons.items())),
            "cases": dict(sorted(self.cases.items())),
            "breaches": self.breaches,
            "decisions": {point: dict(found) for point, found in self.decisions.items()},
            "money": {
                "taken": self.money.taken,
                "kept": self.money.kept,
                "refunded": self.money.refunded,
                "balanced": self.money.balanced,
                "unequal_orders": list(self.money.unequal_orders),
            },
            "told": self.told,
        }


def add_up(storage: Storage, shop: str) -> Figures:
    """Read every order of a shop and add up."""
    figures = Figures()
    for (point, outcome), count in storage.outcome_counts(shop).items():
        figures.decisions.setdefault(point, {})[_short(outcome)] = count
    best = (-1, "")
    for stored in storage.orders(shop):
        record = decode(stored.document)
        _count(figures, record)
        if stored.version <= TOLD_EVENTS:
            richness = _richness(record)
            if richness > best[0]:
                best = (richness, record.id)
    figures.told = best[1] or None
    return figures


def _count(figures: Figures, record: OrderRecord) -> None:
    figures.orders += 1
    figures.statuses[record.status] += 1
    figures.final += record.state in TERMINAL
    if record.end_cause:
        figures.end_causes[record.end_cause] += 1
    figures.breaches += record.breaches
    for hold in record.holds.values():
        figures.holds[hold.code] += 1
    for hold in record.open_holds:
        figures.parked[hold.code] += 1
    live = [
        parcel
        for parcel in record.parcels.values()
        if parcel.state is not ParcelState.CANCELLED and parcel.is_booked_on(record.id)
    ]
    figures.parcels += len(live)
    figures.shipped_parcels += sum(1 for p in live if p.state is ParcelState.SHIPPED)
    figures.split_orders += sum(1 for p in live if p.replaces is None) > 1
    for parcel in live:
        figures.anomalies.update(parcel.anomalies)
        if parcel.resolved:
            figures.resolved[parcel.resolved] += 1
    figures.refunds += len(record.refunds)
    for refund in record.refunds.values():
        figures.refund_reasons[refund.reason] += 1
    for case in record.cases.values():
        figures.cases[f"{case.remedy or '-'} {case.state}"] += 1
    _add_money(figures.money, record)


def _add_money(money: MoneySum, record: OrderRecord) -> None:
    kept = kept_minor(record)
    refunded = record.refunding
    money.taken += record.paid
    money.kept += kept
    money.refunded += refunded
    if record.paid != kept + refunded:
        money.unequal_orders.append(record.number)


def _richness(record: OrderRecord) -> int:
    """How much there is to tell: each kind of thing that happened counts once."""
    return (
        2 * bool(record.cases)
        + 2 * bool(record.refunds)
        + 2 * (len(record.parcels) > 1)
        + bool(record.holds)
        + any(parcel.anomalies for parcel in record.parcels.values())
        + (len(record.payments) > 0)
        + record.archived
    )


def _short(outcome: str) -> str:
    """Structured outcomes in few words: the channels of messages, say."""
    if not outcome.startswith("{"):
        return outcome
    parts = outcome.replace("}+{", "}\n{").split("\n")
    return "+".join("/".join(str(v) for v in json.loads(part).values()) for part in parts)

"""Compensation: what a buyer gets for trouble, as `service.compensate` decided."""

from __future__ import annotations

from decimal import Decimal

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, why
from ordinance.orders.money import minor_units
from ordinance.rules import Decision
from ordinance.rules.decision import Plain


def compensate(change: Change, desk: Desk, decision: Decision, **about: Plain) -> None:
    """Record the gesture that was decided on, if any; `about` is what it is for."""
    gesture = str(decision.outcome["gesture"])
    if gesture == "none":
        return
    coupon = decision.outcome.get("coupon")
    amount = 0
    if coupon is not None:
        amount = minor_units(Decimal(str(coupon)), desk.profile.minor_digits)
    change.happen(
        "service.compensated",
        {**about, "gesture": gesture, "coupon": amount, "rule": why(decision)},
        compensations=change.record.compensations + 1,
    )

"""Carriers: who takes a parcel, by rule, and how heavy a parcel may be so that somebody does."""

from __future__ import annotations

from collections.abc import Mapping

from ordinance.areas import serves
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, why
from ordinance.orders.money import major_units
from ordinance.orders.record import OrderRecord
from ordinance.profile import Carrier
from ordinance.rules import Decision, Value
from ordinance.stock.freight import freight_minor


def choose(
    change: Change, desk: Desk, grams: int, facts: Mapping[str, Value]
) -> tuple[str | None, str]:
    """The carrier that takes a parcel of this weight, or None; and the rule that chose."""
    choice = _ask(change, desk, grams, facts)
    return _winner(choice), why(choice)


def most_grams(record: OrderRecord, desk: Desk, traits: frozenset[str]) -> int | None:
    """The heaviest parcel that a carrier takes there of such goods; None when none goes there."""
    return max((carrier.max_grams for carrier in _going(record, desk, traits)), default=None)


def lighter(
    change: Change, desk: Desk, grams: int, facts: Mapping[str, Value], traits: frozenset[str]
) -> int | None:
    """The heaviest weight below `grams` at which the rules would find a carrier, or None.

    The rules may leave out the strongest carrier for a reason of their own. Nothing of this
    question is kept: what comes of it is asked again, parcel by parcel.
    """
    going = _going(change.record, desk, traits)
    for most in sorted({c.max_grams for c in going if c.max_grams < grams}, reverse=True):
        aside = Change(
            change.record, change.version, now=change.now, actor=change.actor, cause=change.cause
        )
        if _winner(_ask(aside, desk, most, {**facts, "parcel.weight_g": most})) is not None:
            return most
    return None


def _going(record: OrderRecord, desk: Desk, traits: frozenset[str]) -> list[Carrier]:
    """The carriers that go to the receiver and carry such goods."""
    return [
        carrier
        for carrier in desk.profile.carriers
        if serves(carrier.serves, record.region) and not carrier.refuses & traits
    ]


def _ask(change: Change, desk: Desk, grams: int, facts: Mapping[str, Value]) -> Decision:
    traits = facts["parcel.traits"]
    carried = traits if isinstance(traits, frozenset) else frozenset()
    home = facts.get("parcel.warehouse")
    origin = next((w.region for w in desk.profile.warehouses if w.code == home), None)
    candidates: list[dict[str, Value]] = [
        {
            "candidate.code": carrier.code,
            "candidate.serves_region": serves(carrier.serves, change.record.region),
            "candidate.takes_goods": not carrier.refuses & carried,
            "candidate.takes_weight": grams <= carrier.max_grams,
            "candidate.cost": major_units(
                freight_minor(carrier, grams, origin, change.record.region),
                desk.profile.minor_digits,
            ),
            "candidate.days": carrier.days,
            "candidate.priority": carrier.priority,
        }
        for carrier in desk.profile.carriers
    ]
    return desk.decide(change, "shipping.carrier", facts, candidates=candidates)


def _winner(choice: Decision) -> str | None:
    return next((item.code for item in choice.ranking if item.place == 1), None)

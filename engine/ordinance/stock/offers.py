"""Offers: the buyer is asked what to do about a shortage, with a deadline and reminders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, hold, why
from ordinance.orders.facts import all_facts, line_facts
from ordinance.orders.money import major_units
from ordinance.orders.negotiated import Offer, OfferedLine
from ordinance.orders.promise import CONSENT, promise
from ordinance.orders.record import RecordLine
from ordinance.orders.states import ParcelState
from ordinance.rules import Decision, Value
from ordinance.stock import replenishment, substitution

SUPERVISOR = "SUPERVISOR"
REMIND = "offer.remind"
SILENCE = "offer.silence"


def ask(
    change: Change, desk: Desk, short: Mapping[int, int], facts: Mapping[str, Value], rule: str
) -> None:
    """Offer the buyer what the rules allow for each short line; else a person decides.

    `allocation.negotiate` says whether the buyer may be asked at all, `allocation.short_line` what
    each line allows.
    """
    close(change)
    promise(change, desk, all_facts(change.record, desk))
    decision = desk.decide(
        change, "allocation.negotiate", {**all_facts(change.record, desk), **_limits(change)}
    )
    lines: tuple[OfferedLine, ...] = ()
    if str(decision.outcome["verdict"]) == "ask":
        lines = tuple(_offered(change, desk, no, short[no], facts) for no in sorted(short))
    if not lines or not all(line.options for line in lines):
        hold(change, SUPERVISOR, why(decision))
        return
    offer = _offer(change, decision, lines, rule)
    change.happen(
        "offer.asked",
        {
            "offer": offer.id,
            "pieces": {str(line.no): line.pieces for line in lines},
            "options": list(dict.fromkeys(option for line in lines for option in line.options)),
            "rule": why(decision),
        },
        offers=[offer],
    )
    hold(change, CONSENT, rule, offer=offer.id)
    if offer.answer_by is not None:
        change.schedule(SILENCE, offer.answer_by, offer.id)
    plan_reminder(change, offer)


def _limits(change: Change) -> dict[str, Value]:
    """What limits a negotiation: how often it was tried, and how much time is left."""
    record = change.record
    facts: dict[str, Value] = {
        "negotiation.round": len(record.offers) + 1,
        "negotiation.shipped": any(
            parcel.state is ParcelState.SHIPPED for parcel in record.parcels.values()
        ),
    }
    if record.ship_by is not None:
        # Whole minutes, rounded down: a minute that is not whole is not left.
        facts["negotiation.time_left"] = (record.ship_by - change.now) // timedelta(minutes=1)
    return facts


def _offer(change: Change, decision: Decision, lines: tuple[OfferedLine, ...], rule: str) -> Offer:
    hours = _number(decision, "answer_hours")
    return Offer(
        id=f"O{len(change.record.offers) + 1}",
        rule=rule,
        asked_at=change.now,
        lines=lines,
        on_silence=str(decision.outcome.get("on_silence") or "ask_person"),
        answer_by=None if hours is None else change.now + timedelta(hours=hours),
        remind_hours=_number(decision, "remind_hours"),
        wait_days=_number(decision, "wait_days"),
    )


def _number(decision: Decision, name: str) -> int | None:
    value = decision.outcome.get(name)
    return None if value is None else int(str(value))


def _offered(
    change: Change, desk: Desk, no: int, pieces: int, facts: Mapping[str, Value]
) -> OfferedLine:
    """Ask the rules what may be chosen for one line; a substitute only where there is one."""
    line = change.record.lines[no]
    instead = substitution.substitute_for(line, pieces, change, desk)
    decision = desk.decide(
        change,
        "allocation.short_line",
        {**facts, **line_facts(line, desk), **_short_facts(change, desk, line, pieces, instead)},
    )
    told = decision.outcome.get("option")
    options = tuple(str(item) for item in told) if isinstance(told, (list, tuple)) else ()
    if instead is None:
        options = tuple(item for item in options if item != "substitute")
    return OfferedLine(no, pieces, options, instead if "substitute" in options else None)


def _short_facts(
    change: Change, desk: Desk, line: RecordLine, pieces: int, instead: str | None
) -> dict[str, Value]:
    facts: dict[str, Value] = {"line.short_pieces": pieces}
    wanted = {line.no: max(line.waiting, pieces)}
    dates = replenishment.restock_dates(change, desk, wanted, {line.no: wanted[line.no] - pieces})
    days = replenishment.days_until(list(dates.values()), desk.local(change.now).date())
    if days is not None:
        facts["line.restock_days"] = days
    if instead is not None:
        facts["line.substitute"] = instead
        more = substitution.dearer_by(line, instead, pieces, desk)
        if more is not None:
            facts["line.substitute_dearer"] = major_units(more, desk.profile.minor_digits)
    return facts


def plan_reminder(change: Change, offer: Offer) -> None:
    """Remind again after the interval of the rule, as long as that is before the deadline."""
    if offer.remind_hours is None:
        return
    at: datetime = change.now + timedelta(hours=offer.remind_hours)
    if offer.answer_by is None or at < offer.answer_by:
        change.schedule(REMIND, at, offer.id)


def close(change: Change, chosen: Mapping[int, str] | None = None) -> None:
    """Close the open offer, with what was chosen; nothing is asked or reminded any more."""
    offer = change.record.open_offer
    if offer is None:
        return
    change.unschedule(REMIND, offer.id)
    change.unschedule(SILENCE, offer.id)
    told = {str(no): choice for no, choice in sorted((chosen or {}).items())}
    change.happen(
        "offer.closed",
        {"offer": offer.id},
        offers=[replace(offer, closed_at=change.now, chosen=told)],
    )

"""Negotiation of a shortage: the buyer's answer, a reminder, silence, and a wait that ran out.

Nothing here cancels by itself. Pieces are taken out of a paid order by a recorded choice of the
buyer or by the breach path, and by nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping

from ordinance.orders import queue
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, hold, release
from ordinance.orders.facts import all_facts
from ordinance.orders.negotiated import Offer
from ordinance.orders.promise import CONSENT, promise
from ordinance.orders.record import Hold, OrderRecord
from ordinance.service import breach, cancel
from ordinance.stock import backorder, filling, offers, shortage, sourcing, substitution

DECLINE = "decline"
"""None of what was offered: a person decides."""
CANCEL_ORDER = "cancel_order"
"""Yes to having the whole order called off, where a review asked for that."""


class NotOffered(ValueError):
    """An answer that was not offered, or to which there is no offer; says what can be chosen."""


def answer(change: Change, desk: Desk, choice: str | None, lines: Mapping[int, str]) -> None:
    """The buyer answered: one `choice` for the whole offer, or one for each line.

    Raises `NotOffered`.
    """
    record = change.record
    held = next((item for item in record.open_holds if item.code == CONSENT), None)
    if held is None:
        raise NotOffered(f"order {record.number} has no open offer to answer")
    offer = record.open_offer
    if offer is None:
        _answer_review(change, desk, held, choice, lines)
        return
    chosen = _chosen(record, offer, choice, lines)
    change.happen(
        "buyer.answered",
        {"offer": offer.id, "choice": list(dict.fromkeys(chosen.values())), "of": held.rule},
    )
    offers.close(change, chosen)
    release(change, held.code, cause="answered")
    if DECLINE in chosen.values():
        hold(change, offers.SUPERVISOR, held.rule)
        return
    _carry_out(change, desk, offer, chosen)


def _answer_review(
    change: Change, desk: Desk, held: Hold, choice: str | None, lines: Mapping[int, str]
) -> None:
    """The buyer answered whether the whole order shall be called off."""
    if lines or choice not in (CANCEL_ORDER, DECLINE):
        raise NotOffered(
            f"order {change.record.number} was asked about as a whole: "
            f"answer `{CANCEL_ORDER}` or `{DECLINE}`"
        )
    change.happen("buyer.answered", {"choice": [str(choice)], "of": held.rule})
    release(change, held.code, cause="answered")
    if choice == DECLINE:
        hold(change, offers.SUPERVISOR, held.rule)
        return
    cancel.release_stock(change, desk)
    cancel.end(change, desk, cause="consent", reason="agreed")


def _chosen(
    record: OrderRecord, offer: Offer, choice: str | None, lines: Mapping[int, str]
) -> dict[int, str]:
    """What was chosen for each line of the offer, all of it offered; raises `NotOffered`."""
    if (choice is None) == (not lines):
        raise NotOffered("give one answer for the whole offer, or one for each line, not both")
    asked = {line.no: line.options for line in offer.lines}
    chosen = dict(lines) if lines else {no: str(choice) for no in asked}
    if set(chosen) != set(asked):
        raise NotOffered(
            f"order {record.number} was asked about the lines "
            f"{', '.join(map(str, sorted(asked)))}; answer for each of them"
        )
    for no, one in sorted(chosen.items()):
        if one != DECLINE and one not in asked[no]:
            known = ", ".join(f"`{item}`" for item in (*asked[no], DECLINE))
            raise NotOffered(f"`{one}` was not offered for line {no}; offered: {known}")
    return chosen


def _carry_out(change: Change, desk: Desk, offer: Offer, chosen: Mapping[int, str]) -> None:
    """Do what the buyer chose; the promise to ship begins anew."""
    short = still_short(change, desk)
    asked = {line.no: line for line in offer.lines}
    gone: dict[int, int] = {}
    for no, choice in sorted(chosen.items()):
        pieces = min(asked[no].pieces, short.get(no, 0))
        if choice == "cancel_short" and pieces:
            gone[no] = pieces
        elif choice == "substitute" and pieces and asked[no].substitute is not None:
            substitution.substitute(change, desk, no, asked[no].substitute or "", pieces)
    if gone:
        cancel.drop_pieces(change, desk, gone, "OUT_OF_STOCK", cause="consent")
    if change.record.ended_at is not None:
        return
    waits = [choice for choice in ("wait", "ship_available") if choice in chosen.values()]
    if waits:
        shortage.agree(change, waits[0], offer.wait_days)
    else:
        backorder.leave(change)
    promise(change, desk, all_facts(change.record, desk), renew=True)


def still_short(change: Change, desk: Desk) -> dict[int, int]:
    """Pieces that no warehouse can ship now, by line."""
    found = sourcing.find(change, desk, filling.needs(change.record))
    return shortage.still_short(change.record, filling.pieces_of(found.fills))


def remind(change: Change, desk: Desk, offer_id: str) -> None:
    """The buyer has not answered yet: remind, and plan the next reminder."""
    offer = change.record.open_offer
    if offer is None or offer.id != offer_id:
        return
    change.happen("offer.reminded", {"offer": offer.id})
    offers.plan_reminder(change, offer)


def silent(change: Change, desk: Desk, offer_id: str) -> None:
    """The deadline passed without an answer: what the rule said holds. Never a silent cancel."""
    offer = change.record.open_offer
    if offer is None or offer.id != offer_id:
        return
    change.happen("buyer.silent", {"offer": offer.id, "then": offer.on_silence})
    offers.close(change)
    release(change, CONSENT, cause="no answer")
    _by_default(change, desk, offer.on_silence, offer.rule, offer.wait_days)


def timed_out(change: Change, desk: Desk, then: str) -> None:
    """Stock did not come in time: what the rule said holds. Never a silent cancel."""
    waiting = [item for item in change.record.open_holds if item.code in queue.SERVED]
    if not waiting:
        return
    rule = waiting[0].rule
    for item in waiting:
        release(change, item.code, cause="timeout")
    if then != "ask_buyer":
        _by_default(change, desk, then, rule, None)
        return
    short = still_short(change, desk)
    if not short:
        _found_after_all(change)
        return
    facts = {**all_facts(change.record, desk), **shortage.facts_now(change, desk, short)}
    offers.ask(change, desk, short, facts, rule)


def _found_after_all(change: Change) -> None:
    """Nothing is short by now: the order goes on to be allocated."""
    change.happen("stock.found")


def _by_default(change: Change, desk: Desk, then: str, rule: str, wait_days: int | None) -> None:
    if then in ("wait", "ship_available"):
        shortage.agree(change, then, wait_days)
    elif then == "breach":
        short = still_short(change, desk)
        if short:
            breach.breach(change, desk, short, rule)
        else:
            _found_after_all(change)
    else:
        hold(change, offers.SUPERVISOR, rule)

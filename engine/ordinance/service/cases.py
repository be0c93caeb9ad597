"""After-sale cases: remedy by rule, return, inspection by rule, refund, re-shipment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from ordinance.fulfilment.reship import able_to_send, send_again
from ordinance.orders import refunds
from ordinance.orders.change import Change
from ordinance.orders.desk import DecisionFailed, Desk, hold, why
from ordinance.orders.facts import all_facts, goods_facts
from ordinance.orders.lineage import by_parcel, claimable_units
from ordinance.orders.money import major_units
from ordinance.orders.record import Case, OrderRecord, Piece
from ordinance.orders.states import CASE_MOVES, CaseState, IllegalMove, ParcelState
from ordinance.orders.units import Run, counted
from ordinance.ports import MovementKind
from ordinance.rules import Value
from ordinance.stock.ledger import book_line

APPROVED = {
    "RETURN_REFUND": CaseState.APPROVED_RETURN,
    "REFUND_ONLY": CaseState.APPROVED_REFUND_ONLY,
    "PRICE_REDUCTION": CaseState.APPROVED_REFUND_ONLY,
    "RESEND": CaseState.APPROVED_RESEND,
}
RETURN_DAYS_KIND = "case.return"


class NotReturnable(Exception):
    """The pieces asked about were never bought on this order, or were returned before."""


def returnable(record: OrderRecord, sku: str) -> int:
    """Pieces of a sku that can still come back: bought, not cancelled, not returned yet."""
    return sum(
        max(line.quantity - line.cancelled - line.returned, 0)
        for line in record.lines.values()
        if line.sku == sku and line.kind in ("goods", "virtual")
    )


def pieces_for(record: OrderRecord, wanted: Sequence[tuple[str, int]]) -> tuple[Piece, ...]:
    """Name the order lines of (sku, quantity) pairs; raises `NotReturnable`."""
    pieces: list[Piece] = []
    taken: dict[int, list[Run]] = {}
    for sku, quantity in wanted:
        left = quantity
        for line in record.lines.values():
            if line.sku != sku or line.kind not in ("goods", "virtual"):
                continue
            before = taken.setdefault(line.no, [])
            can = line.quantity - line.cancelled - line.returned - counted(before)
            got = min(left, max(can, 0))
            if got:
                units = claimable_units(record, line, got, before)
                pieces += units
                before += [run for piece in units for run in piece.runs]
                left -= got
        if left:
            raise NotReturnable(
                f"order {record.number} has {quantity - left} of `{sku}` left to return, "
                f"not {quantity}"
            )
    return tuple(pieces)


def case_facts(case: Case, record: OrderRecord, desk: Desk, change: Change) -> dict[str, Value]:
    """Facts of a case."""
    digits = desk.profile.minor_digits
    facts: dict[str, Value] = {
        "case.reason": case.reason,
        "case.shipped": any(line.shipped for line in record.goods),
        "case.received": record.signed_at is not None,
        "case.evidence": case.evidence,
        "case.pieces": sum(piece.quantity for piece in case.pieces),
        "case.value": major_units(refunds.due_for(record, case.pieces), digits),
        "case.earlier": sum(1 for other in record.cases.values() if other.id != case.id),
    }
    if case.demand is not None:
        facts["case.demand"] = case.demand
    if record.signed_at is not None:
        signed = desk.local(record.signed_at).date()
        facts["case.days_since_receipt"] = max((desk.local(case.opened_at).date() - signed).days, 0)
    if case.claimed is not None:
        facts["case.claimed"] = major_units(case.claimed, digits)
    return facts


def open_case(
    change: Change,
    desk: Desk,
    pieces: Sequence[Piece],
    *,
    reason: str,
    demand: str | None,
    source: str,
    evidence: bool = False,
    claimed: int | None = None,
) -> Case:
    """Record a case and ask `aftersale.remedy`. A refusal always leaves the way to a person.

    Where the rules cannot decide, or not within the law, a person decides the case.
    """
    record = change.record
    case = Case(
        id=f"C{len(record.cases) + 1}",
        state=CaseState.APPLIED,
        reason=reason,
        demand=demand,
        pieces=tuple(pieces),
        opened_at=change.now,
        source=source,
        evidence=evidence,
        claimed=claimed,
    )
    lines = dict(record.lines)
    for piece in pieces:
        line = lines[piece.line]
        lines[piece.line] = replace(line, returned=line.returned + piece.quantity)
    change.happen(
        "case.opened",
        {"case": case.id, "reason": reason, "source": source},
        cases=[case],
        lines=[lines[piece.line] for piece in pieces],
    )
    facts = {
        **all_facts(record, desk),
        **case_facts(case, record, desk, change),
    }
    asked = {piece.line for piece in pieces}
    lines_asked = [
        line
        for held, line in zip(record.goods, goods_facts(record, desk), strict=True)
        if held.no in asked
    ]
    try:
        decision = desk.decide(change, "aftersale.remedy", facts, lines=lines_asked)
    except DecisionFailed as failed:
        _to_a_person(change, case, failed.point, why=failed.why)
        return change.record.cases[case.id]
    remedy = str(decision.outcome["remedy"])
    freight = decision.outcome.get("return_freight")
    case = replace(case, remedy=remedy, return_freight=None if freight is None else str(freight))
    data = {"case": case.id, "remedy": remedy, "rule": why(decision)}
    if remedy == "REFUSE":
        change.happen(
            "case.refused",
            data,
            cases=[replace(case, state=CaseState.REFUSED, closed_at=change.now)],
            lines=given_up(change.record, pieces),
        )
    elif remedy in APPROVED:
        case = replace(case, state=APPROVED[remedy])
        change.happen("case.approved", data, cases=[case])
        days = decision.outcome.get("return_within_days")
        carry_out(change, desk, case, None if days is None else int(str(days)))
    else:
        _to_a_person(change, case, why(decision))
    return change.record.cases[case.id]


def _to_a_person(change: Change, case: Case, rule: str, **data: str) -> None:
    change.happen(
        "case.to_a_person",
        {"case": case.id, "remedy": "ASK_PERSON", "rule": rule},
        cases=[replace(case, state=CaseState.REVIEW)],
    )
    hold(change, "CASE_REVIEW", rule, part=case.id, case=case.id, **data)


def given_up(record: OrderRecord, pieces: Sequence[Piece]) -> list[object]:
    """The lines of these pieces, which nobody asks about any more."""
    lines = dict(record.lines)
    for piece in pieces:
        line = lines[piece.line]
        lines[piece.line] = replace(line, returned=line.returned - piece.quantity)
    return [lines[piece.line] for piece in pieces]


def carry_out(change: Change, desk: Desk, case: Case, within_days: int | None = None) -> None:
    """Begin what was approved: the refund, the parcel, or waiting for the goods."""
    if case.state is CaseState.APPROVED_REFUND_ONLY:
        give_back(change, desk, case, Decimal(1))
    elif case.state is CaseState.APPROVED_RESEND:
        resend(change, desk, case)
    elif within_days is not None:
        due = change.now + timedelta(days=within_days)
        change.schedule(RETURN_DAYS_KIND, due, case.id)


def resend(change: Change, desk: Desk, case: Case) -> None:
    """Send the pieces of a case again; without stock a person decides."""
    record = change.record
    first = next((parcel for parcel, _ in by_parcel(record, case.pieces) if parcel), None)
    warehouse = able_to_send(case.pieces, change, desk, first.warehouse) if first else None
    if first is None or warehouse is None:
        rule = "aftersale.remedy:out_of_stock"
        hold(change, "CASE_REVIEW", rule, blocks="nothing", part=case.id, case=case.id)
        return
    parcels = send_again(change, desk, case.pieces, warehouse, replaces=first.id)
    move(change, replace(case, parcels=tuple(parcels)), CaseState.RESHIPPED)


def resent_arrived(change: Change, parcel_id: str) -> None:
    """A parcel arrived: the case that it was sent for is done when all of its parcels have."""
    parcels = change.record.parcels
    if parcels[parcel_id].delivered_at is None:
        return
    for case in change.record.cases.values():
        if (
            parcel_id in case.parcels
            and case.state is CaseState.RESHIPPED
            and all(parcels[code].settled for code in case.parcels)
        ):
            move(change, case, CaseState.DONE)


def goods_back(change: Change, desk: Desk, case_id: str, inspection: str) -> None:
    """Returned goods arrived and were looked at; ask `aftersale.inspect` what follows."""
    record = change.record
    case = replace(record.case(case_id), inspection=inspection)
    change.unschedule(RETURN_DAYS_KIND, case_id)
    case = move(change, case, CaseState.INSPECTING, inspection=inspection)
    facts = {
        **all_facts(record, desk),
        **case_facts(case, record, desk, change),
        "case.inspection": inspection,
    }
    decision = desk.decide(change, "aftersale.inspect", facts)
    goods_to = str(decision.outcome["goods_to"])
    change.happen(
        "case.inspected",
        {"case": case.id, "inspection": inspection, "goods_to": goods_to, "rule": why(decision)},
    )
    if goods_to in ("stock", "quarantine"):
        _restock(change, desk, case, goods_to)
    if str(decision.outcome["result"]) == "dispute":
        move(change, case, CaseState.DISPUTE)
        hold(change, "DISPUTE", why(decision), part=case.id, case=case.id)
        return
    give_back(change, desk, case, Decimal(str(decision.outcome["refund_share"])))


def never_came(change: Change, case_id: str) -> None:
    """The buyer did not send the goods back in time; they may ask again."""
    case = change.record.cases[case_id]
    if case.state is not CaseState.APPROVED_RETURN:
        return
    change.happen(
        "case.timed_out",
        {"case": case.id},
        cases=[replace(case, state=CaseState.CLOSED_TIMEOUT, closed_at=change.now)],
        lines=given_up(change.record, case.pieces),
    )


def _restock(change: Change, desk: Desk, case: Case, goods_to: str) -> None:
    """Goods go back to the warehouse that shipped them, to the shelf or to quarantine.

    What never left cannot come back, whatever the case is about: it is on the shelf already. Nor
    does what the carrier has brought back meanwhile come back twice.
    """
    record = change.record
    kind = MovementKind.RETURNED if goods_to == "stock" else MovementKind.QUARANTINED
    for parcel, piece in by_parcel(record, case.pieces):
        if parcel is None or parcel.state is not ParcelState.SHIPPED:
            continue
        if parcel.resolved != "take_back":
            line = record.lines[piece.line]
            book_line(change, desk, kind, parcel.warehouse, line, piece.quantity)


def give_back(change: Change, desk: Desk, case: Case, share: Decimal) -> None:
    """Open the refund of a case and wait for it; nothing to give back closes the case."""
    facts = case_facts(case, change.record, desk, change)
    numerator, denominator = share.as_integer_ratio()
    refund = refunds.refund_pieces(
        change,
        desk,
        case.pieces,
        reason=f"case.{case.reason}",
        case=case.id,
        facts=facts,
        share_of=(numerator, denominator),
        claimed=case.claimed,
    )
    if refund is None:
        if case.state is CaseState.INSPECTING:
            case = move(change, case, CaseState.REFUNDING)
        move(change, case, CaseState.DONE)
        return
    move(change, replace(case, refund=refund.id), CaseState.REFUNDING)


def refund_done(change: Change, refund_id: str) -> None:
    """The money of a case arrived: the case is done."""
    for case in change.record.cases.values():
        if case.refund == refund_id and case.state is CaseState.REFUNDING:
            move(change, case, CaseState.DONE)


def move(change: Change, case: Case, state: CaseState, **data: str) -> Case:
    """Move a case along its table."""
    if state not in CASE_MOVES[case.state]:
        raise IllegalMove("case", case.state, state)
    ended = change.now if state is CaseState.DONE else None
    case = replace(case, state=state, closed_at=ended)
    change.happen(f"case.{state.lower()}", {"case": case.id, **data}, cases=[case])
    return case

"""Refunds: how much goes back for which pieces, over which payments, and the refund document.

What a unit gives back is its share of what was paid (`shares.py`), the same that its parcel
carries; the units of a line give back its amount exactly, in whatever order they are refunded.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, why
from ordinance.orders.facts import all_facts
from ordinance.orders.lineage import still_owed, whole
from ordinance.orders.record import OrderRecord, Piece, RecordLine, Refund
from ordinance.orders.shares import value_of
from ordinance.orders.states import RefundState
from ordinance.orders.units import Run, joined
from ordinance.rules import Value


def due_for(record: OrderRecord, pieces: Sequence[Piece]) -> int:
    """What these pieces give back, in minor units: nothing for those that gave it back before."""
    return sum(
        value_of(record.lines[piece.line], piece.runs) for piece in still_owed(record, pieces)
    )


def split_over(total: int, room: Mapping[str, int]) -> list[tuple[str, int]]:
    """Spread `total` over payments in proportion to the room that each has left, to the cent."""
    whole = sum(room.values())
    if total > whole:
        raise ValueError(f"a refund of {total} is more than the {whole} that is left")
    parts = {key: total * left // whole if whole else 0 for key, left in room.items()}
    rest = total - sum(parts.values())
    for key, left in room.items():
        more = min(rest, left - parts[key])
        parts[key] += more
        rest -= more
    return [(key, amount) for key, amount in parts.items() if amount]


def refund_pieces(
    change: Change,
    desk: Desk,
    pieces: Sequence[Piece],
    *,
    reason: str,
    case: str | None = None,
    facts: Mapping[str, Value] | None = None,
    share_of: tuple[int, int] = (1, 1),
    claimed: int | None = None,
) -> Refund | None:
    """Ask `aftersale.refund` for the policy and open a refund document for these pieces.

    `share_of` is a fraction (numerator, denominator) of the value that goes back. Returns None
    when nothing is left to give back.
    """
    record = change.record
    given: dict[int, list[Run]] = {piece.line: [] for piece in pieces}
    for piece in still_owed(record, pieces):
        given[piece.line] += piece.runs
    lines = dict(record.lines)
    back: dict[int, int] = {}
    for no, runs in given.items():
        line = lines[no]
        amount = value_of(line, runs) * share_of[0] // share_of[1]
        amount = min(amount, line.kept)
        back[no] = amount
        lines[no] = replace(line, back=joined([*line.back, *runs]), refunded=line.refunded + amount)
    last = all(line.given_back >= line.quantity for line in lines.values() if line.kind == "goods")
    decision = desk.decide(
        change,
        "aftersale.refund",
        {
            **all_facts(record, desk),
            **(facts or {}),
            "refund.last_item": last,
            "refund.nothing_shipped": not any(line.shipped for line in record.goods),
        },
    )
    if str(decision.outcome["freight"]) == "refund":
        for no, line in lines.items():
            if line.kind not in ("goods", "virtual", "set_aside") and line.kept > 0:
                back[no] = line.kept
                lines[no] = replace(line, refunded=line.amount)
    if str(decision.outcome["policy"]) == "claimed" and claimed is not None:
        back, lines = _claimed(record, claimed)
    return _open(change, desk, back, lines, reason=reason, case=case, rule=why(decision))


def _claimed(record: OrderRecord, claimed: int) -> tuple[dict[int, int], dict[int, RecordLine]]:
    """Give back exactly the amount asked for, from the lines in order, at most what is kept."""
    back: dict[int, int] = {}
    lines = dict(record.lines)
    left = claimed
    for no, line in record.lines.items():
        amount = min(left, max(line.kept, 0))
        if amount:
            back[no] = amount
            lines[no] = replace(line, refunded=line.refunded + amount)
            left -= amount
    return back, lines


def refund_part(change: Change, desk: Desk, no: int, amount: int, *, reason: str) -> Refund | None:
    """Give back a part of what was paid for one line, which keeps its pieces."""
    line = change.record.lines[no]
    amount = min(amount, line.kept)
    lines = {**change.record.lines, no: replace(line, refunded=line.refunded + amount)}
    return _open(change, desk, {no: amount}, lines, reason=reason, case=None, rule=reason)


def refund_rest(change: Change, desk: Desk, *, reason: str) -> Refund | None:
    """Give back every cent that is still kept: the order is off, whole."""
    record = change.record
    back = {no: line.kept for no, line in record.lines.items() if line.kept}
    lines = {
        no: replace(line, refunded=line.amount, back=joined(whole(line)))
        for no, line in record.lines.items()
    }
    return _open(change, desk, back, lines, reason=reason, case=None, rule=reason, whole=True)


def _open(
    change: Change,
    desk: Desk,
    back: dict[int, int],
    lines: dict[int, RecordLine],
    *,
    reason: str,
    case: str | None,
    rule: str,
    whole: bool = False,
) -> Refund | None:
    """Write the refund document, never for more than was paid, and ask for it to be paid."""
    record = change.record
    left = record.paid - record.refunding
    amount = left if whole else sum(back.values())
    # An order paid short gives back at most what came in: the lines give up the difference.
    over = sum(back.values()) - left
    for no in sorted(back, reverse=True):
        if over <= 0:
            break
        cut = min(over, back[no])
        back[no] -= cut
        lines[no] = replace(lines[no], refunded=lines[no].refunded - cut)
        over -= cut
    amount = min(amount, left)
    changed = [lines[no] for no in lines if lines[no] != record.lines[no]]
    if amount <= 0:
        if changed:
            change.happen("refund.nothing_left", {"reason": reason}, lines=changed)
        return None
    room = {
        payment.id: payment.amount - payment.refunded
        for payment in record.payments.values()
        if payment.amount > payment.refunded
    }
    split = split_over(amount, room)
    payments = [
        replace(record.payments[key], refunded=record.payments[key].refunded + part)
        for key, part in split
    ]
    refund = Refund(
        id=f"R{len(record.refunds) + 1}",
        state=RefundState.CREATED,
        amount=amount,
        reason=reason,
        split=tuple(split),
        lines=tuple(sorted((no, part) for no, part in back.items() if part)),
        created_at=change.now,
        case=case,
    )
    change.happen(
        "refund.opened",
        {"refund": refund.id, "amount": amount, "reason": reason, "rule": rule},
        refunds=[refund],
        lines=changed,
        payments=payments,
    )
    change.effect(
        "refund",
        f"refund:{refund.id}",
        {
            "refund": refund.id,
            "split": [[record.payments[key].transaction, part] for key, part in split],
        },
    )
    return refund


def move(change: Change, refund_id: str, state: RefundState) -> Refund:
    """Move a refund along its table; raises `UnknownPart` and `IllegalMove`."""
    refund = change.record.refund(refund_id)
    refund = replace(
        refund, state=state, done_at=change.now if state is RefundState.SUCCESS else None
    )
    change.happen(
        f"refund.{state.lower()}",
        {"refund": refund.id, "amount": refund.amount},
        refunds=[refund],
    )
    return refund

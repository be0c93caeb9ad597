"""A case in the hands of a person, and the hold that shows it until the person has decided."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ordinance.orders.change import Change
from ordinance.orders.desk import Desk, release
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import SHOW_A_CASE, CaseState
from ordinance.service.cases import APPROVED, carry_out, give_back, given_up, move

_WITH_A_PERSON = (CaseState.REVIEW, CaseState.DISPUTE, CaseState.APPROVED_RESEND)


SEND_BACK_DAYS = 30
"""How long a return is waited for that a person has granted; where rules grant it, they say so."""


class CaseUndecided(ValueError):
    """A hold shows a case that nobody has decided: lifting it would hide the case."""


def demand_decided(record: OrderRecord, code: str) -> None:
    """Raise `CaseUndecided` where a hold with this code shows a case that waits for a person."""
    waiting = [case.id for case in record.open_cases if case.state in _WITH_A_PERSON]
    if code in SHOW_A_CASE and waiting:
        raise CaseUndecided(
            f"the hold {code} of order {record.number} shows case {waiting[0]}, "
            "which waits for a person; settle the case, and the hold is lifted with it"
        )


def settle(change: Change, desk: Desk, case_id: str, remedy: str) -> None:
    """A person decides a case that the rules handed over; raises `UnknownPart`, `IllegalMove`.

    Of a case in dispute the goods are here: whoever grants it gives the money back, whoever
    refuses it ends it.
    """
    case = replace(change.record.case(case_id), remedy=remedy)
    _lift(change, case_id)
    if case.state is CaseState.DISPUTE:
        if remedy == "REFUSE":
            move(change, case, CaseState.DONE, remedy=remedy)
        else:
            give_back(change, desk, case, Decimal(1))
        return
    if case.state is CaseState.APPROVED_RESEND:
        # There was no stock to send it again.
        case = move(change, case, CaseState.REVIEW)
    if remedy == "REFUSE":
        change.happen(
            "case.refused",
            {"case": case_id, "remedy": remedy, "rule": "person"},
            cases=[replace(case, state=CaseState.REFUSED, closed_at=change.now)],
            lines=given_up(change.record, case.pieces),
        )
        return
    case = replace(case, state=APPROVED[remedy])
    change.happen(
        "case.approved", {"case": case_id, "remedy": remedy, "rule": "person"}, cases=[case]
    )
    carry_out(change, desk, case, SEND_BACK_DAYS)


def _lift(change: Change, case_id: str) -> None:
    """Lift the hold that shows this case; one that was set before holds named their case, once no
    other case waits."""
    others = [
        case.id
        for case in change.record.open_cases
        if case.id != case_id and case.state in _WITH_A_PERSON
    ]
    for code in SHOW_A_CASE:
        release(change, code, part=case_id if others else None, case=case_id)

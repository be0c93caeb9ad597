"""The breach path: the shop calls off what it cannot deliver, and makes it good.

Law L7: a seller may not cancel a paid order alone. Where the rules nevertheless end a shortage so,
it is recorded as the breach that it is: the money goes back in full, the buyer is compensated by
rule and told, and reports count it.
"""

from __future__ import annotations

from collections.abc import Mapping

from ordinance.fulfilment.compensation import compensate
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.orders.facts import all_facts
from ordinance.service import cancel
from ordinance.stock import backorder


def breach(change: Change, desk: Desk, pieces: Mapping[int, int], rule: str) -> None:
    """Call off these pieces in breach: compensation by rule, full refund, notice, report entry.

    The compensation is decided first: where the rules or the law cannot decide on one, nothing is
    called off and the order is held.
    """
    record = change.record
    decision = desk.decide(
        change,
        "service.compensate",
        {
            **all_facts(record, desk),
            "service.given": record.compensations,
            "service.breach": True,
        },
    )
    change.happen(
        "contract.breached",
        {"pieces": {str(no): count for no, count in pieces.items()}, "rule": rule},
        breaches=record.breaches + 1,
    )
    compensate(change, desk, decision)
    backorder.leave(change)
    cancel.drop_pieces(change, desk, pieces, "OUT_OF_STOCK", cause="breach")

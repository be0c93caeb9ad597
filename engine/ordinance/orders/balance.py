"""Whether an order's money adds up to the cent (I6).

Asked of each order before it is stored, and of every stored one by the doctor.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from ordinance.orders.record import OrderRecord


def kept_minor(record: OrderRecord) -> int:
    """Money kept of an order, added up from its lines: what each keeps, and what was paid over
    or short of the receivable and not given back."""
    of_lines = sum(line.kept for line in record.lines.values())
    over = record.paid - record.receivable
    given_back_of_over = sum(
        refund.amount - sum(part for _, part in refund.lines) for refund in record.refunds.values()
    )
    return of_lines + over - given_back_of_over


def imbalances(record: OrderRecord) -> Iterator[str]:
    """What does not add up; nothing where all of it does."""
    kept = kept_minor(record)
    if record.paid != kept + record.refunding:
        yield f"paid {record.paid}, kept {kept}, refunded {record.refunding}"
    if sum(line.amount for line in record.lines.values()) != record.receivable:
        yield "the lines do not add up to the receivable"
    back: Counter[str] = Counter()
    for refund in record.refunds.values():
        for payment_id, amount in refund.split:
            back[payment_id] += amount
        if sum(amount for _, amount in refund.split) != refund.amount:
            yield f"refund {refund.id} is not what its parts are"
    for payment in record.payments.values():
        if back[payment.id] != payment.refunded:
            yield f"payment {payment.id} counts another refund"
        if payment.refunded > payment.amount:
            yield f"payment {payment.id} gave back more than it is"

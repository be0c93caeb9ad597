"""What the doctor checks of an order's money.

I6: what came in is what is kept and what went back, and every part adds up. I7: every refund was
asked for outside once, and is what was asked for. I13: every payment is remembered.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ordinance.audit.finding import Finding
from ordinance.audit.seen import Seen
from ordinance.orders.balance import imbalances
from ordinance.orders.record import OrderRecord, Refund
from ordinance.orders.states import RefundState
from ordinance.ports import EffectState


def money(seen: Seen) -> Iterator[Finding]:
    """I6: the money of an order adds up to the cent."""
    number, record = seen.stored.number, seen.record
    for text in imbalances(record):
        yield Finding("I6", number, text)
    for line in record.goods:
        if line.returned > line.quantity or line.refunded > max(line.amount, 0):
            yield Finding("I4", number, f"line {line.no} gave back more than it is")


def refunds(seen: Seen) -> Iterator[Finding]:
    """I7: each refund has one effect, which asks for its parts; and is paid when that is done."""
    number, record = seen.stored.number, seen.record
    asked: Counter[str] = Counter()
    for stored, payload in seen.payloads:
        if stored.effect.kind != "refund":
            continue
        refund = record.refunds.get(str(payload.get("refund")))
        if refund is None:
            yield Finding(
                "I7", number, f"effect `{stored.effect.key}` pays a refund that is not there"
            )
            continue
        asked[refund.id] += 1
        if _parts(payload.get("split")) != _parts(_wanted(record, refund)):
            yield Finding("I7", number, f"refund {refund.id} asks for other parts than it has")
        if stored.state is EffectState.DONE and refund.state is not RefundState.SUCCESS:
            yield Finding(
                "I7", number, f"refund {refund.id} was paid, the order has it as {refund.state}"
            )
    for refund in record.refunds.values():
        if asked[refund.id] != 1:
            yield Finding(
                "I7",
                number,
                f"refund {refund.id} ({refund.state}) was asked for {asked[refund.id]} times",
            )


def _wanted(record: OrderRecord, refund: Refund) -> list[list[object]]:
    payments = record.payments
    return [
        [payments[key].transaction if key in payments else None, part] for key, part in refund.split
    ]


def _parts(told: object) -> list[tuple[str, int]]:
    if not isinstance(told, list):
        return []
    return sorted((str(transaction), int(part)) for transaction, part in told)


@dataclass
class Payments:
    """Which order each payment counts on, gathered order by order."""

    owners: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    """The ids of the orders, by (method, transaction)."""
    numbers: dict[str, str] = field(default_factory=dict)

    def see(self, record: OrderRecord) -> None:
        """Take an order into account."""
        self.numbers[record.id] = record.number
        for one in record.payments.values():
            self.owners.setdefault((one.method, one.transaction), []).append(record.id)

    def faults(self, table: Iterable[tuple[str, str, str]]) -> Iterator[Finding]:
        """I13: a payment is remembered for the order that it was first seen on.

        One that comes in again on another order is known by that, and parks it.
        """
        kept = {(method, number): order for method, number, order in table}
        for key, orders in sorted(self.owners.items()):
            first = kept.get(key)
            if first is None:
                yield Finding(
                    "I13",
                    self.numbers[orders[0]],
                    f"payment `{key[1]}` by {key[0]} is not remembered: it could come in again on "
                    "another order",
                )
            elif first not in orders:
                yield Finding(
                    "I13",
                    self.numbers[orders[0]],
                    f"payment `{key[1]}` by {key[0]} is remembered for another order",
                )
        for key, order in sorted(kept.items()):
            if order not in self.numbers:
                yield Finding(
                    "I13",
                    f"payment `{key[1]}` by {key[0]}",
                    "is remembered for an order that is not there",
                )

"""What the doctor checks of shortages: the queue, the presale counters, and that nothing paid for
was called off in silence."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence

from ordinance.orders.queue import waits_of
from ordinance.orders.record import OrderRecord
from ordinance.ports import Storage, StoredEvent, Waiting

CALLED_OFF = ("order.lines_cancelled", "order.cancelled")
"""Events that take something out of an order."""

FOUNDED = frozenset({"cancel.requested", "contract.breached"})
"""Events that say on whose word; an answer of the buyer says so too."""


class Expected:
    """What the orders say that the tables of the queue should hold, gathered order by order."""

    def __init__(self) -> None:
        self.waiting: dict[tuple[str, str], Waiting] = {}
        self.presold: Counter[str] = Counter()

    def add(self, record: OrderRecord) -> None:
        """Take an order into account."""
        for one in waits_of(record):
            self.waiting[one.order_id, one.sku] = one
        for line in record.goods:
            self.presold[line.sku] += line.presold

    def faults(self, storage: Storage, shop: str) -> Iterator[tuple[str, str]]:
        """(about, what differs) for every row that is not as the orders say."""
        stored = {(one.order_id, one.sku): one for one in storage.queue(shop)}
        for key in sorted({*stored, *self.waiting}):
            row, said = stored.get(key), self.waiting.get(key)
            if row is None:
                yield f"{key[1]} of {key[0]}", "the order waits for it but stands in no queue"
            elif said is None:
                yield f"{key[1]} of {key[0]}", "stands in the queue but does not wait"
            elif row != said:
                yield f"{key[1]} of {key[0]}", f"waits as {row}, the order says {said}"
        for order in storage.purchases(shop):
            if order.received < 0 or order.pieces < 0:
                yield f"purchase order {order.number}", "counts less than nothing"
        taken = {one.sku: one.taken for one in storage.presold(shop)}
        for sku in sorted({*taken, *self.presold}):
            if taken.get(sku, 0) != self.presold[sku]:
                yield (
                    sku,
                    f"{taken.get(sku, 0)} pieces are counted as presold, "
                    f"the orders say {self.presold[sku]}",
                )


def silent_cancels(events: Sequence[StoredEvent]) -> Iterator[str]:
    """Ways in which a paid order lost something without the buyer's word or the breach path."""
    paid = False
    founded: set[str] = set()
    for event in events:
        paid = paid or event.kind == "payment.received"
        if event.kind in FOUNDED or (event.kind == "buyer.answered" and _agrees(event)):
            # What one command does, it does on one word.
            founded.add(event.cause)
        if paid and event.kind in CALLED_OFF and event.cause not in founded:
            yield f"event {event.version} takes something out of a paid order on nobody's word"


def _agrees(event: StoredEvent) -> bool:
    choice = json.loads(event.data).get("choice")
    return isinstance(choice, list) and bool(
        {"cancel_short", "cancel_order"} & set(map(str, choice))
    )

"""What a store promises about orders that wait for stock, and about what they wait for."""

from __future__ import annotations

from datetime import date, timedelta

from ordinance.inventory import MovementKind
from ordinance.ports import PurchaseOrder, Storage, Waiting
from ordinance.testing.samples import AT, OTHER_SHOP, SHOP, movement

MINUTE = timedelta(minutes=1)


def wait(order_id: str, rank: int = 0, minutes: int = 0, **changes: object) -> Waiting:
    values = {"shop": SHOP, "sku": "TEA", "pieces": 2, "takes": "line", **changes}
    return Waiting(rank=rank, since=AT + minutes * MINUTE, order_id=order_id, **values)  # type: ignore[arg-type]


def enqueue(storage: Storage, *waiting: Waiting) -> None:
    with storage.transaction() as tx:
        for one in waiting:
            tx.keep_waiting(one.shop, one.order_id, [one])


def purchase(number: str, **changes: object) -> PurchaseOrder:
    values = {"warehouse": "east", "sku": "TEA", "supplier": "ACME", "pieces": 5, **changes}
    return PurchaseOrder(SHOP, number, **values)  # type: ignore[arg-type]


def freed(storage: Storage, kind: MovementKind = MovementKind.RECEIVED) -> int:
    """How often the tea was marked as freed, after one more movement."""
    with storage.transaction() as tx:
        tx.move(movement(kind, 1))
        return sum(mark.marks for mark in tx.arrivals(SHOP, 10))


class QueueContract:
    """Who waits longest is found first, and nothing that is freed goes unnoticed."""

    def test_the_queue_is_by_rank_then_first_come_then_order(self, storage: Storage) -> None:
        expected = [
            wait("o9", -5, 9),
            wait("o8"),
            wait("o1", 0, 1),
            wait("o2", 0, 1),
            wait("o0", 1),
        ]
        enqueue(storage, *reversed(expected), wait("x", sku="CUP"), wait("y", shop=OTHER_SHOP))

        with storage.transaction() as tx:
            assert tx.waiting(SHOP, "TEA") == expected
            assert tx.waiting(SHOP, "TEA", limit=2) == expected[:2]
            assert tx.waiting(SHOP, "TEA", after=expected[1], limit=2) == expected[2:4]
            assert [tx.pieces_ahead(one) for one in expected] == [0, 2, 4, 6, 8]

    def test_what_an_order_waits_for_is_replaced_whole(self, storage: Storage) -> None:
        enqueue(storage, wait("o1"), wait("o2"))
        with storage.transaction() as tx:
            tx.keep_waiting(SHOP, "o1", [wait("o1", sku="CUP"), wait("o1", sku="BOX")])
            assert [one.sku for one in tx.waits_of(SHOP, "o1")] == ["BOX", "CUP"]
            tx.keep_waiting(SHOP, "o1", [])

        assert list(storage.queue(SHOP)) == [wait("o2")]

    def test_stock_that_is_freed_is_marked_while_somebody_waits(self, storage: Storage) -> None:
        assert freed(storage) == 0
        enqueue(storage, wait("o1"))

        assert freed(storage) == 1
        assert freed(storage, MovementKind.RETURNED) == 2
        with storage.transaction() as tx:
            tx.move(movement(MovementKind.RESERVED, 1, order_id="o9"))
            assert [mark.marks for mark in tx.arrivals(SHOP, 10)] == [2]
            tx.move(movement(MovementKind.RELEASED, 1, order_id="o9"))
            assert [mark.marks for mark in tx.arrivals(SHOP, 10)] == [3]

    def test_a_mark_is_seen_to_only_up_to_when_it_was_read(self, storage: Storage) -> None:
        enqueue(storage, wait("o1"))
        freed(storage)
        with storage.transaction() as tx:
            (read,) = tx.arrivals(SHOP, 10)
        freed(storage)
        with storage.transaction() as tx:
            tx.clear_arrival(read)
            (left,) = tx.arrivals(SHOP, 10)
            tx.clear_arrival(left)
            assert tx.arrivals(SHOP, 10) == []
        # One who read it long ago clears nothing of what came since.
        freed(storage)
        with storage.transaction() as tx:
            tx.clear_arrival(read)
            assert len(tx.arrivals(SHOP, 10)) == 1

    def test_purchase_orders_are_found_until_all_has_come(self, storage: Storage) -> None:
        late, soon = (
            purchase("P1", expected=date(2026, 5, 2)),
            purchase("P2", expected=date(2026, 5, 1)),
        )
        never, done = purchase("P0"), purchase("P3", received=5)
        with storage.transaction() as tx:
            for one in (late, soon, never, done):
                tx.keep_purchase_order(one)
            assert tx.purchase_orders(SHOP, "TEA") == [never, soon, late]
            assert tx.purchase_order(SHOP, "P3", "east", "TEA") == done
            assert tx.purchase_order(SHOP, "P3", "west", "TEA") is None

        assert storage.purchases(SHOP) == [never, late, soon, done]

    def test_no_more_is_presold_than_the_cap(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            assert [tx.presell(SHOP, "TEA", count, 5) for count in (3, 3, 2, 1)] == [
                True, False, True, False,
            ]  # fmt: skip
            assert tx.presell(SHOP, "TEA", -4, 5) and not tx.presell(SHOP, "TEA", -2, 5)
            assert not tx.presell(SHOP, "CUP", 6, 5)

        assert [(one.sku, one.taken, one.cap) for one in storage.presold(SHOP)] == [("TEA", 1, 5)]

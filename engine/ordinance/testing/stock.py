"""What a store promises about stock: nothing is sold twice, and every piece is explained."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread

from ordinance.ports import Movement, MovementKind, StockLevel, Storage
from ordinance.testing.samples import AT, OTHER_SHOP, SHOP, movement, refused

RECEIVED, RESERVED, RELEASED = MovementKind.RECEIVED, MovementKind.RESERVED, MovementKind.RELEASED
SHIPPED, RETURNED = MovementKind.SHIPPED, MovementKind.RETURNED
QUARANTINED, ADJUSTED = MovementKind.QUARANTINED, MovementKind.ADJUSTED

Counts = tuple[int, int, int]
"""On hand, reserved, quarantine."""

APPLIED: list[tuple[Counts, MovementKind, int, Counts]] = [
    ((5, 2, 0), RECEIVED, 3, (8, 2, 0)),
    ((5, 2, 0), RETURNED, 1, (6, 2, 0)),
    ((5, 2, 0), RESERVED, 3, (5, 5, 0)),
    ((5, 2, 0), RELEASED, 2, (5, 0, 0)),
    ((5, 2, 0), SHIPPED, 2, (3, 0, 0)),
    ((5, 2, 1), QUARANTINED, 4, (5, 2, 5)),
    ((5, 2, 0), ADJUSTED, 4, (9, 2, 0)),
    ((5, 2, 0), ADJUSTED, -3, (2, 2, 0)),
    # A counter that is not there yet counts as zero.
    ((0, 0, 0), RECEIVED, 1, (1, 0, 0)),
    ((0, 0, 0), RETURNED, 1, (1, 0, 0)),
    ((0, 0, 0), QUARANTINED, 1, (0, 0, 1)),
    ((0, 0, 0), ADJUSTED, 1, (1, 0, 0)),
]
REFUSED: list[tuple[Counts, MovementKind, int]] = [
    ((5, 2, 0), RESERVED, 4),
    ((5, 2, 0), RELEASED, 3),
    ((5, 2, 0), SHIPPED, 3),
    ((5, 2, 0), ADJUSTED, -4),
    ((5, 5, 0), RESERVED, 1),
    ((0, 0, 0), RESERVED, 1),
    ((0, 0, 0), RELEASED, 1),
    ((0, 0, 0), SHIPPED, 1),
    ((0, 0, 0), ADJUSTED, -1),
]


def move(storage: Storage, *movements: Movement) -> list[bool]:
    with storage.transaction() as tx:
        return [tx.move(one) for one in movements]


def put(storage: Storage, sku: str, counts: Counts) -> None:
    """Bring a new sku to these counts."""
    for kind, quantity in zip((RECEIVED, RESERVED, QUARANTINED), counts, strict=True):
        if quantity:
            move(storage, movement(kind, quantity, sku=sku))


def counts(storage: Storage, sku: str) -> Counts:
    for level in storage.stock(SHOP):
        if level.sku == sku:
            return level.on_hand, level.reserved, level.quarantine
    return 0, 0, 0


class StockContract:
    """The counter is the gate, the ledger is the proof."""

    def test_each_kind_of_movement_changes_its_counts(self, storage: Storage) -> None:
        for no, (before, kind, quantity, after) in enumerate(APPLIED):
            sku = f"sku-{no:02}"
            put(storage, sku, before)

            assert move(storage, movement(kind, quantity, sku=sku)) == [True], (before, kind)
            assert counts(storage, sku) == after, (before, kind)

    def test_a_movement_that_would_oversell_or_go_below_zero_changes_nothing(
        self, storage: Storage
    ) -> None:
        for no, (before, kind, quantity) in enumerate(REFUSED):
            sku = f"sku-{no:02}"
            put(storage, sku, before)
            content = list(storage.content())

            assert move(storage, movement(kind, quantity, sku=sku)) == [False], (before, kind)
            assert list(storage.content()) == content, (before, kind)

    def test_a_movement_of_nothing_is_refused(self, storage: Storage) -> None:
        put(storage, "TEA", (5, 2, 0))
        for kind in MovementKind:
            for quantity in (0, -1):
                if (kind, quantity) != (ADJUSTED, -1):
                    wrong = movement(kind, quantity)
                    refused(ValueError, lambda wrong=wrong: move(storage, wrong))  # type: ignore[misc]

        assert counts(storage, "TEA") == (5, 2, 0)

    def test_two_lines_of_one_order_cannot_both_have_the_last_piece(self, storage: Storage) -> None:
        put(storage, "TEA", (1, 0, 0))

        assert move(storage, movement(RESERVED, 1), movement(RESERVED, 1)) == [True, False]

    def test_levels_come_by_sku_and_warehouse(self, storage: Storage) -> None:
        for sku, warehouse in (("b", "w"), ("a", "west"), ("B", "w"), ("a", "east"), ("c", "w")):
            move(storage, movement(RECEIVED, 1, sku=sku, warehouse=warehouse))
        with storage.transaction() as tx:
            levels = tx.levels(SHOP, ["b", "a", "B", "a", "unknown"])
            nothing = tx.levels(SHOP, [])

        assert [(level.sku, level.warehouse) for level in levels] == [
            ("B", "w"),
            ("a", "east"),
            ("a", "west"),
            ("b", "w"),
        ]
        assert nothing == []
        assert storage.stock(SHOP) == [*levels, StockLevel("w", "c", 1, 0)]

    def test_levels_of_many_skus_come_at_once(self, storage: Storage) -> None:
        skus = [f"sku-{number:05}" for number in range(1200)]
        move(storage, *(movement(RECEIVED, 1, sku=sku) for sku in skus[::100]))
        with storage.transaction() as tx:
            levels = tx.levels(SHOP, skus)

        assert [level.sku for level in levels] == skus[::100]

    def test_the_ledger_comes_as_it_was_written(self, storage: Storage) -> None:
        # Neither the instant nor the names decide: the later entry was written later.
        written = [
            movement(RECEIVED, 9, sku="b", at=AT + timedelta(days=1)),
            movement(RECEIVED, 9, sku="a"),
            movement(RESERVED, 2, sku="b", order_id="o1", cause="k2", actor="clerk:兰"),
            movement(RESERVED, 1, sku="a", order_id="o2"),
            movement(SHIPPED, 2, sku="b", order_id="o1"),
            movement(ADJUSTED, -1, sku="a", warehouse="east"),
        ]
        move(storage, *written[:3])
        move(storage, *written[3:])
        move(storage, movement(RECEIVED, 1, shop=OTHER_SHOP, order_id="o1"))

        assert list(storage.movements(SHOP)) == written
        assert list(storage.movements(SHOP, "o1")) == [written[2], written[4]]
        assert list(storage.movements(SHOP, "o9")) == []

    def test_a_long_ledger_comes_once_each(self, storage: Storage) -> None:
        written = [movement(RECEIVED, number) for number in range(1, 1102)]
        move(storage, *written)

        assert list(storage.movements(SHOP)) == written

    def test_the_ledger_adds_up_to_the_counter(self, storage: Storage) -> None:
        wanted = [(RECEIVED, 6), (RESERVED, 4), (RESERVED, 4), (SHIPPED, 3), (RELEASED, 1)]
        wanted += [(RELEASED, 1), (RETURNED, 2), (ADJUSTED, -9), (ADJUSTED, -1), (QUARANTINED, 1)]
        move(storage, *(movement(kind, quantity) for kind, quantity in wanted))
        on_hand = {RECEIVED: 1, RETURNED: 1, ADJUSTED: 1, SHIPPED: -1}
        reserved = {RESERVED: 1, RELEASED: -1, SHIPPED: -1}
        ledger = list(storage.movements(SHOP))

        assert counts(storage, "TEA") == (
            sum(entry.quantity * on_hand.get(entry.kind, 0) for entry in ledger),
            sum(entry.quantity * reserved.get(entry.kind, 0) for entry in ledger),
            1,
        )
        assert counts(storage, "TEA") == (4, 0, 1)
        assert len(ledger) == 7

    def test_two_shops_do_not_share_stock(self, storage: Storage) -> None:
        put(storage, "TEA", (5, 0, 0))

        assert move(storage, movement(RESERVED, 1, shop=OTHER_SHOP)) == [False]
        assert storage.stock(OTHER_SHOP) == []

    def test_threads_that_race_for_the_last_pieces_get_each_once(self, storage: Storage) -> None:
        put(storage, "TEA", (7, 0, 0))
        won: list[int] = []
        start = Barrier(4)

        def buy(buyer: int) -> None:
            start.wait(timeout=10)
            for _ in range(5):
                with suppress(TimeoutError):
                    won.extend([buyer] * sum(move(storage, movement(RESERVED, 1))))

        threads = [Thread(target=buy, args=(buyer,)) for buyer in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)

        assert len(won) == 7
        assert counts(storage, "TEA") == (7, 7, 0)
        assert len(list(storage.movements(SHOP))) == 8

"""What a store promises about stock: nothing is sold twice, and every piece is explained."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from threading import Barrier, Thread

from ordinance.inventory import SIGNED, Buckets, effect
from ordinance.ports import (
    Movement,
    MovementKind,
    OutOfStock,
    StockLevel,
    Storage,
)
from ordinance.testing.samples import AT, OTHER_SHOP, SHOP, movement, refused

RECEIVED, RESERVED, RELEASED = MovementKind.RECEIVED, MovementKind.RESERVED, MovementKind.RELEASED
SHIPPED, RETURNED = MovementKind.SHIPPED, MovementKind.RETURNED
QUARANTINED, ADJUSTED = MovementKind.QUARANTINED, MovementKind.ADJUSTED
SET_ASIDE, GIVEN_BACK = MovementKind.SET_ASIDE, MovementKind.GIVEN_BACK
ON_ITS_WAY, SAFETY = MovementKind.ON_ITS_WAY, MovementKind.SAFETY_CHANGED

NONE = Buckets()
SHELF = Buckets(on_hand=9, reserved=2, quarantine=1, set_aside=3, in_transit=4, safety=1)
"""Three pieces are free: nine less two, three and one."""

APPLIED: list[tuple[Buckets, MovementKind, int, Buckets]] = [
    (SHELF, RECEIVED, 3, Buckets(12, 2, 1, 3, 4, 1)),
    (SHELF, RETURNED, 1, Buckets(10, 2, 1, 3, 4, 1)),
    (SHELF, RESERVED, 3, Buckets(9, 5, 1, 3, 4, 1)),
    (SHELF, RELEASED, 2, Buckets(9, 0, 1, 3, 4, 1)),
    (SHELF, SHIPPED, 2, Buckets(7, 0, 1, 3, 4, 1)),
    (SHELF, QUARANTINED, 4, Buckets(9, 2, 5, 3, 4, 1)),
    (SHELF, MovementKind.WITHDRAWN, 4, Buckets(5, 2, 5, 3, 4, 1)),
    (SHELF, MovementKind.CLEARED, 1, Buckets(10, 2, 0, 3, 4, 1)),
    (SHELF, MovementKind.SCRAPPED, 1, Buckets(9, 2, 0, 3, 4, 1)),
    (SHELF, ADJUSTED, 4, Buckets(13, 2, 1, 3, 4, 1)),
    # Safety stock is held back from new promises, not from the stocktake.
    (SHELF, ADJUSTED, -4, Buckets(5, 2, 1, 3, 4, 1)),
    (SHELF, MovementKind.TRANSFERRED_OUT, 4, Buckets(5, 2, 1, 3, 4, 1)),
    (SHELF, ON_ITS_WAY, 2, Buckets(9, 2, 1, 3, 6, 1)),
    (SHELF, MovementKind.TRANSFERRED_IN, 4, Buckets(13, 2, 1, 3, 0, 1)),
    (SHELF, MovementKind.LOST_ON_ITS_WAY, 3, Buckets(9, 2, 1, 3, 1, 1)),
    (SHELF, SET_ASIDE, 3, Buckets(9, 2, 1, 6, 4, 1)),
    (SHELF, GIVEN_BACK, 3, Buckets(9, 2, 1, 0, 4, 1)),
    (SHELF, SAFETY, 9, Buckets(9, 2, 1, 3, 4, 10)),
    (SHELF, SAFETY, -1, Buckets(9, 2, 1, 3, 4, 0)),
    # A counter that is not there yet counts as zero.
    (NONE, RECEIVED, 1, Buckets(on_hand=1)),
    (NONE, RETURNED, 1, Buckets(on_hand=1)),
    (NONE, QUARANTINED, 1, Buckets(quarantine=1)),
    (NONE, ADJUSTED, 1, Buckets(on_hand=1)),
    (NONE, ON_ITS_WAY, 1, Buckets(in_transit=1)),
    (NONE, SAFETY, 1, Buckets(safety=1)),
]
REFUSED: list[tuple[Buckets, MovementKind, int, int]] = [
    # With how many it could have had.
    (SHELF, RESERVED, 4, 3),
    (SHELF, RELEASED, 3, 2),
    (SHELF, SHIPPED, 3, 2),
    (SHELF, ADJUSTED, -5, 4),
    (SHELF, MovementKind.WITHDRAWN, 5, 4),
    (SHELF, MovementKind.CLEARED, 2, 1),
    (SHELF, MovementKind.SCRAPPED, 2, 1),
    (SHELF, MovementKind.TRANSFERRED_OUT, 5, 4),
    (SHELF, MovementKind.TRANSFERRED_IN, 5, 4),
    (SHELF, MovementKind.LOST_ON_ITS_WAY, 5, 4),
    (SHELF, SET_ASIDE, 4, 3),
    (SHELF, GIVEN_BACK, 4, 3),
    (SHELF, SAFETY, -2, 1),
    (Buckets(on_hand=5, reserved=5), RESERVED, 1, 0),
    (Buckets(on_hand=5, safety=7), RESERVED, 1, 0),
    *((NONE, kind, 1, 0) for kind in MovementKind if kind not in {one[1] for one in APPLIED[-6:]}),
    (NONE, ADJUSTED, -1, 0),
    (NONE, SAFETY, -1, 0),
]


def move(storage: Storage, *movements: Movement) -> list[bool]:
    """Which of the movements were booked."""
    booked = []
    with storage.transaction() as tx:
        for one in movements:
            try:
                tx.move(one)
            except OutOfStock:
                booked.append(False)
            else:
                booked.append(True)
    return booked


def could_have(storage: Storage, one: Movement) -> int:
    """How many pieces a movement that is refused could have had."""
    with storage.transaction() as tx:
        try:
            tx.move(one)
        except OutOfStock as error:
            return error.available
    raise AssertionError(f"expected to be refused: {one}")


def put(storage: Storage, sku: str, wanted: Buckets) -> None:
    """Bring a new sku to these counts."""
    counts = (
        (RECEIVED, wanted.on_hand),
        (RESERVED, wanted.reserved),
        (QUARANTINED, wanted.quarantine),
        (SET_ASIDE, wanted.set_aside),
        (ON_ITS_WAY, wanted.in_transit),
        (SAFETY, wanted.safety),
    )
    for kind, quantity in counts:
        if quantity:
            move(storage, movement(kind, quantity, sku=sku))


def counts(storage: Storage, sku: str) -> Buckets:
    for level in storage.stock(SHOP):
        if level.sku == sku:
            return level.buckets
    return NONE


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
        for no, (before, kind, quantity, there) in enumerate(REFUSED):
            sku = f"sku-{no:02}"
            put(storage, sku, before)
            content = list(storage.content())

            assert could_have(storage, movement(kind, quantity, sku=sku)) == there, (before, kind)
            assert list(storage.content()) == content, (before, kind)

    def test_a_movement_of_nothing_is_refused(self, storage: Storage) -> None:
        put(storage, "TEA", Buckets(on_hand=5, reserved=2))
        for kind in MovementKind:
            for quantity in (0, -1):
                if quantity == 0 or kind not in SIGNED:
                    wrong = movement(kind, quantity)
                    refused(ValueError, lambda wrong=wrong: move(storage, wrong))  # type: ignore[misc]

        assert counts(storage, "TEA") == Buckets(on_hand=5, reserved=2)

    def test_two_lines_of_one_order_cannot_both_have_the_last_piece(self, storage: Storage) -> None:
        put(storage, "TEA", Buckets(on_hand=1))

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
        # Within a shelf the instant does not decide: the later entry was written later.
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

        places = [1, 3, 5, 0, 2, 4]
        assert list(storage.movements(SHOP)) == [written[place] for place in places]
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
        ledger = list(storage.movements(SHOP))

        assert counts(storage, "TEA") == sum((effect(entry) for entry in ledger), NONE)
        assert counts(storage, "TEA") == Buckets(on_hand=4, quarantine=1)
        assert len(ledger) == 7

    def test_two_shops_do_not_share_stock(self, storage: Storage) -> None:
        put(storage, "TEA", Buckets(on_hand=5))

        assert move(storage, movement(RESERVED, 1, shop=OTHER_SHOP)) == [False]
        assert storage.stock(OTHER_SHOP) == []

    def test_threads_that_race_for_the_last_pieces_get_each_once(self, storage: Storage) -> None:
        put(storage, "TEA", Buckets(on_hand=7))
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
        assert counts(storage, "TEA") == Buckets(on_hand=7, reserved=7)
        assert len(list(storage.movements(SHOP))) == 8

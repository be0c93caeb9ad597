"""What a store promises about who holds stock: reservations, pools, checkouts, transfers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from ordinance.inventory import Buckets, Lack, Numbering, OnItsWay, PoolLevel, StockAccount
from ordinance.ports import MovementKind, OutOfStock, Reservation, Storage
from ordinance.testing.samples import AT, OTHER_SHOP, SHOP, movement, refused
from ordinance.testing.stock import (
    GIVEN_BACK,
    ON_ITS_WAY,
    RECEIVED,
    RELEASED,
    RESERVED,
    SAFETY,
    SET_ASIDE,
    SHIPPED,
    could_have,
    counts,
    move,
    put,
)

SOON = AT + timedelta(minutes=15)


def held(storage: Storage) -> list[tuple[str, str, int]]:
    """Every reservation as (holder, pool, pieces)."""
    found = storage.all_reservations(SHOP)
    return [(one.holder, one.pool, one.pieces) for one in found]


def pool(storage: Storage) -> dict[str, int]:
    return {one.channel: one.pieces for one in storage.pools(SHOP)}


class HoldingsContract:
    """Every promise has one holder, and ends once."""

    def test_what_was_released_cannot_be_shipped_nor_released_again(self, storage: Storage) -> None:
        put(storage, "TEA", Buckets(on_hand=9))
        move(storage, movement(RESERVED, 3), movement(RESERVED, 3, order_id="o2"))
        move(storage, movement(RELEASED, 2))

        # The counter would allow it: the other order's pieces are still reserved.
        assert could_have(storage, movement(SHIPPED, 2)) == 1
        assert could_have(storage, movement(RELEASED, 2)) == 1
        assert move(storage, movement(SHIPPED, 1), movement(RELEASED, 1)) == [True, False]
        assert held(storage) == [("o2", "", 3)]
        assert counts(storage, "TEA") == Buckets(on_hand=8, reserved=3)

    def test_a_reservation_is_of_one_warehouse(self, storage: Storage) -> None:
        for warehouse in ("east", "west"):
            move(storage, movement(RECEIVED, 5, warehouse=warehouse))
            move(storage, movement(RESERVED, 2, warehouse=warehouse, order_id=warehouse))

        assert could_have(storage, movement(SHIPPED, 1, warehouse="west", order_id="east")) == 0

    def test_reserved_pieces_name_a_holder(self, storage: Storage) -> None:
        put(storage, "TEA", Buckets(on_hand=9))
        for kind in (RESERVED, RELEASED, SHIPPED):
            nobody = movement(kind, 1, order_id=None)
            refused(ValueError, lambda nobody=nobody: move(storage, nobody))  # type: ignore[misc]
        nowhere = movement(ON_ITS_WAY, 1, transfer=None)
        refused(ValueError, lambda: move(storage, nowhere))
        refused(ValueError, lambda: move(storage, movement(SET_ASIDE, 1, pool="")))

    def test_a_channel_takes_its_own_pieces_first_and_nobody_else_can(
        self, storage: Storage
    ) -> None:
        put(storage, "TEA", Buckets(on_hand=9))
        move(storage, movement(SET_ASIDE, 4, pool="live"), movement(SET_ASIDE, 1, pool="app"))

        assert could_have(storage, movement(RESERVED, 5, pool="web")) == 4
        assert move(storage, movement(RESERVED, 6, pool="live")) == [True]
        assert held(storage) == [("o1", "", 2), ("o1", "live", 4)]
        assert pool(storage) == {"app": 1}
        assert counts(storage, "TEA") == Buckets(on_hand=9, reserved=6, set_aside=1)
        # What remains is two shared pieces and the one of the other channel.
        assert could_have(storage, movement(RESERVED, 3, pool="live", order_id="o2")) == 2
        assert could_have(storage, movement(GIVEN_BACK, 1, pool="live")) == 0

    def test_what_is_released_goes_back_to_its_pool_the_shared_pieces_first(
        self, storage: Storage
    ) -> None:
        put(storage, "TEA", Buckets(on_hand=9))
        move(storage, movement(SET_ASIDE, 4, pool="live"), movement(RESERVED, 6, pool="live"))
        move(storage, movement(RELEASED, 3))

        assert held(storage) == [("o1", "live", 3)]
        assert pool(storage) == {"live": 1}

    def test_what_is_shipped_comes_out_of_the_pool_first(self, storage: Storage) -> None:
        put(storage, "TEA", Buckets(on_hand=9))
        move(storage, movement(SET_ASIDE, 4, pool="live"), movement(RESERVED, 6, pool="live"))
        move(storage, movement(SHIPPED, 5))

        assert held(storage) == [("o1", "", 1)]
        assert pool(storage) == {}
        assert counts(storage, "TEA") == Buckets(on_hand=4, reserved=1)

    def test_safety_stock_holds_back_new_promises_alone(self, storage: Storage) -> None:
        put(storage, "TEA", Buckets(on_hand=9))
        move(storage, movement(SET_ASIDE, 3, pool="live"), movement(RESERVED, 2, pool="web"))
        move(storage, movement(SAFETY, 7))

        assert could_have(storage, movement(RESERVED, 1, pool="web")) == 0
        assert could_have(storage, movement(SET_ASIDE, 1, pool="web")) == 0
        assert move(storage, movement(RESERVED, 3, pool="live"), movement(SHIPPED, 5)) == [True] * 2

    def test_all_are_booked_or_none_and_everything_that_lacks_is_named(
        self, storage: Storage
    ) -> None:
        put(storage, "TEA", Buckets(on_hand=5))
        put(storage, "POT", Buckets(on_hand=1))
        put(storage, "CUP", Buckets(on_hand=9))
        before = list(storage.content())
        wanted = [
            movement(RESERVED, 3),
            movement(RESERVED, 2, sku="CUP"),
            movement(RESERVED, 3),
            movement(RESERVED, 2, sku="POT"),
        ]
        with storage.transaction() as tx:
            try:
                tx.move_all(wanted)
            except OutOfStock as error:
                lacks = error.lacks

        # Each line alone would fit; together they ask for six.
        assert lacks == (Lack("POT", "east", RESERVED, 2, 1), Lack("TEA", "east", RESERVED, 6, 5))
        assert list(storage.content()) == before
        with storage.transaction() as tx:
            tx.move_all([movement(RESERVED, 3), *wanted[1:2], movement(RESERVED, 2)])
        assert counts(storage, "TEA").reserved == 5
        assert held(storage) == [("o1", "", 2), ("o1", "", 5)]

    def test_nothing_to_book_books_nothing(self, storage: Storage) -> None:
        with storage.transaction() as tx:
            tx.move_all([])

        assert list(storage.content()) == []

    def test_a_checkout_holds_until_its_time_and_is_taken_over_once(self, storage: Storage) -> None:
        put(storage, "TEA", Buckets(on_hand=9))
        move(storage, movement(RESERVED, 3, token="cart"), movement(RESERVED, 1, token="late"))
        with storage.transaction() as tx:
            tx.hold_until(SHOP, "cart", SOON)
            tx.hold_until(SHOP, "late", SOON + timedelta(seconds=1))
            early, due = tx.expired(SHOP, AT, 9), tx.expired(SHOP, SOON, 9)
            both = tx.expired(SHOP, SOON + timedelta(days=1), 9)
            first, other = (
                tx.expired(SHOP, SOON + timedelta(days=1), 1),
                tx.expired(OTHER_SHOP, SOON, 9),
            )
            gone = tx.take_over(SHOP, "cart", SOON)
            taken = tx.take_over(SHOP, "cart", SOON - timedelta(microseconds=1))
            again = tx.take_over(SHOP, "cart", AT)
            unknown = tx.take_over(SHOP, "nobody", AT)

        assert (early, due, both, first, other) == ([], ["cart"], ["cart", "late"], ["cart"], [])
        assert (gone, taken, again, unknown) == (0, 3, 0, 0)
        with storage.transaction() as tx:
            assert tx.expired(SHOP, SOON + timedelta(days=1), 9) == ["late"]
            assert tx.reservations(SHOP, "checkout:cart") == [
                Reservation("checkout:cart", "TEA", "east", "", 3, None)
            ]

    def test_an_order_is_given_what_its_checkout_holds_before_anything_new(
        self, storage: Storage
    ) -> None:
        put(storage, "TEA", Buckets(on_hand=9))
        move(storage, movement(SET_ASIDE, 2, pool="live"))
        move(storage, movement(RESERVED, 5, token="cart", pool="live"))
        # Nothing new may be promised, and yet the order can have what its checkout has.
        move(storage, movement(SAFETY, 9))
        taking = movement(RESERVED, 4, token="cart", order_id="o1", pool="live")
        with storage.transaction() as tx:
            (level,) = tx.levels(SHOP, ["TEA"], channel="live", token="cart")
            (other,) = tx.levels(SHOP, ["TEA"], channel="web")

        assert (level.available, other.available) == (5, 0)
        assert could_have(storage, replace(taking, quantity=6)) == 5
        assert move(storage, taking) == [True]
        assert held(storage) == [("checkout:cart", "live", 1), ("o1", "", 3), ("o1", "live", 1)]
        assert counts(storage, "TEA") == Buckets(on_hand=9, reserved=5, safety=9)
        assert move(storage, movement(RELEASED, 1, token="cart")) == [True]
        assert pool(storage) == {"live": 1}
        kinds = [entry.kind for entry in storage.movements(SHOP, "o1")]
        assert kinds == [RESERVED, RESERVED]

    def test_a_transfer_arrives_as_often_as_pieces_were_sent(self, storage: Storage) -> None:
        move(storage, movement(RECEIVED, 9, warehouse="west"))
        move(storage, movement(MovementKind.TRANSFERRED_OUT, 4, warehouse="west"))
        move(storage, movement(ON_ITS_WAY, 4), movement(ON_ITS_WAY, 2, transfer="t2"))
        move(storage, movement(MovementKind.TRANSFERRED_IN, 3))
        with storage.transaction() as tx:
            way = tx.on_its_way(SHOP, "t1")

        assert way == [OnItsWay("t1", "TEA", "east", "west", 1)]
        assert could_have(storage, movement(MovementKind.TRANSFERRED_IN, 2)) == 1
        assert move(storage, movement(MovementKind.LOST_ON_ITS_WAY, 1)) == [True]
        assert storage.transfers(SHOP) == [OnItsWay("t2", "TEA", "east", "west", 2)]

    def test_the_ledger_is_numbered_without_a_gap(self, storage: Storage) -> None:
        put(storage, "TEA", Buckets(on_hand=9, reserved=2))
        move(storage, movement(RESERVED, 2, token="cart"))
        move(storage, movement(RESERVED, 2, token="cart", order_id="o1"))
        (found,) = storage.numberings(SHOP)

        # The last one is two: the checkout's release and the order's reservation.
        assert found == Numbering("east", "TEA", 5, 5, 5)
        assert found.is_whole
        assert not replace(found, entries=4).is_whole
        assert not replace(found, entries=4, last=4).is_whole

    def test_the_last_movements_come_oldest_first(self, storage: Storage) -> None:
        for number in range(1, 6):
            move(storage, movement(RECEIVED, number), movement(RECEIVED, number, warehouse="west"))
        last = storage.last_movements(SHOP, "east", "TEA", 2)

        assert [(one.warehouse, one.quantity) for one in last] == [("east", 4), ("east", 5)]

    def test_pools_of_a_place_come_by_channel(self, storage: Storage) -> None:
        put(storage, "TEA", Buckets(on_hand=9))
        put(storage, "CUP", Buckets(on_hand=9, set_aside=1))
        move(storage, movement(SET_ASIDE, 2, pool="live"), movement(SET_ASIDE, 1, pool="app"))
        with storage.transaction() as tx:
            pools = tx.pools_at(SHOP, "east", "TEA")

        assert [(one.channel, one.pieces) for one in pools] == [("app", 1), ("live", 2)]

    def test_an_account_is_restated_whole(self, storage: Storage) -> None:
        put(storage, "TEA", Buckets(on_hand=9, reserved=2, set_aside=1, in_transit=1))
        put(storage, "CUP", Buckets(on_hand=9, reserved=2))
        account = StockAccount(
            "east",
            "TEA",
            Buckets(on_hand=7, reserved=1, set_aside=2, in_transit=3),
            4,
            (Reservation("checkout:cart", "TEA", "east", "live", 1, SOON),),
            (PoolLevel("TEA", "east", "live", 2),),
            (OnItsWay("t9", "TEA", "east", "west", 3),),
        )
        with storage.transaction() as tx:
            tx.restate(SHOP, account)

        assert counts(storage, "TEA") == account.buckets
        assert held(storage) == [("checkout:cart", "live", 1), ("o1", "", 2)]
        assert storage.pools(SHOP) == list(account.pools)
        assert storage.transfers(SHOP) == list(account.transfers)
        with storage.transaction() as tx:
            assert tx.expired(SHOP, SOON, 9) == ["cart"]

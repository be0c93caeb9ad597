"""What a store promises about orders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from ordinance.ports import BuyerHistory, Conflict, Storage, StoredOrder
from ordinance.testing.samples import AT, OTHER_SHOP, SHOP, order, refused


def save(storage: Storage, *orders: StoredOrder) -> None:
    with storage.transaction() as tx:
        for one in orders:
            tx.save_order(one, expected_version=0)


class OrdersContract:
    """Each order once, by every name it goes by, and never overwritten unseen."""

    def test_an_order_is_found_by_id_by_number_and_by_what_its_channel_calls_it(
        self, storage: Storage
    ) -> None:
        one = order("o1", number="N-9", channel="tmall", source_id="88", buyer_id="b1", paid=5)
        save(storage, one)
        with storage.transaction() as tx:
            assert tx.order(SHOP, "o1") == one
            assert tx.order_by_number(SHOP, "N-9") == one
            assert tx.order_by_source(SHOP, "tmall", "88") == one

        assert storage.find(SHOP, "o1") == storage.find(SHOP, "N-9") == one
        assert storage.find(SHOP, "88") == one

    def test_an_unknown_order_is_none(self, storage: Storage) -> None:
        save(storage, order("o1"))
        with storage.transaction() as tx:
            assert tx.order(SHOP, "o2") is None
            assert tx.order_by_number(SHOP, "o1") is None
            assert tx.order_by_source(SHOP, "tmall", "S-o1") is None

        assert storage.find(SHOP, "o2") is None
        assert list(storage.orders(OTHER_SHOP)) == []

    def test_a_source_id_that_two_channels_know_finds_nothing(self, storage: Storage) -> None:
        save(storage, order("o1", channel="web", source_id="7"))
        save(storage, order("o2", channel="tmall", source_id="7"))

        assert storage.find(SHOP, "7") is None
        assert storage.find(SHOP, "N-o2") is not None

    def test_an_id_goes_before_a_number_and_a_number_before_a_source_id(
        self, storage: Storage
    ) -> None:
        save(
            storage,
            order("x", number="n1", source_id="s1"),
            order("o2", number="x", source_id="s2"),
            order("o3", number="y", source_id="x"),
            order("o4", number="n4", source_id="y"),
        )

        assert [storage.find(SHOP, text).id for text in "xy"] == ["x", "o3"]  # type: ignore[union-attr]

    def test_an_order_is_new_only_once(self, storage: Storage) -> None:
        save(storage, order("o1", number="n1", source_id="s1"))

        for twin in (
            order("o1", number="n2", source_id="s2"),
            order("o2", number="n1", source_id="s2"),
            order("o2", number="n2", source_id="s1"),
        ):
            refused(Conflict, lambda twin=twin: save(storage, twin))  # type: ignore[misc]
        assert [found.id for found in storage.orders(SHOP)] == ["o1"]

    def test_saving_replaces_every_field(self, storage: Storage) -> None:
        save(storage, order("o1", buyer_id="b1"))
        later = StoredOrder(
            shop=SHOP,
            id="o1",
            number="n2",
            channel="tmall",
            source_id="s2",
            version=7,
            status="PAID",
            order_state="CLOSED",
            buyer_id=None,
            placed_at=AT + timedelta(days=1),
            receivable=2,
            paid=2,
            refunded=1,
            document='{"a":1}',
            head="h7",
        )
        with storage.transaction() as tx:
            tx.save_order(later, expected_version=1)

        assert storage.find(SHOP, "o1") == later
        assert storage.find(SHOP, "N-o1") is None

    def test_an_order_that_moved_on_is_a_conflict(self, storage: Storage) -> None:
        save(storage, order("o1", version=3))
        for stale in (1, 2, 4):

            def change(stale: int = stale) -> None:
                with storage.transaction() as tx:
                    tx.save_order(order("o1", version=9, status="PAID"), expected_version=stale)

            refused(Conflict, change)

        assert storage.find(SHOP, "o1") == order("o1", version=3)

    def test_an_order_that_is_not_there_cannot_be_replaced(self, storage: Storage) -> None:
        def change() -> None:
            with storage.transaction() as tx:
                tx.save_order(order("o1", version=2), expected_version=1)

        refused(Conflict, change)
        assert storage.find(SHOP, "o1") is None

    def test_orders_come_by_id(self, storage: Storage) -> None:
        # By code point, whatever the language of the machine: other stores may sort otherwise.
        ids = ["A", "B", "a", "b", "é", "兰", "竹"]
        save(storage, *(order(id) for id in reversed(ids)))

        assert [found.id for found in storage.orders(SHOP)] == ids

    def test_orders_can_be_filtered_and_turned_page_by_page(self, storage: Storage) -> None:
        save(
            storage,
            order("o1", status="NEW", channel="web"),
            order("o2", status="PAID", channel="web"),
            order("o3", status="PAID", channel="tmall"),
            order("o4", status="PAID", channel="web"),
        )

        def ids(**wanted: object) -> list[str]:
            return [found.id for found in storage.orders(SHOP, **wanted)]  # type: ignore[arg-type]

        assert ids(status="PAID") == ["o2", "o3", "o4"]
        assert ids(status="PAID", channel="web") == ["o2", "o4"]
        assert ids(limit=2) == ["o1", "o2"]
        assert ids(limit=2, after="o2") == ["o3", "o4"]
        assert ids(limit=0) == []
        assert ids(status="LOST") == []

    def test_many_orders_come_once_each(self, storage: Storage) -> None:
        ids = [f"o{number:04}" for number in range(1100)]
        save(storage, *map(order, ids))

        assert [found.id for found in storage.orders(SHOP)] == ids
        assert len(list(storage.orders(SHOP, limit=1001))) == 1001

    def test_orders_can_be_changed_while_they_are_read(self, storage: Storage) -> None:
        save(storage, order("o1"), order("o2"))
        for found in storage.orders(SHOP):
            with storage.transaction() as tx:
                tx.save_order(order(found.id, version=2), expected_version=1)

        assert [found.version for found in storage.orders(SHOP)] == [2, 2]

    def test_the_orders_of_a_buyer_come_by_placing_and_id(self, storage: Storage) -> None:
        later = AT + timedelta(microseconds=1)
        save(
            storage,
            order("o1", buyer_id="b1", placed_at=later),
            order("o3", buyer_id="b1"),
            order("o2", buyer_id="b1"),
            order("o4", buyer_id="b2"),
            order("o5", buyer_id=None),
            order("o6", buyer_id="b1", shop=OTHER_SHOP),
        )
        with storage.transaction() as tx:
            found = [one.id for one in tx.orders_of_buyer(SHOP, "b1")]

        assert found == ["o2", "o3", "o1"]

    def test_the_past_of_a_buyer_is_what_was_placed_up_to_a_moment(self, storage: Storage) -> None:
        save(
            storage,
            order("o1", buyer_id="b1", placed_at=AT - timedelta(days=9), paid=7, refunded=2),
            order("o2", buyer_id="b1", placed_at=AT, paid=10),
            order("o3", buyer_id="b1", placed_at=AT, paid=1000),
            order("o4", buyer_id="b1", placed_at=AT + timedelta(microseconds=1), paid=100),
            order("o5", buyer_id="b2", paid=100),
            order("o6", buyer_id="b1", paid=100, shop=OTHER_SHOP),
        )
        week, moment = timedelta(days=7), timedelta(microseconds=1)
        with storage.transaction() as tx:
            found = tx.buyer_history(SHOP, "b1", AT, AT - week, besides="o3")
            counted = tx.buyer_history(SHOP, "b1", AT, AT + moment, besides="o3")
            nobody = tx.buyer_history(SHOP, "b3", AT, AT - week, besides="o3")

        assert found == BuyerHistory(orders_90d=1, paid_minor=17, refunded_minor=2)
        assert counted == BuyerHistory(orders_90d=0, paid_minor=17, refunded_minor=2)
        assert nobody == BuyerHistory(0, 0, 0)

    def test_statuses_are_counted(self, storage: Storage) -> None:
        save(storage, order("o1"), order("o2"), order("o3", status="PAID"))
        save(storage, order("o1", shop=OTHER_SHOP))

        assert storage.status_counts(SHOP) == {"NEW": 2, "PAID": 1}

    def test_two_shops_may_use_the_same_names(self, storage: Storage) -> None:
        ours, theirs = order(document='"ours"'), order(document='"theirs"', shop=OTHER_SHOP)
        save(storage, ours, theirs)
        with storage.transaction() as tx:
            tx.save_order(order(version=2), expected_version=1)

        assert storage.find(OTHER_SHOP, "o1") == theirs
        assert storage.find(OTHER_SHOP, "S-o1") == theirs

    def test_an_instant_comes_back_as_the_same_instant_in_utc(self, storage: Storage) -> None:
        fall = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"))
        instants = {
            "o1": datetime(2026, 1, 1, 0, 0, 0, 1, tzinfo=timezone(timedelta(hours=8))),
            # The same clock time twice, an hour apart; Python calls the two equal.
            "o2": fall.replace(fold=0),
            "o3": fall.replace(fold=1),
        }
        save(storage, *(order(id, placed_at=at) for id, at in instants.items()))
        found = {one.id: one.placed_at for one in storage.orders(SHOP)}

        assert found == {id: at.astimezone(UTC) for id, at in instants.items()}
        assert found["o3"] - found["o2"] == timedelta(hours=1)
        assert {at.utcoffset() for at in found.values()} == {timedelta(0)}

    def test_an_instant_without_a_zone_is_refused(self, storage: Storage) -> None:
        naive = order(placed_at=datetime(2026, 1, 1))

        refused(ValueError, lambda: save(storage, naive))

    def test_texts_come_back_as_they_were(self, storage: Storage) -> None:
        texts = ["", "'; DROP TABLE orders; --", '"', "%_\\", "a\nb\t", "兰花 🌱", " x ", "%s ?1"]
        save(storage, *(order(f"o{no}", document=text) for no, text in enumerate(texts)))

        assert [found.document for found in storage.orders(SHOP)] == texts

"""Olist orders: what becomes of them, which quirks survive, and what the sellers had in stock."""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordinance.orders.order import Order
from ordinance.profile import Item, Profile, Warehouse
from ordinance.rules.kinds import Words
from ordinance.story import BrokenRow, PlacedRow, Row, Story
from ordinance_adapters.readers.fault import ReadError
from ordinance_adapters.readers.olist import DATA_ENDS, derive_profile, read_olist
from ordinance_adapters.shopfile import read_shop

ZONE = ZoneInfo("America/Sao_Paulo")
SHOP = Profile("olist", Words("集市", "market"), "BRL", str(ZONE), (), ())


def seller(seller_id: str = "seller-a", **changes: object) -> dict[str, object]:
    return {"seller_id": seller_id, "city": "osasco", "state": "SP", "lat": -23.5, "lng": -46.8} | (
        changes
    )


def piece(product_id: str = "lamp", price: object = 10.0, **changes: object) -> dict[str, object]:
    return {
        "product_id": product_id,
        "category_en": "toys",
        "price": price,
        "freight_value": 5.0,
        "weight_g": 300,
        "length_cm": 10,
        "height_cm": 20,
        "width_cm": 30,
        "seller": seller(),
    } | changes


def payment(value: float = 15.0, **changes: object) -> dict[str, object]:
    return {"sequential": 1, "type": "boleto", "installments": 1, "value": value} | changes


def order(**changes: object) -> dict[str, object]:
    """Delivered: bought on the 2nd, approved on the 3rd, sent on the 4th, there on the 9th."""
    return {
        "order_id": "order-1",
        "status": "delivered",
        "purchased_at": "2017-05-02 10:00:00",
        "approved_at": "2017-05-03 11:00:00",
        "handed_to_carrier_at": "2017-05-04 12:00:00",
        "delivered_at": "2017-05-09 13:00:00",
        "estimated_delivery": "2017-05-20 00:00:00",
        "customer": {
            "customer_unique_id": "buyer-1",
            "zip_prefix": "01310",
            "city": "sao paulo",
            "state": "SP",
            "lat": -23.56,
            "lng": -46.65,
        },
        "items": [piece()],
        "payments": [payment()],
        "reviews": None,
    } | changes


STUCK = {"handed_to_carrier_at": None, "delivered_at": None}


def write(folder: Path, *orders: Mapping[str, object] | bytes) -> Path:
    lines = [line if isinstance(line, bytes) else json.dumps(line).encode() for line in orders]
    path = folder / "orders.jsonl"
    path.write_bytes(b"\n".join(lines) + b"\n")
    return path


def read(folder: Path, *orders: Mapping[str, object] | bytes, seed: int = 1) -> list[Row]:
    return list(read_olist(write(folder, *orders), SHOP, seed=seed))


def placed(row: Row) -> tuple[Order, Story]:
    assert isinstance(row, PlacedRow), row
    return Order.model_validate(row.order), row.story


def read_one(folder: Path, **changes: object) -> tuple[Order, Story]:
    (row,) = read(folder, order(**changes))
    return placed(row)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


# -- the order ----------------------------------------------------------------------------------


def test_repeated_pieces_become_one_line_for_each_product_seller_and_price(tmp_path: Path) -> None:
    other = seller("seller-b")
    message, _ = read_one(
        tmp_path,
        items=[
            piece("lamp", 10.0),
            piece("cup", 2.5),
            piece("lamp", 10.0),
            piece("lamp", 9.9),
            piece("lamp", 10.0, seller=other),
        ],
    )

    lines = [(line.sku, line.quantity, line.unit_price) for line in message.lines]
    assert lines == [
        ("lamp", 2, Decimal("10.0")),
        ("cup", 1, Decimal("2.5")),
        ("lamp", 1, Decimal("9.9")),
        ("lamp", 1, Decimal("10.0")),
    ]


def test_freight_of_all_pieces_is_added_up_exactly(tmp_path: Path) -> None:
    message, _ = read_one(tmp_path, items=[piece(freight_value=0.1), piece(freight_value=0.2)])

    assert message.freight == Decimal("0.3")


prices = st.integers(1, 10**6).map(lambda cents: cents / 100)


@settings(max_examples=40)
@given(
    st.lists(
        st.builds(
            piece,
            product_id=st.sampled_from(["lamp", "cup"]),
            price=st.sampled_from([10.0, 9.99]) | prices,
            freight_value=prices,
            seller=st.sampled_from([seller("seller-a"), seller("seller-b")]),
        ),
        max_size=12,
    )
)
def test_no_piece_and_no_cent_is_lost(pieces: list[dict[str, Any]]) -> None:
    with TemporaryDirectory() as folder:
        message, _ = read_one(Path(folder), items=pieces)

    goods = sum((line.unit_price * line.quantity for line in message.lines), Decimal(0))
    assert sum(line.quantity for line in message.lines) == len(pieces)
    assert goods == sum((Decimal(str(one["price"])) for one in pieces), Decimal(0))
    assert message.freight == sum(
        (Decimal(str(one["freight_value"])) for one in pieces), Decimal(0)
    )


def test_the_receiver_is_a_place_without_a_name_or_a_street(tmp_path: Path) -> None:
    message, _ = read_one(tmp_path)

    assert message.buyer.model_dump(exclude_none=True) == {"id": "buyer-1"}
    assert message.receiver.model_dump(exclude_none=True) == {
        "region": "BR-SP",
        "province": "SP",
        "city": "sao paulo",
        "postcode": "01310",
        "country": "BR",
        "latitude": -23.56,
        "longitude": -46.65,
    }


@pytest.mark.parametrize(
    "day",
    [
        "2017-05-20",
        "2017-10-15",  # its midnight does not exist in São Paulo
    ],
)
def test_the_promise_is_kept_until_its_day_ends(tmp_path: Path, day: str) -> None:
    message, _ = read_one(tmp_path, estimated_delivery=f"{day} 00:00:00")

    assert message.promised_at == local(f"{day}T23:59:59")


def test_an_order_without_items_has_no_lines(tmp_path: Path) -> None:
    message, _ = read_one(tmp_path, items=[], status="unavailable", **STUCK)

    assert message.lines == ()
    assert message.tags == ("unavailable",)


# -- payments -----------------------------------------------------------------------------------


def test_money_that_is_approved_later_comes_with_the_story(tmp_path: Path) -> None:
    message, story = read_one(
        tmp_path,
        payments=[payment(10.0), payment(5.0, sequential=2, type="voucher", installments=3)],
    )

    assert message.payments == ()
    assert [dict(one) for one in story.payments] == [
        {
            "transaction": "order-1-1",
            "method": "boleto",
            "amount": Decimal("10.0"),
            "paid_at": local("2017-05-03T11:00:00"),
            "instalments": 1,
        },
        {
            "transaction": "order-1-2",
            "method": "voucher",
            "amount": Decimal("5.0"),
            "paid_at": local("2017-05-03T11:00:00"),
            "instalments": 3,
        },
    ]


def test_money_approved_at_once_comes_with_the_order(tmp_path: Path) -> None:
    message, story = read_one(tmp_path, approved_at="2017-05-02 10:00:00")

    assert [one.transaction for one in message.payments] == ["order-1-1"]
    assert story.payments == ()


@pytest.mark.parametrize("known", [{}, STUCK, {"status": "shipped", "delivered_at": None}])
def test_what_was_sent_without_an_approval_was_paid_at_the_purchase(
    tmp_path: Path, known: dict[str, object]
) -> None:
    message, _ = read_one(tmp_path, approved_at=None, **known)

    assert [one.paid_at for one in message.payments] == [local("2017-05-02T10:00:00")]


def test_what_was_never_approved_and_never_sent_was_never_paid(tmp_path: Path) -> None:
    message, story = read_one(tmp_path, status="canceled", approved_at=None, **STUCK)

    assert message.payments == ()
    assert story.payments == ()


def test_a_payment_of_nothing_is_left_out(tmp_path: Path) -> None:
    _, story = read_one(tmp_path, payments=[payment(15.0), payment(0.0, sequential=2)])

    assert [one["transaction"] for one in story.payments] == ["order-1-1"]


def test_no_instalments_are_one(tmp_path: Path) -> None:
    _, story = read_one(tmp_path, payments=[payment(installments=0)])

    assert story.payments[0]["instalments"] == 1


def test_a_paid_sum_that_differs_is_kept_as_it_is(tmp_path: Path) -> None:
    message, story = read_one(tmp_path, items=[piece(price=10.0)], payments=[payment(14.0)])

    assert message.lines[0].unit_price + message.freight == 15
    assert story.payments[0]["amount"] == 14


# -- what happened to it ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("handed_to_carrier_at", "2017-05-03 10:59:59"),  # before it was approved
        ("handed_to_carrier_at", "2017-05-01 00:00:00"),  # before it was bought
        ("delivered_at", "2017-05-04 11:59:59"),  # before it was sent
        ("approved_at", "2017-05-02 09:59:59"),  # before it was bought
        ("approved_at", "2017-05-10 00:00:00"),  # after it had arrived
    ],
)
def test_times_that_run_backwards_are_tagged_and_kept(
    tmp_path: Path, field: str, text: str
) -> None:
    message, story = read_one(tmp_path, **{field: text})

    kept = {
        "approved_at": [one.paid_at for one in message.payments]
        + [one["paid_at"] for one in story.payments],
        "handed_to_carrier_at": [story.handed_over_at],
        "delivered_at": [story.delivered_at],
    }
    assert message.tags == ("clock_quirk",)
    assert kept[field] == [local(text)]


def test_an_order_in_good_time_has_no_tag(tmp_path: Path) -> None:
    message, story = read_one(tmp_path)

    assert message.tags == ()
    assert story.handed_over_at == local("2017-05-04T12:00:00")
    assert story.delivered_at == local("2017-05-09T13:00:00")
    assert story.ends_at is None


def test_an_order_that_is_shipped_for_ever_never_arrives(tmp_path: Path) -> None:
    _, story = read_one(tmp_path, status="shipped", delivered_at=None)

    assert story.handed_over_at == local("2017-05-04T12:00:00")
    assert story.delivered_at is None
    assert story.ends_at == DATA_ENDS.replace(tzinfo=ZONE)


@pytest.mark.parametrize("status", ["invoiced", "processing", "created", "approved"])
def test_an_order_that_never_left_is_never_handed_over(tmp_path: Path, status: str) -> None:
    _, story = read_one(tmp_path, status=status, **STUCK)

    assert story.handed_over_at is None
    assert story.ends_at == DATA_ENDS.replace(tzinfo=ZONE)


def test_an_order_of_later_data_ends_no_sooner_than_it_is_known(tmp_path: Path) -> None:
    sent = "2019-01-05 00:00:00"
    _, story = read_one(tmp_path, status="shipped", handed_to_carrier_at=sent, delivered_at=None)

    assert story.ends_at == local(sent)


def test_what_arrived_at_an_unknown_time_may_still_arrive(tmp_path: Path) -> None:
    _, story = read_one(tmp_path, delivered_at=None)

    assert story.delivered_at is None
    assert story.ends_at is None


@pytest.mark.parametrize(
    ("known", "last"),
    [
        ({"approved_at": None, **STUCK}, "2017-05-02T10:00:00"),
        (STUCK, "2017-05-03T11:00:00"),
        ({"delivered_at": None}, "2017-05-04T12:00:00"),  # cancelled after it had been sent
    ],
)
def test_a_cancellation_follows_the_last_known_step(
    tmp_path: Path, known: dict[str, object], last: str
) -> None:
    _, story = read_one(tmp_path, status="canceled", **known)

    (request,) = story.requests
    assert (request.kind, request.reason) == ("cancel", "DONT_WANT")
    assert 10 <= (request.at - local(last)).total_seconds() / 60 < 240


def test_the_moment_of_a_cancellation_hangs_on_the_seed_alone(tmp_path: Path) -> None:
    cancelled = [order(order_id=name, status="canceled", **STUCK) for name in ("a", "b", "c")]

    def moments(seed: int, orders: Sequence[Mapping[str, object]]) -> dict[object, datetime]:
        rows = [placed(row) for row in read(tmp_path, *orders, seed=seed)]
        return {message.source_id: story.requests[0].at for message, story in rows}

    assert moments(1, cancelled) == moments(1, cancelled[::-1])
    assert moments(1, cancelled) != moments(2, cancelled)


def test_the_last_review_is_the_score(tmp_path: Path) -> None:
    reviews = [
        {"score": 1, "created": "2017-06-02 00:00:00"},
        {"score": 4, "created": "2017-06-01 00:00:00"},
    ]

    assert read_one(tmp_path, reviews=reviews)[1].survey_score == 1
    assert read_one(tmp_path, reviews=[])[1].survey_score is None
    assert read_one(tmp_path, reviews=None)[1].survey_score is None


# -- lines and files that cannot be read --------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "reason", "source_id"),
    [
        (b'{"order_id": "x"', "not JSON from column 17 on", None),
        (b"[]", "each line must be one order {...}", None),
        (b'{"order_id": "\xff"}', "the line is not UTF-8 text", None),
        (b"[" * 100_000, "a number is too large, or the nesting too deep", None),
        (b'{"a": ' + b"9" * 5000 + b"}", "a number is too large, or the nesting too deep", None),
        (b'{"a": NaN}', "a number is too large, or the nesting too deep", None),
        (order(purchased_at=None), "`purchased_at` cannot be read: `None`", "order-1"),
        (order(purchased_at="yesterday"), "`purchased_at` cannot be read: `yesterday`", "order-1"),
        (
            order(purchased_at="9999-12-31 23:59:59", status="canceled"),
            "`purchased_at` cannot be read: `9999-12-31 23:59:59`",
            "order-1",
        ),
        (order(items=[piece(price="ten")]), "`items[0].price` cannot be read: `ten`", "order-1"),
        (order(customer={"state": "SP"}), "`customer.customer_unique_id` is missing", "order-1"),
        (
            order(payments=[payment(-1.0)]),
            "`payments[0].value` cannot be read: `-1.0`",
            "order-1",
        ),
    ],
)
def test_a_broken_line_is_reported_and_the_next_is_read(
    tmp_path: Path, line: Mapping[str, object] | bytes, reason: str, source_id: str | None
) -> None:
    broken, fine = read(tmp_path, line, order(order_id="order-2"))

    assert isinstance(broken, BrokenRow)
    assert (broken.row, broken.source_id) == (1, source_id)
    assert broken.reason.en == reason
    assert placed(fine)[0].source_id == "order-2"


def test_every_problem_of_a_line_is_counted(tmp_path: Path) -> None:
    (broken,) = read(tmp_path, {"order_id": "order-1"})

    assert isinstance(broken, BrokenRow)
    assert broken.reason.en == (
        "`status` is missing; `purchased_at` is missing; `customer` is missing; and 2 more"
    )
    assert broken.reason.zh == ("缺少 `status`; 缺少 `purchased_at`; 缺少 `customer`; 另有 2 处")


def test_rows_are_numbered_as_an_editor_numbers_them(tmp_path: Path) -> None:
    rows = read(tmp_path, order(order_id="a"), b"", order(order_id="b"))

    assert [row.row for row in rows] == [1, 3]


def test_a_file_that_cannot_be_read_says_so_with_its_name(tmp_path: Path) -> None:
    torn = tmp_path / "torn.jsonl.gz"
    torn.write_bytes(gzip.compress(json.dumps(order()).encode())[:-20])
    empty = tmp_path / "empty.jsonl"
    empty.touch()

    for path in (tmp_path / "none.jsonl", torn, empty, tmp_path):
        with pytest.raises(ReadError, match=str(path)):
            list(read_olist(path, SHOP, seed=1))
    for path in (tmp_path / "none.jsonl", torn, tmp_path):
        with pytest.raises(ReadError, match=str(path)):
            derive_profile(path, SHOP)


# -- sellers, products, stock -------------------------------------------------------------------


def derived(folder: Path, *orders: Mapping[str, object] | bytes, base: Profile = SHOP) -> Profile:
    return derive_profile(write(folder, *orders), base)


def test_each_seller_is_a_warehouse_where_it_is(tmp_path: Path) -> None:
    name = "0123456789abcdef"
    (warehouse,) = derived(tmp_path, order(items=[piece(seller=seller(name))])).warehouses

    assert warehouse == Warehouse(
        code="0123456789ab",
        name=Words("卖家 0123456789ab (osasco, SP)", "seller 0123456789ab (osasco, SP)"),
        region="BR-SP",
        latitude=-23.5,
        longitude=-46.8,
    )


def test_sellers_whose_ids_begin_alike_keep_their_whole_id(tmp_path: Path) -> None:
    names = ["0123456789ab-x", "0123456789ab-y", "other-seller-z"]
    profile = derived(tmp_path, order(items=[piece(seller=seller(name)) for name in names]))

    assert [warehouse.code for warehouse in profile.warehouses] == [*names[:2], "other-seller"]
    assert {code for code, _ in profile.stock} == {*names[:2], "other-seller"}


def test_a_product_is_stocked_where_it_was_sold_as_often_as_it_was_sold(tmp_path: Path) -> None:
    a, b = seller("seller-a"), seller("seller-b")
    profile = derived(
        tmp_path,
        order(items=[piece("lamp", seller=a), piece("lamp", seller=a), piece("cup", seller=b)]),
        b"not an order",
        order(items=[piece("lamp", seller=b)], status="canceled", **STUCK),
    )

    sold = {("seller-a", "lamp"): 2, ("seller-b", "cup"): 1, ("seller-b", "lamp"): 1}
    assert profile.stock.keys() == sold.keys()
    assert all(0 <= profile.stock[key] - sold[key] <= 3 for key in sold)


def test_some_products_have_a_few_more_and_most_have_not(tmp_path: Path) -> None:
    profile = derived(tmp_path, order(items=[piece(f"product-{no}") for no in range(400)]))

    surplus = Counter(on_hand - 1 for on_hand in profile.stock.values())
    assert sorted(surplus) == [0, 1, 2, 3]
    assert 240 < surplus[0] < 360


def test_goods_that_were_unavailable_are_lacking_in_stock(tmp_path: Path) -> None:
    gone = [order(items=[piece(f"gone-{no}")], status="unavailable", **STUCK) for no in range(20)]
    also = [order(items=[piece(f"gone-{no}")]) for no in range(10)]
    profile = derived(tmp_path, *gone, *also)

    assert len(profile.items) == 20
    assert dict(profile.stock) == {("seller-a", f"gone-{no}"): 1 for no in range(10)}


@pytest.mark.parametrize(
    ("changes", "traits"),
    [
        ({"category_en": "toys"}, set()),
        ({"category_en": "party_supplies"}, set()),  # `art` is a word of it no more than `part`
        ({"category_en": "art"}, {"fragile"}),
        ({"category_en": "perfumery"}, {"fragile", "liquid"}),
        ({"category_en": "food_drink"}, {"perishable"}),
        ({"category_en": "fashion_underwear_beach"}, {"hygiene"}),
        ({"length_cm": 101}, {"oversize"}),
        ({"length_cm": 100, "height_cm": 60, "width_cm": 41}, {"oversize"}),
        ({"length_cm": 100, "height_cm": 60, "width_cm": 40}, set()),
    ],
)
def test_traits_come_from_the_category_and_the_size(
    tmp_path: Path, changes: dict[str, object], traits: set[str]
) -> None:
    profile = derived(tmp_path, order(items=[piece(**changes)]))  # type: ignore[arg-type]

    assert profile.items["lamp"].traits == traits


def test_weight_and_size_are_the_products_or_the_usual_ones(tmp_path: Path) -> None:
    bare = piece("bare", weight_g=0, length_cm=None, category_en=None, category_pt="pcs")
    profile = derived(tmp_path, order(items=[piece("lamp"), bare]))

    lamp, other = profile.items["lamp"], profile.items["bare"]
    assert (lamp.title, lamp.category) == ("toys lamp", "toys")
    assert (lamp.weight_grams, lamp.volume_cm3) == (300, 6000)
    assert (other.title, other.category) == ("pcs bare", "pcs")
    assert (other.weight_grams, other.volume_cm3) == (500, 1000)


def test_what_the_shop_file_says_stays(tmp_path: Path) -> None:
    own = Item("lamp", "my lamp")
    hall = Warehouse("hall", Words("仓", "hall"), "BR-RJ")
    base = Profile(
        "olist",
        SHOP.name,
        "BRL",
        str(ZONE),
        (hall,),
        (),
        items={"lamp": own},
        stock={("seller-a", "lamp"): 70},
    )
    profile = derived(tmp_path, order(), base=base)

    assert profile.warehouses[0] == hall
    assert profile.items["lamp"] == own
    assert profile.stock["seller-a", "lamp"] == 70


def test_the_example_shop_reaches_all_of_brazil(root: Path) -> None:
    shop = read_shop(root / "examples" / "olist").profile

    assert (shop.reader, shop.currency, shop.zone) == ("olist", "BRL", str(ZONE))
    assert shop.warehouses == ()
    assert all(carrier.serves == ("BR",) for carrier in shop.carriers)
    assert any(not carrier.refuses for carrier in shop.carriers)


# -- the recorded orders ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def recorded() -> Path:
    path = Path(os.environ["ORDINANCE_DATA"]) / "olist" / "dev" / "orders.jsonl.gz"
    if not path.exists():
        pytest.skip(f"the Olist orders are not here ({path}); set ORDINANCE_DATA to their folder")
    return path


@pytest.fixture(scope="module")
def rows(recorded: Path) -> list[tuple[Order, Story]]:
    return [placed(row) for row in read_olist(recorded, SHOP, seed=7)]


@pytest.fixture(scope="module")
def told(recorded: Path) -> dict[str, dict[str, Any]]:
    with gzip.open(recorded, "rt", encoding="utf-8") as lines:
        orders = [json.loads(line, parse_float=Decimal) for line in lines]
    return {one["order_id"]: one for one in orders}


def test_recorded_orders_are_all_read_to_the_cent(rows: list[tuple[Order, Story]]) -> None:
    lines = [line for message, _ in rows for line in message.lines]
    payments = [one.amount for message, _ in rows for one in message.payments]
    payments += [one["amount"] for _, story in rows for one in story.payments]

    assert len(rows) == 9_818
    assert (len(lines), sum(line.quantity for line in lines)) == (10_131, 11_285)
    assert sum(line.unit_price * line.quantity for line in lines) == Decimal("1341164.37")
    assert sum(message.freight for message, _ in rows) == Decimal("225339.01")
    # 10,216 payments, less one of nothing and twelve (2,844.86) that were never approved.
    assert (len(payments), sum(payments)) == (10_203, Decimal("1574291.93") - Decimal("2844.86"))


def test_recorded_quirks_survive(
    rows: list[tuple[Order, Story]], told: dict[str, dict[str, Any]]
) -> None:
    tags = Counter(tag for message, _ in rows for tag in message.tags)
    silent = [story for _, story in rows if story.ends_at is not None]

    assert tags == {"clock_quirk": 124, "unavailable": 26}
    assert sum(not message.lines for message, _ in rows) == 38
    assert sum(len(story.requests) for _, story in rows) == 36
    assert sum(story.survey_score is not None for _, story in rows) == 1_476
    assert len(silent) == 149
    assert sum(story.handed_over_at is not None for story in silent) == 59 + 2
    for message, story in rows:
        one = told[message.source_id]
        assert _text(story.handed_over_at) == one["handed_to_carrier_at"]
        assert _text(story.delivered_at) == one["delivered_at"]
        assert _text(message.placed_at) == one["purchased_at"]
        assert message.promised_at is not None
        day = date.fromisoformat(one["estimated_delivery"][:10])
        assert message.promised_at == datetime.combine(day, time(23, 59, 59), ZONE)


def _text(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%d %H:%M:%S}"


def test_recorded_sellers_had_what_they_sold(
    recorded: Path, rows: list[tuple[Order, Story]], told: dict[str, dict[str, Any]]
) -> None:
    profile = derive_profile(recorded, SHOP)

    sold = Counter(
        (item["seller"]["seller_id"][:12], item["product_id"])
        for one in told.values()
        if one["status"] != "unavailable"
        for item in one["items"]
    )
    assert (len(profile.warehouses), len(profile.items)) == (1_574, 6_545)
    assert profile.stock.keys() == sold.keys()
    assert all(0 <= profile.stock[key] - count <= 3 for key, count in sold.items())
    assert all(line.sku in profile.items for message, _ in rows for line in message.lines)

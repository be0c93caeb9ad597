"""Olist orders: their lines, their money, and which quirks of their story survive."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordinance_adapters.readers.olist import DATA_ENDS
from tests.readers.olist_orders import (
    STUCK,
    ZONE,
    local,
    order,
    payment,
    piece,
    placed,
    read,
    read_one,
    seller,
)

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

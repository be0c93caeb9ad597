"""A return that names no order is matched to purchases; what none explains stays unexplained."""

from __future__ import annotations

from datetime import timedelta

from ordinance.service.matching import match
from tests.core.shop import MONDAY, Bench

LATER = MONDAY + timedelta(days=30)


def test_a_return_of_nothing_matches_no_purchase(bench: Bench) -> None:
    bought = [bench.record(bench.received())]

    assert match([], bought, LATER) == ([], [])


def test_more_than_one_purchase_holds_is_taken_from_several_and_the_rest_is_told(
    bench: Bench,
) -> None:
    bought = [bench.record(bench.received(source_id=number)) for number in ("A1", "A2")]

    matched, left = match([("TEA", 5), ("CUP", 1)], bought, LATER)

    assert {item.order_id: item.pieces for item in matched} == {
        order.id: (("TEA", 2),) for order in bought
    }
    assert left == [("CUP", 1), ("TEA", 1)]


def test_what_was_bought_later_or_came_to_nothing_explains_no_return(bench: Bench) -> None:
    paid = bench.place(source_id="A1")
    unpaid = bench.place(source_id="A2", payments=[])
    bench.do(bench.shop.cancel(paid, key="c"))
    bought = [bench.record(paid), bench.record(unpaid)]

    assert match([("TEA", 1)], bought, LATER) == ([], [("TEA", 1)])
    alive = bench.record(bench.place(source_id="A3"))
    assert match([("TEA", 1)], [alive], MONDAY - timedelta(seconds=1)) == ([], [("TEA", 1)])

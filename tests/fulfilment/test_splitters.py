"""Splitters: what a chain of rules makes of a shipment."""

from __future__ import annotations

import pytest

from ordinance.fulfilment.splitters import lot as lots
from ordinance.fulfilment.splitters.splitter import Splitter
from ordinance.orders.record import Piece
from tests.fulfilment.goods import ITEMS, apart, contents, divided, everything, limit, line, order

COLD = apart("K1", "cold_chain")
DANGEROUS = apart("K2", "dangerous", hard=True)
ALONE = Splitter("K4", "each", "ships_alone")


def test_st10_cold_and_ambient_are_two_parcels_and_the_gift_of_the_cold_goes_with_it() -> None:
    record = order(line(1, "TEA"), line(2, "ICE"), line(3, "CUP", amount=0, gift_of=2))

    assert divided(record, COLD) == [({"TEA": 1}, []), ({"ICE": 1, "CUP": 1}, ["K1"])]


def test_st10_two_pieces_that_ship_alone_are_two_parcels() -> None:
    assert contents(divided(order(line(1, "SOFA", 2)), ALONE)) == [{"SOFA": 1}, {"SOFA": 1}]


def test_oversize_is_one_parcel_of_its_own() -> None:
    record = order(line(1, "LAMP", 2), line(2, "TEA"))

    assert contents(divided(record, apart("K5", "oversize"))) == [{"TEA": 1}, {"LAMP": 2}]


def test_st10_one_line_of_one_piece_is_never_split() -> None:
    chain = (COLD, DANGEROUS, ALONE, limit("W", grams=1), Splitter("A", "article"))

    assert divided(order(line(1, "SOFA")), *chain, most_grams=10) == [({"SOFA": 1}, [])]


def test_st10_what_was_split_out_by_category_is_not_split_a_second_time_by_weight() -> None:
    record = order(line(1, "STONE", 3), line(2, "TEA", 3))
    category = Splitter("C", "category", "home")

    assert divided(record, category, limit("W", grams=8_000)) == [
        ({"TEA": 3}, []),
        ({"STONE": 3}, ["C"]),
    ]


def test_what_was_split_out_is_split_again_by_a_hard_limit() -> None:
    record = order(line(1, "STONE", 3), line(2, "TEA", 3))
    category = Splitter("C", "category", "home")

    assert divided(record, category, limit("W", hard=True, grams=8_000)) == [
        ({"TEA": 3}, []),
        ({"STONE": 2}, ["C", "W"]),
        ({"STONE": 1}, ["C", "W"]),
    ]


def test_dangerous_goods_leave_the_cold_parcel_only_when_that_is_a_must() -> None:
    record = order(line(1, "TEA"), line(2, "ICE"), line(3, "COLDGAS"))
    soft = apart("K2", "dangerous")

    assert contents(divided(record, COLD, soft)) == [{"TEA": 1}, {"ICE": 1, "COLDGAS": 1}]
    assert contents(divided(record, COLD, DANGEROUS)) == [{"TEA": 1}, {"ICE": 1}, {"COLDGAS": 1}]


def test_goods_all_of_one_kind_are_not_split_out_and_later_rules_divide_them() -> None:
    record = order(line(1, "ICE", 3))

    assert divided(record, COLD, limit("W", grams=1_200)) == [
        ({"ICE": 2}, ["W"]),
        ({"ICE": 1}, ["W"]),
    ]


def test_the_order_of_the_rules_decides_which_split_comes_first() -> None:
    record = order(line(1, "COLDGAS", 2), line(2, "ICE", 1), line(3, "TEA", 1))

    assert contents(divided(record, COLD, apart("D", "dangerous"))) == [
        {"TEA": 1},
        {"COLDGAS": 2, "ICE": 1},
    ]
    assert contents(divided(record, apart("D", "dangerous"), COLD)) == [
        {"TEA": 1},
        {"COLDGAS": 2},
        {"ICE": 1},
    ]


def test_a_cold_gift_takes_its_unit_along_and_never_travels_warm() -> None:
    record = order(line(1, "TEA", 3), line(2, "ICE", 1, 0, gift_of=1))

    assert contents(divided(record, COLD)) == [{"TEA": 2}, {"TEA": 1, "ICE": 1}]


def test_a_weight_limit_counts_the_gifts_and_never_takes_one_from_its_unit() -> None:
    record = order(line(1, "CUP", 2), line(2, "TEA", 2, 0, gift_of=1))

    assert contents(divided(record, limit("W", grams=900))) == [
        {"CUP": 1, "TEA": 1},
        {"CUP": 1, "TEA": 1},
    ]


def test_neighbouring_limits_are_kept_together_and_only_those_that_bind_are_named() -> None:
    record = order(line(1, "STONE", 4), line(2, "TEA", 2))
    chain = (limit("W", grams=8_200), limit("V", cm3=100_000), limit("N", pieces=3))

    assert divided(record, *chain) == [
        ({"STONE": 2, "TEA": 1}, ["W", "N"]),
        ({"STONE": 2, "TEA": 1}, ["W", "N"]),
    ]


def test_a_value_limit_counts_what_was_paid_to_the_cent() -> None:
    record = order(line(1, "TEA", 3, 100_00))

    # 33.33 and 33.33 and 33.34: two of them are 66.66 or 66.67.
    assert contents(divided(record, limit("C", value=66_67))) == [{"TEA": 2}, {"TEA": 1}]
    assert contents(divided(record, limit("C", value=66_65))) == [{"TEA": 1}] * 3


def test_a_piece_that_breaks_a_limit_by_itself_is_a_parcel_by_itself() -> None:
    record = order(line(1, "SOFA"), line(2, "TEA", 2))

    assert contents(divided(record, limit("W", grams=1_000))) == [{"SOFA": 1}, {"TEA": 2}]


def test_what_carriers_take_splits_every_pile() -> None:
    record = order(line(1, "STONE", 5), line(2, "ICE", 2))
    carrier = Splitter("K6", "carrier", hard=True)

    parts = contents(divided(record, COLD, carrier, most_grams=10_000))

    assert parts == [{"STONE": 2}, {"STONE": 2}, {"STONE": 1}, {"ICE": 2}]
    assert contents(divided(record, COLD, carrier)) == [{"STONE": 5}, {"ICE": 2}]


def test_each_article_and_each_category_may_be_a_parcel() -> None:
    record = order(line(1, "TEA", 2), line(2, "STONE"), line(3, "LAMP"), line(4, "TEA"))

    assert contents(divided(record, Splitter("A", "article"))) == [
        {"TEA": 3},
        {"STONE": 1},
        {"LAMP": 1},
    ]
    assert contents(divided(record, Splitter("C", "category"))) == [
        {"TEA": 3},
        {"STONE": 1, "LAMP": 1},
    ]


@pytest.mark.parametrize("gifts", [1, 2, 3, 5, 7, 12])
@pytest.mark.parametrize("runs", [((0, 3),), ((0, 1), (2, 2)), ((5, 2), (9, 1))])
def test_gifts_are_spread_evenly_over_their_units_and_none_is_lost(
    gifts: int, runs: tuple[tuple[int, int], ...]
) -> None:
    record = order(line(1, "CUP", 12), line(2, "CARD", 40, 0, gift_of=1))
    cups = [Piece(1, "CUP", count, first) for first, count in runs]
    given = [Piece(2, "CARD", 1, 3), Piece(2, "CARD", gifts, 10)]

    found = lots.lots_of(record, [*cups, *given])

    units = [unit for lot in found for unit in lot.singly()]
    each = [sum(part.each for part in unit.parts if part.line == 2) for unit in units]
    assert len(units) == 3 and max(each) - min(each) <= 1 and sum(each) == gifts + 1
    assert lots.Catalogue(record, ITEMS).pieces(found) == [*cups, *given]


def test_a_gift_without_its_line_and_a_circle_of_gifts_are_goods_like_others() -> None:
    alone = order(line(1, "TEA", 1), line(2, "CUP", gift_of=1))
    circle = order(line(1, "TEA", gift_of=2), line(2, "CUP", gift_of=1))

    assert len(lots.lots_of(alone, everything(alone)[1:])) == 1
    assert len(lots.lots_of(circle, everything(circle))) == 2

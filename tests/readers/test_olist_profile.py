"""What an Olist file says about its sellers: warehouses, catalogue and stock."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

from ordinance.profile import Item, Profile, Warehouse
from ordinance.rules.kinds import Words
from ordinance_adapters.readers.olist import derive_profile
from ordinance_adapters.shopfile import read_shop
from tests.readers.olist_orders import (
    SHOP,
    STUCK,
    ZONE,
    order,
    piece,
    seller,
    write,
)


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

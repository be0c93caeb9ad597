"""I1 to I5: whatever was planted behind the store's back is found and named."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from ordinance.audit.stockcheck import check_stock
from ordinance.stock.stockroom import Slip
from tests.core.shop import MONDAY, Bench, order
from tests.stores import open_storage
from tests.tampering import refused, tampered

SHOP = "teashop"


def busy(path: Path) -> Bench:
    """A shop with an order that waits for its parcel, one that is shipped, a checkout, a pool, a
    safety stock, a transfer on its way and goods in quarantine."""
    bench = Bench(path)
    bench.place()
    bench.shop.place(order("A2", lines=[{"sku": "CUP", "quantity": 1, "unit_price": "9.00"}]))
    shipped = bench.shop.record("A2")
    bench.pump.work(MONDAY)
    bench.shop.hand_over(shipped.id, "P1", key="h1", now=MONDAY + timedelta(hours=1))
    room = bench.shop.stockroom
    room.set_aside("HZ", "TEA", 2, "live", slip("s1"))
    room.hold_back("HZ", "TEA", 1, slip("s2"))
    room.send("BJ", "CD", "TEA", 3, slip("t1"))
    room.withdraw("HZ", "CUP", 1, slip("s3"))
    bench.shop.reserve("cart", {"TEA": 1}, channel="live", key="r1", now=MONDAY)
    return bench


def slip(key: str) -> Slip:
    return Slip(key, MONDAY, "lan")


TEA_HZ = "sku = 'TEA' AND warehouse = 'HZ'"
PLANTED: dict[str, tuple[str, str, str]] = {
    # What was done, the invariant, and what has to be in the finding.
    "more reserved than there is": (
        f"UPDATE stock SET on_hand = 1 WHERE {TEA_HZ}",
        "I1",
        "TEA in HZ: cannot be: on hand 1",
    ),
    "a safety stock below zero": (
        f"UPDATE stock SET safety = -1 WHERE {TEA_HZ}",
        "I1",
        "safety -1",
    ),
    "a counter that lost a piece": (
        f"UPDATE stock SET on_hand = on_hand - 1 WHERE {TEA_HZ}",
        "I2",
        "TEA in HZ: the counter says on hand 9",
    ),
    "a movement that was changed": (
        f"UPDATE movements SET quantity = 11 WHERE kind = 'received' AND {TEA_HZ}",
        "I2",
        "the movements add up to on hand 11",
    ),
    "a movement that was taken out": (
        "DELETE FROM movements WHERE kind = 'withdrawn'",
        "I2",
        "CUP in HZ: a movement is missing",
    ),
    "a counter of quarantine": (
        "UPDATE stock SET quarantine = 0 WHERE sku = 'CUP'",
        "I2",
        "CUP in HZ: the counter says",
    ),
    "a reservation that vanished": (
        "DELETE FROM reservations WHERE holder NOT LIKE 'checkout:%'",
        "I3",
        "TEA in HZ: order",
    ),
    "a reservation that grew": (
        "UPDATE reservations SET pieces = pieces + 1 WHERE holder LIKE 'checkout:%'",
        "I3",
        "`checkout:cart` has 2 reserved from the pool of live, its movements add up to 1",
    ),
    "a reservation of another order": (
        "UPDATE reservations SET holder = 'o9' WHERE holder NOT LIKE 'checkout:%'",
        "I3",
        "order o9 holds 0, 2 are reserved for it",
    ),
    "a checkout that never ends": (
        "UPDATE reservations SET expires_at = NULL WHERE holder LIKE 'checkout:%'",
        "I3",
        "checkout `cart` never expires",
    ),
    "a pool that grew": (
        "UPDATE pools SET pieces = 9",
        "I3",
        "9 are set aside for live, the movements add up to 1",
    ),
    "an order that forgot what it holds": (
        "UPDATE orders SET document = replace(document, '\"held_at\":{\"HZ\":2},', '')"
        " WHERE source_id = 'A1'",
        "I4",
        "neither reserved nor waiting for anything",
    ),
    "an order that counts more shipped than left": (
        "UPDATE orders SET document = replace(document, '\"shipped\":1', '\"shipped\":2')"
        " WHERE source_id = 'A2'",
        "I4",
        "1 of `CUP` were booked out for it, it counts 2 as shipped",
    ),
    "a transfer that lost a piece on its way": (
        "UPDATE stock SET in_transit = 2 WHERE sku = 'TEA' AND warehouse = 'CD'",
        "I5",
        "TEA in CD: 2 are in transit, its rows say 3, the movements 3",
    ),
    "a transfer of which less arrives than left": (
        "UPDATE movements SET quantity = 2 WHERE kind = 'on_its_way'",
        "I5",
        "TEA in transfer t1: 3 left, 2 were sent on their way",
    ),
    "a transfer from elsewhere": (
        "UPDATE transfers SET source = 'HZ'",
        "I5",
        "the transfers on their way are not the booked ones",
    ),
}


def test_a_busy_shop_adds_up(tmp_path: Path) -> None:
    bench = busy(tmp_path)

    assert check_stock(bench.shop.storage, SHOP) == []


@pytest.mark.parametrize("what", PLANTED)
def test_what_was_planted_is_found_and_named(tmp_path: Path, what: str) -> None:
    statement, invariant, said = PLANTED[what]
    busy(tmp_path).shop.close()
    tampered(tmp_path / "shop.db", statement)
    storage = open_storage(tmp_path / "shop.db")
    found = check_stock(storage, SHOP)
    storage.close()

    assert any(one.invariant == invariant and said in str(one) for one in found), found


def test_a_movement_cannot_be_changed_or_taken_out(tmp_path: Path) -> None:
    busy(tmp_path).shop.close()
    for statement in ("UPDATE movements SET quantity = 9", "DELETE FROM movements"):
        assert "never changed" in refused(tmp_path / "shop.db", statement)

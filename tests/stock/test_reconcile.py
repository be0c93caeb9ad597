"""Reconciling: drift is put right from what proves it, and said; what nothing proves is left."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from ordinance.audit.reconcile import Reconciled, reconcile
from ordinance.audit.stockcheck import check_stock
from ordinance.inventory import MovementKind
from ordinance.ports import Storage, StorageError
from tests.core.shop import MONDAY, Bench
from tests.stock.test_stockcheck import PLANTED, SHOP, TEA_HZ, busy
from tests.stores import open_storage
from tests.tampering import tampered

LATER = MONDAY + timedelta(days=1)


def run(storage: Storage, *, repair: bool = True) -> Reconciled:
    return reconcile(storage, SHOP, at=LATER, by="lan", cause="reconcile:1", repair=repair)


def drifted(tmp_path: Path, *statements: str) -> Storage:
    busy(tmp_path).shop.close()
    if statements:
        tampered(tmp_path / "shop.db", *statements)
    return open_storage(tmp_path / "shop.db")


def said(result: Reconciled) -> list[str]:
    return [step.text("en") for step in result.done]


REPAIRED = {
    "more reserved than there is": [
        "`TEA` in HZ: the counter said on hand 1, reserved 3, set aside 1, safety 1, and says what "
        "its movements do: on hand 10, reserved 3, set aside 1, safety 1"
    ],
    "a safety stock below zero": None,
    "a counter that lost a piece": None,
    "a counter of quarantine": None,
    "a reservation that vanished": [
        "`TEA` in HZ: `{A1}` had 0 reserved, and has 2 as its movements say"
    ],
    "a reservation that grew": [
        "`TEA` in HZ: `checkout:cart` had 2 reserved, and has 1 as its movements say"
    ],
    "a reservation of another order": [
        "`TEA` in HZ: `{A1}` had 0 reserved, and has 2 as its movements say",
        "`TEA` in HZ: `o9` had 2 reserved, and has 0 as its movements say",
    ],
    "a checkout that never ends": ["`TEA` in HZ: `checkout:cart` expires now: no order has it"],
    "a pool that grew": ["`TEA` in HZ: `live` had 9 set aside, and has 1 as its movements say"],
    "a transfer that lost a piece on its way": None,
    "a transfer from elsewhere": [],
}
"""What is planted that the ledger proves, with what is said; None: only that it is put right."""


@pytest.mark.parametrize("what", REPAIRED)
def test_what_the_ledger_proves_is_put_right_and_said(tmp_path: Path, what: str) -> None:
    storage = drifted(tmp_path, PLANTED[what][0])
    (order,) = [one.id for one in storage.orders(SHOP) if one.source_id == "A1"]
    result = run(storage)

    assert result.found
    assert result.left == ()
    assert check_stock(storage, SHOP) == []
    wanted = REPAIRED[what]
    if wanted is not None:
        assert said(result) == [text.replace("{A1}", order) for text in wanted]
    assert run(storage).found == ()
    storage.close()


def test_a_dry_run_says_the_same_and_stores_nothing(tmp_path: Path) -> None:
    storage = drifted(tmp_path, PLANTED["a reservation that vanished"][0])
    before = list(storage.content())
    dry = run(storage, repair=False)

    assert list(storage.content()) == before
    assert (dry.stored, dry.left) == (False, ())
    assert said(dry) == said(run(storage))
    storage.close()


def test_a_shop_that_adds_up_is_left_alone(tmp_path: Path) -> None:
    storage = drifted(tmp_path)
    before = list(storage.content())
    result = run(storage)

    assert (result.found, result.done, result.left) == ((), (), ())
    assert list(storage.content()) == before
    storage.close()


def test_what_no_order_holds_is_released_by_a_movement(tmp_path: Path) -> None:
    bench = busy(tmp_path)
    nobody = "o-that-is-not-there"
    (first, *_) = bench.shop.storage.movements(SHOP, bench.shop.record("A1").id)
    with bench.shop.storage.transaction() as tx:
        tx.move(replace(first, order_id=nobody, quantity=3))
    result = run(bench.shop.storage)
    last = list(bench.shop.storage.movements(SHOP))[-1]

    assert said(result) == [f"`TEA` in HZ: 3 released: order {nobody} does not hold them"]
    assert (last.kind.value, last.quantity, last.actor, last.cause) == (
        "released",
        3,
        "lan",
        "reconcile:1",
    )
    assert last.note == "reconcile: the order holds 0, 3 were reserved"
    assert check_stock(bench.shop.storage, SHOP) == []


def test_what_an_order_holds_is_reserved_for_it_where_it_is_there(tmp_path: Path) -> None:
    bench = busy(tmp_path)
    held = bench.shop.record("A1")
    with bench.shop.storage.transaction() as tx:
        (moved, *_) = bench.shop.storage.movements(SHOP, held.id)
        tx.move(replace(moved, kind=MovementKind.RELEASED))
    result = run(bench.shop.storage)

    assert said(result) == [f"`TEA` in HZ: 2 reserved for order {held.number}, which holds them"]
    assert check_stock(bench.shop.storage, SHOP) == []


def test_what_an_order_holds_and_somebody_else_has_is_left_and_said(tmp_path: Path) -> None:
    bench = busy(tmp_path)
    held = bench.shop.record("A1")
    with bench.shop.storage.transaction() as tx:
        (moved, *_) = bench.shop.storage.movements(SHOP, held.id)
        tx.move(replace(moved, kind=MovementKind.RELEASED))
    bench.shop.reserve("rival", {"TEA": 7}, key="r2", now=MONDAY)
    result = run(bench.shop.storage)

    assert result.done == ()
    assert [step.text("en") for step in result.refused] == [
        f"`TEA` in HZ: order {held.number} holds 2, 0 are reserved, only 0 are free: "
        "source it elsewhere"
    ]
    assert [one.invariant for one in result.left] == ["I3"]


def test_an_order_that_is_not_its_own_history_proves_nothing(tmp_path: Path) -> None:
    storage = drifted(tmp_path, PLANTED["an order that forgot what it holds"][0])
    reserved = storage.all_reservations(SHOP)
    result = run(storage)

    assert storage.all_reservations(SHOP) == reserved
    assert "is not what its own history adds up to" in result.refused[0].text("en")
    assert "与自身历史不符" in result.refused[0].text("zh")
    assert result.left
    storage.close()


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM movements WHERE kind = 'withdrawn'",
        # Not a gap, but what is left cannot be: more shipped than was ever there.
        "UPDATE movements SET quantity = 99 WHERE kind = 'withdrawn'",
    ],
)
def test_a_ledger_that_proves_nothing_changes_nothing(tmp_path: Path, statement: str) -> None:
    storage = drifted(tmp_path, statement)
    before = list(storage.content())
    result = run(storage)

    assert list(storage.content()) == before
    assert result.done == ()
    assert "`CUP` in HZ: " in result.refused[0].text("en")
    assert result.left == result.found
    storage.close()


def test_one_drift_that_can_be_proved_is_put_right_beside_one_that_cannot(tmp_path: Path) -> None:
    storage = drifted(
        tmp_path,
        "DELETE FROM movements WHERE kind = 'withdrawn'",
        f"UPDATE stock SET on_hand = 20 WHERE {TEA_HZ}",
    )
    result = run(storage)

    assert len(result.done) == 1
    assert {one.about for one in result.left} == {"CUP in HZ"}
    storage.close()


def test_a_counter_that_disagrees_with_its_holders_stops_the_command(tmp_path: Path) -> None:
    bench = busy(tmp_path)
    held = bench.shop.record("A1").id
    bench.shop.close()
    tampered(tmp_path / "shop.db", f"UPDATE stock SET reserved = 1 WHERE {TEA_HZ}")
    bench = Bench(tmp_path)
    before = list(bench.shop.storage.content())

    with pytest.raises(StorageError, match="run `ordinance stock reconcile`"):
        bench.shop.hand_over(held, "P1", key="h2", now=LATER)
    assert list(bench.shop.storage.content()) == before
    run(bench.shop.storage)
    bench.shop.hand_over(held, "P1", key="h2", now=LATER)
    assert check_stock(bench.shop.storage, SHOP) == []

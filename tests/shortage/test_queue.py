"""The queue: whoever waits longest is served first, whatever frees the stock."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from threading import Barrier, Thread

import pytest

from ordinance.audit.doctor import check
from ordinance.command import Receipt
from ordinance.oms import Shop
from ordinance.orders.states import OrderState
from ordinance.ports import Conflict, Movement, MovementKind
from ordinance.shop.backorders import BackorderCommands
from ordinance.stock.stockroom import Slip, Stockroom
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.sql import queues
from tests.core.shop import Bench, changed
from tests.shortage.scenes import ENGRAVED, cups, holds, nth, with_items
from tests.stores import open_storage
from tests.tampering import tampered

SIX = cups(6)
"""One more than there are: each of these orders waits for all six of its cups."""


def in_two(bench: Bench) -> tuple[str, str]:
    """Two orders that wait for the same cups, the first one placed earlier."""
    return bench.place(**nth(1), lines=SIX), bench.place(**nth(2), lines=SIX)


def stock_for_one_serves_the_earlier(folder: Path) -> None:
    bench = Bench(folder)
    first, second = in_two(bench)

    bench.shop.receive_stock("HZ", "CUP", 1, cause="d1")

    assert bench.record(first).state is OrderState.FULFILLING
    assert holds(bench, second) == ["STOCK_SHORT"]
    bench.well()


def test_st13_stock_for_one_arrives_and_the_earlier_of_two_resumes(tmp_path: Path) -> None:
    stock_for_one_serves_the_earlier(tmp_path)


def test_a_queue_in_reverse_order_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    turned = queues._FIRST.replace("rank, since, order_id", "rank DESC, since DESC, order_id DESC")
    assert turned.count("DESC") >= 3
    monkeypatch.setattr(
        queues,
        "_FIRST",
        turned.replace(
            "SELECT shop, sku, rank DESC, since DESC, order_id DESC",
            "SELECT shop, sku, rank, since, order_id",
        ),
    )

    with pytest.raises(AssertionError):
        stock_for_one_serves_the_earlier(tmp_path)


def test_st13_the_higher_priority_resumes_before_the_earlier(bench: Bench) -> None:
    first = bench.place(**nth(1), lines=SIX)
    urgent = bench.place(**nth(2), lines=SIX, tags=["urgent"])

    bench.shop.receive_stock("HZ", "CUP", 1, cause="d1")

    assert bench.record(urgent).state is OrderState.FULFILLING
    assert holds(bench, first) == ["STOCK_SHORT"]


def test_st13_a_shortage_set_by_hand_stays_in_the_manual_queue(bench: Bench) -> None:
    first, second = in_two(bench)
    bench.do(bench.shop.set_short(first, key="h", by="wang", note="supplier went out of business"))

    bench.shop.receive_stock("HZ", "CUP", 1, cause="d1")
    bench.pump.work(bench.clock.now())

    assert holds(bench, first) == ["SHORT_BY_HAND"]
    assert bench.record(second).state is OrderState.FULFILLING

    bench.shop.receive_stock("HZ", "CUP", 6, cause="d2")
    assert holds(bench, first) == ["SHORT_BY_HAND"]
    record = bench.do(bench.shop.release(first, "SHORT_BY_HAND", key="r", by="wang"))
    assert record.state is OrderState.FULFILLING


def test_a_delivery_is_shared_out_until_it_is_used_up(bench: Bench) -> None:
    orders = [bench.place(**nth(number), lines=SIX) for number in range(5)]

    served = bench.shop.receive_stock("HZ", "CUP", 15, cause="d1")

    assert [receipt.order for receipt in served] == orders[:3]
    assert bench.free("CUP", "HZ") == 2


def test_who_can_be_served_is_not_kept_waiting_by_who_cannot(bench: Bench) -> None:
    large = bench.place(**nth(1), lines=cups(50))
    small = bench.place(**nth(2), lines=SIX)

    bench.shop.receive_stock("HZ", "CUP", 1, cause="d1")

    assert bench.record(small).state is OrderState.FULFILLING
    # It was not even woken: what came does not fill its line.
    assert bench.events(large).count("order.released") == 0


def freed_by_adjustment(bench: Bench, other: str) -> None:
    with bench.shop.storage.transaction() as tx:
        tx.move(
            Movement(
                "teashop", "HZ", "CUP", MovementKind.ADJUSTED, 1, bench.clock.now(), "wang", "count"
            )
        )


def freed_by_cancellation(bench: Bench, other: str) -> None:
    bench.do(bench.shop.cancel(other, key="cancel"))


def freed_by_return(bench: Bench, other: str) -> None:
    record = bench.do(bench.shop.request_aftersale(other, key="back", reason="NO_REASON_7D"))
    bench.do(bench.shop.goods_back(other, next(iter(record.cases)), "good", key="in"))


@pytest.mark.parametrize(
    "free", [freed_by_adjustment, freed_by_cancellation, freed_by_return], ids=lambda f: f.__name__
)
def test_whatever_frees_stock_wakes_who_waits_for_it(
    bench: Bench, free: Callable[[Bench, str], None]
) -> None:
    before = bench.place(source_id="B1", lines=cups(1))
    if free is freed_by_return:
        bench.hand_over(before)
        bench.later(days=1)
        bench.deliver(before)
    waiting = bench.place(**nth(1), lines=cups(5))
    assert holds(bench, waiting) == ["STOCK_SHORT"]

    free(bench, before)
    bench.pump.work(bench.clock.now())

    assert bench.record(waiting).state is OrderState.FULFILLING


def room_of(bench: Bench) -> tuple[Stockroom, Callable[[], Slip]]:
    """The stockroom, and slips with a new key each."""
    room = Stockroom(bench.shop.storage, "teashop")
    return room, lambda: Slip(bench.key(), bench.clock.now(), "wang", "as told")


def quarantine(bench: Bench) -> Callable[[], object]:
    room, slip = room_of(bench)
    room.withdraw("HZ", "CUP", 1, slip())
    return lambda: room.clear("HZ", "CUP", 1, slip())


def transfer(bench: Bench) -> Callable[[], object]:
    room, slip = room_of(bench)
    sent = slip()
    room.send("HZ", "BJ", "CUP", 1, sent)
    return lambda: room.arrive(sent.key, slip())


def safety(bench: Bench) -> Callable[[], object]:
    room, slip = room_of(bench)
    room.hold_back("HZ", "CUP", 1, slip())
    return lambda: room.hold_back("HZ", "CUP", 0, slip())


@pytest.mark.parametrize("withheld", [quarantine, transfer, safety], ids=lambda f: f.__name__)
def test_what_the_stockroom_frees_wakes_who_waits_for_it(
    bench: Bench, withheld: Callable[[Bench], Callable[[], object]]
) -> None:
    free = withheld(bench)
    waiting = bench.place(lines=cups(5))
    assert holds(bench, waiting) == ["STOCK_SHORT"]

    free()
    bench.pump.work(bench.clock.now())

    assert bench.record(waiting).state is OrderState.FULFILLING


def test_an_arrival_that_does_not_suffice_does_not_begin_the_wait_anew(tmp_path: Path) -> None:
    bench = Bench(tmp_path, items=with_items(ENGRAVED={"restock_days": 3}))
    placed = bench.place(lines=[*cups(6), *ENGRAVED])
    before = _waits(bench)
    bench.later(days=5)

    bench.shop.receive_stock("HZ", "ENGRAVED", 1, cause="d1")

    # It was woken and locks what came, but still waits for cups, until the same day.
    assert bench.record(placed).lines[2].reserved == 1
    assert len(before) == 1 and _waits(bench) == before
    bench.well()


def _waits(bench: Bench) -> list[object]:
    with bench.shop.storage.transaction() as tx:
        found = tx.due("teashop", bench.clock.now().replace(year=2030), 100)
    return [timer.due for timer in found if timer.kind == "stock.wait"]


def test_two_deliveries_at_once_serve_the_first_of_the_queue(tmp_path: Path) -> None:
    bench = Bench(tmp_path, stock={})
    orders = [bench.place(**nth(number), lines=cups(1)) for number in range(12)]
    start = Barrier(2)

    def deliver(name: str) -> None:
        mine = Shop(
            open_storage(tmp_path / "shop.db"),
            bench.shop.profile,
            bench.shop.rules,
            bench.clock,
            SeededIds(2),
        )
        start.wait()
        for number in range(4):
            mine.receive_stock("HZ", "CUP", 1, cause=f"{name}{number}")
        mine.close()

    threads = [Thread(target=deliver, args=(name,)) for name in "ab"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bench.pump.work(bench.clock.now())

    waiting = [order for order in orders if holds(bench, order)]
    assert waiting == orders[8:] and bench.free("CUP", "HZ") == 0
    bench.well()


def test_an_order_that_is_over_waits_for_nothing(bench: Bench) -> None:
    first, second = in_two(bench)
    bench.do(bench.shop.cancel(first, key="x"))

    assert [one.order_id for one in bench.shop.storage.queue("teashop")] == [second]


def test_an_order_that_another_command_holds_is_served_the_next_time(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, _ = in_two(bench)
    real = BackorderCommands.stock_arrived
    failed: list[str] = []

    def once(self: BackorderCommands, order: str, **more: object) -> Receipt:
        if not failed:
            failed.append(order)
            raise Conflict("moved on")
        return real(self, order, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(BackorderCommands, "stock_arrived", once)
    bench.shop.receive_stock("HZ", "CUP", 7, cause="d1")
    assert failed == [first]
    bench.pump.work(bench.clock.now())

    assert bench.record(first).state is OrderState.FULFILLING


def test_a_delivery_serves_so_many_and_the_pump_the_others(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    orders = [bench.place(**nth(number), lines=SIX) for number in range(4)]
    monkeypatch.setattr("ordinance.shop.stock.AT_ONCE", 1)

    assert len(bench.shop.receive_stock("HZ", "CUP", 50, cause="d1")) == 1
    bench.pump.work(bench.clock.now())

    assert all(bench.record(order).state is OrderState.FULFILLING for order in orders)


def test_an_order_without_locks_is_woken_only_when_all_of_it_is_there(tmp_path: Path) -> None:
    old = "wait_days: 14, on_timeout: ask_buyer, keep_locks: whole_lines"
    rules = changed(tmp_path, ("allocation.yaml", old, old.replace("whole_lines", "none")))
    bench = Bench(tmp_path, rules, items=with_items(ENGRAVED={"restock_days": 3}))
    placed = bench.place(lines=[*cups(6), *ENGRAVED])
    bench.shop.receive_stock("HZ", "CUP", 1, cause="d1")
    assert bench.events(placed).count("order.released") == 0

    bench.shop.receive_stock("HZ", "ENGRAVED", 1, cause="d2")

    assert bench.record(placed).state is OrderState.FULFILLING
    bench.well()


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("DELETE FROM backorders WHERE order_id = (SELECT min(order_id) FROM backorders)",
         "stands in no queue"),
        ("UPDATE backorders SET pieces = 99", "the order says"),
        ("INSERT INTO backorders VALUES ('teashop', 'TEA', 0, '2026-01-01T00:00:00.000000Z',"
         " 'ghost', 1, 'line')", "does not wait"),
    ],
)  # fmt: skip
def test_the_doctor_finds_a_queue_that_is_not_what_the_orders_say(
    tmp_path: Path, damage: str, told: str
) -> None:
    bench = Bench(tmp_path)
    in_two(bench)
    bench.well()
    tampered(tmp_path / "shop.db", damage)

    found = check(bench.shop.storage, "teashop")

    assert found and all(item.invariant == "I20" and told in item.text for item in found)

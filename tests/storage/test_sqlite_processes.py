"""Two processes on one file: the last piece is sold once, and no change is lost."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from dataclasses import replace
from multiprocessing.synchronize import Barrier
from pathlib import Path

from ordinance.ports import Conflict, MovementKind, OutOfStock
from ordinance.testing.samples import SHOP, event, movement, order
from ordinance_adapters.sqlite import open_storage

PROCESSES = 2
SKUS = [f"sku-{number:02}" for number in range(15)]
CHANGES = 10

together: Barrier
"""Where the processes wait for each other; each gets it when it starts."""


def take_place(start: Barrier) -> None:
    global together
    together = start


def run(work: Callable[[str, int], list[str]], path: Path) -> list[list[str]]:
    """What each of the processes answers; what one of them raises is raised here."""
    context = multiprocessing.get_context("spawn")
    start = context.Barrier(PROCESSES)
    with context.Pool(PROCESSES, initializer=take_place, initargs=(start,)) as pool:
        places = [(str(path), number) for number in range(PROCESSES)]
        return pool.starmap_async(work, places, chunksize=1).get(timeout=60)


def buy(path: str, number: int) -> list[str]:
    storage = open_storage(path)
    won = []
    for sku in SKUS:
        together.wait(timeout=30)
        with storage.transaction() as tx:
            (level,) = tx.levels(SHOP, [sku])
            try:
                tx.move(movement(MovementKind.RESERVED, 1, sku=sku, order_id=f"o{number}"))
                sold = True
            except OutOfStock:
                sold = False
            assert sold == (level.available == 1)
        if sold:
            won.append(sku)
    storage.close()
    return won


def change(path: str, number: int) -> list[str]:
    storage = open_storage(path)
    together.wait(timeout=30)
    made: list[str] = []
    while len(made) < CHANGES:
        found = storage.find(SHOP, "o1")
        assert found is not None
        later = replace(found, version=found.version + 1)
        try:
            with storage.transaction() as tx:
                tx.append_events([event(later.version, cause=f"p{number}")])
                tx.save_order(later, expected_version=found.version)
        except Conflict:
            continue
        made.append(str(later.version))
    storage.close()
    return made


def open_new(path: str, number: int) -> list[str]:
    for attempt in range(5):
        together.wait(timeout=30)
        storage = open_storage(f"{path}-{attempt}")
        storage.keep_setting(SHOP, f"p{number}", "here")
        storage.close()
    return []


def test_the_last_piece_goes_to_one_process_only(tmp_path: Path) -> None:
    path = tmp_path / "orders.db"
    storage = open_storage(path)
    with storage.transaction() as tx:
        for sku in SKUS:
            tx.move(movement(MovementKind.RECEIVED, 1, sku=sku))
    won = run(buy, path)

    assert sorted(won[0] + won[1]) == SKUS
    assert [(level.on_hand, level.reserved) for level in storage.stock(SHOP)] == [(1, 1)] * 15
    assert len(list(storage.movements(SHOP))) == 30
    storage.close()


def test_no_change_of_an_order_is_lost_between_processes(tmp_path: Path) -> None:
    path = tmp_path / "orders.db"
    storage = open_storage(path)
    with storage.transaction() as tx:
        tx.append_events([event(1)])
        tx.save_order(order(version=1), expected_version=0)
    made = run(change, path)
    versions = list(range(2, 2 + PROCESSES * CHANGES))
    found = storage.find(SHOP, "o1")

    assert sorted(int(version) for version in made[0] + made[1]) == versions
    assert found is not None
    assert found.version == versions[-1]
    assert [one.version for one in storage.events(SHOP, "o1")] == [1, *versions]
    storage.close()


def test_processes_that_open_a_new_file_at_once_all_succeed(tmp_path: Path) -> None:
    path = tmp_path / "orders.db"
    run(open_new, path)
    for attempt in range(5):
        storage = open_storage(f"{path}-{attempt}")

        assert [storage.setting(SHOP, f"p{number}") for number in range(PROCESSES)] == ["here"] * 2
        storage.close()

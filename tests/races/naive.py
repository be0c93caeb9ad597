"""Counters that oversell, as they are found in the field; the races must catch each of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ordinance.inventory import effect
from ordinance.ports import Storage
from tests.races.attempts import Answer, Attempt
from tests.races.crew import Tools
from tests.tampering import checked, unchecked

_RESERVE = (
    "UPDATE stock SET reserved = {reserved}, moves = moves + 1"
    " WHERE shop = ? AND sku = ? AND warehouse = 'HZ' RETURNING moves"
)
_HOLD = (
    "INSERT INTO reservations (shop, holder, sku, warehouse, pool, pieces, expires_at)"
    " VALUES (?, ?, ?, 'HZ', '', 1, '2026-03-02T03:00:00.000000Z')"
)
_WRITE = (
    "INSERT INTO movements"
    " (shop, warehouse, sku, seq, kind, quantity, at, actor, cause, token, pool, note) VALUES"
    " (?, 'HZ', ?, ?, 'reserved', 1, '2026-03-02T02:00:00.000000Z', 'race', 'race', ?, '', '')"
)


def read_then_write(
    tools: Tools, path: str, shop: str, attempts: Sequence[Attempt]
) -> list[Answer]:
    """M1: read the counter, compare, and write what was worked out from it."""

    def counted(storage: Storage, sku: str) -> tuple[int, str]:
        (level,) = storage.stock(shop)
        return level.available, str(level.reserved + 1)

    return _naive(tools, path, shop, attempts, counted)


def ledger_sum(tools: Tools, path: str, shop: str, attempts: Sequence[Attempt]) -> list[Answer]:
    """M2: add up the ledger, compare, and raise the counter by one whatever it is."""

    def counted(storage: Storage, sku: str) -> tuple[int, str]:
        booked = [effect(one) for one in storage.movements(shop)]
        free = sum(one.on_hand - one.reserved for one in booked)
        return free, "reserved + 1"

    return _naive(tools, path, shop, attempts, counted)


def _naive(
    tools: Tools,
    path: str,
    shop: str,
    attempts: Sequence[Attempt],
    counted: Callable[[Storage, str], tuple[int, str]],
) -> list[Answer]:
    storage = tools.storage(path)
    # The last line of defence is taken away too: the race itself has to find the fault.
    unchecked(storage, Path(path))
    answers = []
    for attempt in attempts:
        (sku,) = attempt.wants
        free, reserved = counted(storage, sku)
        if free < 1:
            answers.append(Answer(attempt.name, {}, {sku: (1, free)}))
            continue
        with storage.transaction() as tx:
            (seq,) = tx._run(_RESERVE.format(reserved=reserved), (shop, sku))[0]
            tx._run(_HOLD, (shop, f"checkout:{attempt.name}", sku))
            tx._run(_WRITE, (shop, sku, seq, attempt.name))
        answers.append(Answer(attempt.name, {sku: 1}, {}))
    checked(storage)
    return answers


NAIVE = {"read, then write": read_then_write, "the sum of the ledger": ledger_sum}

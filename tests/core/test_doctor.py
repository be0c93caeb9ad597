"""The doctor finds what was planted, and names it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ordinance.audit.doctor import check
from tests.core.shop import Bench
from tests.tampering import tampered

PLANTED = {
    "a counter that was raised": ("UPDATE stock SET on_hand = on_hand + 1 WHERE sku = 'TEA'", "I2"),
    "a reservation nobody holds": (
        "UPDATE stock SET reserved = reserved + 1 WHERE sku = 'CUP' AND warehouse = 'HZ'",
        "I3",
    ),
    "a movement that was taken out": (
        "DELETE FROM movements WHERE kind = 'reserved' AND sku = 'TEA'",
        "I2",
    ),
    "an event that was taken out": ("DELETE FROM events WHERE version = 3", "I9"),
    "an event that was edited": (
        "UPDATE events SET changes = replace(changes, 'AUDITED', 'WAIT_AUDIT') WHERE kind = "
        "'order.reviewed'",
        "I9",
    ),
    "a row with another version": ("UPDATE orders SET version = version + 1", "I9"),
    "a row with another amount": ("UPDATE orders SET paid = paid + 1", "I20"),
    "a row with another status": ("UPDATE orders SET status = 'COMPLETED'", "I20"),
    "facts that were edited": (
        "UPDATE facts SET snapshot = replace(snapshot, '330106', '540102')",
        "I14",
    ),
    "facts that are gone": ("DELETE FROM facts", "I14"),
    "rules that are gone": ("DELETE FROM rule_sources", "I14"),
    "a parcel that carries another amount": (
        'UPDATE orders SET document = replace(document, \'"share":{"amount":\', '
        '\'"share":{"amount":1\')',
        "I21",
    ),
    "a parcel with another unit of its line": (
        "UPDATE orders SET document = replace(document, '\"first\":0', '\"first\":1')",
        "I21",
    ),
    "a decision that was edited": (
        "UPDATE decisions SET record = replace(record, 'approve', 'hold') WHERE point = "
        "'review.risk'",
        "I14",
    ),
}


def test_a_store_in_order_has_no_findings(bench: Bench) -> None:
    bench.received()
    bench.later(days=200)

    assert check(bench.shop.storage, "teashop", replay_decisions=True) == []


@pytest.mark.parametrize("what", PLANTED)
def test_what_was_planted_is_found_and_named(tmp_path: Path, what: str) -> None:
    sql, invariant = PLANTED[what]
    bench = Bench(tmp_path)
    bench.place()
    bench.shop.close()
    tampered(tmp_path / "shop.db", sql)
    again = Bench(tmp_path)

    found = check(again.shop.storage, "teashop", replay_decisions=True)

    assert invariant in {finding.invariant for finding in found}, list(map(str, found))
    again.shop.close()


@pytest.mark.parametrize(
    ("path", "value", "invariant"),
    [
        (("lines", "1", "amount"), 1, "I6"),
        (("payments", "M1", "refunded"), 5, "I6"),
        (("lines", "1", "shipped"), 9, "I4"),
        (("state",), "COMPLETED", "I9"),
    ],
)
def test_an_order_that_was_edited_is_found(
    tmp_path: Path, path: tuple[str, ...], value: object, invariant: str
) -> None:
    bench = Bench(tmp_path)
    placed = bench.place()
    document = json.loads(bench.shop.stored(placed).document)
    bench.shop.close()
    part = document
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    tampered(tmp_path / "shop.db", "UPDATE orders SET document = ?", values=(json.dumps(document),))
    again = Bench(tmp_path)

    found = check(again.shop.storage, "teashop")

    assert invariant in {finding.invariant for finding in found}
    again.shop.close()

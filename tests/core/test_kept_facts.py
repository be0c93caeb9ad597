"""Facts that are kept for the decisions of one command say what facts made anew would say."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from ordinance.oms import Shop
from ordinance.orders import facts as extraction
from ordinance.orders.desk import Desk, Kept
from ordinance.orders.order import Payment
from ordinance.orders.record import OrderRecord
from ordinance.points.review import RISK
from ordinance.rules import Facts, Value
from ordinance.rules.deciding.given import Known
from ordinance.rules.deciding.texts import Texts
from ordinance.rules.deciding.vocabulary import Vocabulary
from ordinance.rules.decision import canonical_json
from ordinance_adapters.clock import SystemClock
from ordinance_adapters.identity import SeededIds
from tests.core.shop import MONDAY, order, payment, profile, shipped_rules
from tests.stores import open_storage

VOCABULARY = Vocabulary(RISK)


def _facts(placed_at: datetime, paid: str, texts: Texts, sku: str = "TEA") -> Facts:
    return Facts.prepared(
        {"order.placed_at": placed_at, "order.paid": Decimal(paid), "order.channel": "web"},
        lines=[Known({"line.sku": sku, "line.quantity": 2})],
        texts=texts,
    )


def test_what_is_stored_is_the_snapshot_byte_for_byte_whoever_shares_the_texts() -> None:
    shared = Texts()
    asked = [
        (MONDAY, "1.50", "TEA"),
        (MONDAY.astimezone(UTC), "1.5", "TEA"),
        (MONDAY, "1.50", "CUP"),
        (MONDAY + timedelta(seconds=1), "0", "茶"),
    ]
    hashes = []
    for at, paid, sku in asked:
        kept, alone = _facts(at, paid, shared, sku), _facts(at, paid, Texts(), sku)
        assert kept.written(VOCABULARY) == canonical_json(alone.snapshot(VOCABULARY))
        assert kept.hash(VOCABULARY) == alone.hash(VOCABULARY)
        hashes.append(kept.hash(VOCABULARY))
    # The same instant in another zone hashes alike and is stored with its own offset.
    assert hashes[0] == hashes[1] and len(set(hashes)) == 3
    assert _facts(*asked[0][:2], shared).written(VOCABULARY) != _facts(
        *asked[1][:2], shared
    ).written(VOCABULARY)


def test_facts_of_an_order_are_made_again_when_anything_they_are_made_from_has_changed() -> None:
    read = set(re.findall(r"record\.(\w+)", inspect.getsource(extraction._order_facts)))
    looked_at = set(re.findall(r"record\.(\w+)", inspect.getsource(extraction.order_facts)))
    follows = {"goods": "lines", "paid": "payments", "paid_at": "payments"}
    never_change = {"shop", "id"}
    assert {follows.get(name, name) for name in read} <= looked_at | never_change


def test_a_command_stores_the_same_bytes_with_and_without_what_it_keeps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = _content(tmp_path / "kept.db")
    assert sum('"table":"decisions"' in line for line in kept) > 8
    with monkeypatch.context() as without:
        nothing = property(lambda desk: Kept(), lambda desk, kept: None)
        without.setattr(Desk, "kept", nothing, raising=False)
        assert _content(tmp_path / "anew.db") == kept
    # Facts that outlive a change of the order would be seen.
    real, first = extraction.order_facts, dict[str, OrderRecord]()

    def stale(record: OrderRecord, desk: Desk) -> dict[str, Value]:
        return real(first.setdefault(record.id, record), desk)

    monkeypatch.setattr(extraction, "order_facts", stale)
    assert _content(tmp_path / "stale.db") != kept


def _content(path: Path) -> list[str]:
    """Two orders of one buyer, one paid at once and one in a command of its own."""
    shop = Shop(open_storage(path), profile(), shipped_rules(), SystemClock(), SeededIds(1))
    with shop:
        shop.open_stock(MONDAY)
        shop.place(order("A1"), now=MONDAY)
        unpaid = shop.place(order("A2", payments=[]), now=MONDAY)
        later = MONDAY + timedelta(minutes=1)
        given = Payment.model_validate(payment("T-A2", "100.00", later))
        shop.pay(unpaid.order, given, key="pay", now=later)
        return list(shop.storage.content())

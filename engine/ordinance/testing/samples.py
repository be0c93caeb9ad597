"""Values to store, with defaults for whatever a test does not care about."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ordinance.inventory import BETWEEN_WAREHOUSES, HOLDING, POOLED, SHARED
from ordinance.ports import (
    Effect,
    EntryKind,
    Movement,
    MovementKind,
    Storage,
    StoredBlock,
    StoredCommand,
    StoredDecision,
    StoredEntry,
    StoredEvent,
    StoredOrder,
    StoredRelease,
    StoredRules,
    StoredTrial,
    Timer,
)

SHOP = "lan"
OTHER_SHOP = "zhu"
AT = datetime(2026, 3, 1, 8, 0, tzinfo=UTC)


def refused(error: type[Exception], action: Callable[[], object]) -> None:
    """Fail unless `action` raises `error`."""
    try:
        action()
    except error:
        return
    raise AssertionError(f"expected {error.__name__}, but nothing was raised")


def order(id: str = "o1", **changes: Any) -> StoredOrder:
    values: dict[str, Any] = {
        "shop": SHOP,
        "id": id,
        "number": f"N-{id}",
        "channel": "web",
        "source_id": f"S-{id}",
        "version": 1,
        "status": "NEW",
        "order_state": "OPEN",
        "buyer_id": None,
        "placed_at": AT,
        "receivable": 1990,
        "paid": 0,
        "refunded": 0,
        "document": "{}",
        "head": "h1",
    }
    return StoredOrder(**{**values, **changes})


def event(version: int, **changes: Any) -> StoredEvent:
    values: dict[str, Any] = {
        "shop": SHOP,
        "order_id": "o1",
        "version": version,
        "kind": "order.placed",
        "at": AT,
        "actor": "system",
        "cause": "k1",
        "changes": "[]",
        "data": "{}",
        "evidence": "",
        "hash": "h1",
    }
    return StoredEvent(**{**values, **changes})


def decision(seq: int, **changes: Any) -> StoredDecision:
    values: dict[str, Any] = {
        "shop": SHOP,
        "order_id": "o1",
        "seq": seq,
        "point": "review.risk",
        "at": AT,
        "outcome": "pass",
        "rules_hash": "r1",
        "facts_hash": "f1",
        "record": "{}",
    }
    return StoredDecision(**{**values, **changes})


def command(key: str = "k1", **changes: Any) -> StoredCommand:
    values: dict[str, Any] = {
        "shop": SHOP,
        "key": key,
        "body_hash": "b1",
        "result": "{}",
        "at": AT,
    }
    return StoredCommand(**{**values, **changes})


def rules(rules_hash: str = "r1", **changes: Any) -> StoredRules:
    values: dict[str, Any] = {
        "shop": SHOP,
        "rules_hash": rules_hash,
        "point": "review.risk",
        "file": "review.yaml",
        "source": "rules: []",
        "first_used": AT,
    }
    return StoredRules(**{**values, **changes})


def release(version: int = 1, **changes: Any) -> StoredRelease:
    values: dict[str, Any] = {
        "shop": SHOP,
        "version": version,
        "hash": f"h{version}",
        "base": version - 1,
        "author": "Lan",
        "note": "a try",
        "at": AT,
        "files": '{"review.yaml":"t1"}',
        "rules": '{"review.risk":["r1","review.yaml"]}',
    }
    return StoredRelease(**{**values, **changes})


def entry(seq: int = 1, **changes: Any) -> StoredEntry:
    values: dict[str, Any] = {
        "shop": SHOP,
        "seq": seq,
        "kind": EntryKind.PUBLISHED,
        "version": 1,
        "actor": "Lan",
        "note": "a try",
        "at": AT,
        "live": 1,
        "since": 1,
        "shadow": 0,
        "approval": False,
    }
    return StoredEntry(**{**values, **changes})


def trial(seq: int = 1, **changes: Any) -> StoredTrial:
    values: dict[str, Any] = {
        "shop": SHOP,
        "order_id": "o1",
        "seq": seq,
        "version": 2,
        "point": "review.risk",
        "at": AT,
        "live": "pass",
        "outcome": "hold",
        "same": False,
        "live_hash": "r1",
        "rules_hash": "r2",
        "facts_hash": "f1",
        "record": "{}",
    }
    return StoredTrial(**{**values, **changes})


def movement(kind: MovementKind, quantity: int, **changes: Any) -> Movement:
    values: dict[str, Any] = {
        "shop": SHOP,
        "warehouse": "east",
        "sku": "TEA",
        "kind": kind,
        "quantity": quantity,
        "at": AT,
        "actor": "system",
        "cause": "k1",
        "order_id": "o1" if kind in HOLDING and "token" not in changes else None,
        "transfer": "t1" if kind in BETWEEN_WAREHOUSES else None,
        "counterpart": "west" if kind in BETWEEN_WAREHOUSES else None,
        "pool": "web" if kind in POOLED else SHARED,
    }
    return Movement(**{**values, **changes})


def timer(order_id: str = "o1", **changes: Any) -> Timer:
    values: dict[str, Any] = {
        "shop": SHOP,
        "order_id": order_id,
        "kind": "payment",
        "name": "",
        "due": AT,
    }
    return Timer(**{**values, **changes})


def effect(key: str = "e1", **changes: Any) -> Effect:
    values: dict[str, Any] = {
        "shop": SHOP,
        "key": key,
        "order_id": "o1",
        "kind": "notify",
        "payload": "{}",
        "created": AT,
    }
    return Effect(**{**values, **changes})


def write_one_of_each(storage: Storage, shop: str = SHOP) -> None:
    """A row of every kind, in one transaction and a setting."""
    with storage.transaction() as tx:
        tx.keep_command(command(shop=shop))
        tx.save_order(order(shop=shop, buyer_id="b1"), expected_version=0)
        tx.append_events([event(1, shop=shop), event(2, shop=shop)])
        tx.append_decisions([decision(1, shop=shop), decision(2, shop=shop)])
        tx.keep_facts(shop, {"f1": "{}"})
        tx.keep_rules(rules(shop=shop))
        tx.add_release(release(shop=shop), {"t1": "rules: []"})
        tx.append_entry(entry(shop=shop))
        tx.append_trials([trial(shop=shop)])
        tx.keep_person(shop, "p1", "{}")
        tx.keep_transaction(shop, "alipay", "t1", "o1")
        tx.move(movement(MovementKind.RECEIVED, 5, shop=shop))
        tx.move(movement(MovementKind.RESERVED, 2, shop=shop, order_id="o1"))
        tx.move(movement(MovementKind.SET_ASIDE, 1, shop=shop))
        tx.move(movement(MovementKind.ON_ITS_WAY, 3, shop=shop))
        tx.block(StoredBlock(shop, "TEA", "hz", None, "CLOSED", "wang", AT))
        tx.schedule(timer(shop=shop))
        tx.enqueue(effect(shop=shop))
        tx.enqueue(effect("e2", shop=shop))
        tx.mark_done(shop, "e2", "sent", AT)
    storage.keep_setting(shop, "profile", "{}")

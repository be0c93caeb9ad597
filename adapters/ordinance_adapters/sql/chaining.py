"""Chaining the histories of a store that was written before events were chained."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from ordinance.chain import NOTHING, event_hash, evidence_of
from ordinance.orders.change import decisions_by
from ordinance_adapters.sql import rows

Execute = Callable[[str, rows.Row], Iterable[Any]]

_ORDERS = (
    "SELECT shop, id FROM orders WHERE shop > ?1 OR (shop = ?1 AND id > ?2)"
    " ORDER BY shop, id LIMIT 500"
)
_EVENTS = f"SELECT {rows.EVENT} FROM events WHERE shop = ? AND order_id = ? ORDER BY version"
_DECISIONS = f"SELECT {rows.DECISION} FROM decisions WHERE shop = ? AND order_id = ? ORDER BY seq"
_BIND = "UPDATE events SET evidence = ?, hash = ? WHERE shop = ? AND order_id = ? AND version = ?"
_HEAD = "UPDATE orders SET head = ? WHERE shop = ? AND id = ?"


def chain_histories(execute: Execute) -> None:
    """Give every event its evidence and hash, and every order the hash of its last event."""
    shop, order = "", ""
    while found := list(execute(_ORDERS, (shop, order))):
        for shop, order in found:
            _chain(execute, shop, order)


def _chain(execute: Execute, shop: str, order: str) -> None:
    events = [rows.event(row) for row in execute(_EVENTS, (shop, order))]
    decisions = [rows.decision(row) for row in execute(_DECISIONS, (shop, order))]
    head, seen = NOTHING, 0
    for event, count in zip(events, decisions_by(events), strict=True):
        evidence = evidence_of(decisions[seen:count])
        head, seen = event_hash(head, replace(event, evidence=evidence)), count
        execute(_BIND, (evidence, head, shop, order, event.version))
    execute(_HEAD, (head, shop, order))

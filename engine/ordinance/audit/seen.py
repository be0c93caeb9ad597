"""An order as the doctor sees it: its row, and everything that is stored about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import orjson

from ordinance.orders.record import OrderRecord
from ordinance.ports import StoredDecision, StoredEffect, StoredEvent, StoredOrder, Timer


@dataclass(frozen=True)
class Seen:
    """One order with its history, its decisions, its effects and its timers."""

    stored: StoredOrder
    record: OrderRecord
    events: Sequence[StoredEvent]
    decisions: Sequence[StoredDecision]
    effects: Sequence[StoredEffect]
    """All of them, whatever became of them, by place."""
    timers: Sequence[Timer]

    @cached_property
    def changes(self) -> list[tuple[StoredEvent, list[tuple[str, Any, Any]]]]:
        """Each event with its changes: path, before, after."""
        return [
            (event, [(path, before, after) for path, before, after in orjson.loads(event.changes)])
            for event in self.events
        ]

    @cached_property
    def payloads(self) -> list[tuple[StoredEffect, dict[str, Any]]]:
        """Each effect with what is sent."""
        return [(stored, orjson.loads(stored.effect.payload)) for stored in self.effects]

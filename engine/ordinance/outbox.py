"""What a store keeps of effects: things to be done outside, and how far they are; a part of the
ports."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from ordinance.stored import Attempt, Effect, EffectState, StoredEffect


class OutboxKeeping(Protocol):
    """What a transaction reads and writes of them.

    An effect is open while it is `waiting` or `unknown`. It is blocked by an open effect of the
    same order and lane that was put in before it.
    """

    def enqueue(self, effect: Effect) -> None:
        """Put an effect into the outbox, due when it was created; the same key is kept once."""
        ...

    def due_effects(
        self, shop: str, now: datetime, limit: int, *, besides: Collection[str] = ()
    ) -> Sequence[StoredEffect]:
        """Open effects that are due at `now`, in the order they were created, without the kinds
        `besides`, and without those that one blocks that is not due itself."""
        ...

    def ready_effect(self, shop: str, key: str, now: datetime) -> StoredEffect | None:
        """The effect, when it is open, due at `now` and blocked by none; otherwise None."""
        ...

    def effect(self, shop: str, key: str) -> StoredEffect | None:
        """The effect stored under a key, whatever its state, or None."""
        ...

    def mark_done(self, shop: str, key: str, result: str, at: datetime) -> None:
        """Record that an effect was done, with what the outside world answered; the first answer
        stays."""
        ...

    def mark_tried(self, shop: str, key: str, attempt: Attempt) -> None:
        """Record a try that did not succeed, unless the effect was closed meanwhile."""
        ...

    def redrive_effect(self, shop: str, key: str, at: datetime) -> bool:
        """Let an effect that is `dead` or `unknown` wait again, due at once, its attempts counted
        anew, and no longer as a `restored` one; False when it is neither."""
        ...

    def doubt_effects(self, shop: str, at: datetime, why: str) -> int:
        """Make every open effect one of unknown outcome that was `restored`; how many. What is due
        is due as before. To be told after a store was filled from a backup."""
        ...


class OutboxReading(Protocol):
    """What is read of them outside of a transaction."""

    def effects(
        self,
        shop: str,
        states: Collection[EffectState],
        *,
        order_id: str | None = None,
        limit: int | None = None,
    ) -> Sequence[StoredEffect]:
        """Effects in these states, all or those of an order, by (created, order, place)."""
        ...

    def effect_counts(self, shop: str) -> Mapping[tuple[str, EffectState], int]:
        """How many effects of each kind stand where, by (kind, state)."""
        ...

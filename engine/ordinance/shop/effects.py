"""Effects: what is asked for outside, what came of it, and what a person does about it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime

from ordinance.command import Receipt
from ordinance.orders.change import Change
from ordinance.orders.desk import Desk
from ordinance.ports import Effect, EffectState, StoredEffect
from ordinance.shop.looking import Looking
from ordinance.shop.world import WorldCommands, paid_back, pushed

STUCK = (EffectState.UNKNOWN, EffectState.DEAD)
"""Where an effect stands when a person may have to see to it."""

NOT_DONE = (EffectState.WAITING, *STUCK)


TOLD = {
    "refund": ("refund", "reference", "payment"),
    "warehouse.push": ("parcel", "waybill", "warehouse"),
}
"""The kinds whose answer goes into the order: the part of it that they are about, what the answer
is called, and who tells it."""


def take_in(change: Change, desk: Desk, effect: Effect, answer: str) -> None:
    """What an effect that was done changes in its order."""
    payload = json.loads(effect.payload)
    if effect.kind == "refund":
        paid_back(change, payload["refund"])
    elif effect.kind == "warehouse.push":
        pushed(change, desk, payload["parcel"], answer)


class UnknownEffect(Exception):
    """No effect of this shop has that key."""


class NotStuck(Exception):
    """An effect is neither given up nor of unknown outcome: there is nothing to be decided."""


class EffectCommands(WorldCommands, Looking):
    """Commands on effects."""

    def effects(
        self,
        states: Collection[EffectState] = NOT_DONE,
        *,
        order: str | None = None,
        limit: int | None = None,
    ) -> tuple[StoredEffect, ...]:
        """Effects in these states, by default all that are not done; the oldest first.

        `order` is an order's id.
        """
        found = self.storage.effects(self.profile.shop, states, order_id=order, limit=limit)
        return tuple(found)

    def effect(self, effect: str) -> StoredEffect:
        """One effect by its key. Raises `UnknownEffect`."""
        found = self.storage.transact(lambda tx: tx.effect(self.profile.shop, effect))
        if found is None:
            raise UnknownEffect(f"no effect has the key `{effect}`; see `ordinance effects list`")
        return found

    def redrive(self, effect: str, *, by: str = "operator", now: datetime | None = None) -> Receipt:
        """Have an effect tried again that was given up, or whose outcome nobody knows.

        It is due at once, under the key that it always had, and its attempts are counted anew. A
        second redrive before it is given up again does nothing. Who redrives one of unknown outcome
        says by it that nothing happened outside. Raises `UnknownEffect` and `NotStuck`.
        """
        stored = self.effect(effect)
        again = stored.state is EffectState.WAITING and stored.redriven > 0
        if stored.state not in STUCK and not again:
            raise NotStuck(self._why_not(stored, "nothing to try again"))
        round_ = stored.redriven if again else stored.redriven + 1
        at = now or self.clock.now()

        def do(change: Change, desk: Desk) -> None:
            if desk.tx.redrive_effect(self.profile.shop, effect, at):
                change.happen("effect.redriven", {"effect": stored.effect.kind, "key": effect})

        key = f"redrive:{effect}:{round_}"
        return self._on(stored.effect.order_id, key, {"redrive": effect}, do, at, by)

    def settle_effect(
        self, effect: str, result: str, *, by: str = "operator", now: datetime | None = None
    ) -> Receipt:
        """Say that an effect did happen outside, and what the answer was: the refund number, the
        waybill number. The order goes on as if the port had said it; nothing is sent.

        Settling it again with the same result does nothing. Raises `UnknownEffect`, `NotStuck`,
        and `KeyReused` when it was settled with another result.
        """
        stored = self.effect(effect)
        if stored.state is EffectState.WAITING:
            raise NotStuck(self._why_not(stored, "it goes on by itself"))
        if stored.state is EffectState.DONE:
            if stored.result != result:
                raise NotStuck(self._why_not(stored, "that answer stays"))
            order = self.stored(stored.effect.order_id)
            return Receipt(order.id, order.number, order.status, order.version, repeated=True)
        at = now or self.clock.now()
        told = {"effect": stored.effect.kind, "key": effect, "result": result}

        def do(change: Change, desk: Desk) -> None:
            current = desk.tx.effect(self.profile.shop, effect)
            if current is None or current.state not in STUCK:
                return
            change.happen("effect.settled", told)
            take_in(change, desk, stored.effect, result)
            desk.tx.mark_done(self.profile.shop, effect, result, at)

        return self._on(stored.effect.order_id, f"settle:{effect}", told, do, at, by)

    def effect_done(self, effect: Effect, result: str, *, now: datetime) -> None:
        """Take in that an effect was done outside, with the answer; its order goes on.

        Raises like any command on its order; then the effect is not marked as done.
        """
        shop, repeated = effect.shop, True

        def do(change: Change, desk: Desk) -> None:
            take_in(change, desk, effect, result)
            desk.tx.mark_done(shop, effect.key, result, now)

        if effect.kind in TOLD:
            part, answer, actor = TOLD[effect.kind]
            body = {part: json.loads(effect.payload)[part], answer: result}
            repeated = self._on(effect.order_id, effect.key, body, do, now, actor).repeated
        if repeated:
            self.storage.transact(lambda tx: tx.mark_done(shop, effect.key, result, now))

    def _why_not(self, stored: StoredEffect, then: str) -> str:
        key = stored.effect.key
        if stored.done_at is not None:
            done = stored.done_at.astimezone(self.zone).isoformat(" ", "minutes")[:16]
            return f"effect `{key}` was done at {done} with the answer `{stored.result}`; {then}"
        return f"effect `{key}` waits for its next try; {then}"

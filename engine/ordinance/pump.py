"""The pump: runs what is due and does what is asked for outside, once per key."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from ordinance.dispatching import Job
from ordinance.effects.circuit import Circuits
from ordinance.effects.doing import KINDS, StepFailed, carry_out
from ordinance.fulfilment.label import label_in, labelled, needs_label
from ordinance.orders.masking import without
from ordinance.orders.person import Person
from ordinance.outside import Outside, PortError, PortFailed, PortRefused, PortUnknown
from ordinance.ports import (
    Attempt,
    Conflict,
    Effect,
    EffectState,
    StorageError,
    StoredEffect,
    Timer,
    Transaction,
)
from ordinance.retries import WhenUnknown
from ordinance.rules.decision import Plain, canonical_json
from ordinance.seen import person_of
from ordinance.telling import Fields, Happening, tell

if TYPE_CHECKING:
    from ordinance.oms import Shop

__all__ = ["Outside", "PortFailed", "PortRefused", "PortUnknown", "Pump"]

AGAIN = timedelta(minutes=1)
"""How much later a timer fires that was set again for the instant at which it fired."""


class Pump:
    """Embedded worker. Every step is idempotent, so it may run again at will, in several processes
    too; what it knows of the adapters' circuits is its own."""

    def __init__(self, shop: Shop, outside: Outside) -> None:
        self._shop = shop
        self._outside = outside
        self._circuits = Circuits(shop.profile.circuits)
        self._has_looked_back = False

    @property
    def outside(self) -> Outside:
        """The adapters that it works with."""
        return self._outside

    def work(self, now: datetime, *, limit: int = 1000) -> list[str]:
        """Release checkouts that ran out, run what is due, serve who waits, do what is asked for.

        Returns the orders it touched.
        """
        if not self._has_looked_back:
            self._shop.erase_again(now=now)
            self._has_looked_back = True
        self._shop.expire_reservations(now, limit=limit)
        touched = self.timers(now, limit)
        touched += self.arrivals(now)
        touched += self.effects(now, limit)
        return touched

    def arrivals(self, now: datetime) -> list[str]:
        """Serve the orders that wait for stock that was freed, whatever freed it."""
        return [receipt.order for receipt in self._shop.resume_waiting(now=now)]

    def timers(self, now: datetime, limit: int = 1000) -> list[str]:
        """Fire the timers that are due, each at its own instant; those of an order in the order in
        which they are due, also where one of them sets another.

        One that was set again for the very instant at which it fired fires a minute later.
        """
        shop = self._shop.profile.shop
        fired: list[str] = []
        while len(fired) < limit:
            with self._shop.storage.reading() as tx:
                due = tx.due(shop, now, limit - len(fired))
            if not due:
                break
            # What comes next for an order is known only when its first timer has fired.
            first = {timer.order_id: timer for timer in reversed(due)}
            for timer in due:
                if first[timer.order_id] is timer:
                    self._fire(timer)
                    fired.append(timer.order_id)
        return fired

    def _fire(self, timer: Timer) -> None:
        key = f"timer:{timer.order_id}:{timer.kind}:{timer.name}:{timer.due.isoformat()}"
        told = self._shop.timer(timer.order_id, timer.kind, timer.name, key=key, now=timer.due)
        tell(
            Happening.TIMER_FIRED,
            shop=timer.shop,
            order=timer.order_id,
            kind=timer.kind,
            due=timer.due,
        )
        if told.repeated:
            self._put_off(timer)

    def _put_off(self, timer: Timer) -> None:
        """Another process fired it, unless it still stands: then its key would never fire again."""

        def do(tx: Transaction) -> None:
            if tx.timer(timer.shop, timer.order_id, timer.kind, timer.name) == timer:
                tx.schedule(replace(timer, due=timer.due + AGAIN))

        self._shop.storage.transact(do)

    def effects(self, now: datetime, limit: int = 1000) -> list[str]:
        """Do the effects that are due. One that fails stops only those of its order and lane.

        Returns the orders that something was done for.
        """
        shop = self._shop.profile.shop
        alone = [
            name for name, kind in KINDS.items() if not self._circuits.closed(kind.adapters, now)
        ]
        with self._shop.storage.reading() as tx:
            due = tx.due_effects(shop, now, limit, besides=alone)
        return [
            stored.effect.order_id
            for stored in in_lanes(due)
            if self.effect(stored.effect.key, now) is EffectState.DONE
        ]

    def effect(self, key: str, now: datetime) -> EffectState | None:
        """Do one effect, if its turn has come; what became of it, None when nothing was tried."""
        shop = self._shop.profile.shop
        with self._shop.storage.reading() as tx:
            stored = tx.ready_effect(shop, key, now)
        if stored is None or not self._circuits.enter(KINDS[stored.effect.kind].adapters, now):
            return None
        policy = self._shop.profile.retries[stored.effect.kind]
        again = policy.unknown is WhenUnknown.AGAIN
        known = self._shop.storage.person(shop, person_of(stored.effect.order_id))
        person = Person.from_json(known)
        shown: tuple[str, ...] = ()
        try:
            if known is None and needs_label(stored.effect):
                raise _nobody(stored)
            handed = replace(stored, effect=labelled(stored.effect, person))
            shown = label_in(handed.effect)
            said = carry_out(handed, self._outside, self._circuits, now, again=again)
        except StepFailed as failure:
            attempt = _told(self._after_step(stored, failure, now), person, shown)
        else:
            result = without(person, said, *shown)
            try:
                self._shop.effect_done(stored.effect, result, now=now)
                self._tell(stored, Happening.EFFECT_DONE)
                return EffectState.DONE
            except StorageError:
                raise
            except Exception as error:
                attempt = _told(self._not_taken(stored, result, error, now), person, shown)
        self._shop.storage.transact(lambda tx: tx.mark_tried(shop, key, attempt))
        self._tell(stored, _AFTER[attempt.state], attempt)
        return attempt.state

    def _tell(self, stored: StoredEffect, what: Happening, attempt: Attempt | None = None) -> None:
        effect = stored.effect
        told = Fields(shop=effect.shop, order=effect.order_id, kind=effect.kind, effect=effect.key)
        if attempt is not None:
            told["attempts"] = attempt.attempts
            if attempt.next_try is not None:
                told["due"] = attempt.next_try
        tell(what, **told)

    def job(self, job: Job, now: datetime) -> datetime | None:
        """Do what a dispatcher brings; when it is to come again, None when it is over.

        What is over already, was moved, or stands behind another effect is left alone: whatever
        changes that puts a new job.
        """
        if isinstance(job.about, Timer):
            return self._timer_job(job.about, now)
        state = self.effect(job.about, now)
        if state is not None:
            return None
        with self._shop.storage.reading() as tx:
            stored = tx.effect(job.shop, job.about)
            if stored is None or stored.next_try is None:
                return None
            ready = tx.ready_effect(job.shop, job.about, max(now, stored.next_try))
        if ready is None:
            return None
        adapters = KINDS[stored.effect.kind].adapters
        return max(stored.next_try, self._circuits.open_until(adapters) or now)

    def _timer_job(self, timer: Timer, now: datetime) -> datetime | None:
        if timer.due > now:
            return timer.due
        with self._shop.storage.reading() as tx:
            stands = tx.timer(timer.shop, timer.order_id, timer.kind, timer.name) == timer
        if stands:
            self._fire(timer)
        return None

    def sweep(self, now: datetime) -> None:
        """What hangs on no single instant: checkouts that ran out, and stock that was freed."""
        self._shop.expire_reservations(now)
        self.arrivals(now)

    def _after_step(self, stored: StoredEffect, failure: StepFailed, now: datetime) -> Attempt:
        """What a call that did not succeed leaves behind."""
        effect, attempts = stored.effect, stored.attempts + 1
        policy = self._shop.profile.retries[effect.kind]
        again = policy.unknown is WhenUnknown.AGAIN
        state, last = failure.outcome, attempts >= policy.attempts
        if last and (state is EffectState.WAITING or again):
            state = EffectState.DEAD
        by_itself = state is EffectState.WAITING or (
            state is EffectState.UNKNOWN and not last and (failure.can_ask or again)
        )
        next_try = self._next_try(stored, failure.error, now) if by_itself else None
        error = str(failure)
        return Attempt(
            state, attempts, next_try, now, error, failure.answers, restored=failure.restored
        )

    def _not_taken(
        self, stored: StoredEffect, result: str, error: Exception, now: datetime
    ) -> Attempt:
        """It was done, but its order did not take the answer: somebody else was at the order just
        then, or a person has to look at it."""
        attempts = stored.attempts + 1
        retries = attempts < self._shop.profile.retries[stored.effect.kind].attempts
        due: datetime | None
        text = f"done outside as `{result}`, but the order did not take that: {error}"
        if isinstance(error, Conflict) and retries:
            state, due = EffectState.WAITING, self._next_try(stored, error, now)
        else:
            state, due = EffectState.DEAD, None
        return Attempt(state, attempts, due, now, text, stored.answers)

    def _next_try(self, stored: StoredEffect, error: Exception, now: datetime) -> datetime:
        effect = stored.effect
        policy = self._shop.profile.retries[effect.kind]
        due = now + policy.pause(effect.key, stored.attempts + 1)
        if not isinstance(error, PortError) or error.retry_after is None:
            return due
        longest = max(
            self._shop.profile.circuits[name].longest_wait for name in KINDS[effect.kind].adapters
        )
        return max(due, now + min(error.retry_after, longest))


_AFTER = {
    EffectState.WAITING: Happening.EFFECT_FAILED,
    EffectState.UNKNOWN: Happening.EFFECT_UNKNOWN,
    EffectState.DEAD: Happening.EFFECT_DEAD,
}
"""What is told after a try that did not succeed."""


def _nobody(stored: StoredEffect) -> StepFailed:
    """Nothing can be sent to a person who was erased."""
    error = PortRefused("the person of this order was erased: nobody is there to send it to")
    return StepFailed(error, EffectState.DEAD, stored.answers, can_ask=False)


def _told(attempt: Attempt, person: Person, shown: Sequence[str]) -> Attempt:
    """What is kept of an attempt: what the other side said, and not whom it named."""
    answers: dict[str, Plain] = {
        name: without(person, said, *shown) for name, said in json.loads(attempt.answers).items()
    }
    error = without(person, attempt.error, *shown)[:_ERROR_LENGTH]
    return replace(attempt, error=error, answers=canonical_json(answers))


_ERROR_LENGTH = 500
"""Characters that are kept of what a failure said."""


def in_lanes(effects: Sequence[StoredEffect]) -> list[StoredEffect]:
    """The same effects, those of one order and lane in the order in which they were put in.

    A timer that fires late asks for things at the instant when it was due, and may so put in
    effects that were created before others of their lane.
    """
    lanes: dict[tuple[str, str], list[StoredEffect]] = defaultdict(list)
    for stored in effects:
        lanes[_lane(stored.effect)].append(stored)
    turns = {lane: iter(sorted(mine, key=lambda one: one.place)) for lane, mine in lanes.items()}
    return [next(turns[_lane(stored.effect)]) for stored in effects]


def _lane(effect: Effect) -> tuple[str, str]:
    return effect.order_id, effect.lane

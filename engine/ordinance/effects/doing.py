"""Doing one effect: its kind's calls to the ports, each under its own key."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ordinance.effects.circuit import Circuits
from ordinance.outside import Lookup, Outside, PortError, PortRefused, PortUnknown
from ordinance.rules.decision import Plain, canonical_json
from ordinance.stored import Effect, EffectState, StoredEffect

NOBODY_TO_ASK = (
    "comes out of a backup, and may have been done after that was made; nobody can be asked"
)

Step = Callable[[str, str, Callable[[], str | None]], str]
"""Calls a port: the adapter's name, the key of the call, and the call itself."""


@dataclass(frozen=True, slots=True)
class EffectKind:
    """The adapters that a kind of effect needs, and how it is done: what it answers goes into the
    order."""

    adapters: tuple[str, ...]
    do: Callable[[Effect, Mapping[str, Any], Outside, Step], str]


class StepFailed(Exception):
    """A call did not succeed. `outcome` is what it leaves the effect in."""

    def __init__(
        self,
        error: Exception,
        outcome: EffectState,
        answers: str,
        *,
        can_ask: bool,
        restored: bool = False,
    ) -> None:
        super().__init__(str(error) or type(error).__name__)
        self.error = error
        self.outcome = outcome
        self.answers = answers
        """Canonical JSON: what the calls before it answered."""
        self.can_ask = can_ask
        """Whether the port can be asked what became of a key."""
        self.restored = restored
        """Whether it may still have been done after the backup that it comes out of."""


def carry_out(
    stored: StoredEffect, outside: Outside, circuits: Circuits, now: datetime, *, again: bool
) -> str:
    """Do an effect; what the outside world answered.

    A call that was answered at an earlier try is not made again. Where the outcome is unknown, or
    a person takes the effect up again, a port that can be asked is asked first, and called only
    when it knows nothing of the key. What a restored effect asks of a port that cannot be asked is
    called only when its kind may be done `again`. Raises `StepFailed`.
    """
    effect, restored = stored.effect, stored.restored
    asking = stored.state is EffectState.UNKNOWN or stored.redriven > 0
    answers: dict[str, Plain] = json.loads(stored.answers)

    def step(adapter: str, key: str, call: Callable[[], str | None]) -> str:
        nonlocal restored
        port, name = getattr(outside, adapter), f"{adapter} {key}"
        can_ask = isinstance(port, Lookup)
        if name not in answers:
            if restored and not can_ask and not again:
                told = canonical_json(answers)
                raise StepFailed(
                    PortUnknown(NOBODY_TO_ASK),
                    EffectState.UNKNOWN,
                    told,
                    can_ask=False,
                    restored=True,
                )
            try:
                found = _looked_up(port, key) if asking and isinstance(port, Lookup) else None
                # Calls are made one after the other: after one that was never made came none.
                restored = restored and found is not None
                answers[name] = found if found is not None else call() or ""
            except Exception as error:
                outcome = _outcome(error)
                if outcome is EffectState.DEAD:
                    circuits.answered(adapter)
                else:
                    after = error.retry_after if isinstance(error, PortError) else None
                    circuits.failed(adapter, now, after)
                told = canonical_json(answers)
                raise StepFailed(
                    error, outcome, told, can_ask=can_ask, restored=restored
                ) from error
            circuits.answered(adapter)
        return str(answers[name])

    return KINDS[effect.kind].do(effect, json.loads(effect.payload), outside, step)


def _looked_up(port: Lookup, key: str) -> str | None:
    try:
        return port.lookup(key)
    except PortError as error:
        raise PortUnknown(f"asked, and not told: {error}", retry_after=error.retry_after) from error


def _outcome(error: Exception) -> EffectState:
    """A defect of a port counts as an unknown outcome: it may have struck after the request."""
    if isinstance(error, PortRefused):
        return EffectState.DEAD
    if isinstance(error, PortError) and not isinstance(error, PortUnknown):
        return EffectState.WAITING
    return EffectState.UNKNOWN


def _notify(effect: Effect, payload: Mapping[str, Any], outside: Outside, step: Step) -> str:
    step(
        "notifier",
        effect.key,
        lambda: outside.notifier.send(effect.key, payload["channel"], payload["template"], payload),
    )
    return "sent"


def _refund(effect: Effect, payload: Mapping[str, Any], outside: Outside, step: Step) -> str:
    def pay(key: str, transaction: str, amount: int) -> Callable[[], str]:
        return lambda: outside.payments.refund(key, effect.order_id, transaction, amount)

    return ",".join(
        step("payments", f"{effect.key}:{place}", pay(f"{effect.key}:{place}", *part))
        for place, part in enumerate(payload["split"])
    )


def _push(effect: Effect, payload: Mapping[str, Any], outside: Outside, step: Step) -> str:
    waybill = step(
        "carriers",
        effect.key,
        lambda: outside.carriers.waybill(
            effect.key, payload["carrier"], effect.order_id, payload["grams"]
        ),
    )
    step(
        "warehouses",
        effect.key,
        lambda: outside.warehouses.push(effect.key, payload["warehouse"], payload),
    )
    return waybill


def _call_back(effect: Effect, payload: Mapping[str, Any], outside: Outside, step: Step) -> str:
    step("warehouses", effect.key, lambda: outside.warehouses.push(effect.key, "", payload))
    return "cancelled"


KINDS: Mapping[str, EffectKind] = {
    "notify": EffectKind(("notifier",), _notify),
    "refund": EffectKind(("payments",), _refund),
    "warehouse.push": EffectKind(("carriers", "warehouses"), _push),
    "warehouse.cancel": EffectKind(("warehouses",), _call_back),
}
"""Every kind of effect that there is."""

"""Effects that do not go on by themselves: a person has to find out, and to decide."""

from __future__ import annotations

from collections.abc import Iterator

from ordinance.ports import EffectState, Storage


def stuck_effects(storage: Storage, shop: str) -> Iterator[tuple[str, str, str]]:
    """Invariant, order number and fact of each effect that was given up (I11), or of which nobody
    knows whether it happened and no port can be asked (I7)."""
    numbers: dict[str, str] = {}
    for stored in storage.effects(shop, (EffectState.UNKNOWN, EffectState.DEAD)):
        if stored.next_try is not None:
            continue
        effect = stored.effect
        if effect.order_id not in numbers:
            order = storage.find(shop, effect.order_id)
            numbers[effect.order_id] = order.number if order else effect.order_id
        tried = f"{stored.attempts} tries" if stored.attempts != 1 else "1 try"
        if stored.state is EffectState.DEAD:
            invariant, what = "I11", f"was given up after {tried}"
        else:
            invariant, what = "I7", f"is of unknown outcome after {tried}"
        yield (
            invariant,
            numbers[effect.order_id],
            f"{effect.kind} `{effect.key}` {what}: {stored.error}; find out whether it happened, "
            "then `ordinance effects retry` or `settle`",
        )

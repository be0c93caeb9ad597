"""The reckoning after a shift: everything is done that was left, and all of it has to add up."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from ordinance.audit.doctor import check
from ordinance.oms import Shop
from ordinance.orders.record import OrderRecord
from ordinance.orders.states import OrderState, ParcelState, RefundState
from ordinance.ports import EffectState, StoredEffect
from ordinance.pump import Pump
from ordinance_adapters.sqlite.store import SqliteStorage
from tests.crashes.hand import SHOP, HastyClock, Scene, send, settle
from tests.crashes.inspector import lost
from tests.crashes.journal import Journal, Read, read
from tests.crashes.provider import Provider, calls
from tests.crashes.steps import sound

DRAINED = timedelta(days=5)
"""How long after the shift the last retry has to be over."""

STEP = timedelta(hours=5)


def reckon(scene: Scene) -> tuple[Counter[str], list[str]]:
    """Let the clients come back and the shop work off what is left; counts, and all that is
    wrong then."""
    left = read(scene.journal).unanswered()
    clock = HastyClock(scene.began)
    shop = scene.shop(clock)
    journal = Journal(scene.journal)
    with shop.batch():
        for asked in left:
            send(shop, journal, asked)
    _drain(scene, shop)
    said = read(scene.journal)
    counts = Counter(
        {
            "orders": sum(asked.method == "place" for asked in said.asked.values()),
            "acknowledged": len(said.told),
            "refused": len(said.refused),
            "asked again in the end": len(left),
        }
    )
    counts.update(f"`{said.asked[key].method}`" for key in said.told if key in said.asked)
    faults = [*lost(shop.storage, said), *_once(shop, said), *_effects(scene, shop, counts)]
    scene.auditor.seal(shop.storage, shop.clock.now())
    faults += scene.auditor.alarms(shop.storage, all_sealed=True)
    counts["checkpoints"] = len(scene.auditor.notes())
    faults += [str(finding) for finding in check(shop.storage, SHOP, replay_decisions=True)]
    if isinstance(shop.storage, SqliteStorage):
        faults += sound(shop.storage)
    shop.close()
    return counts, faults


def _drain(scene: Scene, shop: Shop) -> None:
    """Nothing fails any more, and time goes on."""
    pump = Pump(shop, Provider(scene.ledger).outside)
    now = shop.clock.now()
    until = now + DRAINED
    while now < until:
        with shop.batch():
            settle(pump, now, limit=100_000)
        now += STEP


def _once(shop: Shop, said: Read) -> Iterator[str]:
    """Every order that was asked for is there once, and no other one."""
    wanted = Counter(
        asked.given["order"]["source_id"]
        for key, asked in said.asked.items()
        if asked.method == "place" and key not in said.refused
    )
    there = Counter(record.source_id for record in shop.orders())
    for name in wanted.keys() | there.keys():
        if wanted[name] != there[name]:
            yield f"order {name} was placed {wanted[name]} times and is there {there[name]} times"
    yield from (f"{asked.key} was never answered" for asked in said.unanswered())


def _effects(scene: Scene, shop: Shop, counts: Counter[str]) -> Iterator[str]:
    """What was asked for outside happened once, and nothing else did."""
    found = shop.storage.effects(SHOP, tuple(EffectState))
    done = [stored for stored in found if stored.state is EffectState.DONE]
    counts["effects"] = len(found)
    for stored in found:
        if stored.state is not EffectState.DONE:
            key, state = stored.effect.key, stored.state
            yield f"I11 {key} was left {state} after {stored.attempts} tries: {stored.error}"
    for record in shop.orders():
        yield from _asked_for(shop, record, {stored.effect.key for stored in found})
    theirs = calls(scene.ledger)
    counts["calls outside"] = theirs.total()
    counts["calls that came again"] = theirs.total() - len(theirs)
    expected = {call for stored in done for call in _calls(stored)}
    happened = {(port, key) for port, key, _ in theirs}
    if len(happened) != len(theirs):
        yield "a key came again with another content"
    for port, key in sorted(expected - happened):
        yield f"I11 {port} {key} is done, and the provider knows nothing of it"
    for port, key in sorted(happened - expected):
        yield f"I11 {port} {key} happened, and nobody had asked for it"


def _calls(stored: StoredEffect) -> list[tuple[str, str]]:
    """The calls that an effect comes to, by port and key."""
    key, kind = stored.effect.key, stored.effect.kind
    match kind:
        case "notify":
            return [("notifier", key)]
        case "refund":
            parts = json.loads(stored.effect.payload)["split"]
            return [("payments", f"{key}:{place}") for place in range(len(parts))]
        case "warehouse.push":
            return [("carriers", key), ("warehouses", key)]
        case _:
            return [("warehouses", key)]


def _asked_for(shop: Shop, record: OrderRecord, keys: set[str]) -> Iterator[str]:
    """Every effect that the order's history asked for is in the outbox, and its answer came in."""
    messages = 0
    for event in shop.storage.events(SHOP, record.id):
        if event.kind == "notice.decided":
            messages += len(json.loads(event.data)["messages"])
    notes = sum(key.startswith(f"{record.id}:notify:") for key in keys)
    if notes != messages:
        yield f"I11 {record.number}: {messages} messages were decided, {notes} were asked for"
    for refund in record.refunds.values():
        if refund.state is not RefundState.SUCCESS:
            yield f"I7 {record.number}: refund {refund.id} is {refund.state}"
        if f"{record.id}:refund:{refund.id}" not in keys:
            yield f"I11 {record.number}: nobody was asked to pay refund {refund.id}"
    for parcel in record.parcels.values():
        waits = parcel.state is ParcelState.WAIT_PUSH and record.state is OrderState.FULFILLING
        if waits and parcel.carrier and not record.open_holds:
            yield f"I11 {record.number}: parcel {parcel.id} was never pushed"

"""What has to hold after every crash and at the end, beside what the doctor checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import orjson

from ordinance.audit.checkpoint import PublicKey, origin_of
from ordinance.audit.doctor import check
from ordinance.audit.verifying import verify
from ordinance.orders.change import decode
from ordinance.orders.states import RefundState
from ordinance.ports import EffectState
from ordinance_adapters.signing import checks
from tests.simulation.world import World
from tests.tenants.twins import SIGNER

PATIENT = frozenset({"I7", "I11"})
"""What may stand while providers fail: a person sees to it before the end."""

ENDED = ("COMPLETED", "CANCELLED", "REFUSED")


def faults(world: World, *, at_the_end: bool) -> list[str]:
    """What is not as it was promised; empty when all is."""
    found = [
        str(finding)
        for finding in check(world.observer, world.name, audit_log=False)
        if at_the_end or finding.invariant not in PATIENT
    ]
    found += _altered(world)
    found += _lost_answers(world)
    found += _asked_for_once(world)
    if at_the_end:
        found += _ledgers(world)
        found += _right_payments(world)
        found += _forward(world)
        found += _kept_of_what_is_off(world)
        found += _still_going(world)
    return found


def _altered(world: World) -> Iterator[str]:
    """I16: the audit log is what those outside hold checkpoints of, and each chain holds."""
    public = PublicKey(origin_of(world.name), SIGNER.public())
    found = verify(world.observer, world.name, world.checkpoints, public, checks)
    for fault in found.faults:
        yield f"I16: {fault.row and fault.row.told} {fault.wrong}: {fault.text()}"


def _lost_answers(world: World) -> Iterator[str]:
    """I8: what was answered is there, and stays."""
    kept = {key for (key,) in world.sql("SELECT key FROM commands")}
    for key in world.acknowledged:
        if key not in kept:
            yield f"I8: `{key}` was answered and is lost"


def _asked_for_once(world: World) -> Iterator[str]:
    """I11: everything that an order's history asks for outside has its one row in the outbox, and
    nothing else has."""
    wanted: set[tuple[str, str]] = set()
    rows = world.sql(
        "SELECT order_id, kind, data FROM events WHERE kind IN ('notice.decided', 'refund.opened')"
    ).fetchall()
    for order, kind, data in rows:
        read = orjson.loads(data)
        if kind == "refund.opened":
            wanted.add((order, f"refund:{read['refund']}"))
        elif kind == "notice.decided":
            wanted.update((order, f"notify {message}") for message in read["messages"])
    have: dict[tuple[str, str], int] = {}
    for order, key, kind, payload in world.sql(
        "SELECT order_id, key, kind, payload FROM outbox WHERE kind IN ('notify', 'refund')"
    ):
        if kind == "refund":
            name = key.removeprefix(f"{order}:")
        else:
            read = orjson.loads(payload)
            name = f"notify {read['notice']}:{read['channel']}"
        have[order, name] = have.get((order, name), 0) + 1
    for order, name in sorted(wanted - have.keys()):
        yield f"I11: {order} asked for `{name}`, which is in no outbox"
    for order, name in sorted(have.keys() - wanted):
        yield f"I11: {order} never asked for `{name}`"


def _ledgers(world: World) -> Iterator[str]:
    """I7: what the providers did is what the store says they did, once each."""
    outside = world.outside
    ours: dict[str, int] = {}
    for (document,) in world.sql("SELECT document FROM orders"):
        record = decode(document)
        for refund in record.refunds.values():
            if refund.state is RefundState.SUCCESS:
                for place, (_, amount) in enumerate(refund.split):
                    ours[f"{record.id}:refund:{refund.id}:{place}"] = amount
            else:
                yield f"I19: refund {refund.id} of {record.number} is {refund.state}"
    theirs = {key: amount for key, amount in outside.bank.amounts.items() if amount}
    for key in sorted(ours.keys() | theirs.keys()):
        if ours.get(key) != theirs.get(key):
            yield f"I7: `{key}`: the bank paid {theirs.get(key)}, the store says {ours.get(key)}"
    for provider in outside.all:
        for key, times in provider.ledger.items():
            if len(times) > 1:
                yield f"I7: `{key}` was done {len(times)} times"
    for effect in world.observer.effects(world.name, (EffectState.WAITING, EffectState.UNKNOWN)):
        yield f"I11: `{effect.effect.key}` is {effect.state} at the end"


def _right_payments(world: World) -> Iterator[str]:
    """I6: refunds go to payments of their own order, and none gives back more than it is."""
    paid: dict[tuple[str, str], int] = {}
    for order, document in world.sql("SELECT id, document FROM orders"):
        for payment in decode(document).payments.values():
            place = (order, payment.transaction)
            paid[place] = paid.get(place, 0) + payment.amount
    back: dict[tuple[str, str], int] = {}
    for key, place in world.outside.bank.paid_to.items():  # type: ignore[attr-defined]
        back[place] = back.get(place, 0) + world.outside.bank.amounts[key]
    for place, amount in sorted(back.items()):
        if amount > paid.get(place, 0):
            yield f"I6: {amount} went back to {place}, of {paid.get(place, 0)} that came from there"


def _forward(world: World) -> Iterator[str]:
    """I13: what a parcel is known to have done by the latest scan is never taken back."""
    latest: dict[tuple[str, str], tuple[str, str]] = {}
    for order, version, changes in world.sql(
        "SELECT order_id, version, changes FROM events WHERE changes LIKE '%\"parcels/%'"
        " ORDER BY order_id, version"
    ):
        for path, _, after in orjson.loads(changes):
            if not path.startswith("parcels/") or "last_scan_at" not in after:
                continue
            scanned = datetime.fromisoformat(after["last_scan_at"]).astimezone(UTC).isoformat()
            state = (scanned, after.get("delivered_at", ""))
            before = latest.get((order, path), ("", ""))
            if state[0] < before[0] or (before[1] and state[1] != before[1]):
                yield f"I13: {order} {path} went back from {before} to {state} at {version}"
            latest[order, path] = state


def _kept_of_what_is_off(world: World) -> Iterator[str]:
    """I6: of an order that is off, and of which nothing was sent, no money is kept."""
    rows = world.sql(
        "SELECT number, paid, refunded FROM orders WHERE order_state IN ('CANCELLED', 'REFUSED')"
        " AND paid <> refunded AND document NOT LIKE '%\"shipped\":%'"
    )
    for number, paid, refunded in rows.fetchall():
        yield f"I6: {number} is off, {paid} came in, and {refunded} went back"


def _still_going(world: World) -> Iterator[str]:
    """I19: every order is over, or says what it waits for."""
    going = world.sql(
        "SELECT number, order_state, document FROM orders WHERE order_state NOT IN (?, ?, ?)",
        ENDED,
    )
    for number, state, document in going.fetchall():
        holds = orjson.loads(document).get("holds", {})
        if not any("closed_at" not in hold for hold in holds.values()):
            yield f"I19: {number} is {state}, and nothing says what it waits for"

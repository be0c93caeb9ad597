"""How the plain values of the ports become rows, and rows become values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from ordinance.inventory import OnItsWay, PoolLevel
from ordinance.ports import (
    EntryKind,
    Movement,
    MovementKind,
    Reservation,
    StockLevel,
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

Row = tuple[Any, ...]


def _columns(kind: type) -> str:
    """The columns of a value, in the order of its fields, which its row then has too."""
    return ", ".join(field.name for field in fields(kind))


COMMAND = _columns(StoredCommand)
ORDER = _columns(StoredOrder)
EVENT = _columns(StoredEvent)
DECISION = _columns(StoredDecision)
RULES = _columns(StoredRules)
RELEASE = _columns(StoredRelease)
ENTRY = _columns(StoredEntry)
TRIAL = _columns(StoredTrial)
MOVEMENT = _columns(Movement)
LEVEL = _columns(StockLevel).removesuffix(", own")
RESERVATION = _columns(Reservation)
POOL = _columns(PoolLevel)
ON_ITS_WAY = _columns(OnItsWay)
TIMER = _columns(Timer)
BLOCK = _columns(StoredBlock)


def instant_text(at: datetime) -> str:
    """UTC with microseconds, always 27 characters: the texts sort as the instants do."""
    return _instant_text(at, at.fold)


@lru_cache(maxsize=64)
def _instant_text(at: datetime, fold: int) -> str:
    """The rows of one command share a few instants. Those of a repeated hour are equal but for
    their fold, which is why that is asked for."""
    if at.tzinfo is None:
        raise ValueError(f"an instant needs a time zone: {at.isoformat()}")
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:26] + "Z"


def instant(text: str) -> datetime:
    """The instant that `instant_text` wrote, in UTC."""
    return datetime.fromisoformat(text)


def command_row(command: StoredCommand) -> Row:
    return (command.shop, command.key, command.body_hash, command.result, instant_text(command.at))


def command(row: Row) -> StoredCommand:
    shop, key, body_hash, result, at = row
    return StoredCommand(shop, key, body_hash, result, instant(at))


def order_row(order: StoredOrder) -> Row:
    return (
        order.shop,
        order.id,
        order.number,
        order.channel,
        order.source_id,
        order.version,
        order.status,
        order.order_state,
        order.buyer_id,
        instant_text(order.placed_at),
        order.receivable,
        order.paid,
        order.refunded,
        order.document,
        order.head,
    )


def order(row: Row) -> StoredOrder:
    return StoredOrder(
        shop=row[0],
        id=row[1],
        number=row[2],
        channel=row[3],
        source_id=row[4],
        version=row[5],
        status=row[6],
        order_state=row[7],
        buyer_id=row[8],
        placed_at=instant(row[9]),
        receivable=row[10],
        paid=row[11],
        refunded=row[12],
        document=row[13],
        head=row[14],
    )


def event_rows(events: Sequence[StoredEvent]) -> list[Row]:
    return [
        (
            event.shop,
            event.order_id,
            event.version,
            event.kind,
            instant_text(event.at),
            event.actor,
            event.cause,
            event.changes,
            event.data,
            event.evidence,
            event.hash,
        )
        for event in events
    ]


def event(row: Row) -> StoredEvent:
    shop, order_id, version, kind, at, *said = row
    return StoredEvent(shop, order_id, version, kind, instant(at), *said)


def decision_rows(decisions: Sequence[StoredDecision]) -> list[Row]:
    return [
        (
            decision.shop,
            decision.order_id,
            decision.seq,
            decision.point,
            instant_text(decision.at),
            decision.outcome,
            decision.rules_hash,
            decision.facts_hash,
            decision.record,
            decision.published,
        )
        for decision in decisions
    ]


def decision(row: Row) -> StoredDecision:
    shop, order_id, seq, point, at, outcome, rules_hash, facts_hash, record, published = row
    return StoredDecision(
        shop, order_id, seq, point, instant(at), outcome, rules_hash, facts_hash, record, published
    )


def rules_row(rules: StoredRules) -> Row:
    return (
        rules.shop,
        rules.rules_hash,
        rules.point,
        rules.file,
        rules.source,
        instant_text(rules.first_used),
    )


def rules(row: Row) -> StoredRules:
    shop, rules_hash, point, file, source, first_used = row
    return StoredRules(shop, rules_hash, point, file, source, instant(first_used))


def release_row(release: StoredRelease) -> Row:
    return (
        release.shop,
        release.version,
        release.hash,
        release.base,
        release.author,
        release.note,
        instant_text(release.at),
        release.files,
        release.rules,
    )


def release(row: Row) -> StoredRelease:
    shop, version, hash, base, author, note, at, files, rules = row
    return StoredRelease(shop, version, hash, base, author, note, instant(at), files, rules)


def entry_row(entry: StoredEntry) -> Row:
    return (
        entry.shop,
        entry.seq,
        entry.kind.value,
        entry.version,
        entry.actor,
        entry.note,
        instant_text(entry.at),
        entry.live,
        entry.since,
        entry.shadow,
        int(entry.approval),
    )


def entry(row: Row) -> StoredEntry:
    shop, seq, kind, version, actor, note, at, live, since, shadow, approval = row
    return StoredEntry(
        shop,
        seq,
        EntryKind(kind),
        version,
        actor,
        note,
        instant(at),
        live,
        since,
        shadow,
        bool(approval),
    )


def trial_rows(trials: Sequence[StoredTrial]) -> list[Row]:
    return [
        (
            trial.shop,
            trial.order_id,
            trial.seq,
            trial.version,
            trial.point,
            instant_text(trial.at),
            trial.live,
            trial.outcome,
            int(trial.same),
            trial.live_hash,
            trial.rules_hash,
            trial.facts_hash,
            trial.record,
        )
        for trial in trials
    ]


def trial(row: Row) -> StoredTrial:
    shop, order_id, seq, version, point, at, live, outcome, same, *rest = row
    live_hash, rules_hash, facts_hash, record = rest
    return StoredTrial(
        shop,
        order_id,
        seq,
        version,
        point,
        instant(at),
        live,
        outcome,
        bool(same),
        live_hash,
        rules_hash,
        facts_hash,
        record,
    )


def movement_row(movement: Movement, *, pool: str | None = None) -> Row:
    """`pool`: where the pieces came from, if that is not what was asked for."""
    return (
        movement.shop,
        movement.warehouse,
        movement.sku,
        movement.kind.value,
        movement.quantity,
        instant_text(movement.at),
        movement.actor,
        movement.cause,
        movement.order_id,
        movement.pool if pool is None else pool,
        movement.token,
        movement.transfer,
        movement.counterpart,
        movement.note,
    )


def movement(row: Row) -> Movement:
    shop, warehouse, sku, kind, quantity, at, *rest = row
    return Movement(shop, warehouse, sku, MovementKind(kind), quantity, instant(at), *rest)


def level(row: Row) -> StockLevel:
    return StockLevel(*row)


def reservation(row: Row) -> Reservation:
    holder, sku, warehouse, pool_name, pieces, expires_at = row
    until = instant(expires_at) if expires_at else None
    return Reservation(holder, sku, warehouse, pool_name, pieces, until)


def reservation_row(held: Reservation) -> Row:
    until = instant_text(held.expires_at) if held.expires_at is not None else None
    return (held.holder, held.sku, held.warehouse, held.pool, held.pieces, until)


def pool(row: Row) -> PoolLevel:
    return PoolLevel(*row)


def on_its_way(row: Row) -> OnItsWay:
    return OnItsWay(*row)


def timer_row(timer: Timer) -> Row:
    return (timer.shop, timer.order_id, timer.kind, timer.name, instant_text(timer.due))


def timer(row: Row) -> Timer:
    shop, order_id, kind, name, due = row
    return Timer(shop, order_id, kind, name, instant(due))


def block_row(block: StoredBlock) -> Row:
    until = instant_text(block.until) if block.until else None
    return (
        block.shop,
        block.sku,
        block.warehouse,
        until,
        block.reason,
        block.by,
        instant_text(block.at),
    )


def block(row: Row) -> StoredBlock:
    shop, sku, warehouse, until, reason, by, at = row
    return StoredBlock(
        shop, sku, warehouse, instant(until) if until else None, reason, by, instant(at)
    )

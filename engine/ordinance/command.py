"""Running a command: load, decide, change, store; whole or not at all, once per key."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ordinance.fulfilment import parcels, tracking
from ordinance.orders import completion, intake, review
from ordinance.orders.change import Change, decode, encode
from ordinance.orders.desk import RULE_FAILED, DecisionFailed, Desk, hold
from ordinance.orders.pipeline import Stage, advance
from ordinance.ports import (
    Ids,
    Storage,
    StoredCommand,
    StoredDecision,
    StoredOrder,
    StoredRules,
    Timer,
    Transaction,
)
from ordinance.profile import Profile
from ordinance.releases.force import InForce, RulesInForce
from ordinance.rules import Words
from ordinance.rules.decision import Plain, canonical_json
from ordinance.service import notices
from ordinance.stock import sourcing

STAGES = (
    Stage("validate", Words("初步校验", "check"), intake.ready_to_validate, intake.validate),
    Stage("review", Words("审核", "review"), review.ready_to_review, review.review),
    Stage("allocate", Words("分仓", "allocate"), sourcing.ready_to_allocate, sourcing.allocate),
    Stage("pack", Words("打包", "pack"), parcels.ready_to_pack, parcels.pack),
    Stage("receive", Words("无需发货", "no goods"), completion.nothing_to_ship, completion.receive),
    Stage("settle", Words("送达", "arrive"), tracking.all_settled, tracking.settle),
    Stage(
        "complete",
        Words("完成", "complete"),
        completion.ready_to_complete,
        completion.plan_completion,
    ),
    Stage(
        "archive", Words("归档", "archive"), completion.ready_to_archive, completion.plan_archive
    ),
)
"""The way of an order, in order; the first stage that is ready runs."""

_PATIENCE = 3
"""How often rules that were just published are compiled before a command takes the store."""


class KeyReused(Exception):
    """An idempotency key came back with another body; nothing was done."""


class UnknownOrder(Exception):
    """No order of this shop has that id, number or source id."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a command answers: the order, its public number, its status, and what is new."""

    order: str
    number: str
    status: str
    version: int
    created: bool = False
    repeated: bool = False
    """True when the key was known: the answer is the stored one and nothing was done."""


class Runner:
    """Runs commands on orders of one shop against a store."""

    def __init__(self, storage: Storage, profile: Profile, rules: RulesInForce, ids: Ids) -> None:
        self.storage = storage
        self.profile = profile
        self.rules = rules
        self.ids = ids
        self.zone = ZoneInfo(profile.zone)
        self._kept_rules: set[str] = set()

    def run(
        self,
        key: str,
        body: Mapping[str, Plain],
        do: Callable[[Change, Desk], None],
        *,
        now: datetime,
        actor: str,
        order_id: str | None = None,
        begin: Callable[[Desk], Change] | None = None,
    ) -> Receipt:
        """Run one command under its idempotency key.

        `begin` makes the change of a new order; otherwise the order `order_id` is loaded.
        Raises `KeyReused`, `UnknownOrder`, and whatever `do` refuses with; then nothing is stored.
        """
        body_hash = hashlib.sha256(canonical_json(dict(body)).encode()).hexdigest()

        def work(tx: Transaction, rules: InForce) -> Receipt:
            shop = self.profile.shop
            known = tx.command(shop, key)
            if known is not None:
                if known.body_hash != body_hash:
                    raise KeyReused(
                        f"key `{key}` was used before with another content; use a new key"
                    )
                return Receipt(**{**json.loads(known.result), "repeated": True})
            desk = Desk(self.profile, rules, tx, self.ids, self.zone)
            if begin is not None:
                change = begin(desk)
            else:
                change = self._load(tx, order_id or "", now=now, actor=actor, cause=key)
            self._work(change, desk, do)
            receipt = self._store(tx, rules, change, created=begin is not None)
            result = canonical_json(
                {
                    "order": receipt.order,
                    "number": receipt.number,
                    "status": receipt.status,
                    "version": receipt.version,
                    "created": receipt.created,
                }
            )
            tx.keep_command(StoredCommand(shop, key, body_hash, result, now))
            return receipt

        return self._with_rules(work)

    def _with_rules(self, work: Callable[[Transaction, InForce], Receipt]) -> Receipt:
        """Do `work` in one transaction, by the rules that are in force in that transaction.

        Rules that are new to this process are compiled between two transactions, so that nobody
        waits for the store meanwhile; only when they change again and again, inside one.
        """
        for _ in range(_PATIENCE):
            with self.storage.transaction() as tx:
                end = tx.journal_end(self.profile.shop)
                ready = self.rules.ready(end)
                if ready is not None:
                    return work(tx, ready)
            self.rules.compiled(end)
        with self.storage.transaction() as tx:
            return work(tx, self.rules.compiled(tx.journal_end(self.profile.shop)))

    def _load(
        self, tx: Transaction, order_id: str, *, now: datetime, actor: str, cause: str
    ) -> Change:
        stored = tx.order(self.profile.shop, order_id)
        if stored is None:
            raise UnknownOrder(f"shop {self.profile.shop} has no order `{order_id}`")
        return Change(decode(stored.document), stored.version, now=now, actor=actor, cause=cause)

    def _work(self, change: Change, desk: Desk, do: Callable[[Change, Desk], None]) -> None:
        """Do the command, then let the order go on as far as it can.

        A rule set that cannot decide holds the order with the reason; it is never waved through.
        """
        try:
            do(change, desk)
            advance(change, desk, STAGES)
            notices.notify(change, desk)
        except DecisionFailed as failed:
            hold(change, RULE_FAILED, failed.point, why=failed.why)

    def _store(self, tx: Transaction, rules: InForce, change: Change, *, created: bool) -> Receipt:
        record = change.record
        if change.version == change.base_version:
            change.happen("command.without_effect", {"state": str(record.state)})
            record = change.record
        tx.save_order(
            StoredOrder(
                shop=record.shop,
                id=record.id,
                number=record.number,
                channel=record.channel,
                source_id=record.source_id,
                version=change.version,
                status=record.status,
                order_state=str(record.state),
                buyer_id=record.buyer_id,
                placed_at=record.placed_at,
                receivable=record.receivable,
                paid=record.paid,
                refunded=record.refunding,
                document=encode(record),
            ),
            expected_version=change.base_version,
        )
        tx.append_events(change.events)
        for decided in change.decided:
            tx.keep_facts(record.shop, decided.stored.facts_hash, decided.snapshot)
            self._keep_rules(tx, rules, decided.stored, change.now)
        tx.append_decisions([decided.stored for decided in change.decided])
        trials = [decided.trial for decided in change.decided if decided.trial is not None]
        if trials:
            tx.append_trials(trials)
        for timer in change.timers:
            if isinstance(timer, Timer):
                tx.schedule(timer)
            else:
                tx.unschedule(record.shop, record.id, *timer)
        for effect in change.effects:
            tx.enqueue(effect)
        return Receipt(record.id, record.number, record.status, change.version, created)

    def _keep_rules(
        self, tx: Transaction, rules: InForce, decision: StoredDecision, now: datetime
    ) -> None:
        """Keep the source of the rules that a decision names, so that it can be explained."""
        if decision.rules_hash in self._kept_rules:
            return
        used = rules.book[decision.point]
        tx.keep_rules(
            StoredRules(
                self.profile.shop, decision.rules_hash, decision.point, used.file, used.source, now
            )
        )
        self._kept_rules.add(decision.rules_hash)

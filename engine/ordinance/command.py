"""Running a command: load, decide, change, store; whole or not at all, once per key."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from ordinance.keyed import done_before, fingerprint
from ordinance.orders.change import Change, encode
from ordinance.orders.desk import Desk
from ordinance.orders.queue import waits_of
from ordinance.ports import (
    Ids,
    Optimiser,
    OutcomeUnknown,
    Storage,
    StoredCommand,
    StoredDecision,
    StoredEntry,
    StoredOrder,
    StoredRules,
    Timer,
    Transaction,
)
from ordinance.profile import Profile
from ordinance.releases.force import RulesInForce
from ordinance.rules.decision import Plain, canonical_json
from ordinance.seen import read_seen, with_new, written_seen
from ordinance.several import Several

_Answer = TypeVar("_Answer")

_PATIENCE = 3
"""How often rules that were just published are compiled before a command takes the store."""


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


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command on several orders answers: what it says, and each order that it changed."""

    told: Mapping[str, Any]
    orders: tuple[Receipt, ...]
    repeated: bool = False
    """True when the key was known: the answer is the stored one and nothing was done."""


def _plain(receipt: Receipt) -> dict[str, Plain]:
    """A receipt as it is stored; whether it was repeated is not known yet."""
    return {
        "order": receipt.order,
        "number": receipt.number,
        "status": receipt.status,
        "version": receipt.version,
        "created": receipt.created,
    }


def _receipt(stored: Mapping[str, Any], repeated: bool) -> Receipt:
    return Receipt(**stored, repeated=repeated)


class Runner:
    """Runs commands on orders of one shop against a store."""

    def __init__(
        self,
        storage: Storage,
        profile: Profile,
        rules: RulesInForce,
        ids: Ids,
        optimiser: Optimiser | None = None,
    ) -> None:
        self.storage = storage
        self.profile = profile
        self.rules = rules
        self.ids = ids
        self.optimiser = optimiser
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

        Other orders that `do` opens at the desk go on along their way and are stored with it.
        `begin` makes the change of a new order; otherwise the order `order_id` is loaded.
        Raises `KeyReused`, `UnknownOrder`, and whatever `do` refuses with; then nothing is stored.
        """

        def work(several: Several) -> Receipt:
            change = several.begin(begin) if begin is not None else several.open(order_id or "")
            several.go_on(change, do)
            return self._finished(several, change, created=begin is not None)[change.record.id]

        result, repeated = self._once(
            key, body, lambda several: _plain(work(several)), now=now, actor=actor
        )
        return _receipt(result, repeated)

    def run_on_many(
        self,
        key: str,
        body: Mapping[str, Plain],
        do: Callable[[Several], Mapping[str, Plain] | None],
        *,
        now: datetime,
        actor: str,
    ) -> Outcome:
        """Run one command on any number of orders, all of it stored together or not at all.

        `do` opens the orders that it needs and says what came of it. Each order that it opened
        then goes on along its way, in the order of opening, and is stored if anything happened.
        Raises like `run`; a decision that fails while `do` works outside of `Several.on` too.
        """

        def work(several: Several) -> dict[str, Plain]:
            told = do(several) or {}
            receipts = self._finished(several).values()
            return {"told": dict(told), "orders": [_plain(receipt) for receipt in receipts]}

        result, repeated = self._once(key, body, work, now=now, actor=actor)
        return Outcome(
            told=result["told"],
            orders=tuple(_receipt(item, repeated) for item in result["orders"]),
            repeated=repeated,
        )

    def _finished(
        self, several: Several, done: Change | None = None, *, created: bool = False
    ) -> dict[str, Receipt]:
        """Let the opened orders go on and store them; their receipts by id, in opening order.

        `done` has gone on already, and is stored even if nothing happened to it.
        """
        for change in several.opened():
            if change is not done:
                several.go_on(change)
        return {
            change.record.id: self._store(several, change, created=created and change is done)
            for change in several.opened()
            if change.events or change is done
        }

    def _once(
        self,
        key: str,
        body: Mapping[str, Plain],
        work: Callable[[Several], dict[str, Plain]],
        *,
        now: datetime,
        actor: str,
    ) -> tuple[dict[str, Any], bool]:
        """The answer stored under `key`, or that of `work`, and whether it was stored before."""
        body_hash = fingerprint(dict(body))

        def do(desk: Desk) -> tuple[dict[str, Any], bool]:
            known = done_before(desk.tx, self.profile.shop, key, body_hash)
            if known is not None:
                return json.loads(known.result), True
            answer = work(Several(desk, now=now, actor=actor, cause=key))
            result = canonical_json(answer)
            desk.tx.keep_command(StoredCommand(self.profile.shop, key, body_hash, result, now))
            return json.loads(result), False

        return self._with_rules(do)

    def _with_rules(self, work: Callable[[Desk], _Answer]) -> _Answer:
        """Do `work` in one transaction, by the rules that are in force in that transaction.

        Rules that are new to this process are compiled between two transactions, so that nobody
        waits for the store meanwhile; only when they change again and again, inside one.
        """

        left = _PATIENCE

        def do(tx: Transaction) -> tuple[Desk, _Answer] | StoredEntry | None:
            end = tx.journal_end(self.profile.shop)
            ready = self.rules.ready(end)
            if ready is None and left:
                return end
            rules = ready or self.rules.compiled(end)
            desk = Desk(self.profile, rules, tx, self.ids, self.zone, self.optimiser)
            return desk, work(desk)

        while not isinstance(done := self._stored(do), tuple):
            self.rules.compiled(done)
            left -= 1
        desk, answer = done
        self._kept_rules |= desk.kept_rules
        return answer

    def _stored(self, do: Callable[[Transaction], _Answer]) -> _Answer:
        """Do it in one transaction; once more where nobody knows whether it was stored, for its
        key says whether it was."""
        try:
            return self.storage.transact(do)
        except OutcomeUnknown:
            return self.storage.transact(do)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Group many commands into one commit; each stays all-or-nothing."""
        try:
            with self.storage.batch():
                yield
        except BaseException:
            # What they kept of the rules is undone with them.
            self._kept_rules.clear()
            raise

    def _store(self, several: Several, change: Change, *, created: bool) -> Receipt:
        tx = several.desk.tx
        if change.version == change.base_version or change.decisions != change.record.decisions:
            change.happen("command.without_effect", {"state": str(change.record.state)})
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
                head=change.head,
            ),
            expected_version=change.base_version,
        )
        tx.append_events(change.events)
        waits = waits_of(record)
        if waits != waits_of(change.before):
            tx.keep_waiting(record.shop, record.id, waits)
        snapshots: dict[str, str] = {}
        for decided in change.decided:
            snapshots.setdefault(decided.stored.facts_hash, decided.snapshot)
            self._keep_rules(several.desk, decided.stored, change.now)
        tx.keep_facts(record.shop, snapshots)
        tx.append_decisions([decided.stored for decided in change.decided])
        self._keep_seen(tx, change)
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

    def _keep_seen(self, tx: Transaction, change: Change) -> None:
        """Keep with the person what the decisions have seen of them that is new."""
        shown = [(one.stored.seq, one.personal) for one in change.decided if one.personal]
        if not shown:
            return
        shop, person = change.record.shop, change.record.person
        before = read_seen(tx.seen(shop, person) if change.base_version else None)
        seen = with_new(before, shown)
        if len(seen) > len(before):
            tx.keep_seen(shop, person, written_seen(seen))

    def _keep_rules(self, desk: Desk, decision: StoredDecision, now: datetime) -> None:
        """Keep the source of the rules that a decision names, so that it can be explained."""
        known = decision.rules_hash in self._kept_rules or decision.rules_hash in desk.kept_rules
        if known:
            return
        used = desk.rules.book[decision.point]
        desk.tx.keep_rules(
            StoredRules(
                self.profile.shop, decision.rules_hash, decision.point, used.file, used.source, now
            )
        )
        desk.kept_rules.add(decision.rules_hash)

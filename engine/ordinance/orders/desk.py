"""The desk a stage works at: the rules, the shop's profile and the open transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from ordinance.orders.change import Change, Decided
from ordinance.orders.person import Person
from ordinance.orders.record import Hold, OrderRecord
from ordinance.ports import Ids, Optimiser, StoredDecision, Transaction
from ordinance.profile import Profile
from ordinance.releases.force import InForce
from ordinance.releases.outcome import in_one_word
from ordinance.rules import DecidingError, Decision, FactError, Facts, Ruleset, Value
from ordinance.rules.deciding.texts import Texts
from ordinance.rules.law import PREFIX
from ordinance.rules.rulebook import Objection

FactMap = Mapping[str, Value]


RULE_FAILED = "RULE_FAILED"
"""The hold of an order that the rules could not decide on."""


class DecisionFailed(Exception):
    """A rule set could not decide; the order is held, never waved through."""

    def __init__(self, point: str, why: str) -> None:
        self.point, self.why = point, why
        super().__init__(f"{point}: {why}")


class Orders(Protocol):
    """The orders that a command works on: others than its own may be changed together with it."""

    def open(self, order_id: str) -> Change:
        """The change of an order that is stored, the same one each time; it goes on its way too."""
        ...

    def record(self, order_id: str) -> OrderRecord:
        """An order as it is after what the command has done so far; it is not opened by that."""
        ...

    def on(self, order_id: str, do: Callable[[Change, Desk], None]) -> Change:
        """Do something with one order; rules that cannot decide hold this order alone."""
        ...


@dataclass(frozen=True, slots=True)
class Asked:
    """A decision that is not recorded yet, with what it was made from."""

    decision: Decision
    rules: Ruleset
    facts: Facts


@dataclass
class Kept:
    """What is worked out once for all decisions of a command: facts of its orders, their texts."""

    texts: Texts = field(default_factory=Texts)
    history: dict[str, FactMap] = field(default_factory=dict)
    """The facts of the buyer's past, by order."""
    orders: dict[str, tuple[tuple[object, ...], FactMap]] = field(default_factory=dict)
    """The facts of an order with what they were made from, by order."""
    persons: dict[str, Person] = field(default_factory=dict)
    """The personal data that is stored, by order."""
    receivers: dict[str, tuple[Person, str | None, FactMap]] = field(default_factory=dict)
    """The facts of personal data, with that and the region, by order."""
    whole: dict[str, tuple[tuple[object, ...], FactMap]] = field(default_factory=dict)
    """All of these together with what they were put together from, by order."""
    payments: dict[str, tuple[object, bool]] = field(default_factory=dict)
    """Whether a payment was seen before, with the payments, by order."""
    goods: dict[str, tuple[object, Sequence[FactMap]]] = field(default_factory=dict)
    """The facts of the goods with the lines that they were made from, by order."""
    local: tuple[datetime, datetime] | None = None
    """An instant, and the same one in the zone of the shop."""


@dataclass
class Desk:
    """What a stage needs besides the change it fills. One command decides by one release."""

    profile: Profile
    rules: InForce
    tx: Transaction
    ids: Ids
    zone: ZoneInfo
    optimiser: Optimiser | None = None
    """Improves plans of splits that could not be proved; None where none is installed."""
    kept: Kept = field(default_factory=Kept)
    """What the decisions of this command have in common."""
    kept_rules: set[str] = field(default_factory=set)
    """The sources of rules that this transaction keeps, by their hash."""
    orders: Orders = field(init=False, repr=False)
    """Set by the command."""

    def local(self, at: datetime) -> datetime:
        """An instant in the shop's zone."""
        kept = self.kept.local
        if kept is None or kept[0] is not at:
            kept = self.kept.local = (at, at.astimezone(self.zone))
        return kept[1]

    def decide(
        self,
        change: Change,
        point: str,
        facts: FactMap,
        *,
        lines: Sequence[FactMap] = (),
        candidates: Sequence[FactMap] = (),
    ) -> Decision:
        """Ask a decision point and record the decision in the change.

        Raises `DecisionFailed` when the rules could not decide, or not within the law.
        """
        asked = self._asked(change.now, point, self._ready(facts, lines, candidates))
        self.record(change, asked)
        self._lawful(change, asked.decision, asked.facts)
        return asked.decision

    def ask(
        self,
        now: datetime,
        point: str,
        facts: FactMap,
        *,
        lines: Sequence[FactMap] = (),
        candidates: Sequence[FactMap] = (),
    ) -> Asked:
        """Ask a decision point about several orders at once; `record` it in each that it changes.

        Raises `DecisionFailed` when the rules could not decide, or not within the law.
        """
        asked = self._asked(now, point, self._ready(facts, lines, candidates))
        objection = self._objection(asked.decision, asked.facts)
        if objection is not None:
            raise _against(objection)
        return asked

    def _ready(
        self, facts: FactMap, lines: Sequence[FactMap], candidates: Sequence[FactMap]
    ) -> Facts:
        return Facts.prepared(facts, lines=lines, candidates=candidates, texts=self.kept.texts)

    def _asked(self, now: datetime, point: str, ready: Facts) -> Asked:
        ruleset = self.rules.book.get(point)
        if ruleset is None:
            raise DecisionFailed(point, "no rule set answers this question")
        try:
            decision = ruleset.decide(ready, at=self.local(now))
        except (FactError, DecidingError) as error:
            raise DecisionFailed(point, str(error)) from error
        return Asked(decision, ruleset, ready)

    def record(self, change: Change, asked: Asked) -> None:
        """Record a decision in the history of an order."""
        self._keep(change, asked.decision, asked.rules, asked.facts)

    def _lawful(self, change: Change, decision: Decision, facts: Facts) -> None:
        """Raise `DecisionFailed` when the law objects; its own decision is recorded too."""
        objection = self._objection(decision, facts)
        if objection is not None:
            law = objection.decision
            self._keep(change, law, self.rules.book[law.point], objection.facts)
            raise _against(objection)

    def _objection(self, decision: Decision, facts: Facts) -> Objection | None:
        try:
            return self.rules.book.objection(decision, facts)
        except (FactError, DecidingError) as error:
            raise DecisionFailed(PREFIX + decision.point, str(error)) from error

    def _keep(self, change: Change, decision: Decision, ruleset: Ruleset, facts: Facts) -> None:
        """Record a decision in the change."""
        record = change.record
        stored = StoredDecision(
            shop=record.shop,
            order_id=record.id,
            seq=change.decisions + 1,
            point=decision.point,
            at=change.now,
            outcome=in_one_word(decision),
            rules_hash=decision.rules_hash,
            facts_hash=decision.facts_hash,
            record=decision.to_json(),
            published=self.rules.entry,
        )
        snapshot = ruleset.written(facts)
        trial = None
        if self.rules.candidate is not None:
            at = self.local(change.now)
            trial = self.rules.candidate.trial(facts, at, self.rules.book, decision, stored)
        change.decided.append(
            Decided(stored, snapshot, decision.fired, trial, ruleset.personal(facts))
        )
        change.decisions += 1


def _against(objection: Objection) -> DecisionFailed:
    """How a decision fails that the law holds something against."""
    law = objection.decision
    return DecisionFailed(law.point, f"{law.outcome['verdict']}: {why(law)}")


def why(decision: Decision) -> str:
    """Which rules decided, in one word for an event: `review.risk:R1+R2`."""
    return f"{decision.point}:{'+'.join(decision.fired) or decision.settled_by}"


def hold(
    change: Change,
    code: str,
    rule: str,
    *,
    blocks: str = "all",
    part: str | None = None,
    **data: str,
) -> None:
    """Put the order on hold, once per code and `part` (the case or parcel that it is about)."""
    if any(item.code == code and item.part == part for item in change.record.open_holds):
        return
    item = Hold(
        id=f"H{len(change.record.holds) + 1}",
        code=code,
        opened_at=change.now,
        rule=rule,
        blocks=blocks,
        part=part,
    )
    change.happen("order.held", {"code": code, "rule": rule, **data}, holds=[item])


def release(change: Change, code: str, *, part: str | None = None, **data: str) -> None:
    """Close the open holds with this code: all of them, or the one about a `part`."""
    closed = [
        replace(item, closed_at=change.now, closed_by=change.actor)
        for item in change.record.open_holds
        if item.code == code and part in (None, item.part)
    ]
    if closed:
        change.happen("order.released", {"code": code, **data}, holds=closed)

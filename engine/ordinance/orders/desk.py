"""The desk a stage works at: the rules, the shop's profile and the open transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from ordinance.orders.change import Change, Decided
from ordinance.orders.record import Hold
from ordinance.ports import Ids, Optimiser, StoredDecision, Transaction
from ordinance.profile import Profile
from ordinance.releases.force import InForce
from ordinance.releases.outcome import in_one_word
from ordinance.rules import DecidingError, Decision, FactError, Facts, Ruleset, Value
from ordinance.rules.decision import canonical_json
from ordinance.rules.law import PREFIX

FactMap = Mapping[str, Value]


RULE_FAILED = "RULE_FAILED"
"""The hold of an order that the rules could not decide on."""


class DecisionFailed(Exception):
    """A rule set could not decide; the order is held, never waved through."""

    def __init__(self, point: str, why: str) -> None:
        self.point, self.why = point, why
        super().__init__(f"{point}: {why}")


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

    def local(self, at: datetime) -> datetime:
        """An instant in the shop's zone."""
        return at.astimezone(self.zone)

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
        ready = Facts.prepared(facts, lines=lines, candidates=candidates)
        ruleset = self.rules.book.get(point)
        if ruleset is None:
            raise DecisionFailed(point, "no rule set answers this question")
        try:
            decision = ruleset.decide(ready, at=self.local(change.now))
        except (FactError, DecidingError) as error:
            raise DecisionFailed(point, str(error)) from error
        self._keep(change, decision, ruleset, ready)
        self._lawful(change, decision, ready)
        return decision

    def _lawful(self, change: Change, decision: Decision, facts: Facts) -> None:
        """Raise `DecisionFailed` when the law objects; its own decision is recorded too."""
        try:
            objection = self.rules.book.objection(decision, facts)
        except (FactError, DecidingError) as error:
            raise DecisionFailed(PREFIX + decision.point, str(error)) from error
        if objection is not None:
            law = objection.decision
            self._keep(change, law, self.rules.book[law.point], objection.facts)
            raise DecisionFailed(law.point, f"{law.outcome['verdict']}: {why(law)}")

    def _keep(self, change: Change, decision: Decision, ruleset: Ruleset, facts: Facts) -> None:
        """Record a decision in the change."""
        record = change.record
        stored = StoredDecision(
            shop=record.shop,
            order_id=record.id,
            seq=record.decisions + 1,
            point=decision.point,
            at=change.now,
            outcome=in_one_word(decision),
            rules_hash=decision.rules_hash,
            facts_hash=decision.facts_hash,
            record=decision.to_json(),
            published=self.rules.entry,
        )
        snapshot = canonical_json(ruleset.snapshot(facts))
        trial = None
        if self.rules.candidate is not None:
            at = self.local(change.now)
            trial = self.rules.candidate.trial(facts, at, self.rules.book, decision, stored)
        change.decided.append(Decided(stored, snapshot, decision.fired, trial))
        change.record = replace(record, decisions=record.decisions + 1)


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

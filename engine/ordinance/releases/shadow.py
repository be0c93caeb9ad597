"""A candidate beside the rules in force: asked the same questions, and never acted on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from ordinance.ports import StoredDecision, StoredTrial
from ordinance.releases.outcome import in_one_word, same_outcome
from ordinance.rules import Decision, Facts, Rulebook
from ordinance.rules.decision import canonical_json

FAILED = "failed"
"""The outcome of a candidate that had none."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A version that is tried in the shadow."""

    version: int
    points: Mapping[str, str]
    """The questions that it answers otherwise than the version it was made from, and the hash of
    its rules for each."""
    book: Rulebook | None
    """None when it cannot be read."""
    failure: str = ""

    def trial(
        self, facts: Facts, at: datetime, decision: Decision, stored: StoredDecision
    ) -> StoredTrial | None:
        """What it says where the rules in force made `decision`; None where it changes nothing.

        Whatever goes wrong with it is a part of the answer: a candidate never stops a command.
        """
        rules_hash = self.points.get(decision.point)
        if rules_hash is None:
            return None
        try:
            outcome, same, record = self._answer(facts, at, decision)
        except Exception as error:
            said = " ".join(f"{type(error).__name__}: {error}".split())
            outcome, same, record = FAILED, False, canonical_json({"failed": said})
        return StoredTrial(
            shop=stored.shop,
            order_id=stored.order_id,
            seq=stored.seq,
            version=self.version,
            point=stored.point,
            at=stored.at,
            live=stored.outcome,
            outcome=outcome,
            same=same,
            live_hash=stored.rules_hash,
            rules_hash=rules_hash,
            facts_hash=stored.facts_hash,
            record=record,
        )

    def _answer(self, facts: Facts, at: datetime, live: Decision) -> tuple[str, bool, str]:
        if self.book is None:
            return FAILED, False, canonical_json({"failed": self.failure})
        # A copy: what is kept with the facts from one decision to the next stays untouched.
        own = facts.with_()
        decision = self.book[live.point].decide(own, at=at)
        if decision.settled_by == "failure":
            return FAILED, same_outcome(live, decision), decision.to_json()
        return in_one_word(decision), same_outcome(live, decision), decision.to_json()

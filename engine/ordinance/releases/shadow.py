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

UNLAWFUL = "unlawful"
"""The outcome where the law objects: a person decides."""


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
        self,
        facts: Facts,
        at: datetime,
        live: Rulebook,
        decision: Decision,
        stored: StoredDecision,
    ) -> StoredTrial | None:
        """What it says where the rules in force, `live`, made `decision`; None where it changes
        nothing.

        Whatever goes wrong with it is a part of the answer: a candidate never stops a command.
        """
        rules_hash = self.points.get(decision.point)
        if rules_hash is None:
            return None
        counted = stored.outcome
        try:
            # A copy: what is kept with the facts from one decision to the next stays untouched.
            own = facts.with_()
            lawful = live.objection(decision, own, at=at) is None
            counted = counted if lawful else UNLAWFUL
            outcome, same, record = self._answer(own, at, decision, lawful)
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
            live=counted,
            outcome=outcome,
            same=same,
            live_hash=stored.rules_hash,
            rules_hash=rules_hash,
            facts_hash=stored.facts_hash,
            record=record,
        )

    def _answer(
        self, facts: Facts, at: datetime, live: Decision, lawful: bool
    ) -> tuple[str, bool, str]:
        if self.book is None:
            return FAILED, False, canonical_json({"failed": self.failure})
        decision = self.book[live.point].decide(facts, at=at)
        record = decision.to_json()
        if decision.settled_by == "failure":
            return FAILED, lawful and same_outcome(live, decision), record
        if self.book.objection(decision, facts, at=at) is not None:
            return UNLAWFUL, not lawful, record
        return in_one_word(decision), lawful and same_outcome(live, decision), record

"""A compiled `rank`: what is asked of the order is answered once, then each candidate is looked at.

A rule that the order alone rules out is never asked of a candidate.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ordinance.rules.compiled.bits import bits_of
from ordinance.rules.compiled.index import Index, Masks
from ordinance.rules.compiled.ordering import Ordering
from ordinance.rules.deciding.conditions import Situation, Verdict
from ordinance.rules.deciding.outcomes import Settled
from ordinance.rules.deciding.rank import Rank
from ordinance.rules.deciding.vocabulary import CANDIDATES
from ordinance.rules.facts import Facts
from ordinance.rules.tree import Preference


class RankAnswers:
    """A compiled set with `rank`."""

    fast = None
    """There is no answer from the facts of the order alone."""

    def __init__(self, index: Index, policy: Rank) -> None:
        self.index = index
        self.policy = policy
        self.ordering = Ordering(policy)
        self.ids = [rule.id for rule in policy.tree.rules]
        # A preference without conditions is not asked for.
        self.asked = [policy.asks(preference) for preference in policy.tree.prefer]
        self.conditional = any(self.asked)
        self.always: list[Verdict] = [True] * len(self.asked)

    def settled(
        self, facts: Facts, clock: Any, situation: Callable[[], Situation]
    ) -> Settled | list[Verdict]:
        """What the set comes to, or the verdicts on all that is asked where one is unknown."""
        parts = facts.places(CANDIDATES)
        found = self._found(facts, parts, clock, situation)
        wishes = self._wishes(situation)
        for true, open in found:
            if true != open:
                break
        else:
            if None not in wishes:
                return self._settle(found, wishes, parts, situation)
        verdicts = self._verdicts(found, wishes)
        if None in verdicts:
            return verdicts
        return self._settle(found, wishes, parts, situation)

    def verdicts(
        self, facts: Facts, clock: Any, situation: Callable[[], Situation]
    ) -> list[Verdict]:
        """The verdict on everything that is asked."""
        found = self._found(facts, facts.places(CANDIDATES), clock, situation)
        return self._verdicts(found, self._wishes(situation))

    def _found(
        self,
        facts: Facts,
        parts: Sequence[Mapping[str, Any]],
        clock: Any,
        situation: Callable[[], Situation],
    ) -> list[Masks]:
        """For each candidate what is true of it and what is true or unknown."""
        index = self.index
        among = index.masks(facts.known, clock)
        if index.order.questioned:
            among = index.order.asked(among, situation)
        if not among[1]:
            return [among] * len(parts)
        if not index.candidate.questioned:
            try:
                fast = index.candidate.fast
                true, open = among
                masks = [fast(part, clock) for part in parts]
                return [(true & mask, open & mask) for mask in masks]
            except KeyError:
                pass
        return [self._of_candidate(among, part, clock, situation) for part in parts]

    def _of_candidate(
        self,
        among: Masks,
        part: Mapping[str, Any],
        clock: Any,
        situation: Callable[[], Situation],
    ) -> Masks:
        side = self.index.candidate
        masks = side.masks(part, clock, among)
        if not side.questioned:
            return masks
        return side.asked(masks, lambda: {**situation(), **part})

    def _wishes(self, situation: Callable[[], Situation]) -> list[Verdict]:
        """Which preferences hold for this order."""
        if not self.conditional:
            return self.always
        return [
            ready.check(situation()) if asked else True
            for ready, asked in zip(self.policy.preferences, self.asked, strict=True)
        ]

    def _settle(
        self,
        found: Sequence[Masks],
        wishes: Sequence[Verdict],
        parts: Sequence[Mapping[str, Any]],
        situation: Callable[[], Situation],
    ) -> Settled:
        # Nothing is unknown in a rule as a whole, so its boxes that are true say all.
        union = 0
        for true, _ in found:
            union |= true
        rows: dict[int, list[int]] = {}
        for box in bits_of(union):
            held = rows.setdefault(self.index.owners[box], [])
            bit = 1 << box
            for candidate, (true, _) in enumerate(found):
                # A rule of several boxes may be true by more than one of them.
                if true & bit and candidate not in held:
                    held.append(candidate)
        prefer: Sequence[Preference] = self.policy.tree.prefer
        if not all(wishes):
            prefer = [item for item, open in zip(prefer, wishes, strict=True) if open]
        return self.policy.settle_rows(
            [(self.ids[number], held) for number, held in rows.items()],
            prefer,
            parts,
            lambda left, preferences: self.ordering.ranked(left, parts, preferences, situation),
            self.ordering.fate,
        )

    def _verdicts(self, found: Sequence[Masks], wishes: Sequence[Verdict]) -> list[Verdict]:
        count = len(found)
        verdicts: list[Verdict] = [False] * (len(self.ids) * count)
        for candidate, masks in enumerate(found):
            true, open = self.index.rules(masks)
            for number in open:
                verdicts[number * count + candidate] = None
            for number in true:
                verdicts[number * count + candidate] = True
        return verdicts + list(wishes)

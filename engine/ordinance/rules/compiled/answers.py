"""What the true rules of a set come to, remembered by which rules those are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ordinance.rules.compiled.index import Index
from ordinance.rules.deciding.conditions import Situation, Verdict
from ordinance.rules.deciding.outcomes import Settled, said
from ordinance.rules.deciding.policies import First, RulePolicy, Speaking, Spoken
from ordinance.rules.deciding.specificity import MostSpecificFirst, MostSpecificUnique
from ordinance.rules.facts import Facts

MOST_KEPT = 1024
"""How many different sets of true rules are remembered with what they come to."""


class Answers:
    """A compiled set with `first`, `unique`, `collect` or `score`."""

    def __init__(self, index: Index, policy: RulePolicy) -> None:
        self.index = index
        self.policy = policy
        self.specific = isinstance(policy, MostSpecificFirst | MostSpecificUnique)
        self.stops = isinstance(policy, First) and not self.specific
        # Where nothing else decides: the generated function, from facts to the boxes that hold.
        self.fast = None if self.specific else index.fast
        self.kept: dict[int, Settled] = {}
        self.spoken: dict[int, Spoken] = {}

    def settled(
        self, facts: Facts, clock: Any, situation: Callable[[], Situation]
    ) -> Settled | list[Verdict]:
        """What the set comes to, or the verdicts on its rules where one of them is unknown."""
        index = self.index
        true, open = index.masks(facts.known, clock)
        if self.stops:
            # What stands behind a rule that is true for sure is never asked.
            true, open = _up_to_first(true & ~index.order.questioned, true, open)
        if index.order.questioned:
            true, open = index.order.asked((true, open), situation)
            if self.stops:
                true, open = _up_to_first(true, true, open)
        if true == open:
            return self.of(true, situation)
        held, waiting = index.rules((true, open))
        if self.stops and held:
            waiting = [number for number in waiting if number < held[0]]
        if not waiting:
            return self._settle(held, situation)
        return self._verdicts(held, waiting, stops=self.stops)

    def verdicts(
        self, facts: Facts, clock: Any, situation: Callable[[], Situation]
    ) -> list[Verdict]:
        """The verdict on every rule, those included that stand behind the one that decides."""
        masks = self.index.masks(facts.known, clock)
        if self.index.order.questioned:
            masks = self.index.order.asked(masks, situation)
        return self._verdicts(*self.index.rules(masks), stops=False)

    def of(self, true: int, situation: Callable[[], Situation]) -> Settled:
        """What it comes to when these boxes are true and nothing is unknown."""
        if self.stops:
            true &= -true
        settled = self.kept.get(true)
        if settled is None:
            settled = self._settle(self.index.rules((true, true))[0], situation)
            if not self.specific:
                if len(self.kept) >= MOST_KEPT:
                    self.kept.clear()
                self.kept[true] = settled
        return settled

    def _settle(self, held: Sequence[int], situation: Callable[[], Situation]) -> Settled:
        true: Sequence[Speaking]
        if self.specific:
            rules = self.policy.rules
            true = [rules[number] for number in held]
            return self.policy.settle_true(true, situation())
        spoken = self.spoken
        true = [spoken.get(number) or self._spoken(number) for number in held]
        return self.policy.settle_true(true, {})

    def _spoken(self, number: int) -> Spoken:
        rule = self.policy.tree.rules[number]
        spoken = Spoken(rule.id, rule.group, said(rule.then, self.policy.constants))
        self.spoken[number] = spoken
        return spoken

    def _verdicts(
        self, held: Sequence[int], waiting: Sequence[int], *, stops: bool
    ) -> list[Verdict]:
        verdicts: list[Verdict] = [False] * len(self.policy.rules)
        for number in waiting:
            verdicts[number] = None
        for number in held:
            verdicts[number] = True
        return verdicts[: held[0] + 1] if stops and held else verdicts


def _up_to_first(sure: int, true: int, open: int) -> tuple[int, int]:
    """Both masks without the boxes behind the first one that is true for sure."""
    if not sure:
        return true, open
    kept = ((sure & -sure) << 1) - 1
    return true & kept, open & kept

"""Hit `rank`: candidates are excluded with reasons, then ordered by what is preferred."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, TypeAlias

from ordinance.rules.deciding.conditions import SUPPOSED, Builder, Situation, Verdict
from ordinance.rules.deciding.outcomes import Settled, merged
from ordinance.rules.deciding.policies import Asked, DecidingError, Fallbacks
from ordinance.rules.deciding.readiness import Ready, ready_condition
from ordinance.rules.deciding.vocabulary import CANDIDATES, CODE
from ordinance.rules.decision import Plain, Ranked
from ordinance.rules.kinds import Kind, Value
from ordinance.rules.moment import in_utc
from ordinance.rules.tree import (
    AllOf,
    Comparator,
    Condition,
    FactRef,
    Operand,
    ParamRef,
    Preference,
    RuleSet,
    Test,
    Weight,
)

NO_CANDIDATES = "no_candidates"
TIE_BREAK = "tie_break"
WEIGHTS = "weights"

Part: TypeAlias = Mapping[str, Value]
Lost: TypeAlias = dict[int, str]


class Rank:
    """Rules that exclude, criteria that prefer, and a tie-break that tells any two apart.

    Everything asked: each exclusion about each candidate, then the `when` of each preference.
    """

    def __init__(
        self, tree: RuleSet, rules: Sequence[Ready], fallbacks: Fallbacks, builder: Builder
    ) -> None:
        self.tree = tree
        self.point = tree.point
        self.rules = rules
        self.fallbacks = fallbacks
        self.builder = builder
        self.vocabulary = builder.vocabulary
        self.names_candidate = self.point.field("candidate") is not None
        self.musts = {rule.id for rule in tree.rules if rule.must}
        self.preferences = [self._ready(preference) for preference in tree.prefer]

    def asked(self, situation: Situation) -> Sequence[Asked]:
        count = len(situation[CANDIDATES])
        exclusions = [Asked(ready, index) for ready in self.rules for index in range(count)]
        return exclusions + [Asked(ready) for ready in self.preferences]

    def judge(self, situation: Situation) -> list[Verdict]:
        situations = [{**situation, **part} for part in situation[CANDIDATES]]
        verdicts: list[Verdict] = []
        ready = None
        try:
            for ready in self.rules:
                for about in situations:
                    verdicts.append(ready.check(about))
            for ready in self.preferences:
                verdicts.append(ready.check(situation))
        except Exception as error:
            assert ready is not None
            raise DecidingError(self.point.name, ready.id, error) from error
        return verdicts

    def settle(self, verdicts: Sequence[Verdict], situation: Situation) -> Settled:
        candidates: Sequence[Part] = situation[CANDIDATES]
        count = len(candidates)
        rows = []
        for number, rule in enumerate(self.tree.rules):
            held = [index for index in range(count) if verdicts[number * count + index]]
            if held:
                rows.append((rule.id, held))
        wishes = verdicts[len(self.tree.rules) * count :]
        open_preferences = [
            preference
            for preference, verdict in zip(self.tree.prefer, wishes, strict=True)
            if verdict
        ]
        return self.settle_rows(
            rows,
            open_preferences,
            candidates,
            lambda left, preferences: self._order(left, candidates, preferences, situation),
            Ranked,
        )

    def settle_rows(
        self,
        rows: Sequence[tuple[str, Sequence[int]]],
        preferences: Sequence[Preference],
        candidates: Sequence[Part],
        order: Callable[[Sequence[int], Sequence[Preference]], Sequence[Ranked]],
        fate: Callable[[str, None, str, None], Ranked],
    ) -> Settled:
        """What it comes to when these rules are true of some candidates, and no others.

        `rows` are in file order; `order` ranks those that no rule takes out, and `fate` makes the
        entry of one that was taken out.
        """
        if not candidates:
            return self._failed(NO_CANDIDATES, ())
        left, excluded, skipped, failure = self._exclude(rows, len(candidates))
        fired = tuple(dict.fromkeys(id for id, _ in excluded.values()))
        out = tuple(
            fate(code, None, id, None)
            for _, code, id in sorted(
                (row, str(candidates[index][CODE]), id) for index, (id, row) in excluded.items()
            )
        )
        if failure is not None:
            return self._failed(failure, fired, out, tuple(skipped))
        ranking = order(left, preferences)
        outcome: dict[str, Plain] = {}
        if self.names_candidate:
            outcome["candidate"] = ranking[0].code
        return Settled(outcome, "rules", fired, ranking=(*ranking, *out), skipped=tuple(skipped))

    def asks(self, preference: Preference) -> bool:
        """Whether a preference may not hold for some order."""
        return preference.when is not None or isinstance(preference.within, FactRef | ParamRef)

    def lead(
        self,
        tied: Sequence[int],
        candidates: Sequence[Part],
        preferences: Sequence[Preference],
        situation: Situation,
    ) -> tuple[int, Lost]:
        """The best of some candidates, and what each other one fell behind on."""
        lost: Lost = {}
        criterion = WEIGHTS
        try:
            if self.tree.weights:
                totals = {index: self.total(candidates[index]) for index in tied}
                tied = _keep(tied, _leaders(totals, "most", None), lost, criterion)
            for preference in preferences:
                if len(tied) == 1:
                    break
                criterion = preference.id
                values = {
                    index: self.comparable(candidates[index], preference.fact) for index in tied
                }
                tolerance = self.tolerance(preference, situation)
                leaders = _leaders(values, preference.direction, tolerance)
                tied = _keep(tied, leaders, lost, criterion)
            criterion = TIE_BREAK
            first = min(tied, key=lambda index: self._tie_key(candidates[index]))
        except Exception as error:
            raise DecidingError(self.point.name, criterion, error) from error
        return first, lost | {index: TIE_BREAK for index in tied if index != first}

    def total(self, candidate: Part) -> Decimal | None:
        """The weighted sum of a candidate; None when one of its facts is unknown."""
        terms = [self._term(weight, candidate) for weight in self.tree.weights]
        return None if None in terms else sum((term for term in terms if term), Decimal(0))

    def comparable(self, candidate: Part, name: str) -> Any:
        """The value of a candidate's fact, by which candidates are ordered; None if unknown.

        A value that is only supposed stays unknown here: a candidate never leads by a guess.
        """
        if SUPPOSED + name in candidate:
            return None
        fact = self.vocabulary.facts[name]
        value = candidate.get(name, self.vocabulary.default(name))
        if value is not None and fact.kind is Kind.CHOICE:
            return [choice.code for choice in fact.choices].index(str(value))
        return in_utc(value) if isinstance(value, datetime) else value

    def tolerance(self, preference: Preference, situation: Situation) -> Any:
        """How far behind the leader still counts as a tie; None for not at all."""
        if preference.within is None:
            return None
        return self._operand(preference.within, situation)

    def _operand(self, operand: Operand, situation: Situation) -> Value | None:
        if isinstance(operand, FactRef):
            return situation.get(operand.name, self.vocabulary.default(operand.name))
        known = self.builder.constants.operand(operand)
        return known[0] if known else None

    def _ready(self, preference: Preference) -> Ready:
        when: Condition = preference.when or AllOf(())
        within = preference.within
        if isinstance(within, FactRef):
            # Equal to itself: true when the fact is there, unknown when it is not.
            present = Test(within.name, Comparator.IS, (within,), preference.place)
            when = AllOf((when, present))
        gaps = self.builder.constants.gaps(within) if isinstance(within, ParamRef) else ()
        return ready_condition(preference.id, when, self.builder, gaps)

    def _exclude(
        self, rows: Sequence[tuple[str, Sequence[int]]], count: int
    ) -> tuple[list[int], dict[int, tuple[str, int]], list[str], str | None]:
        """Who is left; who is out, by which rule and row; what was skipped; what left nobody."""
        left = list(range(count))
        excluded: dict[int, tuple[str, int]] = {}
        skipped: list[str] = []
        for row, (id, held) in enumerate(rows):
            out = [index for index in held if index not in excluded]
            if not out:
                continue
            if len(out) == len(left) and id not in self.musts:
                skipped.append(id)
                continue
            excluded.update((index, (id, row)) for index in out)
            left = [index for index in left if index not in excluded]
            if not left:
                return left, excluded, skipped, id
        return left, excluded, skipped, None

    def _order(
        self,
        left: Sequence[int],
        candidates: Sequence[Part],
        preferences: Sequence[Preference],
        situation: Situation,
    ) -> list[Ranked]:
        """Every candidate that is left: the best, then the best of the rest, and so on."""
        rest = list(left)
        behind_winner: Lost | None = None
        ranking: list[Ranked] = []
        while rest:
            first, lost = self.lead(rest, candidates, preferences, situation)
            behind_winner = lost if behind_winner is None else behind_winner
            code = str(candidates[first][CODE])
            ranking.append(Ranked(code, place=len(ranking) + 1, lost_on=behind_winner.get(first)))
            rest.remove(first)
        return ranking

    def _failed(
        self,
        failure: str,
        fired: tuple[str, ...],
        ranking: tuple[Ranked, ...] = (),
        skipped: tuple[str, ...] = (),
    ) -> Settled:
        said = self.fallbacks.otherwise or self.fallbacks.when_unknown
        return Settled(
            merged(self.point, [said]), "failure", fired, None, ranking, failure, skipped
        )

    def _term(self, weight: Weight, candidate: Part) -> Decimal | None:
        value = self.comparable(candidate, weight.fact)
        return None if value is None else weight.weight * Decimal(value)

    def _tie_key(self, candidate: Part) -> tuple[Any, ...]:
        values = [self.comparable(candidate, name) for name in self.tree.tie_break]
        # An unknown value stands behind every known one; the code tells the last two apart.
        keyed = [(value is None, value) if value is not None else (True,) for value in values]
        return (*keyed, str(candidate[CODE]))


def _leaders(
    values: Mapping[int, Any], direction: Literal["most", "least"], tolerance: Any
) -> list[int]:
    """The candidates that lead on one criterion; unknown values stand behind known ones."""
    known = {index: value for index, value in values.items() if value is not None}
    if not known:
        return list(values)
    best = max(known.values()) if direction == "most" else min(known.values())
    return [
        index
        for index, value in known.items()
        if value == best or (tolerance is not None and abs(value - best) < tolerance)
    ]


def _keep(tied: Sequence[int], leaders: Sequence[int], lost: Lost, criterion: str) -> list[int]:
    lost.update((index, criterion) for index in tied if index not in leaders)
    return list(leaders)

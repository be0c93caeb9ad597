"""The order of candidates: each fact that ranks them is read once, then compared as a column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from ordinance.rules.deciding.conditions import Situation
from ordinance.rules.deciding.rank import TIE_BREAK, WEIGHTS, Rank
from ordinance.rules.deciding.vocabulary import CODE
from ordinance.rules.decision import Ranked
from ordinance.rules.kinds import Kind
from ordinance.rules.tree import Preference

Parts: TypeAlias = Sequence[Mapping[str, Any]]
Column: TypeAlias = list[Any]
"""One value for each candidate; None where it is unknown."""

Criterion: TypeAlias = tuple[str, bool, Any, Column, bool]
"""Its name, whether the most leads, how far behind is a tie, the column, whether it has gaps."""

MOST_KEPT = 4096
"""How many fates of candidates (code, place, criterion) are kept to be used again."""


class Ordering:
    """Puts candidates in order as `Rank` does, for the preferences that hold for an order."""

    def __init__(self, policy: Rank) -> None:
        self.policy = policy
        facts, vocabulary = policy.vocabulary.facts, policy.vocabulary
        names = [preference.fact for preference in policy.tree.prefer]
        bare = (Kind.CHOICE, Kind.INSTANT)
        # A value of these kinds is not compared as it stands, so the policy is asked for it.
        self.plain = {
            name: vocabulary.default(name)
            for name in (*names, *policy.tree.tie_break)
            if facts[name].kind not in bare
        }
        self.kept: dict[tuple[str, int | None, str | None, str | None], Ranked] = {}

    def ranked(
        self,
        left: Sequence[int],
        parts: Parts,
        preferences: Sequence[Preference],
        situation: Callable[[], Situation],
    ) -> list[Ranked]:
        """The candidates `left` over, the best one first."""
        criteria: list[Criterion] = []
        policy = self.policy
        if policy.tree.weights:
            totals: Column = [policy.total(part) for part in parts]
            criteria.append((WEIGHTS, True, None, totals, _has_gaps(totals)))
        tolerant = False
        for preference in preferences:
            tolerance = None
            if preference.within is not None:
                tolerance = policy.tolerance(preference, situation())
                tolerant = tolerant or tolerance is not None
            column, gaps = self._column(preference.fact, parts)
            most = preference.direction == "most"
            criteria.append((preference.id, most, tolerance, column, gaps))
        last = self._last(parts)
        if tolerant:
            order, lost = _one_by_one(left, criteria, last)
        else:
            order, lost = _sorted(left, criteria, last)
        kept, ranking = self.kept, []
        for place, index in enumerate(order, start=1):
            code = str(parts[index][CODE])
            key = (code, place, None, lost.get(index))
            ranking.append(kept.get(key) or self.fate(*key))
        return ranking

    def fate(
        self, code: str, place: int | None, excluded_by: str | None, lost_on: str | None
    ) -> Ranked:
        """What became of a candidate; equal fates are one object."""
        key = (code, place, excluded_by, lost_on)
        found = self.kept.get(key)
        if found is None:
            if len(self.kept) >= MOST_KEPT:
                self.kept.clear()
            found = self.kept[key] = Ranked(code, place, excluded_by, lost_on)
        return found

    def _column(self, name: str, parts: Parts) -> tuple[Column, bool]:
        """The values of a fact, and whether some of them are unknown."""
        if name in self.plain:
            try:
                return [part[name] for part in parts], False
            except KeyError:
                default = self.plain[name]
                return [part.get(name, default) for part in parts], default is None
        column = [self.policy.comparable(part, name) for part in parts]
        return column, _has_gaps(column)

    def _last(self, parts: Parts) -> Column:
        """What tells any two candidates apart; an unknown value stands behind the known ones."""
        columns = []
        for name in self.policy.tree.tie_break:
            column, gaps = self._column(name, parts)
            if gaps:
                column = [(True,) if value is None else (False, value) for value in column]
            columns.append(column)
        columns.append([str(part[CODE]) for part in parts])
        return list(zip(*columns, strict=True))


def _has_gaps(column: Column) -> bool:
    # Not `None in column`: a decimal takes its time to find that it is not None.
    return any(value is None for value in column)


def _sorted(
    left: Sequence[int], criteria: Sequence[Criterion], last: Column
) -> tuple[list[int], dict[int, str]]:
    """Without tolerances "the first criterion that is no tie decides" is plain sorting."""
    order = sorted(left, key=last.__getitem__)
    for _, most, _, column, gaps in reversed(criteria):
        if gaps:
            known = [index for index in order if column[index] is not None]
            unknown = [index for index in order if column[index] is None]
            known.sort(key=column.__getitem__, reverse=most)
            order = known + unknown
        else:
            order.sort(key=column.__getitem__, reverse=most)
    first = order[0]
    lost = dict.fromkeys(order[1:], TIE_BREAK)
    rest = order[1:]
    for id, _, _, column, _ in criteria:
        best = column[first]
        tied = []
        for index in rest:
            if column[index] == best:
                tied.append(index)
            else:
                lost[index] = id
        rest = tied
    return order, lost


def _one_by_one(
    left: Sequence[int], criteria: Sequence[Criterion], last: Column
) -> tuple[list[int], dict[int, str]]:
    """The best, then the best of the rest: a tie within a tolerance hangs on who is left."""
    behind: dict[int, str] = {}
    first = _leader(left, criteria, last, behind)
    order = [first]
    rest = [index for index in left if index != first]
    while rest:
        first = _leader(rest, criteria, last, None)
        order.append(first)
        rest.remove(first)
    return order, behind


def _leader(
    rest: Sequence[int],
    criteria: Sequence[Criterion],
    last: Column,
    behind: dict[int, str] | None,
) -> int:
    """The best of some candidates; `behind` is told on which criterion each other one fell."""
    tied = rest
    for id, most, tolerance, column, gaps in criteria:
        if len(tied) == 1:
            break
        known = [index for index in tied if column[index] is not None] if gaps else tied
        if not known:
            continue
        values = [column[index] for index in known]
        best = max(values) if most else min(values)
        if tolerance is None:
            leaders = [index for index in known if column[index] == best]
        else:
            leaders = [
                index
                for index in known
                if column[index] == best or abs(column[index] - best) < tolerance
            ]
        if behind is not None:
            behind.update((index, id) for index in tied if index not in leaders)
        tied = leaders
    first = min(tied, key=last.__getitem__)
    if behind is not None:
        behind.update((index, TIE_BREAK) for index in tied if index != first)
    return first

"""The answer of a rule set on one order: what was decided, before any record is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from ordinance.rules.deciding.conditions import facts_in
from ordinance.rules.deciding.outcomes import Settled
from ordinance.rules.deciding.vocabulary import Vocabulary
from ordinance.rules.decision import Decision, Plain, Ranked, SettledBy
from ordinance.rules.facts import Facts
from ordinance.rules.tree import Rule, RuleSet

ENGINE = "1"
"""The version of the meaning of rules. It changes when equal rules and facts may give another
record than before, never for anything else."""


MOST_KEPT = 1024
"""For how many different sets of fired rules the facts that they ask for are remembered."""


class Origin:
    """What every answer of one rule set shares."""

    __slots__ = ("_by_rule", "_reads", "_rules", "tree", "vocabulary")

    def __init__(self, tree: RuleSet, vocabulary: Vocabulary) -> None:
        self.tree = tree
        self.vocabulary = vocabulary
        self._reads: dict[tuple[str, ...], dict[str, None]] = {}
        self._rules: dict[str, Rule] = {}
        self._by_rule: dict[str, dict[str, None]] = {}

    def reads(self, fired: tuple[str, ...]) -> dict[str, None]:
        """The names of the facts that some rules ask for."""
        found = self._reads.get(fired)
        if found is None:
            if len(self._reads) >= MOST_KEPT:
                self._reads.clear()
            names: dict[str, None] = {}
            for id in fired:
                names.update(self._by_rule.get(id) or self._names(id))
            found = self._reads[fired] = names
        return found

    def _names(self, id: str) -> dict[str, None]:
        """The facts that one rule asks for, in the order of its file."""
        if not self._rules:
            self._rules = {rule.id: rule for rule in self.tree.rules}
        rule, scopes = self._rules[id], self.tree.point.scopes
        scoped = (scopes[key] for key in rule.scope or ())
        names = self._by_rule[id] = dict.fromkeys((*scoped, *facts_in(rule.when)))
        return names


class Answer:
    """What a rule set says about some facts. What is not asked of it is not worked out.

    `decision()` gives the record of it, with the hash of the facts.
    """

    __slots__ = ("_facts", "_origin", "_settled", "as_of", "at", "unknown")

    def __init__(
        self,
        origin: Origin,
        facts: Facts,
        at: datetime | None,
        as_of: date | None,
        settled: Settled,
        unknown: tuple[str, ...],
    ) -> None:
        self._origin = origin
        self._facts = facts
        self._settled = settled
        self.at = at
        self.as_of = as_of
        """The day that picked dated values; None when it is not known."""
        self.unknown = unknown
        """Facts that were unknown while some rule asked for them, sorted."""

    def __repr__(self) -> str:
        return f"<Answer {self._origin.tree.point.name} {dict(self._settled.outcome)}>"

    @property
    def point(self) -> str:
        """The name of the decision point."""
        return self._origin.tree.point.name

    @property
    def outcome(self) -> dict[str, Plain]:
        """Outcome field to value: a new dictionary each time, which may be changed."""
        outcome = dict(self._settled.outcome)
        for name, value in outcome.items():
            if type(value) is list or type(value) is dict:
                outcome[name] = _copied(value)
        return outcome

    @property
    def fired(self) -> tuple[str, ...]:
        """The ids of the rules that fired, in file order."""
        return self._settled.fired

    @property
    def settled_by(self) -> SettledBy:
        """What settled it: the rules, `otherwise`, something unknown, or a failure."""
        return self._settled.settled_by

    @property
    def points(self) -> int | None:
        """The sum of a `score`."""
        return self._settled.points

    @property
    def ranking(self) -> tuple[Ranked, ...]:
        """The candidates of a `rank`: the best one first, the excluded ones last."""
        return self._settled.ranking

    @property
    def failure(self) -> str | None:
        """What made the decision fail, when `settled_by` is `failure`."""
        return self._settled.failure

    @property
    def skipped(self) -> tuple[str, ...]:
        """Soft exclusions that would have left no candidate."""
        return self._settled.skipped

    @property
    def observed(self) -> dict[str, Any]:
        """The value of each present fact that the fired rules ask for, by name.

        A fact of lines or candidates has a tuple: its value for each of them, None where absent.
        """
        facts = self._facts.known
        names = self._origin.reads(self._settled.fired)
        try:
            return {name: facts[name] for name in names}
        except KeyError:
            # An absent fact, or one of lines or candidates.
            pass
        observed: dict[str, Any] = {}
        vocabulary = self._origin.vocabulary
        for name in names:
            home, default = vocabulary.homes[name], vocabulary.default(name)
            if home:
                observed[name] = tuple(part.get(name, default) for part in self._facts.places(home))
            else:
                value = facts.get(name, default)
                if value is not None:
                    observed[name] = value
        return observed

    def renamed(self, names: Mapping[str, str]) -> Answer:
        """The same answer with other names for some fields of the outcome."""
        outcome = {names.get(name, name): item for name, item in self._settled.outcome.items()}
        settled = replace(self._settled, outcome=outcome)
        return Answer(self._origin, self._facts, self.at, self.as_of, settled, self.unknown)

    def decision(self) -> Decision:
        """The record: equal facts, rules, moment and engine give equal bytes."""
        settled = self._settled
        return Decision(
            point=self._origin.tree.point.name,
            outcome=self.outcome,
            fired=settled.fired,
            settled_by=settled.settled_by,
            rules_hash=self._origin.tree.hash,
            facts_hash=self._facts.hash(self._origin.vocabulary),
            engine=ENGINE,
            at=self.at,
            as_of=self.as_of,
            unknown=self.unknown,
            points=settled.points,
            ranking=settled.ranking,
            failure=settled.failure,
            skipped=settled.skipped,
        )


def _copied(value: Plain) -> Plain:
    if isinstance(value, list):
        return [_copied(item) for item in value]
    if isinstance(value, dict):
        return {name: _copied(item) for name, item in value.items()}
    return value

"""Why a rulebook may not be published: everything at once, each with its place."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, tzinfo
from functools import lru_cache

from ordinance.rules import DecisionPoint, Rulebook, Ruleset
from ordinance.rules.checking import contradictions, findings, of_tests
from ordinance.rules.law import PREFIX, is_law, under_law
from ordinance.rules.problem import Problem


def refusals(
    book: Rulebook, zone: tzinfo = UTC, *, beside: Rulebook | None = None
) -> list[Problem]:
    """What stands against publishing a rulebook that could be read; empty when nothing does.

    `zone` is the shop's, in which days begin. `beside` are the rules that would be in force with
    it: rules of the one must not contradict law of the other.
    """
    found: list[Problem] = []
    others = {} if beside is None else beside.sets
    for name, rules in book.items():
        law = book.sets.get(PREFIX + name) or others.get(PREFIX + name)
        if law is not None and not _is_lawful(_Read.of(rules), _Read.of(law), zone):
            found.extend(_against(rules, law, zone))
        ruled = others.get(under_law(name)) if is_law(name) else None
        if ruled is not None and ruled.point.name not in book:
            found.extend(_against(ruled, rules, zone))
        if not _is_fit(_Read.of(rules), zone):
            found.extend(_refused(rules, zone))
    return found


@dataclass(frozen=True, slots=True)
class _Read:
    """A rule set, equal to every other that was read from the same text, whatever its file."""

    rules: Ruleset = field(compare=False)
    told: Ruleset | tuple[str, str]
    point: DecisionPoint = field(hash=False)

    @classmethod
    def of(cls, rules: Ruleset) -> _Read:
        return cls(rules, (rules.source, rules.hash) if rules.source else rules, rules.point)


# Kept, because one release shares most of its rule sets with the next, which may have been read
# again from other files; what is wrong with a set is kept with the places that it has there.
@lru_cache(maxsize=512)
def _is_fit(read: _Read, zone: tzinfo) -> bool:
    return not _refused(read.rules, zone)


@lru_cache(maxsize=512)
def _is_lawful(read: _Read, law: _Read, zone: tzinfo) -> bool:
    return not _against(read.rules, law.rules, zone)


@lru_cache(maxsize=64)
def _refused(rules: Ruleset, zone: tzinfo) -> tuple[Problem, ...]:
    wrong = (item for item in findings(rules.tree, zone=zone) if item.severity == "error")
    untested = (item for item in of_tests(rules.tree, rules.test()) if item.severity == "error")
    return (*wrong, *untested)


@lru_cache(maxsize=64)
def _against(rules: Ruleset, law: Ruleset, zone: tzinfo) -> tuple[Problem, ...]:
    """Where the rules contradict the law that would be in force with them."""
    found = contradictions(rules.tree, law.tree, zone=zone)
    return tuple(item for item in found if item.severity == "error")

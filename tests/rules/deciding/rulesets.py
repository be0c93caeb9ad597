"""Rule sets for the tests of deciding: small rule files, and what a single condition comes to."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone

from ordinance.rules import Explanation, Ruleset, loads
from tests.rules.sample_point import POINTS

CHINA = timezone(timedelta(hours=8))

FACES = {"hold": True, "approve": False, "manual_review": None}


def ruleset(text: str) -> Ruleset:
    """The only rule set of a file called `r.yaml`."""
    (found,) = loads(text, file="r.yaml", points=POINTS, zone=CHINA).values()
    return found


def risk(rules: str, *, hit: str = "first", extra: str = "") -> Ruleset:
    """A set for `review.risk`: no rule gives `approve`, an unknown `manual_review`."""
    return ruleset(
        f"""\
decision: review.risk
hit: {hit}
{extra}
rules:
{rules}
when_unknown: {{outcome: manual_review}}
otherwise: {{outcome: approve}}
"""
    )


def verdict(
    when: str,
    facts: Mapping[str, object],
    *,
    at: datetime | None = None,
    extra: str = "",
) -> bool | None:
    """What a condition comes to: true, false, or None when the decision hangs on an unknown."""
    rules = risk(f"  - {{id: R, when: {when}, then: {{outcome: hold}}}}", extra=extra)
    return FACES[str(rules.decide(facts, at=at).outcome["outcome"])]


def moment(text: str) -> datetime:
    """A moment in the shop's zone, UTC+8: `2026-11-05 10:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def explained(
    rules: Ruleset, facts: Mapping[str, object], at: datetime | None = None
) -> Explanation:
    """Why a set decides as it does on these facts."""
    return rules.explain(rules.decide(facts, at=at), facts)

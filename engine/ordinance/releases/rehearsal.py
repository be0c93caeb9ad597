"""Past decisions made again by two rulebooks: which orders would have gone another way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ordinance.ports import Storage, StoredDecision
from ordinance.releases.outcome import in_one_word, same_outcome
from ordinance.releases.shadow import FAILED, UNLAWFUL
from ordinance.rules import Decision, Facts, Rulebook
from ordinance.rules.decision import Plain, canonical_json
from ordinance.rules.law import PREFIX
from ordinance.seen import NotSeen, Snapshots


@dataclass(frozen=True, slots=True)
class Answer:
    """What one rulebook says about the facts of a past decision."""

    word: str
    """The outcome in one word; `failed` when there was none, `unlawful` when the law objects."""
    outcome: str
    """The whole outcome, as canonical JSON; for a failure, why."""
    fired: tuple[str, ...]
    decision: Decision | None


@dataclass(frozen=True, slots=True)
class Example:
    """One past decision that comes out otherwise."""

    stored: StoredDecision
    old: Answer
    new: Answer


@dataclass
class Rehearsal:
    """What deciding again gave for one point."""

    point: str
    decided: int = 0
    differ: int = 0
    orders: int = 0
    """How many orders the decisions that differ belong to."""
    lost: int = 0
    """Decisions whose facts are not in the store any more."""
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(old, new) outcome in one word, to how many decisions."""
    examples: list[Example] = field(default_factory=list)
    """The first ones of every pair, by order."""


MOST_EXAMPLES = 3


def rehearse(storage: Storage, shop: str, old: Rulebook, new: Rulebook) -> list[Rehearsal]:
    """Decide every stored decision again by both, point by point.

    Only points that both answer, and otherwise, are decided again: equal rules give equal answers.
    """
    points = [
        point for point in new if point in old and _meaning(old, point) != _meaning(new, point)
    ]
    found = {point: Rehearsal(point) for point in points}
    shown: Counter[tuple[str, str, str]] = Counter()
    last: dict[str, str] = {}
    snapshots = Snapshots(storage, shop)
    for stored, snapshot in storage.decided(shop, points):
        told = found[stored.point]
        if snapshot is None:
            told.lost += 1
            continue
        try:
            whole = snapshots.whole(stored.order_id, stored.seq, snapshot)
        except NotSeen:
            told.lost += 1
            continue
        told.decided += 1
        before, after = _answers(old, new, stored, whole)
        if _same(before, after):
            continue
        told.differ += 1
        told.orders += stored.order_id != last.get(stored.point)
        last[stored.point] = stored.order_id
        pair = (before.word, after.word)
        told.pairs[pair] += 1
        shown[stored.point, *pair] += 1
        if shown[stored.point, *pair] <= MOST_EXAMPLES:
            told.examples.append(Example(stored, before, after))
    return [found[point] for point in points]


def moment(stored: StoredDecision) -> datetime | None:
    """The moment that a decision was made at, as its record says it."""
    at = json.loads(stored.record)["at"]
    return datetime.fromisoformat(at) if at else None


def _meaning(book: Rulebook, point: str) -> tuple[str, str | None]:
    """The hashes that an answer hangs on: those of the rules and of the law on them."""
    law = book.get(PREFIX + point)
    return book[point].hash, None if law is None else law.hash


def _answers(
    old: Rulebook, new: Rulebook, stored: StoredDecision, snapshot: dict[str, Plain]
) -> tuple[Answer, Answer]:
    """What both say to the facts of a past decision; what goes wrong is an answer too."""
    point, at = stored.point, moment(stored)
    try:
        facts = Facts.from_snapshot(snapshot, new[point].point)
    except Exception as error:
        failed = _failed(error)
        return failed, failed
    return _answer(old, point, facts, at), _answer(new, point, facts, at)


def _failed(error: Exception) -> Answer:
    return Answer(FAILED, canonical_json(" ".join(f"{error}".split())), (), None)


def _answer(book: Rulebook, point: str, facts: Facts, at: datetime | None) -> Answer:
    try:
        decision = book[point].decide(facts, at=at)
        lawful = book.objection(decision, facts, at=at) is None
    except Exception as error:
        return _failed(error)
    word = FAILED if decision.settled_by == "failure" else in_one_word(decision)
    return Answer(
        word if lawful else UNLAWFUL,
        canonical_json(dict(decision.outcome)),
        decision.fired,
        decision,
    )


def _same(one: Answer, other: Answer) -> bool:
    if one.decision is None or other.decision is None:
        return one.decision is other.decision
    if UNLAWFUL in (one.word, other.word):
        return one.word == other.word
    return same_outcome(one.decision, other.decision)


def different_fields(old: str, new: str) -> Sequence[tuple[str, str, str]]:
    """The fields of two outcomes that are not equal: name, old and new value as JSON."""
    before, after = json.loads(old), json.loads(new)
    if not isinstance(before, dict) or not isinstance(after, dict):
        return [("outcome", old, new)]
    return [
        (name, canonical_json(before.get(name)), canonical_json(after.get(name)))
        for name in dict.fromkeys([*before, *after])
        if before.get(name) != after.get(name)
    ]

"""What a candidate said in the shadow, added up, and why it said so."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ordinance.ports import Storage, StoredTrial
from ordinance.releases.rehearsal import MOST_EXAMPLES, moment
from ordinance.rules import Facts, Rulebook, Ruleset, loads
from ordinance.rules.explaining.explanation import Explanation
from ordinance.seen import NotSeen, Snapshots


@dataclass
class TrialReport:
    """What a candidate said to one question."""

    point: str
    decided: int = 0
    differ: int = 0
    failed: int = 0
    pairs: Counter[tuple[str, str]] = field(default_factory=Counter)
    """(what counted, what the candidate said) in one word, where they differ, to how many."""
    examples: list[StoredTrial] = field(default_factory=list)
    """The first ones of every pair, by order."""


def add_up(trials: Iterable[StoredTrial]) -> list[TrialReport]:
    """The reports by decision point, in the order of their names."""
    found: dict[str, TrialReport] = {}
    for trial in trials:
        told = found.setdefault(trial.point, TrialReport(trial.point))
        told.decided += 1
        told.failed += failure(trial) is not None
        if trial.same:
            continue
        told.differ += 1
        pair = (trial.live, trial.outcome)
        told.pairs[pair] += 1
        if told.pairs[pair] <= MOST_EXAMPLES:
            told.examples.append(trial)
    return [found[point] for point in sorted(found)]


def failure(trial: StoredTrial) -> str | None:
    """Why the candidate had no answer; None when it had one."""
    record = json.loads(trial.record)
    failed = record.get("failed", record.get("failure"))
    return None if failed is None else str(failed)


@dataclass(frozen=True, slots=True)
class Both:
    """One decision explained by the rules that counted and by the candidate's."""

    trial: StoredTrial
    live: Explanation | None
    candidate: Explanation | None
    """None when the candidate had no answer, or when what it needs is not in the store."""


def explained(storage: Storage, trial: StoredTrial, candidate: Rulebook) -> Both:
    """Why each said what it said, from the facts that both were asked about."""
    snapshot = storage.facts(trial.shop, trial.facts_hash)
    rules = storage.rules(trial.shop, trial.live_hash)
    decision = next(
        item for item in storage.decisions(trial.shop, trial.order_id) if item.seq == trial.seq
    )
    if snapshot is None:
        return Both(trial, None, None)
    at = moment(decision)
    try:
        told = Snapshots(storage, trial.shop).whole(trial.order_id, trial.seq, snapshot)
    except NotSeen:
        return Both(trial, None, None)

    def why(used: Ruleset) -> Explanation:
        facts = Facts.from_snapshot(told, used.point)
        return used.explain(used.decide(facts, at=at), facts, at=at)

    live = None
    if rules is not None:
        live = why(loads(rules.source, file=rules.file)[trial.point])
    try:
        said = why(candidate[trial.point])
    except Exception:
        # It failed when it was asked, and fails again; the trial says with what.
        said = None
    return Both(trial, live, said)

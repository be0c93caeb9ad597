"""Why a rulebook may not be published: everything at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, tzinfo
from functools import lru_cache

from ordinance.rules import Rulebook, Ruleset
from ordinance.rules.checking import findings
from ordinance.rules.problem import Problem
from ordinance.rules.proving import Proof, Trial


def refusals(book: Rulebook, zone: tzinfo = UTC) -> list[Problem]:
    """What stands against publishing a rulebook that could be read; empty when nothing does.

    `zone` is the shop's, in which days begin.
    """
    return [problem for rules in book.values() for problem in _refused(rules, zone)]


@lru_cache(maxsize=256)
def _refused(rules: Ruleset, zone: tzinfo) -> tuple[Problem, ...]:
    # Kept, because one release shares most of its rule sets with the next.
    wrong = (item for item in findings(rules.tree, zone=zone) if item.severity == "error")
    return (*wrong, *_unproven(rules, rules.test()))


def _unproven(rules: Ruleset, proof: Proof) -> Iterator[Problem]:
    point = rules.point.name
    if not proof.trials:
        yield Problem(
            "E_NO_TESTS",
            f"`{point}` has no tests",
            rules.tree.place,
            "write what the rules should decide under `tests:`",
        )
        return
    for trial in proof.trials:
        yield from _failed(trial)
    places = {rule.id: rule.place for rule in rules.tree.rules}
    for rule in proof.never_fired:
        yield Problem(
            "E_NEVER_FIRED",
            f"no test of `{point}` fires rule `{rule}`",
            places[rule],
            f"add a test whose `fired` holds `{rule}`",
        )


def _failed(trial: Trial) -> Iterator[Problem]:
    for item in trial.differences:
        yield Problem(
            "E_TEST_FAILED",
            f"the test `{trial.name.en}` fails: `{item.what}` should be `{item.expected}` and is "
            f"`{item.found}`",
            trial.place,
            "correct the rules, or what the test expects",
        )

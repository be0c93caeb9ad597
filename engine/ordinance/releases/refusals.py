"""Why a rulebook may not be published: everything at once, each with its place."""

from __future__ import annotations

from collections.abc import Iterator

from ordinance.rules import Rulebook, Ruleset
from ordinance.rules.problem import Problem
from ordinance.rules.proving import Proof, Trial


def refusals(book: Rulebook) -> list[Problem]:
    """What stands against publishing a rulebook that could be read; empty when nothing does."""
    found: list[Problem] = []
    for rules in book.values():
        found.extend(_unproven(rules, rules.test()))
    return found


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

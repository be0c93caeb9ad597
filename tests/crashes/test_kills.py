"""Processes that are killed under load: nothing acknowledged is lost, nothing happens twice.

`ORDINANCE_KILLS=500` kills so often; `python -m tests.crashes kills 500` tells figures.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.crashes.forks import misfits
from tests.crashes.mutants import MUTANTS
from tests.crashes.shift import HANDS, restarts, shift
from tests.crashes.stores import ADDRESSES, on_sqlite

KILLS = {
    "sqlite": int(os.environ.get("ORDINANCE_KILLS", "60")),
    "postgresql": int(os.environ.get("ORDINANCE_KILLS", "40")),
}
OFTEN = ("place", "hand_over", "track", "cancel", "reserve", "receive_stock")
"""Commands that are sent all the time."""

RUNS = int(os.environ.get("ORDINANCE_CLEAN_RUNS", "20"))
SEED = int(os.environ.get("ORDINANCE_SEED", "1"))


@pytest.mark.slow
@pytest.mark.parametrize("store", sorted(ADDRESSES))
def test_kills_under_load_lose_nothing_and_do_nothing_twice(tmp_path: Path, store: str) -> None:
    outcome = shift(tmp_path, ADDRESSES[store], KILLS[store], SEED)
    print(outcome.figures())

    assert outcome.faults == [], outcome.figures()
    # Those at the end of each group, one by one and all at once, come on top.
    assert outcome.counts["kills"] >= KILLS[store] + 2 * HANDS
    assert outcome.counts["acknowledged"] > KILLS[store] // 4
    # What is refused leaves nothing that could be lost: most of it has to be done, of every kind.
    assert outcome.counts["refused"] < outcome.counts["acknowledged"] // 4
    assert all(outcome.counts[f"`{method}`"] for method in OFTEN), outcome.figures()


@pytest.mark.slow
@pytest.mark.parametrize("store", sorted(ADDRESSES))
def test_the_audit_log_blames_nobody_for_a_crash(tmp_path: Path, store: str) -> None:
    outcome = restarts(tmp_path, ADDRESSES[store], RUNS, SEED)
    print(outcome.figures())

    assert outcome.faults == [], outcome.figures()
    assert outcome.counts["runs"] == RUNS
    assert outcome.counts["checkpoints"] > 0


@pytest.mark.slow
def test_an_alarm_of_the_audit_log_would_be_heard(tmp_path: Path) -> None:
    for attempt in range(5):
        outcome = restarts(tmp_path / f"{attempt}", on_sqlite, RUNS, attempt, "sealed in two")
        assert misfits(outcome.faults) == []
        if any("I16" in fault for fault in outcome.faults):
            print(f"attempt {attempt}: {outcome.faults[0]}; {outcome.figures()}")
            return

    raise AssertionError("nobody noticed")


@pytest.mark.slow
@pytest.mark.parametrize("mutant", [name for name in MUTANTS if name != "sealed in two"])
def test_a_planted_bug_is_found_by_killing(tmp_path: Path, mutant: str) -> None:
    for attempt in range(5):
        kills = KILLS["sqlite"]
        outcome = shift(tmp_path / f"{attempt}", on_sqlite, kills, attempt, mutant, enough=1)
        assert misfits(outcome.faults) == []
        if outcome.faults:
            print(f"attempt {attempt}: {outcome.faults[0]}; {outcome.figures()}")
            return

    raise AssertionError(f"nobody noticed: {mutant}")

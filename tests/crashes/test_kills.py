"""Processes that are killed under load: nothing acknowledged is lost, nothing happens twice.

`ORDINANCE_KILLS=500` kills so often; `python -m tests.crashes 500` tells figures.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.crashes.mutants import MUTANTS
from tests.crashes.shift import HANDS, shift
from tests.crashes.stores import ADDRESSES, on_sqlite

KILLS = {
    "sqlite": int(os.environ.get("ORDINANCE_KILLS", "60")),
    "postgresql": int(os.environ.get("ORDINANCE_KILLS", "40")),
}
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


@pytest.mark.slow
@pytest.mark.parametrize("mutant", MUTANTS)
def test_a_planted_bug_is_found_by_killing(tmp_path: Path, mutant: str) -> None:
    for attempt in range(5):
        kills = KILLS["sqlite"]
        outcome = shift(tmp_path / f"{attempt}", on_sqlite, kills, attempt, mutant, enough=1)
        if outcome.faults:
            print(f"attempt {attempt}: {outcome.faults[0]}; {outcome.figures()}")
            return

    raise AssertionError(f"nobody noticed: {mutant}")

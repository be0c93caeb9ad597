"""Processes that decide while rules are published: each decision by one version, the one in force.

The long form, for a minute: `make soak`.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.part import SOAK
from tests.publishing.faults import FAULTS
from tests.publishing.traffic import carry
from tests.publishing.verdict import figures, wrong
from tests.stores import sqlite_alone

# Which decision came first is judged by the numbers that SQLite gives to rows.
pytestmark = sqlite_alone

SEED = 1


@pytest.mark.slow
def test_every_decision_is_made_by_the_one_version_in_force(tmp_path: Path) -> None:
    # A busy machine may need longer for enough of them.
    for seconds in (6, 40):
        path = tmp_path / f"shop-{seconds}.db"
        traffic = carry(path, seconds, workers=8, seed=SEED)
        told = figures(path, traffic)
        kinds = {act.what for act in traffic.publishing}
        decided = [act for act in traffic.commands if act.what != "busy"]
        if len(decided) > 20:
            break

    assert wrong(path, traffic, replayed=200) == [], f"seed {SEED}; {told}"
    assert {"published", "refused"} <= kinds and len(decided) > 20, told


IN_RACES = ("looks_before_it_has_the_store", "rereads_within_a_command")
"""Faults that are planted in racing processes each time; in `make soak` all of them are, and
`make mutants` plants all of them in one process."""


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS if SOAK else IN_RACES)
def test_a_process_that_decides_by_other_rules_is_found_out(fault: str, tmp_path: Path) -> None:
    for attempt in range(4):
        folder = tmp_path / str(attempt)
        folder.mkdir()
        traffic = carry(folder / "shop.db", 2.5, workers=3, seed=attempt, fault=fault)
        if wrong(folder / "shop.db", traffic, replayed=50):
            return

    raise AssertionError("nobody noticed")

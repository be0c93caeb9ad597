"""Whatever fails, and whoever dies when: every promise is kept, and everything comes to an end."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.conftest import ROOT
from tests.simulation.running import failed_before, failures, figures, play

SEEDS = int(os.environ.get("ORDINANCE_SEEDS") or 60)
"""New seeds that are played beside those that failed before; `make simulate` plays 2,000."""

TWICE = 25
"""Seeds that each part plays twice."""

PARTS = 2


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_seed_keeps_its_promises_and_plays_the_same_twice(part: int) -> None:
    seeds = [*failed_before(), *range(1000, 1000 + SEEDS)][part::PARTS]
    told = [play(seed) for seed in seeds]
    print(figures(told))

    assert failures(told) == []
    again = [play(seed) for seed in seeds[:TWICE]]
    assert [one.hash for one in again] == [one.hash for one in told[:TWICE]]


@pytest.mark.slow
def test_another_process_with_another_hash_seed_plays_the_same() -> None:
    said = "from tests.simulation.running import play; print([play(n).hash for n in range(3)])"
    hashes = [
        subprocess.run(
            [sys.executable, "-c", said],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": hash_seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed, zone in (("1", "UTC"), ("2", "America/St_Johns"))
    ]

    assert hashes[0] == hashes[1]
    assert len(set(hashes[0].split())) == 3

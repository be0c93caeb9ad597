"""A life of an order comes to the same end, at whatever step its process is killed, and killed
again while it recovers.

`ORDINANCE_CRASHES=5` tries every point of every life so often, each time with other second crashes.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crashes.forks import misfits
from tests.crashes.steps import Life, Sample, crashes
from tests.crashes.stores import ADDRESSES, on_sqlite
from tests.crashes.stories import STORIES

ROUNDS = int(os.environ.get("ORDINANCE_CRASHES", "0"))
SEED = int(os.environ.get("ORDINANCE_SEED", "1"))

SAMPLES = {"sqlite": Sample(3, 40), "postgresql": Sample(12, 200)}
"""What is tried of each life where nothing else is asked for."""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """In memory, where there is such a place: a crash takes nothing of what a process has written,
    and thousands of small stores need no disk."""
    memory = Path("/dev/shm")
    swift = memory if memory.is_dir() and os.access(memory, os.W_OK) else tmp_path
    with tempfile.TemporaryDirectory(dir=swift) as found:
        yield Path(found)


@pytest.mark.slow
@pytest.mark.parametrize("story", STORIES)
@pytest.mark.parametrize("store", sorted(ADDRESSES))
def test_a_life_comes_to_the_same_end_wherever_it_is_broken_off(
    folder: Path, store: str, story: str
) -> None:
    seeds = range(SEED, SEED + max(ROUNDS, 1))
    sample = Sample() if ROUNDS else SAMPLES[store]
    for seed in seeds:
        life = Life(folder / f"{seed}", ADDRESSES[store], story)
        outcome = crashes(life, seed + list(STORIES).index(story), sample)
        print(f"{story} on {store}, ORDINANCE_SEED={seed}: {outcome.figures()}")

        assert outcome.faults == (), f"ORDINANCE_SEED={seed}"
        assert outcome.crashes > 0


@pytest.mark.slow
@pytest.mark.parametrize("mutant", ["event after commit", "outbox outside", "effect without key"])
def test_a_planted_bug_is_found_by_breaking_off(folder: Path, mutant: str) -> None:
    outcome = crashes(Life(folder, on_sqlite, "sold", mutant), SEED, Sample(1, 40), enough=1)
    print(f"{mutant}: {outcome.figures()}; {outcome.faults[:1]}")

    assert outcome.faults
    assert misfits(outcome.faults) == []

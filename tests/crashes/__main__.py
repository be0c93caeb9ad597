"""`python -m tests.crashes kills 500 [seed] [sqlite|postgresql] [mutant]` kills so often under
load; `python -m tests.crashes steps 5 [seed] [store] [story]` breaks each life off at every point,
with so many seeds; `python -m tests.crashes restarts 500 [seed] [store]` verifies the audit log
after so many kills of everybody. All tell what came of it."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests import keyrings
from tests.crashes.shift import restarts, shift
from tests.crashes.steps import Life, Sample, crashes
from tests.crashes.stores import ADDRESSES
from tests.crashes.stories import STORIES


def main() -> None:
    """Tell figures and faults; the exit code says whether there are any."""
    what, *given = sys.argv[1:]
    count, seed, store, which = [*given, *["", "1", "sqlite", ""][len(given) :]]
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        if what == "restarts":
            faults = _restarts(Path(folder), int(count or 500), int(seed), store)
        elif what == "kills":
            faults = _kills(Path(folder), int(count or 500), int(seed), store, which)
        else:
            faults = _steps(Path(folder), int(count or 5), int(seed), store, which)
    print(f"{faults} faults")
    sys.exit(1 if faults else 0)


def _kills(folder: Path, kills: int, seed: int, store: str, mutant: str) -> int:
    began = time.monotonic()
    outcome = shift(folder, ADDRESSES[store], kills, seed, mutant)
    print(f"{outcome.figures()}; {time.monotonic() - began:.0f} s")
    _tell(outcome.faults)
    return len(outcome.faults)


def _restarts(folder: Path, runs: int, seed: int, store: str) -> int:
    began = time.monotonic()
    outcome = restarts(folder, ADDRESSES[store], runs, seed)
    print(f"{outcome.figures()}; {time.monotonic() - began:.0f} s")
    _tell(outcome.faults)
    return len(outcome.faults)


def _steps(folder: Path, seeds: int, first: int, store: str, which: str) -> int:
    faults = 0
    for seed in range(first, first + seeds):
        for story in [which] if which else STORIES:
            began = time.monotonic()
            outcome = crashes(
                Life(folder / f"{seed}-{story}", ADDRESSES[store], story), seed, Sample()
            )
            seconds = time.monotonic() - began
            print(
                f"ORDINANCE_SEED={seed} {story}: {outcome.figures()}; {seconds:.0f} s", flush=True
            )
            _tell(outcome.faults)
            faults += len(outcome.faults)
    return faults


def _tell(faults: object) -> None:
    for fault in list(faults)[:20]:  # type: ignore[call-overload]
        print(fault)


if __name__ == "__main__":
    keyrings.ready()
    main()

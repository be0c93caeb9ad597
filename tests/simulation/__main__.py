"""`python -m tests.simulation [SEEDS] [FIRST]`: the simulation at length, in two processes.

`ORDINANCE_SEED=7 python -m tests.simulation` plays one seed again and writes out what happened.
"""

from __future__ import annotations

import os
import sys
import time

from tests import keyrings
from tests.simulation.running import FAILED_BEFORE, failed_before, failures, figures, play_all
from tests.simulation.simulation import Simulation

PROCESSES = 2


def replay(seed: int) -> int:
    """Play one seed and write out each step; 1 where it fails."""
    simulation = Simulation(seed)
    simulation.world.listener = print
    told = simulation.run()
    print(f"seed {seed}: {told.fault or 'well'}\n{figures([told])}\nhash {told.hash}")
    return 1 if told.fault else 0


def at_length(seeds: int, first: int) -> int:
    """Play the seeds that failed before, then so many from `first` on; 1 where any fails."""
    began = time.monotonic()
    told = list(play_all([*failed_before(), *range(first, first + seeds)], PROCESSES))
    wall = time.monotonic() - began
    for text in failures(told):
        print(text, file=sys.stderr)
    print(f"{figures(told)}; {wall:.1f} s in {PROCESSES} processes")
    failed = sorted(one.seed for one in told if one.fault)
    if failed:
        print(f"add to {FAILED_BEFORE.name}: {' '.join(map(str, failed))}", file=sys.stderr)
    return 1 if failed else 0


def main() -> int:
    """One seed again, or many."""
    again = os.environ.get("ORDINANCE_SEED")
    if again:
        return replay(int(again))
    numbers = [int(argument) for argument in sys.argv[1:]]
    return at_length(*(numbers + [2000, 0][len(numbers) :]))


if __name__ == "__main__":
    keyrings.ready()
    sys.exit(main())

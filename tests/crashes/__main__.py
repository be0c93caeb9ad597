"""`python -m tests.crashes 500 [seed] [sqlite|postgresql]`: kill so often, and tell what came."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from tests.crashes.shift import shift
from tests.crashes.stores import ADDRESSES


def main() -> None:
    """Tell figures and faults; the exit code says whether there are any."""
    given = sys.argv[1:]
    kills, seed, store, mutant = [*given, *["500", "1", "sqlite", ""][len(given) :]]
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        outcome = shift(Path(folder), ADDRESSES[store], int(kills), int(seed), mutant)
    print(f"{outcome.figures()}; {time.monotonic() - began:.0f} s")
    for fault in outcome.faults[:20]:
        print(fault)
    print(f"{len(outcome.faults)} faults")
    sys.exit(1 if outcome.faults else 0)


if __name__ == "__main__":
    main()

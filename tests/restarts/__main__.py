"""`python -m tests.restarts 50`: stop the server so often, and tell what came of it."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests import keyrings
from tests.restarts.shift import work, wrong


def main() -> None:
    """Tell figures and faults; the exit code says whether there are any."""
    restarts = int(sys.argv[1]) if len(sys.argv) > 1 else 50
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as folder:
        shift = work(Path(folder), restarts, seed)
        found = wrong(shift)
    print(f"seed {seed}; {shift.figures()}")
    for fault in found[:20]:
        print(fault)
    print(f"{len(found)} faults")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    keyrings.ready()
    main()

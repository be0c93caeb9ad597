"""`python -m tests.mutants [M7 ...]`: plant each mutant with each seed; which were caught."""

from __future__ import annotations

import contextlib
import io
import sys
import tempfile
import time
from pathlib import Path

from tests import keyrings
from tests.mutants.mutant import SEEDS, Mutant, told
from tests.mutants.table import MUTANTS


def row(mutant: Mutant, folder: Path) -> tuple[str, bool]:
    """One line of the table, and whether every seed found the mutant and nothing else."""
    began = time.monotonic()
    marks, notes = "", []
    for seed in SEEDS:
        alarm = told(mutant, folder / f"right-{seed}", seed, planted=False)
        found = told(mutant, folder / f"wrong-{seed}", seed, planted=True)
        marks += "!" if alarm else "x" if found else "."
        notes += [f"    seed {seed}, nothing planted: {alarm[0]}"] if alarm else []
    caught = marks.count("x")
    spent = time.monotonic() - began
    line = f"{mutant.number:4} {mutant.name:34} {marks}  {caught} of {len(SEEDS)} {spent:6.1f} s"
    return "\n".join([line, *notes]), caught == len(SEEDS)


def main() -> None:
    """Tell the table; the exit code says whether any mutant got through."""
    wanted = sys.argv[1:]
    chosen = [one for one in MUTANTS if not wanted or one.number in wanted]
    good = True
    print(f"{len(chosen)} mutants, {len(SEEDS)} seeds: x caught, . got through, ! false alarm")
    with tempfile.TemporaryDirectory() as folder:
        for place, mutant in enumerate(chosen):
            with contextlib.redirect_stdout(io.StringIO()):
                line, caught = row(mutant, Path(folder) / str(place))
            print(line, flush=True)
            good = good and caught
    print("all caught with every seed" if good else "not all were caught")
    sys.exit(0 if good else 1)


if __name__ == "__main__":
    keyrings.ready()
    main()

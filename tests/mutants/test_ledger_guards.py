"""What sourcing gets wrong is refused by the ledger, so that M4 needs two mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from ordinance.inventory import OutOfStock
from tests.mutants.mutant import SEEDS
from tests.mutants.scene import bench_in, findings, lines
from tests.mutants.shelves import what_lies_there


def test_the_ledger_refuses_what_sourcing_gets_wrong(tmp_path: Path) -> None:
    for seed in SEEDS:
        with pytest.MonkeyPatch.context() as patch, bench_in(tmp_path / str(seed)) as bench:
            placed = bench.place(lines=lines(("TEA", 8)))
            bench.shop.reserve("others", {"TEA": 12}, key="k", now=bench.clock.now())
            what_lies_there(patch)
            with pytest.raises(OutOfStock):
                bench.shop.short_picked(placed, "P1", "TEA", 1 + seed, key="s")
            patch.undo()

            assert findings(bench) == []
            assert bench.record(placed).lines[1].held_at == {"HZ": 8}

"""A bug that is planted does not get through the simulation."""

from __future__ import annotations

import pytest

from tests.mutants.mutant import MISFITS
from tests.simulation.planted import PLANTED
from tests.simulation.running import play

ENOUGH = 200
"""Seeds by which each has to be found; most are found by the first ten."""


@pytest.mark.slow
@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_caught(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    PLANTED[bug](monkeypatch)

    found = next((told for seed in range(ENOUGH) if (told := play(seed)).fault), None)

    assert found is not None
    assert not str(found.fault).startswith(tuple(kind.__name__ for kind in MISFITS))
    print(f"{bug}: seed {found.seed}: {found.fault}")

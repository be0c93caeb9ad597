"""Each mutant is planted once with one seed and found; `make mutants` does it with every seed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.mutants.mutant import Mutant, told
from tests.mutants.table import MUTANTS
from tests.stores import sqlite_alone

pytestmark = sqlite_alone

SLOW = ("M10", "M11", "M15")
"""Those of more than a second."""


def _marked(mutant: Mutant) -> object:
    slow = [pytest.mark.slow] if str(mutant).startswith(SLOW) else []
    return pytest.param(mutant, marks=slow, id=str(mutant))


def test_every_mutant_of_the_design_is_here() -> None:
    assert {mutant.number for mutant in MUTANTS} == {f"M{number}" for number in range(1, 17)}


@pytest.mark.parametrize("mutant", [_marked(one) for one in MUTANTS if not one.long])
def test_what_is_planted_is_caught_and_nothing_else(tmp_path: Path, mutant: Mutant) -> None:
    assert told(mutant, tmp_path / "right", 0, planted=False) == []
    assert told(mutant, tmp_path / "wrong", 0, planted=True) != []

"""A mistake that can be planted, and the test that has to find it with every seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

Patch = pytest.MonkeyPatch

SEEDS = range(5)

MISFITS = (TypeError, AttributeError, NameError, ImportError)
"""What a mutant raises that does not fit the product any more. Nobody has found it out by that."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """`test` says what is wrong after a scene that a seed draws: nothing, unless `plant` was
    called before."""

    number: str
    """M1 to M16, as the design notes on reliability count them."""
    name: str
    plant: Callable[[Patch], object]
    test: Callable[[Path, int], list[str]]
    long: bool = False
    """Whether it is left to `make mutants`, for `make test` plants it elsewhere or something like
    it here."""

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


def told(mutant: Mutant, folder: Path, seed: int, *, planted: bool) -> list[str]:
    """What the test says; what it does not survive is told like the rest.

    A mutant that does not fit the product is an error: it would be caught whatever is tested.
    """
    folder.mkdir(parents=True)
    with pytest.MonkeyPatch.context() as patch:
        if not planted:
            return mutant.test(folder, seed)
        mutant.plant(patch)
        try:
            return mutant.test(folder, seed)
        except MISFITS as error:
            error.add_note(f"{mutant} does not fit the product any more")
            raise
        except Exception as error:
            return [f"{type(error).__name__}: {error}"]

"""The crew, eight processes that start once for all the tests here, and a bench for one shop."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.core.shop import Bench
from tests.races.crew import Crew


@pytest.fixture(scope="session")
def crew() -> Iterator[Crew]:
    """Eight processes; a test gives them work that begins in all of them at once."""
    made = Crew()
    yield made
    made.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A shop on an empty store; after the test everything stored must add up."""
    made = Bench(tmp_path)
    yield made
    made.well()
    made.shop.close()

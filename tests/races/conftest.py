"""The crew, eight processes that start once for all the tests here, and a bench for one shop."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.core.conftest import bench
from tests.races.crew import Crew

__all__ = ["bench", "crew"]


@pytest.fixture(scope="session")
def crew() -> Iterator[Crew]:
    """Eight processes; a test gives them work that begins in all of them at once."""
    made = Crew()
    yield made
    made.close()

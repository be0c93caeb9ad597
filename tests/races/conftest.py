"""The crew: eight processes that start once for all the tests here."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.races.crew import Crew


@pytest.fixture(scope="session")
def crew() -> Iterator[Crew]:
    """Eight processes; a test gives them work that begins in all of them at once."""
    made = Crew()
    yield made
    made.close()

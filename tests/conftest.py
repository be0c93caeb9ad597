"""What every test may ask for: where the checkout lies, and property tests that repeat."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests import keyrings, timings
from tests.stores import ready

# The tests may run as a copy, away from the checkout; the examples and rules stay in it.
ROOT = Path(os.environ.get("ORDINANCE_ROOT") or Path(__file__).resolve().parents[1])

settings.register_profile("ordinance", deadline=None, print_blob=True)
settings.register_profile("ci", settings.get_profile("ordinance"), derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "ordinance")


def pytest_configure() -> None:
    """Let a copy of the tests find the recorded data that lies beside the checkout, and all
    processes of a run one server and one folder of keys."""
    os.environ.setdefault("ORDINANCE_ROOT", str(ROOT))
    os.environ.setdefault("ORDINANCE_DATA", str(ROOT.parent / "shared" / "data"))
    keyrings.ready()
    ready()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what is too long for `make check`, and begin what takes longest first: the processes of
    a run take tests from one another."""
    long = timings.known()
    for item in items:
        if item.nodeid.partition("[")[0] in long:
            item.add_marker("longer")
    items.sort(key=lambda item: item.get_closest_marker("longest") is None)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout: `root / "examples"`, `root / "rules"`."""
    return ROOT

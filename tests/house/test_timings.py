"""What `make check` leaves out is there, and so are the tests that it is told to leave out."""

from __future__ import annotations

from pathlib import Path

import ordinance.testing
from tests import timings

TESTS = Path(timings.__file__).parent
SUITES = Path(ordinance.testing.__file__).parent


def gone(names: frozenset[str]) -> list[str]:
    """Those that no file defines, nor the suite that a class of it inherits from."""
    suites = "".join(path.read_text("utf-8") for path in SUITES.glob("*.py"))
    found = []
    for name in sorted(names):
        file, *parts = name.split("::")
        path = TESTS.parent / file
        text = path.read_text("utf-8") if path.is_file() else ""
        where = text + suites if len(parts) > 1 else text
        if parts[0] not in text or f"def {parts[-1]}(" not in where:
            found.append(name)
    return found


def test_every_test_that_was_measured_as_long_is_there() -> None:
    assert gone(timings.known()) == []


def test_one_that_is_gone_is_found() -> None:
    here = "tests/house/test_timings.py::test_one_that_is_gone_is_found"
    away = here.replace("gone", "away")

    assert gone(frozenset({here, away, "tests/none.py::test_x"})) == [away, "tests/none.py::test_x"]

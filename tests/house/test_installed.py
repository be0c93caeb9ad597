"""What is installed: typed, complete, quick to start, and the wheel itself where that is meant."""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
from importlib import metadata, resources
from pathlib import Path

import pytest

PACKAGES = ("ordinance", "ordinance_adapters")
SLOW_TO_IMPORT = ("fastapi", "jinja2", "psycopg", "pydantic", "rich", "sqlite_utils")


def command_line() -> bool:
    """Whether the command line is there to be tested."""
    found = importlib.util.find_spec("ordinance_adapters.cli")
    return found is not None and found.origin is not None


@pytest.mark.parametrize("package", PACKAGES)
def test_a_store_that_checks_its_types_sees_ours(package: str) -> None:
    assert (resources.files(package) / "py.typed").is_file()


@pytest.mark.skipif(not command_line(), reason="the command line is not written yet")
def test_starting_the_command_line_imports_nothing_slow() -> None:
    script = (
        "import sys, ordinance_adapters.cli; "
        f"print([name for name in {SLOW_TO_IMPORT} if name in sys.modules])"
    )

    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)

    assert (done.stdout.strip(), done.stderr) == ("[]", "")


@pytest.mark.skipif(not command_line(), reason="the command line is not written yet")
def test_every_entry_point_leads_somewhere() -> None:
    for entry in metadata.distribution("ordinance").entry_points:
        assert entry.load() is not None, entry


@pytest.mark.skipif(os.environ.get("ORDINANCE_AGAINST") != "wheel", reason="not against a wheel")
def test_against_the_wheel_no_source_is_imported(root: Path) -> None:
    for package in PACKAGES:
        for place in importlib.import_module(package).__path__:
            assert Path(place).is_relative_to(sys.prefix)

    assert [line for line in sys.path if Path(line) in (root / "engine", root / "adapters")] == []

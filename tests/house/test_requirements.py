"""The locks are complete, hashed and name no index; every requirement has its reason on a page."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

LOCKS = (
    "requirements.lock",
    "requirements-dev.lock",
    "requirements-lock.lock",
    "requirements-bench.lock",
)


def project(root: Path) -> dict[str, list[Requirement]]:
    """The requirements by set: `runtime`, and each extra and each group by its name."""
    whole = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    table = whole["project"]
    sets = {
        "runtime": table["dependencies"],
        **table["optional-dependencies"],
        **whole["dependency-groups"],
    }
    return {name: [Requirement(line) for line in lines] for name, lines in sets.items()}


def entries(text: str) -> list[str]:
    """The requirements of a lock, each with its hashes on one line, comments left out."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    return [line for line in "\n".join(lines).replace("\\\n", " ").splitlines() if line.strip()]


def faults(text: str) -> list[str]:
    """What is wrong with a lock: an option, an address, a version not exact, no hash."""
    return [
        entry.split()[0]
        for entry in entries(text)
        if not re.fullmatch(
            r"[\w.-]+==[\w.]+( ; [^#]+?)?(\s+--hash=sha256:[0-9a-f]{64})+", entry.strip()
        )
    ]


def pins(root: Path, lock: str) -> dict[str, Version]:
    pinned = [entry.split()[0] for entry in entries((root / lock).read_text(encoding="utf-8"))]
    return {
        canonicalize_name(name): Version(version)
        for name, _, version in (pin.partition("==") for pin in pinned)
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_and_hashes_everything_and_names_no_index(root: Path, lock: str) -> None:
    text = (root / lock).read_text(encoding="utf-8")

    assert faults(text) == []
    assert "://" not in text


@pytest.mark.parametrize(
    "entry",
    [
        "--index-url https://index.example/x",
        "click>=8.2 --hash=sha256:" + "0" * 64,
        "click==8.2",
        "click @ https://index.example/click.whl --hash=sha256:" + "0" * 64,
        "click==8.2 --hash=md5:" + "0" * 32,
    ],
)
def test_a_planted_fault_in_a_lock_is_found(entry: str) -> None:
    assert faults(f"# a comment\nsix==1.17.0 \\\n    --hash=sha256:{'a' * 64}\n{entry}\n") == [
        entry.split()[0]
    ]


def test_the_locks_hold_what_the_project_asks_for(root: Path) -> None:
    asked = project(root)
    missing = [
        f"{lock}: {one}"
        for lock, sets in {
            "requirements.lock": ("runtime",),
            "requirements-dev.lock": ("runtime", "dev"),
            "requirements-bench.lock": ("bench",),
        }.items()
        for name in sets
        for one in asked[name]
        if pins(root, lock).get(canonicalize_name(one.name)) not in one.specifier
    ]

    assert missing == [], "run `make lock`"


def test_what_a_shop_runs_is_what_was_tested(root: Path) -> None:
    tested = pins(root, "requirements-dev.lock")

    assert {
        name: version
        for name, version in pins(root, "requirements.lock").items()
        if tested.get(name) != version
    } == {}


def test_the_rules_are_measured_with_what_a_shop_runs(root: Path) -> None:
    run, measured = pins(root, "requirements.lock"), pins(root, "requirements-bench.lock")
    shared = {"business-rules", "google-re2", "pyyaml"}

    assert {name: measured[name] for name in shared} == {name: run[name] for name in shared}


def test_every_runtime_requirement_has_its_reason_on_a_page(root: Path) -> None:
    pages = [path.read_text(encoding="utf-8") for path in (root / "docs/decisions").glob("*.md")]

    unexplained = [
        one.name
        for one in project(root)["runtime"]
        if not any(f"`{one.name}`" in page for page in pages)
    ]

    assert unexplained == []

"""What holds for every tracked file: no index hosts, no paths of one machine, short modules."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.floorplan import modules

LONGEST = 400  # lines; past about 300, look for the second noun

# Put together here, so that this file does not name what it forbids.
HOSTS = (
    "py" + "pi.org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "mirror",
    "/sim" + "ple/",
)
PLACES = ("/wo" + "rk/", "/ro" + "ot/", "/ho" + "me/", "/opt/" + "pypi", "/opt/" + "wheels")
FORBIDDEN = re.compile("|".join(re.escape(word) for word in HOSTS + PLACES))


def forbidden(text: str) -> list[str]:
    return [match.group() for match in FORBIDDEN.finditer(text)]


def tracked(root: Path) -> Iterator[tuple[str, str]]:
    """Name and text of each tracked text file."""
    if not (root / ".git").exists():
        pytest.skip("not a git checkout, so no file is tracked")
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={root}", "-C", str(root), "ls-files", "-z"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    for name in filter(None, listed.split("\0")):
        content = (root / name).read_bytes() if (root / name).is_file() else b""
        if b"\0" not in content[:8000]:
            yield name, content.decode("utf-8", errors="replace")


def test_no_tracked_file_names_an_index_or_a_place_on_one_machine(root: Path) -> None:
    found = [
        f"{name}:{number}: {word}"
        for name, text in tracked(root)
        if forbidden(text)
        for number, line in enumerate(text.splitlines(), start=1)
        for word in forbidden(line)
    ]

    assert found == []


@pytest.mark.parametrize("word", HOSTS + PLACES)
def test_a_planted_word_is_found(word: str) -> None:
    assert forbidden(f"see https://x.{word} for more") == [word]


def test_no_module_is_long(root: Path) -> None:
    sizes = {
        str(path.relative_to(root)): len(path.read_text(encoding="utf-8").splitlines())
        for part in ("engine", "adapters", "tests", "benchmarks")
        for path in modules(root / part)
    }

    assert {name: lines for name, lines in sizes.items() if lines > LONGEST} == {}
    assert sizes, "no module was looked at"


def test_module_names_are_unique_among_the_tests(root: Path) -> None:
    """The test runner imports them by bare name, so two of one name would be mistaken."""
    names = Counter(
        path.name
        for path in modules(root / "tests")
        if path.name != "conftest.py" and not (path.parent / "__init__.py").exists()
    )

    assert [name for name, times in names.items() if times > 1] == []

"""Editions of the shipped rules: each says something else, and some may not be published."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from ordinance.releases.release import Release, from_texts
from ordinance.rules import Rulebook, loads
from tests.conftest import ROOT

CHANGED = ("intake.yaml", "review.yaml", "allocation.yaml", "notify.yaml")
"""The files whose rules are others in every edition: every command decides by some of them."""

_BECAUSE = re.compile(r'because: \{zh: ("?)')


@lru_cache(maxsize=1)
def shipped() -> Mapping[str, str]:
    """The shipped rule files by name."""
    folder = ROOT / "rules"
    return {
        path.relative_to(folder).as_posix(): path.read_text("utf-8")
        for path in sorted(folder.rglob("*.yaml"))
    }


def texts(name: str) -> dict[str, str]:
    """The files of an edition: the shipped rules with its name in some of their reasons."""
    return {
        file: _BECAUSE.sub(rf"because: {{zh: \1{name} ", text) if file in CHANGED else text
        for file, text in shipped().items()
    }


def edition(name: str) -> Release:
    """An edition that may be published."""
    return from_texts(texts(name))


def write(folder: Path, files: Mapping[str, str]) -> Path:
    """The files in a folder of their own."""
    for name, text in files.items():
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, "utf-8")
    return folder


def failing_test(name: str) -> Release:
    """An edition of which a test fails."""
    return _with_notify(name, lambda text: text.replace("fired: [E3]", "fired: [E2]"))


def untested(name: str) -> Release:
    """An edition of which one rule set has no tests."""
    return _with_notify(name, lambda text: text[: text.index("tests:")])


def unfired(name: str) -> Release:
    """An edition of which no test fires one rule."""
    return _with_notify(
        name,
        lambda text: "".join(line for line in text.splitlines(True) if "fired: [E3]" not in line),
    )


def incomplete(name: str) -> Release:
    """An edition that leaves a question without an answer."""
    files = texts(name)
    del files["notify.yaml"]
    return from_texts(files)


def part(name: str, *files: str) -> Release:
    """Some files of an edition."""
    every = texts(name)
    return from_texts({file: every[file] for file in files})


def notify(text: str, file: str = "notify.yaml") -> Rulebook:
    """One file, read."""
    return loads(text, file=file)


def _with_notify(name: str, change: object) -> Release:
    files = texts(name)
    changed = change(files["notify.yaml"])  # type: ignore[operator]
    assert changed != files["notify.yaml"]
    return from_texts({**files, "notify.yaml": changed})


BAD = (failing_test, untested, unfired, incomplete)
"""Each an edition that is refused."""

"""Links inside the documents lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.docs.sources import ALL, ROOT

LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?!https?:)([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.M)


def anchors(document: str) -> set[str]:
    """What a heading is called in a link: lower case, without punctuation, blanks as hyphens."""
    return {
        re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")
        for heading in HEADING.findall(re.sub(r"^```.*?^```$", "", document, flags=re.S | re.M))
    }


def broken(path: Path, document: str) -> list[str]:
    """The links of a document that lead nowhere."""
    found = []
    for target in LINK.findall(document):
        name, _, anchor = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        if not there.exists() or (anchor and anchor not in anchors(there.read_text("utf-8"))):
            found.append(target)
    return found


@pytest.mark.parametrize("path", ALL, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(path: Path) -> None:
    assert broken(path, path.read_text("utf-8")) == []


def test_a_link_to_nothing_is_found(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One thing\n\n[a](#one-thing) [b](#other) [c](gone.md) [d](page.md)\n")

    assert broken(page, page.read_text()) == ["#other", "gone.md"]

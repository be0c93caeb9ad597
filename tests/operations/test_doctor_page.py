"""docs/doctor.md names every code that the doctor can give, and no other."""

from __future__ import annotations

import re

from ordinance.audit.invariants import INVARIANTS, as_table
from tests.conftest import ROOT


def test_the_page_has_the_table_of_the_codes() -> None:
    assert as_table() in (ROOT / "docs" / "doctor.md").read_text("utf-8")


def test_every_code_that_a_check_gives_is_explained() -> None:
    sources = sorted((ROOT / "engine" / "ordinance" / "audit").glob("*.py"))
    given = {
        code
        for path in sources
        for code in re.findall(r'"([ICS]\d+)"', path.read_text("utf-8"))
        if path.name != "invariants.py"
    }

    assert given == set(INVARIANTS)
    assert {f"I{number}" for number in range(21)} <= given


def test_every_code_is_told_in_both_languages() -> None:
    for item in INVARIANTS.values():
        for words in (item.meaning, item.way_out):
            assert words.zh and words.en and words.zh != words.en

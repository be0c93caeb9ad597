"""A damaged file is never silently accepted."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordinance.rules.reading import conditions, keys, slots
from tests.part import part
from tests.rules.reading.files import codes, problems
from tests.rules.reading.mutations import MUTATIONS, Site, scratched, sites, transplanted

EXAMPLES = Path(__file__).parent / "examples"


@cache
def whole_files() -> tuple[tuple[str, list[Site]], ...]:
    """Small files that are read without a problem, with their nodes."""
    shared, *decisions = (EXAMPLES / "everything.yaml").read_text("utf-8").split("  - decision:")
    unnamed = re.sub(r"params:.*(?=title:)", "", shared, flags=re.DOTALL)
    texts = [
        f"{shared if '$watched' in decision else unnamed}  - decision:{decision}"
        for decision in decisions
    ]
    texts += [
        (EXAMPLES / f"{name}.yaml").read_text("utf-8")
        for name in ("gift", "remedy", "risk", "source", "weights")
    ]
    return tuple((text, sites(text)) for text in texts)


def mutated(seed: int) -> str:
    """A file with one damage; the seed says which."""
    random = Random(seed)
    while True:
        text, nodes = random.choice(whole_files())
        _, mutate = random.choice(MUTATIONS)
        wrong = mutate(text, nodes, random)
        if wrong is not None and wrong != text:
            return wrong


def test_the_files_are_read_before_they_are_damaged() -> None:
    assert [codes(text) for text, _ in whole_files()] == [[]] * 9


@settings(max_examples=3_000, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_no_damage_is_silently_accepted(seed: int) -> None:
    text = mutated(seed)

    assert codes(text) != [], text


@settings(max_examples=part(500), deadline=None)
@given(seed=st.integers(0, 2**32))
def test_whatever_a_file_holds_it_is_read_or_refused_with_problems(seed: int) -> None:
    random = Random(seed)
    text, nodes = random.choice(whole_files())

    for wrong in (transplanted(text, nodes, random), scratched(text, random)):
        assert all(problem.place and problem.message for problem in problems(wrong))


@pytest.mark.parametrize(
    ("module", "guard", "broken"),
    [
        (keys, "unknown_key", lambda *_, **__: None),
        (slots, "is_filled", lambda *_: True),
        (conditions, "_check_bounds", lambda *_: None),
    ],
)
def test_the_damages_find_a_reader_without_one_of_its_guards(
    monkeypatch: pytest.MonkeyPatch, module: object, guard: str, broken: object
) -> None:
    monkeypatch.setattr(module, guard, broken)

    assert any(codes(mutated(seed)) == [] for seed in range(600))

"""The texts that stand for all texts show every way in which comparisons can come out."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import product
from typing import Any

import pytest

from ordinance.rules.checking import texts
from ordinance.rules.deciding.comparators import holds
from ordinance.rules.kinds import Kind
from ordinance.rules.tree import Comparator

SHORT = ["".join(letters) for size in range(8) for letters in product("abx", repeat=size)]
PARTS = ["a", "b", "ab", "ba", "aa", "aba", "bb"]
SINGLE = [Comparator.STARTS_WITH, Comparator.ENDS_WITH, Comparator.CONTAINS, Comparator.IS]
MANY = [Comparator.CONTAINS_ANY, Comparator.CONTAINS_ALL, Comparator.CONTAINS_NONE]
SEEDS = range(1, 61)


def missed(seed: int) -> str | None:
    """A short text whose way of coming out none of the found texts has."""
    draw = random.Random(seed)
    tests: list[tuple[Comparator, tuple[str, ...]]] = []
    for _ in range(draw.randint(1, 4)):
        comparator = draw.choice([*SINGLE, *MANY])
        count = draw.randint(1, 3) if comparator in MANY else 1
        tests.append((comparator, tuple(draw.sample(PARTS, count))))
    questions = [texts.asked(comparator, parts) for comparator, parts in tests]
    found = texts.texts_for([item for item in questions if item is not None], [], 10_000)
    assert found is not None
    checks = [holds(Kind.TEXT, comparator, parts) for comparator, parts in tests]
    known = {tuple(check(text) for check in checks) for text in found}
    return next(
        (text for text in SHORT if tuple(check(text) for check in checks) not in known), None
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_every_way_of_a_short_text_is_shown(seed: int) -> None:
    assert missed(seed) is None


def test_a_thousand_names_need_no_walk() -> None:
    names = [f"name {number}" for number in range(1_000)]
    questions = [texts.asked(Comparator.IS, [name]) for name in names]

    found = texts.texts_for([item for item in questions if item is not None], [], 10)
    assert found == [*names, "other"]


def test_too_many_parts_are_not_looked_into() -> None:
    parts = [f"{first}{second}" for first in "abcdef" for second in "ghijkl"]
    questions = [texts.asked(Comparator.CONTAINS, [part]) for part in parts]

    assert texts.texts_for([item for item in questions if item is not None], [], 1_000) is None


def test_any_of_many_parts_is_one_question() -> None:
    parts = [f"{first}{second}" for first in "abcdef" for second in "ghijkl"]
    question = texts.asked(Comparator.CONTAINS_ANY, parts)
    assert question is not None

    assert texts.texts_for([question], [], 1_000) is not None


def _forgets_back_links(step: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, node, char: self._next[node].get(char, 0)


def _no_filler(ways: Callable[..., Any]) -> Callable[..., Any]:
    return lambda self, node: [char for char in ways(self, node) if char != self._filler]


@pytest.mark.parametrize(
    ("attribute", "mutate"), [("step", _forgets_back_links), ("ways", _no_filler)]
)
def test_a_planted_mistake_is_caught(
    attribute: str, mutate: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = texts._Automaton
    monkeypatch.setattr(owner, attribute, mutate(getattr(owner, attribute)))

    assert any(missed(seed) is not None for seed in SEEDS)

"""Canonical JSON is the same text as the standard library writes, whoever writes it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ordinance.rules.decision import canonical_json

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None)),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(codec=None), max_size=3), inner, max_size=4)
    ),
    max_leaves=12,
)
"""Plain values, with integers beyond 64 bits and halves of surrogate pairs among them."""


class Colour(StrEnum):
    """A code, as records have them."""

    RED = "red"


def _standard(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _differing(write: Any) -> Any:
    @given(PLAIN)
    def same(value: Any) -> None:
        assert write(value) == _standard(value)

    return same


def test_drawn_values_are_written_as_the_standard_library_does() -> None:
    _differing(canonical_json)()


def test_a_writer_that_keeps_the_order_of_keys_is_caught() -> None:
    with pytest.raises(AssertionError):
        _differing(lambda value: json.dumps(value, separators=(",", ":"), ensure_ascii=False))()


def test_every_character_up_to_the_last_that_is_escaped_is_written_alike() -> None:
    for code in range(0x250):
        assert canonical_json({chr(code): chr(code)}) == _standard({chr(code): chr(code)})


def test_keys_are_sorted_by_character_and_not_by_half_of_one() -> None:
    value = {"\U0001f600": 1, "\uffee": 2, "z": 3, "": 4}
    assert canonical_json(value) == '{"":4,"z":3,"\uffee":2,"\U0001f600":1}'


def test_codes_and_tuples_are_written_as_texts_and_lists() -> None:
    assert canonical_json({"a": (Colour.RED, 1)}) == '{"a":["red",1]}'  # type: ignore[dict-item]


@dataclass
class Thing:
    """No plain value."""

    a: int = 1


@pytest.mark.parametrize("value", [datetime(2026, 3, 2, tzinfo=UTC), Thing(), {1, 2}, b"a"])
def test_what_is_no_plain_value_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        canonical_json(value)

"""Copies of the values that change at every step: an order's record and its lines."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

_Value = TypeVar("_Value")


def copied(value: _Value, fields: Mapping[str, Any]) -> _Value:
    """A frozen dataclass without slots, with some fields other than before.

    As `dataclasses.replace`, at a tenth of its cost: that one asks for every field by name, and
    a record has forty-five. Raises `TypeError` for a field that there is not.
    """
    held = value.__dict__
    if not fields.keys() <= held.keys():
        raise TypeError(f"{type(value).__name__} has no {sorted(fields.keys() - held.keys())}")
    new = object.__new__(type(value))
    new.__dict__.update(held)
    new.__dict__.update(fields)
    return new

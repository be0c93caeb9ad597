"""Copies of records."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from ordinance.orders.copying import copied
from ordinance.orders.record import RecordLine

LINE = RecordLine(1, "TEA", "tea", "goods", 2, 900, 1800, held_at={"HZ": 2})


def test_a_copy_is_what_dataclasses_would_make_and_leaves_the_first_as_it_was() -> None:
    copy = copied(LINE, {"kind": "virtual", "amount": 0})

    assert copy == replace(LINE, kind="virtual", amount=0)
    assert list(vars(copy)) == [item.name for item in fields(RecordLine)]
    assert (LINE.kind, LINE.amount) == ("goods", 1800)


def test_a_field_that_there_is_not_is_refused_by_name() -> None:
    with pytest.raises(TypeError, match="RecordLine has no"):
        copied(LINE, {"colour": "green"})

"""Values in rule files: what a text means where the fact says of what kind it is."""

from __future__ import annotations

import pytest

from ordinance.rules.tree import Given, Test
from tests.rules.reading.files import codes, condition, one_set, told, with_when


@pytest.mark.parametrize(("long", "short"), [("330000", "33"), ("330100", "3301")])
def test_a_region_padded_with_zeros_contains_what_lies_in_it(long: str, short: str) -> None:
    padded, bare = (f"{{receiver.region: {code}}}" for code in (long, short))

    wide, narrow = condition(padded), condition(bare)
    assert isinstance(wide, Test) and isinstance(narrow, Test)
    assert wide.operands == narrow.operands
    assert one_set(with_when(padded)).hash == one_set(with_when(bare)).hash


def test_a_district_keeps_all_its_digits() -> None:
    assert one_set(with_when("{receiver.region: 330106}")).hash != (
        one_set(with_when("{receiver.region: 3301}")).hash
    )


@pytest.mark.parametrize("number", ["5200", "5200.0", '"5200.00"'])
def test_equal_amounts_have_one_hash_however_they_are_written(number: str) -> None:
    assert one_set(with_when(f"{{order.paid: {number}}}")).hash == (
        one_set(with_when("{order.paid: 5200}")).hash
    )


@pytest.mark.parametrize("code", ["NO", "0123", "1e3", "22:30", "1_000", "true"])
def test_a_text_stays_the_text_it_is(code: str) -> None:
    plain, quoted = (condition(f"{{order.channel: {text}}}") for text in (code, f"'{code}'"))

    assert isinstance(plain, Test) and isinstance(quoted, Test)
    assert plain.operands == quoted.operands == (Given(code),)


def test_a_time_is_never_a_number() -> None:
    text = with_when("{buyer.orders_90d: 22:30}")

    assert codes(text) == ["E_TYPE"]
    assert "`22:30` is a time, not a whole number" in told(text)

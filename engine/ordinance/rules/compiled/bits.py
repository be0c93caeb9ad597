"""Integers as sets of small numbers."""

from __future__ import annotations

from collections.abc import Iterable
from struct import Struct

_FEW = 64
"""Up to this many bits a mask is put together and taken apart bit by bit."""


def mask_of(bits: Iterable[int]) -> int:
    """The integer with these bits, each given once."""
    numbers = list(bits)
    if not numbers:
        return 0
    top = max(numbers)
    if top < _FEW or len(numbers) < 8:
        mask = 0
        for bit in numbers:
            mask |= 1 << bit
        return mask
    room = bytearray(top // 8 + 1)
    for bit in numbers:
        room[bit >> 3] |= 1 << (bit & 7)
    return int.from_bytes(room, "little")


def bits_of(mask: int) -> list[int]:
    """The numbers of the bits that are set, in rising order; `mask` is not negative."""
    found = []
    if mask.bit_length() <= 4 * _FEW:
        while mask:
            low = mask & -mask
            found.append(low.bit_length() - 1)
            mask ^= low
        return found
    words = (mask.bit_length() + 63) // 64
    start = -1
    for word in Struct(f"<{words}Q").unpack(mask.to_bytes(8 * words, "little")):
        while word:
            low = word & -word
            found.append(start + low.bit_length())
            word ^= low
        start += 64
    return found

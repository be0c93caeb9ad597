"""Ids: sortable by time, without meaning; random for a live shop, repeatable for a seeded run."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U to be misread."""


def _base32(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, rest = divmod(number, 32)
        digits.append(_ALPHABET[rest])
    return "".join(reversed(digits))


def _id(at: datetime, noise: int) -> str:
    """Ten digits of milliseconds, then sixteen of noise (the layout of a ULID)."""
    return _base32(max(int(at.timestamp() * 1000), 0), 10) + _base32(noise, 16)


def _number(noise: int) -> str:
    text = _base32(noise, 10)
    return f"{text[:3]}-{text[3:6]}-{text[6:]}"


class RandomIds:
    """Ids for a live shop, from the system's random source."""

    def order_id(self, at: datetime, cause: str) -> str:
        """A new id; `cause` plays no part."""
        return _id(at, secrets.randbits(80))

    def order_number(self, at: datetime, cause: str) -> str:
        """A public number of 50 random bits."""
        return _number(secrets.randbits(50))


class SeededIds:
    """Ids for a repeatable run: the same seed and cause give the same id."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def _noise(self, what: str, cause: str) -> int:
        digest = hashlib.sha256(f"{self._seed}:{what}:{cause}".encode()).digest()
        return int.from_bytes(digest[:10], "big")

    def order_id(self, at: datetime, cause: str) -> str:
        """An id that is a function of seed, time and cause."""
        return _id(at, self._noise("id", cause))

    def order_number(self, at: datetime, cause: str) -> str:
        """A public number that is a function of seed and cause."""
        return _number(self._noise("number", cause) & ((1 << 50) - 1))

"""The editions of the rules that a simulated shop publishes."""

from __future__ import annotations

from functools import lru_cache

from ordinance.releases.release import Release, from_texts
from tests.publishing.editions import texts

PATIENT = "B"
"""By its rules a parcel waits half an hour for others that go to the same person."""

_AT_ONCE, _LATER = (
    "otherwise: {ship_within_hours: 48}",
    "otherwise: {ship_within_hours: 48, wait_to_merge: 30}",
)


@lru_cache(maxsize=8)
def edition(name: str) -> Release:
    """An edition by its name."""
    files = texts(name)
    if name == PATIENT:
        text = files["shipping.yaml"]
        assert _AT_ONCE in text
        files["shipping.yaml"] = text.replace(_AT_ONCE, _LATER)
    return from_texts(files)

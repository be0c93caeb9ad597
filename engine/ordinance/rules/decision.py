"""The record of one decision: small, canonical, without prose or line numbers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, TypeAlias

import orjson

Plain: TypeAlias = "str | int | bool | list[Plain] | dict[str, Plain] | None"
"""What a stored record is made of: no floats, no dates, no sets. Decimals are plain strings."""

SettledBy: TypeAlias = Literal["rules", "otherwise", "unknown", "failure"]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The fate of one candidate: its place (1 is the winner), or the rule that excluded it."""

    code: str
    place: int | None = None
    excluded_by: str | None = None
    lost_on: str | None = None
    """The preference, or `tie_break`, on which it fell behind the winner."""

    def plain(self) -> dict[str, Plain]:
        return {
            "code": self.code,
            "place": self.place,
            "excluded_by": self.excluded_by,
            "lost_on": self.lost_on,
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided. Equal facts, rule set, `at` and engine give equal bytes."""

    point: str
    outcome: Mapping[str, Plain]
    """Outcome field to value, merged as the decision point declares."""
    fired: tuple[str, ...]
    settled_by: SettledBy
    rules_hash: str
    facts_hash: str
    engine: str
    at: datetime | None
    as_of: date | None
    unknown: tuple[str, ...] = ()
    """Facts that were unknown while some rule asked for them, sorted."""
    points: int | None = None
    """The sum of a `score`."""
    ranking: tuple[Ranked, ...] = ()
    failure: str | None = None
    """The rule (or `not_in_force`) that made the decision fail, when `settled_by` is failure."""
    skipped: tuple[str, ...] = ()
    """Soft exclusions that would have emptied the candidates, and so were skipped."""

    def record(self) -> dict[str, Plain]:
        """The canonical record as plain values."""
        return {
            "point": self.point,
            "outcome": dict(self.outcome),
            "fired": list(self.fired),
            "settled_by": self.settled_by,
            "unknown": list(self.unknown),
            "points": self.points,
            "ranking": [item.plain() for item in self.ranking],
            "failure": self.failure,
            "skipped": list(self.skipped),
            "rules_hash": self.rules_hash,
            "facts_hash": self.facts_hash,
            "engine": self.engine,
            "at": self.at.isoformat() if self.at else None,
            "as_of": self.as_of.isoformat() if self.as_of else None,
        }

    def to_json(self) -> str:
        """The canonical record as JSON: sorted keys, no spaces, UTF-8."""
        return canonical_json(self.record())


_ENCODE = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_STRICT = orjson.OPT_SORT_KEYS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS


def canonical_json(value: Plain) -> str:
    """JSON with sorted keys and no spaces; the same value gives the same text everywhere."""
    try:
        return orjson.dumps(value, option=_STRICT).decode()
    except TypeError:
        # An integer of more than 64 bits, half of a character: the slow way knows them, or says
        # what is no plain value.
        return _ENCODE(value)


def sha256_of(value: Plain) -> str:
    """SHA-256 (hex) of the canonical JSON of `value`."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()

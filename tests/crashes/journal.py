"""What the clients wrote down: what they asked for, and what they were told. It outlives them."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

REFUSED = "refused"

_TAIL = 300_000
"""Bytes of the journal that a new client reads: what its predecessor left, and recent orders."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A command as it was sent."""

    who: int
    key: str
    method: str
    given: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """An acknowledgement. `order` is empty for a command that is about none."""

    who: int
    key: str
    order: str
    number: str
    version: int


class Journal:
    """One file that every client appends to, a line at a time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    def asked(self, asked: Asked) -> None:
        """Before a command is sent."""
        self._put([asked.who, asked.key, asked.method, asked.given])

    def told(self, told: Told) -> None:
        """As soon as a command was acknowledged; from here on nothing may take it back."""
        self._put([told.who, told.key, told.order, told.number, told.version])
        os.fsync(self._file)

    def refused(self, who: int, key: str, why: str) -> None:
        """A command was refused: nothing came of it."""
        self._put([who, key, REFUSED, why, 0])

    def _put(self, line: list[Any]) -> None:
        # On a line of its own even where the one before it was cut off by a kill.
        os.write(self._file, f"\n{json.dumps(line, ensure_ascii=False)}\n".encode())


@dataclass
class Read:
    """What stands in a journal, or in its end."""

    asked: dict[str, Asked]
    told: dict[str, Told]
    refused: dict[str, str]

    def unanswered(self, who: int | None = None) -> list[Asked]:
        """What was asked and not answered, by one client or by any, in the order of asking."""
        return [
            asked
            for key, asked in self.asked.items()
            if key not in self.told
            and key not in self.refused
            and (who is None or asked.who == who)
        ]


def read(path: Path, *, tail: bool = False) -> Read:
    """The journal as it stands, all of it or its end."""
    found = Read({}, {}, {})
    with path.open("rb") as file:
        if tail and path.stat().st_size > _TAIL:
            file.seek(-_TAIL, os.SEEK_END)
            file.readline()
        for line in file:
            take(found, line)
    return found


def take(found: Read, line: bytes) -> None:
    """Add one line to what was read; one that a kill has cut off was said to nobody."""
    try:
        said = json.loads(line)
    except ValueError:
        return
    if len(said) == 4:
        found.asked[said[1]] = Asked(*said)
    elif said[2] == REFUSED:
        found.refused[said[1]] = said[3]
    else:
        found.told[said[1]] = Told(*said)

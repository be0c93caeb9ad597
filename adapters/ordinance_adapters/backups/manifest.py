"""The manifest of a backup: what is in it, so that it can be told whether all of that still is."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from ordinance.ports import StorageError
from ordinance_adapters.sql.content import TABLES

MANIFEST = "manifest.json"
STORE = "store.db"

FORMAT = 1
"""Of the folder and of the manifest in it."""

_CHUNK = 1 << 20
_LONGEST = 1 << 20
"""Bytes of a manifest: one that is longer is none of ours."""


class BadBackup(StorageError):
    """What was named is no backup, or not what was backed up."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a backup holds, as of one commit."""

    format: int
    version: str
    """Of the program that made it."""
    made: datetime
    """When what is in it was read; the zone is UTC."""
    shops: tuple[str, ...]
    rows: Mapping[str, int]
    """By table."""
    content: str
    """SHA-256, in hex, of the lines of its content."""
    layout: str
    """What the tables were when it was made, as `layout()` names it."""
    size: int
    """Bytes of the file of the store."""
    sha256: str
    """Of that file, in hex."""
    findings: int
    """How many the doctor had."""
    checkpoint: Mapping[str, Any] | None = None
    """The last one of the audit log, as it was exported; None where there is none yet."""

    @property
    def total(self) -> int:
        """All rows together."""
        return sum(self.rows.values())

    def to_json(self) -> str:
        """For a person as well as for `read`."""
        plain = {**asdict(self), "made": self.made.isoformat()}
        return json.dumps(plain, ensure_ascii=False, indent=2) + "\n"


def layout() -> str:
    """A short name of all tables with their columns: equal ones have equal lines of content."""
    told = json.dumps([[name, list(table.columns)] for name, table in TABLES.items()])
    return sha256(told.encode()).hexdigest()[:16]


def read(backup: Path) -> Manifest:
    """The manifest of a backup. Raises `BadBackup`."""
    path = backup / MANIFEST
    if not backup.exists():
        raise BadBackup(f"`{backup}`: there is no such backup")
    if not path.is_file() or not (backup / STORE).is_file():
        raise BadBackup(
            f"`{backup}` is no backup; name a folder that `ordinance backup` made, with "
            f"{MANIFEST} and {STORE} in it"
        )
    try:
        with path.open("rb") as file:
            data = file.read(_LONGEST + 1)
        plain = json.loads(data) if len(data) <= _LONGEST else None
        if not isinstance(plain, dict) or not isinstance(plain.get("format"), int):
            raise ValueError("no manifest")
        if plain["format"] > FORMAT:
            raise BadBackup(
                f"`{backup}` was made by a newer version of ordinance ({plain.get('version')}); "
                "install that version to restore it"
            )
        plain["made"] = datetime.fromisoformat(plain["made"])
        plain["shops"] = tuple(plain["shops"])
        return _checked(Manifest(**plain))
    except OSError as error:
        raise BadBackup(f"`{path}` cannot be read: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise BadBackup(f"`{path}` is damaged; take another backup") from error


def _checked(found: Manifest) -> Manifest:
    right = (
        found.made.tzinfo is not None
        and all(isinstance(shop, str) for shop in found.shops)
        and all(isinstance(count, int) for count in found.rows.values())
        and all(isinstance(each, int) for each in (found.size, found.findings))
        and all(
            isinstance(each, str)
            for each in (found.version, found.content, found.layout, found.sha256)
        )
        and (found.checkpoint is None or isinstance(found.checkpoint, dict))
    )
    if not right:
        raise ValueError("no manifest")
    return found


def fingerprint(path: Path) -> tuple[int, str]:
    """Size and SHA-256 of a file."""
    hash_ = sha256()
    size = 0
    with path.open("rb") as file:
        while part := file.read(_CHUNK):
            hash_.update(part)
            size += len(part)
    return size, hash_.hexdigest()


def write_through(path: Path, text: str) -> None:
    """Write a text file that a power cut does not take back."""
    with path.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, survive a power cut."""
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)

"""What a store knows of its last backup, so that somebody notices when no other one is made."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from ordinance.ports import Storage

SETTING = "backup"
"""Kept under no shop: a backup is of the whole store."""


@dataclass(frozen=True, slots=True)
class LastBackup:
    """A backup that was made and proved."""

    made: datetime
    """What was stored later is not in it."""
    where: str
    within: timedelta | None = None
    """How long after it another one has to be there; None: nobody waits for one."""

    @property
    def due(self) -> datetime | None:
        """When another one has to be there."""
        return None if self.within is None else self.made + self.within


def last_backup(storage: Storage) -> LastBackup | None:
    """The last one that was noted in a store; None without any."""
    kept = storage.setting("", SETTING)
    if kept is None:
        return None
    told = json.loads(kept)
    seconds = told["within_seconds"]
    return LastBackup(
        datetime.fromisoformat(told["made"]),
        told["where"],
        None if seconds is None else timedelta(seconds=seconds),
    )


def note_backup(
    storage: Storage, made: datetime, where: str, within: timedelta | None = None
) -> None:
    """Note in a store that it was backed up. Without `within` what was said before holds on; no
    time at all means that nobody waits for another one any more."""
    if within is None and (before := last_backup(storage)) is not None:
        within = before.within
    told = {
        "made": made.isoformat(),
        "where": where,
        "within_seconds": within.total_seconds() if within else None,
    }
    storage.keep_setting("", SETTING, json.dumps(told, sort_keys=True, ensure_ascii=False))

"""Handing checkpoints out, to places that whoever owns the store and its key cannot rewrite."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Protocol

from ordinance.auditlog import StoredCheckpoint
from ordinance.ports import Storage

SETTING = "audit.exports"
AT_ONCE = 500
"""Checkpoints that are handed out in one piece, at most."""


class NotExported(Exception):
    """A place did not take checkpoints; the message is shown to people. They are tried again."""


class CheckpointPlace(Protocol):
    """Somewhere outside."""

    name: str
    """Where it is, as it is shown and remembered."""

    def take(self, checkpoints: Sequence[StoredCheckpoint]) -> None:
        """Keep them for good; the same ones may come twice. Raises `NotExported`."""
        ...


@dataclass(frozen=True, slots=True)
class Export:
    """How far a place is."""

    name: str
    size: int = 0
    """Leaves under the last checkpoint that it took."""
    at: str = ""
    """When it took it."""
    failures: int = 0
    """How often it has failed since."""
    error: str = ""
    """What it said the last time that it failed, empty once it took something."""


def exports(storage: Storage, shop: str) -> list[Export]:
    """How far the places are that checkpoints were ever to be handed out to, by name."""
    kept = json.loads(storage.setting(shop, SETTING) or "{}")
    return [Export(name, **kept[name]) for name in sorted(kept)]


def forget(storage: Storage, shop: str, name: str) -> bool:
    """Forget a place that is not handed out to any more; False when it was never known."""
    left = {each.name: each for each in exports(storage, shop)}
    if left.pop(name, None) is None:
        return False
    _keep(storage, shop, left)
    return True


def export(
    storage: Storage, shop: str, places: Sequence[CheckpointPlace], now: datetime
) -> list[Export]:
    """Hand every place what it has not taken yet, in turn; how far each is then.

    What fails is kept with its message, and tried again with all that came since.
    """
    known = {each.name: each for each in exports(storage, shop)}
    found = {}
    for place in places:
        before = known.get(place.name, Export(place.name))
        found[place.name] = _handed(storage, shop, place, before, now)
    if found and any(known.get(name) != each for name, each in found.items()):
        _keep(storage, shop, known | found)
    return list(found.values())


def _keep(storage: Storage, shop: str, places: Mapping[str, Export]) -> None:
    told = {each.name: asdict(each) for each in places.values()}
    for each in told.values():
        del each["name"]
    storage.keep_setting(shop, SETTING, json.dumps(told, sort_keys=True))


def _handed(
    storage: Storage, shop: str, place: CheckpointPlace, before: Export, now: datetime
) -> Export:
    reached = before
    checkpoints = iter(storage.checkpoints(shop, after=before.size))
    for part in _parts(checkpoints):
        try:
            place.take(part)
        except NotExported as error:
            return replace(reached, failures=reached.failures + 1, error=str(error)[:500])
        reached = Export(place.name, part[-1].size, now.isoformat())
    return reached


def _parts(checkpoints: Iterator[StoredCheckpoint]) -> Iterator[list[StoredCheckpoint]]:
    while part := list(islice(checkpoints, AT_ONCE)):
        yield part

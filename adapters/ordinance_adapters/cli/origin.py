"""Which published version rules were made from, noted in a small file beside them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from ordinance.ports import Storage, StoredRelease

MARK = ".published"
"""It is no rule file, so reading the folder passes it over."""

_MOST_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class _Note:
    """Versions of one store: of the folder as a whole, and of files that were published alone
    since."""

    whole: int | None
    files: Mapping[str, int]

    def of(self, name: str) -> int | None:
        return self.files.get(name, self.whole)


def origin(path: Path, storage: Storage, shop: str, live: StoredRelease | None) -> int | None:
    """The version of this store that the rules at `path` were made from; None when nobody noted
    it, or when the note is about another store.

    A folder whose files are of several versions counts as made from `live` when each file that
    `live` holds is still the one that it was made from.
    """
    note = _read(path, storage, shop)
    if not path.is_dir():
        return note.of(path.name)
    if live is not None and note.files and _is_up_to_date(note, storage, live):
        return live.version
    return note.whole


def note_origin(path: Path, storage: Storage, shop: str, version: int) -> None:
    """Note that the rules at `path` are those of a version, where the folder can be written."""
    note = _Note(version, {})
    if not path.is_dir():
        old = _read(path, storage, shop)
        note = _Note(old.whole, {**old.files, path.name: version})
    versions = {item.version: item.hash for item in storage.releases(shop)}
    told = {
        "shop": shop,
        "whole": None if note.whole is None else [note.whole, versions[note.whole]],
        "files": {name: [known, versions[known]] for name, known in note.files.items()},
    }
    try:
        _mark(path).write_text(f"{json.dumps(told, sort_keys=True)}\n", "utf-8")
    except OSError:
        # A folder that nobody may write: `--base` says it then.
        return


def _is_up_to_date(note: _Note, storage: Storage, live: StoredRelease) -> bool:
    known: dict[int, Mapping[str, str]] = {}
    for name, text_hash in json.loads(live.files).items():
        version = note.of(name)
        if version is None:
            return False
        if version not in known:
            release = storage.release(live.shop, version)
            known[version] = {} if release is None else json.loads(release.files)
        if known[version].get(name) != text_hash:
            return False
    return True


def _read(path: Path, storage: Storage, shop: str) -> _Note:
    try:
        with _mark(path).open("rb") as file:
            told = json.loads(file.read(_MOST_BYTES))
        whole = _version(told["whole"], storage, shop)
        every = {name: _version(item, storage, shop) for name, item in told["files"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return _Note(None, {})
    return _Note(whole, {name: known for name, known in every.items() if known is not None})


def _version(told: object, storage: Storage, shop: str) -> int | None:
    """The version that a note names, if it is the one of this store."""
    if not isinstance(told, list) or len(told) != 2 or not isinstance(told[0], int):
        return None
    if not 0 < told[0] < 2**63:
        return None
    stored = storage.release(shop, told[0])
    return told[0] if stored is not None and stored.hash == told[1] else None


def _mark(path: Path) -> Path:
    return (path if path.is_dir() else path.parent) / MARK

"""Which published version a folder of rules was made from, kept in a small file beside them."""

from __future__ import annotations

import json
from pathlib import Path

from ordinance.ports import Storage

MARK = ".published"
"""Beside the rule files; it is no rule file, so reading the folder passes it over."""


def origin(path: Path, storage: Storage, shop: str) -> int | None:
    """The version of this store that the rules at `path` were made from; None when nobody noted
    it, or when the note is about another store."""
    try:
        noted = json.loads(_mark(path).read_text("utf-8"))
        version, hash_ = noted["version"], noted["hash"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    if not isinstance(version, int) or not 0 < version < 2**63:
        return None
    stored = storage.release(shop, version)
    return version if stored is not None and stored.hash == hash_ else None


def note_origin(path: Path, storage: Storage, shop: str, version: int) -> None:
    """Note that the rules at `path` are those of a version, where the folder can be written."""
    stored = storage.release(shop, version)
    if stored is None:
        return
    told = json.dumps({"hash": stored.hash, "shop": shop, "version": version}, sort_keys=True)
    try:
        _mark(path).write_text(f"{told}\n", "utf-8")
    except OSError:
        # A folder that nobody may write: `--base` says it then.
        return


def _mark(path: Path) -> Path:
    return (path if path.is_dir() else path.parent) / MARK

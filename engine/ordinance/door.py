"""Opening a shop: the store by its URL's scheme, the rules, the profile, the clock."""

from __future__ import annotations

from importlib.metadata import entry_points
from pathlib import Path

from ordinance.oms import Shop
from ordinance.points import POINTS
from ordinance.ports import Clock, Ids, Storage, StorageError
from ordinance.profile import Profile
from ordinance.rules import Rulebook, load

STORAGE_GROUP = "ordinance.storage"
DEFAULT_GROUP = "ordinance.defaults"


def open_storage(url: str) -> Storage:
    """The store behind a URL; a bare path is SQLite. Raises `StorageError`."""
    scheme, found, _ = url.partition("://")
    name = scheme if found else "sqlite"
    known = {entry.name: entry for entry in entry_points(group=STORAGE_GROUP)}
    if name not in known:
        raise StorageError(
            f"{url}: no store is called `{name}`; installed: {', '.join(sorted(known)) or 'none'}"
        )
    storage: Storage = known[name].load()(url)
    return storage


def _default(name: str) -> object:
    """What the adapters offer where the store gives nothing: the clock, ids, a one-shop profile."""
    for entry in entry_points(group=DEFAULT_GROUP):
        if entry.name == name:
            return entry.load()()
    raise StorageError(f"no adapter offers a default {name}; give one, or install the adapters")


class MissingRules(Exception):
    """The rules leave a question of the order core without an answer."""


def answers_all(book: Rulebook) -> None:
    """Raise `MissingRules` naming every decision point that no rule set answers."""
    missing = [point.name for point in POINTS if point.name not in book.sets]
    if missing:
        raise MissingRules(
            f"the rules do not answer {', '.join(missing)}; "
            "add a rule set for each (`ordinance init` writes one to begin with)"
        )


def open(
    url: str | Path,
    *,
    rules: str | Path | Rulebook,
    profile: Profile | None = None,
    clock: Clock | None = None,
    ids: Ids | None = None,
) -> Shop:
    """Open a shop: `with ordinance.open("shop.db", rules="rules/") as shop: ...`

    `url` is a path (SQLite) or a store's URL; `rules` a rule file, a folder of them, or a
    rulebook. Without a `profile` the one kept in the store is used, and in a new store a plain
    one. Raises `StorageError`, `RuleFileError` and `MissingRules`, each with the place and what to
    do.
    """
    book = rules if isinstance(rules, Rulebook) else load(Path(rules))
    answers_all(book)
    storage = open_storage(str(url))
    return Shop(
        storage,
        profile or _default("profile"),  # type: ignore[arg-type]
        book,
        clock or _default("clock"),  # type: ignore[arg-type]
        ids or _default("ids"),  # type: ignore[arg-type]
    )

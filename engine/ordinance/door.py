"""Opening a shop: the store by its URL's scheme, the rules, the profile, the clock."""

from __future__ import annotations

import json
from importlib.metadata import entry_points
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from ordinance.dispatching import Clocked
from ordinance.oms import Shop
from ordinance.outside import Outside
from ordinance.ports import Clock, Ids, Optimiser, Storage, StorageError
from ordinance.profile import Profile
from ordinance.releases.office import Office
from ordinance.releases.release import MissingRules, answers_all, rule_hashes
from ordinance.rules import Rulebook, load

__all__ = [
    "MissingRules",
    "NoOutside",
    "RulesPublished",
    "answers_all",
    "clock_of",
    "demand_published",
    "note_shop",
    "open",
    "open_outside",
    "open_storage",
    "public",
    "told_of_shop",
]

STORAGE_GROUP = "ordinance.storage"
DEFAULT_GROUP = "ordinance.defaults"
OUTSIDE_GROUP = "ordinance.outside"

SHOP_SETTING = "shop"
"""Kept under no shop: which one a store is for, with its currency and zone."""

SIMULATED = "simulated"
"""The world outside that comes with us: it does nothing, and says that it did."""


def open_storage(url: str, *, create: bool = True, writes: bool = True) -> Storage:
    """The store behind a URL; a bare path is SQLite.

    With `create` a store that is not there is made, without it `NoStore` is raised. Without
    `writes` it is only to be looked at: nothing is made, and one of an older version is refused
    where it would else be brought up to date. Raises `StorageError`.
    """
    scheme, found, _ = url.partition("://")
    name = scheme if found else "sqlite"
    known = {entry.name: entry for entry in entry_points(group=STORAGE_GROUP)}
    if name not in known:
        raise StorageError(
            f"`{public(url)}`: no store is called `{name}`; write a path, or an address that "
            f"begins with one of {', '.join(f'`{each}://`' for each in sorted(known)) or 'none'}"
        )
    storage: Storage = known[name].load()(url, create=create and writes, writes=writes)
    return storage


def public(url: str) -> str:
    """An address as it may be shown: without user, password and other options than `schema`."""
    scheme, found, rest = url.partition("://")
    if not found or scheme == "sqlite":
        return url
    place, _, query = rest.rpartition("@")[2].partition("?")
    kept = [(name, value) for name, value in parse_qsl(query) if name == "schema"]
    return f"{scheme}://{place}{f'?{urlencode(kept)}' if kept else ''}"


class NoOutside(Exception):
    """Nobody offers such adapters to the world."""


def open_outside(name: str | None = None) -> tuple[str, Outside]:
    """The adapters to the world that are installed under a name of the entry-point group
    `ordinance.outside`; without one, the only ones beside the simulated, or else those.

    Raises `NoOutside` for a name that nobody offers, or where several might be meant.
    """
    known = {entry.name: entry for entry in entry_points(group=OUTSIDE_GROUP)}
    own = sorted(known.keys() - {SIMULATED})
    if name is None and len(own) > 1:
        raise NoOutside(f"several adapters to the world are installed, name one: {', '.join(own)}")
    chosen = name or (own[0] if own else SIMULATED)
    if chosen not in known:
        raise NoOutside(
            f"no adapters to the world are called `{chosen}`; installed: {', '.join(sorted(known))}"
        )
    outside: Outside = known[chosen].load()()
    return chosen, outside


def _default(name: str) -> object:
    """What the adapters offer where the store gives nothing: the clock, ids, a one-shop profile."""
    for entry in entry_points(group=DEFAULT_GROUP):
        if entry.name == name:
            return entry.load()()
    raise StorageError(f"no adapter offers a default {name}; give one, or install the adapters")


def clock_of(storage: Storage) -> Clock:
    """The clock that everybody who works on a store goes by: its own, where it has one that others
    share, else this machine's."""
    if isinstance(storage, Clocked):
        return storage.clock()
    return _default("clock")  # type: ignore[return-value]


class RulesPublished(Exception):
    """The store decides by published rules, and other ones were given."""


def open(
    url: str | Path,
    *,
    rules: str | Path | Rulebook | None = None,
    profile: Profile | None = None,
    clock: Clock | None = None,
    ids: Ids | None = None,
    optimiser: Optimiser | None = None,
) -> Shop:
    """Open a shop: `with ordinance.open("shop.db", rules="rules/") as shop: ...`

    `url` is a path (SQLite) or a store's URL; `rules` a rule file, a folder of them, or a
    rulebook. Without `rules` the shop decides by the rules that are published in the store; it
    does so too from the moment that rules are published there. Without a `profile` the one kept
    in the store is used, and in a new store a plain one. Without a `clock` it is the clock of the
    server, where the store has one, and else of this machine. Raises `StorageError`,
    `RuleFileError`, `MissingRules` and `RulesPublished`, each with the place and what to do.
    """
    book = rules if isinstance(rules, Rulebook) or rules is None else load(Path(rules))
    if book is not None:
        answers_all(book)
    storage = open_storage(str(url))
    shop = Shop(
        storage,
        profile or _default("profile"),  # type: ignore[arg-type]
        book,
        clock or clock_of(storage),
        ids or _default("ids"),  # type: ignore[arg-type]
        optimiser or _default("optimiser"),  # type: ignore[arg-type]
    )
    try:
        demand_published(storage, shop.profile.shop, book)
        note_shop(storage, shop.profile)
    except BaseException:
        storage.close()
        raise
    return shop


def note_shop(storage: Storage, profile: Profile) -> None:
    """Keep in a store which shop it is for, so that it explains itself to whoever has it alone.

    Of several shops in one store that is the first.
    """
    told = told_of_shop(profile.shop, profile.currency, profile.zone)
    kept = storage.setting("", SHOP_SETTING)
    if kept is None or (kept != told and json.loads(kept)["shop"] == profile.shop):
        storage.keep_setting("", SHOP_SETTING, told)


def told_of_shop(shop: str, currency: str, zone: str) -> str:
    """What is kept under `SHOP_SETTING`."""
    return json.dumps({"shop": shop, "currency": currency, "zone": zone}, sort_keys=True)


def demand_published(storage: Storage, shop: str, given: Rulebook | None) -> None:
    """Raise `RulesPublished` when a shop decides by published rules and `given` are other ones,
    `MissingRules` when there are neither.

    Nobody may believe that the rules of a folder decide while the published ones do.
    """
    live = Office(storage, shop).status().live
    if live is None and given is None:
        raise MissingRules(
            "no rules are published in this store; publish some with `ordinance rules publish`, "
            "or open the shop with `rules=`"
        )
    if live is None or given is None:
        return
    if rule_hashes(live) != {point: rules.hash for point, rules in given.items()}:
        raise RulesPublished(
            f"this store decides by its published rules (version {live.version}, by "
            f"{live.author}), and the given ones differ; leave them out, or publish them with "
            "`ordinance rules publish`"
        )

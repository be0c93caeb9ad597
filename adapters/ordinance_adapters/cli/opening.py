"""Opening a shop's store for a command, with the profile that was kept in it."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from ordinance.door import SHOP_SETTING, clock_of, open_storage, public, told_of_shop
from ordinance.ports import Clock, NoStore, Storage
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.readers.folder import SHOP_FILE
from ordinance_adapters.shopfile import read_shop


class StoredShop:
    """A store with the name, currency and zone of the shop in it."""

    def __init__(self, storage: Storage, shop: str, currency: str, zone: str) -> None:
        self.storage = storage
        self.shop = shop
        self.currency = currency
        self.zone = ZoneInfo(zone)

    @cached_property
    def clock(self) -> Clock:
        """What everybody who works on this store goes by."""
        return clock_of(self.storage)


def opened(db: str, *, writes: bool = False) -> Storage | None:
    """The store at a path or an address; None where there is none, and never a new one. Only with
    `writes` one of an older version is brought up to date."""
    try:
        return open_storage(db, create=False, writes=writes)
    except NoStore:
        return None


def existing(db: str, *, writes: bool = False, keeps: bool = True) -> StoredShop:
    """The shop in a store that exists; never makes a new one. Without `keeps` all that is written
    is taken back."""
    if writes and keeps:
        warn_of_writers(db)
    storage = opened(db, writes=writes)
    if storage is None:
        raise Refused(
            f"{public(db)}: there is no such store; make one with `ordinance run ... "
            f"--db {public(db)}`"
        )
    return _kept(storage, db)


def _kept(storage: Storage, db: str) -> StoredShop:
    try:
        known = storage.setting("", SHOP_SETTING)
        if known is None:
            raise Refused(
                f"{public(db)}: holds no shop yet; fill it with `ordinance run ... "
                f"--db {public(db)}`"
            )
        return StoredShop(storage, **json.loads(known))
    except BaseException:
        storage.close()
        raise


def ready(
    db: str, shop_path: Path | None, rules: Path, before: Callable[[ZoneInfo], object]
) -> StoredShop:
    """The shop in a store, made for the shop of `shop_path` where the store is new; by default for
    the one whose `shop.yaml` lies beside the rules. A new store is made only once `before`, with
    the zone of the shop, has found nothing wrong."""
    warn_of_writers(db)
    folder = shop_path or rules.parent
    if shop_path is None:
        there = opened(db, writes=True)
        if there is not None:
            return _kept(there, db)
        if not (folder / SHOP_FILE).exists():
            raise Refused(
                f"{public(db)}: there is no such store yet; name the shop that it is for with "
                f"`--shop`, the folder of its {SHOP_FILE}"
            )
    profile = read_shop(folder).profile
    before(ZoneInfo(profile.zone))
    storage = open_storage(db)
    try:
        remember(storage, profile.shop, profile.currency, profile.zone)
    except BaseException:
        storage.close()
        raise
    return StoredShop(storage, profile.shop, profile.currency, profile.zone)


def warn_of_writers(db: str) -> None:
    """Say so before a command that writes, where another process has the file open as well and
    this SQLite might damage it then."""
    scheme, found, _ = db.partition("://")
    if found and scheme != "sqlite":
        return
    from ordinance_adapters.sqlite import wal_reset_risk
    from ordinance_adapters.sqlite.address import database_path

    # The last process to close the file takes its log away.
    if os.path.exists(f"{database_path(db)}-wal") and (risk := wal_reset_risk()):
        click.echo(f"warning: {db} seems to be open in another process: {risk}", err=True)


def remember(storage: Storage, shop: str, currency: str, zone: str) -> None:
    """Keep which shop a store is for; refuse another shop in the same store."""
    known = storage.setting("", SHOP_SETTING)
    told = told_of_shop(shop, currency, zone)
    if known is None:
        storage.keep_setting("", SHOP_SETTING, told)
    elif known != told:
        raise Refused(
            f"this store is kept for {json.loads(known)['shop']} ({known}); "
            "give another --db for this shop"
        )

"""Bringing a store back from a backup, and telling what it will do that may have been done."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from ordinance.audit.backedup import note_backup
from ordinance.audit.finding import Finding
from ordinance.orders.persons import erase_again
from ordinance.ports import EffectState, Storage, StorageError, StoredEffect, Timer
from ordinance.rules.decision import canonical_json
from ordinance_adapters.backups import manifest as manifests
from ordinance_adapters.backups.history import Signed, demand_history
from ordinance_adapters.backups.manifest import STORE, BadBackup, Manifest, fingerprint, layout
from ordinance_adapters.copying import Content, Count, Progress, content_of, findings_of, reported
from ordinance_adapters.keys import Keyring, KeyringError
from ordinance_adapters.sql.reading import SqlReading
from ordinance_adapters.sqlite import SqliteStorage, open_storage

RESTORED = "restored"
"""The setting of a shop that says which backup its store comes from."""

_OPEN = (EffectState.WAITING, EffectState.UNKNOWN)
_ALL = 1_000_000_000


class NotRestored(StorageError):
    """Nothing was restored; the message says why."""


@dataclass(frozen=True, slots=True)
class Left:
    """What a shop has still to do, as of its backup; some of it may have been done since."""

    shop: str
    effects: Sequence[StoredEffect]
    """Those that go on by themselves: the provider is asked first, or gets the same key."""
    stuck: Sequence[StoredEffect]
    """Those that wait for a person: given up, or of unknown outcome with nobody to ask."""
    due: Sequence[Timer]
    """The timers that fire as soon as somebody works."""


@dataclass(frozen=True, slots=True)
class Restored:
    """A store that came back, proved."""

    manifest: Manifest
    at: datetime
    left: Sequence[Left]
    """By shop."""
    findings: tuple[Finding, ...]
    log_faults: int
    """In the audit log; with `older`, that it ends before a checkpoint."""
    moved_on: bool
    """Whether the tables are newer than those of the backup."""

    @property
    def age(self) -> timedelta:
        """What was stored in this time before the restore is not in it."""
        return self.at - self.manifest.made


def restore(
    backup: Path,
    target: Callable[[], Storage],
    now: Callable[[], datetime],
    *,
    signed: Signed | None = None,
    older: bool = False,
    workplace: Path | None = None,
    keyring: Keyring | None = None,
    progress: Progress = lambda done, of: None,
) -> Restored:
    """Fill an empty store with what a backup holds, all of it or nothing.

    `target` opens the empty store, once the backup has been found to be what was backed up. The
    backup is not changed: a copy of it is brought up to our tables in the folder `workplace`
    (default: where temporary files go). `keyring` are the keys of the store that was backed up;
    whoever was erased after the backup was made is erased again. Every effect that is not done
    becomes one of unknown outcome, because it may have been done after the backup was made. Where
    checkpoints from outside are given, its audit log has to fit them; `older`, it may end before
    them. Raises `BadBackup`, `AnotherHistory`, `NotRestored` and `StorageError`.
    """
    manifest = manifests.read(backup)
    with _brought_up(backup, manifest, workplace, keyring) as source:
        content = content_of(source)
        moved_on = manifest.layout != layout()
        if not moved_on and content.digest != manifest.content:
            raise BadBackup(f"`{backup}` does not hold what its manifest says; take another backup")
        log_faults = demand_history(source, content.shops, signed or Signed(), backup, older=older)
        into = target()
        if isinstance(into, SqlReading):
            into.keyring.claims = source.store_name()
        with into.batch():
            _fill(into, source, content, progress)
            at = now()
            left = [_left(into, shop, at) for shop in content.shops]
            for shop in content.shops:
                erase_again(into, shop, by="restore", now=at)
                _doubt(into, shop, manifest, at)
            note_backup(into, manifest.made, str(backup.absolute()))
            # The log was verified in the backup, and what was filled in has the same SHA-256.
            findings = findings_of(into, content.shops, audit_log=False)
    return Restored(manifest, at, left, findings, log_faults, moved_on)


@contextmanager
def _brought_up(
    backup: Path, manifest: Manifest, workplace: Path | None, keyring: Keyring | None
) -> Iterator[SqliteStorage]:
    """A copy of the backup's store, with the tables that we know; gone afterwards."""
    place = workplace or Path(tempfile.gettempdir())
    with ExitStack() as held:
        try:
            room = tempfile.TemporaryDirectory(prefix=".ordinance-restore-", dir=place)
            file = Path(held.enter_context(room)) / STORE
            shutil.copyfile(backup / STORE, file)
            found = fingerprint(file)
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            raise NotRestored(
                f"`{backup}` cannot be brought into the folder `{place}`: {why}; nothing was "
                "restored"
            ) from error
        if found != (manifest.size, manifest.sha256):
            raise BadBackup(
                f"`{backup / STORE}` is not the file that was backed up ({found[0]} bytes with "
                f"SHA-256 {found[1][:12]} instead of {manifest.size} with "
                f"{manifest.sha256[:12]}); take another backup"
            )
        storage = open_storage(file, create=False, keyring=keyring)
        try:
            yield storage
        except KeyringError as error:
            # What somebody knows is the backup, and not the copy of it that is worked on.
            raise KeyringError(str(error).replace(f"`{file}`", f"`{backup}`")) from error
        finally:
            storage.close()


def _fill(into: Storage, source: Storage, content: Content, progress: Progress) -> None:
    count = Count()
    into.fill(reported(count.watch(source.content()), content.total, progress))
    stored = content_of(into)
    if not count.added_up() == stored == content:
        raise NotRestored(
            f"what was stored is not what the backup holds (SHA-256 {stored.digest[:12]} instead "
            f"of {content.digest[:12]}), and was taken back; let nothing else write there, and "
            "try again"
        )


def _left(storage: Storage, shop: str, at: datetime) -> Left:
    open_ = storage.effects(shop, _OPEN)
    stuck = storage.effects(shop, (EffectState.DEAD,))
    with storage.transaction() as tx:
        due = tx.due(shop, at, _ALL)
    return Left(
        shop,
        [one for one in open_ if one.next_try is not None],
        [*(one for one in open_ if one.next_try is None), *stuck],
        due,
    )


def _doubt(storage: Storage, shop: str, manifest: Manifest, at: datetime) -> None:
    made = manifest.made.isoformat(" ", "seconds")
    why = f"restored from a backup made at {made}; it may have been done since"
    with storage.transaction() as tx:
        tx.doubt_effects(shop, at, why)
    told = {"made": manifest.made.isoformat(), "content": manifest.content, "at": at.isoformat()}
    storage.keep_setting(shop, RESTORED, canonical_json(dict(told)))

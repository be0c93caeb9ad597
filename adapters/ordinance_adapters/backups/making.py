"""Making a backup, while others write, and proving it before it has its name."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from ordinance.audit.finding import Finding
from ordinance.ports import Storage, StorageError
from ordinance_adapters.backups.history import Signed, faults_in, verified
from ordinance_adapters.backups.manifest import (
    FORMAT,
    MANIFEST,
    STORE,
    Manifest,
    fingerprint,
    layout,
    sync,
    write_through,
)
from ordinance_adapters.copying import Content, Count, Progress, content_of, findings_of, reported
from ordinance_adapters.keys import Keyring
from ordinance_adapters.sql.reading import SqlReading
from ordinance_adapters.sqlite import open_storage
from ordinance_adapters.sqlite.still import lay_still


class NotBackedUp(StorageError):
    """No backup was made; the message says why."""


@dataclass(frozen=True, slots=True)
class Made:
    """A backup that was proved."""

    path: Path
    manifest: Manifest
    findings: tuple[Finding, ...]
    """What the doctor finds in it, as in the store itself, but for the audit log: its faults are
    counted in the manifest."""


def back_up(
    source: Storage,
    target: Path,
    now: Callable[[], datetime],
    *,
    progress: Progress = lambda done, of: None,
) -> Made:
    """Write everything that a store holds, as of one commit, into the new folder `target`.

    Others go on writing. The folder gets its name once what is in it has been read back from its
    file, has the same SHA-256 as what was read from the store, and is on the disk. Raises
    `NotBackedUp` and `StorageError`; there is no folder of that name then.
    """
    _refuse_what_is_there(target)
    with _unfinished(target) as folder:
        file = folder / STORE
        made = now()
        content = _filled(source, file, made, progress)
        if not content.total:
            raise NotBackedUp("there is nothing to back up: the store is empty")
        proved = _proved(file, content, _keys_of(source))
        lay_still(file)
        size, digest = fingerprint(file)
        manifest = Manifest(
            FORMAT,
            version("ordinance"),
            made,
            content.shops,
            content.rows,
            content.digest,
            layout(),
            size,
            digest,
            len(proved.findings),
            proved.log_faults,
            proved.notes,
        )
        write_through(folder / MANIFEST, manifest.to_json())
        sync(file)
        sync(folder)
        _name(folder, target)
    return Made(target, manifest, proved.findings)


def _refuse_what_is_there(target: Path) -> None:
    if os.path.lexists(target):
        raise NotBackedUp(f"`{target}` is there already; name a new folder")
    if not target.parent.is_dir():
        raise NotBackedUp(
            f"`{target}` cannot be made; make the folder `{target.parent}` for it first"
        )


@contextmanager
def _unfinished(target: Path) -> Iterator[Path]:
    """A folder beside the target that no one takes for a backup; gone when it is not finished."""
    try:
        folder = Path(tempfile.mkdtemp(".unfinished", f".{target.name}.", target.parent))
    except OSError as error:
        raise _not_written(target, error) from error
    try:
        yield folder
    except OSError as error:
        raise _not_written(target, error) from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _not_written(target: Path, error: OSError) -> NotBackedUp:
    why = (error.strerror or str(error)).lower()
    return NotBackedUp(f"`{target}` cannot be written: {why}; no backup was made")


def _filled(source: Storage, file: Path, made: datetime, progress: Progress) -> Content:
    count = Count()
    into = open_storage(file, keyring=_keys_of(source))
    try:
        into.fill(reported(count.watch(source.content()), 0, progress))
    finally:
        into.close()
    return count.added_up()


@dataclass(frozen=True, slots=True)
class _Proved:
    findings: tuple[Finding, ...]
    log_faults: int
    notes: Mapping[str, str]


def _keys_of(source: Storage) -> Keyring | None:
    """A backup is sealed with the keys of its store, which are not in it, and goes by its name."""
    if isinstance(source, SqlReading):
        return source.keyring.of_store(source.store_name())
    return None


def _proved(file: Path, read: Content, keyring: Keyring | None) -> _Proved:
    """What the doctor and the auditor find in what lies in the file, which is what was read."""
    storage = open_storage(file, create=False, keyring=keyring)
    try:
        stored = content_of(storage)
        if stored != read:
            raise NotBackedUp(
                f"what was written is not what was read (SHA-256 {stored.digest[:12]} instead of "
                f"{read.digest[:12]}); check the disk, and try again"
            )
        last = {shop: storage.last_checkpoint(shop) for shop in read.shops}
        notes = {shop: found.note for shop, found in last.items() if found is not None}
        faults = faults_in(verified(storage, read.shops, Signed()))
        findings = findings_of(storage, read.shops, audit_log=False)
        return _Proved(findings, faults, notes)
    finally:
        storage.close()


def _name(folder: Path, target: Path) -> None:
    """From here on it is a backup. A folder is never put over what holds anything."""
    os.rename(folder, target)
    sync(target.parent)

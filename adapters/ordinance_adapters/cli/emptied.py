"""An empty store that a command fills whole, or leaves as if it had never been asked."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ordinance.door import open_storage, public
from ordinance.ports import Storage, StorageError
from ordinance_adapters.cli.ending import tidied
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.opening import opened


class Target:
    """The empty store that is copied into; made, and gone again with a copy that fails."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.storage = opened(address, writes=True)
        self._is_new = self.storage is None

    def open(self) -> Storage:
        if self.storage is None:
            self.storage = open_storage(self.address)
        return self.storage

    @property
    def folder(self) -> Path | None:
        """The folder of its file; None where it is none."""
        if "://" in self.address and not self.address.startswith("sqlite:"):
            return None
        from ordinance_adapters.sqlite.address import database_path

        return Path(database_path(self.address)).parent

    def is_empty(self) -> bool:
        return self.storage is None or next(self.storage.content(), None) is None

    def take_back(self) -> None:
        """Nothing was committed; a file that was made for it is removed."""
        from ordinance_adapters.sqlite import SqliteStorage

        made = self._is_new and isinstance(self.storage, SqliteStorage) and self.is_empty()
        self.close()
        if made or (self._is_new and self.storage is None and self._was_begun()):
            from ordinance_adapters.sqlite.address import database_path

            path = database_path(self.address)
            for name in (f"{path}-wal", f"{path}-shm", path):
                Path(name).unlink(missing_ok=True)

    def _was_begun(self) -> bool:
        """Whether a file was made, but no tables in it any more."""
        if self.folder is None:
            return False
        try:
            return opened(self.address) is None
        except StorageError:
            return False

    def close(self) -> None:
        if self.storage is not None:
            self.storage.close()


@contextmanager
def emptied(address: str) -> Iterator[Target]:
    """Where a copy goes to; a copy that fails or is ended leaves nothing there."""
    target = Target(address)
    try:
        with tidied():
            if not target.is_empty():
                raise Refused(f"{public(address)}: holds something already; name a new store")
            yield target
    except BaseException:
        target.take_back()
        raise
    target.close()

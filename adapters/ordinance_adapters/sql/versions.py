"""What is said of a store that another version of this program has made."""

from __future__ import annotations

from collections.abc import Sequence

from ordinance.ports import StorageError


class OlderStore(StorageError):
    """An older version has made the store, which was only to be looked at."""

    def __init__(self, where: str, pending: Sequence[str]) -> None:
        super().__init__(
            f"`{where}` was made by an older version of ordinance (it lacks the step "
            f"`{pending[0]}`), and looking at it changes nothing: make a backup with that version, "
            "then bring it up to date with `ordinance migrate`"
        )
        self.pending = tuple(pending)
        """The steps that it lacks, in their order."""


def newer_store(where: str, step: str) -> StorageError:
    """A newer version has brought the store up to its tables."""
    return StorageError(
        f"`{where}` was written by a newer version of ordinance (step `{step}`); install that "
        "version to open it"
    )

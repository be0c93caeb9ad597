"""Whether the audit log in a backup is the one that was signed, and how much of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ordinance.audit.checkpoint import NoCheckpoint, PublicKey, notes_in, origin_of, read_note
from ordinance.audit.verdict import Verdict, Wrong
from ordinance.audit.verifying import verify
from ordinance.ports import Storage, StorageError
from ordinance_adapters.signing import checks


class AnotherHistory(StorageError):
    """The backup is not of the history that checkpoints from outside tell of."""


@dataclass(frozen=True, slots=True)
class Signed:
    """Checkpoints that were kept outside of the store, and the key that they are checked with."""

    notes: Sequence[str] = ()
    public: PublicKey | None = None

    def of(self, shop: str) -> list[str]:
        """Those of a shop's log."""
        return [note for note in self.notes if read_note(note).origin == origin_of(shop)]

    def key_of(self, shop: str) -> PublicKey | None:
        """The key that the checkpoints of a shop's log are checked with; None for a log that
        neither the key nor any of the checkpoints is of."""
        is_of = self.public is not None and self.public.name == origin_of(shop)
        return self.public if is_of or self.of(shop) else None

    def demand_shops(self, shops: Iterable[str], backup: Path) -> None:
        """Raise `AnotherHistory` for a checkpoint of none of these shops."""
        known = {origin_of(shop) for shop in shops}
        for note in self.notes:
            if (origin := read_note(note).origin) not in known:
                raise AnotherHistory(
                    f"`{backup}` holds no log `{origin}`, which the checkpoint is of"
                )


def signed_in(file: Path, public: PublicKey | None) -> Signed:
    """The checkpoints of a file. Raises `AnotherHistory` when it is none."""
    try:
        return Signed(tuple(notes_in(file.read_text("utf-8"))), public)
    except UnicodeDecodeError:
        raise AnotherHistory(
            f"`{file}` is no text; give the file of checkpoints as it was handed out"
        ) from None
    except NoCheckpoint as error:
        raise AnotherHistory(f"`{file}` holds no checkpoints: {error}") from None
    except OSError as error:
        raise AnotherHistory(f"`{file}` cannot be read: {error.strerror}") from error


def verified(storage: Storage, shops: Iterable[str], signed: Signed) -> Mapping[str, Verdict]:
    """What the log of each shop comes to."""
    return {
        shop: verify(storage, shop, signed.of(shop), signed.key_of(shop), checks) for shop in shops
    }


def faults_in(verdicts: Mapping[str, Verdict]) -> int:
    """How many faults there are in all of them."""
    return sum(found.count for found in verdicts.values())


def demand_history(
    storage: Storage, shops: Sequence[str], signed: Signed, backup: Path, *, older: bool
) -> int:
    """How many faults the logs have. Raises `AnotherHistory` where they do not fit the checkpoints
    from outside; with `older` a log may end before them."""
    signed.demand_shops(shops, backup)
    verdicts = verified(storage, shops, signed)
    if not signed.notes:
        return faults_in(verdicts)
    for shop, found in verdicts.items():
        worse = [one for one in found.faults if one.wrong is not Wrong.ROLLED_BACK]
        if worse or found.count > len(found.faults):
            raise AnotherHistory(
                f"`{backup}` is not the history of `{shop}` that was signed: "
                f"{(worse or found.faults)[0].text()}"
            )
        if found.faults and not older:
            raise AnotherHistory(
                f"`{backup}` is older than the checkpoint: {found.faults[0].text()}; what was "
                "stored between them is not in it. Restore a newer backup, or say `--older`"
            )
    return faults_in(verdicts)

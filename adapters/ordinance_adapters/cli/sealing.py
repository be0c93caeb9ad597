"""Sealing beside the work of a shop: the log is sealed, signed and handed out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click

from ordinance.audit.exporting import CheckpointPlace, Export, export
from ordinance.audit.sealer import NotSealed, Sealer
from ordinance.outside import Notifier
from ordinance.ports import Storage
from ordinance.profile import Profile
from ordinance_adapters.checkpointplaces import places_of
from ordinance_adapters.keys import Keyring, KeyringError
from ordinance_adapters.signing import Ed25519Signer


def signer_of(storage: Storage, shop: str, db: str) -> Ed25519Signer:
    """Who signs the log of a shop. A key is made for a log that nobody has signed yet; raises
    `KeyringError` where the one that has signed is not there."""
    keyring = Keyring.open(db)
    if not keyring.can_sign() and storage.last_checkpoint(shop) is not None:
        raise KeyringError(
            f"the audit log of `{shop}` is signed, and its key is not in "
            f"`{keyring.folder or 'memory'}`: put back `signing.key`, or name its folder with "
            "ORDINANCE_KEYS; `ordinance audit seal --new-key` goes on with a new one"
        )
    return Ed25519Signer(keyring.signing())


class Sealing:
    """The sealer of a store, with the places that its checkpoints are handed out to."""

    def __init__(
        self,
        storage: Storage,
        shop: str,
        db: str,
        places: Sequence[CheckpointPlace],
        *,
        new_key: bool = False,
    ) -> None:
        """`new_key`: go on with the key that is there, or a new one, whoever has signed before."""
        self._storage = storage
        self._shop = shop
        self._places = places
        mine = Ed25519Signer(Keyring.open(db).signing()) if new_key else None
        signer = mine or signer_of(storage, shop, db)
        self._sealer = Sealer(storage, shop, signer, new_key=new_key)

    @classmethod
    def of(cls, storage: Storage, profile: Profile, db: str, notifier: Notifier | None) -> Sealing:
        """That of a shop; `notifier` sends its mails, None where nothing is really sent."""
        return cls(storage, profile.shop, db, places_of(profile, notifier))

    def due(self, now: datetime) -> None:
        """Seal what is due, and hand out. A log that is not sealed, and a place that takes nothing,
        are told and tried again: the shop goes on, and `ordinance status` raises an alarm."""
        try:
            self._sealer.seal_due(now)
        except NotSealed as error:
            click.echo(f"warning: {error}", err=True)
        self.told(self.hand_out(now))

    def all(self, now: datetime) -> int:
        """Seal everything, and hand out; how many leaves."""
        sealed = self._sealer.seal(now)
        self.told(self.hand_out(now))
        return sealed

    def hand_out(self, now: datetime) -> list[Export]:
        """Hand out what is sealed; how far each place is."""
        return export(self._storage, self._shop, self._places, now)

    def told(self, exports: Sequence[Export]) -> None:
        """Say which places did not take checkpoints."""
        for each in exports:
            if each.error:
                click.echo(
                    f"warning: checkpoints are not handed out to {each.name}: {each.error} "
                    f"(attempt {each.failures}; it is tried again)",
                    err=True,
                )

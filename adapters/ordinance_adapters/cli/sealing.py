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
from ordinance_adapters.cli.signingkey import signer_of


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
        signer = signer_of(storage, shop, db, new_key=new_key)
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

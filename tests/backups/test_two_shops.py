"""A backup of a store with two shops, whose auditors each hold checkpoints of their own."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ordinance.audit.checkpoint import PublicKey, origin_of
from ordinance.audit.sealer import Sealer
from ordinance_adapters import sqlite
from ordinance_adapters.backups.history import AnotherHistory, Signed
from ordinance_adapters.backups.making import back_up
from ordinance_adapters.backups.restoring import restore
from tests.core.shop import MONDAY
from tests.stores import open_storage
from tests.tenants.twins import MINE, SIGNER, live, shop_in

OTHER = "other"


def test_a_backup_of_two_shops_is_checked_by_the_key_of_one(tmp_path: Path) -> None:
    with closing(open_storage(tmp_path / "shop.db")) as storage:
        for name in (MINE, OTHER):
            live(shop_in(storage, name), "19.90", [])
            Sealer(storage, name, SIGNER).seal(MONDAY)
        notes = {name: storage.last_checkpoint(name) for name in (MINE, OTHER)}
        back_up(storage, tmp_path / "monday", lambda: MONDAY)
    mine, other = (found.note for found in notes.values() if found is not None)
    signed = Signed((mine,), PublicKey(origin_of(MINE), SIGNER.public()))

    def brought(signed: Signed, name: str) -> int:
        with closing(sqlite.open_storage(tmp_path / name)) as into:
            return restore(
                tmp_path / "monday",
                lambda: into,
                lambda: MONDAY,
                signed=signed,
                keyring=into.keyring,
            ).log_faults

    assert brought(signed, "new.db") == 0
    # A checkpoint that the key is not of is not taken unchecked.
    with pytest.raises(AnotherHistory, match="`ordinance/other`, and the key is of"):
        brought(replace(signed, notes=(mine, other)), "another.db")

"""The key that an audit log is signed with: made once, and never in place of another one."""

from __future__ import annotations

from ordinance.audit.checkpoint import PublicKey, origin_of
from ordinance.door import public
from ordinance.ports import Storage
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.keys import Keyring
from ordinance_adapters.signing import Ed25519Signer
from ordinance_adapters.sql.reading import SqlReading


def signer_of(storage: Storage, db: str) -> Ed25519Signer:
    """Whoever signs; the key is made on its first use.

    Raises `KeyringError` where it would be made in another folder than the one of the store's keys.
    """
    keyring = Keyring.open(db)
    if not keyring.signs() and isinstance(storage, SqlReading):
        storage.demand_keyring()
    return Ed25519Signer(keyring.signing())


def public_key_of(storage: Storage, shop: str, db: str, *, make: bool) -> PublicKey | None:
    """What checkpoints are checked with; without `make` None where nothing was ever signed.

    Raises `Refused` where the key that signed is not there: a new one would check nothing.
    """
    keyring = Keyring.open(db)
    if not keyring.signs():
        if storage.last_checkpoint(shop) is not None:
            raise Refused(
                f"{public(db)}: the key that signed its audit log is not in `{keyring.folder}`; "
                "put that folder back, name the right one with ORDINANCE_KEYS, or give the public "
                "key that was handed out, by `audit verify --key`. For a store that moved to new "
                "keys, `ordinance audit seal` makes one"
            )
        if not make:
            return None
    return PublicKey(origin_of(shop), signer_of(storage, db).public())

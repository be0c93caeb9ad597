"""The key that an audit log is signed with: made once, and never in place of another one."""

from __future__ import annotations

from ordinance.audit.checkpoint import PublicKey, origin_of
from ordinance.ports import Storage
from ordinance_adapters.keys import Keyring, KeyringError
from ordinance_adapters.signing import Ed25519Signer
from ordinance_adapters.sql.reading import SqlReading


def signer_of(storage: Storage, shop: str, db: str, *, new_key: bool = False) -> Ed25519Signer:
    """Who signs the log of a shop. A key is made for a log that nobody has signed yet, or as a
    `new_key`.

    Raises `KeyringError` where the one that has signed is not there, and where a key would be made
    in another folder than the one of the store's keys.
    """
    keyring = Keyring.open(db)
    if not keyring.can_sign():
        if storage.last_checkpoint(shop) is not None and not new_key:
            raise KeyringError(
                f"the audit log of `{shop}` is signed, and its key is not in "
                f"`{keyring.folder or 'memory'}`: put back `signing.key`, or name its folder with "
                "ORDINANCE_KEYS; `ordinance audit seal --new-key` goes on with a new one"
            )
        if isinstance(storage, SqlReading):
            storage.demand_keyring()
    return Ed25519Signer(keyring.signing())


def public_key_of(storage: Storage, shop: str, db: str, *, make: bool) -> PublicKey | None:
    """What checkpoints are checked with; without `make` None where nothing was ever signed.

    Raises `KeyringError` where the key that has signed is not there: another would check nothing.
    """
    is_new = not Keyring.open(db).can_sign() and storage.last_checkpoint(shop) is None
    if is_new and not make:
        return None
    return PublicKey(origin_of(shop), signer_of(storage, shop, db).public())

"""Sealing what tells who somebody is, under a key of that person; finding it without opening it."""

from __future__ import annotations

import hmac
import secrets
from base64 import b64decode, b64encode
from contextlib import suppress
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from ordinance.chain import packed
from ordinance_adapters.keys import BYTES, Keyring, KeyringError

_NONCE = 12


class Seals:
    """The seals of one store.

    A person has a key of their own, drawn by lot. The keyring's master key wraps it, and it seals
    the person's data; whoever deletes the wrapped key has erased the data wherever it still lies.
    Shop, person and column go into the seal, so that a text that was moved to another row is
    refused like one that was altered.
    """

    def __init__(self, keyring: Keyring, where: str) -> None:
        self.keyring = keyring
        self.where = where
        self.is_known = False
        """Whether the store was seen to belong to this keyring."""

    def drawn(self) -> bytes:
        """A new key for a person."""
        return secrets.token_bytes(BYTES)

    def wrapped(self, key: bytes, shop: str, person: str, master: bytes | None = None) -> str:
        """The key of a person as it is stored; under another master key where one is given."""
        return _sealed(master or self.keyring.master(), key, packed(shop, person, "key"))

    def unwrapped(self, wrapped: str, shop: str, person: str) -> bytes:
        """The key of a person. Raises `KeyringError` when this keyring did not wrap it."""
        self.keyring.demand_place()
        if not self.keyring.is_there():
            # Asking for it would make a new one, which opens nothing.
            raise KeyringError(
                f"`{self.where}`: its personal data is sealed, and its keys are not in "
                f"`{self.keyring.folder or 'memory'}`; put that folder back, or name the right "
                "one with ORDINANCE_KEYS"
            )
        about = packed(shop, person, "key")
        try:
            return self._opened(self.keyring.master(), wrapped, about)
        except KeyringError:
            # Another process may have rotated the master key since this one has read it.
            for other in self.keyring.masters():
                with suppress(KeyringError):
                    key = self._opened(other, wrapped, about)
                    self.keyring.use(other)
                    return key
            raise

    def seal(self, key: bytes, text: str, shop: str, person: str, column: str) -> str:
        """A text of a person as it is stored."""
        return _sealed(key, text.encode(), packed(shop, person, column))

    def open(self, key: bytes, sealed: str, shop: str, person: str, column: str) -> str:
        """The text again. Raises `KeyringError` when it was altered or moved."""
        return self._opened(key, sealed, packed(shop, person, column)).decode()

    def digest(self, shop: str, term: str) -> str:
        """What a phone or a mail is found by: nobody without the key can try numbers on it."""
        said = packed(shop, term, "index")
        return hmac.new(self.keyring.index(), said, sha256).hexdigest()

    def _opened(self, key: bytes, sealed: str, about: bytes) -> bytes:
        try:
            raw = b64decode(sealed, validate=True)
            return AESGCM(key).decrypt(raw[:_NONCE], raw[_NONCE:], about)
        except (InvalidTag, ValueError) as error:
            raise KeyringError(
                f"`{self.where}`: personal data does not open with the keys in "
                f"`{self.keyring.folder or 'memory'}`: it was altered, or the keys are those of "
                "another store; put back the folder of keys that belongs to it"
            ) from error


def _sealed(key: bytes, plain: bytes, about: bytes) -> str:
    nonce = secrets.token_bytes(_NONCE)
    return b64encode(nonce + AESGCM(key).encrypt(nonce, plain, about)).decode()

"""Ed25519: signing checkpoints with a key of the keyring, and checking what somebody signed."""

from __future__ import annotations

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


class Ed25519Signer:
    """The `Signer` of a private key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    def public(self) -> bytes:
        return self._key.public_key().public_bytes_raw()

    def sign(self, text: bytes) -> bytes:
        return self._key.sign(text)


def checks(public: bytes, signature: bytes, text: bytes) -> bool:
    """Whether a signature is that of a public key under a text."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True

"""Checkpoints of the audit log: its size and root at an instant, as a signed note.

The forms are those of C2SP, which other programs read too: `tlog-checkpoint` for the text,
`signed-note` for the signature below it. Who signs and who checks a signature is told from outside:
here are texts and bytes alone.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Protocol
from urllib.parse import quote

from ordinance.chain import instant_text

_MARK = "\N{EM DASH} "
_ED25519 = b"\x01"
_AT = "at "
_AFTER = "after "
_LINES = 5
"""Of the text of a checkpoint."""
_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")

Checks = Callable[[bytes, bytes, bytes], bool]
"""Whether a signature, the second, is that of a public key, the first, under a text, the third."""


class NoCheckpoint(Exception):
    """A text that is no checkpoint, or no public key; the message says what is wrong with it."""


class FalseSignature(NoCheckpoint):
    """A checkpoint that the key did not sign."""


class Signer(Protocol):
    """Who signs checkpoints: an ed25519 key that lies outside of the database."""

    def public(self) -> bytes:
        """The public half, 32 bytes."""
        ...

    def sign(self, text: bytes) -> bytes:
        """The signature of a text, 64 bytes."""
        ...


def origin_of(shop: str) -> str:
    """What a shop's log is called: unique among the logs of one key, without spaces and `+`."""
    return f"ordinance/{quote(shop, safe='')}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What is signed: that the log had this size and root at an instant."""

    origin: str
    size: int
    root: bytes
    at: datetime
    after: int = 0
    """The size under the checkpoint before this one, so that none can be taken out unseen."""

    def text(self) -> str:
        """The text under the signature."""
        root = base64.b64encode(self.root).decode()
        at = instant_text(self.at)
        return f"{self.origin}\n{self.size}\n{root}\n{_AT}{at}\n{_AFTER}{self.after}\n"

    def signed(self, signer: Signer) -> str:
        """The whole note."""
        public = PublicKey(self.origin, signer.public())
        signature = public.id + signer.sign(self.text().encode())
        return f"{self.text()}\n{_MARK}{self.origin} {base64.b64encode(signature).decode()}\n"


@dataclass(frozen=True, slots=True)
class PublicKey:
    """The public half of a signing key, under the name of the log that it signs for."""

    name: str
    key: bytes

    @property
    def id(self) -> bytes:
        """Four bytes that tell it from other keys of the name."""
        told = self.name.encode() + b"\n" + _ED25519 + self.key
        return hashlib.sha256(told).digest()[:4]

    def __str__(self) -> str:
        """As `signed-note` writes it: name, id and key in one line, to be handed to an auditor."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(_ED25519 + self.key).decode()}"


def read_public(text: str) -> PublicKey:
    """The key of such a line. Raises `NoCheckpoint`."""
    name, _, rest = text.strip().partition("+")
    told, _, encoded = rest.partition("+")
    key = _decoded(encoded)
    if not name or key is None or key[:1] != _ED25519 or len(key) != 33:
        raise NoCheckpoint(
            "this is no public key; it is one line, `NAME+ID+KEY`, as `ordinance audit key` shows"
        )
    public = PublicKey(name.encode(errors="replace").decode(), key[1:])
    if told != public.id.hex():
        raise NoCheckpoint(f"this public key is damaged: its id would be `{public.id.hex()}`")
    return public


def read_note(note: str) -> Checkpoint:
    """The checkpoint of a note, whoever signed it. Raises `NoCheckpoint`."""
    text, _, signatures = note.partition("\n\n")
    origin, size, root, at, after = (*text.split("\n"), "", "", "", "", "")[:5]
    hashed = _decoded(root)
    if not origin or not _NUMBER.fullmatch(size) or hashed is None or len(hashed) != 32:
        raise NoCheckpoint("it does not begin with a name, a size and a root, each in its line")
    if not signatures:
        raise NoCheckpoint("it carries no signature")
    try:
        instant = datetime.fromisoformat(at.removeprefix(_AT)) if at.startswith(_AT) else None
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise NoCheckpoint(f"its fourth line says no instant, `{_AT}2026-11-27T12:00:00+00:00`")
    before = after.removeprefix(_AFTER)
    if not after.startswith(_AFTER) or not _NUMBER.fullmatch(before):
        raise NoCheckpoint(f"its fifth line names no checkpoint before it, `{_AFTER}1100`")
    found = Checkpoint(origin, int(size), hashed, instant, int(before))
    if found.text() != text + "\n":
        raise NoCheckpoint("its text is not written as a checkpoint is")
    return found


def checked_note(note: str, public: PublicKey, checks: Checks) -> Checkpoint:
    """The checkpoint of a note that the key signed. Raises `FalseSignature`, `NoCheckpoint`."""
    found = read_note(note)
    if found.origin != public.name:
        raise FalseSignature(f"it is of `{found.origin}`, and the key is of `{public.name}`")
    signed = found.text().encode()
    for signature in _signatures(note.partition("\n\n")[2], public):
        if checks(public.key, signature, signed):
            return found
        raise FalseSignature("its signature does not fit its text: one of them was altered")
    raise FalseSignature(f"it is not signed by the key `{public.id.hex()}`")


def _signatures(block: str, public: PublicKey) -> Iterator[bytes]:
    """Those that say that they are of this key; others may stand beside them."""
    for line in block.split("\n"):
        name, _, encoded = line.removeprefix(_MARK).partition(" ")
        signature = _decoded(encoded) or b""
        ours = line.startswith(_MARK) and name == public.name
        if ours and signature[:4] == public.id and len(signature) == 68:
            yield signature[4:]


def notes_in(text: str) -> Sequence[str]:
    """The notes of a file that holds one after the other. Raises `NoCheckpoint` where it has none.

    What a write that broke off has left between them, or after the last one, is passed over.
    """
    notes = []
    body: list[str] = []
    lines = text.replace("\r\n", "\n").split("\n")
    for line, following in zip_longest(lines, lines[1:], fillvalue=""):
        body.append(line)
        if line.startswith(_MARK) and not following.startswith(_MARK):
            marks = sum(1 for each in body if each.startswith(_MARK))
            notes.append("\n".join(body[-(_LINES + 1 + marks) :]) + "\n")
            body = []
    if not notes:
        said = next((line for line in lines if line), "")
        raise NoCheckpoint(f"it holds no checkpoint, but `{said[:60]}`" if said else "it is empty")
    return notes


def _decoded(text: str) -> bytes | None:
    """None for what is not base64, or not as it is written: the last letter has bits to spare."""
    try:
        found = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return found if base64.b64encode(found).decode() == text else None

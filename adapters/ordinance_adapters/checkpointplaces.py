"""Where checkpoints are handed out to: a file, a mail, a webhook."""

from __future__ import annotations

import os
from collections.abc import Sequence
from hashlib import sha256
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from ordinance.audit.exporting import CheckpointPlace, NotExported
from ordinance.auditlog import StoredCheckpoint
from ordinance.outside import Notifier, PortError
from ordinance.profile import CheckpointTarget, Profile

_SECONDS = 10
_MAIL = "audit_checkpoint"
"""The template by which a notifier knows that this is for an auditor."""


def places_of(profile: Profile, notifier: Notifier | None) -> list[CheckpointPlace]:
    """The places of a shop. Without a notifier that really sends, a mail fails and says so."""
    return [_place(each, profile.shop, notifier) for each in profile.checkpoints]


def _place(target: CheckpointTarget, shop: str, notifier: Notifier | None) -> CheckpointPlace:
    if target.kind == "file":
        return FilePlace(Path(target.where))
    if target.kind == "webhook":
        return WebhookPlace(target.where, shop)
    return MailPlace(target.where, shop, notifier)


class FilePlace:
    """A file that only grows, one note after the other.

    Let it belong to another user, with the right to append alone (`chattr +a` and the like), or lie
    on another machine: what this program can rewrite proves nothing against its owner.
    """

    def __init__(self, path: Path) -> None:
        self.name = f"file:{path}"
        self._path = path

    def take(self, checkpoints: Sequence[StoredCheckpoint]) -> None:
        text = "".join(each.note + "\n" for each in checkpoints).encode()
        try:
            self._append(text)
        except OSError as error:
            raise NotExported(f"`{self._path}`: {error.strerror or error}") from error

    def _append(self, text: bytes) -> None:
        descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        try:
            # Away from whatever a write that broke off has left.
            left = memoryview(b"\n" + text if os.fstat(descriptor).st_size else text)
            while left:
                left = left[os.write(descriptor, left) :]
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


class MailPlace:
    """A mail to somebody, by the shop's own notifier."""

    def __init__(self, address: str, shop: str, notifier: Notifier | None) -> None:
        self.name = f"mail:{address}"
        self._address = address
        self._shop = shop
        self._notifier = notifier

    def take(self, checkpoints: Sequence[StoredCheckpoint]) -> None:
        if self._notifier is None:
            raise NotExported("no mail was sent: the world outside is simulated")
        values = {"to": self._address, "shop": self._shop, "text": _text(checkpoints)}
        try:
            self._notifier.send(_key(self._shop, self.name, checkpoints), "email", _MAIL, values)
        except PortError as error:
            raise NotExported(str(error) or "the mail was not sent") from error


class _NoRedirects(HTTPRedirectHandler):
    """What is meant for one address is sent to no other."""

    def redirect_request(self, *_: Any) -> None:
        return None


class WebhookPlace:
    """An address that checkpoints are posted to as plain text; any answer of 2xx has taken them."""

    def __init__(self, url: str, shop: str) -> None:
        self.name = f"webhook:{_shown(url)}"
        self._url = url
        self._shop = shop

    def take(self, checkpoints: Sequence[StoredCheckpoint]) -> None:
        request = Request(self._url, _text(checkpoints).encode(), method="POST")
        request.add_header("Content-Type", "text/plain; charset=utf-8")
        request.add_header("Idempotency-Key", _key(self._shop, self.name, checkpoints))
        try:
            with build_opener(_NoRedirects).open(request, timeout=_SECONDS):
                pass
        except HTTPError as error:
            error.close()
            raise NotExported(f"it answered {error.code}") from error
        except (URLError, OSError) as error:
            reason = getattr(error, "reason", error)
            raise NotExported(f"it cannot be reached: {reason}") from error
        except (HTTPException, ValueError) as error:
            # What it says may repeat the address, which may hold a secret.
            raise NotExported(f"its answer is no HTTP ({type(error).__name__})") from error


def _shown(url: str) -> str:
    """An address without what may be secret in it. Two that differ in their query are two places,
    told apart by so short a digest that no secret can be tried on it."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    mark = f"#{sha256(parts.query.encode()).hexdigest()[:4]}" if parts.query else ""
    return f"{parts.scheme}://{host}{parts.path}{mark}"


def _text(checkpoints: Sequence[StoredCheckpoint]) -> str:
    return "\n".join(each.note for each in checkpoints)


def _key(shop: str, name: str, checkpoints: Sequence[StoredCheckpoint]) -> str:
    first, last = checkpoints[0].size, checkpoints[-1].size
    return f"checkpoints:{shop}:{name}:{first}-{last}"

"""Where a database is: a bare path, or a URL `sqlite:///orders.db`."""

from __future__ import annotations

import os
from urllib.parse import unquote

from ordinance.ports import StorageError

MEMORY = ":memory:"
_SCHEME = "sqlite:"


def database_path(address: str | os.PathLike[str]) -> str:
    """The path that `address` names, or `:memory:`.

    `sqlite:///orders.db` is relative to the working folder, `sqlite:////var/orders.db` absolute;
    a URL may hold %-escapes, a bare path is taken as it is. Raises `StorageError` when no file
    is named.
    """
    text = os.fspath(address)
    if text.startswith(_SCHEME):
        text = _path_of_url(text)
    if not text or "\0" in text:
        raise StorageError("no database is named; give a path such as `orders.db`")
    return text


def _path_of_url(url: str) -> str:
    rest = url.removeprefix(_SCHEME)
    if "?" in rest or "#" in rest:
        raise StorageError(f"`{url}`: options are not supported; write `sqlite:///orders.db`")
    if rest.startswith("///"):
        return unquote(rest[3:])
    if rest.startswith("//"):
        # Two slashes would name a host, and a file of that name was almost surely meant.
        raise StorageError(f"`{url}`: write three slashes, `sqlite:///{rest[2:] or 'orders.db'}`")
    return unquote(rest)

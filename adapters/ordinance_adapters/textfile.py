"""Text files as numbered lines or whole, packed with gzip or not, with one clear error each."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

LONGEST_LINE = 4 * 1024 * 1024
"""Bytes; a longer line is skipped, so that a hostile file cannot fill the memory."""

_GZIP = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"
_OTHER_TEXT = (b"\xff\xfe", b"\xfe\xff")


class Unreadable(Exception):
    """A file that cannot be read as text; what is wrong and what to do, without the path."""


def numbered_lines(path: Path) -> Iterator[tuple[int, bytes | None]]:
    """Every line with its number (from 1), without its line end and without a byte order mark.

    A line longer than `LONGEST_LINE` comes as None. Raises `Unreadable`, also half way through
    when a packed file turns out to be damaged.
    """
    try:
        with _opened(path) as file:
            number = 0
            while line := file.readline(LONGEST_LINE + 1):
                number += 1
                if number == 1:
                    line = line.removeprefix(_BOM)
                    _refuse_binary(line)
                if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
                    _skip_line(file)
                    yield number, None
                else:
                    yield number, line.rstrip(b"\r\n")
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable(_told(error)) from error


def whole(path: Path, most_bytes: int) -> bytes:
    """All of a file, without a byte order mark. Raises `Unreadable`, also when it is too large."""
    try:
        with _opened(path) as file:
            data = file.read(most_bytes + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise Unreadable(_told(error)) from error
    if len(data) > most_bytes:
        raise Unreadable(f"is larger than {most_bytes // (1024 * 1024)} MiB")
    _refuse_binary(data)
    return data.removeprefix(_BOM)


def _opened(path: Path) -> BinaryIO:
    # Told by its first bytes: a file renamed without `.gz` is still read.
    file = path.open("rb")
    try:
        packed = file.read(2) == _GZIP
        file.seek(0)
    except OSError:
        file.close()
        raise
    if not packed:
        return file
    file.close()
    return cast(BinaryIO, gzip.open(path, "rb"))


def _skip_line(file: BinaryIO) -> None:
    while part := file.readline(LONGEST_LINE):
        if part.endswith(b"\n"):
            return


def _refuse_binary(start: bytes) -> None:
    if start.startswith(_OTHER_TEXT):
        raise Unreadable("is UTF-16 text; save it as UTF-8")
    if b"\0" in start[:4096] or start.startswith(b"PK\x03\x04"):
        raise Unreadable("is not a text file; export it as text, in UTF-8")


def _told(error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return "is not there; check the name"
    if isinstance(error, IsADirectoryError):
        return "is a folder; name a file in it"
    if isinstance(error, (EOFError, zlib.error, gzip.BadGzipFile)):
        return "is a damaged gzip file; fetch or pack it again"
    reason = (error.strerror or "unknown reason").lower() if isinstance(error, OSError) else ""
    return f"cannot be read: {reason}"

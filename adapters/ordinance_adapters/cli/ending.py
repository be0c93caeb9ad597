"""A command that is told to stop, and tidies up before it ends."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_ENDED = 128 + signal.SIGTERM


@contextmanager
def tidied() -> Iterator[None]:
    """SIGTERM leaves the block as an exception does."""
    before = signal.signal(signal.SIGTERM, _end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _end(number: int, frame: FrameType | None) -> None:
    raise SystemExit(_ENDED)

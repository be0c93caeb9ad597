"""How long ago something was. The clocks of two processes differ, and one may be set back: what
another process has just written can lie a little ahead, and that is no time ago, never less."""

from __future__ import annotations

from datetime import datetime, timedelta


def elapsed(since: datetime, now: datetime) -> timedelta:
    """The time from `since` to `now`, none where `since` is ahead."""
    return max(now - since, timedelta(0))

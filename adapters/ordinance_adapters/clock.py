"""The system's clock."""

from __future__ import annotations

from datetime import UTC, datetime


class SystemClock:
    """The current instant, in UTC."""

    def now(self) -> datetime:
        """Now, zone-aware."""
        return datetime.now(UTC)

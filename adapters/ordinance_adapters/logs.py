"""The log of a process: one line per event, as JSON or as text, on the standard error.

Only what the engine tells is written, field by field out of its list; see `ordinance.telling`.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime

from ordinance.telling import FIELDS, LOGGER

FORMATS = ("json", "text")
LEVELS = ("debug", "info", "warning", "error")
FORMAT_VARIABLE, LEVEL_VARIABLE = "ORDINANCE_LOG_FORMAT", "ORDINANCE_LOG_LEVEL"


class UnknownLog(ValueError):
    """A format or a level of the log that does not exist."""


def set_up(log_format: str | None, level: str | None) -> None:
    """Write the log of this process, where a format or a level is given, here or in the
    environment; otherwise nothing is written. Raises `UnknownLog`."""
    log_format = log_format or os.environ.get(FORMAT_VARIABLE)
    level = level or os.environ.get(LEVEL_VARIABLE)
    if not log_format and not level:
        return
    log_format, level = (log_format or "text").lower(), (level or "info").lower()
    for name, given, known in (
        (FORMAT_VARIABLE, log_format, FORMATS),
        (LEVEL_VARIABLE, level, LEVELS),
    ):
        if given not in known:
            raise UnknownLog(f"{name} is `{given}`; use one of {', '.join(known)}")
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if log_format == "json" else TextLines())
    handler.addFilter(lambda record: hasattr(record, "told"))
    logger = logging.getLogger(LOGGER)
    for old in [each for each in logger.handlers if isinstance(each.formatter, _Lines)]:
        logger.removeHandler(old)
    handler.setLevel(level.upper())
    logger.addHandler(handler)
    logger.setLevel(level.upper())
    logger.propagate = False


class _Lines(logging.Formatter):
    def told(self, record: logging.LogRecord) -> dict[str, object]:
        """What an event says, in the order of the list."""
        fields: Mapping[str, object] = getattr(record, "told", {})
        at = datetime.fromtimestamp(record.created, UTC)
        return {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **{name: _plain(fields[name]) for name in FIELDS if name in fields},
        }


class JsonLines(_Lines):
    """`{"at": "...", "level": "info", "event": "command.done", "order": "..."}`"""

    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self.told(record), ensure_ascii=False)


class TextLines(_Lines):
    """`2026-03-02T02:00:00.000+00:00 info command.done order=... ms=4.2`"""

    def format(self, record: logging.LogRecord) -> str:
        at, level, event, *_ = (fields := self.told(record)).values()
        rest = (f"{name}={value}" for name, value in list(fields.items())[3:])
        return " ".join([str(at), str(level), str(event), *rest])


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    return value if isinstance(value, bool | int | float) else str(value)

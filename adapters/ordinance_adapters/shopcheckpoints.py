"""Where checkpoints of the audit log are handed out to, in a shop file: `checkpoints`."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit

from ordinance.profile import CheckpointTarget
from ordinance.rules.reading.findings import Findings
from ordinance_adapters.shopfields import Fields

KEYS = ("file", "mail", "webhook")


def read_checkpoints(
    fields: Fields, beside: Path, findings: Findings
) -> tuple[CheckpointTarget, ...]:
    """Each place that the shop file names, in order; a file is found from its folder."""
    found = []
    for one in fields.maps("checkpoints", KEYS, "a place for checkpoints"):
        named = [kind for kind in KEYS if one.has(kind)]
        if len(named) != 1:
            findings.error(
                "E_TYPE",
                "a place for checkpoints is one of `file`, `mail` and `webhook`",
                one.place,
                "write `- file: /mnt/auditor/checkpoints.txt`",
            )
            continue
        where = one.text(named[0]) or ""
        if named[0] == "file":
            where = str(beside / where)
        elif named[0] == "webhook" and not _is_address(where):
            findings.error(
                "E_TYPE",
                f"`{where.rpartition('@')[2]}` is no address to post to",
                one.place_of("webhook"),
                "it begins with `https://`, has no blank and names no user before an `@`",
            )
        elif named[0] == "mail" and "@" not in where:
            findings.error("E_TYPE", f"`{where}` is no mail address", one.place_of("mail"))
        found.append(CheckpointTarget(named[0], where))
    return tuple(found)


def _is_address(where: str) -> bool:
    try:
        parts = urlsplit(where)
        port = parts.port
    except ValueError:
        return False
    clean = where.isascii() and where.isprintable() and " " not in where and "@" not in parts.netloc
    return parts.scheme in ("http", "https") and bool(parts.hostname) and clean and port != 0

"""What the doctor checks of commands.

I8: every command has one result, which is about orders that are there, and every event comes from a
command that is stored, but for those that say who looked at a person or erased them.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from ordinance.audit.finding import Finding
from ordinance.audit.seen import Seen
from ordinance.orders.persons import ABOUT_PERSONS
from ordinance.ports import StoredCommand

_HASH = re.compile(r"[0-9a-f]{64}")
_SHOWN = 20
"""Findings about missing commands that are told one by one."""


@dataclass
class Commands:
    """The orders with their versions, and the commands that their events name."""

    versions: dict[str, int] = field(default_factory=dict)
    numbers: dict[str, str] = field(default_factory=dict)
    causes: dict[int, tuple[str, int]] = field(default_factory=dict)
    """By the fingerprint of a key, the order and version of the first event that names it."""

    def see(self, seen: Seen) -> None:
        """Take an order into account."""
        self.versions[seen.record.id] = seen.stored.version
        self.numbers[seen.record.id] = seen.stored.number
        for event in seen.events:
            if event.kind in ABOUT_PERSONS:
                continue  # done each time that it is asked for, under no key
            self.causes.setdefault(_mark(event.cause), (seen.record.id, event.version))

    def faults(self, commands: Iterable[StoredCommand]) -> Iterator[Finding]:
        """What is wrong with the stored commands, and with those that are not there."""
        left = dict(self.causes)
        for command in commands:
            left.pop(_mark(command.key), None)
            for fault in self._command(command):
                yield Finding("I8", f"command `{command.key}`", fault)
        missing = sorted(left.values())
        for order, version in missing[:_SHOWN]:
            yield Finding(
                "I8",
                self.numbers[order],
                f"event {version} comes from a command that is not stored: sent again, it would be "
                "done again",
            )
        if len(missing) > _SHOWN:
            yield Finding("I8", "commands", f"{len(missing) - _SHOWN} more are not stored")

    def _command(self, command: StoredCommand) -> Iterator[str]:
        if not _HASH.fullmatch(command.body_hash) and command.body_hash != "stock":
            yield "has no fingerprint of its body"
        try:
            result = json.loads(command.result)
        except ValueError:
            yield "has a result that cannot be read"
            return
        receipts = result.get("orders", [result]) if isinstance(result, dict) else []
        if not isinstance(receipts, list) or not isinstance(result, dict):
            yield "has a result that is none"
            return
        for receipt in receipts:
            if not isinstance(receipt, dict):
                yield "has a result that is none"
            elif "order" in receipt and "version" in receipt:
                yield from self._receipt(receipt)

    def _receipt(self, receipt: dict[str, object]) -> Iterator[str]:
        order, version = receipt["order"], receipt["version"]
        has = self.versions.get(str(order))
        if has is None:
            yield f"answers with the order `{order}`, which is not there"
        elif not isinstance(version, int) or not 0 < version <= has:
            yield f"answers with version {version} of an order that has {has}"
        elif receipt.get("number") != self.numbers[str(order)]:
            yield "answers with another number than its order has"


def _mark(key: str) -> int:
    """A fingerprint, short enough that those of all commands fit into memory."""
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=8).digest(), "big")

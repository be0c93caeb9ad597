"""A world outside with a ledger of its own on disk: one file that every process appends to."""

from __future__ import annotations

import hashlib
import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random

from ordinance.outside import Outside, PortFailed, PortUnknown
from ordinance.rules.decision import canonical_json

FAILS = 0.06
"""Share of the calls that come to nothing, and say so."""

SILENT = 0.04
"""Share of the calls that do what they were asked for, and do not say so."""


class Provider:
    """All four ports. The ledger gets a line for every call that did something.

    Like a good provider it knows a key again: the second call under a key is answered as the first
    one was. Whether it got the same request again stands in the ledger.
    """

    def __init__(self, path: Path, chance: Random | None = None) -> None:
        self._path = path
        self._chance = chance
        self._file = os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY)

    @property
    def outside(self) -> Outside:
        """The four ports."""
        return Outside(_Payments(self), _Carriers(self), _Warehouses(self), _Notifier(self))

    def do(self, port: str, key: str, content: str) -> str:
        """Do what is asked for under a key, or fail."""
        luck = self._chance.random() if self._chance is not None else 1.0
        if luck < FAILS:
            raise PortFailed("503")
        os.write(self._file, f"{port} {key} {_short(content)}\n".encode())
        if luck < FAILS + SILENT:
            raise PortUnknown("read timeout")
        return _answer(key)

    def lookup(self, port: str, key: str) -> str | None:
        """What was answered to a key."""
        return _answer(key) if f"\n{port} {key} " in f"\n{self._path.read_text()}" else None


@dataclass(frozen=True, slots=True)
class _Port:
    provider: Provider


class _Payments(_Port):
    def refund(self, key: str, order_number: str, transaction: str, amount_minor: int) -> str:
        return self.provider.do("payments", key, f"{order_number} {transaction} {amount_minor}")

    def lookup(self, key: str) -> str | None:
        return self.provider.lookup("payments", key)


class _Carriers(_Port):
    def waybill(self, key: str, carrier: str, order_number: str, weight_grams: int) -> str:
        return self.provider.do("carriers", key, f"{carrier} {order_number} {weight_grams}")

    def lookup(self, key: str) -> str | None:
        return self.provider.lookup("carriers", key)


class _Warehouses(_Port):
    def push(self, key: str, warehouse: str, document: Mapping[str, object]) -> str:
        return self.provider.do("warehouses", key, canonical_json(dict(document)))  # type: ignore[arg-type]

    def lookup(self, key: str) -> str | None:
        return self.provider.lookup("warehouses", key)


class _Notifier(_Port):
    def send(self, key: str, channel: str, template: str, values: Mapping[str, object]) -> None:
        self.provider.do("notifier", key, f"{channel} {template}")


def _answer(key: str) -> str:
    return f"N{hashlib.sha256(key.encode()).hexdigest()[:10]}"


def _short(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def calls(path: Path) -> Counter[tuple[str, str, str]]:
    """Port, key and content of every call that did something, with how often it came."""
    return Counter(
        tuple(line.split(" "))  # type: ignore[misc]
        for line in path.read_text().splitlines()
    )

"""Copying everything of one store into an empty one, and proving that it is the same."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from ordinance.audit.doctor import check
from ordinance.audit.finding import Finding
from ordinance.ports import Storage, StorageError

# A quotation mark inside of a text is written `\"`, so that these stand in a line but once.
_TABLE = re.compile(r'"table":"([a-z_]+)"')
_SHOP = re.compile(r'"shop":("(?:[^"\\]|\\.)*")')

Progress = Callable[[int, int], None]
"""Told how many rows of how many are copied."""

_STEP = 1000
"""Rows between two words about the progress."""


class NotCopied(StorageError):
    """Nothing was copied, or what was copied has been taken back: the message says why."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a store holds, in a few words."""

    digest: str
    """SHA-256, in hex, of the lines of its content, each with a line feed after it."""
    rows: Mapping[str, int]
    """How many rows each table has that has any, by its name."""
    shops: tuple[str, ...]

    @property
    def total(self) -> int:
        """All rows together."""
        return sum(self.rows.values())


@dataclass(frozen=True, slots=True)
class Copied:
    """A copy that was proved."""

    read: Content
    stored: Content
    """What is in the copy: the same."""
    findings: tuple[Finding, ...]
    """What the doctor finds in the original and in the copy alike."""
    written_meanwhile: bool
    """Whether the original is another one by now than the one that was copied."""


class Count:
    """Adds up the lines of a content as they go by."""

    def __init__(self) -> None:
        self._hash = sha256()
        self._rows: Counter[str] = Counter()
        self._shops: set[str] = set()

    def watch(self, lines: Iterable[str]) -> Iterator[str]:
        """The same lines."""
        for line in lines:
            self._hash.update(line.encode())
            self._hash.update(b"\n")
            if table := _TABLE.search(line):
                self._rows[table[1]] += 1
            if shop := _SHOP.search(line):
                self._shops.add(shop[1])
            yield line

    def added_up(self) -> Content:
        """What the lines that went by come to."""
        shops = {json.loads(shop) for shop in self._shops} - {""}
        return Content(
            self._hash.hexdigest(), dict(sorted(self._rows.items())), tuple(sorted(shops))
        )


def content_of(storage: Storage) -> Content:
    """What a store holds, as of one commit."""
    count = Count()
    for _ in count.watch(storage.content()):
        pass
    return count.added_up()


def findings_of(
    storage: Storage, shops: Iterable[str], *, audit_log: bool = True
) -> tuple[Finding, ...]:
    """What the doctor finds in these shops of a store; see `doctor.check`."""
    return tuple(finding for shop in shops for finding in check(storage, shop, audit_log=audit_log))


def copy(
    source: Storage,
    target: Callable[[], Storage],
    *,
    even_so: bool = False,
    progress: Progress = lambda done, of: None,
) -> Copied:
    """Copy everything that a store holds, as of one commit, into an empty one, and prove it.

    `target` opens the empty store; it is called once nothing is to be said against the original.
    The copy is committed only when its content has the same SHA-256 as what was read, and when
    every invariant holds in it as in the original; before that, nobody sees a row of it. `even_so`
    copies a store with findings too. Raises `NotCopied` and `StorageError`; nothing is stored then.
    """
    before = content_of(source)
    if not before.total:
        raise NotCopied("there is nothing to copy: the store is empty")
    faults = findings_of(source, before.shops)
    if faults and not even_so:
        raise NotCopied(_told("the store to be copied does not add up", faults))
    into = target()
    read = Count()
    with into.batch():
        into.fill(reported(read.watch(source.content()), before.total, progress))
        copied = read.added_up()
        stored = content_of(into)
        _demand_equal(copied, stored)
        found = findings_of(into, copied.shops)
        if found and not even_so:
            raise NotCopied(_told("the copy does not add up", found))
    return Copied(copied, stored, found, content_of(source).digest != copied.digest)


def reported(lines: Iterator[str], total: int, progress: Progress) -> Iterator[str]:
    """The same lines; `progress` is told how many went by, of how many."""
    done = 0
    for line in lines:
        yield line
        done += 1
        if done % _STEP == 0:
            progress(done, total)
    progress(done, total)


def _demand_equal(read: Content, stored: Content) -> None:
    if read == stored:
        return
    tables = sorted(read.rows.keys() | stored.rows.keys())
    uneven = [
        f"`{name}` has {stored.rows.get(name, 0)} rows instead of {read.rows.get(name, 0)}"
        for name in tables
        if read.rows.get(name) != stored.rows.get(name)
    ]
    why = ", ".join(uneven) or "as many rows in each table, but not the same"
    raise NotCopied(
        f"the copy is not what was read ({why}; SHA-256 {stored.digest[:12]} instead of "
        f"{read.digest[:12]}), and was taken back; let nothing else write there, and try again"
    )


def _told(what: str, found: tuple[Finding, ...]) -> str:
    return (
        f"{what}, nothing was copied: {len(found)} findings, the first is {found[0]}; "
        "`ordinance doctor` shows them (a store that is being written may show some that are "
        "none: stop the writers), and `--even-so` copies it as it is"
    )

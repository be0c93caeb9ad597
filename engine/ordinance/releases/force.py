"""The rules in force, as a command finds them: read in its own transaction, compiled once."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import UTC, tzinfo

from ordinance.ports import Storage, StorageError, StoredEntry, StoredRelease
from ordinance.releases.release import MissingRules, from_store, rule_hashes
from ordinance.releases.shadow import Candidate
from ordinance.rules import Rulebook, RuleFileError
from ordinance.rules.law import PREFIX

_KEPT = 8
"""Compiled versions that are kept at hand."""


@dataclass(frozen=True, slots=True)
class InForce:
    """What one command decides by, from its first decision to its last."""

    book: Rulebook
    entry: int = 0
    """The entry of the rule journal that put it in force; 0 for rules that were given."""
    version: int = 0
    candidate: Candidate | None = None


class RulesInForce:
    """The published rules of a shop; while none are published, the rules that were given.

    What is in force follows from the last entry of the journal alone. A command reads that entry
    inside its transaction, so that publishing comes before the whole command or after it.
    """

    def __init__(
        self, storage: Storage, shop: str, given: Rulebook | None, zone: tzinfo = UTC
    ) -> None:
        self._storage = storage
        self._shop = shop
        self._given = None if given is None else InForce(given)
        self._zone = zone
        self._books: OrderedDict[int, Rulebook] = OrderedDict()
        self._current: tuple[tuple[int, int], InForce] | None = None

    def ready(self, end: StoredEntry | None) -> InForce | None:
        """What is in force after the entry `end`, when it is compiled already, else None."""
        if end is None or (end.live == 0 and end.shadow == 0):
            return self._given
        current = self._current
        if current is not None and current[0] == (end.since, end.shadow):
            return current[1]
        return None

    def compiled(self, end: StoredEntry | None) -> InForce:
        """As `ready`, compiled if need be.

        Raises `MissingRules` when nothing is published and no rules were given, `RuleFileError`
        when this engine cannot read what is published.
        """
        found = self.ready(end)
        if found is not None:
            return found
        if end is None or end.live == 0:
            base = self._given
            if base is None:
                raise MissingRules(
                    "no rules are published in this store; publish some with `ordinance rules "
                    "publish`, or open the shop with `rules=`"
                )
        else:
            base = InForce(self._book(end.live), end.since, end.live)
        candidate = self._candidate(end.shadow) if end is not None and end.shadow else None
        made = InForce(base.book, base.entry, base.version, candidate)
        if end is not None:
            self._current = ((end.since, end.shadow), made)
        return made

    def now(self) -> InForce:
        """What is in force as of the last commit."""
        journal = self._storage.journal(self._shop)
        return self.compiled(journal[-1] if journal else None)

    def _book(self, version: int) -> Rulebook:
        book = self._books.get(version)
        if book is None:
            book = from_store(self._storage, self._release(version), self._zone).book
            self._books[version] = book
            while len(self._books) > _KEPT:
                self._books.popitem(last=False)
        return book

    def _release(self, version: int) -> StoredRelease:
        release = self._storage.release(self._shop, version)
        if release is None:
            raise StorageError(
                f"version {version} of the rules is not in the store; restore a backup"
            )
        return release

    def _candidate(self, version: int) -> Candidate:
        points: dict[str, str] = {}
        try:
            release = self._release(version)
            base = self._storage.release(self._shop, release.base)
            known = {} if base is None else rule_hashes(base)
            said = rule_hashes(release)
            points = {
                point: rules_hash
                for point, rules_hash in said.items()
                # What another law would say of the same answer is asked too.
                if any(known.get(name) != said.get(name) for name in (point, PREFIX + point))
            }
            return Candidate(version, points, self._book(version))
        except (RuleFileError, StorageError) as error:
            return Candidate(version, points, None, str(error))

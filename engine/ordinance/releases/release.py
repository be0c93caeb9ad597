"""A release: a whole rulebook, kept as the texts of its files."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from ordinance.points import POINTS
from ordinance.ports import Storage, StorageError, StoredRelease
from ordinance.releases.said import NotPublished
from ordinance.rules import Rulebook, RuleFileError, Ruleset, Words, load, loads
from ordinance.rules.decision import Plain, canonical_json, sha256_of
from ordinance.rules.problem import Problem


@dataclass(frozen=True, slots=True)
class Release:
    """The files of a rulebook, by name in order, and what they say."""

    files: Mapping[str, str]
    book: Rulebook

    @property
    def hash(self) -> str:
        """SHA-256 over the texts and the meaning: equal for equal files, whoever wrote them."""
        return sha256_of([_plain_files(self.files), _plain_rules(self.book)])

    def hashes(self) -> dict[str, str]:
        """Decision point to the hash of its rules."""
        return {point: rules.hash for point, rules in self.book.items()}

    def texts(self) -> dict[str, str]:
        """The texts by their hash."""
        return {text_hash(text): text for text in self.files.values()}

    def stored(
        self, shop: str, version: int, *, base: int, author: str, note: str, at: datetime
    ) -> StoredRelease:
        """The release as it is kept."""
        return StoredRelease(
            shop=shop,
            version=version,
            hash=self.hash,
            base=base,
            author=author,
            note=note,
            at=at,
            files=canonical_json(_plain_files(self.files)),
            rules=canonical_json(_plain_rules(self.book)),
        )


def text_hash(text: str) -> str:
    """SHA-256 (hex) of the very text of a file."""
    return sha256(text.encode()).hexdigest()


def _plain_files(files: Mapping[str, str]) -> dict[str, Plain]:
    return {name: text_hash(text) for name, text in files.items()}


def _plain_rules(book: Rulebook) -> dict[str, Plain]:
    return {point: [rules.hash, rules.file] for point, rules in book.items()}


def from_path(path: Path, zone: tzinfo = UTC) -> tuple[Release, Rulebook]:
    """What stands in a file or folder: with the names that a release gives its files, and with
    the paths that a person knows. Raises `RuleFileError`.
    """
    book = load(path, zone=zone)
    root = path if path.is_dir() else path.parent
    files = {Path(rules.file).relative_to(root).as_posix(): rules.source for rules in book.values()}
    return from_texts(files, zone), book


def from_texts(files: Mapping[str, str], zone: tzinfo = UTC) -> Release:
    """A release of these texts by file name. Raises `RuleFileError` with what is wrong in all."""
    sets: list[Ruleset] = []
    problems: list[Problem] = []
    ordered = dict(sorted(files.items()))
    for name, text in ordered.items():
        try:
            sets.extend(_read(name, text, zone))
        except RuleFileError as error:
            problems.extend(error.problems)
    if problems:
        raise RuleFileError(problems)
    return Release(ordered, Rulebook(sets))


@lru_cache(maxsize=128)
def _read(name: str, text: str, zone: tzinfo) -> tuple[Ruleset, ...]:
    # A release shares most of its files with the one before: each text is compiled once.
    return tuple(loads(text, file=name, zone=zone).values())


def from_store(storage: Storage, stored: StoredRelease, zone: tzinfo = UTC) -> Release:
    """A stored release, ready to decide. Raises `RuleFileError` when this engine cannot read it,
    `StorageError` when its texts are not what was stored.
    """
    files: dict[str, str] = {}
    for name, wanted in json.loads(stored.files).items():
        text = storage.rule_text(stored.shop, wanted)
        if text is None or text_hash(text) != wanted:
            raise StorageError(
                f"the text of `{name}` in version {stored.version} of the rules is not what was "
                "stored; restore a backup"
            )
        files[name] = text
    return from_texts(files, zone)


def rule_hashes(stored: StoredRelease) -> dict[str, str]:
    """Decision point to the hash of its rules, without reading the rules."""
    return {point: found[0] for point, found in json.loads(stored.rules).items()}


def replaced(base: Release, part: Release, zone: tzinfo = UTC) -> Release:
    """`base` with the files of `part` in the place of those that answered the same questions.

    A release is made of whole files, so that it can be written out as the folder it came from.
    Raises `NotPublished` when a question of `base` would be left without an answer.
    """
    old = {point: rules.file for point, rules in base.book.items()}
    gone = {old[point] for point in part.book if point in old} | set(part.files)
    lost = [(point, file) for point, file in old.items() if file in gone and point not in part.book]
    if lost:
        point, file = lost[0]
        raise NotPublished(
            Words(
                f"`{file}` 还回答 `{point}`, 替换后就没有规则回答它了; "
                "把它也写进来, 或发布整个文件夹",
                f"`{file}` also answers `{point}`, which would be left without rules; "
                "add it to your file, or publish the whole folder",
            )
        )
    kept = {name: text for name, text in base.files.items() if name not in gone}
    return from_texts({**kept, **part.files}, zone)


class MissingRules(Exception):
    """The rules leave a question of the order core without an answer."""


def missing(points: Iterable[str]) -> list[str]:
    """The questions of the order core that are not among `points`."""
    answered = set(points)
    return [point.name for point in POINTS if point.name not in answered]


def answers_all(book: Rulebook) -> None:
    """Raise `MissingRules` naming every decision point that no rule set answers."""
    unanswered = missing(book)
    if unanswered:
        raise MissingRules(
            f"the rules do not answer {', '.join(unanswered)}; "
            "add a rule set for each (`ordinance init` writes one to begin with)"
        )

"""A simple account of how rules are published, and random sequences that both must agree on."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ordinance.oms import Shop
from ordinance.releases.office import Office
from ordinance.releases.said import NotPublished
from ordinance.rules import RuleFileError
from ordinance_adapters.identity import SeededIds
from tests.core.shop import MONDAY, FixedClock, order, profile
from tests.publishing.editions import BAD, edition
from tests.stores import open_storage

EDITIONS = ("甲", "乙", "丙")
PEOPLE = ("Lan", "Zhu", "兰")
SPELLINGS = {"Lan": ("Lan", "lan", " LAN ", "Ｌａｎ"), "Zhu": ("Zhu", "zhu"), "兰": ("兰", " 兰")}


@dataclass
class Version:
    """What the account knows of a version."""

    edition: str
    author: str
    base: int
    proposed: bool = False


@dataclass
class Account:
    """How things stand, kept as plainly as can be: nothing is worked out from a journal."""

    versions: dict[int, Version] = field(default_factory=dict)
    live: int = 0
    shadow: int = 0
    always: bool = False
    waiting: set[int] = field(default_factory=set)
    replaced: dict[int, int] = field(default_factory=dict)
    """Version to the one it replaced when it took effect for the first time."""
    entries: list[tuple[str, int]] = field(default_factory=list)
    since: int = 0

    def effect(self, kind: str, version: int) -> None:
        self.replaced.setdefault(version, self.live)
        self.live = version
        self.entries.append((kind, version))
        self.since = len(self.entries)

    def new(self, name: str, author: str) -> int:
        version = len(self.versions) + 1
        self.versions[version] = Version(name, author, self.live)
        return version

    def made_from(self, base: int) -> int:
        """What counts as the base: versions that never took effect stand for theirs."""
        while base and base != self.live and base not in self.replaced:
            base = self.versions[base].base
        return base

    def publish(self, name: str, author: str, base: int, approval: bool) -> bool:
        if base and base not in self.versions:
            return False
        if self.made_from(base) != self.live:
            return False
        if self.live and self.versions[self.live].edition == name:
            return True
        version = self.new(name, author)
        if approval or self.always:
            self.versions[version].proposed = True
            self.waiting.add(version)
            self.entries.append(("proposed", version))
        else:
            self.effect("published", version)
        return True

    def approve(self, version: int, by: str) -> bool:
        known = self.versions.get(version)
        if known is None or version not in self.waiting:
            return False
        if known.author == by or known.base != self.live:
            return False
        self.waiting.discard(version)
        self.effect("approved", version)
        return True

    def rollback(self, version: int | None) -> bool:
        wanted = self.replaced.get(self.live, 0) if version is None else version
        if not self.live or not wanted or wanted == self.live or wanted not in self.replaced:
            return False
        self.effect("rolled_back", wanted)
        return True


class Sequence:
    """One random sequence of acts on a shop, each compared with the account."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.random = random.Random(seed)
        self.account = Account()
        self.storage = open_storage(":memory:")
        self.profile = profile()
        self.clock = FixedClock(MONDAY)
        self.shop = Shop(self.storage, self.profile, edition("零").book, self.clock, SeededIds(1))
        self.office = Office(self.storage, self.profile.shop)
        self.placed = 0

    def run(self, steps: int) -> None:
        """Raises `AssertionError`, with the seed, where the two disagree."""
        for number in range(steps):
            self.step(number)
        self.storage.close()

    def step(self, number: int) -> None:
        act = self.random.choice(
            [self.publish] * 5
            + [self.approve] * 4
            + [self.rollback] * 3
            + [self.bad, self.shadow, self.unshadow, self.demand, self.command, self.command]
        )
        before = list(self.storage.content())
        told, expected = act()
        where = f"seed {self.seed}, step {number}: {told}"
        if expected is not None:
            assert expected[0] == expected[1], f"{where}: {expected}"
            if not expected[1]:
                assert list(self.storage.content()) == before, f"{where}: something was stored"
        self.compare(where)

    def now(self) -> datetime:
        self.clock.set(self.clock.now() + timedelta(minutes=1))
        return self.clock.now()

    def compare(self, where: str) -> None:
        """How things stand, by the office and by the account."""
        account, status = self.account, self.office.status()
        live = account.versions.get(account.live)
        assert (status.live.version if status.live else 0) == account.live, where
        assert (status.entry.seq if status.entry else 0) == account.since, where
        assert (status.shadow.version if status.shadow else 0) == account.shadow, where
        assert status.approval == account.always, where
        waiting = {item for item in account.waiting if account.versions[item].base == account.live}
        assert {item.version for item in status.waiting} == waiting, where
        journal = self.storage.journal(self.profile.shop)
        assert [(item.kind.value, item.version) for item in journal] == account.entries, where
        assert [item.seq for item in journal] == list(range(1, len(journal) + 1)), where
        releases = self.storage.releases(self.profile.shop)
        assert [item.version for item in releases] == list(account.versions), where
        if live is not None:
            wanted = edition(live.edition)
            assert self.office.release(account.live).files == wanted.files, where
            assert self.shop.rules["notify.message"].hash == wanted.hashes()["notify.message"], (
                where
            )

    def tried(self, act: Any) -> bool:
        try:
            act()
        except (NotPublished, RuleFileError):
            return False
        return True

    def spelled(self, person: str) -> str:
        return self.random.choice(SPELLINGS[person])

    def base(self) -> int:
        known = [*self.account.versions, 0, 99]
        return self.account.live if self.random.random() < 0.7 else self.random.choice(known)

    def publish(self) -> tuple[str, tuple[bool, bool]]:
        name, author = self.random.choice(EDITIONS), self.random.choice(PEOPLE)
        approval, base = self.random.random() < 0.4, self.base()
        found = self.tried(
            lambda: self.office.publish(
                edition(name),
                author=self.spelled(author),
                note="why",
                now=self.now(),
                base=base,
                requires_approval=approval,
            )
        )
        return f"publish {name} {author} {base} {approval}", (
            found,
            self.account.publish(name, author, base, approval),
        )

    def bad(self) -> tuple[str, tuple[bool, bool]]:
        kind = self.random.choice(BAD)
        found = self.tried(
            lambda: self.office.publish(
                kind("丁"), author="Lan", note="why", now=self.now(), base=self.account.live
            )
        )
        return f"publish {kind.__name__}", (found, False)

    def approve(self) -> tuple[str, tuple[bool, bool]]:
        known = self.account.versions
        ripe = [item for item in self.account.waiting if known[item].base == self.account.live]
        version = self.random.choice(sorted(ripe) or [*known, 99])
        if self.random.random() < 0.3:
            version = self.random.choice([*sorted(self.account.waiting), *known, 99])
        by = self.random.choice(PEOPLE)
        if version in known and self.random.random() < 0.3:
            by = known[version].author
        found = self.tried(
            lambda: self.office.approve(version, by=self.spelled(by), now=self.now())
        )
        return f"approve {version} by {by}", (found, self.account.approve(version, by))

    def rollback(self) -> tuple[str, tuple[bool, bool]]:
        version = self.random.choice([None, None, *self.account.versions, 99])
        found = self.tried(
            lambda: self.office.rollback(version, by="Zhu", note="why", now=self.now())
        )
        return f"rollback {version}", (found, self.account.rollback(version))

    def shadow(self) -> tuple[str, None]:
        name = self.random.choice(EDITIONS)
        self.office.start_shadow(edition(name), by="Lan", note="why", now=self.now())
        version = self.account.new(name, "Lan")
        self.account.shadow = version
        self.account.entries.append(("shadow_started", version))
        return f"shadow {name}", None

    def unshadow(self) -> tuple[str, tuple[bool, bool]]:
        found = self.tried(lambda: self.office.stop_shadow(by="Lan", now=self.now()))
        running = self.account.shadow
        if running:
            self.account.entries.append(("shadow_stopped", running))
            self.account.shadow = 0
        return "stop the shadow", (found, bool(running))

    def demand(self) -> tuple[str, tuple[bool, bool]]:
        on = self.random.random() < 0.5
        found = self.tried(
            lambda: self.office.demand_approval(on, by="Lan", note="why", now=self.now())
        )
        expected = on != self.account.always
        if expected:
            kind = "approval_demanded" if on else "approval_waived"
            self.account.entries.append((kind, 0))
            self.account.always = on
        return f"demand approval {on}", (found, expected)

    def command(self) -> tuple[str, None]:
        """Decide something: by what is in force, all of it, and tried by what is tried."""
        self.placed += 1
        receipt = self.shop.place(order(f"S{self.placed}"), now=self.now())
        live = self.account.versions.get(self.account.live)
        wanted = edition("零" if live is None else live.edition).hashes()
        made = self.storage.decisions(self.profile.shop, receipt.order)
        where = f"seed {self.seed}, order {self.placed}"
        assert made, where
        for item in made:
            assert item.published == self.account.since, where
            assert item.rules_hash == wanted[item.point], where
        trials = [
            item
            for item in self.storage.trials(self.profile.shop, self.account.shadow)
            if item.order_id == receipt.order
        ]
        if not self.account.shadow:
            assert not trials, where
            return "a command", None
        candidate = self.account.versions[self.account.shadow]
        said = edition(candidate.edition).hashes()
        base = self.account.versions.get(candidate.base)
        known = {} if base is None else edition(base.edition).hashes()
        asked = [item for item in made if said[item.point] != known.get(item.point)]
        assert [item.seq for item in trials] == [item.seq for item in asked], where
        assert all(item.same and item.rules_hash == said[item.point] for item in trials), where
        return "a command", None

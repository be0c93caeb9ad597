"""The office where a shop's rules are published, approved, taken back and tried."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo

from ordinance.ports import EntryKind, Storage, StoredEntry, StoredRelease, Transaction
from ordinance.releases import standing
from ordinance.releases.account import Status, Told, history, status
from ordinance.releases.refusals import refusals
from ordinance.releases.release import Release, from_store, missing, replaced, rule_hashes
from ordinance.releases.said import NotPublished, person, reason, same_person
from ordinance.rules import Rulebook, RuleFileError, Words
from ordinance.rules.law import is_law
from ordinance.telling import Happening, tell


def demand_whole(release: Release) -> None:
    """Raise `NotPublished` for a release that leaves a question of the order core open."""
    unanswered = missing(release.book)
    if unanswered:
        names = ", ".join(f"`{name}`" for name in unanswered)
        raise NotPublished(
            Words(
                f"没有规则回答 {names}; 一次发布要回答全部决策点 (`ordinance init` 写出可用的起点)",
                f"the rules do not answer {names}; a release answers every decision point "
                "(`ordinance init` writes rules to begin with)",
            )
        )


def demand_fit(book: Rulebook, zone: tzinfo = UTC, *, beside: Rulebook | None = None) -> None:
    """Raise `RuleFileError` with everything that stands against publishing `book` where the rules
    `beside` are in force with it."""
    problems = refusals(book, zone, beside=beside)
    if problems:
        raise RuleFileError(problems)


class Office:
    """Publishes the rules of one shop.

    Everything slow (reading, tests, checks) happens before the one short transaction, which looks
    again at what is in force: what was decided on is what is stored, or nothing is.
    """

    def __init__(self, storage: Storage, shop: str, zone: tzinfo = UTC) -> None:
        self._storage = storage
        self._shop = shop
        self._zone = zone

    def status(self) -> Status:
        """What is in force, what waits, what is tried."""
        return status(self._storage, self._shop)

    def history(self) -> list[Told]:
        """The journal from the first entry to the last."""
        return history(self._storage, self._shop)

    def release(self, version: int) -> Release:
        """A version, read again. Raises `NotPublished` for one that is not there, `RuleFileError`
        when this engine cannot read it."""
        return from_store(self._storage, self._stored(version), self._zone)

    def publish(
        self,
        release: Release,
        *,
        author: str,
        note: str,
        now: datetime,
        base: int = 0,
        part: bool = False,
        requires_approval: bool = False,
        drops_law: bool = False,
        checked: Rulebook | None = None,
    ) -> StoredEntry:
        """Put a release in force, or propose it where a second person is needed.

        `base` is the version that it was made from, 0 for the first. `part` means that it answers
        only some questions and the rest stays. `checked` is the same rules with the places that a
        person knows. Law that is in force stays there unless the release `drops_law` on purpose.
        Publishing what is in force already changes nothing and gives its entry.
        Raises `RuleFileError` with everything wrong in the rules, `NotPublished` when somebody
        else was faster.
        """
        author, note = person(author), reason(note)
        live = self._live()
        self._base_is_live(base, live, release if part else None)
        whole = self._whole(release, live) if part else release
        demand_whole(whole)
        if live and not drops_law:
            self._keeps_law(whole, live)
        known = release.book if checked is None else checked
        demand_fit(known, self._zone, beside=whole.book)
        in_force = self._stored(live).hash if live else ""

        def do(tx: Transaction) -> StoredEntry:
            end = tx.journal_end(self._shop)
            self._still(live, end)
            if end is not None and whole.hash == in_force:
                return self._storage.journal(self._shop)[end.since - 1]
            version = self._add(tx, whole, author=author, note=note, now=now, base=live)
            second = requires_approval or (end is not None and end.approval)
            kind = EntryKind.PROPOSED if second else EntryKind.PUBLISHED
            return self._append(tx, end, kind, version, author, note, now)

        return self._storage.transact(do)

    def approve(self, version: int, *, by: str, note: str = "", now: datetime) -> StoredEntry:
        """Put a proposed version in force, as somebody other than its author.

        Raises `NotPublished` when it does not wait, when `by` wrote it, or when something else
        took effect since it was made.
        """
        by = person(by)
        stored = self._stored(version)
        if not standing.waiting(self._storage.journal(self._shop), version):
            raise NotPublished(
                Words(f"第 {version} 版不在等待批准", f"version {version} waits for no approval")
            )
        if same_person(by, stored.author):
            raise NotPublished(
                Words(
                    f"第 {version} 版是 {stored.author} 自己写的; 要由另一个人批准",
                    f"{stored.author} wrote version {version}; somebody else has to approve it",
                )
            )
        demand_fit(self.release(version).book, self._zone)

        def do(tx: Transaction) -> StoredEntry:
            end = tx.journal_end(self._shop)
            self._still(stored.base, end)
            if not standing.waiting(self._storage.journal(self._shop), version):
                raise NotPublished(
                    Words(f"第 {version} 版已经批准", f"version {version} is approved already")
                )
            return self._append(tx, end, EntryKind.APPROVED, version, by, note.strip(), now)

        return self._storage.transact(do)

    def rollback(
        self, version: int | None = None, *, by: str, note: str, now: datetime
    ) -> StoredEntry:
        """Put a version in force again that was in force before; None takes the one before.

        Needs no approval: it was given once, and taking back must be quick. Raises `NotPublished`
        for a version that never was in force or is now.
        """
        by, note = person(by), reason(note)
        journal = self._storage.journal(self._shop)
        live = standing.live_of(journal[-1] if journal else None)
        if not live:
            raise NotPublished(
                Words(
                    "还没有发布过规则, 没有可以退回的",
                    "nothing was published, so nothing can be taken back",
                )
            )
        wanted = standing.before(journal, live) if version is None else version
        if not wanted:
            raise NotPublished(
                Words(f"第 {live} 版之前没有版本", f"there is no version before version {live}")
            )
        self._stored(wanted)
        if wanted == live:
            raise NotPublished(
                Words(f"第 {wanted} 版正在生效", f"version {wanted} is in force already")
            )
        if not standing.was_in_force(journal, wanted):
            raise NotPublished(
                Words(
                    f"第 {wanted} 版从未生效; 要生效须发布或批准",
                    f"version {wanted} was never in force; publish or approve it instead",
                )
            )
        # Its rules are read before the transaction: a version that this engine cannot read must
        # not come into force.
        demand_whole(self.release(wanted))

        def do(tx: Transaction) -> StoredEntry:
            end = tx.journal_end(self._shop)
            self._still(live, end)
            return self._append(tx, end, EntryKind.ROLLED_BACK, wanted, by, note, now)

        return self._storage.transact(do)

    def start_shadow(
        self, release: Release, *, by: str, note: str, now: datetime, part: bool = False
    ) -> StoredEntry:
        """Try a release beside what is in force, from the next command on. It takes the place of
        one that is tried already."""
        by, note = person(by), reason(note)
        live = self._live()
        whole = self._whole(release, live) if part else release
        demand_whole(whole)

        def do(tx: Transaction) -> StoredEntry:
            end = tx.journal_end(self._shop)
            self._still(live, end)
            version = self._add(tx, whole, author=by, note=note, now=now, base=live)
            return self._append(tx, end, EntryKind.SHADOW_STARTED, version, by, note, now)

        return self._storage.transact(do)

    def stop_shadow(self, *, by: str, note: str = "", now: datetime) -> StoredEntry:
        """Try nothing any more; what the candidate said stays. Raises `NotPublished` when nothing
        is tried."""
        by = person(by)

        def do(tx: Transaction) -> StoredEntry:
            end = tx.journal_end(self._shop)
            if end is None or not end.shadow:
                raise NotPublished(
                    Words("没有规则在试运行", "no candidate is running in the shadow")
                )
            return self._append(
                tx, end, EntryKind.SHADOW_STOPPED, end.shadow, by, note.strip(), now
            )

        return self._storage.transact(do)

    def demand_approval(self, on: bool, *, by: str, note: str, now: datetime) -> StoredEntry:
        """Let every release need a second person from now on, or only those that ask for it."""
        by, note = person(by), reason(note)
        kind = EntryKind.APPROVAL_DEMANDED if on else EntryKind.APPROVAL_WAIVED

        def do(tx: Transaction) -> StoredEntry:
            end = tx.journal_end(self._shop)
            if (end is not None and end.approval) == on:
                raise NotPublished(Words("本来就是这样", "it is so already"))
            return self._append(tx, end, kind, 0, by, note, now)

        return self._storage.transact(do)

    def _append(
        self,
        tx: Transaction,
        end: StoredEntry | None,
        kind: EntryKind,
        version: int,
        actor: str,
        note: str,
        now: datetime,
    ) -> StoredEntry:
        entry = standing.follow(
            end, kind, shop=self._shop, version=version, actor=actor, note=note, at=now
        )
        tx.append_entry(entry)
        tell(Happening.RULES_CHANGED, shop=self._shop, kind=kind.value, rules=version)
        return entry

    def _add(
        self, tx: Transaction, release: Release, *, author: str, note: str, now: datetime, base: int
    ) -> int:
        # Every release came with an entry of the journal, in one transaction.
        journal = self._storage.journal(self._shop)
        version = 1 + max((entry.version for entry in journal), default=0)
        stored = release.stored(self._shop, version, base=base, author=author, note=note, at=now)
        tx.add_release(stored, release.texts())
        return version

    def _live(self) -> int:
        journal = self._storage.journal(self._shop)
        return standing.live_of(journal[-1] if journal else None)

    def _stored(self, version: int) -> StoredRelease:
        stored = self._storage.release(self._shop, version)
        if stored is None:
            raise NotPublished(
                Words(
                    f"没有第 {version} 版; 用 `ordinance rules history` 查看",
                    f"there is no version {version}; see `ordinance rules history`",
                )
            )
        return stored

    def _whole(self, part: Release, live: int) -> Release:
        if not live:
            return part
        return replaced(self.release(live), part, self._zone)

    def _keeps_law(self, release: Release, live: int) -> None:
        """Raise `NotPublished` for a release that lacks law which is in force: a file that was
        forgotten must not lift it."""
        known = rule_hashes(self._stored(live))
        lost = [point for point in known if is_law(point) and point not in release.book]
        if lost:
            names = ", ".join(f"`{name}`" for name in lost)
            raise NotPublished(
                Words(
                    f"第 {live} 版有法定规则 {names}, 这些规则没有; 把那个文件放回去, 或用 "
                    "`--drop-law` 说明是有意去掉",
                    f"version {live} holds the law {names}, and these rules do not; put its file "
                    "back, or say with `--drop-law` that it goes on purpose",
                )
            )

    def _base_is_live(self, base: int, live: int, part: Release | None) -> None:
        """Raise `NotPublished` when another release took effect since `base`; for a part, only
        when that one changed what the part answers."""
        journal = self._storage.journal(self._shop)
        while base and base != live and not standing.was_in_force(journal, base):
            # It was only proposed or tried: what it was made from counts.
            base = self._stored(base).base
        if base == live:
            return
        if part is not None and base and live:
            old, new = self.release(base).book, self.release(live).book
            touched = [
                point
                for point in part.book
                if (point in old) != (point in new)
                or (point in old and old[point].source != new[point].source)
            ]
            if not touched:
                return
        self._overtaken(base, live)

    def _still(self, live: int, end: StoredEntry | None) -> None:
        """Raise `NotPublished` when another release is in force than the one looked at before."""
        if standing.live_of(end) != live:
            self._overtaken(live, standing.live_of(end))

    def _overtaken(self, base: int, live: int) -> None:
        if not live:
            raise NotPublished(
                Words(
                    f"这个库里没有第 {base} 版; 第一次发布不写 `--base`",
                    f"nothing is published here, so version {base} cannot be the base; leave "
                    "`--base` out",
                )
            )
        journal: Sequence[StoredEntry] = self._storage.journal(self._shop)
        entry = journal[journal[-1].since - 1]
        made_zh = f"从第 {base} 版改来" if base else "没有说明从哪一版改来"
        made_en = (
            f"were made from version {base}" if base else "do not say what they were made from"
        )
        raise NotPublished(
            Words(
                f"第 {live} 版正在生效 ({entry.actor}: {entry.note}), 这些规则{made_zh}; 先看 "
                f"`ordinance rules diff {base or live} live`, 把其中的改动并进来, 再用 "
                f"`--base {live}` 发布",
                f"version {live} is in force ({entry.actor}: {entry.note}), and these rules "
                f"{made_en}; look at `ordinance rules diff {base or live} live`, take over what "
                f"was changed, then publish with `--base {live}`",
            )
        )

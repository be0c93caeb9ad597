"""Verifying the audit log: every chain, every leaf and the tree, against signed checkpoints.

Rows are compared with their leaves, then the leaves in their places with the roots of checkpoints:
those in the store, and those that somebody kept outside of it, which nobody who owns the store and
its key can make anew. It reads row by row and keeps next to nothing, so that a store of any size
can be verified, also while it is written: what has a place never changes any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import groupby, pairwise
from operator import attrgetter

from ordinance.audit.checkpoint import (
    Checkpoint,
    Checks,
    FalseSignature,
    NoCheckpoint,
    PublicKey,
    checked_note,
)
from ordinance.audit.checkpoint import read_note as unchecked_note
from ordinance.audit.merkle import EMPTY, Growing
from ordinance.audit.rowchecks import check_counter, check_order, check_rules
from ordinance.audit.verdict import Fault, Faults, Row, Verdict, Wrong
from ordinance.auditlog import LeafKind, StoredCheckpoint
from ordinance.ports import Storage
from ordinance.stored import StoredDecision


def verify(
    storage: Storage,
    shop: str,
    notes: Sequence[str],
    public: PublicKey | Sequence[PublicKey] | None,
    checks: Checks,
) -> Verdict:
    """What the log of a shop comes to, against the `notes` from outside of the store.

    Each checkpoint has to be signed by one of the public keys: there are several for a shop whose
    key was a new one at some time. Without any, signatures are not looked at, which an attacker
    with the store can use.
    """
    keys = (public,) if isinstance(public, PublicKey) else tuple(public or ())
    return _Verifying(storage, shop, keys, checks).run(notes)


class _Verifying:
    def __init__(
        self, storage: Storage, shop: str, keys: Sequence[PublicKey], checks: Checks
    ) -> None:
        self._storage = storage
        self._shop = shop
        self._keys = keys
        self._checks = checks
        self._faults = Faults()
        self._in_log: Counter[LeafKind] = Counter()
        self._waiting: Counter[LeafKind] = Counter()

    def run(self, notes: Sequence[str]) -> Verdict:
        with self._storage.reading() as tx:
            head = tx.log_head(self._shop)
        outside = self._outside(notes)
        self._events(head.size)
        self._movements(head.size)
        self._rules(head.size)
        for kind, subject, part, last in self._storage.bare(self._shop):
            about = Row(kind, subject, part, 1)
            self._add(Wrong.TRUNCATED, "end_cut", None, about, last=last)
        tree = _Tree(self, head.size)
        tree.walk(outside)
        if tree.size == head.size and tuple(each.hex() for each in tree.frontier) != head.frontier:
            self._add(Wrong.RESTAMPED, "frontier", max(head.size - 1, 0))
        self._after(head.size, tree)
        if sum(self._in_log.values()) != tree.leaves:
            for place, leaf in self._storage.strays(self._shop):
                if place < head.size:
                    self._add(Wrong.MISSING, "stray", place, Row(*leaf[:4]))
        for why, good, size in tree.unfit:
            # Some place between the two is to blame; one that was found there is told first.
            places = [each.place for each in self._faults.kept if each.place is not None]
            found = any(good <= each < size for each in places)
            place = size - 1 if found else min(good, size - 1)
            self._add(Wrong.RESTAMPED, why, place, size=size, good=good)
        self._longer(outside, max(head.size, tree.size))
        return Verdict(
            tree.leaves,
            tree.covered.size if tree.covered else 0,
            tree.covered.at if tree.covered else None,
            len(notes),
            tree.kept,
            {kind: self._in_log[kind] for kind in _KINDS},
            {kind: self._waiting[kind] for kind in _KINDS},
            tuple(self._faults.kept),
            self._faults.count,
        )

    def _after(self, size: int, tree: _Tree) -> None:
        """What is there beyond the end of the log, where nobody has sealed meanwhile."""
        with self._storage.reading() as tx:
            now = tx.log_head(self._shop).size
            last = self._storage.last_checkpoint(self._shop)
        if last is not None and last.size > now:
            self._add(Wrong.TRUNCATED, "log_cut", now, size=last.size)
        if tree.beyond is not None and now == size:
            self._add(Wrong.INSERTED, "beyond", tree.beyond)

    def _add(
        self, wrong: Wrong, why: str, place: int | None, row: Row | None = None, **values: object
    ) -> None:
        self._faults.add(Fault(wrong, why, place, row, tuple(values.items())))

    def checkpoint(self, note: str) -> Checkpoint:
        """Raises `NoCheckpoint`."""
        if not self._keys:
            return unchecked_note(note)
        for key in self._keys[:-1]:
            with suppress(FalseSignature):
                return checked_note(note, key, self._checks)
        return checked_note(note, self._keys[-1], self._checks)

    def _outside(self, notes: Sequence[str]) -> list[Checkpoint]:
        """The checkpoints from outside that were signed, by size; of two that say the same, one."""
        found: dict[tuple[int, bytes], Checkpoint] = {}
        for note in notes:
            try:
                point = self.checkpoint(note)
            except NoCheckpoint as error:
                self._add(Wrong.SIGNATURE, "outside_note", None, said=str(error))
            else:
                found.setdefault((point.size, point.root), point)
        points = sorted(found.values(), key=attrgetter("size"))
        for one, other in pairwise(points):
            if one.size == other.size:
                self._add(Wrong.SPLIT, "two_views", None, size=one.size)
        return points

    def _longer(self, outside: Sequence[Checkpoint], size: int) -> None:
        """A log that is shorter than one that was signed: cut, or an older state altogether."""
        longer = [point for point in outside if point.size > size]
        if longer:
            cut = self._faults.count > 0
            wrong = Wrong.TRUNCATED if cut else Wrong.ROLLED_BACK
            point = longer[-1]
            at = point.at.isoformat(" ", "seconds")
            self._add(wrong, "outside_longer", size, size=point.size, at=at, found=size)

    def _events(self, size: int) -> None:
        decisions = _ByOrder(self._storage.all_decisions(self._shop))
        events = self._storage.events_in_log(self._shop)
        for order, found in groupby(events, key=lambda row: row.event.order_id):
            rows = list(found)
            self._count(LeafKind.ORDER, (row.place for row in rows), size)
            faults = list(check_order(rows, decisions.of(order)))
            if faults:
                # A command may have gone on with it between two pages: looked at once more, of
                # one instant.
                faults = self._order_again(order)
            for fault in faults:
                self._faults.add(fault)
        for order in decisions.left():
            for fault in self._order_again(order):
                self._faults.add(fault)

    def _order_again(self, order: str) -> list[Fault]:
        with self._storage.reading():
            rows = list(self._storage.events_in_log(self._shop, order))
            decisions = list(self._storage.all_decisions(self._shop, order))
        if rows:
            return list(check_order(rows, decisions))
        return [Fault(Wrong.INSERTED, "evidence", None, Row(LeafKind.ORDER, order))]

    def _movements(self, size: int) -> None:
        moves = self._storage.movements_in_log(self._shop)
        for series, found in groupby(moves, lambda row: (row.movement.warehouse, row.movement.sku)):
            rows = list(found)
            self._count(LeafKind.STOCK, (row.place for row in rows), size)
            faults = list(check_counter(rows))
            if faults:
                with self._storage.reading():
                    rows = list(self._storage.movements_in_log(self._shop, series))
                faults = list(check_counter(rows)) if rows else []
            for fault in faults:
                self._faults.add(fault)

    def _rules(self, size: int) -> None:
        for kind, found in groupby(self._storage.rules_in_log(self._shop), attrgetter("kind")):
            rows = list(found)
            self._count(kind, (row.place for row in rows), size)
            for fault in check_rules(rows):
                self._faults.add(fault)

    def _count(self, kind: LeafKind, places: Iterable[int | None], size: int) -> None:
        for place in places:
            if place is None or place >= size:
                self._waiting[kind] += 1
            else:
                self._in_log[kind] += 1

    # What the walk over the leaves needs of it.

    def leaves(self) -> Iterator[tuple[int, str, Row]]:
        for place, leaf in self._storage.log(self._shop):
            yield place, leaf.leaf, Row(*leaf[:4])

    def kept_checkpoints(self) -> Iterator[StoredCheckpoint]:
        return self._storage.checkpoints(self._shop)

    add = _add


_KINDS = (LeafKind.ORDER, LeafKind.STOCK, LeafKind.RULES, LeafKind.RELEASE)


class _Tree:
    """The walk over the leaves in their places, past the checkpoints over them."""

    def __init__(self, verifying: _Verifying, size: int) -> None:
        self._verifying = verifying
        self._end = size
        self._growing = Growing()
        self._good = 0
        """The size up to which a checkpoint held."""
        self._is_sound = True
        """Whether no place was missing, so that roots can be compared."""
        self._last_kept = 0
        self._said: set[str] = set()
        self.beyond: int | None = None
        """The first place after the end, if it is taken."""
        self.unfit: list[tuple[str, int, int]] = []
        """The roots that did not fit: why, the size that did, and the one that did not."""
        self.leaves = 0
        self.kept = 0
        self.covered: Checkpoint | None = None

    @property
    def size(self) -> int:
        return self._growing.size

    @property
    def frontier(self) -> tuple[bytes, ...]:
        return self._growing.frontier().hashes

    def walk(self, outside: Sequence[Checkpoint]) -> None:
        """Compare the root at the size of every checkpoint."""
        kept, waiting = self._verifying.kept_checkpoints(), list(outside[::-1])
        stored = next(kept, None)
        for place, leaf, row in self._verifying.leaves():
            if place >= self._end:
                self.beyond = place
                break
            self.leaves += 1
            if place != self.size and self._is_sound:
                self._is_sound = False
                self._verifying.add(Wrong.MISSING, "place_missing", self.size)
            self._take(leaf, place, row)
            while stored is not None and stored.size <= self.size:
                self._compare_kept(stored)
                stored = next(kept, None)
            while waiting and waiting[-1].size <= self.size:
                self._compare(waiting.pop(), "outside_root")
        if self.leaves < self._end and self._is_sound:
            self._is_sound = False
            self._verifying.add(Wrong.TRUNCATED, "log_cut", self.size, size=self._end)
        if self._last_kept != self._end and (stored is None or stored.size > self._end):
            self._verifying.add(Wrong.TRUNCATED, "note_last", self._end - 1, size=self._end)

    def _take(self, leaf: str, place: int, row: Row) -> None:
        try:
            self._growing.add(bytes.fromhex(leaf))
        except ValueError:
            self._growing.add(EMPTY)
            self._verifying.add(Wrong.ALTERED, "content_sealed", place, row)

    def _compare_kept(self, stored: StoredCheckpoint) -> None:
        self.kept += 1
        try:
            point = self._verifying.checkpoint(stored.note)
        except NoCheckpoint as error:
            self._last_kept = stored.size
            place = stored.size - 1
            self._verifying.add(Wrong.SIGNATURE, "note", place, said=str(error))
            return
        if (point.size, point.at) != (stored.size, stored.at):
            self._verifying.add(Wrong.ALTERED, "note_row", stored.size - 1)
        if point.after != self._last_kept:
            self._verifying.add(Wrong.MISSING, "note_gap", point.after, size=point.after)
        self._last_kept = stored.size
        self._compare(point, "root")

    def _compare(self, point: Checkpoint, why: str) -> None:
        """Where one root does not fit, none after it does: that is said once."""
        if not self._is_sound or point.size != self.size or why in self._said:
            return
        if self._growing.root() == point.root:
            if why == "outside_root":
                self.covered = point
            if not self._said:
                self._good = point.size
            return
        self._said.add(why)
        self.unfit.append((why, self._good, point.size))


class _ByOrder:
    """Decisions beside the events of the same orders, both in order."""

    def __init__(self, decisions: Iterator[StoredDecision]) -> None:
        self._groups = groupby(decisions, key=attrgetter("order_id"))
        self._next: tuple[str, list[StoredDecision]] | None = None
        self._skipped: list[str] = []
        self._step()

    def _step(self) -> None:
        self._next = next(((order, list(found)) for order, found in self._groups), None)

    def of(self, order: str) -> list[StoredDecision]:
        """Those of an order; orders are asked for in order."""
        while self._next is not None and self._next[0] < order:
            self._skipped.append(self._next[0])
            self._step()
        if self._next is None or self._next[0] != order:
            return []
        found = self._next[1]
        self._step()
        return found

    def left(self) -> list[str]:
        """The orders that were not asked for."""
        while self._next is not None:
            self._skipped.append(self._next[0])
            self._step()
        return self._skipped

"""Whether the rows of one order, one counter or the journal are what was sealed of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ordinance.audit.verdict import Fault, Row, Wrong
from ordinance.auditlog import EventInLog, LeafKind, MovementInLog, RulesInLog, movement_leaf
from ordinance.chain import NOTHING, event_hash, evidence_of
from ordinance.orders.change import decisions_by
from ordinance.stored import StoredDecision


def check_order(rows: Sequence[EventInLog], decisions: Sequence[StoredDecision]) -> Iterator[Fault]:
    """The faults of an order, whose events these are, by version."""
    leaves = {row.leaf: row.event.version for row in rows if row.leaf is not None}
    counts = _decisions(rows)
    last_sealed = max((row.event.version for row in rows if row.leaf is not None), default=0)
    previous, version, seen = NOTHING, 0, 0
    for row, count in zip(rows, counts, strict=True):
        event = row.event
        about = Row(LeafKind.ORDER, event.order_id, "", event.version)
        yield from _gap(about, version)
        version = event.version
        if event.hash != event_hash(previous, event):
            other = leaves.get(event.hash, version)
            if other != version:
                yield _elsewhere(about, row.place, other)
            else:
                yield Fault(Wrong.ALTERED, "content", row.place, about)
        elif row.leaf is not None and row.leaf != event.hash:
            yield Fault(Wrong.RESTAMPED, "restamped", row.place, about)
        elif count is not None and event.evidence != evidence_of(decisions[seen:count]):
            yield Fault(Wrong.ALTERED, "evidence", row.place, about)
        if row.leaf is None and version <= max(last_sealed, row.sealed or 0):
            yield Fault(Wrong.INSERTED, "unplaced", None, about)
        previous, seen = event.hash, seen if count is None else count
    end = rows[-1]
    about = Row(LeafKind.ORDER, end.event.order_id, "", version)
    yield from _end(about, end.place, version, end.last, end.sealed, len(leaves))
    if end.last == version and end.head != previous:
        yield Fault(Wrong.ALTERED, "head", end.place, about)
    if len(decisions) > seen and None not in counts:
        yield Fault(Wrong.INSERTED, "evidence", end.place, about)


def check_counter(rows: Sequence[MovementInLog]) -> Iterator[Fault]:
    """The faults of a counter, whose movements these are, by number."""
    leaves = {row.leaf: row.number for row in rows if row.leaf is not None}
    last_sealed = max((row.number for row in rows if row.leaf is not None), default=0)
    number = 0
    for row in rows:
        moved = row.movement
        about = Row(LeafKind.STOCK, moved.sku, moved.warehouse, row.number)
        yield from _gap(about, number)
        number = row.number
        if row.leaf is None:
            if number <= max(last_sealed, row.sealed or 0):
                yield Fault(Wrong.INSERTED, "unplaced", None, about)
            continue
        leaf = movement_leaf(moved, number)
        if leaf != row.leaf:
            # Its number is a part of what was hashed, so it is tried under those of the others.
            moved_from = next(
                (each.number for each in rows if movement_leaf(moved, each.number) == each.leaf),
                None,
            )
            yield _altered(about, row.place, moved_from)
    end = rows[-1]
    about = Row(LeafKind.STOCK, end.movement.sku, end.movement.warehouse, number)
    yield from _end(about, end.place, number, end.last, end.sealed, len(leaves))


def check_rules(rows: Sequence[RulesInLog]) -> Iterator[Fault]:
    """The faults of the rule journal, or of the versions of the rules, by number."""
    last_sealed = max((row.number for row in rows if row.leaf is not None), default=0)
    number = 0
    for row in rows:
        about = Row(row.kind, "", "", row.number)
        yield from _gap(about, number)
        number = row.number
        if row.leaf is None:
            if number <= last_sealed:
                yield Fault(Wrong.INSERTED, "unplaced", None, about)
        elif row.now != row.leaf:
            yield _altered(about, row.place, None)


def _decisions(rows: Sequence[EventInLog]) -> list[int | None]:
    """How many decisions the order had made by each event; None from one on that cannot be read,
    which is found altered by its hash."""
    counts: list[int | None] = []
    count: int | None = 0
    for row in rows:
        # Few events come from a decision, and reading the changes of all of them takes long.
        if count is not None and '"decisions"' in row.event.changes:
            try:
                told: object = decisions_by([row.event])[0]
            except (TypeError, ValueError):
                told = None
            count = (told or count) if isinstance(told, int) else None
        counts.append(count)
    return counts


def _gap(about: Row, before: int) -> Iterator[Fault]:
    for number in range(before + 1, min(about.number, before + 100)):
        yield Fault(Wrong.MISSING, "gap", None, Row(about.kind, about.subject, about.part, number))


def _altered(about: Row, place: int | None, moved_from: int | None) -> Fault:
    if moved_from is None:
        return Fault(Wrong.ALTERED, "content_sealed", place, about)
    return _elsewhere(about, place, moved_from)


def _elsewhere(about: Row, place: int | None, number: int) -> Fault:
    return Fault(Wrong.SWAPPED, "elsewhere", place, about, (("number", number),))


def _end(
    about: Row, place: int | None, number: int, last: int | None, sealed: int | None, found: int
) -> Iterator[Fault]:
    """What the owner of the rows says of their end."""
    if last is None:
        yield Fault(Wrong.MISSING, "no_owner", place, about)
    elif last > number:
        yield Fault(Wrong.TRUNCATED, "end_cut", place, about, (("last", last),))
    elif last < number:
        yield Fault(Wrong.INSERTED, "end_grown", place, about, (("last", last),))
    if sealed is not None and sealed != found:
        values = (("sealed", sealed), ("found", found))
        wrong = Wrong.TRUNCATED if sealed > found else Wrong.ALTERED
        yield Fault(wrong, "unsealed" if sealed > found else "resealed", place, about, values)

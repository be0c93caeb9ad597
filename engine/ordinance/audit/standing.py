"""How a shop stands at an instant, as those who watch over it need to know: read, never written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ordinance.audit.backedup import LastBackup, last_backup
from ordinance.audit.exporting import Export, exports
from ordinance.orders.change import decode
from ordinance.ports import EffectState, Storage
from ordinance.releases.account import status as rules_status
from ordinance.watching import Backlog, StoreCondition

PATIENCE = timedelta(minutes=15)
"""How late something may be before that is an alarm: a worker looks every minute, or sooner."""

MOST_UNSEALED = 1_000
"""Unsealed leaves that are counted."""

_HOLDS_READ = 2_000
"""Parked orders whose holds are read; the rest are only counted."""


class Alarm(StrEnum):
    """What somebody has to look at."""

    DEAD = "dead"
    """Effects were given up."""
    UNKNOWN = "unknown"
    """Nobody knows whether effects happened, and nobody can be asked but a person."""
    LATE = "late"
    """Something is due for longer than it may be: no worker runs, or it does not keep up."""
    UNSEALED = "unsealed"
    """What was committed is not in the audit log: no sealer runs."""
    UNEXPORTED = "unexported"
    """A place outside does not take checkpoints of the audit log."""
    BACKUP = "backup"
    """No backup was made within the time that the last one was to be followed in."""
    APPROVAL = "approval"
    """Rules wait for a second person."""


@dataclass(frozen=True, slots=True)
class Raised:
    """An alarm, how many things it is about, and since when."""

    alarm: Alarm
    count: int
    since: datetime | None = None


@dataclass(frozen=True, slots=True)
class Sealing:
    """How far the audit log is."""

    size: int
    """Leaves under the last checkpoint."""
    at: datetime | None
    """When it was signed; None where nothing was ever sealed."""
    unsealed: int
    """Leaves that were committed since, counted up to `MOST_UNSEALED`."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a shop stands."""

    at: datetime
    statuses: Mapping[str, int]
    """Orders by display status."""
    holds: Mapping[str, int]
    """What holds the parked orders, by code; an order may be held by several."""
    held_since: datetime | None
    """Since when the first of them is held."""
    holds_read: int
    """Of how many parked orders the holds were read."""
    backlog: Backlog
    waiting_rules: tuple[int, ...]
    """Versions of the rules that wait for a second person, and may still take effect."""
    live_rules: int
    """The version of the rules in force; 0 where the program brings its own."""
    sealing: Sealing
    backup: LastBackup | None
    """The last one that was made; None: none that the store knows of."""
    places: tuple[Export, ...]
    """How far the places are that checkpoints are handed out to."""
    store: StoreCondition

    @property
    def alarms(self) -> tuple[Raised, ...]:
        """Everything that somebody has to look at."""
        return tuple(_alarms(self))


def look(storage: Storage, shop: str, now: datetime) -> Standing:
    """How a shop stands at `now`; statement by statement, each as of the last commit."""
    rules = rules_status(storage, shop)
    holds, since, read = _holds(storage, shop)
    return Standing(
        at=now,
        statuses=storage.status_counts(shop),
        holds=holds,
        held_since=since,
        holds_read=read,
        backlog=storage.backlog(shop, now),
        waiting_rules=tuple(release.version for release in rules.waiting),
        live_rules=rules.live.version if rules.live else 0,
        sealing=_sealing(storage, shop),
        backup=last_backup(storage),
        places=tuple(exports(storage, shop)),
        store=storage.condition(),
    )


def _sealing(storage: Storage, shop: str) -> Sealing:
    last = storage.last_checkpoint(shop)
    with storage.reading() as tx:
        unsealed = len(tx.unsealed(shop, MOST_UNSEALED))
    return Sealing(last.size if last else 0, last.at if last else None, unsealed)


def _holds(storage: Storage, shop: str) -> tuple[Mapping[str, int], datetime | None, int]:
    codes: Counter[str] = Counter()
    since: datetime | None = None
    read = 0
    for stored in storage.orders(shop, status="PARKED", limit=_HOLDS_READ):
        read += 1
        for hold in decode(stored.document).open_holds:
            codes[hold.code] += 1
            since = min(since or hold.opened_at, hold.opened_at)
    return dict(sorted(codes.items())), since, read


def _alarms(standing: Standing) -> Iterator[Raised]:
    backlog, latest = standing.backlog, standing.at - PATIENCE
    for alarm, state in ((Alarm.DEAD, EffectState.DEAD), (Alarm.UNKNOWN, EffectState.UNKNOWN)):
        stuck = [one for one in backlog.effects if one.state is state and one.stopped]
        if stuck:
            count = sum(one.stopped for one in stuck)
            yield Raised(alarm, count, min(one.oldest for one in stuck))
    late = [one.due for one in backlog.effects if one.due is not None and one.due < latest]
    late += [one.due for one in backlog.timers if one.due < latest]
    if late:
        yield Raised(Alarm.LATE, len(late), min(late))
    sealing = standing.sealing
    stale = sealing.at is not None and sealing.at < latest
    if sealing.unsealed and (stale or (sealing.at is None and sealing.unsealed == MOST_UNSEALED)):
        yield Raised(Alarm.UNSEALED, sealing.unsealed, sealing.at)
    failing = [place for place in standing.places if place.failures]
    if failing:
        took = [datetime.fromisoformat(place.at) for place in failing if place.at]
        yield Raised(Alarm.UNEXPORTED, len(failing), min(took, default=None))
    if standing.backup is not None and (due := standing.backup.due) and due < standing.at:
        yield Raised(Alarm.BACKUP, 1, standing.backup.made)
    if standing.waiting_rules:
        yield Raised(Alarm.APPROVAL, len(standing.waiting_rules))

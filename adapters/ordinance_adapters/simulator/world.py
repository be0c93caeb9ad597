"""What the world does next with an order: a function of the order, its story and the seed.

Nothing is remembered between calls, so a run that was stopped goes on where it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from ordinance.areas import serves
from ordinance.command import Receipt
from ordinance.oms import Shop
from ordinance.orders.demand import taken_by
from ordinance.orders.queue import SERVED
from ordinance.orders.record import Hold, OrderRecord, Parcel
from ordinance.orders.review import REVIEW_HOLDS
from ordinance.orders.states import CaseState, ParcelState
from ordinance.profile import Profile, Warehouse
from ordinance.service.negotiation import CANCEL_ORDER
from ordinance.story import Request, Story

LOST_OF_10000 = 35
DAMAGED_OF_10000 = 40
REFUSED_OF_10000 = 30
"""How often the simulated carrier loses, damages, or is refused a parcel, where no story says."""

CLERK = {"confirm": 88, "unreachable": 9, "deny": 3}
"""How a called buyer answers, of a hundred."""

WORKING_HOURS = range(9, 21)
"""When people call buyers, hand over parcels and ring at doors, in the shop's zone."""

MOST_DELIVERIES = 5
"""A supplier who came this often for one order without an end to it is not called again."""

LONG_WAY = timedelta(days=4)
"""A parcel that is on its way for longer is scanned once between."""


def _choices(record: OrderRecord) -> dict[int, str]:
    """What a simulated buyer chooses for each line of the open offer: to do without, where offered.

    Empty where nothing was offered line by line.
    """
    offer = record.open_offer
    return {
        line.no: "cancel_short" if "cancel_short" in line.options else line.options[0]
        for line in (offer.lines if offer else ())
    }


Act = Callable[[Shop, datetime], Receipt | Sequence[Receipt]]
"""Does it; answers with every order that it changed."""


@dataclass(frozen=True, slots=True)
class Move:
    """One thing the world will do: when, under which key, and how."""

    at: datetime
    key: str
    act: Act


class World:
    """Decides what comes next for an order."""

    def __init__(self, profile: Profile, seed: int) -> None:
        self._profile = profile
        self._seed = seed
        self._zone = ZoneInfo(profile.zone)

    def _draw(self, record: OrderRecord, what: str, below: int) -> int:
        text = f"{self._seed}:{record.channel}:{record.source_id}:{what}"
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % below

    def _at_work(self, at: datetime) -> datetime:
        """`at`, or the morning after when nobody works by then."""
        local = at.astimezone(self._zone)
        if local.hour in WORKING_HOURS:
            return at
        late = timedelta(days=int(local.hour >= WORKING_HOURS.stop))
        return (local + late).replace(hour=WORKING_HOURS.start)

    def next_move(self, record: OrderRecord, story: Story) -> Move | None:
        """The next thing that happens to this order from outside, or None."""
        moves = [
            *(self._on_hold(record, story, hold) for hold in record.open_holds),
            *(self._on_parcel(record, story, parcel) for parcel in record.parcels.values()),
            *(
                self._goods_come_back(record, story, case.id)
                for case in record.cases.values()
                if case.state is CaseState.APPROVED_RETURN
            ),
        ]
        known = [move for move in moves if move is not None]
        return min(known, key=lambda move: (move.at, move.key), default=None)

    # -- people -------------------------------------------------------------------------------

    def _on_hold(self, record: OrderRecord, story: Story, hold: Hold) -> Move | None:
        if hold.code in REVIEW_HOLDS:
            return self._clerk(record, story, hold)
        if hold.code == "CONSENT":
            return self._buyer(record, story, hold)
        if hold.code in SERVED:
            return self._delivery(record, hold)
        return None

    def _clerk(self, record: OrderRecord, story: Story, hold: Hold) -> Move:
        """A clerk calls within hours, and again after an attempt that reached nobody."""
        attempt = hold.attempts
        answer = story.clerk or self._answer(record, attempt)
        at = self._at_work(hold.opened_at + timedelta(hours=2 + 20 * attempt))
        key = f"world:{record.id}:{hold.id}:answer:{attempt}"
        return Move(
            at,
            key,
            lambda shop, now: shop.answer_review(record.id, answer, key=key, by="clerk", now=now),
        )

    def _answer(self, record: OrderRecord, attempt: int) -> str:
        luck = self._draw(record, f"clerk:{attempt}", 100)
        for answer, share in CLERK.items():
            if luck < share:
                return answer
            luck -= share
        return "confirm"

    def _buyer(self, record: OrderRecord, story: Story, hold: Hold) -> Move | None:
        """Most buyers agree to an offer within two days; some never answer, and it stays open."""
        luck = self._draw(record, f"consent:{hold.id}", 100)
        if story.clerk != "deny" and luck >= 90:
            return None
        at = hold.opened_at + timedelta(hours=3 + luck % 40)
        key = f"world:{record.id}:{hold.id}:consent"
        lines = _choices(record)
        choice = None if lines else CANCEL_ORDER
        return Move(
            at,
            key,
            lambda shop, now: shop.answer_offer(record.id, choice, lines=lines, key=key, now=now),
        )

    def _delivery(self, record: OrderRecord, hold: Hold) -> Move | None:
        """A supplier brings what is short, when somebody knows how long that takes."""
        short = taken_by(record, {x.no: x.waiting for x in record.goods if x.waiting > 0})
        days = [self._restock(sku) for sku in short]
        came = sum(1 for held in record.holds.values() if held.code in SERVED)
        if not short or any(day is None for day in days) or came > MOST_DELIVERIES:
            return None
        at = hold.opened_at + timedelta(days=max(day or 0 for day in days))
        key = f"world:{record.id}:{hold.id}:restock"
        homes = {sku: home.code for sku in short if (home := self._home(record, sku))}
        if len(homes) < len(short):
            return None

        def act(shop: Shop, now: datetime) -> Sequence[Receipt]:
            served: list[Receipt] = []
            for sku, count in sorted(short.items()):
                cause = f"{key}:{sku}"
                served += shop.receive_stock(homes[sku], sku, count, cause=cause, now=now)
            return served

        return Move(at, key, act)

    def _home(self, record: OrderRecord, sku: str) -> Warehouse | None:
        """The first warehouse that may keep the item and reaches the receiver, or None."""
        item = self._profile.items.get(sku)
        needed = item.traits & {"cold_chain", "dangerous"} if item else frozenset()
        able = (
            warehouse
            for warehouse in self._profile.warehouses
            if warehouse.open
            and needed <= warehouse.traits
            and serves(warehouse.serves, record.region)
        )
        return next(able, None)

    def _restock(self, sku: str) -> int | None:
        item = self._profile.items.get(sku)
        return item.restock_days if item else None

    # -- parcels ------------------------------------------------------------------------------

    def _on_parcel(self, record: OrderRecord, story: Story, parcel: Parcel) -> Move | None:
        if parcel.state is ParcelState.PUSHED:
            return self._hand_over(record, story, parcel)
        if parcel.state is ParcelState.SHIPPED and not parcel.settled:
            return self._on_its_way(record, story, parcel)
        return None

    def _hand_over(self, record: OrderRecord, story: Story, parcel: Parcel) -> Move | None:
        first = parcel.replaces is None
        if first and story.short_pick and not record.archived:
            sku = story.short_pick
            holding = (p.id for p in record.parcels.values() if _holds(p, sku))
            if next(holding, None) == parcel.id:
                key = f"world:{record.id}:{parcel.id}:short"
                at = record.placed_at + timedelta(hours=6)
                return Move(
                    at,
                    key,
                    lambda shop, now: shop.short_picked(
                        record.id, parcel.id, sku, 1, key=key, now=now
                    ),
                )
        if first and story.handed_over_at is not None:
            at = story.handed_over_at
        elif first and story.ends_at is not None:
            # The data ends without a hand-over: this parcel never left.
            return None
        else:
            hours = 5 + self._draw(record, f"pack:{parcel.id}", 30)
            planned = parcel.planned_at or record.paid_at or record.placed_at
            at = self._at_work(planned + timedelta(hours=hours))
        key = f"world:{record.id}:{parcel.id}:handover"
        return Move(
            at, key, lambda shop, now: shop.hand_over(record.id, parcel.id, key=key, now=now)
        )

    def _on_its_way(self, record: OrderRecord, story: Story, parcel: Parcel) -> Move | None:
        shipped = parcel.shipped_at or record.placed_at
        first = parcel.replaces is None
        state, at = self._arrival(record, story, parcel, shipped)
        if first:
            for when, scan in story.scans:
                if parcel.last_scan_at is None or when > parcel.last_scan_at:
                    if at is None or when < at:
                        return self._scan(record, parcel, scan, when)
                    break
        if at is None:
            return None
        known = story.delivered_at or story.ends_at or story.scans
        if not (first and known) and parcel.last_scan_at == shipped and at - shipped > LONG_WAY:
            return self._scan(record, parcel, "IN_TRANSIT", shipped + (at - shipped) / 2)
        return self._scan(record, parcel, state, at)

    def _scan(self, record: OrderRecord, parcel: Parcel, state: str, at: datetime) -> Move:
        key = f"world:{record.id}:{parcel.id}:{state}:{at.isoformat()}"
        return Move(
            at,
            key,
            lambda shop, now: shop.track(record.id, parcel.id, state, key=key, now=now),
        )

    def _arrival(
        self, record: OrderRecord, story: Story, parcel: Parcel, shipped: datetime
    ) -> tuple[str, datetime | None]:
        """How and when the parcel arrives; None when it never does."""
        first = parcel.replaces is None
        carrier = next(
            (item for item in self._profile.carriers if item.code == parcel.carrier), None
        )
        days = carrier.days if carrier else 3
        hours = days * 24 - 8 + self._draw(record, f"days:{parcel.id}", 24 * days)
        at = self._at_work(shipped + timedelta(hours=hours))
        luck = self._draw(record, f"luck:{parcel.id}", 10_000) if first else 9_999
        known = story.ends_at is not None or story.delivered_at is not None
        if first and (story.lost or (not known and luck < LOST_OF_10000)):
            return "LOST", None
        luck -= LOST_OF_10000
        if first and (story.damaged or (not known and 0 <= luck < DAMAGED_OF_10000)):
            return "DAMAGED", at
        luck -= DAMAGED_OF_10000
        if first and (story.refused or (not known and 0 <= luck < REFUSED_OF_10000)):
            return "REFUSED", at
        signed = {
            "self": "DELIVERED_SELF",
            "proxy": "DELIVERED_PROXY",
            "locker": "DELIVERED_LOCKER",
        }
        state = signed.get(story.signed_by or "self", "DELIVERED_SELF")
        if first and story.delivered_at is not None:
            return state, story.delivered_at
        if first and story.ends_at is not None:
            return "LOST", None
        return state, at

    # -- returns ------------------------------------------------------------------------------

    def _goods_come_back(self, record: OrderRecord, story: Story, case_id: str) -> Move | None:
        case = record.cases[case_id]
        request = self._request(story, case.source)
        goods = request.goods if request else "good"
        if goods == "never":
            return None
        at = self._at_work(case.opened_at + timedelta(hours=60 + self._draw(record, case_id, 90)))
        if record.signed_at is None and any(
            not parcel.settled for parcel in record.parcels.values()
        ):
            # Goods still on their way out cannot come back before they have arrived.
            return None
        key = f"world:{record.id}:{case_id}:back"
        return Move(
            max(at, record.signed_at or at),
            key,
            lambda shop, now: shop.goods_back(record.id, case_id, goods, key=key, now=now),
        )

    def _request(self, story: Story, source: str) -> Request | None:
        place = source.rpartition(":")[2]
        return (
            story.requests[int(place)]
            if place.isdigit() and int(place) < len(story.requests)
            else None
        )


def _holds(parcel: Parcel, sku: str) -> bool:
    return any(piece.sku == sku for piece in parcel.pieces)

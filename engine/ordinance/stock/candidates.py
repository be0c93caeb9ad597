"""Candidates: the warehouses that could send something of an order, as facts for the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from ordinance.areas import Point, great_circle_km, narrowest, point_of, serves
from ordinance.orders.desk import Desk
from ordinance.orders.money import major_units
from ordinance.orders.record import OrderRecord
from ordinance.profile import Carrier, Item, Warehouse
from ordinance.rules import Value
from ordinance.rules.deciding.given import Known
from ordinance.stock.filling import Fill, Units, stock_items, units
from ordinance.stock.freight import least_minor
from ordinance.stock.standing import Standing

SHARE = Decimal("0.0001")
"""Shares are given to the hundredth of a percent."""


def handling_day(warehouse: Warehouse, local: datetime) -> int:
    """How many days after `local` a parcel leaves: 0, or 1 when the cutoff has passed."""
    late = warehouse.cutoff is not None and local.time() > warehouse.cutoff
    return int(late)


@dataclass(frozen=True, slots=True)
class Goods:
    """Some units of an order, whichever warehouse would send them."""

    grams: int
    taken: int
    """Pieces that they take from the shelves."""
    traits: frozenset[str]
    pieces: int
    lines_filled: int
    whole: bool
    """Whether they are all that is wanted."""


@dataclass
class Candidates:
    """What all candidates of one order share, worked out once."""

    record: OrderRecord
    desk: Desk
    wanted: Mapping[int, int]
    now: datetime
    _goods: dict[tuple[tuple[int, int], ...], Goods] = field(default_factory=dict, init=False)
    _freights: dict[tuple[int, str | None], int] = field(default_factory=dict, init=False)

    @cached_property
    def local(self) -> datetime:
        """`now` in the shop's zone."""
        return self.desk.local(self.now)

    @cached_property
    def units(self) -> Units:
        """What one unit of each wanted line takes."""
        return units(self.record, self.wanted)

    @cached_property
    def items(self) -> dict[int, Item]:
        """The articles of the wanted lines that are in the catalogue."""
        known = self.desk.profile.items
        lines = self.record.lines
        return {no: known[lines[no].sku] for no in self.wanted if lines[no].sku in known}

    @cached_property
    def stock_items(self) -> list[str]:
        """The stock items that the wanted lines take."""
        return sorted({item for takes in self.units.values() for item in takes})

    @cached_property
    def carriers(self) -> list[Carrier]:
        """The carriers that reach the receiver and refuse none of the goods."""
        traits = frozenset(trait for item in self.items.values() for trait in item.traits)
        return [
            carrier
            for carrier in self.desk.profile.carriers
            if serves(carrier.serves, self.record.region) and not carrier.refuses & traits
        ]

    @cached_property
    def zoned(self) -> bool:
        """Whether it matters to the freight where a parcel begins."""
        return any(carrier.zones for carrier in self.carriers)

    @cached_property
    def fastest(self) -> int:
        """Days that the fastest of these carriers takes."""
        return min(carrier.days for carrier in self.carriers)

    @cached_property
    def receiver(self) -> Point | None:
        """Where the goods go: the address, or the seat of its region."""
        record = self.record
        if record.latitude is not None and record.longitude is not None:
            return record.latitude, record.longitude
        return point_of(self.desk.profile.points, record.region)

    @cached_property
    def standing(self) -> Standing:
        """Who rejected the order, and what is not shipped where for the time being."""
        return Standing.of(self.record, self.desk, self.now)

    @cached_property
    def loads(self) -> Mapping[str, int]:
        """Parcels that each warehouse has got today; read only where a warehouse has a capacity."""
        if all(warehouse.capacity is None for warehouse in self.desk.profile.warehouses):
            return {}
        return self.desk.tx.loads(self.record.shop, self.local.date())

    @cached_property
    def expiries(self) -> Mapping[tuple[str, str], int]:
        """Days until the oldest pieces expire, by warehouse and stock item, where that is known."""
        perishable = any("perishable" in item.traits for item in self.items.values())
        if not perishable:
            return {}
        today = self.local.date()
        first = self.desk.tx.expiries(self.record.shop, self.stock_items)
        return {place: (expires - today).days for place, expires in first.items()}

    def distance_km(self, warehouse: Warehouse) -> Decimal | None:
        """Great-circle distance to the receiver; None when one of the places is unknown."""
        if warehouse.latitude is not None and warehouse.longitude is not None:
            home: Point | None = (warehouse.latitude, warehouse.longitude)
        else:
            home = point_of(self.desk.profile.points, warehouse.region)
        if home is None or self.receiver is None:
            return None
        return great_circle_km(home, self.receiver)

    def grams(self, pieces: Mapping[int, int]) -> int:
        """What so many units weigh, as far as the catalogue knows."""
        return sum(self.items[no].weight_grams * n for no, n in pieces.items() if no in self.items)

    def _freight(self, grams: int, origin: str) -> int:
        """What the cheapest carrier takes, in minor units; 0 where none is known."""
        key = (grams, origin if self.zoned else None)
        found = self._freights.get(key)
        if found is None:
            found = least_minor(self.carriers, grams, origin, self.record.region)
            self._freights[key] = found
        return found

    def _goods_in(self, pieces: Mapping[int, int]) -> Goods:
        """Equal pieces from several warehouses are looked at once."""
        key = tuple(pieces.items())
        found = self._goods.get(key)
        if found is None:
            found = self._goods[key] = Goods(
                self.grams(pieces),
                sum(sum(self.units[no].values()) * n for no, n in pieces.items()),
                frozenset(
                    trait for no in pieces if no in self.items for trait in self.items[no].traits
                ),
                sum(pieces.values()),
                sum(1 for no, n in pieces.items() if n == self.wanted[no]),
                pieces == dict(self.wanted),
            )
        return found

    def facts(self, warehouse: Warehouse, given: Fill, free: Mapping[str, int]) -> Known:
        """Facts of one warehouse as a candidate that would give `given`."""
        goods, region = self._goods_in(given.pieces), self.record.region
        freight = self._freight(goods.grams, warehouse.region)
        on_shelf = sum(max(free.get(item, 0), 0) for item in self.stock_items)
        facts: dict[str, Value] = {
            "candidate.code": warehouse.code,
            "candidate.open": warehouse.open,
            "candidate.region": warehouse.region,
            "candidate.serves_region": serves(warehouse.serves, region),
            "candidate.cold_chain": "cold_chain" in warehouse.traits,
            "candidate.dangerous": "dangerous" in warehouse.traits,
            "candidate.goods_traits": goods.traits,
            "candidate.fills_order": goods.whole,
            "candidate.lines_filled": goods.lines_filled,
            "candidate.pieces_filled": goods.pieces,
            "candidate.cost": major_units(
                freight + warehouse.handling_minor, self.desk.profile.minor_digits
            ),
            "candidate.stock_left": on_shelf - goods.taken,
            "candidate.priority": warehouse.priority,
        }
        self._add_where_known(facts, warehouse, given)
        return Known(facts)

    def _add_where_known(self, facts: dict[str, Value], warehouse: Warehouse, given: Fill) -> None:
        """Facts that not every shop, warehouse or order has."""
        if warehouse.code in self.standing.rejected:
            facts["candidate.rejected"] = True
        if self._blocked(warehouse, given):
            facts["candidate.blocked"] = True
        if self._left_today(warehouse) == 0:
            facts["candidate.at_capacity"] = True
        distance = self.distance_km(warehouse)
        if distance is not None:
            facts["candidate.distance_km"] = distance
        rank = narrowest(warehouse.ranks, self.record.region)
        if rank is not None:
            facts["candidate.region_rank"] = rank
        if self.carriers:
            facts["candidate.days"] = handling_day(warehouse, self.local) + self.fastest
        if warehouse.capacity:
            used = Decimal(self.loads.get(warehouse.code, 0)) / warehouse.capacity
            facts["candidate.load"] = used.quantize(SHARE)
        expires = self._expires_in(warehouse, given) if self.expiries else None
        if expires is not None:
            facts["candidate.expires_in_days"] = expires

    def _expires_in(self, warehouse: Warehouse, given: Fill) -> int | None:
        """Days until the oldest of what it would give expires; None where no day is known."""
        return min(
            (
                self.expiries[warehouse.code, item]
                for no in given.pieces
                for item in self.record.lines[no].takes(1)
                if (warehouse.code, item) in self.expiries
            ),
            default=None,
        )

    def _blocked(self, warehouse: Warehouse, given: Fill) -> bool:
        """Whether it may not send one of the goods that it would give."""
        if self.standing.blocked and self.standing.blocks(
            warehouse.code, stock_items(self.record, given.pieces)
        ):
            return True
        return bool(warehouse.blocks) and any(
            name in warehouse.blocks
            for no in given.pieces
            for name in (self.record.lines[no].sku, *self.record.lines[no].takes(1))
        )

    def _left_today(self, warehouse: Warehouse) -> int | None:
        if warehouse.capacity is None:
            return None
        return max(warehouse.capacity - self.loads.get(warehouse.code, 0), 0)

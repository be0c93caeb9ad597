"""Candidates: the warehouses that could send something of an order, as facts for the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cached_property

from ordinance.areas import Point, great_circle_km, narrowest, point_of, serves
from ordinance.orders.desk import Desk
from ordinance.orders.money import major_units
from ordinance.orders.record import OrderRecord
from ordinance.profile import Carrier, Item, Warehouse
from ordinance.rules import Value
from ordinance.stock.filling import Fill, stock_items
from ordinance.stock.freight import cheapest, freight_minor
from ordinance.stock.standing import Standing

SHARE = Decimal("0.0001")
"""Shares are given to the hundredth of a percent."""


def handling_day(warehouse: Warehouse, local: datetime) -> int:
    """How many days after `local` a parcel leaves: 0, or 1 when the cutoff has passed."""
    late = warehouse.cutoff is not None and local.time() > warehouse.cutoff
    return int(late)


@dataclass
class Candidates:
    """What all candidates of one order share, worked out once."""

    record: OrderRecord
    desk: Desk
    wanted: Mapping[int, int]
    now: datetime

    @cached_property
    def items(self) -> dict[int, Item]:
        """The articles of the wanted lines that are in the catalogue."""
        known = self.desk.profile.items
        lines = self.record.lines
        return {no: known[lines[no].sku] for no in self.wanted if lines[no].sku in known}

    @cached_property
    def stock_items(self) -> list[str]:
        """The stock items that the wanted lines take."""
        return stock_items(self.record, self.wanted)

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
        return self.desk.tx.loads(self.record.shop, self.desk.local(self.now).date())

    @cached_property
    def expiries(self) -> Mapping[tuple[str, str], int]:
        """Days until the oldest pieces expire, by warehouse and stock item, where that is known."""
        perishable = any("perishable" in item.traits for item in self.items.values())
        if not perishable:
            return {}
        today = self.desk.local(self.now).date()
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

    def facts(self, warehouse: Warehouse, given: Fill, free: Mapping[str, int]) -> dict[str, Value]:
        """Facts of one warehouse as a candidate that would give `given`."""
        record, digits = self.record, self.desk.profile.minor_digits
        carrier = cheapest(
            self.carriers, grams := self.grams(given.pieces), warehouse.region, record.region
        )
        freight = freight_minor(carrier, grams, warehouse.region, record.region) if carrier else 0
        taken = sum(sum(record.lines[no].takes(n).values()) for no, n in given.pieces.items())
        on_shelf = sum(max(free.get(item, 0), 0) for item in self.stock_items)
        facts: dict[str, Value] = {
            "candidate.code": warehouse.code,
            "candidate.open": warehouse.open,
            "candidate.region": warehouse.region,
            "candidate.serves_region": serves(warehouse.serves, record.region),
            "candidate.cold_chain": "cold_chain" in warehouse.traits,
            "candidate.dangerous": "dangerous" in warehouse.traits,
            "candidate.goods_traits": frozenset(
                trait for no in given.pieces if no in self.items for trait in self.items[no].traits
            ),
            "candidate.fills_order": given.pieces == dict(self.wanted),
            "candidate.lines_filled": sum(
                1 for no in given.pieces if given.pieces[no] == self.wanted[no]
            ),
            "candidate.pieces_filled": given.total,
            "candidate.cost": major_units(freight + warehouse.handling_minor, digits),
            "candidate.stock_left": on_shelf - taken,
            "candidate.priority": warehouse.priority,
        }
        facts.update(self._where_known(warehouse, given))
        return facts

    def _where_known(self, warehouse: Warehouse, given: Fill) -> dict[str, Value]:
        """Facts that not every shop, warehouse or order has."""
        known: dict[str, Value | None] = {
            "candidate.rejected": warehouse.code in self.standing.rejected or None,
            "candidate.blocked": self._blocked(warehouse, given) or None,
            "candidate.at_capacity": self._left_today(warehouse) == 0 or None,
            "candidate.distance_km": self.distance_km(warehouse),
            "candidate.region_rank": narrowest(warehouse.ranks, self.record.region),
        }
        if self.carriers:
            local = self.desk.local(self.now)
            known["candidate.days"] = handling_day(warehouse, local) + self.fastest
        if warehouse.capacity:
            used = Decimal(self.loads.get(warehouse.code, 0)) / warehouse.capacity
            known["candidate.load"] = used.quantize(SHARE)
        if self.expiries:
            known["candidate.expires_in_days"] = self._expires_in(warehouse, given)
        return {name: value for name, value in known.items() if value is not None}

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
        if self.standing.blocks(warehouse.code, stock_items(self.record, given.pieces)):
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

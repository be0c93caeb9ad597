"""The profile of a shop: currency, zone, warehouses, carriers, catalogue. Data, not decisions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time

from ordinance.retries import CIRCUITS, RETRIES, CircuitPolicy, RetryPolicy
from ordinance.rules.kinds import Words
from ordinance.workdays import WorkCalendar


@dataclass(frozen=True, slots=True)
class Item:
    """One article of the catalogue. Weight in grams, volume in cubic centimetres."""

    sku: str
    title: str
    category: str = "general"
    weight_grams: int = 500
    volume_cm3: int = 1000
    traits: frozenset[str] = frozenset()
    """`fragile`, `liquid`, `cold_chain`, `dangerous`, `custom_made`, `perishable`, `oversize`,
    `virtual`, `hygiene`, `presale`, `discontinued`, `bundle` ..."""
    bundle: tuple[tuple[str, int], ...] = ()
    """The pieces inside, as (sku, quantity), for a bundle."""
    price_minor: int | None = None
    """List price, where the shop keeps one."""
    restock_days: int | None = None
    """Calendar days until a supplier delivers again; None: unknown, or counted in working days."""
    restock_workdays: int | None = None
    """The same in working days, which need a calendar."""
    substitutes: tuple[str, ...] = ()
    """Articles that may be offered in its place, the best one first."""
    presale_by: date | None = None
    """Sold before it is there: the day by whose end it ships."""
    presale_cap: int | None = None
    """The most pieces that may be sold before they are there; None: any number."""
    stock_item: str | None = None
    """The name under which its stock is kept, where that is not its sku. It stays when an article
    is renamed, so that stock and returns of older orders find their shelf."""

    @property
    def kept_as(self) -> str:
        """The stock item."""
        return self.stock_item or self.sku


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A place goods are shipped from."""

    code: str
    name: Words
    region: str
    latitude: float | None = None
    longitude: float | None = None
    serves: tuple[str, ...] = ()
    """Region codes it ships to; empty means everywhere."""
    traits: frozenset[str] = frozenset()
    """What it can handle: `cold_chain`, `dangerous`."""
    priority: int = 100
    """Lower is preferred, when all else is equal."""
    handling_minor: int = 0
    open: bool = True
    capacity: int | None = None
    """Parcels that it can send in a day; None: as many as come."""
    cutoff: time | None = None
    """What comes later in the day leaves the day after, in the shop's zone."""
    ranks: Mapping[str, int] = field(default_factory=dict)
    """Its place in the shop's own order of warehouses for a region, 1 the first; the narrowest
    region that holds the receiver's counts."""
    blocks: frozenset[str] = frozenset()
    """Articles, by sku or stock item, that it may not send."""


@dataclass(frozen=True, slots=True)
class Zone:
    """A carrier's tariff on some ways. No origins or no regions means any."""

    first_minor: int
    step_minor: int
    origins: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Carrier:
    """A parcel carrier with its tariff in minor units."""

    code: str
    name: Words
    serves: tuple[str, ...] = ()
    first_grams: int = 1000
    first_minor: int = 1000
    step_grams: int = 1000
    step_minor: int = 500
    max_grams: int = 30_000
    days: int = 3
    """Usual days from hand-over to delivery."""
    refuses: frozenset[str] = frozenset()
    """Item traits it does not carry."""
    priority: int = 100
    zones: tuple[Zone, ...] = ()
    """Other tariffs on some ways; the first that fits counts, before the one above."""


@dataclass(frozen=True, slots=True)
class CheckpointTarget:
    """Somewhere outside that checkpoints of the audit log are handed out to."""

    kind: str
    """`file`, `mail` or `webhook`."""
    where: str
    """Its path, address or URL."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything the core must know about one shop that is not a decision."""

    shop: str
    name: Words
    currency: str
    zone: str
    warehouses: tuple[Warehouse, ...]
    carriers: tuple[Carrier, ...]
    items: Mapping[str, Item] = field(default_factory=dict)
    stock: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Opening stock: (warehouse, sku) to pieces on hand."""
    safety: Mapping[tuple[str, str], int] = field(default_factory=dict)
    """Opening safety stock: (warehouse, sku) to pieces held back from new promises."""
    reader: str = "orders"
    """Which reader its order files need: `orders`, `uci`, `olist`, `tmall`."""
    regions: frozenset[str] = frozenset()
    """The region codes that exist; empty: only the shape of a code is checked."""
    points: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Latitude and longitude of the seats of regions, for addresses without coordinates."""
    minor_digits: int = 2
    """Decimal places of the currency."""
    calendar: WorkCalendar | None = None
    """The working days that suppliers count in; None where the shop has no calendar."""
    retries: Mapping[str, RetryPolicy] = field(default_factory=lambda: RETRIES)
    """How each kind of effect is tried again."""
    circuits: Mapping[str, CircuitPolicy] = field(default_factory=lambda: CIRCUITS)
    """When each adapter to the world is left alone: `payments`, `carriers`, `warehouses` and
    `notifier`."""
    checkpoints: tuple[CheckpointTarget, ...] = ()
    """Where checkpoints of the audit log are handed out to."""

    def parts_of(self, sku: str) -> tuple[tuple[str, int], ...]:
        """The stock items that one unit of `sku` takes; empty when it is one piece of itself.

        A bundle takes what is in it that has a shelf: a voucher in a gift box takes nothing.
        """
        item = self.items.get(sku)
        if item is None:
            return ()
        if not item.bundle:
            return () if item.kept_as == sku else ((item.kept_as, 1),)
        parts: dict[str, int] = {}
        for part, count in item.bundle:
            inside = self.items.get(part)
            if inside is not None and "virtual" in inside.traits:
                continue
            kept = inside.kept_as if inside else part
            parts[kept] = parts.get(kept, 0) + count
        return tuple(parts.items())

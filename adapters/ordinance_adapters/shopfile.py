"""The shop file: a shop's profile with its catalogue and opening stock, from `shop.yaml`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from ordinance.profile import Carrier, Item, Profile, Warehouse, Zone
from ordinance.rules.kinds import Kind, Words
from ordinance.rules.problem import MOST_SHOWN, Problem
from ordinance.rules.reading.findings import Findings
from ordinance.rules.reading.nodes import Map, described
from ordinance.rules.tree import Place
from ordinance.rules.words import decimals_of
from ordinance.workdays import WorkCalendar
from ordinance_adapters.plainyaml import read_nodes
from ordinance_adapters.readers import READERS
from ordinance_adapters.readers.folder import LIMITS, SHOP_FILE
from ordinance_adapters.shopcheckpoints import read_checkpoints
from ordinance_adapters.shopfields import Fields
from ordinance_adapters.shopretries import read_circuits, read_retries
from ordinance_adapters.shoptables import (
    REGION_TABLES,
    read_catalogue,
    read_stock,
    region_codes,
    region_points,
)
from ordinance_adapters.textfile import Unreadable, whole
from ordinance_adapters.workdaytable import CALENDARS, known_calendar, read_calendar

RULES_FOLDER = "rules"

SHOP_KEYS = (
    "shop",
    "name",
    "currency",
    "minor_digits",
    "zone",
    "reader",
    "orders",
    "regions",
    "warehouses",
    "carriers",
    "catalogue",
    "stock",
    "calendar",
    "effects",
    "circuits",
    "checkpoints",
)
WAREHOUSE_KEYS = (
    "code",
    "name",
    "region",
    "latitude",
    "longitude",
    "serves",
    "traits",
    "priority",
    "handling",
    "open",
    "capacity",
    "cutoff",
    "ranks",
    "blocks",
)
CARRIER_KEYS = (
    "code",
    "name",
    "serves",
    "first_grams",
    "first",
    "step_grams",
    "step",
    "max_grams",
    "days",
    "refuses",
    "priority",
    "zones",
)
RANK_KEYS = ("region", "rank")
ZONE_KEYS = ("from", "to", "first", "step")

# What holds where a field is not given.
_WAREHOUSE = Warehouse(code="", name=Words("", ""), region="")
_CARRIER = Carrier(code="", name=Words("", ""))


class ShopFileError(Exception):
    """A shop whose files cannot be used. Holds every problem found, in all of its files."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        shown = "\n".join(str(problem) for problem in self.problems[:MOST_SHOWN])
        left = len(self.problems) - MOST_SHOWN
        super().__init__(shown + (f"\n... and {left} more" if left > 0 else ""))


@dataclass(frozen=True, slots=True)
class ShopFolder:
    """A shop and what lies beside its file: the orders that it names, and its own rules."""

    profile: Profile
    orders: Path | None = None
    rules: Path | None = None


def read_shop(path: Path) -> ShopFolder:
    """The shop in `path` (its folder, or its `shop.yaml`) with its orders and its rules folder.

    Raises `ShopFileError` with every problem.
    """
    file = path / SHOP_FILE if path.is_dir() else path
    place = Place(str(file), 1, 1)
    try:
        source = whole(file, LIMITS.bytes)
    except Unreadable as error:
        raise ShopFileError(
            [Problem("E_FILE", f"the shop file {error}", place, f"a shop is a `{SHOP_FILE}`")]
        ) from error
    root, problems = read_nodes(source, str(file), LIMITS)
    if isinstance(root, Map):
        findings = Findings()
        folder = _Shop(root, file, findings).read()
        problems = list(findings.sorted("error"))
        if not problems:
            return folder
    elif root is not None:
        problems = [
            Problem("E_TYPE", f"a shop file has keys, not {described(root)}", place, "`shop: ...`")
        ]
    raise ShopFileError(problems)


class _Shop:
    """One shop file on its way to a profile."""

    def __init__(self, root: Map, file: Path, findings: Findings) -> None:
        self._file = file
        self._findings = findings
        self._fields = Fields(root, findings, SHOP_KEYS, "the shop file")

    def read(self) -> ShopFolder:
        fields = self._fields
        currency = self._currency()
        fields.digits = fields.whole("minor_digits", decimals_of(currency), most=4)
        orders = self._beside("orders")
        rules = self._file.parent / RULES_FOLDER
        warehouses = self._warehouses()
        items = self._items()
        stock, safety = self._stock(warehouses, items)
        profile = Profile(
            shop=fields.code("shop"),
            name=fields.words("name"),
            currency=currency,
            zone=self._zone(),
            warehouses=warehouses,
            carriers=self._carriers(),
            items=items or {},
            stock=stock,
            safety=safety,
            reader=self._one_of("reader", tuple(READERS)) or "orders",
            regions=self._regions(),
            points=self._points(),
            minor_digits=fields.digits,
            calendar=self._calendar(),
            retries=read_retries(fields),
            circuits=read_circuits(fields),
            checkpoints=read_checkpoints(fields, self._file.parent, self._findings),
        )
        return ShopFolder(profile, orders, rules if rules.is_dir() else None)

    def _currency(self) -> str:
        text = self._fields.text("currency", required=True) or ""
        if text and not (len(text) == 3 and text.isascii() and text.isalpha() and text.isupper()):
            self._findings.error(
                "E_TYPE",
                f"`{text}` is not a currency",
                self._fields.place_of("currency"),
                "write its three letters, such as `CNY` or `GBP`",
            )
        return text

    def _zone(self) -> str:
        name = self._fields.text("zone", required=True) or ""
        try:
            if name:
                ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self._findings.unknown_word(
                "E_REF",
                f"no time zone is called `{name}`",
                name,
                self._fields.place_of("zone"),
                sorted(available_timezones()),
                "write one like `Asia/Shanghai` or `Europe/London`",
            )
        return name

    def _one_of(self, name: str, known: Sequence[str]) -> str | None:
        word = self._fields.text(name)
        if word is not None and word not in known:
            self._findings.unknown_word(
                "E_REF",
                f"unknown {name} `{word}`",
                word,
                self._fields.place_of(name),
                known,
                f"known: {', '.join(known)}",
            )
            return None
        return word

    def _regions(self) -> frozenset[str]:
        table = self._one_of("regions", REGION_TABLES)
        return frozenset() if table is None else region_codes(table)

    def _calendar(self) -> WorkCalendar | None:
        """The working days: a calendar of the package, or a table beside the shop file."""
        if self._fields.text("calendar") in CALENDARS:
            return known_calendar(self._fields.text("calendar") or "")
        path = self._beside("calendar")
        return read_calendar(path, str(path), self._findings) if path else None

    def _points(self) -> Mapping[str, tuple[float, float]]:
        table = self._fields.text("regions") if self._fields.has("regions") else None
        return region_points(table) if table in REGION_TABLES else {}

    def _warehouses(self) -> tuple[Warehouse, ...]:
        found = []
        for one in self._fields.maps("warehouses", WAREHOUSE_KEYS, "a warehouse"):
            found.append(
                Warehouse(
                    code=one.code("code"),
                    name=one.words("name"),
                    region=one.region("region"),
                    latitude=one.degrees("latitude", 90),
                    longitude=one.degrees("longitude", 180),
                    serves=one.texts("serves", Kind.REGION),
                    traits=frozenset(one.texts("traits")),
                    priority=one.whole("priority", _WAREHOUSE.priority),
                    handling_minor=one.money("handling", _WAREHOUSE.handling_minor),
                    open=one.flag("open", _WAREHOUSE.open),
                    capacity=one.whole("capacity", -1) if one.has("capacity") else None,
                    cutoff=one.time_of_day("cutoff"),
                    ranks={
                        row.region("region"): row.whole("rank", 1, least=1)
                        for row in one.maps("ranks", RANK_KEYS, "a rank")
                    },
                    blocks=frozenset(one.texts("blocks")),
                )
            )
            self._alone(one, [item.code for item in found], "warehouse")
        return tuple(found)

    def _carriers(self) -> tuple[Carrier, ...]:
        found = []
        for one in self._fields.maps("carriers", CARRIER_KEYS, "a carrier"):
            found.append(
                Carrier(
                    code=one.code("code"),
                    name=one.words("name"),
                    serves=one.texts("serves", Kind.REGION),
                    first_grams=one.whole("first_grams", _CARRIER.first_grams, least=1),
                    first_minor=one.money("first", _CARRIER.first_minor),
                    step_grams=one.whole("step_grams", _CARRIER.step_grams, least=1),
                    step_minor=one.money("step", _CARRIER.step_minor),
                    max_grams=one.whole("max_grams", _CARRIER.max_grams, least=1),
                    days=one.whole("days", _CARRIER.days, most=366),
                    refuses=frozenset(one.texts("refuses")),
                    priority=one.whole("priority", _CARRIER.priority),
                    zones=self._zones(one),
                )
            )
            self._alone(one, [item.code for item in found], "carrier")
        return tuple(found)

    def _zones(self, carrier: Fields) -> tuple[Zone, ...]:
        return tuple(
            Zone(
                first_minor=one.money("first", carrier.money("first", _CARRIER.first_minor)),
                step_minor=one.money("step", carrier.money("step", _CARRIER.step_minor)),
                origins=one.texts("from", Kind.REGION),
                regions=one.texts("to", Kind.REGION),
            )
            for one in carrier.maps("zones", ZONE_KEYS, "a zone")
        )

    def _alone(self, fields: Fields, codes: Sequence[str], what: str) -> None:
        """Each code names one thing; the last of `codes` belongs to `fields`."""
        if codes[-1] and codes[-1] in codes[:-1]:
            self._findings.error(
                "E_DUP_KEY", f"a second {what} is called `{codes[-1]}`", fields.place_of("code")
            )

    def _items(self) -> dict[str, Item] | None:
        """The catalogue; None when the shop keeps none, or when it could not be read whole."""
        path = self._beside("catalogue")
        if path is None:
            return None
        before = self._findings.errors
        items = read_catalogue(path, str(path), self._fields.digits, self._findings)
        return items if self._findings.errors == before else None

    def _stock(
        self, warehouses: Sequence[Warehouse], items: dict[str, Item] | None
    ) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
        path = self._beside("stock")
        codes = [warehouse.code for warehouse in warehouses]
        return read_stock(path, str(path), codes, items, self._findings) if path else ({}, {})

    def _beside(self, name: str) -> Path | None:
        """The file that a key names, beside the shop file; None when it is not there."""
        text = self._fields.text(name)
        if text is None:
            return None
        path = self._file.parent / text
        if path.is_file():
            return path
        self._findings.error(
            "E_FILE",
            f"the {name} file `{text}` is not there",
            self._fields.place_of(name),
            "paths are read from the folder of the shop file",
        )
        return None

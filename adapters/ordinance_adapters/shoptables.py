"""The tables beside a shop file: catalogue, opening stock, and the region codes that exist."""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from functools import cache
from importlib import resources
from pathlib import Path

from ordinance.profile import Item
from ordinance.rules.kinds import Kind
from ordinance.rules.reading.findings import Findings
from ordinance.rules.scalar import ScalarError, clip, parse
from ordinance.rules.tree import Place
from ordinance_adapters.shopfields import MOST, money_minor
from ordinance_adapters.textfile import Unreadable, numbered_lines

CATALOGUE = (
    "sku",
    "title",
    "category",
    "weight_grams",
    "volume_cm3",
    "traits",
    "price",
    "bundle",
    "restock_days",
    "restock_workdays",
    "stock_item",
    "substitutes",
    "presale_by",
    "presale_cap",
)
STOCK = ("warehouse", "sku", "on_hand", "safety")
REGION_TABLES = ("cn",)
"""Region tables that come with the package: GB/T 2260 for China."""

LONGEST_SKU = 200

_TRAIT = re.compile(r"\w[\w.-]{0,63}")
_PIECE = re.compile(r"(\S+)\*([1-9][0-9]{0,5})")


def read_catalogue(path: Path, file: str, digits: int, findings: Findings) -> dict[str, Item]:
    """Every article by its sku. `digits` are the currency's; `file` is the name in problems."""
    items: dict[str, Item] = {}
    places: dict[str, Place] = {}
    for row in _rows(path, file, CATALOGUE, ("sku", "title"), findings):
        item = row.item(digits)
        if item is None:
            continue
        if item.sku in items:
            line = places[item.sku].line
            row.say("E_DUP_KEY", f"`{item.sku}` again; it is already on line {line}")
            continue
        items[item.sku] = item
        places[item.sku] = row.place
    _check_substitutes(items, places, findings)
    for item in items.values():
        for sku, _ in item.bundle:
            if sku not in items or items[sku].bundle:
                what = "is a bundle itself" if sku in items else "is not in the catalogue"
                findings.error(
                    "E_REF",
                    f"the bundle `{item.sku}` holds `{clip(sku)}`, which {what}",
                    places[item.sku],
                    "a bundle holds single articles of the catalogue",
                )
    return items


def _check_substitutes(
    items: Mapping[str, Item], places: Mapping[str, Place], findings: Findings
) -> None:
    """Substitutes are other articles of the catalogue."""
    for item in items.values():
        for sku in item.substitutes:
            if sku not in items or sku == item.sku:
                what = "itself" if sku == item.sku else "which is not in the catalogue"
                findings.error(
                    "E_REF",
                    f"the substitute of `{item.sku}` is `{clip(sku)}`, {what}",
                    places[item.sku],
                    "name other articles of the catalogue, with spaces between them",
                )


def read_stock(
    path: Path,
    file: str,
    warehouses: Collection[str],
    items: Mapping[str, Item] | None,
    findings: Findings,
) -> tuple[dict[tuple[str, str], int], dict[tuple[str, str], int]]:
    """Pieces on hand and safety stock, each by (warehouse, stock item).

    Without a catalogue (None) any item may be counted.
    """
    stock: dict[tuple[str, str], int] = {}
    safety: dict[tuple[str, str], int] = {}
    kept = None if items is None else {item.kept_as for item in items.values() if not item.bundle}
    for row in _rows(path, file, STOCK, STOCK[:3], findings):
        warehouse, sku = row.cell("warehouse"), row.cell("sku")
        on_hand, held_back = row.whole("on_hand"), row.whole("safety")
        if warehouse not in warehouses:
            findings.unknown_word(
                "E_REF", f"unknown warehouse `{clip(warehouse)}`", warehouse, row.place, warehouses
            )
        elif items is not None and sku in items and items[sku].bundle:
            row.say(
                "E_REF", f"`{clip(sku)}` is a bundle", "count what is in it; a bundle has no shelf"
            )
        elif kept is not None and sku not in kept:
            row.say("E_REF", f"`{clip(sku)}` is not in the catalogue", "add it, or drop the row")
        elif (warehouse, sku) in stock:
            row.say("E_DUP_KEY", f"`{sku}` in `{warehouse}` is counted twice")
        elif not row.cell("on_hand"):
            row.say("E_MISSING", "`on_hand` is empty")
        elif on_hand is not None:
            stock[warehouse, sku] = on_hand
            if held_back:
                safety[warehouse, sku] = held_back
    return stock, safety


def region_codes(table: str) -> frozenset[str]:
    """The codes of a table of `REGION_TABLES`, each as short as its level: `33`, `3301`."""
    file = resources.files("ordinance_adapters") / "data" / f"{table}_regions.csv"
    with file.open(encoding="utf-8") as lines:
        return frozenset(_trimmed(row["adcode"]) for row in csv.DictReader(lines))


@cache
def region_points(table: str) -> Mapping[str, tuple[float, float]]:
    """Latitude and longitude of the seat of each region of a table, where they are known."""
    file = resources.files("ordinance_adapters") / "data" / f"{table}_regions.csv"
    with file.open(encoding="utf-8") as lines:
        return {
            _trimmed(row["adcode"]): (float(row["latitude"]), float(row["longitude"]))
            for row in csv.DictReader(lines)
            if row["latitude"] and row["longitude"]
        }


def _trimmed(code: str) -> str:
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


class _Row:
    """One row of a table: its cells by column, read into typed values."""

    def __init__(self, cells: Mapping[str, str], place: Place, findings: Findings) -> None:
        self.place = place
        self._cells = cells
        self._findings = findings

    def cell(self, column: str) -> str:
        """The text of a cell without space around it; empty when the column is not there."""
        return self._cells.get(column, "").strip()

    def whole(self, column: str) -> int | None:
        """A whole number from 0 to `MOST`; None when empty or wrong."""
        text = self.cell(column)
        if not text:
            return None
        try:
            number = int(str(parse(text, Kind.INTEGER)))
        except ScalarError as error:
            self.say(error.code, f"`{column}`: {error}", error.help)
            return None
        if 0 <= number <= MOST:
            return number
        self.say("E_RANGE", f"`{column}` must lie from 0 to {MOST}")
        return None

    def item(self, digits: int) -> Item | None:
        """The row as an article; None without a usable sku."""
        sku = self.cell("sku")
        if not sku or len(sku) > LONGEST_SKU:
            self.say("E_TYPE", f"`sku` needs a text of at most {LONGEST_SKU} characters")
            return None
        weight, volume = self.whole("weight_grams"), self.whole("volume_cm3")
        plain = Item(sku, self.cell("title") or sku)
        return Item(
            sku=sku,
            title=plain.title,
            category=self.cell("category") or plain.category,
            weight_grams=plain.weight_grams if weight is None else weight,
            volume_cm3=plain.volume_cm3 if volume is None else volume,
            traits=frozenset(self._traits()),
            bundle=tuple(self._bundle()),
            price_minor=self._price(digits),
            restock_days=self.whole("restock_days"),
            restock_workdays=self._workdays(),
            substitutes=tuple(self.cell("substitutes").split()),
            presale_by=self._day("presale_by"),
            presale_cap=self.whole("presale_cap"),
            stock_item=self.cell("stock_item") or None,
        )

    def say(self, code: str, message: str, help: str | None = None) -> None:
        self._findings.error(code, message, self.place, help)

    def _price(self, digits: int) -> int | None:
        text = self.cell("price")
        if not text:
            return None
        try:
            return money_minor(text, digits)
        except ScalarError as error:
            self.say(error.code, f"`price`: {error}", error.help)
            return None

    def _workdays(self) -> int | None:
        if self.cell("restock_workdays") and self.cell("restock_days"):
            self.say(
                "E_TYPE",
                "`restock_days` and `restock_workdays` are both given",
                "a lead time is in calendar days or in working days",
            )
        return self.whole("restock_workdays")

    def _day(self, column: str) -> date | None:
        text = self.cell(column)
        try:
            return date.fromisoformat(text) if text else None
        except ValueError:
            self.say("E_TYPE", f"`{column}` is not a date: `{clip(text)}`", "write `2026-06-18`")
            return None

    def _traits(self) -> Iterator[str]:
        for trait in self.cell("traits").split():
            if _TRAIT.fullmatch(trait):
                yield trait
            else:
                self.say("E_TYPE", f"`{clip(trait)}` is not a trait", "write `fragile liquid`")

    def _bundle(self) -> Iterator[tuple[str, int]]:
        for piece in self.cell("bundle").split():
            match = _PIECE.fullmatch(piece)
            if match:
                yield match.group(1), int(match.group(2))
            else:
                self.say("E_TYPE", f"`{clip(piece)}` is not a part of a bundle", "write `SKU*2`")


def _rows(
    path: Path, file: str, known: Sequence[str], needed: Sequence[str], findings: Findings
) -> Iterator[_Row]:
    """The rows of a CSV file with a header. A row that has another width is a problem."""
    header: list[str] | None = None
    try:
        reader = csv.reader(_text_lines(path, file, findings), strict=True)
        line = 1
        for cells in reader:
            place = Place(file, line, 1)
            line = reader.line_num + 1
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip() for cell in cells]
                if not _fits(header, known, needed, place, findings):
                    return
            elif len(cells) != len(header):
                findings.error(
                    "E_CELLS",
                    f"the row has {len(cells)} cells, the header has {len(header)}",
                    place,
                    "put text with a comma in double quotes",
                )
            else:
                yield _Row(dict(zip(header, cells, strict=True)), place, findings)
    except csv.Error as error:
        findings.error("E_SYNTAX", f"this is not CSV: {error}", Place(file, line, 1))
        return
    except Unreadable as error:
        findings.error("E_FILE", f"the file {error}", Place(file, 1, 1))
        return
    if header is None:
        findings.error("E_EMPTY", "the file is empty", Place(file, 1, 1), _header_help(known))


def _text_lines(path: Path, file: str, findings: Findings) -> Iterator[str]:
    for number, line in numbered_lines(path):
        try:
            if line is None:
                raise csv.Error("a line without end")
            yield line.decode("utf-8") + "\n"
        except UnicodeDecodeError:
            findings.error(
                "E_CHAR", "the line is not UTF-8", Place(file, number, 1), "save it as UTF-8"
            )
            return


def _fits(
    header: Sequence[str],
    known: Sequence[str],
    needed: Sequence[str],
    place: Place,
    findings: Findings,
) -> bool:
    for column in header:
        if column not in known:
            findings.unknown_word(
                "E_UNKNOWN_KEY",
                f"unknown column `{clip(column)}`",
                column,
                place,
                known,
                _header_help(known),
            )
        elif header.count(column) > 1:
            findings.error("E_DUP_KEY", f"the column `{column}` is there twice", place)
    missing = [column for column in needed if column not in header]
    for column in missing:
        findings.error("E_MISSING", f"the column `{column}` is missing", place, _header_help(known))
    return not missing


def _header_help(known: Sequence[str]) -> str:
    return f"the first row names the columns: {','.join(known)}"

"""Make this example's files from UCI Online Retail: whole customers, and what the data lacks.

    python examples/retail/make_sample.py online_retail.csv.gz [folder]

Writes orders.csv.gz, catalogue.csv.gz and stock.csv.gz beside this file, or into `folder`. The
same input gives the same bytes: every choice is drawn from a name in the data, none from the
order of reading. What is kept and what is derived is told in README.md.
"""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median_low

BRITISH_CUSTOMERS_IN_1000 = 108
OTHER_CUSTOMERS_IN_1000 = 160
GUEST_INVOICES_IN_1000 = 80
ALWAYS_CUSTOMERS = ("12346", "16446")
"""Two orders of 74,215 and 80,995 pieces, both reversed within minutes."""
ALWAYS_INVOICES = ("A563185", "A563186", "A563187")
"""All the bookkeeping entries there are."""

NOT_GOODS = re.compile(
    r"POST|DOT|M|D|S|B|C2|BANK CHARGES|AMAZONFEE|CRUK|PADS|gift_.*", re.IGNORECASE
)
VOUCHER = re.compile(r"gift_.*", re.IGNORECASE)

CATEGORIES: tuple[tuple[str, int, int, str], ...] = (
    ("seasonal", 15, 100, "CHRISTMAS XMAS EASTER ADVENT SANTA REINDEER VALENTINE HALLOWEEN"),
    ("jewellery", 8, 40, "NECKLACE EARRING BRACELET RING BROOCH PENDANT CHARM TIARA BANGLE"),
    ("furniture", 700, 4200, "CABINET CHAIR STOOL BENCH LADDER PARASOL DRAWER SHELF WARDROBE"),
    ("stationery", 8, 70, "CARD WRAP PAPER PENCIL PEN NOTEBOOK RIBBON STICKER TAPE TISSUE"),
    ("lighting", 30, 180, "LIGHT LANTERN CANDLE LAMP CANDLESTICK CHANDELIER INCENSE"),
    ("kitchen", 40, 260, "MUG CUP BOWL PLATE CAKE TIN TEAPOT JUG JAR TRAY BOTTLE KITCHEN SPOON"),
    ("bags", 30, 140, "BAG PURSE WALLET HANDBAG SHOPPER LUGGAGE BACKPACK"),
    ("toys", 20, 150, "TOY DOLL GAME JIGSAW PLAYHOUSE SKITTLE DOMINO BLOCK RABBIT BEAR"),
    ("garden", 40, 350, "GARDEN PLANT POT TROWEL WATERING BIRD FLOWER HERB"),
    ("home", 40, 420, "CLOCK FRAME CUSHION SIGN MIRROR DOORMAT HOOK HANGER COVER RUG DOORSTOP"),
)
"""Category, lightest and heaviest article in grams, and the words that tell it, first match."""
OTHER = ("gifts", 12, 130)

TRAITS: tuple[tuple[str, str], ...] = (
    ("fragile", "GLASS CERAMIC PORCELAIN CHINA MUG CUP TEACUP SAUCER BOWL VASE MIRROR JUG TEAPOT"),
    ("liquid", "SPRAY PERFUME SHAMPOO OIL LOTION"),
    ("hygiene", "EARRING MASK TOOTHBRUSH TOWEL"),
    ("oversize", "CABINET CHAIR BENCH LADDER PARASOL WARDROBE"),
)

CONTINENT = [
    "Austria",
    "Belgium",
    "Cyprus",
    "Czech Republic",
    "Denmark",
    "Finland",
    "France",
    "Germany",
    "Greece",
    "Italy",
    "Lithuania",
    "Malta",
    "Netherlands",
    "Poland",
    "Portugal",
    "Spain",
    "Sweden",
    "Switzerland",
]
"""Countries that the warehouse in Rotterdam delivers to."""

OUTLIER = 10_000
"""No shop stocks for a line of more pieces."""
BULK = 70
"""A line of at least so many pieces may find too little stock."""

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
)
STOCK = ("warehouse", "sku", "on_hand")

Row = Mapping[str, str]


@dataclass(slots=True)
class Seen:
    """What the whole data set tells of one stock code."""

    titles: Counter[str] = field(default_factory=Counter)
    remarks: Counter[str] = field(default_factory=Counter)
    pence: list[int] = field(default_factory=list)


def draw(what: str, name: str, count: int) -> int:
    """A number below `count` that depends on its arguments alone."""
    digest = hashlib.sha256(f"{what}:{name}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % count


def chosen(row: Row) -> bool:
    """Whether an invoice is in the sample: by its customer, or by itself when it has none."""
    customer, invoice = row["CustomerID"], row["InvoiceNo"]
    if customer in ALWAYS_CUSTOMERS or invoice in ALWAYS_INVOICES:
        return True
    if not customer:
        return draw("invoice", invoice, 1000) < GUEST_INVOICES_IN_1000
    british = row["Country"] == "United Kingdom"
    share = BRITISH_CUSTOMERS_IN_1000 if british else OTHER_CUSTOMERS_IN_1000
    return draw("customer", customer, 1000) < share


def is_goods(sku: str) -> bool:
    """Whether a stock code is something that can be put into a parcel."""
    return NOT_GOODS.fullmatch(sku) is None


def catalogue(skus: Sequence[str], seen: Mapping[str, Seen]) -> Iterator[Sequence[object]]:
    """One row for each stock code: what the data says of it, and what is derived."""
    for sku in skus:
        told = seen[sku]
        title = commonest(told.titles) or commonest(told.remarks) or sku
        price = f"{median_low(told.pence) / 100:.2f}" if told.pence else ""
        if not is_goods(sku):
            yield (
                sku,
                title,
                "service",
                0,
                0,
                "virtual",
                price if VOUCHER.fullmatch(sku) else "",
                "",
                "",
            )
            continue
        words = words_of(title)
        category, lightest, heaviest = category_of(words)
        grams = lightest + draw("weight", sku, heaviest - lightest)
        traits = [trait for trait, known in TRAITS if words & set(known.split())]
        # Of one article in ten the supplier does not say when it delivers.
        restock = 5 + draw("restock", sku, 16) if draw("supplier", sku, 10) else ""
        volume = grams * (2 + draw("volume", sku, 6))
        yield sku, title, category, grams, volume, " ".join(traits), price, "", restock


def words_of(title: str) -> set[str]:
    """The words of a title in capitals, each also without the S of a plural."""
    words = re.findall("[A-Z]+", title.upper())
    return {*words, *(word.removesuffix("S") for word in words)}


def category_of(words: set[str]) -> tuple[str, int, int]:
    """Category and range of weights of an article, by the words of its title."""
    for category, lightest, heaviest, known in CATEGORIES:
        if words & set(known.split()):
            return category, lightest, heaviest
    return OTHER


def commonest(counted: Counter[str]) -> str | None:
    """The most frequent text; the first in the alphabet of several."""
    return min(counted, key=lambda text: (-counted[text], text), default=None)


def stock(rows: Sequence[Row]) -> Iterator[Sequence[object]]:
    """Opening stock, so that most orders can be filled from one warehouse, and some cannot.

    London keeps most of what the year sells, Manchester and Edinburgh less of it, Rotterdam what
    the continent buys. A few articles lie in Manchester alone, so that orders with them are
    split. Where a bulk order comes last in the year, most of it is missing.
    """
    for sku, sold in sorted(sales(rows).items()):
        total = sum(quantity for quantity, _ in sold)
        abroad = sum(quantity for quantity, country in sold if country in CONTINENT)
        place = draw("place", sku, 1000)
        short = missing(sold)
        if short:
            shares = {"LON": total - short}
        elif place < 10:
            shares = {"MAN": total + 2}
        else:
            shares = {
                "LON": total * 11 // 10 + 3,
                "MAN": total * 5 // 10 + 2 if place % 20 else 0,
                "EDI": total * 3 // 10 + 1 if place % 15 else 0,
                "RTM": abroad * 12 // 10 + 2 if abroad and place % 40 else 0,
            }
        for warehouse in ("LON", "MAN", "EDI", "RTM"):
            if shares.get(warehouse):
                yield warehouse, sku, shares[warehouse]


def sales(rows: Sequence[Row]) -> dict[str, list[tuple[int, str]]]:
    """Pieces and country of every line that is sold, by stock code, in the order of the data."""
    sold: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for row in rows:
        quantity = int(row["Quantity"])
        if 0 < quantity <= OUTLIER and float(row["UnitPrice"]) > 0 and is_goods(row["StockCode"]):
            sold[row["StockCode"]].append((quantity, row["Country"]))
    return sold


def missing(sold: Sequence[tuple[int, str]]) -> int:
    """Pieces that opening stock lacks: most of a bulk line that few others follow."""
    for after, (quantity, _) in enumerate(reversed(sold)):
        if quantity >= BULK:
            return quantity * 4 // 5 + sum(count for count, _ in sold[len(sold) - after :])
        if after == 2:
            break
    return 0


def packed(header: Sequence[str], table: Iterator[Sequence[object]]) -> bytes:
    """A table as gzipped CSV."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(table)
    return gzipped(text.getvalue().encode())


def gzipped(data: bytes) -> bytes:
    """Packed without name and time, so that the bytes depend on the content alone."""
    return gzip.compress(data, 9, mtime=0)


def read(source: Path) -> tuple[bytes, list[Row], dict[str, Seen]]:
    """The chosen lines as they stand in the data, the same as rows, and what all rows tell."""
    kept: list[bytes] = []
    rows: list[Row] = []
    seen: dict[str, Seen] = defaultdict(Seen)
    with gzip.open(source, "rb") as lines:
        head = next(lines)
        columns = head.decode().strip().split(",")
        for line in lines:
            row = dict(zip(columns, next(csv.reader([line.decode()])), strict=True))
            note(row, seen[row["StockCode"]])
            if chosen(row):
                kept.append(line)
                rows.append(row)
    return b"".join([head, *kept]), rows, seen


def note(row: Row, seen: Seen) -> None:
    """Count what a row tells of its stock code; only a sale tells a title and a price."""
    title, pence = row["Description"].strip(), round(float(row["UnitPrice"]) * 100)
    if int(row["Quantity"]) > 0 and pence > 0:
        seen.pence.append(pence)
        if title:
            seen.titles[title] += 1
    elif title:
        seen.remarks[title] += 1


def main(source: Path, folder: Path) -> None:
    """Make the three files in `folder` from the full data set."""
    raw, rows, seen = read(source)
    skus = sorted({row["StockCode"] for row in rows})
    (folder / "orders.csv.gz").write_bytes(gzipped(raw))
    (folder / "catalogue.csv.gz").write_bytes(packed(CATALOGUE, catalogue(skus, seen)))
    (folder / "stock.csv.gz").write_bytes(packed(STOCK, stock(rows)))
    print(
        f"{len({row['InvoiceNo'] for row in rows})} invoices, {len(rows)} lines, {len(skus)} codes"
    )


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) == 3 else Path(__file__).parent)

"""What an Olist order file says about its marketplace: sellers, products, and who had what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from ordinance.profile import Item, Profile, Warehouse
from ordinance.rules.kinds import Words
from ordinance_adapters.readers.derived import draw
from ordinance_adapters.readers.fault import ReadError, RowFault
from ordinance_adapters.readers.olist_record import OlistOrder, Piece, Seller, parse_order
from ordinance_adapters.textfile import Unreadable, numbered_lines

CODE_LENGTH = 12
"""Of a seller's id, how much names the warehouse as long as no other seller begins alike."""

TRAITS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("appliances", ("fragile",)),
    ("art", ("fragile",)),
    ("audio", ("fragile",)),
    ("computers", ("fragile",)),
    ("drinks", ("fragile", "liquid")),
    ("electronics", ("fragile",)),
    ("food", ("perishable",)),
    ("housewares", ("fragile",)),
    ("instruments", ("fragile",)),
    ("lights", ("fragile",)),
    ("perfumery", ("fragile", "liquid")),
    ("photo", ("fragile",)),
    ("tablets", ("fragile",)),
    ("telephony", ("fragile",)),
    ("underwear", ("hygiene",)),
)
"""A word of the category's name to what such goods usually are. Derived: Olist does not say."""

LONGEST_SIDE_CM = 100
LARGEST_SIDES_CM = 200
"""Beyond these (longest side, all three together) Brazil's parcel post takes no parcel."""

SURPLUS_ONE_IN = 4
SURPLUS_MOST = 3
"""One in so many of a seller's products has a few more pieces than were ever ordered."""

SURPLUS_SEED = 0
"""Fixed: the opening stock is the same in each run, whatever the run's own seed."""


def derive_profile(path: Path, base: Profile) -> Profile:
    """`base` with warehouses, catalogue and stock from the orders themselves.

    A seller stocks exactly the pieces that the file orders from it, some products a few more
    (drawn from the ids, the same in each run). Pieces of an order that turned out
    `unavailable` are not stocked, so that the shortage shows. What `base` says itself stays.
    Lines that cannot be read are left to the reader to report. Raises `ReadError`.
    """
    sellers: dict[str, Seller] = {}
    items: dict[str, Item] = {}
    demand: Counter[tuple[str, str]] = Counter()
    lacking: Counter[tuple[str, str]] = Counter()
    for order in _orders(path):
        for piece in order.items:
            key = (piece.seller.seller_id, piece.product_id)
            sellers.setdefault(piece.seller.seller_id, piece.seller)
            if piece.product_id not in items:
                items[piece.product_id] = _item(piece)
            (lacking if order.status == "unavailable" else demand)[key] += 1
    codes = _codes(sellers)
    warehouses = [_warehouse(codes[name], sellers[name]) for name in sorted(sellers)]
    stock = {
        (codes[seller], sku): wanted + (0 if (seller, sku) in lacking else _surplus(seller, sku))
        for (seller, sku), wanted in demand.items()
    }
    return replace(
        base,
        warehouses=(*base.warehouses, *warehouses),
        items={**items, **base.items},
        stock={**stock, **base.stock},
    )


def _orders(path: Path) -> Iterator[OlistOrder]:
    try:
        for _, line in numbered_lines(path):
            try:
                yield parse_order(line)
            except RowFault:
                continue
    except Unreadable as error:
        raise ReadError(f"{path}: {error}") from error


def _codes(sellers: Iterable[str]) -> dict[str, str]:
    """Warehouse codes: the beginning of the seller's id, or all of it where two begin alike."""
    names = list(sellers)
    beginnings = Counter(name[:CODE_LENGTH] for name in names)
    return {
        name: name[:CODE_LENGTH] if beginnings[name[:CODE_LENGTH]] == 1 else name for name in names
    }


def _warehouse(code: str, seller: Seller) -> Warehouse:
    place = ", ".join(part for part in (seller.city, seller.state) if part)
    return Warehouse(
        code=code,
        name=Words(f"卖家 {code} ({place})", f"seller {code} ({place})"),
        region=f"BR-{seller.state}",
        latitude=seller.lat,
        longitude=seller.lng,
    )


def _item(piece: Piece) -> Item:
    """The product as catalogue item; weight and size fall back on the catalogue's usual ones."""
    category = piece.category_en or piece.category_pt or "unknown"
    words = category.split("_")
    traits = {trait for word, found in TRAITS if word in words for trait in found}
    sides = [piece.length_cm or 0, piece.height_cm or 0, piece.width_cm or 0]
    if max(sides) > LONGEST_SIDE_CM or sum(sides) > LARGEST_SIDES_CM:
        traits.add("oversize")
    plain = Item(piece.product_id, f"{' '.join(words)} {piece.product_id[:8]}", category)
    return replace(
        plain,
        weight_grams=piece.weight_g or plain.weight_grams,
        volume_cm3=sides[0] * sides[1] * sides[2] or plain.volume_cm3,
        traits=frozenset(traits),
    )


def _surplus(seller: str, sku: str) -> int:
    name = f"{seller} {sku}"
    if draw(SURPLUS_SEED, "surplus", name, SURPLUS_ONE_IN):
        return 0
    return 1 + draw(SURPLUS_SEED, "surplus pieces", name, SURPLUS_MOST)

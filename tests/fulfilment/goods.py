"""Orders as records, and goods of every kind, to divide without a shop around them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from ordinance.fulfilment.splitters.chain import Pile, divide
from ordinance.fulfilment.splitters.limits import Limits
from ordinance.fulfilment.splitters.lot import Catalogue, lots_of
from ordinance.fulfilment.splitters.splitter import Splitter
from ordinance.orders.record import OrderRecord, Piece, RecordLine
from ordinance.profile import Item

ITEMS = {
    "TEA": Item("TEA", "tea", "tea", 100, 500),
    "CUP": Item("CUP", "cup", "ware", 400, 900),
    "ICE": Item("ICE", "ice tea", "drinks", 600, 800, frozenset({"cold_chain"})),
    "GAS": Item("GAS", "gas", "camping", 300, 400, frozenset({"dangerous"})),
    "COLDGAS": Item("COLDGAS", "g", "camping", 300, 400, frozenset({"dangerous", "cold_chain"})),
    "SOFA": Item("SOFA", "sofa", "home", 30_000, 900_000, frozenset({"ships_alone"})),
    "LAMP": Item("LAMP", "lamp", "home", 5_000, 90_000, frozenset({"oversize"})),
    "STONE": Item("STONE", "stone", "home", 4_000, 2_000),
    "CARD": Item("CARD", "postcard", "paper", 5, 10),
}


def line(no: int, sku: str, quantity: int = 1, amount: int = 10_00, **more: Any) -> RecordLine:
    """A goods line."""
    return RecordLine(no, sku, sku, "goods", quantity, amount, amount, **more)


def order(*lines: RecordLine, charges: dict[str, int] | None = None) -> OrderRecord:
    """An order of these lines, with freight, fees and tax."""
    held = {item.no: item for item in lines}
    for kind, amount in (charges or {}).items():
        no = len(held) + 1
        held[no] = RecordLine(no, kind, kind, kind, 1, amount, amount)
    return OrderRecord(
        "s", "o", "n", "web", "1", "CNY", "normal", datetime(2026, 3, 2, tzinfo=UTC), "p",
        lines=held, receivable=sum(item.amount for item in held.values()),
    )  # fmt: skip


def everything(record: OrderRecord) -> list[Piece]:
    """All units of all goods."""
    return [Piece(item.no, item.sku, item.quantity, 0) for item in record.goods]


def apart(rule: str, trait: str, *, hard: bool = False) -> Splitter:
    """Goods with a trait in a parcel of their own."""
    return Splitter(rule, "trait", trait, hard=hard)


def limit(rule: str, *, hard: bool = False, **most: int) -> Splitter:
    """Parcels up to a limit."""
    told = " ".join(f"{name}={number}" for name, number in most.items())
    return Splitter(rule, "limit", limits=Limits(**most), hard=hard, told=told)


def divided(
    record: OrderRecord, *chain: Splitter, most_grams: int | None = None
) -> list[tuple[dict[str, int], list[str]]]:
    """What a chain makes of an order: for each parcel pieces by sku, and the rules that split."""
    catalogue = Catalogue(record, ITEMS)
    piles = divide(lots_of(record, everything(record)), chain, catalogue, lambda _: most_grams)
    return [(by_sku(catalogue, pile), [reason.rule for reason in pile.apart]) for pile in piles]


def by_sku(catalogue: Catalogue, pile: Pile) -> dict[str, int]:
    """Pieces of a pile by sku."""
    found: dict[str, int] = {}
    for piece in catalogue.pieces(pile.lots):
        found[piece.sku] = found.get(piece.sku, 0) + piece.quantity
    return found


def contents(parts: Sequence[tuple[dict[str, int], list[str]]]) -> list[dict[str, int]]:
    """Only what is in the parcels."""
    return [inside for inside, _ in parts]

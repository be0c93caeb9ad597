"""`ordinance stock`: looking at stock; the commands that book it are in `stockbooking`."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import click

from ordinance.audit import codes
from ordinance.inventory import Movement, Reservation, StockLevel, token_of
from ordinance.ports import Storage
from ordinance_adapters.cli import stockbooking, stockexpecting, stockreconcile
from ordinance_adapters.cli.failure import Refused, nearest
from ordinance_adapters.cli.look import DB, JSON, LANG
from ordinance_adapters.cli.opening import StoredShop, existing


@click.group()
def stock() -> None:
    """Receive, count, move, set aside and show stock.

    Every command that books something is booked once per --key, and says who did it.
    """


for _command in (
    stockbooking.receive,
    stockbooking.adjust,
    stockbooking.transfer,
    stockbooking.arrive,
    stockbooking.lose,
    stockbooking.quarantine,
    stockbooking.clear,
    stockbooking.scrap,
    stockbooking.set_aside,
    stockbooking.safety,
    stockexpecting.expect,
    stockexpecting.expected,
    stockreconcile.reconcile,
):
    stock.add_command(_command)

HEADS = (
    ("sku", "商品"),
    ("warehouse", "仓库"),
    ("available", "可售"),
    ("on hand", "在库"),
    ("reserved", "已锁定"),
    ("set aside", "渠道预留"),
    ("safety", "安全库存"),
    ("quarantine", "待检"),
    ("in transit", "在途"),
)


@stock.command()
@click.argument("sku", required=False)
@click.option("--warehouse", help="Only this warehouse.")
@click.option("--channel", default="", help="What this channel may have, its own pool included.")
@click.option(
    "--movements",
    "last",
    type=click.IntRange(0, 10_000),
    default=10,
    show_default=True,
    help="How many of the last movements of SKU to show.",
)
@DB
@LANG
@JSON
def show(
    sku: str | None,
    warehouse: str | None,
    channel: str,
    last: int,
    db: str,
    lang: str,
    as_json: bool,
) -> None:
    """Show what lies where, and of SKU also who holds it and what moved it."""
    shop = existing(db)
    try:
        levels = _levels(shop, sku, warehouse, channel)
        detail = _detail(shop.storage, shop.shop, sku, warehouse, last) if sku else {}
        if as_json:
            told: dict[str, Any] = {"levels": [plain(level) for level in levels]}
            told.update({name: [_plain_row(row) for row in rows] for name, rows in detail.items()})
            click.echo(json.dumps(told, ensure_ascii=False, indent=2))
            return
        click.echo("\n".join(table([[head[lang == "zh"] for head in HEADS], *map(_row, levels)])))
        for line in _told(detail, shop, lang):
            click.echo(line)
    finally:
        shop.storage.close()


def _levels(
    shop: StoredShop, sku: str | None, warehouse: str | None, channel: str
) -> list[StockLevel]:
    everything = shop.storage.stock(shop.shop)
    skus = [sku] if sku is not None else sorted({level.sku for level in everything})
    with shop.storage.reading() as tx:
        found = tx.levels(shop.shop, skus, channel=channel)
    if sku is not None and not found:
        known = {level.sku for level in everything}
        raise Refused(f"no stock of `{sku}` was ever booked; {nearest(sku, sorted(known))}")
    places = sorted({level.warehouse for level in everything})
    if warehouse is not None and warehouse not in places:
        raise Refused(f"no stock in `{warehouse}`; {nearest(warehouse, places)}")
    return [level for level in found if warehouse in (None, level.warehouse)]


def plain(level: StockLevel) -> dict[str, Any]:
    """A counter for JSON."""
    return {**asdict(level), "available": level.available}


def _plain_row(row: Movement | Reservation | Any) -> dict[str, Any]:
    found = asdict(row)
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in found.items()
        if value not in (None, "")
    }


def _row(level: StockLevel) -> list[str]:
    counts = (
        level.available,
        level.on_hand,
        level.reserved,
        level.set_aside,
        level.safety,
        level.quarantine,
        level.in_transit,
    )
    return [level.sku, level.warehouse, *map(str, counts)]


def _detail(
    storage: Storage, shop: str, sku: str, warehouse: str | None, last: int
) -> dict[str, list[Any]]:
    """Who holds pieces of an article, and what moved it."""

    def ours(rows: Sequence[Any]) -> list[Any]:
        return [row for row in rows if row.sku == sku and warehouse in (None, row.warehouse)]

    places = [row.warehouse for row in ours(storage.stock(shop))]
    moves = [
        move for place in places for move in storage.last_movements(shop, place, sku, max(last, 1))
    ]
    moves.sort(key=lambda move: move.at)
    return {
        "reservations": ours(storage.all_reservations(shop)),
        "pools": ours(storage.pools(shop)),
        "transfers": ours(storage.transfers(shop)),
        "movements": moves[-last:] if last else [],
    }


def _told(detail: dict[str, list[Any]], shop: StoredShop, lang: str) -> list[str]:
    zh = lang == "zh"
    lines: list[str] = []
    for one in detail.get("reservations", ()):
        lines.append(f"{one.warehouse}  {_holder(one, shop, lang)}")
    for one in detail.get("pools", ()):
        lines.append(
            f"{one.warehouse}  渠道 {one.channel} 预留 {one.pieces}"
            if zh
            else f"{one.warehouse}  {one.pieces} set aside for {one.channel}"
        )
    for one in detail.get("transfers", ()):
        lines.append(
            f"{one.warehouse}  调拨 {one.transfer}: {one.pieces} 件自 {one.source} 在途"
            if zh
            else f"{one.warehouse}  transfer {one.transfer}: {one.pieces} on their way "
            f"from {one.source}"
        )
    if lines:
        lines.insert(0, "")
    moves = detail.get("movements", ())
    if moves:
        lines += ["", *table([_moved(move, shop, lang) for move in moves])]
    return lines


def _holder(one: Reservation, shop: StoredShop, lang: str) -> str:
    token, zh = token_of(one.holder), lang == "zh"
    if token is None:
        found = shop.storage.find(shop.shop, one.holder)
        number = found.number if found else one.holder
        return f"订单 {number} 锁定 {one.pieces}" if zh else f"{one.pieces} for order {number}"
    if one.expires_at is None:
        return f"结账 {token} 锁定 {one.pieces}" if zh else f"{one.pieces} for checkout {token}"
    until = one.expires_at.astimezone(shop.zone).isoformat(sep=" ", timespec="minutes")[:16]
    return (
        f"结账 {token} 锁定 {one.pieces}, 至 {until}"
        if zh
        else f"{one.pieces} for checkout {token}, until {until}"
    )


def _moved(move: Movement, shop: StoredShop, lang: str) -> list[str]:
    when = move.at.astimezone(shop.zone).isoformat(sep=" ", timespec="minutes")[:16]
    word = codes.word(move.kind.value, codes.MOVEMENTS, "zh") if lang == "zh" else move.kind.value
    return [when, move.warehouse, word, f"{move.quantity:+d}", move.actor, move.cause, move.note]


def table(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows in columns, numbers to the right; a Chinese character is two columns wide."""
    widths = [max(_width(row[no]) for row in rows) for no in range(len(rows[0]))]
    number = [all(row[no].lstrip("+-").isdigit() for row in rows[1:]) for no in range(len(rows[0]))]
    return [
        "  ".join(
            (" " * (width - _width(cell)) + cell) if right else cell + " " * (width - _width(cell))
            for cell, width, right in zip(row, widths, number, strict=True)
        ).rstrip()
        for row in rows
    ]


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)

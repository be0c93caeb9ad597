"""`ordinance stock receive | adjust | transfer ...`: what people do to stock outside of orders."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from functools import partial, wraps
from typing import Any

import click

from ordinance.inventory import MovementKind, OutOfStock, StockLevel
from ordinance.ports import KeyReused
from ordinance.stock.purchasing import WrongPurchase
from ordinance.stock.stockroom import Booked, NothingOnItsWay, Slip, Stockroom
from ordinance_adapters.cli.failure import Refused, nearest
from ordinance_adapters.cli.look import DB, JSON, LANG
from ordinance_adapters.cli.opening import StoredShop, existing
from ordinance_adapters.clock import SystemClock

BY = click.option("--by", required=True, help="Who does it.")
KEY = click.option(
    "--key", help="What it is booked under, once; default: a new one, which is told."
)
NOTE = click.option("--note", default="", help="Why; it stays in the ledger.")
REASON = click.option("--note", required=True, help="Why; it stays in the ledger.")
NEW = click.option("--new", is_flag=True, help="It is a new warehouse, or a new article in it.")
DAY = click.DateTime(formats=["%Y-%m-%d"])
PIECES = click.IntRange(1, 1_000_000_000)


class Desk:
    """The stockroom of a store, and how to speak with whoever stands before it."""

    def __init__(self, shop: StoredShop, by: str, key: str | None, note: str, lang: str) -> None:
        if not by.strip() or (key is not None and not key.strip()):
            raise Refused("--by and --key cannot be empty")
        self.shop = shop
        self.room = Stockroom(shop.storage, shop.shop)
        self.given = key is not None
        self.slip = Slip(key or f"S-{secrets.token_hex(5)}", SystemClock().now(), by, note)
        self.lang = lang

    def say(self, zh: str, en: str) -> str:
        """The one of two sentences that is asked for."""
        return zh if self.lang == "zh" else en

    def demand_known(self, warehouse: str, sku: str | None = None) -> None:
        """Raise `Refused` for a name that nothing was ever booked under."""
        levels = self.shop.storage.stock(self.shop.shop)
        places = sorted({level.warehouse for level in levels})
        if warehouse not in places:
            raise Refused(
                self.say(
                    f"仓库 `{warehouse}` 从未记账; 现有 {', '.join(places)}; 新仓请加 --new",
                    f"nothing was ever booked in `{warehouse}`; "
                    f"{nearest(warehouse, places)}; give --new where it is a new warehouse",
                )
            )
        skus = sorted({level.sku for level in levels})
        if sku is not None and sku not in skus:
            raise Refused(
                self.say(
                    f"商品 `{sku}` 从未记账; 新商品请加 --new",
                    f"nothing was ever booked of `{sku}`; "
                    f"{nearest(sku, skus)}; give --new where it is a new article",
                )
            )


def _run(desk: Desk, do: Callable[[Desk], Booked], as_json: bool) -> None:
    """Do one command in the stockroom and tell what came of it."""
    try:
        booked = do(desk)
    except OutOfStock as short:
        raise Refused("\n".join(_short(desk, short))) from None
    except KeyReused:
        key = desk.slip.key
        raise Refused(
            desk.say(
                f"编号 `{key}` 已用于其他内容; 请换新编号",
                f"key `{key}` was used before with another content; use a new key",
            )
        ) from None
    except NothingOnItsWay as error:
        raise Refused(_nothing(desk, error)) from None
    except WrongPurchase as error:
        raise Refused(desk.say("没有这张采购单", str(error))) from None
    except ValueError as error:
        raise Refused(str(error)) from None
    _tell(desk, booked, as_json)


def _books(do: Callable[..., Booked], note: Callable[[Any], Any] = NOTE) -> Callable[..., None]:
    """A command that books something: its options, and a desk to do it at."""

    @wraps(do)
    def command(
        *,
        by: str,
        key: str | None,
        note: str,
        db: str,
        lang: str,
        as_json: bool,
        **arguments: object,
    ) -> None:
        shop = existing(db)
        try:
            _run(Desk(shop, by, key, note, lang), lambda desk: do(desk, **arguments), as_json)
        finally:
            shop.storage.close()

    made: Callable[..., None] = command
    for option in (JSON, LANG, DB, KEY, BY, note):
        made = option(made)
    return made


_books_with_reason = partial(_books, note=REASON)


def _nothing(desk: Desk, error: Exception) -> str:
    open_ones = sorted({way.transfer for way in desk.shop.storage.transfers(desk.shop.shop)})
    names = ", ".join(open_ones)
    return desk.say(
        f"没有在途的调拨; 在途: {names or '无'}", f"{error}; on their way: {names or 'none'}"
    )


_NEEDS = {
    MovementKind.ADJUSTED: (
        "其余已锁定或已预留: 请先释放或改仓",
        "the rest is reserved or set aside: release it, or source it elsewhere, first",
    ),
}


def _short(desk: Desk, short: OutOfStock) -> list[str]:
    lines = []
    for lack in short.lacks:
        zh, en = _NEEDS.get(lack.kind, ("", ""))
        lines.append(
            desk.say(
                f"{lack.warehouse} 的 `{lack.sku}` 只有 {lack.available} 件可用, 需要 "
                f"{lack.wanted} 件{'; ' + zh if zh else ''}",
                f"{lack.available} of `{lack.sku}` can be had in {lack.warehouse}, "
                f"{lack.wanted} were wanted{'; ' + en if en else ''}",
            )
        )
    return [*lines, desk.say("未记账", "nothing was booked")]


def _tell(desk: Desk, booked: Booked, as_json: bool) -> None:
    if as_json:
        told = {
            "key": desk.slip.key,
            "repeated": booked.repeated,
            "levels": [{**asdict(one), "available": one.available} for one in booked.levels],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    if booked.repeated:
        click.echo(
            desk.say(
                f"`{desk.slip.key}` 之前已记账, 本次未变动",
                f"`{desk.slip.key}` was booked before; nothing changed this time",
            )
        )
        return
    for level in booked.levels:
        click.echo(_counts(desk, level))
    if not booked.levels:
        click.echo(desk.say("与账面一致, 无需变动", "the books say so already"))
    if not desk.given:
        click.echo(
            desk.say(
                f"编号 `{desk.slip.key}`: 重复执行请用 --key {desk.slip.key}",
                f"key `{desk.slip.key}`: give --key {desk.slip.key} to repeat it safely",
            )
        )


def _counts(desk: Desk, level: StockLevel) -> str:
    counts = [
        ("可售", "available", level.available),
        ("在库", "on hand", level.on_hand),
        ("已锁定", "reserved", level.reserved),
        ("渠道预留", "set aside", level.set_aside),
        ("安全库存", "safety", level.safety),
        ("待检", "quarantine", level.quarantine),
        ("在途", "in transit", level.in_transit),
    ]
    told = ", ".join(
        desk.say(f"{zh} {count}", f"{count} {en}")
        for zh, en, count in counts
        if count or en in ("available", "on hand")
    )
    return f"{level.sku}  {level.warehouse}  {told}"


@click.command()
@click.argument("warehouse")
@click.argument("sku")
@click.argument("pieces", type=PIECES)
@click.option("--purchase", help="The purchase order that they came for.")
@NEW
@click.option("--expires", type=DAY, help="The last day they may be sold, as 2026-12-31.")
@_books
def receive(
    desk: Desk,
    warehouse: str,
    sku: str,
    pieces: int,
    purchase: str | None,
    new: bool,
    expires: datetime | None,
) -> Booked:
    """PIECES of SKU came into WAREHOUSE; --key is the number of the delivery."""
    if not new:
        desk.demand_known(warehouse, sku)
    day = None if expires is None else expires.date()
    return desk.room.receive(warehouse, sku, pieces, desk.slip, purchase=purchase, expires=day)


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("warehouse")
@click.argument("sku")
@click.argument("pieces", type=int, required=False)
@click.option("--found", type=click.IntRange(0, 1_000_000_000), help="What a count found instead.")
@_books_with_reason
def adjust(
    desk: Desk,
    warehouse: str,
    sku: str,
    pieces: int | None,
    found: int | None,
) -> Booked:
    """Put SKU in WAREHOUSE right by PIECES (as 3 or -3), or to what a count --found.

    Pieces that are reserved or set aside cannot be taken away.
    """
    if (pieces is None) == (found is None) or pieces == 0:
        raise Refused(
            desk.say(
                "请给出增减数量 (如 -3), 或用 --found 给出盘点数",
                "give either PIECES, as -3, or what a count --found",
            )
        )
    desk.demand_known(warehouse, sku)
    if found is not None:
        return desk.room.count(warehouse, sku, found, desk.slip)
    return desk.room.adjust(warehouse, sku, pieces or 0, desk.slip)


@click.command()
@click.argument("source")
@click.argument("target")
@click.argument("sku")
@click.argument("pieces", type=PIECES)
@NEW
@_books
def transfer(
    desk: Desk,
    source: str,
    target: str,
    sku: str,
    pieces: int,
    new: bool,
) -> Booked:
    """Send PIECES of SKU from SOURCE to TARGET; --key is the number of the transfer.

    They are in transit until `stock arrive` or `stock lose` ends the transfer.
    """
    if source == target:
        raise Refused(desk.say("调出仓与调入仓相同", f"{source} cannot send to itself"))
    desk.demand_known(source, sku)
    if not new:
        desk.demand_known(target)
    return desk.room.send(source, target, sku, pieces, desk.slip)


@click.command()
@click.argument("transfer")
@click.option("--pieces", type=PIECES, help="So many; default: all that is on its way.")
@_books
def arrive(
    desk: Desk,
    transfer: str,
    pieces: int | None,
) -> Booked:
    """What was sent with TRANSFER came in."""
    return desk.room.arrive(transfer, desk.slip, pieces=pieces)


@click.command()
@click.argument("transfer")
@click.option("--pieces", type=PIECES, help="So many; default: all that is on its way.")
@_books_with_reason
def lose(
    desk: Desk,
    transfer: str,
    pieces: int | None,
) -> Booked:
    """What was sent with TRANSFER will never come in."""
    return desk.room.lose(transfer, desk.slip, pieces=pieces)


@click.command()
@click.argument("warehouse")
@click.argument("sku")
@click.argument("pieces", type=PIECES)
@_books_with_reason
def quarantine(
    desk: Desk,
    warehouse: str,
    sku: str,
    pieces: int,
) -> Booked:
    """Take PIECES of SKU off the shelf of WAREHOUSE into quarantine."""
    return desk.room.withdraw(warehouse, sku, pieces, desk.slip)


@click.command()
@click.argument("warehouse")
@click.argument("sku")
@click.argument("pieces", type=PIECES)
@_books
def clear(
    desk: Desk,
    warehouse: str,
    sku: str,
    pieces: int,
) -> Booked:
    """Put PIECES of SKU in WAREHOUSE out of quarantine back on the shelf."""
    return desk.room.clear(warehouse, sku, pieces, desk.slip)


@click.command()
@click.argument("warehouse")
@click.argument("sku")
@click.argument("pieces", type=PIECES)
@_books_with_reason
def scrap(
    desk: Desk,
    warehouse: str,
    sku: str,
    pieces: int,
) -> Booked:
    """Throw PIECES of SKU away that are in quarantine in WAREHOUSE."""
    return desk.room.scrap(warehouse, sku, pieces, desk.slip)


@click.command("set-aside", context_settings={"ignore_unknown_options": True})
@click.argument("warehouse")
@click.argument("sku")
@click.argument("pieces", type=int)
@click.argument("channel")
@_books
def set_aside(
    desk: Desk,
    warehouse: str,
    sku: str,
    pieces: int,
    channel: str,
) -> Booked:
    """Keep PIECES of SKU in WAREHOUSE for CHANNEL alone; -3 gives three back to all channels."""
    if pieces == 0 or not channel.strip():
        raise Refused(desk.say("请给出数量与渠道", "give a number of pieces and a channel"))
    desk.demand_known(warehouse, sku)
    return desk.room.set_aside(warehouse, sku, pieces, channel, desk.slip)


@click.command()
@click.argument("warehouse")
@click.argument("sku")
@click.argument("pieces", type=click.IntRange(0, 1_000_000_000))
@NEW
@_books
def safety(
    desk: Desk,
    warehouse: str,
    sku: str,
    pieces: int,
    new: bool,
) -> Booked:
    """Hold PIECES of SKU in WAREHOUSE back from new promises; 0 holds none back.

    What is promised already stays promised.
    """
    if not new:
        desk.demand_known(warehouse, sku)
    return desk.room.hold_back(warehouse, sku, pieces, desk.slip)

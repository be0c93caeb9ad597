"""The desk of the stockroom: what every command that books stock takes, and what it says back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from dataclasses import asdict
from functools import partial, wraps
from typing import Any

import click

from ordinance.inventory import MovementKind, OutOfStock, StockLevel, level_at
from ordinance.ports import KeyReused
from ordinance.stock.purchasing import WrongPurchase
from ordinance.stock.stockroom import Booked, NothingOnItsWay, Slip, Stockroom
from ordinance_adapters.cli.failure import Refused, nearest
from ordinance_adapters.cli.look import DB, JSON, LANG
from ordinance_adapters.cli.opening import StoredShop, existing

RECEIVE = "`ordinance stock receive --new`"
"""Where a new warehouse or article begins, for commands that begin none themselves."""
NEW = click.option("--new", is_flag=True, help="It is a new warehouse, or a new article in it.")

BY = click.option("--by", required=True, help="Who does it.")
KEY = click.option(
    "--key", help="What it is booked under, once; default: a new one, which is told."
)
NOTE = click.option("--note", default="", help="Why; it stays in the ledger.")
REASON = click.option("--note", required=True, help="Why; it stays in the ledger.")


class Desk:
    """The stockroom of a store, and how to speak with whoever stands before it."""

    def __init__(self, shop: StoredShop, by: str, key: str | None, note: str, lang: str) -> None:
        if not by.strip() or (key is not None and not key.strip()):
            raise Refused("--by and --key cannot be empty")
        self.shop = shop
        self.room = Stockroom(shop.storage, shop.shop)
        self.given = key is not None
        self.slip = Slip(key or f"S-{secrets.token_hex(5)}", shop.clock.now(), by, note)
        self.lang = lang

    def say(self, zh: str, en: str) -> str:
        """The one of two sentences that is asked for."""
        return zh if self.lang == "zh" else en

    def demand_known(self, warehouse: str, sku: str | None = None, *, new: str = "--new") -> None:
        """Raise `Refused` for a name that nothing was ever booked under."""
        demand_known(self.shop, warehouse, sku, lang=self.lang, new=new)


def demand_known(
    shop: StoredShop, warehouse: str, sku: str | None = None, *, lang: str, new: str = "--new"
) -> None:
    """Raise `Refused` for a name that nothing was ever booked under.

    `new` is what is given where it is no slip of the pen, but something new.
    """
    levels = shop.storage.stock(shop.shop)
    names = (
        ("仓库", "in", "warehouse", warehouse, sorted({level.warehouse for level in levels})),
        ("商品", "of", "article", sku, sorted({level.sku for level in levels})),
    )
    for zh, there, what, name, known in names:
        if name is None or name in known:
            continue
        raise Refused(
            f"{zh} `{name}` 从未记账; 现有 {', '.join(known[:12])}; 新{zh}请用 {new}"
            if lang == "zh"
            else f"nothing was ever booked {there} `{name}`; {nearest(name, known)}; "
            f"use {new} where it is a new {what}"
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


def books(do: Callable[..., Booked], note: Callable[[Any], Any] = NOTE) -> Callable[..., None]:
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
        shop = existing(db, writes=True)
        try:
            _run(Desk(shop, by, key, note, lang), lambda desk: do(desk, **arguments), as_json)
        finally:
            shop.storage.close()

    made: Callable[..., None] = command
    for option in (JSON, LANG, DB, KEY, BY, note):
        made = option(made)
    return made


books_with_reason = partial(books, note=REASON)
"""The same, for a command that needs a reason."""


def _nothing(desk: Desk, error: Exception) -> str:
    open_ones = sorted({way.transfer for way in desk.shop.storage.transfers(desk.shop.shop)})
    names = ", ".join(open_ones)
    return desk.say(
        f"没有在途的调拨; 在途: {names or '无'}", f"{error}; on their way: {names or 'none'}"
    )


_OFF_SHELF = (MovementKind.ADJUSTED, MovementKind.WITHDRAWN, MovementKind.TRANSFERRED_OUT)
"""What is refused when the shelf has too few pieces that nobody was promised."""


def _short(desk: Desk, short: OutOfStock) -> list[str]:
    levels = desk.shop.storage.stock(desk.shop.shop)
    lines = []
    for lack in short.lacks:
        zh, en = "", ""
        if lack.kind in _OFF_SHELF:
            zh, en = _way_out(level_at(levels, lack.warehouse or "", lack.sku))
        lines.append(
            desk.say(
                f"{lack.warehouse} 的 `{lack.sku}` 只有 {lack.available} 件可用, 需要 "
                f"{lack.wanted} 件{zh}",
                f"{lack.available} of `{lack.sku}` can be had in {lack.warehouse}, "
                f"{lack.wanted} were wanted{en}",
            )
        )
    return [*lines, desk.say("未记账", "nothing was booked")]


def _way_out(level: StockLevel) -> tuple[str, str]:
    """What to do about a shelf that has too few pieces, in Chinese and English."""
    if level.on_hand > level.unbound:
        return (
            "; 其余已锁定或已预留: 请先释放或改仓",
            "; the rest is reserved or set aside: release it, or source it elsewhere, first",
        )
    return (
        "; 账面没有更多: 多出的请先入库或盘点",
        "; the books have no more: receive or count what else is there first",
    )


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

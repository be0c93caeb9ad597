"""`ordinance stock expect | expected`: what suppliers are to bring."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict
from datetime import datetime

import click

from ordinance.ports import KeyReused, PurchaseOrder
from ordinance.stock import purchasing
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.look import DB, JSON, LANG
from ordinance_adapters.cli.opening import existing
from ordinance_adapters.cli.stockdesk import NEW, demand_known


@click.command()
@click.argument("number")
@click.argument("warehouse")
@click.argument("sku")
@click.argument("pieces", type=click.IntRange(0, 1_000_000_000))
@click.option("--supplier", default="", help="Who brings it.")
@click.option(
    "--on", "day", type=click.DateTime(["%Y-%m-%d"]), help="The day it is to come, as 2026-10-12."
)
@click.option("--key", help="What it is recorded under, once; default: a new one.")
@NEW
@DB
@LANG
@JSON
def expect(
    number: str,
    warehouse: str,
    sku: str,
    pieces: int,
    supplier: str,
    day: datetime | None,
    key: str | None,
    new: bool,
    db: str,
    lang: str,
    as_json: bool,
) -> None:
    """Purchase order NUMBER is to bring PIECES of SKU to WAREHOUSE.

    Given again it is changed; with no more pieces than came in it is closed. What comes is booked
    with `ordinance stock receive --purchase NUMBER`.
    """
    shop = existing(db, writes=True)
    expected = None if day is None else day.date()
    try:
        if not new:
            demand_known(shop, warehouse, sku, lang=lang)
        order = purchasing.expect(
            shop.storage,
            shop.shop,
            number,
            warehouse,
            sku,
            pieces,
            key=key or f"S-{secrets.token_hex(5)}",
            at=shop.clock.now(),
            supplier=supplier,
            expected=expected,
        )
    except KeyReused:
        raise Refused(
            f"编号 `{key}` 已用于其他内容; 请换新编号"
            if lang == "zh"
            else f"key `{key}` was used before with another content; use a new key"
        ) from None
    finally:
        shop.storage.close()
    click.echo(
        json.dumps(_plain(order), ensure_ascii=False, indent=2) if as_json else _row(order, lang)
    )


@click.command()
@click.argument("sku", required=False)
@DB
@LANG
@JSON
def expected(sku: str | None, db: str, lang: str, as_json: bool) -> None:
    """List what is still to come, all of it or of SKU."""
    shop = existing(db)
    try:
        orders = [
            order
            for order in shop.storage.purchases(shop.shop)
            if order.open and sku in (None, order.sku)
        ]
    finally:
        shop.storage.close()
    if as_json:
        click.echo(json.dumps([_plain(order) for order in orders], ensure_ascii=False, indent=2))
        return
    for order in orders:
        click.echo(_row(order, lang))
    if not orders:
        click.echo("没有在途采购" if lang == "zh" else "nothing is on order")


def _plain(order: PurchaseOrder) -> dict[str, object]:
    day = None if order.expected is None else order.expected.isoformat()
    return {**asdict(order), "expected": day, "open": order.open}


def _row(order: PurchaseOrder, lang: str) -> str:
    day = (
        order.expected.isoformat() if order.expected else ("日期不明" if lang == "zh" else "no day")
    )
    told = (
        f"待到 {order.open}, 已到 {order.received}"
        if lang == "zh"
        else f"{order.open} to come, {order.received} received"
    )
    parts = (order.number, order.sku, order.warehouse, day, told, order.supplier)
    return "  ".join(part for part in parts if part)

"""`ordinance person`: whose orders these are, and erasing whoever asks for it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import click

from ordinance.orders import persons
from ordinance.orders.masking import masked
from ordinance.orders.states import STATUS_WORDS
from ordinance.ports import StoredOrder
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.look import DB, JSON, LANG, find
from ordinance_adapters.cli.opening import StoredShop, existing

PHONE = click.option("--phone", help="The phone of the buyer or the receiver, however written.")
MAIL = click.option("--mail", help="The buyer's mail.")


@click.group()
def person() -> None:
    """Find the orders of a person, and erase a person.

    Personal data is sealed under a key per person and masked wherever it is shown; `ordinance show
    ORDER --unmask` tells it to those who say who they are and why.
    """


@person.command(name="find")
@PHONE
@MAIL
@DB
@LANG
@JSON
def find_(phone: str | None, mail: str | None, db: str, lang: str, as_json: bool) -> None:
    """List the orders of whoever has this --phone or this --mail, masked."""
    shop = existing(db)
    try:
        orders = _found(shop, phone, mail)
        rows = [_row(shop, order) for order in orders]
    finally:
        shop.storage.close()
    if as_json:
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    if not rows:
        click.echo("没有订单" if lang == "zh" else "no orders")
    for row in rows:
        words = STATUS_WORDS[row["status"]][lang == "en"]
        who = " ".join(row["person"].values()) if row["person"] else _gone(lang)
        click.echo(f"{row['number']}  {row['placed_at'][:16]}  {words}  {who}")


@person.command()
@PHONE
@MAIL
@click.option("--order", "names", multiple=True, help="One order alone; may be given again.")
@click.option("--again", is_flag=True, help="Whoever came back with an older backup.")
@click.option("--by", required=True, help="Who does it.")
@click.option("--reason", default="", help="Why, as it stands in the history of the order.")
@click.option("--force", is_flag=True, help="Even orders that still need their person.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@DB
@LANG
@JSON
def erase(
    phone: str | None,
    mail: str | None,
    names: tuple[str, ...],
    again: bool,
    by: str,
    reason: str,
    force: bool,
    yes: bool,
    db: str,
    lang: str,
    as_json: bool,
) -> None:
    """Destroy the keys of a person's orders, for ever; the orders, their sums and history stay.

    Refused while an order is not finished, has an after-sale case open or money on its way back,
    unless --force.
    """
    if again and (phone or mail or names):
        raise Refused("--again names nobody: it erases whoever was erased before")
    if not again and not (phone or mail or names):
        raise Refused("say who: --phone, --mail or --order")
    if not again and not reason.strip():
        raise Refused("say why, with --reason")
    shop = existing(db, writes=True)
    now = shop.clock.now()
    try:
        if again:
            done = persons.erase_again(shop.storage, shop.shop, by=by, now=now)
        else:
            orders = [find(shop, name) for name in names]
            orders += [] if names and not (phone or mail) else _found(shop, phone, mail)
            orders = list({order.id: order for order in orders}.values())
            if not orders:
                raise Refused(
                    "没有找到订单" if lang == "zh" else "no order was found; nobody was erased"
                )
            if not yes:
                _ask(orders, lang)
            done = persons.erase(shop.storage, orders, by=by, reason=reason, now=now, forced=force)
    except persons.NotErased as error:
        raise Refused(f"{error}; nobody was erased (--force erases even so)") from None
    except ValueError as error:
        raise Refused(f"{error}; nobody was erased") from None
    finally:
        shop.storage.close()
    if as_json:
        told = [{"number": one.number, "erased": one.erased} for one in done]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    for one in done:
        click.echo(f"{one.number}  {_word(one.erased, lang)}")
    if not done:
        click.echo("没有需要再次删除的" if lang == "zh" else "nobody came back")


def _word(erased: bool, lang: str) -> str:
    if lang == "zh":
        return "个人信息已删除" if erased else "此前已删除"
    return "person erased" if erased else "erased before"


def _gone(lang: str) -> str:
    return "(已删除)" if lang == "zh" else "(erased)"


def _ask(orders: Sequence[StoredOrder], lang: str) -> None:
    numbers = ", ".join(order.number for order in orders)
    question = (
        f"将永久删除 {len(orders)} 个订单 ({numbers}) 的个人信息, 继续吗?"
        if lang == "zh"
        else f"erase the person of {len(orders)} orders ({numbers}), for ever?"
    )
    click.confirm(question, abort=True, err=True)


def _found(shop: StoredShop, phone: str | None, mail: str | None) -> list[StoredOrder]:
    try:
        return persons.orders_of(shop.storage, shop.shop, phone=phone, mail=mail)
    except persons.NobodyFound as error:
        raise Refused(str(error)) from None


def _row(shop: StoredShop, order: StoredOrder) -> dict[str, Any]:
    known = persons.person_in(shop.storage, order)
    return {
        "number": order.number,
        "source_id": order.source_id,
        "id": order.id,
        "status": order.status,
        "placed_at": order.placed_at.astimezone(shop.zone).isoformat(),
        "person": None if known is None else masked(known),
    }

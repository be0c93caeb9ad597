"""`ordinance effects`: what was asked for outside, what came of it, and what a person decides."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click

from ordinance.audit import codes
from ordinance.ports import EffectState, StoredEffect
from ordinance.shop.effects import NOT_DONE, UnknownEffect
from ordinance_adapters.cli.counter import RULES, SHOP, Counter, opened
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.look import DB, JSON, LANG
from ordinance_adapters.cli.opening import StoredShop, existing
from ordinance_adapters.cli.stock import table

BY = click.option("--by", required=True, help="Who decides it; it stays in the order's history.")

HEADS = (
    ("state", "状态"),
    ("order", "订单"),
    ("kind", "类别"),
    ("failures", "失败次数"),
    ("next try", "下次"),
    ("effect", "编号"),
)


@click.group()
def effects() -> None:
    """Show what was asked for outside; decide about what was given up or is unknown."""


@effects.command("list")
@click.option(
    "--state",
    "states",
    multiple=True,
    type=click.Choice([state.value for state in EffectState]),
    help="Only this state; may be given again. Default: all that are not done.",
)
@click.option("--order", help="Only those of this order: its number, source id or id.")
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=50, show_default=True)
@DB
@LANG
@JSON
def list_(
    states: tuple[str, ...], order: str | None, limit: int, db: str, lang: str, as_json: bool
) -> None:
    """List effects, the oldest first, each with the failure that it met last."""
    shop = existing(db)
    try:
        wanted = [EffectState(state) for state in states] or NOT_DONE
        chosen = None if order is None else _order(shop, order)
        found = shop.storage.effects(shop.shop, wanted, order_id=chosen, limit=limit)
        if as_json:
            plain = [_plain(stored, shop) for stored in found]
            click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        elif not found:
            click.echo("没有这样的动作" if lang == "zh" else "no such effects")
        else:
            lines = table([[head[lang == "zh"] for head in HEADS], *_rows(found, shop, lang)])
            click.echo(lines[0])
            for line, stored in zip(lines[1:], found, strict=True):
                click.echo(line)
                if stored.error is not None:
                    click.echo(f"  {stored.error}")
    finally:
        shop.storage.close()


@effects.command()
@click.argument("effect")
@DB
@LANG
@JSON
def show(effect: str, db: str, lang: str, as_json: bool) -> None:
    """Show EFFECT, by its key, with everything that is sent."""
    shop = existing(db)
    try:
        with shop.storage.reading() as tx:
            stored = tx.effect(shop.shop, effect)
        if stored is None:
            raise UnknownEffect(f"no effect has the key `{effect}`; see `ordinance effects list`")
        plain = _plain(stored, shop)
        if as_json:
            click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
            return
        plain["state"] = _word(stored.state, lang)
        plain["payload"] = json.dumps(plain["payload"], ensure_ascii=False)
        words = {name: zh if lang == "zh" else en for name, (en, zh) in FIELDS.items()}
        rows = [[words[name], str(value)] for name, value in plain.items() if value is not None]
        click.echo("\n".join(f"{name}: {value}" for name, value in rows))
    finally:
        shop.storage.close()


@effects.command()
@click.argument("effect")
@BY
@SHOP
@RULES
@DB
@LANG
@JSON
def retry(effect: str, by: str, **where: Any) -> None:
    """Have EFFECT tried again, which was given up or is of unknown outcome.

    It keeps its key, so that whoever did it already does not do it twice. For one of unknown
    outcome, find out first: this says that it did not happen.
    """
    with opened(by=by, key=None, **where) as at:
        receipt = at.shop.redrive(effect, by=by)
        _tell(at, effect, receipt.repeated)


@effects.command()
@click.argument("effect")
@click.option(
    "--result", required=True, help="What the other side answered: its refund or waybill number."
)
@BY
@SHOP
@RULES
@DB
@LANG
@JSON
def settle(effect: str, result: str, by: str, **where: Any) -> None:
    """Say that EFFECT did happen, with its RESULT; its order goes on and nothing is sent."""
    if not result.strip():
        raise Refused("--result cannot be empty")
    with opened(by=by, key=None, **where) as at:
        receipt = at.shop.settle_effect(effect, result.strip(), by=by)
        _tell(at, effect, receipt.repeated)


def _tell(at: Counter, effect: str, repeated: bool) -> None:
    stored = at.shop.effect(effect)
    number = at.shop.stored(stored.effect.order_id).number
    plain = {"effect": effect, "state": stored.state.value, "repeated": repeated}
    at.say(plain, [f"{_word(stored.state, at.lang)}  {number}  {stored.effect.kind}  {effect}"])


def _order(shop: StoredShop, name: str) -> str:
    found = shop.storage.find(shop.shop, name)
    if found is None:
        raise Refused(f"no order `{name}`: give its number, its source id or its id")
    return found.id


def _rows(found: Any, shop: StoredShop, lang: str) -> list[list[str]]:
    return [
        [
            _word(stored.state, lang),
            _number(stored, shop),
            stored.effect.kind,
            str(stored.attempts),
            _local(stored.next_try, shop) or "-",
            stored.effect.key,
        ]
        for stored in found
    ]


FIELDS = {
    "effect": ("effect", "编号"),
    "order": ("order", "订单"),
    "kind": ("kind", "类别"),
    "state": ("state", "状态"),
    "attempts": ("failures", "失败次数"),
    "redriven": ("redriven", "人工重试"),
    "created": ("created", "创建"),
    "next_try": ("next try", "下次"),
    "tried_at": ("last try", "上次"),
    "error": ("failure", "失败原因"),
    "result": ("answer", "结果"),
    "done_at": ("done", "完成"),
    "payload": ("sent", "内容"),
}
"""What `effects show` tells, in English and Chinese."""


def _plain(stored: StoredEffect, shop: StoredShop) -> dict[str, Any]:
    effect = stored.effect
    found = {**asdict(stored), "payload": json.loads(effect.payload), "kind": effect.kind}
    found |= {"effect": effect.key, "order": _number(stored, shop), "created": effect.created}
    return {
        name: _local(found[name], shop) if isinstance(found[name], datetime) else found[name]
        for name in FIELDS
    }


def _number(stored: StoredEffect, shop: StoredShop) -> str:
    found = shop.storage.find(shop.shop, stored.effect.order_id)
    return found.number if found else stored.effect.order_id


def _local(at: datetime | None, shop: StoredShop) -> str | None:
    return at.astimezone(shop.zone).isoformat(" ", "seconds") if at is not None else None


def _word(state: EffectState, lang: str) -> str:
    return codes.word(state.value, codes.EFFECT_STATES, lang)

"""`ordinance show`, `explain`, `orders`, `doctor`: looking at what is stored."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

import click

from ordinance.audit import codes, lineage, timeline, why
from ordinance.orders import persons
from ordinance.orders.change import decode
from ordinance.orders.masking import hide_buyer, masked
from ordinance.orders.money import digits_of, major_units
from ordinance.orders.states import STATUS_WORDS
from ordinance.ports import StoredOrder
from ordinance.rules.kinds import Words
from ordinance.several import UnknownOrder
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.opening import StoredShop, existing

MOST_SHOWN = 50
"""Findings told one by one."""


DB = click.option(
    "--db",
    metavar="STORE",
    default="shop.db",
    show_default=True,
    help="The store: a path, or an address as postgresql://user@host/name.",
)
LANG = click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


def find(shop: StoredShop, order: str) -> StoredOrder:
    found = shop.storage.find(shop.shop, order)
    if found is None:
        raise UnknownOrder(
            f"no order `{order}`: give its number, its source id or its id (`ordinance orders`)"
        )
    return found


@click.command()
@click.argument("order")
@click.option("--unmask", is_flag=True, help="Tell the person in clear text; needs the next two.")
@click.option("--by", default="", help="Who looks; it is written into the history of the order.")
@click.option("--reason", default="", help="Why; it is written there too.")
@DB
@LANG
@JSON
def show(order: str, unmask: bool, by: str, reason: str, db: str, lang: str, as_json: bool) -> None:
    """Tell the timeline of ORDER (its number, source id or id), and what is in which parcel.

    The person is masked, unless --unmask says who looks and why.
    """
    if unmask and not (by.strip() and reason.strip()):
        raise Refused("--unmask needs --by and --reason: both go into the history of the order")
    if (by or reason) and not unmask:
        raise Refused("--by and --reason belong to --unmask")
    shop = existing(db, writes=unmask)
    try:
        found = find(shop, order)
        who = _who(shop, found, by, reason) if unmask else _masked(shop, found)
        if unmask:
            found = find(shop, order)
        if as_json:
            told = timeline.plain(found, shop.storage, shop.zone, lang)
            told["record"] = json.loads(found.document)
            told["person"] = dict(who) if who is not None else None
            told["lineage"] = lineage.plain(decode(found.document))
            if not unmask:
                told = hide_buyer(told)
            click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            click.echo(timeline.text(found, shop.storage, shop.zone, lang))
            click.echo(_person_lines(who, lang))
            if parcels := lineage.text(decode(found.document), lang):
                click.echo(f"\n{parcels}")
    finally:
        shop.storage.close()


def _masked(shop: StoredShop, order: StoredOrder) -> dict[str, str] | None:
    person = persons.person_in(shop.storage, order)
    return None if person is None else masked(person)


def _who(shop: StoredShop, order: StoredOrder, by: str, reason: str) -> dict[str, str]:
    try:
        now = shop.clock.now()
        person = persons.shown(shop.storage, order, by=by, reason=reason, now=now)
    except persons.NobodyFound as error:
        raise Refused(str(error)) from None
    return {name: value for name, value in asdict(person).items() if value is not None}


_FIELDS = {
    "buyer_name": Words("买家", "buyer"),
    "buyer_phone": Words("买家电话", "buyer's phone"),
    "buyer_email": Words("买家邮箱", "buyer's mail"),
    "receiver_name": Words("收货人", "receiver"),
    "receiver_phone": Words("收货电话", "receiver's phone"),
    "address": Words("地址", "address"),
    "postcode": Words("邮编", "postcode"),
    "buyer_message": Words("留言", "message"),
    "seller_memo": Words("备注", "memo"),
}


def _person_lines(who: Mapping[str, str] | None, lang: str) -> str:
    if who is None:
        return "个人信息已删除" if lang == "zh" else "the person was erased"
    told = [f"{_FIELDS[name].get(lang)} {value}" for name, value in who.items()]
    return "  ".join(told) if told else ("无个人信息" if lang == "zh" else "nobody is named")


@click.command()
@click.argument("order")
@click.option("--decision", "point", help="One decision point, as review.risk.")
@DB
@LANG
@JSON
def explain(order: str, point: str | None, db: str, lang: str, as_json: bool) -> None:
    """Tell why ORDER was decided as it was, and why not otherwise."""
    shop = existing(db)
    try:
        found = find(shop, order)
        if as_json:
            told = why.plain(found, shop.storage, point, lang)
            click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            click.echo(why.text(found, shop.storage, point, lang))
    finally:
        shop.storage.close()


@click.command()
@click.option("--status", help="Only this display status, as PARKED.")
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=50, show_default=True)
@DB
@LANG
@JSON
def orders(status: str | None, limit: int, db: str, lang: str, as_json: bool) -> None:
    """List orders, oldest first, with their status and what holds them."""
    if status is not None and status.upper() not in STATUS_WORDS:
        raise Refused(f"no status `{status}`; use one of {', '.join(STATUS_WORDS)}")
    shop = existing(db)
    try:
        wanted = status.upper() if status else None
        rows: list[dict[str, Any]] = []
        for stored in shop.storage.orders(shop.shop, status=wanted, limit=limit):
            record = decode(stored.document)
            rows.append(
                {
                    "number": stored.number,
                    "channel": stored.channel,
                    "source_id": stored.source_id,
                    "id": stored.id,
                    "status": stored.status,
                    "placed_at": stored.placed_at.astimezone(shop.zone).isoformat(),
                    "receivable": str(major_units(stored.receivable, digits_of(shop.currency))),
                    "paid": str(major_units(stored.paid, digits_of(shop.currency))),
                    "refunded": str(major_units(stored.refunded, digits_of(shop.currency))),
                    "holds": [{"code": hold.code, "rule": hold.rule} for hold in record.open_holds],
                }
            )
        if as_json:
            click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
            return
        if not rows:
            click.echo("没有订单" if lang == "zh" else "no orders")
        for row in rows:
            words = STATUS_WORDS[row["status"]][lang == "en"]
            holds = "; ".join(
                f"{codes.word(hold['code'], codes.HOLD_WORDS, lang)} ({hold['rule']})"
                for hold in row["holds"]
            )
            click.echo(
                f"{row['number']}  {row['placed_at'][:16]}  {row['source_id']:<12} "
                f"{row['receivable']:>12}  {words}  {holds}".rstrip()
            )
    finally:
        shop.storage.close()


@click.command()
@DB
@LANG
@JSON
@click.option("--replay", is_flag=True, help="Also make every stored decision again.")
def doctor(db: str, lang: str, as_json: bool, replay: bool) -> None:
    """Check that everything stored adds up; exit code 1 when something does not."""
    from ordinance.audit.doctor import confirmed
    from ordinance.audit.invariants import INVARIANTS

    shop = existing(db)
    try:
        findings = confirmed(shop.storage, shop.shop, replay_decisions=replay)
    finally:
        shop.storage.close()
    if as_json:
        click.echo(json.dumps([str(item) for item in findings], ensure_ascii=False, indent=2))
    elif not findings:
        click.echo("账实相符" if lang == "zh" else "everything adds up")
    else:
        for item in findings[:MOST_SHOWN]:
            click.echo(str(item))
        left = len(findings) - MOST_SHOWN
        if left > 0:
            click.echo(
                f"... 另有 {left} 项 (--json 显示全部)"
                if lang == "zh"
                else f"... and {left} more (--json shows all)"
            )
        for code in dict.fromkeys(item.invariant for item in findings):
            told = INVARIANTS[code]
            click.echo(f"{code}: {told.meaning.get(lang)}; {told.way_out.get(lang)}")
        click.echo(f"{len(findings)} 项" if lang == "zh" else f"{len(findings)} findings")
    if findings:
        raise SystemExit(1)

"""`ordinance change`: a rejection, a count, one box for several orders, a block that is lifted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

import click

from ordinance.audit import codes
from ordinance.command import Outcome
from ordinance.points.changes import MERGE_BLOCKERS, REJECTIONS
from ordinance_adapters.cli.counter import opened, where_
from ordinance_adapters.cli.failure import Refused, nearest


@click.group()
def change() -> None:
    """Take back what was decided: reject, count, merge, unmerge, lift.

    Every command is done once per --key and says who did it; the rules decide what follows.
    """


@change.command()
@click.argument("order")
@click.argument("parcel")
@click.argument("reason", type=click.Choice([c.code for c in REJECTIONS], case_sensitive=False))
@click.option("--sku", help="The stock item that it is about.")
@click.option("--pieces", type=click.IntRange(1), help="How many; default: all in the parcel.")
@where_
def reject(
    order: str, parcel: str, reason: str, sku: str | None, pieces: int | None, **where: Any
) -> None:
    """A warehouse does not ship PARCEL of ORDER, for a REASON; it is sourced anew."""
    with opened(**where) as at:
        receipt = at.shop.warehouse_rejected(
            at.order(order), parcel, reason.upper(), sku=sku, pieces=pieces, key=at.key, actor=at.by
        )
        at.say(asdict(receipt), [at.status(receipt)])


@change.command()
@click.argument("warehouse")
@click.argument("counted", nargs=-1, required=True, metavar="SKU=PIECES...")
@where_
def count(warehouse: str, counted: tuple[str, ...], **where: Any) -> None:
    """A stocktake of WAREHOUSE found so many PIECES of each SKU, reserved ones among them.

    Orders that hold what is missing give it up by `allocation.loss` and are sourced anew.
    """
    with opened(**where) as at:
        homes = [home.code for home in at.shop.profile.warehouses]
        if warehouse not in homes:
            raise Refused(f"there is no warehouse `{warehouse}`; {nearest(warehouse, homes)}")
        found = _counted(counted)
        kept = {item.kept_as for item in at.shop.profile.items.values() if not item.bundle}
        kept |= {level.sku for level in at.shop.storage.stock(at.shop.profile.shop)}
        for sku in found:
            if sku not in kept:
                raise Refused(f"no shelf holds `{sku}`; {nearest(sku, sorted(kept))}")
        told = at.shop.stocktake(warehouse, found, key=at.key, actor=at.by)
        at.say(_plain(told), [*_losses(told, at.lang), *map(at.status, told.orders)])


def _counted(given: tuple[str, ...]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for part in given:
        sku, mark, pieces = part.rpartition("=")
        if not mark or not sku or not pieces.isdigit():
            raise Refused(f"`{part}`: write the stock item and what was counted, as `TEA=12`")
        if sku in counted:
            raise Refused(f"`{sku}` is given twice")
        counted[sku] = int(pieces)
    return counted


def _losses(told: Outcome, lang: str) -> Iterator[str]:
    for sku, found in told.told.items():
        line = f"{sku}  {found['before']} -> {found['counted']}"
        if found["given_up_by"]:
            words = "让出: " if lang == "zh" else "given up by "
            line += f"  {words}{', '.join(found['given_up_by'])}"
        yield line


@change.command()
@click.argument("orders", nargs=-1, required=True, metavar="ORDER ORDER...")
@where_
def merge(orders: tuple[str, ...], **where: Any) -> None:
    """Let these ORDERs leave in one box, unless `orders.merge` has a reason against it.

    Exit code 1, with the reasons, when they are not merged.
    """
    with opened(**where) as at:
        told = at.shop.merge([at.order(name) for name in orders], key=at.key, actor=at.by)
        table = {choice.code: choice.words for choice in MERGE_BLOCKERS}
        reasons = [codes.word(code, table, at.lang) for code in told.told["blockers"]]
        not_merged = ("不合单: " if at.lang == "zh" else "not merged: ") + ", ".join(reasons)
        at.say(_plain(told), [not_merged] if reasons else [*map(at.status, told.orders)])
        if reasons:
            raise SystemExit(1)


@change.command()
@click.argument("order")
@where_
def unmerge(order: str, **where: Any) -> None:
    """Take the box of ORDER apart: every order in it is packed for itself again."""
    with opened(**where) as at:
        told = at.shop.unmerge(at.order(order), key=at.key, actor=at.by)
        at.say(_plain(told), [*map(at.status, told.orders)])


@change.command()
@click.argument("warehouse")
@click.argument("sku")
@where_
def lift(warehouse: str, sku: str, **where: Any) -> None:
    """Let WAREHOUSE ship SKU again."""
    with opened(**where) as at:
        lifted = at.shop.lift_block(warehouse, sku, key=at.key, actor=at.by)
        if not lifted:
            raise Refused(f"nothing keeps {warehouse} from shipping `{sku}`")
        at.say({"lifted": lifted}, [f"{warehouse}  {sku}"])


def _plain(told: Outcome) -> dict[str, Any]:
    return {
        **told.told,
        "repeated": told.repeated,
        "orders": [{"number": r.number, "status": r.status} for r in told.orders],
    }

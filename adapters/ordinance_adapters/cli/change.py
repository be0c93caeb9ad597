"""`ordinance change`: a rejection, a count, one box for several orders, a block that is lifted."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import click

import ordinance
from ordinance.audit import codes
from ordinance.command import Outcome, Receipt
from ordinance.fulfilment.loss import CannotBeMissing
from ordinance.fulfilment.merging import NotMerged
from ordinance.orders.record import UnknownPart
from ordinance.orders.states import STATUS_WORDS, IllegalMove
from ordinance.points.changes import MERGE_BLOCKERS, REJECTIONS
from ordinance.releases.release import MissingRules
from ordinance_adapters.cli.failure import Refused, nearest
from ordinance_adapters.cli.look import DB, JSON, LANG
from ordinance_adapters.cli.opening import existing
from ordinance_adapters.shopfile import read_shop

SHOP = click.option(
    "--shop",
    "shop_path",
    required=True,
    type=click.Path(path_type=Path, exists=True),
    help="The folder of the shop's shop.yaml: its warehouses, carriers and articles.",
)
RULES = click.option(
    "--rules",
    "rules_path",
    type=click.Path(path_type=Path, exists=True),
    help="The rules of a store that has none published.",
)
BY = click.option("--by", required=True, help="Who does it.")
KEY = click.option("--key", help="What it is done under, once; default: a new one.")


def _where(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say where a change is made, by whom, and how it is told."""
    for option in (JSON, LANG, DB, RULES, SHOP, KEY, BY):
        command = option(command)
    return command


@dataclass(frozen=True)
class Counter:
    """Where a change is made: the shop, who makes it, and how it is told."""

    shop: ordinance.Shop
    key: str
    by: str
    lang: str
    as_json: bool

    def order(self, name: str) -> str:
        """The id of an order by its number, source id or id."""
        return self.shop.stored(name).id

    def say(self, plain: dict[str, Any], lines: list[str]) -> None:
        """Tell what came of it."""
        if self.as_json:
            click.echo(json.dumps(plain, ensure_ascii=False, indent=2))
        else:
            click.echo("\n".join(lines))

    def status(self, receipt: Receipt) -> str:
        """An order with its status in a line."""
        words = STATUS_WORDS[receipt.status]
        return f"{receipt.number}  {words[0] if self.lang == 'zh' else words[1]}"


@contextmanager
def opened(
    db: Path,
    shop_path: Path,
    rules_path: Path | None,
    by: str,
    key: str | None,
    lang: str,
    as_json: bool,
) -> Iterator[Counter]:
    """The counter of a store that exists; what a command refuses is told in its words."""
    if not by.strip() or (key is not None and not key.strip()):
        raise Refused("--by and --key cannot be empty")
    existing(db).storage.close()
    profile = read_shop(shop_path).profile
    try:
        found = ordinance.open(db, rules=rules_path, profile=profile)
    except MissingRules:
        raise Refused(
            "no rules are published in this store; publish some with `ordinance rules publish`, "
            "or give --rules"
        ) from None
    with found as shop:
        try:
            yield Counter(shop, key or f"C-{secrets.token_hex(5)}", by, lang, as_json)
        except (CannotBeMissing, NotMerged, UnknownPart, IllegalMove, ValueError) as error:
            raise Refused(str(error)) from None


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
@_where
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
@_where
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
@_where
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
@_where
def unmerge(order: str, **where: Any) -> None:
    """Take the box of ORDER apart: every order in it is packed for itself again."""
    with opened(**where) as at:
        told = at.shop.unmerge(at.order(order), key=at.key, actor=at.by)
        at.say(_plain(told), [*map(at.status, told.orders)])


@change.command()
@click.argument("warehouse")
@click.argument("sku")
@_where
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

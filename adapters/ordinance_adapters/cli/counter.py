"""The counter: where a person does something to a shop that needs its rules and its profile."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

import ordinance
from ordinance.command import Receipt
from ordinance.door import public
from ordinance.fulfilment.loss import CannotBeMissing
from ordinance.fulfilment.merging import NotMerged
from ordinance.orders.record import UnknownPart
from ordinance.orders.states import STATUS_WORDS, IllegalMove
from ordinance.releases.release import MissingRules
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.look import DB, JSON, LANG
from ordinance_adapters.cli.opening import StoredShop, existing
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


def where_(command: Callable[..., None]) -> Callable[..., None]:
    """The options that say where something is done, by whom, and how it is told."""
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
def at_store(db: str, shop_path: Path, rules_path: Path | None) -> Iterator[ordinance.Shop]:
    """The shop in a store that exists."""
    profile = read_shop(shop_path).profile
    _demand_here(existing(db, writes=True), profile.shop, db)
    try:
        found = ordinance.open(db, rules=rules_path, profile=profile)
    except MissingRules:
        raise Refused(
            "no rules are published in this store; publish some with `ordinance rules publish`, "
            "or give --rules"
        ) from None
    with found as shop:
        yield shop


def _demand_here(kept: StoredShop, shop: str, db: str) -> None:
    """Raise `Refused` for the `shop.yaml` of a shop that the store knows nothing of: all that is
    done would be done for that one, and the store's own shop would stand still."""
    try:
        if shop != kept.shop and not kept.storage.status_counts(shop):
            raise Refused(
                f"{public(db)}: is kept for the shop `{kept.shop}`, and holds no order of "
                f"`{shop}`; give the --shop or the --db that is meant"
            )
    finally:
        kept.storage.close()


@contextmanager
def opened(
    db: str,
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
    with at_store(db, shop_path, rules_path) as shop:
        try:
            yield Counter(shop, key or f"C-{secrets.token_hex(5)}", by, lang, as_json)
        except (CannotBeMissing, NotMerged, UnknownPart, IllegalMove, ValueError) as error:
            raise Refused(str(error)) from None

"""`ordinance run` and `ordinance report`: the main job and what it comes to."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from ordinance.audit import figures
from ordinance.door import answers_all, clock_of, demand_published, open_storage
from ordinance.oms import Shop
from ordinance.releases.office import Office
from ordinance.rules import Rulebook, load
from ordinance.story import BrokenRow, Row
from ordinance_adapters.cli import opening
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.look import DB
from ordinance_adapters.cli.progress import progress
from ordinance_adapters.cli.report import as_plain, as_text
from ordinance_adapters.cli.sealing import Sealing
from ordinance_adapters.identity import SeededIds
from ordinance_adapters.readers import read_rows
from ordinance_adapters.readers.olist_profile import derive_profile
from ordinance_adapters.shopfile import ShopFolder, read_shop
from ordinance_adapters.simulator.run import Run

LANGS = click.Choice(["en", "zh"])


@click.command()
@click.argument("orders", type=click.Path(path_type=Path))
@click.option(
    "--rules",
    "rules_path",
    type=click.Path(path_type=Path),
    help="Rule file or folder; default: what is published in the store, else rules/ of the shop.",
)
@click.option(
    "--db",
    metavar="STORE",
    default="shop.db",
    show_default=True,
    help="The store, a path or an address as postgresql://user@host/name; made when not there.",
)
@click.option(
    "--shop",
    "shop_path",
    type=click.Path(path_type=Path),
    help="shop.yaml or its folder; default: beside the orders.",
)
@click.option(
    "--seed",
    type=int,
    default=7,
    show_default=True,
    help="Seed of everything the data does not say.",
)
@click.option("--lang", type=LANGS, default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def run(
    orders: Path,
    rules_path: Path | None,
    db: str,
    shop_path: Path | None,
    seed: int,
    lang: str,
    as_json: bool,
    quiet: bool,
) -> None:
    """Carry each order of ORDERS from intake to archive, and report.

    ORDERS is an order file, or a folder whose shop.yaml names one. Running a file again changes
    nothing. The world outside is simulated by seed, except where the data says what happened.
    """
    if not orders.exists():
        raise Refused(f"{orders}: there is no such file or folder; check the name")
    folder = read_shop(shop_path or (orders if orders.is_dir() else orders.parent))
    profile = folder.profile
    file = _order_file(orders, folder)
    book = None
    if rules_path is not None or not _publishes(db, profile.shop):
        book = _rules(rules_path or folder.rules)
    if profile.reader == "olist":
        profile = derive_profile(file, profile)
    rows = list(read_rows(file, profile, seed=seed))
    _some_are_readable(file, rows, lang)
    opening.warn_of_writers(db)
    storage = open_storage(db)
    try:
        opening.remember(storage, profile.shop, profile.currency, profile.zone)
        demand_published(storage, profile.shop, book)
        shop = Shop(storage, profile, book, clock_of(storage), SeededIds(seed))
        started = time.monotonic()
        with progress("orders", quiet) as tell:
            result = Run(shop, seed, progress=tell).run(rows)
        seconds = time.monotonic() - started
        Sealing.of(storage, profile, db, None).all(shop.clock.now())
        added = figures.add_up(storage, profile.shop)
        stored = _as_stored(shop)
        if as_json:
            click.echo(json.dumps(as_plain(added, result), ensure_ascii=False, indent=2))
        else:
            click.echo(as_text(added, result, stored, lang))
        click.echo(
            f"{result.new} new orders, {result.known} already known, {result.commands} commands "
            f"in {seconds:.1f} s ({result.commands / max(seconds, 0.001):.0f} commands/s, "
            f"{(result.new + result.known) / max(seconds, 0.001):.0f} orders/s)",
            err=True,
        )
    finally:
        storage.close()


def _publishes(db: str, shop: str) -> bool:
    """Whether a store has published rules, which then decide."""
    storage = opening.opened(db, writes=True)
    if storage is None:
        return False
    try:
        return Office(storage, shop).status().live is not None
    finally:
        storage.close()


def _rules(path: Path | None) -> Rulebook:
    if path is None:
        raise Refused(
            "no rules: give --rules, or write the starter rules with `ordinance init rules`"
        )
    book = load(path)
    answers_all(book)
    return book


def _some_are_readable(file: Path, rows: list[Row], lang: str) -> None:
    """A file of which not one row can be read is the wrong file, not a file with broken rows."""
    broken = [row for row in rows if isinstance(row, BrokenRow)]
    if broken and len(broken) == len(rows):
        first = broken[0]
        raise Refused(f"{file}: not one row can be read; row {first.row}: {first.reason.get(lang)}")


def _as_stored(shop: Shop) -> opening.StoredShop:
    profile = shop.profile
    return opening.StoredShop(shop.storage, profile.shop, profile.currency, profile.zone)


def _order_file(orders: Path, folder: ShopFolder) -> Path:
    if not orders.is_dir():
        return orders
    if folder.orders is None:
        raise Refused(f"{orders}: its shop.yaml names no `orders:`; name the order file itself")
    return folder.orders


@click.command()
@DB
@click.option("--lang", type=LANGS, default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True)
def report(db: str, lang: str, as_json: bool) -> None:
    """Add up what a store holds: states, decisions, holds, parcels, money."""
    shop = opening.existing(db)
    try:
        added = figures.add_up(shop.storage, shop.shop)
        if as_json:
            click.echo(json.dumps(as_plain(added, None), ensure_ascii=False, indent=2))
        else:
            click.echo(as_text(added, None, shop, lang))
    finally:
        shop.storage.close()

"""`ordinance stock receive | adjust | transfer ...`: what people do to stock outside of orders."""

from __future__ import annotations

from datetime import datetime

import click

from ordinance.stock.stockroom import Booked
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.stockdesk import NEW, RECEIVE, Desk, books, books_with_reason

DAY = click.DateTime(formats=["%Y-%m-%d"])
PIECES = click.IntRange(1, 1_000_000_000)


@click.command()
@click.argument("warehouse")
@click.argument("sku")
@click.argument("pieces", type=PIECES)
@click.option("--purchase", help="The purchase order that they came for.")
@NEW
@click.option("--expires", type=DAY, help="The last day they may be sold, as 2026-12-31.")
@books
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
@books_with_reason
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
    desk.demand_known(warehouse, sku, new=RECEIVE)
    if found is not None:
        return desk.room.count(warehouse, sku, found, desk.slip)
    return desk.room.adjust(warehouse, sku, pieces or 0, desk.slip)


@click.command()
@click.argument("source")
@click.argument("target")
@click.argument("sku")
@click.argument("pieces", type=PIECES)
@NEW
@books
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
    desk.demand_known(source, sku, new=RECEIVE)
    if not new:
        desk.demand_known(target)
    return desk.room.send(source, target, sku, pieces, desk.slip)


@click.command()
@click.argument("transfer")
@click.option("--pieces", type=PIECES, help="So many; default: all that is on its way.")
@books
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
@books_with_reason
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
@books_with_reason
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
@books
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
@books_with_reason
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
@books
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
    desk.demand_known(warehouse, sku, new=RECEIVE)
    return desk.room.set_aside(warehouse, sku, pieces, channel, desk.slip)


@click.command()
@click.argument("warehouse")
@click.argument("sku")
@click.argument("pieces", type=click.IntRange(0, 1_000_000_000))
@NEW
@books
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

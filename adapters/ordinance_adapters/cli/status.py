"""`ordinance status`: how a shop stands, for the person who is on call and for a monitor."""

from __future__ import annotations

import json

import click

from ordinance.audit.standing import Alarm, look
from ordinance_adapters.cli import standing
from ordinance_adapters.cli.look import DB, JSON, LANG
from ordinance_adapters.cli.opening import existing

ALARMED = 3
"""The exit code where an alarm is raised that `--fail-on` names."""
ANY = "any"


@click.command()
@click.option(
    "--fail-on",
    "fatal",
    multiple=True,
    type=click.Choice([ANY, *(alarm.value for alarm in Alarm)]),
    help=f"End with exit code {ALARMED} when this alarm is raised; may be given again.",
)
@DB
@LANG
@JSON
def status(fatal: tuple[str, ...], db: str, lang: str, as_json: bool) -> None:
    """Tell how the shop stands: orders, what waits and for how long, the store, and alarms.

    Nothing is written. What an alarm means, and what to do about it, is in docs/operations.md.
    """
    shop = existing(db)
    try:
        found = look(shop.storage, shop.shop, shop.clock.now())
    finally:
        shop.storage.close()
    if as_json:
        click.echo(json.dumps(standing.plain(found), ensure_ascii=False, indent=2))
    else:
        click.echo(standing.text(found, shop, lang))
    raised = {one.alarm.value for one in found.alarms}
    if raised & set(fatal) or (raised and ANY in fatal):
        raise SystemExit(ALARMED)

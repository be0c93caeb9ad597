"""`ordinance migrate`: a store of an older version, brought up to the tables of this one."""

from __future__ import annotations

import json
import time

import click

from ordinance.door import open_storage, public
from ordinance.ports import NoStore
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.look import DB, JSON, LANG
from ordinance_adapters.cli.opening import warn_of_writers
from ordinance_adapters.sql.versions import OlderStore


@click.command()
@DB
@LANG
@JSON
def migrate(db: str, lang: str, as_json: bool) -> None:
    """Bring a store of an older version up to date, whole or not at all.

    Commands that write do so by themselves; those that only look refuse an older store. Make a
    backup with the older version first: that one cannot open the store any more.
    """
    began = time.monotonic()
    steps: tuple[str, ...] = ()
    try:
        open_storage(db, create=False, writes=False).close()
    except NoStore:
        raise Refused(f"{public(db)}: there is no such store to be brought up to date") from None
    except OlderStore as older:
        steps = older.pending
        warn_of_writers(db)
        open_storage(db, create=False).close()
    seconds = time.monotonic() - began
    if as_json:
        click.echo(json.dumps({"steps": list(steps), "seconds": round(seconds, 3)}))
    elif not steps:
        click.echo("已是最新" if lang == "zh" else "up to date")
    else:
        taken = ", ".join(steps)
        click.echo(
            f"已升级: {len(steps)} 步, 用时 {seconds:.1f} 秒 ({taken})"
            if lang == "zh"
            else f"brought up to date in {seconds:.1f} s by {len(steps)} steps: {taken}"
        )

"""`ordinance keys`: what the keys of a store are, and a new master key in place of the old one."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.look import DB, JSON, LANG
from ordinance_adapters.cli.opening import existing
from ordinance_adapters.keyrotation import Rotation, rotate, rotations
from ordinance_adapters.keys import Keyring


@click.group()
def keys() -> None:
    """Show where the keys of a store are, and rotate the one that opens its personal data."""


@keys.command()
@DB
@LANG
@JSON
def show(db: str, lang: str, as_json: bool) -> None:
    """Tell the folder of keys, the old ones in it, and every rotation of this store."""
    shop = existing(db)
    try:
        done = rotations(shop.storage)
    finally:
        shop.storage.close()
    keyring = Keyring.open(db)
    old = [path.name for path in keyring.retired()]
    if as_json:
        told = {
            "folder": str(keyring.folder),
            "old": old,
            "rotations": [asdict(each) for each in done],
        }
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        return
    click.echo(f"{keyring.folder}")
    for name in old:
        click.echo(f"  {name}  {'旧密钥' if lang == 'zh' else 'an old key'}")
    for each in done:
        click.echo(_line(each, lang))


@keys.command(name="rotate")
@click.option("--by", required=True, help="Who does it.")
@click.option("--reason", required=True, help="Why; it is kept in the store.")
@click.option("--keep-old", is_flag=True, help="Keep the old key for backups and other stores.")
@click.option("--yes", is_flag=True, help="Do not ask.")
@DB
@LANG
@JSON
def rotate_(
    by: str, reason: str, keep_old: bool, yes: bool, db: str, lang: str, as_json: bool
) -> None:
    """Wrap the keys of all persons under a new master key, and destroy the old one.

    May be run while others work; new orders wait meanwhile. One that was broken off is brought to
    its end by running it again. Without --keep-old, no backup made until now can be opened, nor
    another store with the same folder of keys.
    """
    if not by.strip() or not reason.strip():
        raise Refused("say who rotates the key and why; neither can be empty")
    shop = existing(db, writes=True)
    try:
        if not yes and not keep_old:
            _ask(lang)
        done = rotate(shop.storage, by=by, reason=reason, now=shop.clock.now(), keep_old=keep_old)
    finally:
        shop.storage.close()
    click.echo(json.dumps(asdict(done), ensure_ascii=False) if as_json else _line(done, lang))


def _ask(lang: str) -> None:
    question = (
        "旧的主密钥将被销毁: 此前的备份, 以及共用此密钥目录的其他库, 都无法再打开. 继续吗?"
        if lang == "zh"
        else "the old master key is destroyed: no backup made until now, and no other store with "
        "this folder of keys, can be opened any more; go on?"
    )
    click.confirm(question, abort=True, err=True)


def _line(done: Rotation, lang: str) -> str:
    if lang == "zh":
        return f"{done.at[:19]}  {done.by}: {done.persons} 人的密钥已重新加密 ({done.reason})"
    told = f"the keys of {done.persons} persons wrapped anew ({done.reason})"
    return f"{done.at[:19]}  {done.by}: {told}"

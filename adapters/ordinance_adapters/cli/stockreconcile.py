"""`ordinance stock reconcile`: drift is found, put right where something proves it, and told."""

from __future__ import annotations

import json
import secrets

import click

from ordinance.audit.reconcile import Reconciled
from ordinance.audit.reconcile import reconcile as put_right
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.look import DB, JSON, LANG, MOST_SHOWN
from ordinance_adapters.cli.opening import existing


@click.command()
@click.option("--repair", is_flag=True, help="Put it right; without it, only tell what would be.")
@click.option("--by", help="Who does it; needed with --repair.")
@DB
@LANG
@JSON
def reconcile(repair: bool, by: str | None, db: str, lang: str, as_json: bool) -> None:
    """Compare counters, ledger, reservations and orders, and put right what one of them proves.

    Exit code 0 when everything adds up, or does now; 1 when something does not.
    """
    if repair and not (by or "").strip():
        raise Refused("--repair needs --by: who puts it right")
    # What would be put right is written, told, and taken back.
    shop = existing(db, writes=True, keeps=repair)
    try:
        result = put_right(
            shop.storage,
            shop.shop,
            at=shop.clock.now(),
            by=by or "reconcile",
            cause=f"reconcile:{secrets.token_hex(5)}",
            repair=repair,
        )
    finally:
        shop.storage.close()
    if as_json:
        click.echo(json.dumps(_plain(result, lang), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_told(result, lang)))
    if result.left or (result.found and not result.stored):
        raise SystemExit(1)


def _plain(result: Reconciled, lang: str) -> dict[str, object]:
    return {
        "found": [str(item) for item in result.found],
        "done": [step.text(lang) for step in result.done],
        "refused": [step.text(lang) for step in result.refused],
        "left": [str(item) for item in result.left],
        "stored": result.stored,
    }


def _told(result: Reconciled, lang: str) -> list[str]:
    zh = lang == "zh"
    if not result.found:
        return ["全部相符" if zh else "everything adds up"]
    lines = [_head(len(result.found), "项不符" if zh else "findings")]
    lines += _some([str(item) for item in result.found])
    heads = ("已更正" if result.stored else "可更正 (加 --repair)", "无法更正", "仍不符")
    if not zh:
        heads = (
            "put right" if result.stored else "can be put right (give --repair)",
            "cannot be put right",
            "still not adding up",
        )
    parts = (
        [step.text(lang) for step in result.done],
        [step.text(lang) for step in result.refused],
        [str(item) for item in result.left],
    )
    for head, part in zip(heads, parts, strict=True):
        if part:
            lines += ["", _head(len(part), head), *_some(part)]
    if result.stored and not result.left:
        lines += ["", "现已全部相符" if zh else "everything adds up now"]
    return lines


def _head(count: int, words: str) -> str:
    return f"{count} {words}:"


def _some(lines: list[str]) -> list[str]:
    more = [f"  ... +{len(lines) - MOST_SHOWN} (--json)"] if len(lines) > MOST_SHOWN else []
    return [f"  {line}" for line in lines[:MOST_SHOWN]] + more

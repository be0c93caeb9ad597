"""`ordinance rules history | status`: how the rules of a shop stand, and how that came about."""

from __future__ import annotations

import json

import click

from ordinance.ports import EntryKind, StoredRelease
from ordinance.releases.account import Told
from ordinance.rules.decision import Plain
from ordinance_adapters.cli import opening
from ordinance_adapters.cli.look import DB, JSON, LANG
from ordinance_adapters.cli.publishing import Counter, counter

KINDS = {
    EntryKind.PROPOSED: ("提交待批准", "proposed"),
    EntryKind.PUBLISHED: ("发布", "published"),
    EntryKind.APPROVED: ("批准", "approved"),
    EntryKind.ROLLED_BACK: ("退回", "rolled back"),
    EntryKind.SHADOW_STARTED: ("开始试运行", "shadow started"),
    EntryKind.SHADOW_STOPPED: ("停止试运行", "shadow stopped"),
    EntryKind.APPROVAL_DEMANDED: ("要求双人批准", "approval demanded"),
    EntryKind.APPROVAL_WAIVED: ("不再要求双人批准", "approval waived"),
}


@click.command("history")
@DB
@LANG
@JSON
def history(db: str, lang: str, as_json: bool) -> None:
    """Tell what was published when, by whom and why, and how many decisions followed."""
    with counter(opening.existing(db), lang) as at:
        told = at.office.history()
        if as_json:
            click.echo(
                json.dumps([_plain(at, item) for item in told], ensure_ascii=False, indent=2)
            )
            return
        if not told:
            click.echo(at.say("还没有发布过规则", "nothing was published yet"))
        live = told[-1].entry.since if told else 0
        for item in told:
            click.echo(_line(at, item, live))


def _line(at: Counter, item: Told, live: int) -> str:
    entry = item.entry
    kind = KINDS[entry.kind][at.lang == "en"]
    version = at.say(f"第 {entry.version} 版", f"version {entry.version}") if entry.version else ""
    parts = [f"{entry.seq:>4}  {at.when(entry)}  {kind} {version}".rstrip()]
    if item.replaced:
        parts.append(at.say(f"替换第 {item.replaced} 版", f"replaced version {item.replaced}"))
    if item.decisions:
        parts.append(at.say(f"{item.decisions} 次决策", f"{item.decisions} decisions"))
    if entry.seq == live:
        parts.append(at.say("正在生效", "in force"))
    said = f"{entry.actor}: {entry.note}" if entry.note else entry.actor
    return f"{', '.join(parts)}\n      {said.replace(chr(10), ' ')}"


def _plain(at: Counter, item: Told) -> dict[str, Plain]:
    entry, release = item.entry, item.release
    return {
        "entry": entry.seq,
        "kind": entry.kind.value,
        "version": entry.version or None,
        "hash": None if release is None else release.hash,
        "base": None if release is None else release.base,
        "by": entry.actor,
        "note": entry.note,
        "at": entry.at.astimezone(at.shop.zone).isoformat(),
        "replaced": item.replaced or None,
        "live": entry.live or None,
        "decisions": item.decisions,
        "rules": None if release is None else json.loads(release.rules),
    }


@click.command("status")
@DB
@LANG
@JSON
def status(db: str, lang: str, as_json: bool) -> None:
    """Tell which version is in force, what waits for approval and what is tried."""
    with counter(opening.existing(db), lang) as at:
        now = at.office.status()
        if as_json:
            told: dict[str, Plain] = {
                "live": _release(at, now.live),
                "entry": now.entry.seq if now.entry else None,
                "since": now.entry.at.astimezone(at.shop.zone).isoformat() if now.entry else None,
                "waiting": [_release(at, item) for item in now.waiting],
                "shadow": _release(at, now.shadow),
                "approval": "always" if now.approval else "on-request",
            }
            click.echo(json.dumps(told, ensure_ascii=False, indent=2))
            return
        if now.live is None or now.entry is None:
            click.echo(at.say("还没有发布过规则", "nothing was published yet"))
        else:
            click.echo(
                at.say(
                    f"第 {now.live.version} 版正在生效, 自 {at.when(now.entry)}",
                    f"version {now.live.version} is in force since {at.when(now.entry)}",
                )
            )
            click.echo(f"  {now.live.author}: {now.live.note}")
        for item in now.waiting:
            click.echo(
                at.say(
                    f"第 {item.version} 版等待批准", f"version {item.version} waits for approval"
                )
            )
            click.echo(f"  {item.author}: {item.note}")
        if now.shadow is not None:
            version = now.shadow.version
            click.echo(
                at.say(f"第 {version} 版在试运行", f"version {version} is tried in the shadow")
            )
        if now.approval:
            click.echo(at.say("每次发布都要双人批准", "every release needs a second person"))


def _release(at: Counter, release: StoredRelease | None) -> Plain:
    if release is None:
        return None
    return {
        "version": release.version,
        "hash": release.hash,
        "base": release.base or None,
        "author": release.author,
        "note": release.note,
        "at": release.at.astimezone(at.shop.zone).isoformat(),
        "rules": json.loads(release.rules),
    }

"""`ordinance rules shadow`: a candidate is tried beside the rules in force, and reported on."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from ordinance.ports import EntryKind, StoredTrial
from ordinance.releases.release import from_path
from ordinance.releases.trials import TrialReport, add_up, explained, failure
from ordinance.rules.decision import Plain
from ordinance.rules.explaining.explanation import Explanation
from ordinance_adapters.cli import opening
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.look import DB, JSON, LANG
from ordinance_adapters.cli.publishing import BY, NOTE, Counter, counter

VERSION = click.option(
    "--version", type=click.IntRange(1, 2**63 - 1), help="Default: the last one tried."
)


@click.group("shadow", invoke_without_command=True)
@click.option("--order", help="Also tell why, for one order.")
@VERSION
@DB
@LANG
@JSON
@click.pass_context
def shadow(
    context: click.Context,
    order: str | None,
    version: int | None,
    db: str,
    lang: str,
    as_json: bool,
) -> None:
    """Report where the candidate in the shadow differs; start and stop one."""
    if context.invoked_subcommand is not None:
        return
    with counter(opening.existing(db), lang) as at:
        wanted = version or _last(at)
        if order is not None:
            click.echo("\n\n".join(_why(at, wanted, order)))
            return
        found = add_up(at.shop.storage.trials(at.shop.shop, wanted))
        if as_json:
            click.echo(json.dumps(_plain(at, wanted, found), ensure_ascii=False, indent=2))
            return
        click.echo("\n".join(_report(at, wanted, found)))


@shadow.command("start")
@click.argument("path", type=click.Path(path_type=Path))
@BY
@NOTE
@DB
@LANG
def start(path: Path, by: str, note: str, db: str, lang: str) -> None:
    """Try the rules at PATH beside those in force: asked the same, never acted on."""
    with counter(opening.existing(db, writes=True), lang) as at:
        release, _known = from_path(path, at.shop.zone)
        entry = at.office.start_shadow(
            release, by=by, note=note, now=at.clock.now(), part=not path.is_dir()
        )
        click.echo(
            at.say(
                f"第 {entry.version} 版开始试运行; 它的结论只记录, 不执行",
                f"version {entry.version} is tried in the shadow; what it says is kept and never "
                "acted on",
            )
        )


@shadow.command("stop")
@BY
@click.option("--note", default="", help="What there is to say.")
@DB
@LANG
def stop(by: str, note: str, db: str, lang: str) -> None:
    """Try nothing any more; what the candidate said stays."""
    with counter(opening.existing(db, writes=True), lang) as at:
        entry = at.office.stop_shadow(by=by, note=note, now=at.clock.now())
        click.echo(
            at.say(f"第 {entry.version} 版停止试运行", f"version {entry.version} is tried no more")
        )


def _last(at: Counter) -> int:
    tried = [
        entry.version
        for entry in at.shop.storage.journal(at.shop.shop)
        if entry.kind is EntryKind.SHADOW_STARTED
    ]
    if not tried:
        raise Refused(
            at.say(
                "还没有试运行过规则; 用 `ordinance rules shadow start` 开始",
                "nothing was tried yet; begin with `ordinance rules shadow start`",
            )
        )
    return tried[-1]


def _report(at: Counter, version: int, found: list[TrialReport]) -> Iterator[str]:
    decided, differ = (sum(getattr(item, name) for item in found) for name in ("decided", "differ"))
    yield at.say(
        f"第 {version} 版试运行: {decided} 次决策, {differ} 次与生效的规则不同",
        f"version {version} in the shadow: {decided} decisions, {differ} of them otherwise",
    )
    for item in found:
        failed = at.say(f", {item.failed} 次失败", f", {item.failed} failed") if item.failed else ""
        yield f"{item.point}: {item.differ} / {item.decided}{failed}"
        for (live, said), count in sorted(item.pairs.items(), key=lambda pair: (-pair[1], pair[0])):
            yield f"  {count:>7,}  {at.outcome(item.point, live)} -> {at.outcome(item.point, said)}"
            for trial in item.examples:
                if (trial.live, trial.outcome) == (live, said):
                    yield f"           {_number(at, trial)}  {failure(trial) or ''}".rstrip()


def _number(at: Counter, trial: StoredTrial) -> str:
    order = at.shop.storage.find(trial.shop, trial.order_id)
    return trial.order_id if order is None else order.number


def _why(at: Counter, version: int, text: str) -> Iterator[str]:
    order = at.shop.storage.find(at.shop.shop, text)
    if order is None:
        raise Refused(at.say(f"没有订单 `{text}`", f"there is no order `{text}`"))
    book = at.office.release(version).book
    found = [
        trial
        for trial in at.shop.storage.trials(at.shop.shop, version)
        if trial.order_id == order.id and not trial.same
    ]
    if not found:
        raise Refused(
            at.say(
                f"第 {version} 版对订单 `{text}` 没有不同的结论",
                f"version {version} said nothing else about order `{text}`",
            )
        )
    for trial in found:
        both = explained(at.shop.storage, trial, book)
        yield _told(at, at.say("生效的规则", "the rules in force"), both.live, trial)
        yield _told(at, at.say(f"第 {version} 版", f"version {version}"), both.candidate, trial)


def _told(at: Counter, who: str, why: Explanation | None, trial: StoredTrial) -> str:
    if why is not None:
        return f"{who}\n{why.text(at.lang)}"
    lost = at.say("库中已没有依据", "what it rests on is not in the store any more")
    return f"{who}\n{failure(trial) or lost}"


def _plain(at: Counter, version: int, found: list[TrialReport]) -> dict[str, Plain]:
    return {
        "version": version,
        "points": [
            {
                "point": item.point,
                "decided": item.decided,
                "differ": item.differ,
                "failed": item.failed,
                "pairs": [
                    {"live": live, "candidate": said, "count": count}
                    for (live, said), count in sorted(item.pairs.items())
                ],
                "examples": [
                    {
                        "order": _number(at, trial),
                        "seq": trial.seq,
                        "live": trial.live,
                        "candidate": trial.outcome,
                        "failure": failure(trial),
                    }
                    for trial in item.examples
                ],
            }
            for item in found
        ],
    }

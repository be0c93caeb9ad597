"""`ordinance backup` and `restore`: a store in a folder of its own, and its way back."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from ordinance.audit.backedup import note_backup
from ordinance.door import clock_of, open_storage, public
from ordinance.ports import StorageError, StoredEffect
from ordinance.rules.moment import parse_duration
from ordinance.rules.scalar import ScalarError
from ordinance_adapters.backups.history import Signed, signed_in
from ordinance_adapters.backups.making import Made, back_up
from ordinance_adapters.backups.restoring import Left, Restored
from ordinance_adapters.backups.restoring import restore as brought_back
from ordinance_adapters.cli.audit import KEY, read_key
from ordinance_adapters.cli.emptied import emptied
from ordinance_adapters.cli.ending import tidied
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.look import JSON, LANG
from ordinance_adapters.cli.opening import opened, warn_of_writers
from ordinance_adapters.cli.progress import progress
from ordinance_adapters.keys import Keyring

MOST_SHOWN = 20
"""Effects told one by one; --json has all of them."""

QUIET = click.option("--quiet", is_flag=True, help="No progress bar.")


def _length(context: click.Context, option: click.Parameter, text: str | None) -> timedelta | None:
    if text is None:
        return None
    try:
        found = parse_duration(text)
    except ScalarError as error:
        raise click.BadParameter(f"{error}; write `26h` or `8d`") from None
    if found < timedelta():
        raise click.BadParameter("it cannot be less than none")
    return found


@click.command()
@click.argument("src", metavar="STORE")
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "--next-within",
    "within",
    callback=_length,
    help="`ordinance status` raises an alarm when no other backup is made in that time, as 26h; "
    "0h: it waits for none. Default: as the last time.",
)
@QUIET
@LANG
@JSON
def backup(
    src: str, target: Path, within: timedelta | None, quiet: bool, lang: str, as_json: bool
) -> None:
    """Back up everything of STORE into the new folder TARGET, while others go on writing.

    STORE is a path, or an address as postgresql://user@host/name. What is written is read back and
    proved before the folder gets its name; nothing is ever written over. The keys that STORE needs
    are not in it: keep those elsewhere. STORE keeps when it was backed up last, and to where.
    """
    source = opened(src)
    if source is None:
        raise Refused(f"{public(src)}: there is no such store to be backed up")
    began = time.monotonic()
    try:
        with tidied(), progress("rows", quiet) as tell:
            made = back_up(source, target, clock_of(source).now, progress=tell)
    finally:
        source.close()
    _note(src, made, within)
    seconds = time.monotonic() - began
    if as_json:
        click.echo(made.manifest.to_json(), nl=False)
    else:
        click.echo("\n".join(_made(made, lang)))
    click.echo(f"{made.manifest.total:,} rows backed up and proved in {seconds:.1f} s", err=True)


@click.command()
@click.argument("backup", metavar="BACKUP", type=click.Path(path_type=Path))
@click.argument("dst", metavar="STORE")
@click.option(
    "--checkpoint",
    "file",
    type=click.Path(path_type=Path),
    help="A file of checkpoints kept outside of the store, which its audit log has to fit.",
)
@KEY
@click.option("--older", is_flag=True, help="The backup may be older than the checkpoints.")
@QUIET
@LANG
@JSON
def restore(
    backup: Path,
    dst: str,
    file: Path | None,
    key: str | None,
    older: bool,
    quiet: bool,
    lang: str,
    as_json: bool,
) -> None:
    """Bring everything of the folder BACKUP back into the empty store STORE, and prove it.

    STORE is a path, or an address as postgresql://user@host/name, whatever the backup was made of.
    Tells how old the backup is, and what will be done that may have been done since: each provider
    that can be asked is asked first.
    """
    if file is None and (key is not None or older):
        raise click.UsageError("--key and --older are about a --checkpoint")
    public = None if key is None else read_key(key)
    signed = Signed() if file is None else signed_in(file, public)
    began = time.monotonic()
    with emptied(dst) as target, progress("rows", quiet) as tell:
        done = brought_back(
            backup,
            target.open,
            lambda: clock_of(target.open()).now(),
            signed=signed,
            older=older,
            workplace=target.folder,
            keyring=Keyring.open(dst),
            progress=tell,
        )
    seconds = time.monotonic() - began
    if as_json:
        click.echo(json.dumps(_plain(done), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_restored(done, lang)))
    click.echo(f"{done.manifest.total:,} rows restored and proved in {seconds:.1f} s", err=True)


def _note(src: str, made: Made, within: timedelta | None) -> None:
    warn_of_writers(src)
    try:
        storage = open_storage(src, create=False)
        try:
            note_backup(storage, made.manifest.made, str(made.path.absolute()), within)
        finally:
            storage.close()
    except StorageError as error:
        click.echo(
            f"warning: {error}; the backup is made, but `ordinance status` does not know of it",
            err=True,
        )


def _made(made: Made, lang: str) -> Iterator[str]:
    found, zh = made.manifest, lang == "zh"
    when = found.made.isoformat(" ", "seconds")
    yield f"{made.path}  {when}  {found.size / 1e6:.1f} MB"
    yield f"{'内容' if zh else 'content'}  sha256 {found.content}"
    yield f"{'文件' if zh else 'file   '}  sha256 {found.sha256}"
    yield _adds_up(found.findings, found.log_faults, zh)


def _restored(done: Restored, lang: str) -> Iterator[str]:
    zh, found = lang == "zh", done.manifest
    when, age = found.made.isoformat(" ", "seconds"), _age(done.age, zh)
    yield (
        f"备份时间 {when}, 距今 {age}; 此后写入的内容不在其中"
        if zh
        else f"the backup was made at {when}, {age} ago: what was stored since is not in it"
    )
    for left in done.left:
        yield from _left(left, zh)
    yield _adds_up(len(done.findings), done.log_faults, zh)


def _left(left: Left, zh: bool) -> Iterator[str]:
    going, stuck, due = len(left.effects), len(left.stuck), len(left.due)
    yield (
        f"{left.shop}: {going} 个动作待做, 可能已做过: 先问对方, 问不到的用原编号再做或等人工"
        if zh
        else f"{left.shop}: {going} effects are to be done, and may have been done since: whoever "
        "can be asked is asked first, others get the same key or wait for a person"
    )
    yield from (f"  {kind:<17} {count:>6,}" for kind, count in _kinds(left.effects).items())
    for stored in left.effects[:MOST_SHOWN]:
        yield f"  {stored.effect.kind}  {stored.effect.key}"
    if going > MOST_SHOWN:
        more = going - MOST_SHOWN
        yield f"  ... 另有 {more} 个 (--json)" if zh else f"  ... and {more} more (--json)"
    yield (
        f"{left.shop}: {stuck} 个动作等人工处理 (`ordinance effects list`); {due} 个定时已到期"
        if zh
        else f"{left.shop}: {stuck} effects wait for a person (`ordinance effects list`); "
        f"{due} timers are due and fire with the first `ordinance work`"
    )
    kinds = Counter(timer.kind for timer in left.due)
    yield from (f"  {kind:<17} {count:>6,}" for kind, count in sorted(kinds.items()))


def _plain(done: Restored) -> dict[str, Any]:
    return {
        "backup": json.loads(done.manifest.to_json()),
        "restored": done.at.isoformat(),
        "age_seconds": int(done.age.total_seconds()),
        "moved_on": done.moved_on,
        "log_faults": done.log_faults,
        "findings": [str(finding) for finding in done.findings],
        "left": [
            {
                "shop": left.shop,
                "effects": [_effect(stored) for stored in left.effects],
                "stuck": [_effect(stored) for stored in left.stuck],
                "due": [{**asdict(timer), "due": timer.due.isoformat()} for timer in left.due],
            }
            for left in done.left
        ],
    }


def _effect(stored: StoredEffect) -> dict[str, str]:
    effect = stored.effect
    return {"key": effect.key, "kind": effect.kind, "state": stored.state.value}


def _kinds(effects: Any) -> Mapping[str, int]:
    return dict(sorted(Counter(stored.effect.kind for stored in effects).items()))


def _adds_up(findings: int, log_faults: int, zh: bool) -> str:
    if log_faults:
        return (
            f"{findings} 处不符, 审计日志 {log_faults} 处不符: 见 `ordinance audit verify`"
            if zh
            else f"{findings} findings, and {log_faults} in the audit log: `ordinance doctor` and "
            "`ordinance audit verify` show them"
        )
    if findings:
        return (
            f"{findings} 处不符: 见 `ordinance doctor`"
            if zh
            else f"{findings} findings: `ordinance doctor` shows them"
        )
    return "全部核对相符" if zh else "everything adds up"


def _age(age: timedelta, zh: bool) -> str:
    """The two largest parts."""
    seconds = max(int(age.total_seconds()), 0)
    days, hours, minutes = seconds // 86_400, seconds // 3600 % 24, seconds // 60 % 60
    parts = [
        (days, "天", "d"),
        (hours, "小时", "h"),
        (minutes, "分", "min"),
        (seconds % 60, "秒", "s"),
    ]
    first = next((number for number, part in enumerate(parts) if part[0]), 3)
    return " ".join(f"{count} {cn if zh else en}" for count, cn, en in parts[first : first + 2])

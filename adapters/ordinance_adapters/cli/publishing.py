"""`ordinance rules publish | approve | rollback | fetch | approval`: what is in force changes."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from zoneinfo import ZoneInfo

import click

from ordinance.audit import codes
from ordinance.ports import EntryKind, StoredEntry, StoredRelease
from ordinance.releases.office import Office, demand_fit, demand_whole
from ordinance.releases.release import from_path
from ordinance.releases.said import NotPublished, person, reason
from ordinance.releases.shadow import FAILED, UNLAWFUL
from ordinance.rules import RuleFileError
from ordinance_adapters.cli import opening
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.look import DB, LANG
from ordinance_adapters.cli.opening import StoredShop
from ordinance_adapters.cli.origin import note_origin, origin

SHOP = click.option(
    "--shop",
    "shop_path",
    type=click.Path(path_type=Path),
    help="shop.yaml or its folder, for a store that is new; default: beside the rules.",
)
BY = click.option("--by", required=True, help="Who does it.")
NOTE = click.option("--note", required=True, help="Why; it stays in the journal.")


class Counter:
    """The office of a store's shop, and how to speak with whoever stands before it."""

    def __init__(self, shop: StoredShop, lang: str) -> None:
        self.shop = shop
        self.office = Office(shop.storage, shop.shop, shop.zone)
        self.lang = lang
        self.clock = shop.clock

    def say(self, zh: str, en: str) -> str:
        """The one of two sentences that is asked for."""
        return zh if self.lang == "zh" else en

    def outcome(self, point: str, word: str) -> str:
        """An outcome in one word; codes are English words, in Chinese they need theirs."""
        if word == FAILED:
            return self.say("失败", word)
        if word == UNLAWFUL:
            return self.say("违法, 由人处理", "unlawful, a person decides")
        return codes.outcome(point, word, "zh") if self.lang == "zh" else word

    def when(self, entry: StoredEntry | StoredRelease) -> str:
        """When it happened, in the zone of the shop."""
        return entry.at.astimezone(self.shop.zone).isoformat(sep=" ", timespec="minutes")[:16]


@contextmanager
def counter(shop: StoredShop, lang: str) -> Iterator[Counter]:
    """The office of a store; what it refuses is told in `lang`, and the store is closed."""
    try:
        with speaking(lang):
            yield Counter(shop, lang)
    finally:
        shop.storage.close()


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """What is refused is told in `lang`."""
    try:
        yield
    except (RuleFileError, NotPublished) as error:
        raise Refused(error.text(lang)) from None


@click.command("publish")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--author", required=True, help="Who answers for the rules.")
@NOTE
@click.option("--requires-approval", is_flag=True, help="Wait until a second person approves.")
@click.option("--base", type=click.IntRange(0, 2**63 - 1), help="The version they were made from.")
@click.option("--drop-law", is_flag=True, help="Law that is in force goes, on purpose.")
@SHOP
@DB
@LANG
def publish(
    path: Path,
    author: str,
    note: str,
    requires_approval: bool,
    base: int | None,
    drop_law: bool,
    shop_path: Path | None,
    db: str,
    lang: str,
) -> None:
    """Check the rules at PATH, and put them in force in every process at once.

    PATH is the whole folder of rules, or one file that takes the place of the published one. Rules
    with errors, without tests, with a test that fails or with a rule that no test fires are
    refused with every reason, and nothing changes.
    """

    def alone(zone: ZoneInfo) -> None:
        """What can be refused without a store, so that none is made for it."""
        release, known = from_path(path, zone)
        person(author)
        reason(note)
        demand_whole(release)
        demand_fit(known, zone)

    with speaking(lang):
        shop = opening.ready(db, shop_path, path, alone)
    with counter(shop, lang) as at:
        storage, name = at.shop.storage, at.shop.shop
        release, known = from_path(path, at.shop.zone)
        before = at.office.status()
        made_from = origin(path, storage, name, before.live) if base is None else base
        entry = at.office.publish(
            release,
            author=author,
            note=note,
            now=at.clock.now(),
            base=made_from or 0,
            part=not path.is_dir(),
            requires_approval=requires_approval,
            drops_law=drop_law,
            checked=known,
        )
        note_origin(path, storage, name, entry.version)
        click.echo(_published(at, entry, before.live, before.entry))


def _published(
    at: Counter, entry: StoredEntry, old: StoredRelease | None, before: StoredEntry | None
) -> str:
    version = entry.version
    if before is not None and entry.seq == before.seq:
        return at.say(
            f"第 {version} 版就是这些规则, 已在生效; 没有改动",
            f"version {version} says the same and is in force; nothing has changed",
        )
    if entry.kind is EntryKind.PROPOSED:
        return at.say(
            f"第 {version} 版已提交, 等待另一个人批准: "
            f"`ordinance rules approve {version} --by 名字`",
            f"version {version} waits for a second person: "
            f"`ordinance rules approve {version} --by NAME`",
        )
    replaced = (
        at.say(f", 替换第 {old.version} 版", f", replacing version {old.version}") if old else ""
    )
    return at.say(f"第 {version} 版已生效{replaced}", f"version {version} is in force{replaced}")


@click.command("approve")
@click.argument("version", type=click.IntRange(1, 2**63 - 1))
@BY
@click.option("--note", default="", help="What there is to say.")
@DB
@LANG
def approve(version: int, by: str, note: str, db: str, lang: str) -> None:
    """Put the proposed VERSION in force, as somebody other than its author."""
    with counter(opening.existing(db, writes=True), lang) as at:
        old = at.office.status().live
        entry = at.office.approve(version, by=by, note=note, now=at.clock.now())
        click.echo(_published(at, entry, old, None))


@click.command("rollback")
@click.argument("version", type=click.IntRange(1, 2**63 - 1), required=False)
@BY
@NOTE
@DB
@LANG
def rollback(version: int | None, by: str, note: str, db: str, lang: str) -> None:
    """Put VERSION in force again; without it, the version before the one in force."""
    with counter(opening.existing(db, writes=True), lang) as at:
        old = at.office.status().live
        entry = at.office.rollback(version, by=by, note=note, now=at.clock.now())
        click.echo(_published(at, entry, old, None))


@click.command("approval")
@click.argument("demanded", type=click.Choice(["always", "on-request"]))
@BY
@NOTE
@DB
@LANG
def approval(demanded: str, by: str, note: str, db: str, lang: str) -> None:
    """Let every release need a second person, or only those that ask for it."""
    with counter(opening.existing(db, writes=True), lang) as at:
        always = demanded == "always"
        at.office.demand_approval(always, by=by, note=note, now=at.clock.now())
        click.echo(
            at.say("今后每次发布都要双人批准", "every release needs a second person from now on")
            if always
            else at.say(
                "只有要求时才需要双人批准", "a release needs a second person only on request"
            )
        )


@click.command("fetch")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--version", type=click.IntRange(1, 2**63 - 1), help="Default: what is in force.")
@DB
@LANG
def fetch(folder: Path, version: int | None, db: str, lang: str) -> None:
    """Write the rule files of a version into FOLDER, to go on from there. Never overwrites."""
    with counter(opening.existing(db), lang) as at:
        live = at.office.status().live
        wanted = version or (live.version if live else 0)
        if not wanted:
            raise Refused(at.say("还没有发布过规则", "nothing was published yet"))
        files = at.office.release(wanted).files
        outside = [name for name in files if PurePath(name).is_absolute() or ".." in name]
        if outside:
            raise Refused(
                at.say(
                    f"`{outside[0]}` 不在文件夹之内, 不写出",
                    f"`{outside[0]}` would leave the folder, so nothing is written",
                )
            )
        there = [name for name in files if (folder / name).exists()]
        if there:
            raise Refused(
                at.say(
                    f"{folder / there[0]} 已存在; 换一个文件夹",
                    f"{folder / there[0]} is there already; name another folder",
                )
            )
        try:
            for name, text in files.items():
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(text.encode())
                click.echo(at.say(f"写出 {target}", f"wrote {target}"))
        except OSError as error:
            raise Refused(f"{folder}: cannot be written ({error.strerror})") from None
        note_origin(folder, at.shop.storage, at.shop.shop, wanted)

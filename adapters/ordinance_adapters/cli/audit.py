"""`ordinance audit`: the log sealed, signed, verified, and proved to somebody else."""

from __future__ import annotations

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any, NoReturn

import click

from ordinance.audit import consistency as growing
from ordinance.audit import proof as proving
from ordinance.audit.checkpoint import (
    NoCheckpoint,
    PublicKey,
    notes_in,
    read_note,
    read_public,
)
from ordinance.audit.exporting import CheckpointPlace, exports, forget
from ordinance.audit.merkle import NotProven
from ordinance.audit.verifying import verify as verified
from ordinance.door import public
from ordinance_adapters.checkpointplaces import FilePlace, places_of
from ordinance_adapters.cli import verdicts
from ordinance_adapters.cli.failure import FALSE, Refused, nearest
from ordinance_adapters.cli.look import DB, JSON, LANG, find
from ordinance_adapters.cli.opening import StoredShop, existing
from ordinance_adapters.cli.sealing import Sealing
from ordinance_adapters.cli.signingkey import public_key_of
from ordinance_adapters.shopfile import read_shop
from ordinance_adapters.signing import checks

FILE = click.Path(path_type=Path)
KEY = click.option(
    "--key", "key", help="The public key, as `ordinance audit key` shows it, or a file with it."
)


PUBLIC = click.option(
    "--key", "key", required=True, help="The public key, as `ordinance audit key` shows it."
)


@click.group()
def audit() -> None:
    """Seal what happened into a log that is signed; verify it; prove an order to somebody."""


@audit.command()
@click.option("--export", "file", type=FILE, help="Also append the checkpoints to this file.")
@click.option("--shop", "shop_path", type=FILE, help="The shop folder that names other places.")
@click.option("--new-key", is_flag=True, help="Go on, though another key has signed before.")
@DB
@LANG
@JSON
def seal(
    file: Path | None,
    shop_path: Path | None,
    new_key: bool,
    db: str,
    lang: str,
    as_json: bool,
) -> None:
    """Seal everything that was committed, sign it, and hand out the checkpoints.

    `ordinance work` does so by itself, every 100 leaves or 60 seconds.
    """
    shop = existing(db, writes=True)
    try:
        places = _places_in(shop_path, shop, db) if shop_path is not None else []
        if file is not None:
            places.append(FilePlace(file.absolute()))
        sealing = Sealing(shop.storage, shop.shop, db, places, new_key=new_key)
        sealed = sealing.all(shop.clock.now())
        last = shop.storage.last_checkpoint(shop.shop)
        size = last.size if last is not None else 0
        mine = {place.name for place in places}
        known = exports(shop.storage, shop.shop)
        failed = [each for each in known if each.error and each.name in mine]
    finally:
        shop.storage.close()
    if as_json:
        click.echo(json.dumps({"sealed": sealed, "size": size, "not_handed_out": len(failed)}))
    elif lang == "zh":
        click.echo(f"新封存 {sealed} 条; 日志共 {size} 条")
    else:
        click.echo(f"{sealed} sealed; the log holds {size}")
    if failed:
        raise SystemExit(1)


@audit.command()
@DB
def key(db: str) -> None:
    """Show the public key that checkpoints are checked with, in one line, for an auditor."""
    shop = existing(db)
    try:
        click.echo(str(public_key_of(shop.storage, shop.shop, db, make=True)))
    finally:
        shop.storage.close()


@audit.command()
@DB
def checkpoint(db: str) -> None:
    """Print the newest checkpoint, to be kept by somebody else: in a mail, a report, on paper."""
    shop = existing(db)
    try:
        last = shop.storage.last_checkpoint(shop.shop)
    finally:
        shop.storage.close()
    if last is None:
        raise Refused("nothing is sealed yet: run `ordinance audit seal` first")
    click.echo(last.note, nl=False)


@audit.command()
@click.option("--forget", "gone", metavar="PLACE", help="Keep no longer how far this place is.")
@DB
@LANG
@JSON
def places(gone: str | None, db: str, lang: str, as_json: bool) -> None:
    """Tell how far each place is that checkpoints are handed out to; exit code 1 when one fails.

    A place that nothing is handed out to any more is told until it is forgotten.
    """
    shop = existing(db, writes=gone is not None)
    try:
        if gone is not None and not forget(shop.storage, shop.shop, gone):
            names = [each.name for each in exports(shop.storage, shop.shop)]
            way = nearest(gone, names) if names else "none is known"
            raise Refused(f"no checkpoints were handed out to `{gone}`; {way}")
        found = exports(shop.storage, shop.shop)
        last = shop.storage.last_checkpoint(shop.shop)
    finally:
        shop.storage.close()
    size = last.size if last is not None else 0
    if as_json:
        told = [{**asdict(each), "behind": size - each.size} for each in found]
        click.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(verdicts.place(each, size, lang) for each in found) or _nowhere(lang))
    if any(each.error for each in found):
        raise SystemExit(1)


def _nowhere(lang: str) -> str:
    if lang == "zh":
        return "检查点尚未交付到任何地方; 在 shop.yaml 中写 `checkpoints`"
    return "checkpoints are handed out nowhere: name places in shop.yaml, under `checkpoints`"


@audit.command()
@click.option(
    "--checkpoint",
    "files",
    type=FILE,
    multiple=True,
    help="A file of checkpoints that was kept outside; may be given again.",
)
@click.option(
    "--key",
    "keys",
    multiple=True,
    help="A public key, as `ordinance audit key` shows it, or a file with it; may be given again.",
)
@DB
@LANG
@JSON
def verify(
    files: tuple[Path, ...], keys: tuple[str, ...], db: str, lang: str, as_json: bool
) -> None:
    """Recompute every chain, every leaf and the tree, and compare them with signed checkpoints.

    Without --checkpoint only with those in the store itself, which somebody who owns it can make
    anew. Ends with exit code 3 when something does not fit, and names the first bad place.
    """
    notes = [note for file in files for note in _notes(file)]
    shop = existing(db)
    try:
        public = [read_key(key) for key in keys] or public_key_of(
            shop.storage, shop.shop, db, make=False
        )
        found = verified(shop.storage, shop.shop, notes, public, checks)
        if as_json:
            told = verdicts.plain(found, lang, own_key=not keys)
            click.echo(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            click.echo("\n".join(verdicts.lines(found, lang, own_key=not keys)))
    finally:
        shop.storage.close()
    if not found.holds:
        raise SystemExit(FALSE)


@audit.command()
@click.argument("order")
@click.option("--out", type=FILE, help="Write it to this file. Default: print it.")
@DB
@LANG
def proof(order: str, out: Path | None, db: str, lang: str) -> None:
    """Prove the history of ORDER: one file that `check-proof` takes with nothing else."""
    shop = existing(db)
    try:
        found = proving.prove(shop.storage, find(shop, order))
    except proving.NothingSealed as error:
        raise Refused(str(error)) from None
    except NotProven as error:
        _refuse_proof(error, lang, False)
    finally:
        shop.storage.close()
    if _written(found, out):
        count = len(found["events"])
        click.echo(f"{out}: {count} 个事件" if lang == "zh" else f"{out}: {count} events")


@audit.command()
@click.argument("old", type=FILE)
@click.argument("new", type=FILE, required=False)
@click.option("--out", type=FILE, help="Write it to this file. Default: print it.")
@DB
@LANG
def consistency(old: Path, new: Path | None, out: Path | None, db: str, lang: str) -> None:
    """Prove that the log only grew from the checkpoint in OLD to that in NEW, or to the newest.

    Of a file with several, the one over most leaves is taken. The proof is one file that
    `check-consistency` takes with nothing else. Exit code 3 where the log did not grow so.
    """
    notes = [_newest(file) for file in (old, new) if file is not None]
    shop = existing(db)
    try:
        last = shop.storage.last_checkpoint(shop.shop)
        if new is None and last is not None:
            notes.append(last.note)
        if len(notes) < 2:
            raise Refused("nothing is sealed yet: run `ordinance audit seal` first")
        found = growing.prove_growth(shop.storage, shop.shop, *notes)
    except NoCheckpoint as error:
        raise Refused(str(error)) from None
    except NotProven as error:
        _refuse_proof(error, lang, False)
    finally:
        shop.storage.close()
    if _written(found, out):
        count = len(found["proof"])
        click.echo(f"{out}: {count} 个哈希" if lang == "zh" else f"{out}: {count} hashes")


@audit.command("check-consistency")
@click.argument("file", type=FILE)
@PUBLIC
@LANG
@JSON
def check_consistency(file: Path, key: str, lang: str, as_json: bool) -> None:
    """Check the proof in FILE with the public key, and nothing else: no store, no network."""
    public = read_key(key)
    try:
        before, after = growing.check_growth(_text(file), public, checks)
    except (NotProven, NoCheckpoint) as error:
        _refuse_proof(error, lang, as_json)
    told: dict[str, Any] = {
        "proven": True,
        "log": after.origin,
        "old": {"size": before.size, "at": before.at.isoformat()},
        "new": {"size": after.size, "at": after.at.isoformat()},
        "key": public.id.hex(),
    }
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else verdicts.grown(told, lang))


@audit.command("check-proof")
@click.argument("file", type=FILE)
@PUBLIC
@LANG
@JSON
def check_proof(file: Path, key: str, lang: str, as_json: bool) -> None:
    """Check the proof in FILE with the public key, and nothing else: no store, no network."""
    public = read_key(key)
    try:
        found = proving.check_proof(_text(file), public, checks)
    except (NotProven, NoCheckpoint) as error:
        _refuse_proof(error, lang, as_json)
    told: dict[str, Any] = {
        "proven": True,
        "order": found.record.number,
        "events": len(found.events),
        "log": found.checkpoint.origin,
        "size": found.checkpoint.size,
        "at": found.checkpoint.at.isoformat(),
        "key": public.id.hex(),
    }
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False))
        return
    click.echo(verdicts.proven(told, lang))
    for event in found.events:
        at = event.at.isoformat(" ", "seconds")
        click.echo(f"  {event.version:>4}  {at}  {event.kind}  ({event.actor})")


def _written(proof: dict[str, Any], out: Path | None) -> bool:
    """Write a proof to a file, or print it; whether there is a file to be told of."""
    text = json.dumps(proof, ensure_ascii=False, indent=1) + "\n"
    if out is None:
        click.echo(text, nl=False)
        return False
    try:
        out.write_text(text, "utf-8")
    except OSError as error:
        raise Refused(f"{out}: {error.strerror}") from None
    return True


def _refuse_proof(error: Exception, lang: str, as_json: bool) -> NoReturn:
    if as_json:
        click.echo(json.dumps({"proven": False, "why": str(error)}, ensure_ascii=False))
    else:
        click.echo(f"{'未证实' if lang == 'zh' else 'not proven'}: {error}")
    raise SystemExit(FALSE) from None


def _newest(file: Path) -> str:
    """The checkpoint of a file that is over most leaves."""
    try:
        return max(_notes(file), key=lambda note: read_note(note).size)
    except NoCheckpoint as error:
        raise Refused(f"{file}: {error}") from None


def _places_in(folder: Path, shop: StoredShop, db: str) -> list[CheckpointPlace]:
    profile = read_shop(folder).profile
    if profile.shop != shop.shop:
        raise Refused(
            f"{public(db)}: is kept for the shop `{shop.shop}`, and --shop names `{profile.shop}`"
        )
    return places_of(profile, None)


def read_key(told: str) -> PublicKey:
    """The public key of `--key`. Raises `Refused`."""
    is_file = os.path.isfile(told)
    try:
        return read_public(_text(Path(told)) if is_file else told)
    except NoCheckpoint as error:
        where = told if is_file else "--key"
        neither = "" if is_file else ", and there is no such file"
        raise Refused(f"{where}: {error}{neither}") from None


def _notes(file: Path) -> list[str]:
    try:
        return list(notes_in(_text(file)))
    except NoCheckpoint as error:
        raise Refused(f"{file}: {error}") from None


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise Refused(f"{file}: this is no text; give the file as it was handed out") from None

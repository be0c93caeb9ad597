"""The starter rules: a copy of ours to begin a shop with."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path


class StarterError(Exception):
    """The starter rules were not written; the message says why and what to do."""


def write_starter(target: Path, *, source: Traversable | None = None) -> list[Path]:
    """Copy the starter rules into the folder `target`, and return the files written, in order.

    The folder is made where it is missing. All or nothing: a file that is there already is never
    overwritten. Raises `StarterError`, and leaves no file behind, when one is, or when the folder
    cannot be written. `source` is another folder of rules to copy instead of ours.
    """
    files = list(_files(starter_rules() if source is None else source))
    if not files:
        raise StarterError(
            "the starter rules are missing from this installation\n"
            "  help: install `ordinance` again"
        )
    written: list[Path] = []
    made: list[Path] = []
    try:
        for parts, file in files:
            path = target.joinpath(*parts)
            made += [folder for folder in path.parents if not folder.exists()]
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as out:
                written.append(path)
                out.write(file.read_bytes())
    except BaseException as error:
        _take_back(written, made)
        if isinstance(error, FileExistsError | NotADirectoryError):
            raise StarterError(
                f"`{_in_the_way(path)}` is there already, so nothing was written\n"
                "  help: name another folder, or move it away"
            ) from error
        if isinstance(error, OSError):
            raise StarterError(
                f"cannot write the starter rules to `{target}`: {_lower(error.strerror)}\n"
                "  help: name a folder that you may write to"
            ) from error
        raise
    return written


def starter_rules() -> Traversable:
    """The folder of the starter rules: inside the installed package, or `rules/` of a checkout."""
    packaged = resources.files("ordinance_adapters") / "starter_rules"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[2] / "rules"


def _files(folder: Traversable, *above: str) -> Iterator[tuple[tuple[str, ...], Traversable]]:
    """Each file below a folder with the parts of its path, in order, hidden ones left out."""
    if not folder.is_dir():
        return
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.name.startswith((".", "__")):
            continue
        if entry.is_dir():
            yield from _files(entry, *above, entry.name)
        else:
            yield (*above, entry.name), entry


def _take_back(written: list[Path], made: list[Path]) -> None:
    for path in written:
        path.unlink(missing_ok=True)
    for folder in sorted(made, key=lambda folder: len(folder.parts), reverse=True):
        with suppress(OSError):  # never made, or someone else put something in it
            folder.rmdir()


def _in_the_way(path: Path) -> Path:
    """What stands where a file was to be written: itself, or a file in the place of a folder."""
    return next((one for one in (path, *path.parents) if os.path.lexists(one)), path)


def _lower(reason: str | None) -> str:
    return reason[:1].lower() + reason[1:] if reason else "the system gave no reason"

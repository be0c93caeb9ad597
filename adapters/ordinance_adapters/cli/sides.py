"""What `ordinance rules diff` compares: a version, what is in force, or rules in a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ordinance.releases.release import from_path
from ordinance.rules import Rulebook
from ordinance_adapters.cli.failure import Refused
from ordinance_adapters.cli.publishing import Counter

LIVE = "live"


@dataclass(frozen=True, slots=True)
class Side:
    """Rules by decision point, and what they are called."""

    name: str
    rules: Rulebook
    part: bool = False
    """One file of a folder: what it does not answer is not compared."""


def side(at: Counter, text: str) -> Side:
    """The rules that `text` names. Raises `Refused` when it names none."""
    if text == LIVE or (text.isascii() and text.isdigit()):
        live = at.office.status().live
        if text == LIVE and live is None:
            raise Refused(at.say("还没有发布过规则", "nothing was published yet"))
        version = live.version if text == LIVE and live is not None else int(text[:18])
        return Side(
            at.say(f"第 {version} 版", f"version {version}"), at.office.release(version).book
        )
    path = Path(text)
    if not path.exists():
        raise Refused(
            at.say(
                f"`{text}` 不是版本, 也不是文件; 写版本号, `live` 或路径",
                f"`{text}` is no version and no file; give a version, `live` or a path",
            )
        )
    release, _known = from_path(path, at.shop.zone)
    return Side(text, release.book, part=not path.is_dir())


def common(old: Side, new: Side) -> tuple[Rulebook, Rulebook]:
    """What both sides are compared by: all points, or those that a single file answers."""
    points = set(old.rules) | set(new.rules)
    for one in (old, new):
        if one.part:
            points &= set(one.rules)
    before, after = (
        Rulebook([rules for point, rules in one.rules.items() if point in points])
        for one in (old, new)
    )
    return before, after

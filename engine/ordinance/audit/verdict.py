"""What verifying the audit log found: each fault with its place, and all of it as one verdict."""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from math import inf

from ordinance.auditlog import LeafKind

MOST_KEPT = 1000
"""Faults that are kept, those in the first places; the others are counted."""


class Wrong(StrEnum):
    """In which way a place is wrong."""

    ALTERED = "altered"
    MISSING = "missing"
    INSERTED = "inserted"
    SWAPPED = "swapped"
    """It stands where another one was sealed."""
    RESTAMPED = "re-stamped"
    """Altered, with every hash made anew so that they fit each other."""
    TRUNCATED = "truncated"
    ROLLED_BACK = "rolled back"
    """All of it fits, and is an older state than the one that was signed."""
    SPLIT = "split view"
    """Two checkpoints were signed that cannot both be of one log."""
    SIGNATURE = "signature false"


@dataclass(frozen=True, slots=True)
class Row:
    """Which row something is about; see `auditlog.Leaf`."""

    kind: LeafKind
    subject: str = ""
    part: str = ""
    number: int = 0

    @property
    def told(self) -> str:
        """The row as it is named to people."""
        if self.kind is LeafKind.ORDER:
            return f"order {self.subject} event {self.number}"
        if self.kind is LeafKind.STOCK:
            return f"stock {self.subject} at {self.part} movement {self.number}"
        if self.kind is LeafKind.RELEASE:
            return f"version {self.number} of the rules"
        return f"rule journal entry {self.number}"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not fit. `why` is a key of `WHY`, `values` what its sentence names."""

    wrong: Wrong
    why: str
    place: int | None = None
    """Its place in the log; for a root that does not fit, the first that may be to blame."""
    row: Row | None = None
    values: tuple[tuple[str, object], ...] = ()

    def text(self, lang: str = "en") -> str:
        """The fault in a sentence."""
        en, zh = WHY[self.why]
        return (zh if lang == "zh" else en).format(**dict(self.values))

    def _turn(self) -> tuple[float, str, str, str, int]:
        row = self.row
        key = (row.kind.value, row.subject, row.part, row.number) if row else ("", "", "", 0)
        return (inf if self.place is None else self.place, *key)

    def __lt__(self, other: Fault) -> bool:
        return self._turn() < other._turn()


WHY = {
    "content": (
        "what it says is not what was hashed when it was stored",
        "内容与存入时计算哈希的内容不同",
    ),
    "content_sealed": (
        "what it says is not what was sealed",
        "内容与封存时不同",
    ),
    "evidence": (
        "the decisions that it was made by are not those that are stored",
        "其依据的决策与库中所存不符",
    ),
    "restamped": (
        "it fits the rows before it, and is not what was sealed: it was rewritten with its hash",
        "与前面的记录相符, 但不是当初封存的那一条: 内容与哈希被一并改写",
    ),
    "elsewhere": (
        "this is what was sealed as number {number}",
        "此处是封存时的第 {number} 条",
    ),
    "gap": ("it is not there, though a later one is", "缺失, 而其后的记录还在"),
    "stray": ("it was sealed and is not there", "已封存, 但记录不在了"),
    "unplaced": (
        "it has no place in the log, though later ones of its row of numbers have one",
        "日志中没有它的位置, 而同一序列中更晚的却有",
    ),
    "end_cut": (
        "nothing after it is there, though {last} were stored",
        "其后的记录不在了, 而应有 {last} 条",
    ),
    "end_grown": (
        "only {last} were stored by commands",
        "经由命令存入的只有 {last} 条",
    ),
    "head": (
        "the order names another event as its last",
        "订单所记的最后事件不是这一条",
    ),
    "unsealed": (
        "{sealed} were sealed, and {found} of them have a place in the log",
        "已封存 {sealed} 条, 日志中只有 {found} 条",
    ),
    "resealed": (
        "{found} have a place in the log, and it says that {sealed} were sealed: the rest would "
        "be sealed again, so that nothing more can be",
        "日志中有 {found} 条, 却记为只封存 {sealed} 条: 会重复封存, 以致无法继续封存",
    ),
    "no_owner": ("there is no such order or counter", "没有对应的订单或库存计数"),
    "place_missing": ("the log has no leaf in this place", "日志的这个位置没有叶子"),
    "log_cut": (
        "the log ends here, though {size} leaves were sealed",
        "日志到此为止, 而已封存 {size} 条",
    ),
    "beyond": ("the log has a leaf here that nobody sealed", "日志在此有一片未经封存的叶子"),
    "frontier": (
        "the log does not grow from what is kept to grow it",
        "日志与其续写状态不符",
    ),
    "root": (
        "the log of {size} leaves is not the one that the checkpoint kept in the store names; "
        "it was the right one for {good} leaves",
        "前 {size} 条的日志与库中检查点不符; 前 {good} 条相符",
    ),
    "outside_root": (
        "the log of {size} leaves is not the one that was signed and handed out; "
        "it was the right one for {good} leaves",
        "前 {size} 条的日志与已交付的签名检查点不符; 前 {good} 条相符",
    ),
    "outside_longer": (
        "{size} leaves were signed and handed out at {at}, and there are {found}",
        "{at} 签名交付时有 {size} 条, 现在只有 {found} 条",
    ),
    "two_views": (
        "two different logs of {size} leaves were signed",
        "同为 {size} 条, 却签出了两份不同的日志",
    ),
    "note": ("the checkpoint kept in the store is none: {said}", "库中的检查点无效: {said}"),
    "note_row": (
        "the checkpoint kept in the store was put under another size or instant",
        "库中的检查点被放在别的长度或时刻之下",
    ),
    "note_gap": (
        "a checkpoint that stood before this one, over {size} leaves, is not there",
        "此前应有的检查点 (前 {size} 条) 不在了",
    ),
    "note_last": (
        "there is no checkpoint over all {size} leaves",
        "没有覆盖全部 {size} 条的检查点",
    ),
    "outside_note": ("the checkpoint from outside is false: {said}", "外部检查点无效: {said}"),
}
"""The sentence of each kind of fault, in English and Chinese."""


@dataclass(slots=True)
class Faults:
    """The faults found so far, the first ones kept."""

    count: int = 0
    kept: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        """Take in one; what is told of the same row again, and with no place, is left out."""
        same = [each for each in self.kept if each.row is not None and each.row == fault.row]
        if same and fault.place is None:
            return
        for each in same:
            if each.place is None:
                self.kept.remove(each)
                self.count -= 1
        self.count += 1
        insort(self.kept, fault)
        del self.kept[MOST_KEPT:]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a log came to."""

    size: int
    """Leaves in the log."""
    covered: int
    """Leaves under a checkpoint from outside that fits."""
    covered_at: datetime | None
    outside: int
    """Checkpoints from outside that were compared."""
    kept: int
    """Checkpoints kept in the store that were compared."""
    rows: dict[LeafKind, int]
    """Rows that stand in the log."""
    unsealed: dict[LeafKind, int]
    """Rows that wait to be sealed: an event among them is checked by its chain, others not yet."""
    faults: tuple[Fault, ...]
    """The first faults, by place; those of no place come last."""
    count: int
    """How many faults there are in all."""

    @property
    def holds(self) -> bool:
        """Whether nothing is wrong."""
        return self.count == 0

    @property
    def first(self) -> Fault | None:
        """The fault in the first place."""
        return self.faults[0] if self.faults else None

"""An explanation: the outcome, what led to it, what did not, and by which values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from ordinance.rules.decision import Decision, Plain
from ordinance.rules.kinds import Words
from ordinance.rules.tree import Place


class Fate(StrEnum):
    """What became of a rule."""

    FIRED = "fired"
    FAILED = "failed"
    UNKNOWN = "unknown"
    NOT_IN_FORCE = "not_in_force"
    OUT_OF_SCOPE = "out_of_scope"
    GROUP_TAKEN = "group_taken"
    PRECEDED = "preceded"
    SET_ASIDE = "set_aside"
    """It was true, but the decision failed or hangs on something unknown."""
    SKIPPED = "skipped"
    """A soft exclusion that would have left no candidate."""


FATES: dict[Fate, Words] = {
    Fate.FIRED: Words("命中", "fired"),
    Fate.FAILED: Words("未命中", "did not fire"),
    Fate.UNKNOWN: Words("待定", "unknown"),
    Fate.NOT_IN_FORCE: Words("未生效", "not in force"),
    Fate.OUT_OF_SCOPE: Words("不在适用范围", "out of scope"),
    Fate.GROUP_TAKEN: Words("同组已命中", "group already served"),
    Fate.PRECEDED: Words("已有规则先行", "another rule came first"),
    Fate.SET_ASIDE: Words("成立但未采用", "true, but set aside"),
    Fate.SKIPPED: Words("已跳过", "skipped"),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One rule: what became of it, and why. The sentence is made when it is asked for."""

    id: str
    title: Words | None
    fate: Fate
    say: Callable[[str], str] = field(repr=False, compare=False)
    """The sentence in one language (`zh` or `en`)."""
    stands: Place
    """Where the rule stands."""

    @property
    def sentence(self) -> Words:
        """The sentence in both languages."""
        return Words(self.say("zh"), self.say("en"))

    @property
    def place(self) -> str:
        """`file:line`."""
        return f"{self.stands.file}:{self.stands.line}"


@dataclass(frozen=True, slots=True)
class Standing:
    """One candidate: its place (None: excluded), and why it is not the first."""

    code: str
    place: int | None
    sentence: Words


@dataclass(frozen=True, slots=True)
class UsedValue:
    """A named value that the rules used: what it was on the day, and since when."""

    name: str
    label: Words
    value: Words
    since: date | None
    source: Words | None


@dataclass(frozen=True, slots=True)
class Answered:
    """One field of the outcome in words."""

    name: str
    label: Words
    value: Words


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why a decision came out as it did. Everything is computed from the rules and the facts."""

    decision: Decision
    title: Words
    outcome: tuple[Answered, ...]
    settled: Words
    """How the outcome came about: by rules, by `otherwise`, or why it could not be decided."""
    reasons: tuple[Reason, ...]
    """Every rule in file order."""
    candidates: tuple[Standing, ...]
    values: tuple[UsedValue, ...]
    place: str
    """`file:line` of the rule set."""
    version: str | None
    as_of: Words | None
    """The fact whose date chose the dated values, where the file names one."""

    @property
    def fired(self) -> tuple[Reason, ...]:
        """The rules that fired."""
        return tuple(reason for reason in self.reasons if reason.fate is Fate.FIRED)

    @property
    def others(self) -> tuple[Reason, ...]:
        """The rules that did not fire."""
        return tuple(reason for reason in self.reasons if reason.fate is not Fate.FIRED)

    def text(self, lang: str) -> str:
        """The explanation to read, in `lang` (`zh` or `en`), without a final line break."""
        return "\n".join(self._lines(lang))

    def plain(self, lang: str) -> dict[str, Plain]:
        """The explanation as plain values with words in `lang`, to send or to store."""
        decision = self.decision
        return {
            "point": decision.point,
            "title": self.title.get(lang),
            "outcome": dict(decision.outcome),
            "words": {item.name: item.value.get(lang) for item in self.outcome},
            "settled_by": decision.settled_by,
            "settled": self.settled.get(lang),
            "fired": [_plain_reason(reason, lang) for reason in self.fired],
            "others": [_plain_reason(reason, lang) for reason in self.others],
            "candidates": [
                {"code": item.code, "place": item.place, "why": item.sentence.get(lang)}
                for item in self.candidates
            ],
            "values": [
                {
                    "name": item.name,
                    "label": item.label.get(lang),
                    "value": item.value.get(lang),
                    "since": item.since.isoformat() if item.since else None,
                    "source": item.source.get(lang) if item.source else None,
                }
                for item in self.values
            ],
            "place": self.place,
            "version": self.version,
            "rules_hash": decision.rules_hash,
            "facts_hash": decision.facts_hash,
            "engine": decision.engine,
            "as_of": decision.as_of.isoformat() if decision.as_of else None,
            "at": decision.at.isoformat() if decision.at else None,
        }

    def table(self, lang: str) -> tuple[tuple[str, ...], ...]:
        """Rows of (rule or candidate, title, what became of it, why, place), headings first."""
        headings = _HEADINGS[0 if lang == "zh" else 1]
        rules = (
            (
                reason.id,
                reason.title.get(lang) if reason.title else "",
                FATES[reason.fate].get(lang),
                reason.say(lang),
                reason.place,
            )
            for reason in self.reasons
        )
        candidates = (
            (
                item.code,
                "",
                _EXCLUDED.get(lang) if item.place is None else f"#{item.place}",
                item.sentence.get(lang),
                "",
            )
            for item in self.candidates
        )
        return (headings, *rules, *candidates)

    def _lines(self, lang: str) -> Iterator[str]:
        answers = [f"{item.label.get(lang)} {item.value.get(lang)}" for item in self.outcome]
        yield f"{self.title.get(lang)}: {'; '.join(answers) or _NOTHING.get(lang)}"
        yield f"  {self.settled.get(lang)}"
        yield from _section(_WHY, self.fired, lang, fates=False)
        yield from _section(_WHY_NOT, self.others, lang, fates=True)
        if self.candidates:
            yield _CANDIDATES.get(lang)
            for item in self.candidates:
                place = "-" if item.place is None else f"{item.place}."
                yield f"  {place} {item.code}: {item.sentence.get(lang)}"
        if self.values:
            yield _VALUES.get(lang)
            for value in self.values:
                yield f"  {_value_line(value, lang)}"
        yield _SOURCE.get(lang)
        yield f"  {self._source(lang)}"

    def _source(self, lang: str) -> str:
        decision = self.decision
        parts = [self.place]
        if self.version is not None:
            parts.append(f"版本 {self.version}" if lang == "zh" else f"version {self.version}")
        parts.append(f"{'指纹' if lang == 'zh' else 'hash'} {decision.rules_hash[:12]}")
        if decision.as_of is not None:
            named = f" ({self.as_of.get(lang)})" if self.as_of else ""
            parts.append(f"{'取值日' if lang == 'zh' else 'as of'} {decision.as_of}{named}")
        if decision.at is not None:
            moment = decision.at.isoformat(sep=" ", timespec="minutes")
            parts.append(f"{'决策于' if lang == 'zh' else 'decided at'} {moment}")
        return ", ".join(parts)


_HEADINGS = (
    ("规则", "名称", "结果", "原因", "位置"),
    ("rule", "title", "result", "reason", "place"),
)
_EXCLUDED = Words("已排除", "excluded")
_NOTHING = Words("无", "nothing")
_WHY = Words("为什么", "Why")
_WHY_NOT = Words("其他规则为什么没有命中", "Why not the others")
_CANDIDATES = Words("候选", "Candidates")
_VALUES = Words("所用参数", "Values used")
_SOURCE = Words("出处", "Source")


def _section(heading: Words, reasons: Sequence[Reason], lang: str, *, fates: bool) -> Iterator[str]:
    if not reasons:
        return
    yield heading.get(lang)
    for reason in reasons:
        name = f"{reason.id} {reason.title.get(lang)}" if reason.title else reason.id
        fate = f" [{FATES[reason.fate].get(lang)}]" if fates else ""
        yield f"  {name}{fate}: {reason.say(lang)} ({reason.place})"


def _value_line(value: UsedValue, lang: str) -> str:
    label = value.label.get(lang)
    named = value.name if label == value.name else f"{label} ({value.name})"
    since = ""
    if value.since is not None:
        since = f", 自 {value.since}" if lang == "zh" else f", since {value.since}"
    source = f" [{value.source.get(lang)}]" if value.source else ""
    return f"{named} {value.value.get(lang)}{since}{source}"


def _plain_reason(reason: Reason, lang: str) -> dict[str, Plain]:
    return {
        "id": reason.id,
        "title": reason.title.get(lang) if reason.title else None,
        "result": reason.fate.value,
        "why": reason.say(lang),
        "place": reason.place,
    }

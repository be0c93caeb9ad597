"""One finding of a check: a problem in both languages, with an example order where there is one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from ordinance.rules import scalar
from ordinance.rules.checking.example import CLOCK_AXIS, Example
from ordinance.rules.checking.setting import Setting
from ordinance.rules.deciding.vocabulary import CANDIDATES, CODE, LINES, Vocabulary
from ordinance.rules.decision import Plain
from ordinance.rules.kinds import Kind, Value, Words
from ordinance.rules.point import Fact
from ordinance.rules.problem import Problem, Severity
from ordinance.rules.tree import Place

_CLOCK = Words("决策时刻", "time of deciding")
_ABSENT = Words("缺失", "is missing")
_NO_LINES = Words("没有商品行", "no lines")
_ANY = Words("任意订单", "any order")
_MOST_LINES = 3
_CANDIDATE = "candidate."
_EMPTY = Words("", "")


@dataclass(frozen=True, slots=True)
class Finding(Problem):
    """What a check found. `message` and `help` of a problem are its English words."""

    said: Words = _EMPTY
    way: Words | None = None
    example: Words | None = None
    """An order for which it is so, in words."""
    facts: Mapping[str, object] | None = None
    """The facts of the example, as tests give them: an embedded test can be made of them."""
    places: tuple[Place, ...] = ()
    """Further places that have to do with it."""
    subject: tuple[str, ...] = ()
    """What it is about: two findings of one code and subject are the same finding."""
    held: tuple[Setting, ...] = field(default=(), compare=False)
    """Where it holds."""

    def words(self, lang: str) -> str:
        """What is wrong, in `lang`."""
        return self.said.get(lang)

    def way_out(self, lang: str) -> str | None:
        """How to write it right, in `lang`."""
        return None if self.way is None else self.way.get(lang)

    def example_in(self, lang: str) -> str | None:
        """The order in words, in `lang`."""
        return None if self.example is None else self.example.get(lang)

    def plain(self, lang: str) -> dict[str, Plain]:
        """The finding as plain values, its sentences in `lang`."""
        return {
            "code": self.code,
            "severity": self.severity,
            "place": None if self.place is None else str(self.place),
            "also": [str(place) for place in self.places],
            "message": self.said.get(lang),
            "example": None if self.example is None else self.example.get(lang),
            "help": None if self.way is None else self.way.get(lang),
        }


def finding(
    code: str,
    severity: Severity,
    said: Words,
    place: Place | None,
    *,
    way: Words | None = None,
    subject: Sequence[str] = (),
    places: Iterable[Place] = (),
    example: Words | None = None,
    facts: Mapping[str, object] | None = None,
) -> Finding:
    """A finding; `subject` tells it from others of its code."""
    return Finding(
        code,
        said.en,
        place,
        None if way is None else way.en,
        severity,
        said,
        way,
        example,
        facts,
        tuple(places),
        tuple(subject),
    )


def where_it_holds(found: Finding, every: Sequence[Setting]) -> Finding:
    """The finding with the periods and values for which it holds, unless it always does.

    `every` are the settings that were looked at, those of the file's own values first.
    """
    plain = [setting for setting in every if not setting.params]
    held = [setting for setting in found.held if not setting.params]
    if len(held) == len(plain):
        return found
    first = min(held or found.held, key=lambda setting: len(setting.params))
    zh, en = _period(first)
    if not held:
        values = [_value(name, value, first) for name, value in first.params.items()]
        zh = "、".join(filter(None, [zh, *(value.zh for value in values)]))
        en = " and ".join(filter(None, [en, *(value.en for value in values)]))
    more = len({(setting.period) for setting in held}) - 1
    if more > 0:
        zh, en = f"{zh} (另有 {more} 个时段)", f"{en} (and in {more} more periods)"
    if not en:
        return found
    said = Words(f"{zh}: {found.said.zh}", f"{en}: {found.said.en}")
    return replace(found, said=said, message=said.en)


def _period(setting: Setting) -> tuple[str, str]:
    start, end = setting.period.start, setting.period.end
    if not setting.dated or (start is None and end is None):
        return "", ""
    if start is None:
        return f"{end} 之前", f"before {end}"
    if end is None:
        return f"{start} 起", f"from {start}"
    return f"{start} 到 {end} (不含)", f"from {start} to {end} (excluded)"


def _value(name: str, value: Value, setting: Setting) -> Words:
    param = (setting.tree.params or {})[name]
    label = param.label or Words(f"`{name}`", f"`{name}`")
    told = [scalar.render(value, param.kind, lang, unit=param.unit) for lang in ("zh", "en")]
    return Words(f"{label.zh} ({name}) 设为 {told[0]} 时", f"where `{name}` is set to {told[1]}")


def in_words(example: Example, vocabulary: Vocabulary) -> Words:
    """The facts of an example that matter, in the words of a merchant."""
    return Words(_told(example, vocabulary, "zh"), _told(example, vocabulary, "en"))


def as_given(example: Example) -> dict[str, object]:
    """The facts of an example as an embedded test gives them."""
    given: dict[str, object] = {
        name: value for name, value in example.values.items() if not name.startswith(_CANDIDATE)
    }
    if example.lines:
        given[LINES] = tuple(example.lines)
    own = {name: value for name, value in example.values.items() if name not in given}
    if own or example.rivals:
        given[CANDIDATES] = tuple(
            {CODE: code, **facts} for code, facts in zip("AB", (own, *example.rivals), strict=False)
        )
    return given


def _told(example: Example, vocabulary: Vocabulary, lang: str) -> str:
    parts: list[str] = []
    for name in example.matter or tuple(example.values):
        if name == LINES:
            parts.append(_lines(example, vocabulary, lang))
        elif name == CLOCK_AXIS and example.clock is not None:
            moment = scalar.render(example.clock, Kind.TIME_OF_DAY, lang)
            parts.append(f"{_CLOCK.get(lang)} {moment}")
        elif name in example.absent:
            parts.append(f"{_word(vocabulary.facts[name], lang)} {_ABSENT.get(lang)}")
        elif name in example.values:
            parts.append(_pair(vocabulary.facts[name], example.values[name], lang))
    return ("、" if lang == "zh" else ", ").join(parts) or _ANY.get(lang)


def _lines(example: Example, vocabulary: Vocabulary, lang: str) -> str:
    if not example.lines:
        return _NO_LINES.get(lang)
    told = [
        " ".join(_pair(vocabulary.facts[name], value, lang) for name, value in line.items())
        for line in example.lines[:_MOST_LINES]
    ]
    more = len(example.lines) - len(told)
    if lang == "zh":
        end = f" 等 {len(example.lines)} 行" if more else ""
        return f"商品行 ({'; '.join(told)}){end}"
    count = f"{len(example.lines)} lines" if len(example.lines) > 1 else "a line"
    return f"{count} ({'; '.join(told)}{'; ...' if more else ''})"


def _pair(fact: Fact, value: Value, lang: str) -> str:
    said = scalar.render(value, fact.kind, lang, unit=fact.unit, choices=fact.choices)
    if isinstance(value, datetime):
        said = f"{said} {value.isoformat(timespec='minutes')[16:]}"
    return f"{_word(fact, lang)} {said}"


def _word(fact: Fact, lang: str) -> str:
    return fact.words.get(lang)

"""A first rule file for a decision point: it reads, its tests pass, and comments say what to do."""

from __future__ import annotations

from collections.abc import Sequence

from ordinance.rules import phrases
from ordinance.rules.kinds import Kind, Value, Words
from ordinance.rules.layout import fmt
from ordinance.rules.layout.flow import Written, flow
from ordinance.rules.point import Argument, DecisionPoint, Fact, Field, Hit, Merge
from ordinance.rules.scalar import KIND_WORDS, plain
from ordinance.rules.starter.sample import sample_of, sample_value
from ordinance.rules.tree import Comparator
from ordinance.rules.words import BOOLEANS, COMPARATORS, COMPARATORS_OF, HITS, KEYS, KINDS_ZH

_FACTS = Words("可用的事实", "facts to ask for")
_FIELDS = Words("结论的字段", "fields of the outcome")
_WAYS = Words("比较方式", "comparisons")
_CHANGE = Words(
    "示例规则: 换成自己的条件和结论", "a sample: put in your own conditions and outcome"
)
_UNKNOWN = Words("事实未知、结论取决于它时", "when the outcome hangs on a fact that is unknown")
_ELSE = Words("没有规则适用时", "when no rule applies")
_PROVE = Words(
    "每条规则至少一个测试; 没有测试的文件不能发布",
    "at least one test for each rule; a file without tests is not published",
)
_TITLE = Words("示例规则", "a sample rule")
_FIRES = Words("规则适用", "the rule applies")
_RESTS = Words("规则不适用", "the rule does not apply")
_WORTH = 10
"""Points that the sample rule of a score gives."""


def starter(point: DecisionPoint, lang: str = "zh") -> str:
    """A commented rule file in `lang` (`zh` or `en`) that answers `point` with its usual hit
    policy: one sample rule and the tests that prove it, in the canonical layout."""
    return fmt(_Page(point, lang).text(), file=f"{point.area}.yaml")


class _Page:
    """Writes one starter file."""

    def __init__(self, point: DecisionPoint, lang: str) -> None:
        self._point = point
        self._lang = lang
        self._hit = point.hits[0]
        prefix = "candidate." if self._hit is Hit.RANK else ""
        self._sample = sample_of(point.facts, prefix)

    def text(self) -> str:
        point = self._point
        lines = [*self._heading(), ""]
        lines.append(f"{self._key('decision')}: {flow(point.name)}")
        lines.append(f"{self._key('title')}: {flow(self._words(point.title))}")
        lines.append(f"{self._key('version')}: 1")
        lines.append(f"{self._key('hit')}: {self._hit_word()}")
        lines += ["", f"# {_CHANGE.get(self._lang)}", *self._rules()]
        lines += ["", f"# {_UNKNOWN.get(self._lang)}"]
        lines.append(f"{self._key('when_unknown')}: {flow(self._outcome(last=True, whole=True))}")
        otherwise = self._outcome(last=False, whole=True)
        if self._hit is Hit.SCORE:
            otherwise = {self._key("points"): "0"}
        lines += ["", f"# {_ELSE.get(self._lang)}"]
        lines.append(f"{self._key('otherwise')}: {flow(otherwise)}")
        lines += ["", f"# {_PROVE.get(self._lang)}", *self._tests()]
        return "\n".join(lines) + "\n"

    # What is there to use

    def _heading(self) -> list[str]:
        point, lang = self._point, self._lang
        lines = [f"# {point.title.get(lang)}: {point.question.get(lang)}", "#"]
        lines.append(f"# {_FACTS.get(lang)}:")
        lines += [f"#   {self._fact_line(fact)}" for fact in point.facts]
        lines += ["#", f"# {_FIELDS.get(lang)}:"]
        for field in point.fields:
            lines.append(f"#   {self._item_line(field)}")
            lines += [f"#     {self._item_line(argument)}" for argument in field.arguments]
        lines += ["#", f"# {_WAYS.get(lang)}:"]
        kinds = {fact.kind: None for fact in point.facts}
        return [*lines, *(f"#   {self._kind(kind)}: {self._ways(kind)}" for kind in kinds)]

    def _fact_line(self, fact: Fact) -> str:
        note = f"; {fact.note.get(self._lang)}" if fact.note else ""
        return f"{self._item_line(fact)}{note}"

    def _item_line(self, item: Fact | Field | Argument) -> str:
        said = "" if self._lang == "zh" else f"{item.words.en}, "
        if isinstance(item, Field) and item.arguments:
            return f"{self._name(item)}  {said}".rstrip(", ")
        kind = self._kind(item.kind)
        if item.choices:
            kind = " | ".join(_spelled(choice.code, item, self._lang) for choice in item.choices)
        unit = f" ({item.unit})" if item.unit else ""
        return f"{self._name(item)}  {said}{kind}{unit}"

    def _kind(self, kind: Kind) -> str:
        return KINDS_ZH[kind] if self._lang == "zh" else KIND_WORDS[kind]

    def _ways(self, kind: Kind) -> str:
        return ", ".join(self._comparator(comparator) for comparator in COMPARATORS_OF[kind])

    # The sample

    def _rules(self) -> list[str]:
        if self._hit is Hit.RANK:
            return self._ranking()
        rule: dict[str, Written] = {
            **self._about("R1"),
            self._key("when"): self._condition(),
            self._key("then"): self._then(),
            self._key("because"): self._because(),
        }
        lines = [f"{self._key('rules')}: [{flow(rule)}]"]
        if self._hit is Hit.SCORE:
            below = {self._comparator(Comparator.BELOW): str(_WORTH)}
            above = {self._comparator(Comparator.AT_LEAST): str(_WORTH)}
            low: Written = {**below, **self._outcome(last=False, whole=True)}
            high: Written = {**above, **self._outcome(last=True, whole=True)}
            lines += ["", f"{self._key('bands')}: {flow([low, high])}"]
        return lines

    def _ranking(self) -> list[str]:
        rule: dict[str, Written] = {
            **self._about("X1"),
            self._key("when"): self._condition(),
            self._key("because"): self._because(),
        }
        identity = next(fact for fact in self._point.facts if fact.name == "candidate.code")
        lines = [f"{self._key('exclude')}: [{flow(rule)}]"]
        measured = [
            fact
            for fact in self._point.facts
            if fact.name.startswith("candidate.") and fact.kind in (Kind.MONEY, Kind.DECIMAL)
        ]
        if measured:
            wish = {self._key("id"): "P1", self._key("least"): self._name(measured[0])}
            lines.append(f"{self._key('prefer')}: {flow([wish])}")
        return [*lines, f"{self._key('tie_break')}: {flow([self._name(identity)])}"]

    def _about(self, id: str) -> dict[str, Written]:
        return {self._key("id"): id, self._key("title"): self._words(_TITLE)}

    def _condition(self) -> Written:
        sample = self._sample
        value = _spelled(sample.bound, sample.fact, self._lang)
        return {self._name(sample.fact): {self._comparator(sample.comparator): value}}

    def _because(self) -> Written:
        fact = self._sample.fact
        phrase = phrases.phrase(self._sample.comparator, fact.kind)
        said = Words(
            phrase.zh.format(_spelled(self._sample.bound, fact, "zh")),
            phrase.en.format(_spelled(self._sample.bound, fact, "en")),
        )
        asked = f"{{{self._name(fact)}}}"
        return self._words(
            Words(f"{fact.words.zh} {asked}, {said.zh}", f"{fact.words.en} {asked}, {said.en}")
        )

    def _then(self) -> dict[str, Written]:
        if self._hit is Hit.SCORE:
            return {self._key("points"): str(_WORTH)}
        return self._outcome(last=True, whole=self._hit is not Hit.COLLECT) or self._any_field()

    def _any_field(self) -> dict[str, Written]:
        field = self._point.fields[0]
        return {self._name(field): self._field(field, last=True)}

    def _outcome(self, *, last: bool, whole: bool) -> dict[str, Written]:
        """The required fields; where there are none, and something must be said, the first."""
        needed = [field for field in self._point.fields if field.required]
        if self._hit is Hit.RANK:
            needed = [field for field in self._point.fields if field.choices] or needed
        outcome = {self._name(field): self._field(field, last=last) for field in needed}
        return outcome or (self._any_field() if whole and self._point.fields else {})

    def _field(self, field: Field, *, last: bool) -> Written:
        if field.arguments:
            whole: Written = {
                self._name(argument): _spelled(sample_value(argument, last), argument, self._lang)
                for argument in field.arguments
                if argument.required
            }
            return [whole] if field.many else whole
        value = _spelled(sample_value(field, last), field, self._lang)
        return [value] if field.many or field.merge in (Merge.UNION, Merge.LIST) else value

    # The tests

    def _tests(self) -> list[str]:
        rule = "X1" if self._hit is Hit.RANK else "R1"
        tests: list[Written] = [
            self._test(_FIRES, self._sample.met, [rule]),
            self._test(_RESTS, self._sample.missed, []),
        ]
        return [f"{self._key('tests')}: {flow(tests)}"]

    def _test(self, name: Words, value: Value, fired: Sequence[str]) -> Written:
        given: dict[str, Written] = {
            self._name(self._sample.fact): _spelled(value, self._sample.fact, self._lang)
        }
        expected: dict[str, Written] = {self._key("fired"): list(fired)}
        if self._hit is Hit.RANK:
            one = {**given, self._given_name("candidate.code"): "A1"}
            other = {
                self._name(self._sample.fact): _spelled(
                    self._sample.missed, self._sample.fact, self._lang
                ),
                self._given_name("candidate.code"): "B1",
            }
            given = {self._key("candidates"): [one, other]}
            left = ["B1"] if fired else ["A1", "B1"]
            expected = {self._key("ranking"): left, **expected}
        elif self._hit is Hit.SCORE:
            outcome = self._outcome(last=bool(fired), whole=True)
            expected = {**outcome, self._key("points"): str(_WORTH if fired else 0), **expected}
        elif fired:
            expected = {**self._then(), **expected}
        else:
            expected = {**self._outcome(last=False, whole=True), **expected}
        return {
            self._key("name"): self._words(name),
            self._key("given"): given,
            self._key("expect"): expected,
        }

    # Spelling

    def _key(self, key: str) -> str:
        return KEYS[key] if self._lang == "zh" else key

    def _comparator(self, comparator: Comparator) -> str:
        return COMPARATORS[comparator].zh if self._lang == "zh" else comparator.value

    def _hit_word(self) -> str:
        return HITS[self._hit.value] if self._lang == "zh" else self._hit.value

    def _name(self, item: Fact | Field | Argument) -> str:
        return item.words.zh if self._lang == "zh" else item.name

    def _given_name(self, name: str) -> str:
        fact = self._point.fact(name)
        return self._name(fact) if fact else name

    def _words(self, words: Words) -> Written:
        return {self._key("zh"): words.zh, self._key("en"): words.en}


def _spelled(value: Value, item: Fact | Field | Argument, lang: str) -> str:
    if isinstance(value, bool):
        return BOOLEANS[value].zh if lang == "zh" else str(value).lower()
    if lang == "zh" and isinstance(value, str):
        return next((c.words.zh for c in item.choices if c.code == value), value)
    return str(plain(value))

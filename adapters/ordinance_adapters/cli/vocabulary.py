"""`ordinance points`: what rule files may say, for merchants."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import get_close_matches

import click

from ordinance.rules import Argument, Choice, DecisionPoint, Fact, Field, Missing
from ordinance.rules.decision import Plain
from ordinance.rules.registry import points as known_points
from ordinance.rules.scalar import plain, render
from ordinance.rules.words import HITS, KEYS, KINDS_ZH, unit_words
from ordinance_adapters.cli.failure import Refused


@click.command()
@click.argument("point", required=False)
@click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True)
@click.option("--json", "as_json", is_flag=True)
def points(point: str | None, lang: str, as_json: bool) -> None:
    """List the decision points, or all words of one POINT: its facts and its outcomes."""
    known = known_points()
    if point is None:
        if as_json:
            told = {
                item.name: {"zh": item.title.zh, "en": item.title.en} for item in known.values()
            }
            click.echo(json.dumps(told, ensure_ascii=False, indent=2))
            return
        for item in known.values():
            click.echo(f"{item.name:<22} {item.title.get(lang)}: {item.question.get(lang)}")
        return
    if point not in known:
        near = get_close_matches(point, known, n=1)
        hint = f"did you mean `{near[0]}`?" if near else "list them with `ordinance points`"
        raise Refused(f"no decision point `{point}`; {hint}")
    found = known[point]
    if as_json:
        click.echo(json.dumps(_plain(found), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_Told(found, lang).lines()))


class _Told:
    """The words of one decision point in one language; the spelling of that language first."""

    def __init__(self, point: DecisionPoint, lang: str) -> None:
        self.point = point
        self.lang = lang

    def lines(self) -> list[str]:
        point, say = self.point, self.say
        hits = (f"{HITS[hit]} ({hit})" if self.lang == "zh" else str(hit) for hit in point.hits)
        lines = [
            f"{point.name}  {point.title.get(self.lang)}",
            f"  {point.question.get(self.lang)}",
            f"  {say('命中', 'hit')}: {', '.join(hits)}",
        ]
        if point.scopes:
            keys = [say(f"{KEYS.get(key, key)} ({key})", key) for key in point.scopes]
            lines.append(f"  {say('范围', 'scope')}: {', '.join(keys)}")
        lines.append(f"  {say('事实 (缺失的视为未知)', 'facts (one that is absent is unknown)')}:")
        for fact in point.facts:
            lines.append(f"    {self.spelled(fact)}  {self.fact(fact)}")
        lines.append(f"  {say('结论', 'outcomes')}:")
        for field in point.fields:
            needed = say(" (必填)", " (needed)") if field.required else ""
            lines.append(f"    {self.spelled(field)}{needed}: {self.allowed(field)}")
            for part in field.arguments:
                lines.append(f"      {self.spelled(part)}: {self.allowed(part)}")
        return lines

    def say(self, zh: str, en: str) -> str:
        return zh if self.lang == "zh" else en

    def spelled(self, item: Fact | Field | Argument) -> str:
        zh, en = item.words.zh, item.name
        return f"{zh} / {en}" if self.lang == "zh" else f"{en} / {zh}"

    def fact(self, fact: Fact) -> str:
        """Its kind and limits, what it is, and the words that it may be."""
        said = [f"({self.kind(fact)})"]
        if self.lang == "en":
            said.append(fact.words.en)
        if fact.note:
            said.append(fact.note.get(self.lang))
        if fact.missing is Missing.ERROR:
            said.append(self.say("缺失时报错", "an error when it is absent"))
        if fact.missing is Missing.DEFAULT and fact.default is not None:
            value = render(fact.default, fact.kind, self.lang, unit=fact.unit, choices=fact.choices)
            said.append(self.say(f"缺失时取 {value}", f"{value} when it is absent"))
        head, *rest = said
        told = f"{head} {'; '.join(rest)}".rstrip()
        return f"{told}: {self.words(fact.choices)}" if fact.choices else told

    def kind(self, fact: Fact) -> str:
        parts = [KINDS_ZH[fact.kind] if self.lang == "zh" else str(fact.kind)]
        if fact.unit:
            parts.append(self.say(unit_words(fact.unit, "zh"), fact.unit))
        if fact.at_least is not None:
            low = render(fact.at_least, fact.kind, self.lang)
            parts.append(self.say(f"不低于 {low}", f"at least {low}"))
        if fact.at_most is not None:
            high = render(fact.at_most, fact.kind, self.lang)
            parts.append(self.say(f"不高于 {high}", f"at most {high}"))
        return ", ".join(parts)

    def allowed(self, item: Field | Argument) -> str:
        if isinstance(item, Field) and item.arguments:
            return self.say("由以下各项组成", "made of")
        if item.choices:
            return self.words(item.choices)
        kind = KINDS_ZH[item.kind] if self.lang == "zh" else str(item.kind)
        unit = self.say(unit_words(item.unit, "zh"), item.unit) if item.unit else ""
        return f"{kind}, {unit}" if unit else kind

    def words(self, choices: Sequence[Choice]) -> str:
        if self.lang == "zh":
            return ", ".join(f"{choice.words.zh} ({choice.code})" for choice in choices)
        return ", ".join(f"{choice.code} ({choice.words.en})" for choice in choices)


def _plain(point: DecisionPoint) -> dict[str, object]:
    return {
        "name": point.name,
        "title": {"zh": point.title.zh, "en": point.title.en},
        "question": {"zh": point.question.zh, "en": point.question.en},
        "hits": [hit.value for hit in point.hits],
        "scopes": dict(point.scopes),
        "facts": [
            {
                "name": fact.name,
                "zh": fact.words.zh,
                "en": fact.words.en,
                "kind": fact.kind.value,
                "unit": fact.unit,
                "at_least": None if fact.at_least is None else plain(fact.at_least),
                "at_most": None if fact.at_most is None else plain(fact.at_most),
                "missing": fact.missing.value,
                "default": None if fact.default is None else plain(fact.default),
                "note": {"zh": fact.note.zh, "en": fact.note.en} if fact.note else None,
                "choices": _choices(fact.choices),
            }
            for fact in point.facts
        ],
        "outcomes": [
            {
                "name": field.name,
                "zh": field.words.zh,
                "en": field.words.en,
                "kind": field.kind.value,
                "unit": field.unit,
                "many": field.many,
                "required": field.required,
                "merge": field.merge.value,
                "choices": _choices(field.choices),
                "arguments": [
                    {
                        "name": item.name,
                        "zh": item.words.zh,
                        "kind": item.kind.value,
                        "choices": _choices(item.choices),
                    }
                    for item in field.arguments
                ],
            }
            for field in point.fields
        ],
    }


def _choices(choices: Sequence[Choice]) -> list[Plain]:
    return [
        {"code": choice.code, "zh": choice.words.zh, "en": choice.words.en} for choice in choices
    ]

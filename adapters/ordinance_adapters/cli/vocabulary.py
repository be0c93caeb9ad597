"""`ordinance points`: what rule files may say, for merchants."""

from __future__ import annotations

import json
from difflib import get_close_matches

import click

from ordinance.rules import DecisionPoint, Fact, Hit, Kind, Words
from ordinance.rules.registry import points as known_points
from ordinance.rules.words import HITS, KINDS_ZH, unit_words
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
        click.echo(_text(found, lang))


def _text(point: DecisionPoint, lang: str) -> str:
    facts, outcomes, usual = (
        ("事实", "结论", "命中") if lang == "zh" else ("facts", "outcomes", "hit")
    )
    lines = [
        f"{point.name}  {point.title.get(lang)}",
        f"  {point.question.get(lang)}",
        f"  {usual}: {', '.join(_hit(hit, lang) for hit in point.hits)}",
        f"  {facts}:",
        *(f"    {_fact(fact, lang)}" for fact in point.facts),
        f"  {outcomes}:",
    ]
    for field in point.fields:
        allowed = ", ".join(_both(c.code, c.words, lang) for c in field.choices)
        inside = ", ".join(_both(a.name, a.words, lang) for a in field.arguments)
        told = allowed or inside or _kind(field.kind, lang)
        lines.append(f"    {_spellings(field.name, field.words, lang)}: {told}")
    return "\n".join(lines)


def _fact(fact: Fact, lang: str) -> str:
    unit = f", {unit_words(fact.unit, lang) if lang == 'zh' else fact.unit}" if fact.unit else ""
    said = [fact.words.en] if lang == "en" else []
    said += [fact.note.get(lang)] if fact.note else []
    told = f"{_spellings(fact.name, fact.words, lang)}  ({_kind(fact.kind, lang)}{unit})"
    if said:
        told += f" {'; '.join(said)}"
    if fact.choices:
        codes = (c.words.zh if lang == "zh" else c.code for c in fact.choices)
        told += f": {', '.join(codes)}"
    return told


def _spellings(name: str, words: Words, lang: str) -> str:
    """Both spellings, that of the language first."""
    return f"{words.zh} / {name}" if lang == "zh" else f"{name} / {words.zh}"


def _both(code: str, words: Words, lang: str) -> str:
    """What may be written, and the same in the other spelling or in words."""
    return f"{words.zh} ({code})" if lang == "zh" else f"{code} ({words.en})"


def _kind(kind: Kind, lang: str) -> str:
    return KINDS_ZH[kind] if lang == "zh" else kind.value


def _hit(hit: Hit, lang: str) -> str:
    return f"{HITS[hit]} ({hit})" if lang == "zh" else hit.value


def _plain(point: DecisionPoint) -> dict[str, object]:
    return {
        "name": point.name,
        "title": {"zh": point.title.zh, "en": point.title.en},
        "hits": [hit.value for hit in point.hits],
        "facts": [
            {
                "name": fact.name,
                "zh": fact.words.zh,
                "en": fact.words.en,
                "kind": fact.kind.value,
                "unit": fact.unit,
                "choices": [choice.code for choice in fact.choices],
            }
            for fact in point.facts
        ],
        "outcomes": [
            {
                "name": field.name,
                "zh": field.words.zh,
                "kind": field.kind.value,
                "choices": [choice.code for choice in field.choices],
                "arguments": [item.name for item in field.arguments],
            }
            for field in point.fields
        ],
    }

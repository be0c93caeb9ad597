"""Chinese and English: either spelling of every word gives the same tree and the same hash."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ordinance.rules.reading import Reading
from ordinance.rules.tree import RuleSet
from ordinance.rules.words import (
    ALWAYS,
    ANY_CELL,
    BOOLEANS,
    COMPARATORS,
    FAIL,
    HITS,
    KEYS,
    TOTALS,
    UNITS,
    UNSET_CELL,
)
from tests.rules.reading.files import one_set, read
from tests.rules.sample_point import POINTS

EXAMPLES = Path(__file__).parent / "examples"
WORD = r"(?<![\w.]){}(?![\w.])"


def twins() -> dict[str, str]:
    """The Chinese spelling of every English word that may stand in the sample files."""
    words = {
        **KEYS,
        **{word.value: twin.zh for word, twin in COMPARATORS.items()},
        **HITS,
        **TOTALS,
        **{words.en: words.zh for words in (BOOLEANS[True], BOOLEANS[False])},
        "true": "是",
        "false": "否",
        "day": UNITS["day"].zh,
        "g": UNITS["g"].zh,
        "48 h": "48小时",
        "7 d": "7天",
    }
    for one, other in (ALWAYS, UNSET_CELL, FAIL):
        words[one] = other
    for point in POINTS.values():
        words[point.name] = point.title.zh
        words |= {fact.name: fact.words.zh for fact in point.facts}
        for field in point.fields:
            words |= {field.name: field.words.zh}
            words |= {
                f"{field.name}.{a.name}": f"{field.words.zh}.{a.words.zh}" for a in field.arguments
            }
        for item in (*point.facts, *point.fields):
            words |= {choice.code: choice.words.zh for choice in item.choices}
    return words


def translated(text: str, flips: list[bool]) -> str:
    """The text with the words at the flipped places in Chinese."""
    words = twins()
    pattern = re.compile(
        WORD.format("(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + ")")
    )
    places = iter(range(10_000))

    def twin(match: re.Match[str]) -> str:
        if not flips[next(places) % len(flips)]:
            return match.group()
        return in_its_place(match, words)

    return pattern.sub(twin, text)


def in_its_place(match: re.Match[str], words: dict[str, str]) -> str:
    """A word that is spelled like another one elsewhere is told apart by what surrounds it."""
    word, rest = match.group(), match.string[match.end() :]
    before = match.string[: match.start()].rstrip(" ")
    is_key = rest.startswith(":")
    if word == "any" and not is_key:
        return ANY_CELL[1]
    if word == "hold":
        return "等待" if is_key else "拦截"
    if word == "outcome" and is_key:
        return "结论"
    if word in ("gift", "remedy") or (word in KEYS and not is_key and not before.endswith("$")):
        return words[word] if is_key or word not in KEYS else word
    return words[word]


def shape(reading: Reading) -> str:
    """Everything that was read, without places."""
    return re.sub(r"Place\([^)]*\)", "Place", repr([without_hash(s) for s in reading.sets]))


def without_hash(rules: RuleSet) -> tuple[object, ...]:
    return (
        rules.point.name,
        rules.hit,
        rules.rules,
        rules.otherwise,
        rules.when_unknown,
        rules.params,
        rules.lists,
        rules.total,
        rules.bands,
        rules.prefer,
        rules.weights,
        rules.tie_break,
        rules.effective,
        rules.as_of,
        rules.most_specific,
        rules.tests,
        rules.hash,
    )


@pytest.mark.parametrize("name", ["everything", "weights", "gift"])
def test_a_file_that_is_all_chinese_is_the_same(name: str) -> None:
    text = (EXAMPLES / f"{name}.yaml").read_text("utf-8")

    chinese = translated(text, [True])

    assert chinese != text
    assert shape(read(chinese)) == shape(read(text))


@settings(deadline=None)
@given(flips=st.lists(st.booleans(), min_size=1, max_size=300))
def test_a_file_may_mix_the_two_languages_anywhere(flips: list[bool]) -> None:
    text = (EXAMPLES / "everything.yaml").read_text("utf-8")

    assert shape(read(translated(text, flips))) == shape(read(text))


def test_the_samples_hold_every_word_of_the_language() -> None:
    text = "".join(
        (EXAMPLES / f"{name}.yaml").read_text("utf-8") for name in ("everything", "weights")
    )
    words = [
        *(key for key in KEYS if key not in ("zh", "en", "warehouses", "shops", "carriers")),
        *(word.value for word in COMPARATORS),
    ]

    assert [word for word in words if not re.search(WORD.format(word), text)] == []


def test_no_two_words_share_a_chinese_spelling() -> None:
    assert len(set(KEYS.values())) == len(KEYS)
    assert len({twin.zh for twin in COMPARATORS.values()}) == len(COMPARATORS)


def test_a_rank_written_in_chinese_by_hand_is_the_english_one() -> None:
    chinese = """\
决策: 分仓
命中: 排序
排除:
  - 编号: X1
    当: {候选仓.可送达: {等于: 否}}
    因为: {中文: 不送该地区, 英文: does not serve the region}
  - 编号: X2
    必须: 是
    当: {任一行: {商品行.冷链: {等于: 是}}, 候选仓.冷链: {等于: 否}}
    因为: {zh: 无冷链, en: no cold chain}
优先:
  - {编号: P1, 最多: 候选仓.可满足行数}
  - {编号: P2, 最少: 候选仓.距离, 相差小于: 30}
  - {编号: P3, 最少: 候选仓.成本}
决胜: [候选仓.优先级, 候选仓.编码]
未知时: {结论: 未分仓}
否则: {结论: 未分仓}
"""
    english = (EXAMPLES / "source.yaml").read_text("utf-8")

    assert one_set(chinese).hash == one_set(english).hash

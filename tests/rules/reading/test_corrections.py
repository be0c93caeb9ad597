"""What people write in their own way is refused, and the message says how it is written here."""

from __future__ import annotations

from itertools import product

import pytest

from ordinance.rules import respelling
from ordinance.rules.kinds import Kind
from ordinance.rules.provinces import PROVINCES, province
from ordinance.rules.reading import synonyms
from ordinance.rules.scalar import ScalarError, parse
from ordinance.rules.tree import Comparator
from ordinance.rules.words import COMPARATORS, KEYS
from tests.rules.reading.files import FIRST, read, told, with_when


@pytest.mark.parametrize(
    ("kind", "text", "help"),
    [
        (Kind.MONEY, "5,000", "write `5000`"),
        (Kind.MONEY, "1,234,567.50", "write `1234567.50`"),
        (Kind.MONEY, "¥5000", "write `5000`"),
        (Kind.MONEY, "￥ 5000", "write `5000`"),
        (Kind.MONEY, "$5000", "write `5000`"),
        (Kind.MONEY, "5000元", "write `5000`"),
        (Kind.MONEY, "1.5万", "write `15000`"),
        (Kind.MONEY, "5k", "write `5000`"),
        (Kind.MONEY, "５０００", "write `5000`"),
        (Kind.MONEY, "五千", "write digits alone"),
        (Kind.MONEY, "5000,50", "write digits alone"),
        (Kind.MONEY, "50%", "write it as a plain number"),
        (Kind.INTEGER, "+30", "write `30`"),
        (Kind.INTEGER, "－30", "write `-30`"),
        (Kind.INTEGER, "20件", "write `20`"),
        (Kind.INTEGER, "7 days", "write `7`"),
        (Kind.RATIO, "50％", "write `50%`"),
        (Kind.RATIO, "百分之五十", "write a share such as `0.2` or `20%`"),
        (Kind.DATE, "2026/11/1", "write `2026-11-01`"),
        (Kind.DATE, "2026.11.01", "write `2026-11-01`"),
        (Kind.DATE, "2026年11月1日", "write `2026-11-01`"),
        (Kind.DATE, "20261101", "write `2026-11-01`"),
        (Kind.DATE, "2026/13/1", "write it like `2026-11-05`"),
        (Kind.DATE, "11-01", "write it like `2026-11-05`"),
        (Kind.TIME_OF_DAY, "9:00", "write `09:00`"),
        (Kind.TIME_OF_DAY, "22：00", "write `22:00`"),
        (Kind.TIME_OF_DAY, "22点", "write `22:00`"),
        (Kind.TIME_OF_DAY, "22点半", "write `22:30`"),
        (Kind.TIME_OF_DAY, "晚上10点", "write `22:00`"),
        (Kind.TIME_OF_DAY, "12am", "write `00:00`"),
        (Kind.TIME_OF_DAY, "12 pm", "write `12:00`"),
        (Kind.TIME_OF_DAY, "24:00", "write `00:00`"),
        (Kind.TIME_OF_DAY, "25点", "write it like `22:30`"),
        (Kind.REGION, "海南", 'write the code of 海南, `"46"`'),
        (Kind.REGION, "广西壮族自治区", '`"45"`'),
        (Kind.REGION, "Hainan", 'write the code of Hainan, `"46"`'),
        (Kind.REGION, "杭州", "write a code, not a name"),
    ],
)
def test_a_value_in_another_spelling_is_refused_and_corrected(
    kind: Kind, text: str, help: str
) -> None:
    with pytest.raises(ScalarError) as refused:
        parse(text, kind)

    assert help in str(refused.value.help)


@pytest.mark.parametrize(
    ("meant", "kind", "texts"),
    [
        (respelling.number, Kind.DECIMAL, ["5,000", "¥1", "1.5万", "２０件", "-7,000.5", "3k"]),
        (respelling.day, Kind.DATE, ["2026/1/2", "2026年1月2日", "20260102"]),
        (respelling.clock, Kind.TIME_OF_DAY, ["9点", "下午3点半", "11 PM", "0:5"]),
    ],
)
def test_every_correction_can_be_read(meant: object, kind: Kind, texts: list[str]) -> None:
    assert callable(meant)
    for text in texts:
        parse(meant(text), kind)


def test_every_province_is_a_region_code_and_is_found_by_each_of_its_names() -> None:
    for code, names in PROVINCES.items():
        assert parse(code, Kind.REGION) == code
        for name, kind in product(names, ("", "省", "市", "自治区", "特别行政区")):
            assert province(f"{name}{kind}") == code


def test_no_synonym_is_a_word_of_the_language_with_another_meaning() -> None:
    spelled = {str(item): item for item in Comparator} | {
        words.zh: item for item, words in COMPARATORS.items()
    }

    for word, meant in synonyms._MEANT.items():
        assert spelled.get(word, meant) is meant, word
    words = [word for item in synonyms._COMPARATORS.values() for word in item.split()]
    assert sorted(words) == sorted(set(words))
    assert {name for name in synonyms._KEYS if name not in KEYS} <= {*Comparator}


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        (">=", "at_least"),
        ("≥", "at_least"),
        ("大于等于", "at_least"),
        ("Greater Than", "above"),
        ("超过", "above"),
        ("小于", "below"),
        ("不满", "below"),
        ("less-than", "below"),
        ("不超过", "at_most"),
        ("!=", "is_not"),
        ("==", "is"),
        ("in", "one_of"),
    ],
)
def test_another_word_for_a_comparator_is_told_in_both_spellings(word: str, meant: str) -> None:
    zh = COMPARATORS[Comparator(meant)].zh

    assert f"help: write `{meant}` (`{zh}`)" in told(
        with_when(f'{{order.receivable: {{"{word}": 5}}}}')
    )


@pytest.mark.parametrize(
    ("when", "told_so"),
    [
        ('{order.paid: ">= 5"}', "E_OPERATOR: `>= 5` compares, and a value is wanted here"),
        ("{order.paid: at_least 5}", "help: write `{at_least: 5}`"),
        ("{订单.已付: 低于 5}", "help: write `{below: 5}`"),
        ("order.paid >= 5", "help: write `order.paid: {at_least: 5}`"),
        ("{order.paid：5, order.type: gift}", "full-width colon in `order.paid：5`"),
        ("{order.paid: {at_least:5}}", "no blank after the colon in `at_least:5`"),
        ("{order.paid: {at_least:\u30005}}", "no ordinary blank after the colon"),
        ("{order.paid: {at_least: 5,000}}", "help: write `5000`"),
        ("{and: [{order.paid: 1}]}", "`and` is not needed: all conditions of one map"),
        ("{或者: [{order.paid: 1}]}", "`或者` is written `any` (`任一`) here"),
        ("[{order.paid: 1}]", "conditions that must all hold stand in one map"),
        ("{receiver.region: 46, 54}", "`54` stands after a comma, which ended the value"),
        ("{receiver.region: “46”}", "E_CHAR: full-width quotes around `46`"),
        ('{receiver.region: "46, 54"}', 'help: write each on its own: `["46", "54"]`'),
        ("{order.local_time: {between: 22:00-06:00}}", '`between: {from: "22:00", to: "06:00"}`'),
        ("{order.total_sum: 1}", "help: facts here: `order.paid_at`, "),
        ("{basket: 1}", "help: facts begin with `order.`, "),
    ],
)
def test_a_condition_in_another_style_is_refused_and_corrected(when: str, told_so: str) -> None:
    assert told_so in told(with_when(when))


@pytest.mark.parametrize("name", ["x", "＄x"])
@pytest.mark.parametrize("when", ["{order.paid: NAME}", "{order.paid: {one_of: NAME}}"])
def test_a_name_without_its_dollar_is_told(when: str, name: str) -> None:
    text = with_when(when.replace("NAME", name), "lists: {x: {values: [1, 2]}}\n")

    assert f"`{name}` stands without `$`\n  help: write `$x` for the list" in told(text)


@pytest.mark.parametrize(
    ("when", "warned"),
    [
        ("{order.message: missing}", "write `{missing: true}`"),
        ("{order.message: 缺失}", "`缺失` is taken for a text"),
        ("{order.channel: [web，app]}", "`web，app` is one text, comma and all"),
    ],
)
def test_a_text_that_was_hardly_meant_as_one_is_warned_about(when: str, warned: str) -> None:
    (warning,) = read(with_when(when)).warnings

    assert warning.code == "W_WORD" and warned in str(warning)
    assert (
        read(
            with_when(
                when.replace(": ", ': "').replace("}", '"}').replace('"[', '["').replace(']"', '"]')
            )
        ).warnings
        == ()
    )


def test_a_key_in_another_word_is_read_on_as_it_was_meant() -> None:
    """One mistake, one message: neither the missing key nor the rules that are not there."""
    text = FIRST.replace("WHEN", "{order.paid: 1}").replace("rules:", "rule:")
    tests = "tests: [{name: a, given: {order.paid: 1}, expect: {fired: [R1]}}]\n"

    assert told(text + tests) == (
        "r.yaml:3:1: error E_UNKNOWN_KEY: unknown key `rule` in the decision\n"
        "  help: write `rules` (`规则`)"
    )


def test_a_rule_without_its_dash_is_told_once() -> None:
    text = FIRST.replace("WHEN", "{order.paid: 1}").replace(
        "  - {id: R1, when: {order.paid: 1}, then: {outcome: hold}}",
        "  - id: R1\n    when: always\n    then: {outcome: hold}\n"
        "    id: R2\n    when: always\n    then: {outcome: hold}",
    )

    assert told(text).count("error") == 1
    assert "help: begin a new rule with `- id: ...`" in told(text)

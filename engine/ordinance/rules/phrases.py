"""How a comparison reads after its fact, for each kind of fact, and how its denial reads.

The words come from the table of the comparators; where a kind means something of its own by a
comparator (a region lies *in* another one, a day is *later* than another), it has its own words.
"""

from __future__ import annotations

from collections.abc import Mapping

from ordinance.rules.kinds import Kind, Words
from ordinance.rules.tree import Comparator
from ordinance.rules.words import COMPARATORS

_VERBS = ("is ", "starts ", "ends ", "contains ", "matches ", "does not ")
"""What an English phrase begins with that has its own verb."""
_PLACES = ("in ", "not in ", "earlier ", "later ")
"""What an English phrase begins with that needs a verb to be asked for."""

_REGION: Mapping[Comparator, Words] = {
    Comparator.IS: Words("属于 {0}", "in {0}"),
    Comparator.IS_NOT: Words("不属于 {0}", "not in {0}"),
    Comparator.ONE_OF: Words("属于 {0}", "in one of {0}"),
    Comparator.NONE_OF: Words("不属于 {0}", "in none of {0}"),
}
_TIME: Mapping[Comparator, Words] = {
    Comparator.AT_LEAST: Words("不早于 {0}", "{0} or later"),
    Comparator.ABOVE: Words("晚于 {0}", "later than {0}"),
    Comparator.AT_MOST: Words("不晚于 {0}", "{0} or earlier"),
    Comparator.BELOW: Words("早于 {0}", "earlier than {0}"),
}
_NAME: Mapping[Comparator, Words] = {
    Comparator.IS: Words("为 {0}", "is {0}"),
    Comparator.IS_NOT: Words("不为 {0}", "is not {0}"),
}
_BY_KIND: Mapping[Kind, Mapping[Comparator, Words]] = {
    Kind.REGION: _REGION,
    Kind.DATE: _TIME,
    Kind.INSTANT: _TIME,
    Kind.TIME_OF_DAY: _TIME,
    Kind.BOOLEAN: _NAME,
    Kind.CHOICE: _NAME,
    Kind.TEXT: _NAME,
}

OPPOSITES: Mapping[Comparator, Comparator] = {
    Comparator.IS: Comparator.IS_NOT,
    Comparator.IS_NOT: Comparator.IS,
    Comparator.AT_LEAST: Comparator.BELOW,
    Comparator.BELOW: Comparator.AT_LEAST,
    Comparator.ABOVE: Comparator.AT_MOST,
    Comparator.AT_MOST: Comparator.ABOVE,
    Comparator.ONE_OF: Comparator.NONE_OF,
    Comparator.NONE_OF: Comparator.ONE_OF,
    Comparator.CONTAINS_ANY: Comparator.CONTAINS_NONE,
    Comparator.CONTAINS_NONE: Comparator.CONTAINS_ANY,
}
"""What a present value passes exactly when it does not pass the other."""
_DENIALS: Mapping[Comparator, Words] = {
    Comparator.BETWEEN: Words(
        "不在 {0} (含) 和 {1} (不含) 之间", "not from {0} (included) to {1} (excluded)"
    ),
    Comparator.STARTS_WITH: Words("开头不是 {0}", "does not start with {0}"),
    Comparator.ENDS_WITH: Words("结尾不是 {0}", "does not end with {0}"),
    Comparator.CONTAINS: Words("不含 {0}", "does not contain {0}"),
    Comparator.CONTAINS_ALL: Words("不全含 {0}", "does not contain all of {0}"),
    Comparator.MATCHES: Words("不匹配 {0}", "does not match {0}"),
    Comparator.MISSING: Words("有值", "is not missing"),
}


def phrase(comparator: Comparator, kind: Kind, *, denied: bool = False) -> Words:
    """What follows the fact in a sentence: `at least {0}`, `不低于 {0}`; `denied`, its denial."""
    if denied:
        opposite = OPPOSITES.get(comparator)
        return _DENIALS[comparator] if opposite is None else phrase(opposite, kind)
    return _BY_KIND.get(kind, {}).get(comparator) or COMPARATORS[comparator].phrase


def stated(english: str) -> str:
    """An English phrase after a subject: `is at least 5`, `contains tea`."""
    return english if english.startswith(_VERBS) else f"is {english}"


def needed(english: str) -> str:
    """An English phrase after "needs": `at least 5`, `to be in 33`, `a value that contains tea`."""
    if english.startswith("is not "):
        return f"anything but {english.removeprefix('is not ')}"
    if english.startswith("is "):
        return english.removeprefix("is ")
    if english.startswith(_VERBS):
        return f"a value that {english}"
    return f"to be {english}" if english.startswith(_PLACES) else english

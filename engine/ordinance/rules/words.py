"""The words of the language: every comparator with its two spellings and its phrase in sentences.

One table serves the reader (spellings) and the explainer (phrases), so that a sentence can never
say "greater than" over a test that means "at least".
"""

from __future__ import annotations

from dataclasses import dataclass

from ordinance.rules.kinds import Words
from ordinance.rules.tree import Comparator


@dataclass(frozen=True, slots=True)
class ComparatorWords:
    """Chinese spelling in rule files, and the phrase after the fact in a sentence.

    `{0}` and `{1}` in the phrases are the operands.
    """

    zh: str
    phrase: Words


COMPARATORS: dict[Comparator, ComparatorWords] = {
    Comparator.IS: ComparatorWords("等于", Words("等于 {0}", "is {0}")),
    Comparator.IS_NOT: ComparatorWords("不等于", Words("不等于 {0}", "is not {0}")),
    Comparator.AT_LEAST: ComparatorWords("不低于", Words("不低于 {0}", "at least {0}")),
    Comparator.ABOVE: ComparatorWords("高于", Words("高于 {0}", "above {0}")),
    Comparator.AT_MOST: ComparatorWords("不高于", Words("不高于 {0}", "at most {0}")),
    Comparator.BELOW: ComparatorWords("低于", Words("低于 {0}", "below {0}")),
    Comparator.BETWEEN: ComparatorWords(
        "介于", Words("从 {0} (含) 到 {1} (不含)", "from {0} (included) to {1} (excluded)")
    ),
    Comparator.ONE_OF: ComparatorWords("属于", Words("属于 {0}", "one of {0}")),
    Comparator.NONE_OF: ComparatorWords("不属于", Words("不属于 {0}", "none of {0}")),
    Comparator.STARTS_WITH: ComparatorWords("开头是", Words("开头是 {0}", "starts with {0}")),
    Comparator.ENDS_WITH: ComparatorWords("结尾是", Words("结尾是 {0}", "ends with {0}")),
    Comparator.CONTAINS: ComparatorWords("含", Words("含 {0}", "contains {0}")),
    Comparator.CONTAINS_ANY: ComparatorWords("含任一", Words("含任一 {0}", "contains any of {0}")),
    Comparator.CONTAINS_ALL: ComparatorWords("含全部", Words("含全部 {0}", "contains all of {0}")),
    Comparator.CONTAINS_NONE: ComparatorWords("不含", Words("不含 {0}", "contains none of {0}")),
    Comparator.MATCHES: ComparatorWords("匹配", Words("匹配 {0}", "matches {0}")),
    Comparator.MISSING: ComparatorWords("缺失", Words("缺失", "is missing")),
}

"""Checks of rules before they are published, exact where that is possible, without a solver.

`findings(tree)` gives every finding on one rule set, and `differences(old, new)` the regions of
input on which two sets of one point decide differently. Both are built of four parts:

* `setting.settings(tree)`: the periods of a set and the choices of values a merchant may set;
* `model.Model(setting)`: the rules of a set in one setting as sets of inputs (`regions`), with
  `decide(example)` by the real decider;
* `space.Space`: what conditions tell apart; `verdict(condition)` gives where it is true and false,
  `examples(path)` facts for a set of cells;
* `diagram.Diagrams`: the sets themselves, with `meet`, `join`, `minus`, `opposite`, `witness`, and
  functions of the input (`choose`, `combine`, `values`).

`book_findings(sets)` looks at every set of a book, and at each against the law of the same book
(`contradictions`).

A check is a function of a model that yields findings (`CHECKS`); it is asked in every setting. A
check that needs the whole set, not a setting, stands in `WHOLE_CHECKS`. What needs more than the
set is asked for by itself: `of_tests` its proof, `over_on` a day.
"""

from __future__ import annotations

from ordinance.rules.checking.book import book_findings
from ordinance.rules.checking.difference import Difference, differences
from ordinance.rules.checking.finding import Finding
from ordinance.rules.checking.inspection import CHECKS, WHOLE_CHECKS, findings
from ordinance.rules.checking.lawful import contradictions
from ordinance.rules.checking.periods import over_on
from ordinance.rules.checking.testing import of_tests

__all__ = [
    "CHECKS",
    "WHOLE_CHECKS",
    "Difference",
    "Finding",
    "book_findings",
    "contradictions",
    "differences",
    "findings",
    "of_tests",
    "over_on",
]

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

A check is a function of a model that yields findings (`CHECKS`); it is asked in every setting. A
check that needs the whole set, not a setting, stands in `WHOLE_CHECKS`.
"""

from __future__ import annotations

from ordinance.rules.checking.differences import Difference, differences
from ordinance.rules.checking.finding import Finding
from ordinance.rules.checking.findings import CHECKS, WHOLE_CHECKS, findings

__all__ = ["CHECKS", "WHOLE_CHECKS", "Difference", "Finding", "differences", "findings"]

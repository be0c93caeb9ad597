"""A splitter: one step of the chain, as a rule of `packing.split` declares it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ordinance.fulfilment.splitters.limits import Limits
from ordinance.orders.money import minor_units
from ordinance.orders.record import Apart
from ordinance.points.packing import LIMITS
from ordinance.rules import Decision, Ruleset
from ordinance.rules.decision import Plain

NO_LIMITS = Limits()
LIMITING = ("limit", "carrier")
"""The ways to split by size."""


class UnclearSplit(Exception):
    """A splitter lacks what it needs: a parameter gives how to split, so no check could tell."""


@dataclass(frozen=True, slots=True)
class Splitter:
    """`by` what, of which goods, and up to which limits; with the rule that declared it."""

    rule: str
    by: str
    of: str = ""
    limits: Limits = NO_LIMITS
    hard: bool = False
    """Whether it divides what an earlier splitter split out, too."""
    told: str = ""
    """Its limits as the rule says them."""

    @property
    def limiting(self) -> bool:
        """Whether it divides by size, not by kind."""
        return self.by in LIMITING

    def reason(self, what: str | None = None) -> Apart:
        """Why a parcel that it splits out is one of its own."""
        return Apart(self.rule, self.by, what if what is not None else self.of or self.told)


def splitters_of(decision: Decision, ruleset: Ruleset, digits: int) -> list[Splitter]:
    """The chain that was decided on, in rule order. Raises `UnclearSplit`.

    A rule may declare several; what no rule said is named by how it was settled.
    """
    said = decision.outcome.get("split")
    splits = [item for item in said if isinstance(item, dict)] if isinstance(said, list) else []
    declared = {rule.id: rule.then.get("split", ()) for rule in ruleset.tree.rules}
    owners: list[str] = []
    for rule in decision.fired:
        given = declared[rule]
        owners += [rule] * (len(given) if isinstance(given, tuple) else 1)
    owners += [decision.settled_by] * (len(splits) - len(owners))
    return [_splitter(rule, split, digits) for rule, split in zip(owners, splits, strict=True)]


def _splitter(rule: str, split: Mapping[str, Plain], digits: int) -> Splitter:
    by = str(split["by"])
    of = str(split.get("of") or "")
    value = split.get("at_most_value")
    limits = Limits(
        _whole(split, "at_most_g"),
        _whole(split, "at_most_cm3"),
        None if value is None else minor_units(Decimal(str(value)), digits),
        _whole(split, "at_most_pieces"),
    )
    if by == "trait" and not of:
        raise UnclearSplit(f"`{rule}` splits by trait: say which one with `of`")
    if by == "limit" and not limits.any:
        raise UnclearSplit(f"`{rule}` splits by a limit: say one of {', '.join(LIMITS)}")
    if by != "limit" and limits.any:
        raise UnclearSplit(f"`{rule}` gives a limit: limits need `by: limit`")
    told = " ".join(f"{name}={split[name]}" for name in LIMITS if split.get(name) is not None)
    return Splitter(rule, by, of, limits, split.get("hard") is True, told)


def _whole(split: Mapping[str, Plain], name: str) -> int | None:
    value = split.get(name)
    return None if value is None else int(str(value))

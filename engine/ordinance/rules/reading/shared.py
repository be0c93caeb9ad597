"""Equal parts of a tree, held once: a thousand rows have a handful of outcomes and words."""

from __future__ import annotations

from dataclasses import dataclass, field

from ordinance.rules.kinds import Value
from ordinance.rules.tree import Given, Operand, Outcome


@dataclass(slots=True)
class Shared:
    """The parts of one decision that may stand in several rules. All of them are frozen, or are
    never changed after reading."""

    _alone: dict[tuple[type, str], tuple[Given]] = field(default_factory=dict)
    _outcomes: dict[str, Outcome] = field(default_factory=dict)

    def given(self, value: Value) -> Given:
        """The operand that gives `value`."""
        return self._operands(value)[0]

    def alone(self, operand: Operand) -> tuple[Operand, ...]:
        """The operands of a comparator that takes one."""
        return self._operands(operand.value) if isinstance(operand, Given) else (operand,)

    def outcome(self, outcome: Outcome) -> Outcome:
        """An outcome that says the same, digit for digit: `1` and `1.0` stay two."""
        return self._outcomes.setdefault(repr(outcome), outcome)

    def _operands(self, value: Value) -> tuple[Given]:
        # Equality would take true for 1 and 1.0 for 1.
        key = (type(value), value if isinstance(value, str) else repr(value))
        found = self._alone.get(key)
        if found is None:
            found = self._alone[key] = (Given(value),)
        return found

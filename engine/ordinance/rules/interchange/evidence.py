"""What the cells of a foreign table tell about its facts: which kind each one is."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

from ordinance.rules.kinds import Kind
from ordinance.rules.refusal import KIND_WORDS


class Untranslatable(ValueError):
    """A cell that our conditions or values cannot say; the message is the reason."""


@dataclass(slots=True)
class Evidence:
    """Which kind each fact is, as far as its cells were read.

    Cells are read twice: once to collect what they tell, once more when the kinds are settled.
    """

    settled: Mapping[str, Kind] | None = None
    row: str = ""
    """The id of the row that is being read; it has one vote for each fact and kind."""
    votes: dict[str, set[tuple[str, Kind, bool]]] = field(default_factory=dict)

    def expect(self, fact: str, kind: Kind, *, firm: bool = True) -> None:
        """A cell uses `fact` as `kind`; not `firm` when it would do for another kind as well.

        Raises `Untranslatable` when the kind is settled otherwise.
        """
        if self.settled is None:
            self.votes.setdefault(fact, set()).add((self.row, kind, firm))
            return
        known = self.settled.get(fact, kind)
        if known is not kind:
            raise Untranslatable(
                f"`{fact}` holds {KIND_WORDS[known]} in the rest of the table, "
                f"and {KIND_WORDS[kind]} here"
            )

    def kind(self, fact: str) -> Kind | None:
        """The settled kind, or None."""
        return None if self.settled is None else self.settled.get(fact)

    def mention(self, fact: str) -> None:
        """A cell asks for `fact` without telling its kind."""
        if self.settled is None:
            self.votes.setdefault(fact, set())

    def settle(self, declared: Mapping[str, Kind]) -> Evidence:
        """The same with one kind for each fact: the declared one, or that which most rows want,
        firmly or at all.

        Between kinds that as many want it is the narrower one, whatever the order of the cells.
        """
        voted = {name: _strongest(votes) for name, votes in self.votes.items() if votes}
        return Evidence({**voted, **declared})


def _strongest(votes: set[tuple[str, Kind, bool]]) -> Kind:
    firm = {(row, kind) for row, kind, is_firm in votes if is_firm}
    counts = Counter(kind for _, kind in firm or {(row, kind) for row, kind, _ in votes})
    return max(counts, key=lambda kind: (counts[kind], kind is not Kind.TEXT, kind.value))

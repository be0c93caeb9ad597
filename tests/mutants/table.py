"""Every mutant, M1 to M16."""

from __future__ import annotations

from tests.mutants import claims, commits, money, parcels, rulechanges, shelves

_EVERY = (
    *shelves.MUTANTS,
    *money.MUTANTS,
    *commits.MUTANTS,
    *parcels.MUTANTS,
    *rulechanges.MUTANTS,
    *claims.MUTANTS,
)
MUTANTS = tuple(sorted(_EVERY, key=lambda mutant: int(mutant.number[1:])))

"""One canonical layout for rule files."""

from ordinance.rules.layout.format import fmt

__all__ = ["fmt"]

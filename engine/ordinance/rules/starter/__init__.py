"""A first rule file for any decision point."""

from ordinance.rules.starter.page import starter

__all__ = ["starter"]

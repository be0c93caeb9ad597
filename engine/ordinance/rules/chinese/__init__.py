"""What is wrong with a rule file or with facts, told in Chinese."""

from ordinance.rules.chinese.translation import chinese

__all__ = ["chinese"]

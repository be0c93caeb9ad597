"""Rule sets as a page to read, in Chinese or English: Markdown, or HTML that needs nothing else."""

from ordinance.rules.page.page import Page

__all__ = ["Page"]

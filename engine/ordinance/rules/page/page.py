"""A page: rule sets as something to read, print and sign."""

from __future__ import annotations

from dataclasses import dataclass

from ordinance.rules.page.blocks import Block
from ordinance.rules.page.hypertext import html
from ordinance.rules.page.markdown import markdown
from ordinance.rules.page.sections import Sections
from ordinance.rules.tree import RuleSet


@dataclass(frozen=True, slots=True)
class Page:
    """Rule sets to read, one after another. The same sets give the same bytes."""

    sets: tuple[RuleSet, ...]

    def markdown(self, lang: str) -> str:
        """The page as Markdown with tables, in `lang` (`zh` or `en`)."""
        return markdown(self._blocks(lang))

    def html(self, lang: str) -> str:
        """The page as a whole HTML document that loads nothing, in `lang` (`zh` or `en`)."""
        titles = [(item.title or item.point.title).get(lang) for item in self.sets]
        return html(self._blocks(lang), ("、" if lang == "zh" else ", ").join(titles), lang)

    def _blocks(self, lang: str) -> list[Block]:
        return [block for item in self.sets for block in Sections(item, lang).blocks()]

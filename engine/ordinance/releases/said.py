"""What people say when they publish, and what they are told when they may not."""

from __future__ import annotations

import unicodedata

from ordinance.rules import Words

MOST_IN_A_NAME = 100
MOST_IN_A_NOTE = 2000


class NotPublished(Exception):
    """The journal of the rules does not allow it; nothing has changed."""

    def __init__(self, said: Words) -> None:
        super().__init__(said.en)
        self.said = said

    def text(self, lang: str) -> str:
        """Why, in `lang`."""
        return self.said.get(lang)


def person(name: str) -> str:
    """A name as the journal keeps it. Raises `NotPublished` for one that names nobody."""
    tidy = " ".join(unicodedata.normalize("NFC", name).split())
    if not tidy:
        raise NotPublished(
            Words(
                "没有写是谁; 用名字说明, 如 `--author 兰`",
                "nobody is named; say who, as `--author Lan`",
            )
        )
    if len(tidy) > MOST_IN_A_NAME or not tidy.isprintable():
        raise NotPublished(
            Words(
                f"名字要可显示, 最多 {MOST_IN_A_NAME} 个字",
                f"a name is printable and has at most {MOST_IN_A_NAME} letters",
            )
        )
    return tidy


def same_person(one: str, other: str) -> bool:
    """Whether two names are one person's: case, width and blanks make nobody else of them."""
    first, second = (
        "".join(unicodedata.normalize("NFKC", name).casefold().split()) for name in (one, other)
    )
    return first == second


def reason(note: str) -> str:
    """A note as the journal keeps it. Raises `NotPublished` for an empty one."""
    tidy = unicodedata.normalize("NFC", note).strip()
    if not tidy:
        raise NotPublished(
            Words(
                "没有写原因; 用 `--note` 说明为什么", "no reason is given; say why, with `--note`"
            )
        )
    if len(tidy) > MOST_IN_A_NOTE or not all(item.isprintable() or item == "\n" for item in tidy):
        raise NotPublished(
            Words(
                f"原因要可显示, 最多 {MOST_IN_A_NOTE} 个字",
                f"a note is printable and has at most {MOST_IN_A_NOTE} letters",
            )
        )
    return tidy

"""Why a value is refused, in a merchant's words."""

from __future__ import annotations

from ordinance.rules.kinds import Kind


class ScalarError(ValueError):
    """A value that its kind does not allow, in a merchant's words.

    `code` is the problem code (`E_NUMBER`, `E_MONEY`, `E_TYPE` ...), `help` says how to write it
    right (or is None).
    """

    def __init__(self, code: str, message: str, help: str | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.help = help


def clip(text: str, most: int = 60) -> str:
    """The text, short enough for a message and on one line."""
    line = " ".join(text.split())
    return line if len(line) <= most else f"{line[: most - 3]}..."


KIND_WORDS: dict[Kind, str] = {
    Kind.MONEY: "an amount of money",
    Kind.INTEGER: "a whole number",
    Kind.DECIMAL: "a number",
    Kind.RATIO: "a share",
    Kind.TEXT: "text",
    Kind.CHOICE: "one of the allowed words",
    Kind.BOOLEAN: "yes or no",
    Kind.DATE: "a date",
    Kind.INSTANT: "a moment",
    Kind.TIME_OF_DAY: "a time of day",
    Kind.DURATION: "a length of time",
    Kind.TAGS: "a list of tags",
    Kind.REGION: "a region code",
}
"""Each kind in the words of a message."""

EXAMPLES: dict[Kind, str] = {
    Kind.MONEY: "an amount such as `199.00`",
    Kind.INTEGER: "a whole number such as `12`",
    Kind.DECIMAL: "a number such as `2.5`",
    Kind.RATIO: "a share such as `0.2` or `20%`",
    Kind.TEXT: "text",
    Kind.CHOICE: "one of the declared words",
    Kind.BOOLEAN: "`true` or `false` (`是`, `否`)",
    Kind.DATE: "a date such as `2026-11-05`",
    Kind.INSTANT: "a moment with its zone, such as `2026-11-05T22:30:00+08:00`",
    Kind.TIME_OF_DAY: "a time such as `22:30`",
    Kind.DURATION: "a length such as `48 h`, `30 min` or `7 d`",
    Kind.TAGS: "a list of texts",
    Kind.REGION: 'a region code such as `"3301"` or `BR-SP`',
}
"""How a value of each kind is written."""

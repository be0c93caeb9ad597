"""Characters that one cannot see or that reorder others, made visible.

A rule file may not hold them; a tree that was made by hand or imported may.
"""

from __future__ import annotations

import re

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffc\ud800-\udfff\U000e0000-\U000e0fff]"
)


def visible(text: str) -> str:
    """The text with `U+202E` in the place of such a character."""
    return _HIDDEN.sub(lambda found: f"[U+{ord(found.group()):04X}]", text)

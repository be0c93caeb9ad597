"""How a scalar is written: plain where nobody can misread it, in double quotes elsewhere."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import yaml

from ordinance.rules.layout.outline import Leaf

_SAFE = re.compile(r"(?:-(?=[^\s-])|[^\s\-?:,\[\]{}#&*!|>'\"%@`=<])[^:,\[\]{}#\n\t]*")
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})
_RESOLVER: Any = yaml.resolver.Resolver()
_TEXT_TAG = "tag:yaml.org,2002:str"


def spelled(leaf: Leaf) -> str:
    """The scalar as it stands in a canonical file.

    Quotes stay around text that another YAML reader would take for a number, a date, a boolean
    or nothing; they go where they say nothing.
    """
    if not leaf.text and not leaf.style:
        return ""
    if _is_plain(leaf.text) and (not leaf.style or not _looks_typed(leaf.text)):
        return leaf.text
    return f'"{leaf.text.translate(_ESCAPES)}"'


def _is_plain(text: str) -> bool:
    return _SAFE.fullmatch(text) is not None and not text.endswith(" ")


@lru_cache(maxsize=4096)
def _looks_typed(text: str) -> bool:
    return bool(_RESOLVER.resolve(yaml.ScalarNode, text, (True, False)) != _TEXT_TAG)

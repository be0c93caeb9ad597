"""YAML on one line, as what a program writes begins; the layout makes it readable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

Written: TypeAlias = "str | Mapping[str, Written] | Sequence[Written]"

_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"})


class Bare(str):
    """A text that stands without quotes: `true`, `false`."""

    __slots__ = ()


def flow(node: Written) -> str:
    """YAML with every text quoted; `fmt` takes the needless quotes away."""
    if isinstance(node, str):
        bare = isinstance(node, Bare) or _is_number(node)
        return node if bare else f'"{node.translate(_ESCAPES)}"'
    if isinstance(node, Mapping):
        return f"{{{', '.join(f'{flow(key)}: {flow(item)}' for key, item in node.items())}}}"
    return f"[{', '.join(flow(item) for item in node)}]"


def _is_number(text: str) -> bool:
    return text.removeprefix("-").replace(".", "", 1).isdecimal() and text.isascii()

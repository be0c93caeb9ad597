"""Which region lies inside which: a region contains itself and everything below it."""

from __future__ import annotations

from collections.abc import Collection

_DIGIT_ENDS = (2, 4, 6, 9, 12)
"""Province, city, district, town, village (GB/T 2260 and the statistical codes below it)."""


def levels(region: str) -> tuple[str, ...]:
    """The region and all that contain it, widest first.

    `330106` lies in `33` and `3301`; `BR-SP` lies in `BR`. A level is whole digits of the code or
    ends before a hyphen, so `3` does not contain `33` and `BR-S` does not contain `BR-SP`.
    """
    if "-" in region:
        parts = region.split("-")
        return tuple("-".join(parts[: count + 1]) for count in range(len(parts)))
    if region.isdigit():
        return (*(region[:end] for end in _DIGIT_ENDS if end < len(region)), region)
    return (region,)


def inside(region: str, wider: Collection[str]) -> bool:
    """Whether `region` is, or lies in, one of `wider`."""
    return any(level in wider for level in levels(region))


def depth(region: str) -> int:
    """How narrow a region is: 1 for a province or a country, 2 and 3 below it."""
    return len(levels(region))

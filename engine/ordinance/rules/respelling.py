"""How a value that people write in their own way is written here; only for messages.

`5,000`, `¥5000`, `5000元` and `1万` are meant as numbers, `2026/11/11` as a date, `22点` as a time.
None of them is accepted: a message says how to write what was meant.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal

QUOTES = {"“": "”", "„": "“", "‘": "’", "「": "」", "『": "』", "＂": "＂", "＇": "＇"}
"""Signs that people take for quotes and YAML takes for letters."""

_SEPARATOR = re.compile(r"\s*[,，、;；]\s*")
_CURRENCY = re.compile(r"[¥$€£￥]|CNY|RMB|USD|EUR|GBP|元|块钱|块|圆|人民币", re.IGNORECASE)
_TIMES = {"万": Decimal(10_000), "千": Decimal(1_000), "k": Decimal(1_000), "百": Decimal(100)}
_UNIT = re.compile(r"(?:天|日|小时|分钟|件|个|克|次|行|笔|期|days?|pcs|pieces?|g|h)$")
_GROUPED = re.compile(r"(-?[0-9]{1,3})((?:[,_ '][0-9]{3})+)(\.[0-9]+)?")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?%?")
_DATE = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?")
_CLOCK = re.compile(r"([0-9]{1,2})(?:[:点时.]([0-9]{1,2})?分?)?(am|pm)?")
_BEFORE = ("凌晨", "早上", "上午")
_AFTER = ("下午", "晚上", "晚", "夜里")


def number(text: str) -> str | None:
    """The number that `text` means, with the digits 0 to 9 alone; None where that is not plain."""
    usual = _CURRENCY.sub("", unicodedata.normalize("NFKC", text)).strip()
    usual = _UNIT.sub("", usual).strip().removeprefix("+").strip()
    grouped = _GROUPED.fullmatch(usual)
    if grouped is not None:
        usual = grouped.group(1) + re.sub(r"\D", "", grouped.group(2)) + (grouped.group(3) or "")
    times = _TIMES.get(usual[-1:].lower())
    if times is not None and _NUMBER.fullmatch(usual[:-1]):
        usual = f"{(Decimal(usual[:-1]) * times).normalize():f}"
    return usual if usual != text and _NUMBER.fullmatch(usual) else None


def day(text: str) -> str | None:
    """The date that `text` means as `2026-11-05`."""
    usual = unicodedata.normalize("NFKC", text).replace(" ", "")
    if re.fullmatch(r"[0-9]{8}", usual):
        usual = f"{usual[:4]}-{usual[4:6]}-{usual[6:]}"
    found = _DATE.fullmatch(usual)
    if found is None:
        return None
    try:
        return date(*(int(part) for part in found.groups())).isoformat()
    except ValueError:
        return None


def clock(text: str) -> str | None:
    """The time of day that `text` means as `22:30`."""
    usual = unicodedata.normalize("NFKC", text).replace(" ", "").lower()
    for words, half in ((_BEFORE, "am"), (_AFTER, "pm")):
        for word in words:
            if usual.startswith(word):
                usual = f"{usual.removeprefix(word)}{half}"
    if usual.endswith("半") or "点半" in usual:
        usual = usual.replace("点半", "点30")
    found = _CLOCK.fullmatch(usual)
    if found is None:
        return None
    hour, minute = int(found.group(1)), int(found.group(2) or 0)
    if found.group(3) and 1 <= hour <= 12:
        hour = hour % 12 + (12 if found.group(3) == "pm" else 0)
    return f"{hour:02}:{minute:02}" if hour < 24 and minute < 60 else None


def unquoted(text: str) -> str | None:
    """The text without the full-width quotes around it; None where there are none."""
    if len(text) > 2 and text[-1] in (QUOTES.get(text[0]), "”", "」"):
        return text[1:-1] if text[0] in QUOTES else None
    return None


def several(text: str) -> list[str]:
    """The values that `text` holds one after the other; one where there is no comma."""
    return _SEPARATOR.split(text.strip())

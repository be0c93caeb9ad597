"""Phone numbers and addresses: whether they can be used at all."""

from __future__ import annotations

import re
import unicodedata

_MAINLAND = (
    re.compile(r"1[3-9]\d{9}"),
    re.compile(r"1[3-9]\d{9}[-,转]\d{3,4}"),
    re.compile(r"0\d{2,3}-?\d{7,8}(-\d{1,6})?"),
    re.compile(r"400-?\d{3}-?\d{4}"),
)
_ABROAD = re.compile(r"\+?\d{6,15}")
_CHINESE_REGION = re.compile(r"\d{2}(\d{2}(\d{2})?)?")
_ISO_REGION = re.compile(r"[A-Z]{2}(-[A-Z0-9]+)*")

NO_DISTRICT_CITIES = frozenset({"4419", "4420", "4604", "6202"})
"""东莞, 中山, 儋州, 嘉峪关: cities without a district level (GB/T 2260)."""


def phone_valid(phone: str | None, region: str | None) -> bool:
    """Whether a phone number has a shape that can be dialled in its region."""
    if not phone:
        return False
    plain = unicodedata.normalize("NFKC", phone).replace(" ", "")
    if region is None or not _CHINESE_REGION.fullmatch(region):
        return bool(_ABROAD.fullmatch(re.sub(r"[()-]", "", plain)))
    plain = re.sub(r"^(\+86|0086)", "", plain)
    return any(pattern.fullmatch(plain) for pattern in _MAINLAND)


def phone_key(phone: str | None) -> str:
    """A phone number as it is compared: without blanks, country code, and the tail that a platform
    adds to a virtual mobile number (`13800138000-1234`). An extension of a landline stays."""
    plain = unicodedata.normalize("NFKC", phone or "").replace(" ", "")
    plain = re.sub(r"^(\+86|0086)", "", plain)
    return re.sub(r"^(1[3-9]\d{9})[-,转]\d{3,4}$", r"\1", plain)


def text_key(text: str | None) -> str:
    """A name or an address as it is compared: without blanks, punctuation, width and case."""
    plain = unicodedata.normalize("NFKC", text or "").casefold()
    return "".join(sign for sign in plain if sign.isalnum())


def region_code(region: str | None) -> str | None:
    """A Chinese region as short as its level: `441900` is `4419`, `330000` is `33`."""
    if region is None or not _CHINESE_REGION.fullmatch(region):
        return region
    return re.sub(r"(00)+$", "", region)


def region_valid(region: str | None, known: frozenset[str]) -> bool:
    """Whether a region code exists (in `known`, when there is a table) and is well formed."""
    if region is None:
        return False
    if _CHINESE_REGION.fullmatch(region):
        return not known or region in known
    return bool(_ISO_REGION.fullmatch(region))


def address_complete(region: str | None, address: str | None) -> bool:
    """Whether a parcel could be delivered: a street address, and a region as fine as needed.

    A Chinese region must reach the district, except in cities that have none.
    """
    if not address or not address.strip() or region is None:
        return False
    if not _CHINESE_REGION.fullmatch(region):
        return True
    return len(region) == 6 or region in NO_DISTRICT_CITIES

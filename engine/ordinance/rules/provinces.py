"""The provinces of GB/T 2260: their codes are written, and their names are told."""

from __future__ import annotations

import re
from collections.abc import Mapping

_ENDING = re.compile(r"(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)$")

PROVINCES: Mapping[str, tuple[str, ...]] = {
    "11": ("北京", "beijing"),
    "12": ("天津", "tianjin"),
    "13": ("河北", "hebei"),
    "14": ("山西", "shanxi"),
    "15": ("内蒙古", "inner mongolia"),
    "21": ("辽宁", "liaoning"),
    "22": ("吉林", "jilin"),
    "23": ("黑龙江", "heilongjiang"),
    "31": ("上海", "shanghai"),
    "32": ("江苏", "jiangsu"),
    "33": ("浙江", "zhejiang"),
    "34": ("安徽", "anhui"),
    "35": ("福建", "fujian"),
    "36": ("江西", "jiangxi"),
    "37": ("山东", "shandong"),
    "41": ("河南", "henan"),
    "42": ("湖北", "hubei"),
    "43": ("湖南", "hunan"),
    "44": ("广东", "guangdong"),
    "45": ("广西", "guangxi"),
    "46": ("海南", "hainan"),
    "50": ("重庆", "chongqing"),
    "51": ("四川", "sichuan"),
    "52": ("贵州", "guizhou"),
    "53": ("云南", "yunnan"),
    "54": ("西藏", "tibet", "xizang"),
    "61": ("陕西", "shaanxi"),
    "62": ("甘肃", "gansu"),
    "63": ("青海", "qinghai"),
    "64": ("宁夏", "ningxia"),
    "65": ("新疆", "xinjiang"),
    "71": ("台湾", "taiwan"),
    "81": ("香港", "hong kong"),
    "82": ("澳门", "macao", "macau"),
}
"""Code to the short names of a province, Chinese first."""


def province_of(region: str, lang: str) -> str | None:
    """What the province of a region is called (`海南`, `Hainan`); None outside of GB/T 2260."""
    names = PROVINCES.get(region[:2]) if region.isdigit() else None
    if names is None:
        return None
    return names[0] if lang == "zh" else names[1].title()


def province(name: str) -> str | None:
    """The code of the province called `name`, with or without its kind (`海南`, `海南省`)."""
    short = _ENDING.sub("", name.strip()).lower()
    return next((code for code, names in PROVINCES.items() if short in names), None)

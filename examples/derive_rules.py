"""Derives the rules of each example from the shipped ones, by the differences written here.

    python examples/derive_rules.py

An example's shop has another currency, other habits and other data than the shop that the
shipped rules are for; what differs stands below and nowhere else.
"""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent

Change = tuple[str, str]
"""A pattern and what takes its place."""

RETAIL: dict[str, list[Change]] = {
    "*": [(r"unit: CNY", "unit: GBP"), (r'"330106"', "GB"), (r'"650100"', "IS")],
    "intake": [
        (r"1440", "10080"),
        (r"2880", "20160"),
        (r"等两天", "等两周"),
        (r"it waits two days", "it waits two weeks"),
        (r"大额订单多等一天", "大额订单多等一周"),
        (r"Number codes", "Number codes"),
        (
            r"      - id: L2\n",
            "      - id: L3\n"
            "        title: {zh: 折扣行, en: A discount line}\n"
            "        when: {line.sku: D, line.unit_price: {above: 0}}\n"
            "        then: {treat_as: discount}\n"
            '        because: {zh: "代码 {line.sku} 是折扣", en: "code {line.sku} is a discount"}\n'
            "      - id: L4\n"
            "        title: {zh: 运费行, en: Postage and carriage}\n"
            "        when: {line.sku: [POST, DOT, C2]}\n"
            "        then: {treat_as: freight}\n"
            '        because: {zh: "代码 {line.sku} 是运费", en: "code {line.sku} is postage"}\n'
            "      - id: L5\n"
            "        title: {zh: 费用行, en: Fees}\n"
            '        when: {line.sku: ["BANK CHARGES", AMAZONFEE, CRUK]}\n'
            "        then: {treat_as: fee}\n"
            '        because: {zh: "代码 {line.sku} 是费用", en: "code {line.sku} is a fee"}\n'
            "      - id: L2\n",
        ),
        (
            r"      - id: L1\n        title: (.*)\n        when: .*\n",
            r"      - id: L1\n        title: \1\n"
            "        when: {any: [{line.quantity: {at_most: 0}, line.sku: {is_not: D}}, "
            "{line.unit_price: {at_most: 0}, line.is_gift: false}]}\n",
        ),
        (r"given: \{line.quantity", "given: {line.sku: A1, line.quantity"),
        (
            r"(      - name: \{zh: 电子卡.*\n.*\n.*\n)",
            r"\1      - name: {zh: 折扣行, en: a discount line}\n"
            "        given: {line.sku: D, line.quantity: -1, line.unit_price: 27.5, line.traits: []}\n"
            "        expect: {treat_as: discount, fired: [L3]}\n"
            "      - name: {zh: 邮费, en: postage}\n"
            "        given: {line.sku: POST, line.quantity: 1, line.unit_price: 18, line.traits: [virtual]}\n"
            "        expect: {treat_as: freight, fired: [L4]}\n"
            "      - name: {zh: 手续费, en: bank charges}\n"
            '        given: {line.sku: "BANK CHARGES", line.quantity: 1, line.unit_price: 15, line.traits: [virtual]}\n'
            "        expect: {treat_as: fee, fired: [L5]}\n",
        ),
    ],
    "packing": [
        (
            r"when: \{any_line: \{line.traits: \{contains: oversize\}\}\}\n"
            r"(        then: \{split: \{by: trait, of: oversize\}\})\n"
            r"        because: .*\n",
            "when: {any_line: {line.traits: {contains: oversize}}, parcel.weight_g: {at_most: 50000}}\n"
            "\\1\n"
            "        because: {zh: 五十公斤以内大件另走一包; 更重的整单上托盘, "
            "en: oversize goods go by themselves up to 50 kg; above it all goes on a pallet}\n",
        ),
        (
            r"lines: \[\{line.traits: \[dangerous\]\}, \{line.traits: \[oversize\]\}\]",
            "parcel.weight_g: 50000, \\g<0>",
        ),
        (
            r"(      - \{name: \{zh: 预售与独立包裹)",
            "      - {name: {zh: 托盘不拆, en: a pallet is not split}, "
            "given: {parcel.weight_g: 50001, lines: [{line.traits: [oversize]}]}, "
            "expect: {fired: [K6]}}\n\\1",
        ),
    ],
    "review": [
        (r"large_for_new:(\n.*){2}\n    values: \{always: 1000\}", None),  # filled below
        (r"receivable: 999\.99, buyer", "receivable: 1999.99, buyer"),
        (r"order.receivable: 1000, buyer", "order.receivable: 2000, buyer"),
        (r"order.largest_line: 99,", "order.largest_line: 999,"),
        (r"order.largest_line: 100,", "order.largest_line: 1000,"),
        (r"    values: \{always: 100\}", "    values: {always: 1000}"),
        (r"    values: \{always: 1000\}\n    source: \{zh: 店铺风控约定, en: the shop's own risk policy\}\n  many", "    values: {always: 2000}\n    source: {zh: 店铺风控约定, en: the shop's own risk policy}\n  many"),
        (r'\["46", "54"\]', "[ZA, BR]"),
        (r'"460300"', "ZA"),
        (r'"810000"', "HK"),
    ],
    "tracking": [
        (r"long_transit: \{unit: day, values: \{always: 7\}", "long_transit: {unit: day, values: {always: 14}"),
        (r"days_in_transit: 6, parcel", "days_in_transit: 13, parcel"),
        (r"days_in_transit: 7, parcel.days_since_scan: 0", "days_in_transit: 14, parcel.days_since_scan: 0"),
        (r"无承诺六天, en: six days without a promise", "无承诺十三天, en: 13 days without a promise"),
        (r"无承诺七天, en: seven days without a promise", "无承诺十四天, en: 14 days without a promise"),
    ],
    "aftersale": [
        (r"(goodwill_days: .*)values: \{always: 15\}", r"\1values: {always: 90}"),
        (r"第十五天, en: day 15\}(.*)days_since_receipt: 15", r"第九十天, en: day 90}\1days_since_receipt: 90"),
        (r"第十六天, en: day 16\}(.*)days_since_receipt: 16", r"第九十一天, en: day 91}\1days_since_receipt: 91"),
    ],
    "service": [
        (r"values: \{always: 20\}", "values: {always: 8}"),
        (r"coupon: 20,", "coupon: 8,"),
        (r"values: \{always: 5\}", "values: {always: 2}"),
        (r"coupon: 5,", "coupon: 2,"),
    ],
}  # fmt: skip
RETAIL["review"] = [change for change in RETAIL["review"] if change[1] is not None]
RETAIL["intake"] = [change for change in RETAIL["intake"] if change[0] != "Number codes"]

OLIST: dict[str, list[Change]] = {
    "*": [(r"unit: CNY", "unit: BRL"), (r'"330106"', "BR-SP"), (r'"650100"', "BR-AC")],
    "intake": [
        # A boleto is paid at a bank within days; the data has neither street nor phone.
        (r"1440", "43200"),
        (r"2880", "57600"),
        (r"等两天", "等四十天"),
        (r"it waits two days", "it waits forty days"),
        (r"大额订单多等一天", "大额订单多等十天"),
        (r"      - id: V8\n(.*\n){4}", ""),
        (r"      - id: V9\n(.*\n){4}", ""),
        (r", receiver.address_complete: \w+, receiver.phone_valid: \w+", ""),
        (r"exception: \[AMOUNT_MISMATCH, ADDRESS_INCOMPLETE, PHONE_INVALID\], fired: \[V2, V8, V9\]", "exception: [AMOUNT_MISMATCH], fired: [V2]"),
        (r"三处错误给出三个原因, en: three faults give three reasons", "少付一分, en: one cent short"),
    ],
    "review": [
        (r"values: \{always: 5000\}", "values: {always: 3000}"),
        (r"4999\.99", "2999.99"),
        (r"receivable: 5000", "receivable: 3000"),
        (r'\["46", "54"\]', "[BR-RR, BR-AP]"),
        (r'"460300"', "BR-RR"),
        (r'"810000"', "BR-RJ"),
    ],
    "shipping": [
        (r"park_after: \{unit: h, values: \{always: 216\}", "park_after: {unit: h, values: {always: 2160}"),
        (r"again_after_hours: 72", "again_after_hours: 720"),
        (r"order.hours_overdue: 215", "order.hours_overdue: 2159"),
        (r"order.hours_overdue: 216\}", "order.hours_overdue: 2160}"),
        (r"九天, en: nine days", "九十天, en: ninety days"),
    ],
    "tracking": [
        # Parcels cross a continent, and the data knows no scan between hand-over and delivery.
        (r"look_again_hours: 72", "look_again_hours: 240"),
        (r"long_transit: \{unit: day, values: \{always: 7\}", "long_transit: {unit: day, values: {always: 40}"),
        (r"no_scan: \{unit: day, values: \{always: 7\}", "no_scan: {unit: day, values: {always: 45}"),
        (r"presumed_lost: \{unit: day, values: \{always: 14\}", "presumed_lost: {unit: day, values: {always: 60}"),
        (r"days_in_transit: 6, parcel", "days_in_transit: 39, parcel"),
        (r"days_in_transit: 5, parcel.days_since_scan: 6", "days_in_transit: 44, parcel.days_since_scan: 44"),
        (r"days_in_transit: 7, parcel.days_since_scan: 0", "days_in_transit: 40, parcel.days_since_scan: 0"),
        (r"days_in_transit: 7, parcel.days_since_scan: 7", "days_in_transit: 45, parcel.days_since_scan: 45"),
        (r"days_in_transit: 14, parcel.days_since_scan: 14", "days_in_transit: 60, parcel.days_since_scan: 60"),
        (r"days_in_transit: 13, parcel.days_since_scan: 13", "days_in_transit: 59, parcel.days_since_scan: 59"),
        (r"无承诺六天, en: six days without a promise", "无承诺三十九天, en: 39 days without a promise"),
        (r"无承诺七天, en: seven days without a promise", "无承诺四十天, en: 40 days without a promise"),
        (r"七天无更新, en: seven days without a scan", "四十五天无更新, en: 45 days without a scan"),
        (r"十四天, en: fourteen days", "六十天, en: sixty days"),
        (r"十三天, en: thirteen days", "五十九天, en: 59 days"),
        (r"\"GB/T 27917 彻底延误 \(待核对\)\", en: \"GB/T 27917, presumed lost \(to be confirmed\)\"", "店铺约定, en: the shop's own choice"),
    ],
}  # fmt: skip

TMALL: dict[str, list[Change]] = {}

CHASHOP: dict[str, list[Change]] = {
    "intake": [
        # A sample that goes along costs nothing, and is packed all the same.
        (
            r"      - id: L1\n",
            "      - id: L3\n"
            "        title: {zh: 随单茶样, en: A free sample}\n"
            "        when: {line.category: sample, line.quantity: {above: 0}, line.unit_price: 0}\n"
            "        then: {treat_as: goods}\n"
            '        because: {zh: "{line.sku} 是赠送的茶样, 随单发出", en: "{line.sku} is a sample that goes along"}\n'
            "      - id: L1\n",
        ),
        (
            r"(      - name: \{zh: 零价行, en: a line without a price\}\n        given: \{)",
            r"\1line.category: tea, ",
        ),
        (
            r"(      - name: \{zh: 一分钱)",
            "      - name: {zh: 茶样, en: a sample}\n"
            "        given: {line.category: sample, line.quantity: 1, line.unit_price: 0, line.traits: []}\n"
            "        expect: {treat_as: goods, fired: [L3]}\n"
            "      - name: {zh: 没有件数的茶样, en: a sample of no pieces}\n"
            "        given: {line.category: sample, line.quantity: 0, line.unit_price: 0, line.traits: []}\n"
            "        expect: {treat_as: set_aside, fired: [L1]}\n"
            r"\1",
        ),
    ],
    "review": [
        # Small parcels of tea: 2,000 is large, and 3,000 in the week of the Mid-Autumn boxes.
        (r"values: \{always: 5000\}", "values: {always: 2000, 2026-09-15: 3000, 2026-09-26: 2000}"),
        (r"receivable: 5000,", "receivable: 2000,"),
        (r"receivable: 4999\.99,", "receivable: 1999.99,"),
        (r"    values: \{always: 1000\}", "    values: {always: 500}"),
        (r"receivable: 999\.99,", "receivable: 499.99,"),
        (r"receivable: 1000,", "receivable: 500,"),
        (r"    values: \{always: 100\}", "    values: {always: 30}"),
        (r"largest_line: 99,", "largest_line: 29,"),
        (r"largest_line: 100,", "largest_line: 30,"),
        (r"then: \{points: 10\}", "then: {points: 15}"),
        (r"points: 10, fired: \[R3\]", "points: 15, fired: [R3]"),
        (r"points: 55, fired: \[R2, R3, R4\]", "points: 60, fired: [R2, R3, R4]"),
        (
            r"(      - name: \{zh: 数量异常)",
            "      - name: {zh: 中秋礼盒不算大额, en: Mid-Autumn boxes are not large yet}\n"
            '        given: {order.placed_at: "2026-09-20T10:00:00+08:00", order.receivable: 2999.99, buyer.orders_90d: 1, buyer.refunded_share: 0, order.local_time: "10:00", order.largest_line: 10, receiver.region: "330106"}\n'
            "        expect: {outcome: approve, points: 0, fired: []}\n"
            "      - name: {zh: 中秋大额, en: large at Mid-Autumn}\n"
            '        given: {order.placed_at: "2026-09-20T10:00:00+08:00", order.receivable: 3000, buyer.orders_90d: 1, buyer.refunded_share: 0, order.local_time: "10:00", order.largest_line: 10, receiver.region: "330106"}\n'
            "        expect: {outcome: manual_review, points: 30, fired: [R1]}\n"
            r"\1",
        ),
        (r"large_order", "大额"),
        (r"large_for_new", "新客大额"),
        (r"many_pieces", "单行件数"),
        (r"watched_regions", "关注地区"),
    ],
    "service": [
        (r"late_coupon: (.*)values: \{always: 5\}", r"late_coupon: \1values: {always: 8}"),
        (r"coupon: 5,", "coupon: 8,"),
    ],
}  # fmt: skip

EXAMPLES = {"retail": RETAIL, "olist": OLIST, "tmall": TMALL, "chashop": CHASHOP}

LAWS = {"tmall": ("law/cn.yaml",), "chashop": ("law/cn.yaml",)}
"""The law that a shop is under, taken as it is."""

BY_HAND = {("chashop", "review.yaml")}
"""Files that are not written from here. The tea shop's review rules are kept in Chinese, by hand;
that they mean what is derived, a test holds."""


def derived(example: str) -> dict[str, str]:
    """File name to text of an example's rules. A difference that no longer applies is an error."""
    changes = EXAMPLES[example]
    files = {}
    for source in sorted((ROOT / "rules").glob("*.yaml")):
        text = source.read_text("utf-8")
        for pattern, new in changes.get("*", []):
            text = re.sub(pattern, new, text)
        for pattern, new in changes.get(source.stem, []):
            text, count = re.subn(pattern, new, text)
            if not count:
                raise SystemExit(f"{source.name}: `{pattern}` of {example} matches nothing")
        files[source.name] = text
    return files


def main() -> None:
    """Write the rules of every example."""
    for example in EXAMPLES:
        folder = ROOT / "examples" / example / "rules"
        folder.mkdir(exist_ok=True)
        for name, text in derived(example).items():
            if (example, name) in BY_HAND:
                continue
            (folder / name).write_text(text, "utf-8")
        for law in LAWS.get(example, ()):
            (folder / law).parent.mkdir(exist_ok=True)
            (folder / law).write_text((ROOT / "rules" / law).read_text("utf-8"), "utf-8")


if __name__ == "__main__":
    main()

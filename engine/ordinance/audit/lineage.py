"""Which units are in which parcel: told to people, and checked.

Every unit of a line is in exactly one living parcel, or reserved and unpacked, or waiting, or
cancelled; a parcel's money is what its units carry; the parcels and the rest are the order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields

from ordinance.audit import codes
from ordinance.orders.lineage import Stretch, first_hand, lives_in, stretches, units_in, whole
from ordinance.orders.money import digits_of, major_units
from ordinance.orders.record import OrderRecord, Parcel, Piece, RecordLine, Share
from ordinance.orders.shares import share_of, whole_of
from ordinance.orders.states import ParcelState
from ordinance.orders.units import common, counted, overlap, without
from ordinance.rules import Words
from ordinance.rules.decision import Plain

PARCEL_STATES = {
    ParcelState.WAIT_PUSH: Words("待推仓", "not with the warehouse yet"),
    ParcelState.PUSHED: Words("已推仓", "with the warehouse"),
    ParcelState.PICKING: Words("拣货中", "being picked"),
    ParcelState.PACKED: Words("已打包", "packed"),
    ParcelState.SHIPPED: Words("已发货", "shipped"),
    ParcelState.CANCELLED: Words("已取消", "called back"),
}
FIELDS = {
    "amount": Words("货款", "goods"),
    "discount": Words("优惠", "discount"),
    "freight": Words("运费", "freight"),
    "fee": Words("费用", "fees"),
    "tax": Words("税费", "tax"),
}
"""The fields of a share, in words."""


def faults(record: OrderRecord) -> Iterator[str]:
    """What is wrong with the units and the money of an order's parcels.

    Nothing is known of those of an order that has parcels from before units were counted.
    """
    if any(_uncounted(parcel) for parcel in record.parcels.values()):
        return
    firsts = first_hand(record)
    for line in record.goods:
        yield from _units(record, line, firsts)
    for parcel in record.parcels.values():
        if any(piece.first is None for piece in parcel.pieces):
            yield f"parcel {parcel.id} does not say which units are in it"
        elif parcel.share != share_of(record, parcel.pieces):
            yield f"parcel {parcel.id} carries {parcel.share}, its units are another share"
    total = sum((parcel.share for parcel in firsts), Share()) + share_of(record, _rest(record))
    for item in fields(Share):
        parts, order = getattr(total, item.name), getattr(whole_of(record), item.name)
        if parts != order:
            yield f"the parcels and the rest carry {item.name} {parts}, the order {order}"


def _uncounted(parcel: Parcel) -> bool:
    """Whether an earlier version packed it, which named no units and shared out no money."""
    return parcel.share == Share() and all(piece.first is None for piece in parcel.pieces)


def _units(record: OrderRecord, line: RecordLine, firsts: list[Parcel]) -> Iterator[str]:
    packed = [
        run
        for parcel in firsts
        for piece in parcel.pieces
        if piece.line == line.no
        for run in piece.runs
    ]
    if overlap(packed):
        yield f"line {line.no} has a unit in two parcels"
    if without(packed, whole(line)):
        yield f"line {line.no} has a unit in a parcel that was never ordered"
    gone = [parcel for parcel in firsts if parcel.state is ParcelState.SHIPPED]
    left = counted(units_in(gone, line.no))
    if left != line.shipped:
        yield f"line {line.no} has {line.shipped} shipped, {left} are in parcels that left"
    held: Counter[str] = Counter()
    for parcel in firsts:
        if parcel.state is not ParcelState.SHIPPED:
            held[parcel.warehouse] += counted(units_in([parcel], line.no))
    for code, count in sorted(held.items()):
        if count > line.held_at.get(code, 0):
            yield f"line {line.no} has {count} packed in {code}, not as many reserved"
    if line.waiting < 0:
        yield f"line {line.no} has more units shipped, reserved and cancelled than were ordered"
    seen: list[Parcel] = []
    for parcel in record.parcels.values():
        if parcel.replaces and without(units_in([parcel], line.no), units_in(seen, line.no)):
            yield f"parcel {parcel.id} sends a unit of line {line.no} again that was never sent"
        seen.append(parcel)


def _rest(record: OrderRecord) -> list[Piece]:
    """The units of goods that are in no parcel on its first way."""
    return [
        Piece(line.no, line.sku, count, first)
        for line in record.goods
        for first, count in without(whole(line), units_in(first_hand(record), line.no))
    ]


def plain(record: OrderRecord) -> dict[str, Plain]:
    """Parcels with their units, and lines with their parcels, as plain values."""
    return {
        "parcels": {
            parcel.id: [
                {"line": piece.line, "units": [piece.runs[0][0] + 1, sum(piece.runs[0])]}
                for piece in parcel.pieces
            ]
            for parcel in record.parcels.values()
        },
        "lines": {
            str(line.no): [
                {
                    "units": [stretch.first + 1, stretch.first + stretch.count],
                    "parcels": list(stretch.parcels),
                    "now_in": parcel.id if (parcel := lives_in(record, stretch)) else None,
                }
                for stretch in stretches(record, line.no)
            ]
            for line in record.goods
        },
    }


def text(record: OrderRecord, lang: str) -> str:
    """Each parcel with what is in it and carries; then each line, with the way of its units.

    Empty for an order without parcels.
    """
    if not record.parcels:
        return ""
    heading = Words("包裹与明细行", "Parcels and lines").get(lang)
    return "\n".join(
        [
            heading,
            *(f"  {_parcel(parcel, record, lang)}" for parcel in record.parcels.values()),
            *(f"  {_line(line, record, lang)}" for line in record.goods if line.quantity > 0),
        ]
    )


def _parcel(parcel: Parcel, record: OrderRecord, lang: str) -> str:
    zh = lang == "zh"
    inside = ", ".join(
        f"第{piece.line}行 {piece.sku} {_numbers(piece.runs[0], lang)}"
        if zh
        else f"line {piece.line} {piece.sku} {_numbers(piece.runs[0], lang)}"
        for piece in parcel.pieces
    )
    digits = digits_of(record.currency)
    carried = ", ".join(
        f"{words.get(lang)} {major_units(minor, digits)}"
        for name, words in FIELDS.items()
        if (minor := getattr(parcel.share, name))
    )
    parts = [PARCEL_STATES[parcel.state].get(lang), inside, carried]
    parts += [
        codes.split_reason(reason.by, reason.what, reason.rule, lang) for reason in parcel.apart
    ]
    if parcel.replaces:
        parts.append(f"替代 {parcel.replaces}" if zh else f"in place of {parcel.replaces}")
    return f"{parcel.id} {parcel.warehouse}: " + "; ".join(part for part in parts if part)


def _line(line: RecordLine, record: OrderRecord, lang: str) -> str:
    zh = lang == "zh"
    ways = "; ".join(_way(stretch, line, record, lang) for stretch in stretches(record, line.no))
    gift = "" if line.gift_of is None else f" (第{line.gift_of}行的赠品)"
    if not zh and line.gift_of is not None:
        gift = f" (gift of line {line.gift_of})"
    return f"{f'第{line.no}行' if zh else f'line {line.no}'} {line.sku}{gift}: {ways}"


def _way(stretch: Stretch, line: RecordLine, record: OrderRecord, lang: str) -> str:
    """Where some units went: `1-2 P1 -> P3`; those in no parcel wait, or were given back."""
    zh = lang == "zh"
    run = (stretch.first, stretch.count)
    way = " -> ".join(stretch.parcels)
    if lives_in(record, stretch) is None:
        back = counted(common([run], line.back))
        where = "无包裹" if zh else "in no parcel"
        if back:
            where += f" (已退款 {back})" if zh else f" ({back} refunded)"
        way = f"{way}, {where}" if way else where
    return f"{_numbers(run, lang)} {way}"


def _numbers(run: tuple[int, int], lang: str) -> str:
    first, count = run
    told = f"{first + 1}" if count == 1 else f"{first + 1}-{first + count}"
    return f"第{told}件" if lang == "zh" else f"unit {told}" if count == 1 else f"units {told}"

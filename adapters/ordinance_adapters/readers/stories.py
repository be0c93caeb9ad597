"""The story of an order as a file tells it: what really happened, read strictly."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import TypeVar
from zoneinfo import ZoneInfo

from ordinance.rules.kinds import Kind, Value, Words
from ordinance.rules.reading.spelling import closest
from ordinance.rules.scalar import ScalarError, clip, from_python, parse
from ordinance.story import Piece, Request, Story
from ordinance_adapters.readers.fault import RowFault

T = TypeVar("T")

STORY_FIELDS = (
    "payments",
    "handed_over_at",
    "delivered_at",
    "ends_at",
    "lost",
    "damaged",
    "refused",
    "clerk",
    "short_pick",
    "signed_by",
    "scans",
    "requests",
    "survey_score",
)
PAYMENT_FIELDS = ("transaction", "amount", "paid_at", "method", "instalments")
REQUEST_FIELDS = ("kind", "at", "reason", "pieces", "demand", "evidence", "goods", "amount")
PIECE_FIELDS = ("sku", "quantity")
SCAN_FIELDS = ("at", "state")

CLERKS = ("confirm", "deny", "unreachable")
SIGNERS = ("self", "proxy", "locker")
REQUESTS = ("cancel", "aftersale")
GOODS = ("good", "damaged", "not_intact", "never")
SCORES = range(1, 6)

INSTALMENTS = range(1, 121)

MOST_ITEMS = 1_000
"""Of payments, requests, pieces or scans of one order."""


def story_of(value: object, zone: ZoneInfo) -> Story:
    """The story in `value`, a mapping of the fields of `Story`. Raises `RowFault` with all reasons.

    Instants without a zone are read in `zone`.
    """
    reasons: list[Words] = []
    told = _Told(value, "story", STORY_FIELDS, zone, reasons)
    story = Story(
        payments=told.each("payments", PAYMENT_FIELDS, _payment),
        handed_over_at=told.instant("handed_over_at"),
        delivered_at=told.instant("delivered_at"),
        ends_at=told.instant("ends_at"),
        lost=told.flag("lost"),
        damaged=told.flag("damaged"),
        refused=told.flag("refused"),
        clerk=told.word("clerk", CLERKS),
        short_pick=told.text("short_pick"),
        signed_by=told.word("signed_by", SIGNERS),
        scans=told.each("scans", SCAN_FIELDS, _scan),
        requests=told.each("requests", REQUEST_FIELDS, _request),
        survey_score=told.whole("survey_score", SCORES),
    )
    if reasons:
        raise RowFault(reasons)
    return story


def _payment(told: _Told) -> Mapping[str, object] | None:
    transaction = told.text("transaction", required=True)
    amount = told.amount("amount", required=True)
    paid_at = told.instant("paid_at", required=True)
    method, instalments = told.text("method"), told.whole("instalments", INSTALMENTS)
    if transaction is None or amount is None or paid_at is None:
        return None
    return {
        "transaction": transaction,
        "amount": amount,
        "paid_at": paid_at,
        "method": method or "unknown",
        "instalments": instalments or 1,
    }


def _scan(told: _Told) -> tuple[datetime, str] | None:
    at, state = told.instant("at", required=True), told.text("state", required=True)
    return None if at is None or state is None else (at, state)


def _request(told: _Told) -> Request | None:
    kind = told.word("kind", REQUESTS, required=True)
    at = told.instant("at", required=True)
    reason = told.text("reason", required=True)
    pieces = told.each("pieces", PIECE_FIELDS, _piece)
    demand, evidence = told.text("demand"), told.flag("evidence")
    goods, amount = told.word("goods", GOODS), told.amount("amount")
    if kind is None or at is None or reason is None:
        return None
    return Request(kind, at, reason, pieces, demand, evidence, goods or "good", amount)


def _piece(told: _Told) -> Piece | None:
    sku, quantity = told.text("sku", required=True), told.whole("quantity", range(1, 10**9 + 1))
    told.missing("quantity")
    return None if sku is None or quantity is None else Piece(sku, quantity)


class _Told:
    """One mapping of a story. `place` says where it stands, as in `story.requests[1]`."""

    def __init__(
        self,
        value: object,
        place: str,
        known: Sequence[str],
        zone: ZoneInfo,
        reasons: list[Words],
    ) -> None:
        self._place = place
        self._zone = zone
        self._reasons = reasons
        self._is_map = isinstance(value, dict)
        self._values: Mapping[str, object] = value if isinstance(value, dict) else {}
        if not self._is_map:
            reasons.append(Words(f"`{place}` 需要 `字段: 值`", f"`{place}` needs fields"))
        for name in self._values:
            if name not in known:
                near = closest(name, known)
                hint = near.word if near else ", ".join(known)
                reasons.append(
                    Words(
                        f"`{place}` 没有字段 `{clip(name)}`; 可用: {hint}",
                        f"`{place}` has no field `{clip(name)}`; "
                        + (f"did you mean `{hint}`?" if near else f"known: {hint}"),
                    )
                )

    def text(self, name: str, *, required: bool = False) -> str | None:
        """A text that is not empty."""
        value = self._values.get(name)
        if value is None:
            if required:
                self.missing(name)
            return None
        if isinstance(value, str) and value.strip():
            return value.strip()
        self._wrong(name, "需要文本", "must be a text")
        return None

    def word(self, name: str, known: Sequence[str], *, required: bool = False) -> str | None:
        """One of `known`."""
        text = self.text(name, required=required)
        if text is not None and text not in known:
            self._wrong(name, f"只能是 {', '.join(known)}", f"must be one of {', '.join(known)}")
            return None
        return text

    def flag(self, name: str) -> bool:
        """True or false; false when it is not given."""
        return bool(self._typed(name, Kind.BOOLEAN, "需要 true 或 false", "must be true or false"))

    def instant(self, name: str, *, required: bool = False) -> datetime | None:
        """A moment, zone-aware."""
        if required:
            self.missing(name)
        value = self._typed(
            name,
            Kind.INSTANT,
            "需要时刻, 如 2026-11-05T22:30:00+08:00",
            "must be a moment such as 2026-11-05T22:30:00+08:00",
        )
        return value if isinstance(value, datetime) else None

    def amount(self, name: str, *, required: bool = False) -> Decimal | None:
        """Money in major units, not negative."""
        if required:
            self.missing(name)
        value = self._typed(name, Kind.DECIMAL, "需要金额, 如 12.50", "must be like 12.50")
        if isinstance(value, Decimal) and value < 0:
            self._wrong(name, "不能为负", "must not be negative")
            return None
        return value if isinstance(value, Decimal) else None

    def whole(self, name: str, allowed: range) -> int | None:
        """A whole number of `allowed`."""
        value = self._typed(name, Kind.INTEGER, "需要整数", "must be a whole number")
        if isinstance(value, int) and value not in allowed:
            low, high = allowed[0], allowed[-1]
            self._wrong(name, f"须在 {low} 到 {high} 之间", f"must lie from {low} to {high}")
            return None
        return value if isinstance(value, int) else None

    def each(
        self, name: str, known: Sequence[str], read: Callable[[_Told], T | None]
    ) -> tuple[T, ...]:
        """A list of mappings with the fields `known`, each read by `read`."""
        value = self._values.get(name)
        if value is None:
            return ()
        if not isinstance(value, list) or len(value) > MOST_ITEMS:
            self._wrong(
                name,
                f"需要列表, 最多 {MOST_ITEMS} 项",
                f"must be a list of at most {MOST_ITEMS} items",
            )
            return ()
        found = []
        for number, item in enumerate(value, start=1):
            place = f"{self._place}.{name}[{number}]"
            one = read(_Told(item, place, known, self._zone, self._reasons))
            if one is not None:
                found.append(one)
        return tuple(found)

    def missing(self, name: str) -> None:
        """Note a needed field when it is not there."""
        if self._is_map and self._values.get(name) is None:
            self._wrong(name, "缺失", "is missing")

    def _typed(self, name: str, kind: Kind, zh: str, en: str) -> Value | None:
        value = self._values.get(name)
        if value is None:
            return None
        try:
            if isinstance(value, str):
                return parse(value.strip(), kind, zone=self._zone)
            return from_python(value, kind, zone=self._zone)
        except ScalarError:
            self._wrong(name, zh, en)
            return None

    def _wrong(self, name: str, zh: str, en: str) -> None:
        self._reasons.append(Words(f"`{self._place}.{name}` {zh}", f"`{self._place}.{name}` {en}"))

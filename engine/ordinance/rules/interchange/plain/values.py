"""Values in cells: those that a condition compares with, and those that an outcome gives."""

from __future__ import annotations

from collections.abc import Mapping

from ordinance.rules.interchange.draft import Constant, Given, kind_of
from ordinance.rules.interchange.evidence import Evidence, Untranslatable
from ordinance.rules.interchange.plain.cutting import INSIDE, QUOTED, Piece
from ordinance.rules.interchange.plain.literals import Literals
from ordinance.rules.interchange.plain.spelling import UNSET
from ordinance.rules.kinds import Kind
from ordinance.rules.refusal import clip

_WORDLIKE = (Kind.TEXT, Kind.TAGS, Kind.REGION)


class Values:
    """Reads the values of one column, whose facts are told to `evidence`."""

    def __init__(self, evidence: Evidence, fact: str, literals: Literals, *, typed: bool) -> None:
        self._evidence = evidence
        self._fact = fact
        self._literals = literals
        self._typed = typed

    def value(self, piece: Piece, *, firm: bool) -> Constant:
        """The value of a piece; `firm` where it could not be a word. Raises `Untranslatable`."""
        known = self._evidence.kind(self._fact)
        quoted = piece.quoted
        if quoted is not None:
            if known not in _WORDLIKE:
                self._evidence.expect(self._fact, Kind.TEXT)
            return self._literals.value(quoted, known if known in _WORDLIKE else Kind.TEXT)
        text, own = bare(piece, self._literals)
        if known is not None and self._literals.fits(text, known):
            return self._literals.value(piece.text if known in _WORDLIKE else text, known)
        # A word or a numeral without quotes goes with the rest of its column.
        self._evidence.expect(self._fact, own, firm=firm or self._typed or _is_firm(own, text))
        return self._literals.value(text, own)

    def word(self, piece: Piece) -> str:
        """A piece without quotes, as a text. Raises `Untranslatable` where it is not clear."""
        bare(piece, self._literals)
        return piece.text

    def expect_words(self) -> None:
        """The column holds texts, or tags where it says so."""
        if self._evidence.kind(self._fact) is not Kind.TAGS:
            self._evidence.expect(self._fact, Kind.TEXT)

    def kind(self) -> Kind | None:
        """The kind of the fact, when it is settled."""
        return self._evidence.kind(self._fact)


def bare(piece: Piece, literals: Literals) -> tuple[str, Kind]:
    """The text of a piece without quotes, and what it is. Raises `Untranslatable`."""
    if not piece:
        raise Untranslatable("a value is missing")
    if QUOTED in piece.mask or INSIDE in piece.mask:
        raise Untranslatable(f"`{clip(piece.text)}`: part of it stands in quotes or brackets")
    kind = literals.kind(piece.mask)
    # Signs of a number may be full-width; a text is taken as it stands.
    return (piece.mask, kind) if kind is not Kind.TEXT else (piece.text, literals.kind(piece.text))


def outcome(text: str, literals: Literals) -> Given | None:
    """What an outcome cell gives; None leaves the field out. Raises `Untranslatable`."""
    if text in UNSET.all:
        return None
    piece = Piece(text)
    bracketed = piece.brackets
    if bracketed is None and len(piece.items()) > 1:
        raise Untranslatable("several values: write a list in brackets, `[a, b]`")
    return _given(piece, literals)


def outcome_kind(text: str, literals: Literals) -> Kind | None:
    """The kind of the one value that an outcome cell gives; None where it gives none, or more."""
    try:
        value = outcome(text, literals)
    except Untranslatable:
        return None
    return None if value is None or isinstance(value, tuple | Mapping) else kind_of(value)


def _given(piece: Piece, literals: Literals) -> Given:
    quoted = piece.quoted
    if quoted is not None:
        return quoted
    bracketed = piece.brackets
    if bracketed is None:
        text, kind = bare(piece, literals)
        return literals.value(text, kind)
    opening, inner, closing = bracketed
    if (opening, closing) == ("[", "]"):
        return tuple(_given(item, literals) for item in inner.items()) if inner else ()
    if (opening, closing) == ("{", "}") and inner:
        return dict(_entry(item, literals) for item in inner.items())
    raise Untranslatable("a list stands in `[ ]`, a record in `{ }`")


def _entry(piece: Piece, literals: Literals) -> tuple[str, Given]:
    name, sign, _ = piece.mask.partition(":")
    if not sign:
        raise Untranslatable(f"`{clip(piece.text)}`: a record holds `name: value`")
    key = piece.part(0, len(name))
    value = _given(piece.part(len(name) + 1), literals)
    if isinstance(value, tuple | Mapping):
        raise Untranslatable("a record holds single values only")
    return key.quoted or bare(key, literals)[0], value


def _is_firm(kind: Kind, text: str) -> bool:
    return kind in (Kind.INSTANT, Kind.TIME_OF_DAY, Kind.DURATION) or (
        kind is Kind.TEXT and text[:1] == "0"
    )

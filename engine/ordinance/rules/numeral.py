"""Numbers: strict decimal text, exact decimals, and what money allows."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal

from ordinance.rules import respelling
from ordinance.rules.kinds import Kind
from ordinance.rules.refusal import EXAMPLES, KIND_WORDS, ScalarError, clip
from ordinance.rules.words import decimals_of

MOST_DIGITS = 18

NUMBERS = frozenset({Kind.MONEY, Kind.INTEGER, Kind.DECIMAL, Kind.RATIO})
"""The kinds that are numbers."""

NUMBER = re.compile(r"(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?")
"""The one spelling of a number: sign, digits, decimals."""

_UNUSUAL_NUMBER = re.compile(r"[+-]?(?:[0-9][0-9_,]*\.?[0-9]*(?:e[+-]?[0-9]+)?)", re.IGNORECASE)


def parse_number(text: str, kind: Kind, unit: str | None) -> Decimal | int:
    digits = text
    if kind is Kind.RATIO and text.endswith("%"):
        digits = text[:-1].removesuffix(" ")
    match = NUMBER.fullmatch(digits) if len(digits) <= 2 * MOST_DIGITS else None
    if match is None:
        raise _not_a_number(text, kind)
    sign, whole, fraction = match.group(1), match.group(2), match.group(3) or ""
    if len(whole) + len(fraction) > MOST_DIGITS:
        raise _not_a_number(text, kind)
    number = Decimal(digits)
    code = "E_MONEY" if kind is Kind.MONEY else "E_NUMBER"
    if sign and number == 0:
        raise ScalarError(code, f"`{text}` is a zero with a sign", "write `0`")
    if kind is Kind.INTEGER:
        if fraction:
            raise ScalarError(
                code, f"`{text}` is not a whole number", f"write it without decimals: `{whole}`"
            )
        return int(digits)
    if kind is Kind.MONEY:
        _check_money(number, len(fraction), text, unit)
    return number / 100 if digits is not text else number


def number_from_python(value: int | float | Decimal, kind: Kind, unit: str | None) -> Decimal | int:
    number: Decimal | None
    if isinstance(value, int):
        number = Decimal(value) if -(10**MOST_DIGITS) < value < 10**MOST_DIGITS else None
    else:
        exact = Decimal(repr(value)) if isinstance(value, float) else value
        number = exact if exact.is_finite() and abs(exact.adjusted()) < MOST_DIGITS else None
    if number is None:
        raise ScalarError(
            "E_NUMBER",
            f"this number is not {KIND_WORDS[kind]} of at most {MOST_DIGITS} digits",
            f"give {EXAMPLES[kind]}",
        )
    number = Decimal(decimal_text(number))
    fraction = max(0, -int(number.as_tuple().exponent))
    if kind is Kind.INTEGER:
        if fraction:
            raise ScalarError("E_NUMBER", f"`{number}` is not a whole number", "round it first")
        return int(number)
    if kind is Kind.MONEY:
        _check_money(number, fraction, str(number), unit)
    return number


def decimal_text(value: Decimal) -> str:
    text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _check_money(number: Decimal, fraction: int, text: str, unit: str | None) -> None:
    most = decimals_of(unit)
    if fraction > most and number != round(number, most):
        raise ScalarError(
            "E_MONEY",
            f"`{clip(text)}` has {fraction} decimals, but {unit or 'money'} has {most}",
            f"write at most {most} decimals",
        )


def _not_a_number(text: str, kind: Kind) -> ScalarError:
    usual = unicodedata.normalize("NFKC", text).strip()
    ascii_digits = "".join(
        str(unicodedata.digit(char)) if unicodedata.digit(char, None) is not None else char
        for char in usual[:100]
    )
    meant = respelling.number(text) if len(text) <= 2 * MOST_DIGITS else None
    if meant is not None and meant.endswith("%") and kind is not Kind.RATIO:
        meant = None
    if len(text) > MOST_DIGITS and _UNUSUAL_NUMBER.fullmatch(text):
        return ScalarError(
            "E_NUMBER", f"a number of {len(text)} digits", f"write at most {MOST_DIGITS} digits"
        )
    if ascii_digits != text and NUMBER.fullmatch(ascii_digits):
        return ScalarError(
            "E_NUMBER",
            f"`{clip(text)}` is not written with the digits 0 to 9",
            f"write `{ascii_digits}`",
        )
    if kind is Kind.MONEY and (match := re.match(r"(-?[0-9.]+) ?[A-Z]{3}$", text)):
        return ScalarError(
            "E_MONEY",
            f"`{clip(text)}` names a currency",
            f"write the number alone, `{match.group(1)}`; amounts are in the shop's currency",
        )
    if re.fullmatch(r"[0-9]{1,3}(?::[0-9]{2}){1,2}", text):
        return ScalarError("E_TYPE", f"`{text}` is a time, not {KIND_WORDS[kind]}")
    hint = "write digits alone, with a point before decimals and no exponent or separators"
    if re.fullmatch(r"-?0[0-9]+", text):
        hint = f"write `{text.replace('0', '', 1)}` if it is a number; codes belong in text facts"
    elif meant is not None:
        hint = f"write `{meant}`, in digits alone"
        if kind is Kind.MONEY:
            hint += "; amounts are in the shop's currency"
    elif "%" in usual or "百分之" in usual:
        hint = "write it as a plain number"
        if kind is Kind.RATIO:
            hint = f"write {EXAMPLES[Kind.RATIO]}"
    return ScalarError("E_NUMBER", f"`{clip(text)}` is not {KIND_WORDS[kind]}", hint)

"""Unary tests of FEEL as data: their text, and what they come to, told apart from the importer.

A test is a tuple that begins with its name. `value` gives True, False or None, which is FEEL's
`null`: a comparison with nothing is `null`, equality never is, and `and`, `or` and `not` are
Kleene's.
"""

from __future__ import annotations

import operator
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeAlias

from hypothesis import strategies as st

Check: TypeAlias = tuple[Any, ...]
Given: TypeAlias = Mapping[str, Any]

COLUMN = "?"
OTHERS = {"order.weight": "number", "Order Total": "number", "customer level": "string"}
"""Facts beside the one of the column, with their types."""

VALUES: dict[str, dict[str, Any]] = {
    "number": {text: Decimal(text) for text in ("-3", "0", "0.1", "2.5", "7", "100")}
    | {".5": Decimal("0.5"), "7.0": Decimal(7)},
    "string": {
        '"a"': "a",
        '"ab"': "ab",
        '"abc"': "abc",
        '""': "",
        r'"\"b\\"': '"b\\',
        r'"\u9ec4金"': "黄金",
    },
    "boolean": {"true": True, "false": False},
    "date": {
        'date("2026-01-31")': date(2026, 1, 31),
        '@"2026-02-01"': date(2026, 2, 1),
        'date("2026-11-11")': date(2026, 11, 11),
    },
    "date and time": {
        'date and time("2026-01-01T10:00:00Z")': datetime(2026, 1, 1, 10, tzinfo=UTC),
        'date and time("2026-01-01T18:00:00+08:00")': datetime(2026, 1, 1, 10, tzinfo=UTC),
        '@"2026-01-01T10:00:01"': datetime(2026, 1, 1, 10, 0, 1, tzinfo=UTC),
    },
    "time": {'time("08:00:00")': time(8), 'time("22:30:00")': time(22, 30), '@"00:00:00"': time()},
    "days and time duration": {
        'duration("P1D")': timedelta(days=1),
        'duration("PT24H")': timedelta(days=1),
        '@"-PT1H30M"': timedelta(hours=-1, minutes=-30),
        'duration("P2DT0.5S")': timedelta(days=2, seconds=0.5),
    },
}
ORDERED = [name for name in VALUES if name not in ("string", "boolean")]
SIGNS = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge}
CALLS = {
    "starts with": str.startswith,
    "ends with": str.endswith,
    "contains": lambda text, part: part in text,
}


def cells(kind: str) -> st.SearchStrategy[tuple[Check, ...] | tuple[str, tuple[Check, ...]]]:
    """Cells of a column of a type: plain tests, `("not", tests)`, or one expression with `?`."""
    tests = st.lists(_plain(kind), min_size=1, max_size=4).map(tuple)
    return st.one_of(
        tests,
        tests.map(lambda found: ("not", found)),
        _expressions(kind).map(lambda found: (found,)),
    )


def cell_text(cell: tuple[Any, ...]) -> str:
    """The cell as FEEL."""
    if cell[0] == "not":
        return f"not({cell_text(cell[1])})"
    return ", ".join(text(check) for check in cell)


def cell_value(cell: tuple[Any, ...], given: Given) -> bool | None:
    """What the cell comes to."""
    if cell[0] == "not":
        return _not(cell_value(cell[1], given))
    return _any([value(check, given) for check in cell])


def text(check: Check) -> str:
    """One test, or one expression, as FEEL."""
    match check:
        case ("=", None, literal):
            return literal
        case ("one of", None, literals):
            return f"[{', '.join(literals)}]"
        case ("order", None, sign, literal):
            return f"{sign} {literal}"
        case ("between", None, opening, low, high, closing):
            return f"{opening}{low}..{high}{closing}"
        case ("=", subject, literal):
            return f"{subject} = {literal}"
        case ("!=", subject, literal):
            return f"{subject or ''} != {literal}".strip()
        case ("one of", subject, literals):
            return f"{subject} in ({', '.join(literals)})"
        case ("order", subject, sign, literal):
            return f"{subject} {sign} {literal}"
        case ("facts", subject, sign, other):
            return f"{subject} {sign} {other}"
        case ("between", subject, opening, low, high, closing):
            return f"({subject} in {opening}{low}..{high}{closing})"
        case ("call", subject, name, literal):
            return f"{name}({subject}, {literal})"
        case ("not", inner):
            return f"not({text(inner)})"
        case ("or", left, right):
            return f"{text(left)} or {text(right)}"
        case ("and", left, right):
            parts = [f"({text(part)})" if part[0] == "or" else text(part) for part in (left, right)]
            return " and ".join(parts)
    raise AssertionError(check)


def value(check: Check, given: Given) -> bool | None:
    """What one test comes to."""
    match check:
        case ("not", inner):
            return _not(value(inner, given))
        case ("or", left, right):
            return _any([value(left, given), value(right, given)])
        case ("and", left, right):
            return _not(_any([_not(value(left, given)), _not(value(right, given))]))
    name, subject, *rest = check
    found = given.get(subject or COLUMN)
    if name == "=":
        return bool(found == _literal(rest[0]))
    if name == "!=":
        return bool(found != _literal(rest[0]))
    if name == "one of":
        return found in [_literal(item) for item in rest[0]]
    if found is None:
        return None
    if name == "order":
        return bool(SIGNS[rest[0]](found, _literal(rest[1])))
    if name == "facts":
        other = given.get(rest[1])
        return None if other is None else bool(SIGNS[rest[0]](found, other))
    if name == "between":
        opening, low, high, closing = rest
        above = SIGNS[">=" if opening == "[" else ">"](found, _literal(low))
        return bool(above and SIGNS["<=" if closing == "]" else "<"](found, _literal(high)))
    return bool(CALLS[rest[0]](found, _literal(rest[1])))


def _plain(kind: str) -> st.SearchStrategy[Check]:
    """Tests without `?`."""
    return st.one_of(_tests(kind, None))


def _expressions(kind: str) -> st.SearchStrategy[Check]:
    """Expressions that name `?`, and perhaps other facts."""
    about_column = st.one_of(_tests(kind, COLUMN))
    others = st.sampled_from(list(OTHERS)).flatmap(
        lambda name: st.one_of(_tests(OTHERS[name], name))
    )
    facts = st.tuples(
        st.just("facts"),
        st.just("order.weight"),
        st.sampled_from(list(SIGNS)),
        st.just("Order Total"),
    )
    inner = st.recursive(
        st.one_of(about_column, others, facts),
        lambda below: st.one_of(
            st.tuples(st.just("not"), below),
            st.tuples(st.sampled_from(("and", "or")), below, below),
        ),
        max_leaves=5,
    )
    # Without `?` a test of a column of booleans is ambiguous, so there always is one.
    return st.tuples(st.sampled_from(("and", "or")), about_column, inner)


def _tests(kind: str, subject: str | None) -> list[st.SearchStrategy[Check]]:
    literal = st.sampled_from(list(VALUES[kind]))
    found: list[st.SearchStrategy[Check]] = [
        st.tuples(st.just("="), st.just(subject), literal | st.just("null")),
        st.tuples(st.just("!="), st.just(subject), literal | st.just("null")),
        st.tuples(
            st.just("one of"),
            st.just(subject),
            st.lists(literal, min_size=1, max_size=3).map(tuple),
        ),
    ]
    if kind in ORDERED:
        found.append(
            st.tuples(st.just("order"), st.just(subject), st.sampled_from(list(SIGNS)), literal)
        )
        found.append(_intervals(kind, subject))
    if kind == "string" and subject is not None:
        found.append(
            st.tuples(st.just("call"), st.just(subject), st.sampled_from(list(CALLS)), literal)
        )
    return found


def _intervals(kind: str, subject: str | None) -> st.SearchStrategy[Check]:
    literals = VALUES[kind]
    pair = st.tuples(st.sampled_from(list(literals)), st.sampled_from(list(literals))).map(
        lambda two: sorted(two, key=lambda item: literals[item])
    )
    return st.tuples(pair, st.sampled_from("[(]"), st.sampled_from("])[")).map(
        lambda found: ("between", subject, found[1], *found[0], found[2])
    )


def _literal(written: str) -> Any:
    if written == "null":
        return None
    return next(known[written] for known in VALUES.values() if written in known)


def _not(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def _any(answers: list[bool | None]) -> bool | None:
    if True in answers:
        return True
    return None if None in answers else False

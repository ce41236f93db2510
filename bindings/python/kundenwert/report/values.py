"""How dates and amounts are written in a column of text: recognised, never guessed.

Each way of writing is a DuckDB expression that is null where a value is not written that way. Where two ways fit a
column and give different values, the person is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = [
    "AMOUNT_FORMS",
    "AMOUNT_RIVALS",
    "DATE_FORMS",
    "DATE_RIVALS",
    "Form",
    "FormCounts",
    "FormDoubtError",
    "given_date_form",
    "resolved_form",
]

# A date, and behind it perhaps a time of day, which does not matter: the calendar day is the one that is written.
_TIME = r"(?:[T ]\s*\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[AaPp][Mm])?\s*(?:Z|UTC|[+-]\d{2}(?::?\d{2})?)?)?"


@dataclass(frozen=True)
class Form:
    """A way of writing values.

    Attributes
    ----------
    title : str
        For people: "DD.MM.YYYY".
    option : str
        What a person passes to settle it: "--date-format %d.%m.%Y".
    sql : str
        Expression of the value, with the word VALUE for the trimmed text.
    """

    title: str
    option: str
    sql: str


@dataclass(frozen=True)
class FormCounts:
    """How a column is written.

    Attributes
    ----------
    fits : tuple of int
        Values that fit each form.
    both : tuple of int
        Values that fit both forms of a pair of rivals.
    differ : tuple of int
        Those of ``both`` that the two read differently.
    """

    fits: tuple[int, ...]
    both: tuple[int, ...]
    differ: tuple[int, ...]


class FormDoubtError(Exception):
    """The values do not tell which of two forms is meant."""

    def __init__(self, first: int, second: int) -> None:
        super().__init__(first, second)
        self.first = first
        self.second = second


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _date_option(pattern: str) -> str:
    return f"--date-format {pattern}"


def _date_form(title: str, shape: str, pattern: str) -> Form:
    part = f"regexp_extract(VALUE, {_literal(f'^({shape}){_TIME}$')}, 1)"
    return Form(title, _date_option(pattern), f"CAST(try_strptime({part}, '{pattern}') AS DATE)")


DATE_FORMS: tuple[Form, ...] = (
    _date_form("YYYY-MM-DD", r"\d{4}-\d{1,2}-\d{1,2}", "%Y-%m-%d"),
    _date_form("YYYY/MM/DD", r"\d{4}/\d{1,2}/\d{1,2}", "%Y/%m/%d"),
    _date_form("YYYYMMDD", r"\d{4}\d{2}\d{2}", "%Y%m%d"),
    _date_form("DD.MM.YYYY", r"\d{1,2}\.\d{1,2}\.\d{4}", "%d.%m.%Y"),
    _date_form("DD/MM/YYYY", r"\d{1,2}/\d{1,2}/\d{4}", "%d/%m/%Y"),
    _date_form("MM/DD/YYYY", r"\d{1,2}/\d{1,2}/\d{4}", "%m/%d/%Y"),
    _date_form("DD-MM-YYYY", r"\d{1,2}-\d{1,2}-\d{4}", "%d-%m-%Y"),
    _date_form("MM-DD-YYYY", r"\d{1,2}-\d{1,2}-\d{4}", "%m-%d-%Y"),
)

# Pairs of forms of the same shape.
DATE_RIVALS: tuple[tuple[int, int], ...] = ((4, 5), (6, 7))
AMOUNT_RIVALS: tuple[tuple[int, int], ...] = ((0, 1),)


def given_date_form(pattern: str) -> Form:
    """The form of a strptime pattern that a person gave.

    A pattern of DATE_FORMS may be followed by a time of day, as when it is recognised; any other has to fit all of it.
    """
    for form in DATE_FORMS:
        if form.option == _date_option(pattern):
            return form
    return Form(pattern, _date_option(pattern), f"CAST(try_strptime(VALUE, {_literal(pattern)}) AS DATE)")


def _amount_form(name: str, decimal: str, thousands: str) -> Form:
    shape = (
        rf"^[+-]?(?:\d+(?:\{decimal}\d*)?|\{decimal}\d+|\d{{1,3}}(?:\{thousands}\d{{3}})+(?:\{decimal}\d*)?)"
        r"(?:[eE][+-]?\d+)?$"
    )
    number = f"replace(replace(VALUE, '{thousands}', ''), '{decimal}', '.')"
    return Form(
        f"a number with a decimal {name}",
        f"--decimal {name}",
        f"CASE WHEN regexp_matches(VALUE, {_literal(shape)}) THEN TRY_CAST({number} AS DOUBLE) END",
    )


AMOUNT_FORMS: tuple[Form, ...] = (_amount_form("point", ".", ","), _amount_form("comma", ",", "."))


def resolved_form(counts: FormCounts, rivals: Sequence[tuple[int, int]]) -> int | None:
    """Number of the form a column is written in; values that do not fit it are bad values. None: no form fits any.

    Raises
    ------
    FormDoubtError
        Two rivals read some values differently, and neither or each of them is shown by values that only it fits.
    """
    best = max(range(len(counts.fits)), key=lambda i: counts.fits[i])
    if counts.fits[best] == 0:
        return None
    for pair, both, differ in zip(rivals, counts.both, counts.differ, strict=True):
        if best in pair and differ > 0:
            shown = [counts.fits[i] > both for i in pair]
            if shown[0] == shown[1]:
                raise FormDoubtError(*pair)
    return best

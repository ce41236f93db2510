"""Dates in arguments: text, datetime, numpy or pandas; inside, days since 1970-01-01."""

from __future__ import annotations

import datetime
from typing import TypeAlias

import numpy as np

from kundenwert import _core
from kundenwert.errors import KundenwertError

__all__ = ["DateLike", "date_of", "day_of", "day_or_none"]

DateLike: TypeAlias = str | datetime.date | np.datetime64

_EPOCH = datetime.date(1970, 1, 1).toordinal()


def day_of(value: DateLike, argument: str) -> int:
    """Civil day of a date; a time of day is left out. Raises date_invalid."""
    if isinstance(value, str):
        return _core.parse_day(value, argument)
    if isinstance(value, np.datetime64) and not np.isnat(value):
        return int(value.astype("datetime64[D]").astype(np.int64))
    # A missing pandas date is a datetime, but unequal to itself.
    if isinstance(value, datetime.date) and value == value:
        return value.toordinal() - _EPOCH
    raise KundenwertError(f"is no date: {value!r}", code="date_invalid", argument=argument)


def day_or_none(value: DateLike | None, argument: str) -> int | None:
    """Civil day of a date, or None."""
    return None if value is None else day_of(value, argument)


def date_of(day: int | None) -> datetime.date | None:
    """Date of a civil day; None where there is none, or where it is no date that Python has."""
    return None if day is None else datetime.date.fromordinal(day + _EPOCH)

"""Retention of customers over a period."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kundenwert import _core
from kundenwert.bases import CustomerBase
from kundenwert.dates import DateLike, date_of, day_of
from kundenwert.frozen import finite, thread_count
from kundenwert.logs import Progress

__all__ = ["RetentionRate", "rate_of_core", "retention_of_counts", "retention_rate"]


@dataclass(frozen=True)
class RetentionRate:
    """Share of those who were customers at the begin of a period who still are at its end, counted one by one.

    Attributes
    ----------
    from_, to : datetime.date or None
        The period: who is a customer on ``from_``, and on ``to``.
    at_start, retained, lost, regained : int
        Customers at the begin; of them still customers without a break, gone, and lost but back.
    joined, returned : int
        Customers at the end for the first time; and those who had been lost before the period.
    rate, lower, upper : float or None
        Retained over at_start, with the interval of Wilson; None with nobody at the begin.
    reason : str or None
        Why there is no rate; None where there is one.
    confidence : float
        Of the interval.
    """

    from_: datetime.date | None
    to: datetime.date | None
    at_start: int
    retained: int
    lost: int
    regained: int
    joined: int
    returned: int
    rate: float | None
    lower: float | None
    upper: float | None
    reason: str | None
    confidence: float = 0.95


def rate_of_core(found: Mapping[str, Any]) -> RetentionRate:
    """The rate as the core tells it."""
    return RetentionRate(
        from_=date_of(found["from"]),
        to=date_of(found["to"]),
        at_start=found["at_start"],
        retained=found["retained"],
        lost=found["lost"],
        regained=found["regained"],
        joined=found["joined"],
        returned=found["returned"],
        rate=finite(found["rate"]),
        lower=finite(found["lower"]),
        upper=finite(found["upper"]),
        reason=found["reason"] or None,
        confidence=found["confidence"],
    )


def retention_rate(
    base: CustomerBase,
    *,
    from_: DateLike,
    to: DateLike,
    confidence: float = 0.95,
    phase_parameters: Mapping[str, float] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> RetentionRate:
    """How many of those who were customers on ``from_`` still were on ``to``, without a break between.

    Parameters
    ----------
    base : CustomerBase
    from_, to : date
        Who is a customer on each day is what is known by then; ``to`` is later.
    confidence : float
        Of the interval, in (0, 1).
    phase_parameters : mapping, optional
        As in :func:`classify_phases`.
    threads, progress
        As in :func:`classify_phases`.

    Returns
    -------
    RetentionRate

    Raises
    ------
    KundenwertError
        date_range, date_order, domain, unknown_code of a parameter.

    Examples
    --------
    >>> import kundenwert as kw
    >>> log = {"customer_id": [1, 2, 1], "date": ["2023-01-05", "2023-02-01", "2023-11-30"], "amount": [9.0, 7.5, 4.0]}
    >>> rate = kw.retention_rate(kw.CustomerBase(transactions=log), from_="2023-03-01", to="2024-03-01")
    >>> rate.at_start, rate.retained, rate.lost, rate.rate
    (2, 1, 1, 0.5)
    """
    return rate_of_core(
        _core.retention_rate(
            base._handle,
            day_of(from_, "from_"),
            day_of(to, "to"),
            confidence,
            dict(phase_parameters or {}),
            thread_count(threads),
            progress,
        )
    )


def retention_of_counts(
    *,
    retained: int,
    lost: int,
    regained: int = 0,
    joined: int = 0,
    returned: int = 0,
    confidence: float = 0.95,
) -> RetentionRate:
    """The rate from numbers of customers that are known already.

    Parameters
    ----------
    retained, lost, regained : int
        Of those at the begin; together they are all of them.
    joined, returned : int
        Who came; told, but not part of the rate.
    confidence : float
        Of the interval, in (0, 1).

    Returns
    -------
    RetentionRate
        Without dates.

    Raises
    ------
    KundenwertError
        sign, overflow, domain.

    Examples
    --------
    >>> import kundenwert as kw
    >>> rate = kw.retention_of_counts(retained=6, lost=4)
    >>> f"{rate.rate} from {rate.lower:.6f} to {rate.upper:.6f}"
    '0.6 from 0.312674 to 0.831820'
    """
    return rate_of_core(_core.retention_of_counts(retained, lost, regained, joined, returned, confidence))

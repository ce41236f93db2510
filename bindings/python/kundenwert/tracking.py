"""A model against what happened: repeat purchases over time, and estimates against the truth."""

from __future__ import annotations

import datetime
from typing import NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from kundenwert import _core
from kundenwert.bases import CustomerBase
from kundenwert.dates import DateLike, date_of, day_of, day_or_none
from kundenwert.frames import ArrowTable, FrameResult, values_stream
from kundenwert.frozen import Frozen, read_only, thread_count
from kundenwert.logs import Progress
from kundenwert.modeling import TransactionModel

__all__ = ["Regularity", "TrackingResult", "rank_correlation", "regularity", "top_hits", "track_repeat_purchases"]


class TrackingResult(Frozen, FrameResult):
    """Result of :func:`track_repeat_purchases`; as a table: day, actual, expected, and their steps. Immutable.

    Attributes
    ----------
    customers : int
        With a first purchase in the observation.
    days : numpy.ndarray of datetime64[D]
        Ascending; empty without customers.
    actual : numpy.ndarray of int64
        Repeat purchase days until the end of each day.
    expected : numpy.ndarray of float64
        The same as the model expects them of customers of whom only the first purchase is known.
    actual_step, expected_step : numpy.ndarray
        The same since the day before in ``days``.
    as_of : datetime.date
        Who first bought up to this day counts.
    """

    __slots__ = ("_kind", "actual", "actual_step", "as_of", "customers", "days", "expected", "expected_step")
    customers: int
    as_of: datetime.date
    days: NDArray[np.datetime64]
    actual: NDArray[np.int64]
    expected: NDArray[np.float64]
    actual_step: NDArray[np.int64]
    expected_step: NDArray[np.float64]
    _kind: str

    def __init__(self, **attributes: object) -> None:
        self._set(**attributes)

    def __len__(self) -> int:
        return len(self.days)

    def _table(self) -> ArrowTable:
        names = ("actual", "expected", "actual_step", "expected_step")
        table: ArrowTable = pa.table({"day": self.days, **{name: getattr(self, name) for name in names}})
        return table

    def _frame_kind(self) -> str:
        return self._kind

    def __repr__(self) -> str:
        return f"<TrackingResult: {self.customers} customers, {len(self)} days>"


def track_repeat_purchases(
    base: CustomerBase,
    model: TransactionModel,
    *,
    as_of: DateLike,
    start: DateLike | None = None,
    through: DateLike | None = None,
    step_days: int = 7,
) -> TrackingResult:
    """Repeat purchases since the first day, counted and as a model expects them.

    Parameters
    ----------
    base : CustomerBase
    model : TransactionModel
    as_of : date
        Who first bought up to this day counts.
    start : date, optional
        First day of observation; None: from the first purchase on.
    through : date, optional
        Last day that is told, not before ``as_of``; None: ``as_of``.
    step_days : int
        Days from one point to the next, at least 1.

    Returns
    -------
    TrackingResult

    Raises
    ------
    KundenwertError
        date_range, date_order, domain; unsupported for a model of spend.

    Examples
    --------
    >>> import kundenwert as kw
    >>> log = {"customer_id": [1, 1, 2], "date": ["2024-01-01", "2024-01-09", "2024-01-03"]}
    >>> model = kw.BgNbd(r=0.24, alpha=4.41, a=0.79, b=2.43, unit="week")
    >>> kw.track_repeat_purchases(kw.CustomerBase(transactions=log), model, as_of="2024-01-15").actual
    array([0, 0, 1])
    """
    end = day_of(as_of, "as_of")
    found = _core.track_repeat_purchases(
        base._handle,
        model._handle,
        end,
        day_or_none(start, "start"),
        day_or_none(through, "through"),
        step_days,
    )
    return TrackingResult(
        customers=found["customers"],
        days=read_only(found["days"].astype("datetime64[D]")),
        actual=read_only(found["actual"]),
        expected=read_only(found["expected"]),
        actual_step=read_only(found["actual_step"]),
        expected_step=read_only(found["expected_step"]),
        as_of=date_of(end),
        _kind=base._kind,
    )


class Regularity(NamedTuple):
    """Result of :func:`regularity`.

    Attributes
    ----------
    outcome : str
        One of ``codes.outcomes``; "at_bound" where the intervals of all pairs are equal.
    pairs : int
        Customers with two intervals between purchases.
    variance : float
        Of the first interval as a share of both; 1/12 where purchases are random, nan without pairs.
    shape, standard_error : float
        k of Erlang intervals, 1 where purchases are random; nan unless the outcome is "converged".
    random_shape : float
        What purchases at random would show, given days are whole: hold ``shape`` against it where intervals are short.
    """

    outcome: str
    pairs: int
    variance: float
    shape: float
    standard_error: float
    random_shape: float


def regularity(
    base: CustomerBase,
    *,
    end: DateLike,
    start: DateLike | None = None,
    fewest_pairs: int = 30,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Regularity:
    """Whether purchases come at random or regularly (Wheat & Morrison 1990): a model of regular purchases needs k > 1.

    Parameters
    ----------
    base : CustomerBase
    end : date
        Last day of observation.
    start : date, optional
        First day of observation; None: from the first purchase on.
    fewest_pairs : int
        Below, there is too little data; at least 2.
    threads, progress
        As in :func:`summarize`.

    Returns
    -------
    Regularity

    Raises
    ------
    KundenwertError
        date_range, date_order, domain.

    Examples
    --------
    >>> import kundenwert as kw
    >>> log = {"customer_id": [1, 1, 1, 2], "date": ["2024-01-01", "2024-01-09", "2024-01-20", "2024-01-03"]}
    >>> found = kw.regularity(kw.CustomerBase(transactions=log), end="2024-03-31")
    >>> found.outcome, found.pairs
    ('insufficient_data', 1)
    """
    found = _core.regularity(
        base._handle, day_of(end, "end"), day_or_none(start, "start"), fewest_pairs, thread_count(threads), progress
    )
    return Regularity(**found)


def _column(values: object, name: str) -> _core.Columns:
    return _core.Columns(values_stream(values, name), [("value", name)])


def rank_correlation(truth: object, estimate: object) -> float:
    """Spearman's rank correlation; equal values get the mean of their ranks.

    Parameters
    ----------
    truth, estimate : array-like of float, of one length

    Returns
    -------
    float
        In [-1, 1]; nan with fewer than two rows, or where all of a column are equal.

    Raises
    ------
    KundenwertError
        length_mismatch, missing, non_finite.

    Examples
    --------
    >>> import kundenwert as kw
    >>> kw.rank_correlation([1.0, 2.0, 3.0], [10.0, 30.0, 20.0])
    0.5
    """
    return _core.rank_correlation(_column(truth, "truth"), _column(estimate, "estimate"))


def top_hits(truth: object, estimate: object, *, share: float) -> float:
    """Share of the truly best rows that are among as many best by an estimate.

    Parameters
    ----------
    truth, estimate : array-like of float, of one length
    share : float
        How many are best, in (0, 1]: 0.1 is a tenth.

    Returns
    -------
    float
        In [0, 1]; nan without rows.

    Raises
    ------
    KundenwertError
        domain, length_mismatch, missing, non_finite.

    Examples
    --------
    >>> import kundenwert as kw
    >>> kw.top_hits([9.0, 8.0, 1.0, 2.0], [5.0, 1.0, 2.0, 4.0], share=0.5)
    0.5
    """
    return _core.top_hits(_column(truth, "truth"), _column(estimate, "estimate"), share)

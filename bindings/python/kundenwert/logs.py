"""Transaction logs to summaries."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable
from typing import Any, Literal

from kundenwert import _core
from kundenwert.dates import DateLike, day_of, day_or_none
from kundenwert.errors import KundenwertError
from kundenwert.frames import column_names, has_rows, kind_of, length_of, stream_of
from kundenwert.frozen import thread_count
from kundenwert.summaries import LogReport, Summary

__all__ = [
    "Accumulator",
    "DateFormat",
    "Progress",
    "ReturnsPolicy",
    "RowMode",
    "Unit",
    "minutes_of",
    "part_of",
    "summarize",
]

Unit = Literal["day", "week", "month", "year"]
ReturnsPolicy = Literal["net", "drop", "error"]
RowMode = Literal["strict", "collect"]
DateFormat = Literal["iso", "compact", "timestamp"]
Progress = Callable[[float], object]


def minutes_of(utc_offset: datetime.timedelta | None) -> int | None:
    """Whole minutes of an offset."""
    if utc_offset is None:
        return None
    if not isinstance(utc_offset, datetime.timedelta) or utc_offset % datetime.timedelta(minutes=1):
        message = f"is no timedelta of whole minutes: {utc_offset!r}"
        raise KundenwertError(message, code="domain", argument="utc_offset")
    return utc_offset // datetime.timedelta(minutes=1)


class Accumulator:
    """A log that comes in parts; one row per customer goes out, the same bits whatever the parts and their order.

    Parameters
    ----------
    customer_id, date, amount : str
        Names of the columns. ``amount=None``: a log without money.
    currency_column : str, optional
        Name of a column that names the currency of each row; several currencies in one run are an error.
    currency : str, optional
        ISO 4217 code of all amounts.
    returns : {"net", "drop", "error"}
        What a negative amount means: the amounts of a customer's day are added up, and a day with a return counts as a
        purchase day only where the sum stays above zero; the row is left out; it is an error.
    rows : {"strict", "collect"}
        Whether the first bad row is an error, or bad rows are left out and listed in ``Summary.rejected``.
    rejected_limit : float
        Largest share of rejected rows, in [0, 1]; above it, :meth:`finish` raises rejected_share.
    load_date : date, optional
        Rows after this day are errors (future_date).
    date_format : {"iso", "compact", "timestamp"}
        Of dates that are text: 1997-09-30; 19970930; 1997-09-30T23:15:00+02:00.
    utc_offset : datetime.timedelta, optional
        Decides the civil day of timestamps that have a time zone; without it that zone must be UTC or a fixed offset.
    threads : int, optional
        Threads to use; None: as many as there are cores. The result does not depend on it.
    progress : callable, optional
        Is told the share of a call that is done, in [0, 1]; what it raises ends the call, which then changed nothing.

    Notes
    -----
    Memory is about 16 bytes per distinct customer and day, not per row. One call at a time: a second one during a call
    is a RuntimeError.

    Examples
    --------
    >>> import kundenwert as kw
    >>> log = kw.Accumulator()
    >>> log.add({"customer_id": ["b", "a"], "date": ["2024-01-01", "2024-01-03"], "amount": [10.0, 5.0]})
    >>> log.add({"customer_id": ["b"], "date": ["2024-01-08"], "amount": [20.0]})
    >>> log.finish(unit="day", end="2024-01-31").to_arrow()["recency"].to_pylist()
    [0.0, 7.0]
    """

    __slots__ = ("_handle", "_kind", "_names", "_progress", "_threads")

    def __init__(
        self,
        *,
        customer_id: str = "customer_id",
        date: str = "date",
        amount: str | None = "amount",
        currency_column: str | None = None,
        currency: str | None = None,
        returns: ReturnsPolicy = "net",
        rows: RowMode = "strict",
        rejected_limit: float = 0.05,
        load_date: DateLike | None = None,
        date_format: DateFormat = "iso",
        utc_offset: datetime.timedelta | None = None,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> None:
        self._handle = _core.Accumulator(
            customer_id=customer_id,
            date=date,
            amount=amount or "",
            currency_column=currency_column or "",
            currency=currency or "",
            returns=returns,
            rows=rows,
            rejected_limit=rejected_limit,
            load_date=day_or_none(load_date, "load_date"),
            date_format=date_format,
            utc_offset=minutes_of(utc_offset),
        )
        self._names = (customer_id, date, amount or "amount", currency_column or "currency")
        self._threads = thread_count(threads)
        self._progress = progress
        self._kind = "pyarrow"

    @property
    def report(self) -> LogReport:
        """What has been met so far; numbers that need the dates are 0."""
        return LogReport._from_core(self._handle.report())

    @property
    def memory_bytes(self) -> int:
        """Bytes held."""
        return self._handle.memory_bytes

    def add(self, batch: object) -> None:
        """Takes all rows of a table, or raises and takes none.

        Parameters
        ----------
        batch : mapping of arrays, or frame
            Anything with ``__arrow_c_stream__`` (polars, pyarrow, a DuckDB relation, pandas), a pandas DataFrame, or a
            mapping of column names to arrays. A stream is read batch by batch.

        Raises
        ------
        KundenwertError
            Of a row, counted over everything added so far: encoding of an id; missing, date_invalid, date_range,
            future_date of a date; missing, non_finite, overflow, sign of an amount; currency_mismatch. Of a column:
            column_missing, wrong_type, timezone, length_mismatch.
        """
        self._add(batch, self._progress)

    def _add(self, batch: object, progress: Progress | None) -> None:
        id_name, date, amount, currency = self._names
        has_amount, has_currency = self._handle.reads_amount, self._handle.reads_currency
        needed = [id_name, date, *([amount] if has_amount else []), *([currency] if has_currency else [])]
        stream = stream_of(batch, needed)
        self._handle.add(stream, self._threads, float(length_of(batch)), progress)
        self._kind = kind_of(batch)

    def merge(self, other: Accumulator) -> None:
        """Takes the rows of another accumulator as if its batches had been added after those of this one.

        Raises
        ------
        KundenwertError
            mode_mismatch, currency_mismatch.
        """
        self._handle.merge(other._handle)

    def finish(
        self,
        *,
        unit: Unit,
        end: DateLike,
        start: DateLike | None = None,
        holdout_end: DateLike | None = None,
    ) -> Summary:
        """The summary for these dates; may be asked for again with others.

        Parameters
        ----------
        unit, end, start, holdout_end
            As in :func:`summarize`.

        Returns
        -------
        Summary
            Independent of this accumulator.

        Raises
        ------
        KundenwertError
            unknown_code, date_invalid, date_range, date_order, rejected_share.
        """
        return self._finish(unit, end, start, holdout_end, self._progress)

    def opportunities(
        self,
        *,
        each: Literal["day", "iso_week", "month", "year"],
        end: DateLike,
        start: DateLike | None = None,
        holdout_end: DateLike | None = None,
    ) -> Summary:
        """The summary in whole periods, in each of which a customer buys or not: what BG/BB reads.

        Its frequency counts periods with a purchase after the first one, recency is the number of the last of them, T
        of all of them. Only whole periods count: where ``end`` is not the last day of one, the observation ends before.

        Parameters
        ----------
        each : {"day", "iso_week", "month", "year"}
            The periods.
        end, start, holdout_end
            As in :func:`summarize`.

        Returns
        -------
        Summary

        Raises
        ------
        KundenwertError
            As :meth:`finish`; date_order where no whole period lies in the observation or in the hold-out;
            unsupported for quarters.

        Examples
        --------
        >>> import kundenwert as kw
        >>> accumulator = kw.Accumulator(amount=None)
        >>> accumulator.add({"customer_id": [1, 1, 1, 2], "date": ["2019-05-01", "2021-03-01", "2021-09-01",
        ...     "2020-02-01"]})
        >>> donors = accumulator.opportunities(each="year", end="2023-12-31")
        >>> donors["frequency"], donors["recency"], donors["T"]
        (array([1., 0.]), array([2., 0.]), array([4., 3.]))
        """
        core = self._handle.opportunities(
            each,
            day_of(end, "end"),
            day_or_none(start, "start"),
            day_or_none(holdout_end, "holdout_end"),
            self._threads,
            self._progress,
        )
        return Summary._wrap(core, self._kind, self._names)

    def _finish(
        self,
        unit: str,
        end: DateLike,
        start: DateLike | None,
        holdout_end: DateLike | None,
        progress: Progress | None,
    ) -> Summary:
        core = self._handle.finish(
            unit,
            day_of(end, "end"),
            day_or_none(start, "start"),
            day_or_none(holdout_end, "holdout_end"),
            self._threads,
            progress,
        )
        return Summary._wrap(core, self._kind, self._names)


def _batches(log: object) -> Iterable[Any]:
    if has_rows(log):
        return (log,)
    if isinstance(log, Iterable) and not isinstance(log, str | bytes):
        return log
    message = f"is a {type(log).__name__}, no table and no iterable of tables"
    raise KundenwertError(message, code="wrong_type", argument="log")


def part_of(progress: Progress | None, begin: float, end: float) -> Progress | None:
    """The progress of one of several steps, as its part of the whole."""
    if progress is None:
        return None
    return lambda done: progress(begin + (end - begin) * done)


def summarize(
    log: object,
    *,
    unit: Unit,
    end: DateLike,
    start: DateLike | None = None,
    holdout_end: DateLike | None = None,
    customer_id: str = "customer_id",
    date: str = "date",
    amount: str | None = "amount",
    currency_column: str | None = None,
    currency: str | None = None,
    returns: ReturnsPolicy = "net",
    rows: RowMode = "strict",
    rejected_limit: float = 0.05,
    load_date: DateLike | None = None,
    date_format: DateFormat = "iso",
    utc_offset: datetime.timedelta | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Summary:
    """One row per customer from a transaction log.

    Purchases of one calendar day are one purchase. The result is the same to the last bit for every kind of frame,
    order of rows, cut into batches and number of threads.

    Parameters
    ----------
    log : frame, mapping of arrays, or iterable of those
        One row per transaction; see :meth:`Accumulator.add`.
    unit : {"day", "week", "month", "year"}
        Of recency and T.
    end : date
        Last day of observation, inclusive: text such as "1997-09-30", datetime.date, numpy.datetime64 or
        pandas.Timestamp. Later rows are counted and otherwise ignored.
    start : date, optional
        First day of observation; None: from the first row on.
    holdout_end : date, optional
        Last day of the hold-out, which begins on the day after ``end``.
    currency_column : str, optional
        Column that names the currency of each row; several currencies are an error. None: a column named "currency"
        of a table (not of an iterable of tables) is read; "": none is.
    customer_id, date, amount, currency, returns, rows, rejected_limit, load_date, date_format, utc_offset, threads, \
progress
        As in :class:`Accumulator`.

    Returns
    -------
    Summary
        Customers with at least one purchase day in the observation, ordered by id.

    Raises
    ------
    KundenwertError
        As in :meth:`Accumulator.add` and :meth:`Accumulator.finish`.

    Examples
    --------
    >>> import kundenwert as kw
    >>> log = {"customer_id": [7, 7, 8], "date": ["2024-01-01", "2024-03-01", "2024-02-01"], "amount": [9.0, 4.0, 7.5]}
    >>> kw.summarize(log, unit="week", end="2024-03-31")
    <Summary: customers 2, with repeat purchases 1, repeat transactions 1, unit week, observation ... to 2024-03-31>
    """
    day_of(end, "end")
    if currency_column is None and has_rows(log) and "currency" in column_names(log):
        currency_column = "currency"
    accumulator = Accumulator(
        customer_id=customer_id,
        date=date,
        amount=amount,
        currency_column=currency_column,
        currency=currency,
        returns=returns,
        rows=rows,
        rejected_limit=rejected_limit,
        load_date=load_date,
        date_format=date_format,
        utc_offset=utc_offset,
        threads=threads,
    )
    for batch in _batches(log):
        accumulator._add(batch, part_of(progress, 0, 0.5))
    return accumulator._finish(unit, end, start, holdout_end, part_of(progress, 0.5, 1))

"""The summary of a transaction log: one row per customer."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kundenwert import _core, codes
from kundenwert.dates import date_of
from kundenwert.frames import ArrowTable, FrameResult, kind_of, stream_of
from kundenwert.frozen import Frozen, read_only

__all__ = ["LogReport", "LogWarning", "RejectedRows", "Summary", "plain_columns"]

_DAYS = frozenset({"first_purchase", "last_purchase"})
_COLUMNS = (
    "customer_id",
    "frequency",
    "recency",
    "T",
    "monetary_value",
    "log_interval_sum",
    "first_purchase",
    "last_purchase",
    "revenue",
    "acquired_before_start",
    "holdout_frequency",
    "holdout_revenue",
)


@dataclass(frozen=True)
class LogWarning:
    """Something worth knowing about a log: the name of the code, how often, and what it means."""

    code: str
    count: int
    meaning: str


@dataclass(frozen=True)
class LogReport(Mapping[str, object]):
    """What reading a log met; attributes, and the same as a read-only mapping.

    Attributes
    ----------
    rows_read, rows_taken : int
        Rows of all batches; those that were neither anonymous nor rejected nor dropped.
    anonymous_rows : int
        Rows without a customer id, left out.
    rejected_rows : int
        Rows left out with ``rows="collect"``; listed in :attr:`Summary.rejected`.
    returns_dropped : int
        Negative amounts left out with ``returns="drop"``.
    amounts_rounded : int
        Rows whose amount is no whole number of millionths.
    id_blanks : int
        Rows whose id begins or ends with a blank; ids are kept as they are.
    rows_before_start, rows_in_holdout, rows_after_end : int
        Rows outside the observation.
    customers_returns_only : int
        Customers with rows in the observation but without a purchase day.
    customers_outside : int
        Customers without a row in the observation.
    first_day, last_day : datetime.date or None
        Of the rows that were taken.
    warnings : tuple of LogWarning
        Those that apply.
    """

    rows_read: int
    rows_taken: int
    anonymous_rows: int
    rejected_rows: int
    returns_dropped: int
    amounts_rounded: int
    id_blanks: int
    rows_before_start: int
    rows_in_holdout: int
    rows_after_end: int
    customers_returns_only: int
    customers_outside: int
    first_day: datetime.date | None
    last_day: datetime.date | None
    warnings: tuple[LogWarning, ...]

    @classmethod
    def _from_core(cls, report: dict[str, Any]) -> LogReport:
        known = dict(report)
        known["first_day"] = date_of(known["first_day"])
        known["last_day"] = date_of(known["last_day"])
        known["warnings"] = tuple(
            LogWarning(code, count, codes.warnings[code].meaning) for code, count in known["warnings"]
        )
        return cls(**known)

    def __getitem__(self, name: str) -> object:
        if name not in (f.name for f in fields(self)):
            raise KeyError(name)
        return getattr(self, name)

    def __iter__(self) -> Iterator[str]:
        return (f.name for f in fields(self))

    def __len__(self) -> int:
        return len(fields(self))


class RejectedRows(Frozen, FrameResult):
    """The rows that ``rows="collect"`` left out: columns row (counted from 0), column, reason."""

    __slots__ = ("_kind", "_rows")
    _rows: _core.Table
    _kind: str

    def __init__(self, rows: _core.Table, kind: str) -> None:
        self._set(_rows=rows, _kind=kind)

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {len(self)} rows>"

    def _table(self) -> ArrowTable:
        return self._rows

    def _frame_kind(self) -> str:
        return self._kind


def plain_columns(customers: object, needed: tuple[str, ...], columns: Mapping[str, str] | None) -> _core.Columns:
    """Columns of a caller's table by the names the core has for them."""
    spelling = dict(columns or {})
    names = [(name, spelling.get(name, name)) for name in needed]
    return _core.Columns(stream_of(customers, [caller for _, caller in names]), names)


class Summary(Frozen, FrameResult):
    """One row per customer, ordered by id; made by :func:`summarize` or :meth:`from_columns`. Immutable.

    Columns, of those the log had something to say about:

    ==================== ================= =====================================================================
    customer_id          int64 or text
    frequency            purchase days     repeat purchase days, whole numbers >= 0
    recency              time unit         age of the customer at the last purchase; 0 without repeat purchase
    T                    time unit         age of the customer at the end of observation
    monetary_value       currency          mean of the repeat purchase days; nan without repeat purchase
    log_interval_sum     ln(time unit)     sum of ln(time between consecutive purchase days); 0 without repeat purchase
    first_purchase       date
    last_purchase        date
    revenue              currency          net of returns, first purchase included
    acquired_before_start bool             bought before ``start``
    holdout_frequency    purchase days     in the hold-out
    holdout_revenue      currency          in the hold-out
    ==================== ================= =====================================================================

    Examples
    --------
    >>> import kundenwert as kw
    >>> log = {"customer_id": [1, 1, 2], "date": ["2024-01-01", "2024-01-08", "2024-01-05"], "amount": [9.0, 4.0, 7.5]}
    >>> customers = kw.summarize(log, unit="week", end="2024-01-15")
    >>> customers["frequency"]
    array([1., 0.])
    >>> customers.end
    datetime.date(2024, 1, 15)
    """

    __slots__ = ("_handle", "_kind", "_names")
    _handle: _core.Summary
    _kind: str
    _names: tuple[str, str, str, str]

    def __init__(self) -> None:
        raise TypeError("a Summary is made by kundenwert.summarize or Summary.from_columns")

    @classmethod
    def _wrap(
        cls,
        core: _core.Summary,
        kind: str,
        names: tuple[str, str, str, str] = ("customer_id", "date", "amount", "currency"),
    ) -> Summary:
        out = cls.__new__(cls)
        out._set(_handle=core, _kind=kind, _names=names)
        return out

    @classmethod
    def from_columns(
        cls,
        *,
        frequency: object,
        recency: object,
        T: object,
        monetary_value: object = None,
        log_interval_sum: object = None,
        revenue: object = None,
        unit: str,
    ) -> Summary:
        """A summary of columns that exist already; they are checked and copied.

        Parameters
        ----------
        frequency, recency, T : array-like of float, one length
            Repeat purchase days (whole numbers >= 0); age at the last purchase and age at the end in time units, with
            ``0 <= recency <= T`` and recency 0 exactly where frequency is 0.
        monetary_value : array-like of float, optional
            Mean spend per repeat purchase day, >= 0; nan or null where frequency is 0.
        log_interval_sum : array-like of float, optional
            Sum of the logarithms of the times between purchase days; read by the models of regular purchases.
        revenue : array-like of float, optional
            Of all purchase days, the first one included.
        unit : {"day", "week", "month", "year"}
            Of recency and T.

        Raises
        ------
        KundenwertError
            length_mismatch, missing, non_finite, sign, not_integer, recency_order, domain, unknown_code, with the
            column and the row.

        Examples
        --------
        >>> import kundenwert as kw
        >>> customers = kw.Summary.from_columns(frequency=[2, 0], recency=[30.4, 0], T=[38.9, 38.9], unit="week")
        >>> len(customers), customers.repeaters
        (2, 1)
        """
        given = {"frequency": frequency, "recency": recency, "T": T}
        others = {"monetary_value": monetary_value, "log_interval_sum": log_interval_sum, "revenue": revenue}
        given |= {name: column for name, column in others.items() if column is not None}
        return cls._wrap(_core.Summary.from_columns(plain_columns(given, tuple(given), None), unit), kind_of(given))

    @property
    def unit(self) -> str:
        """Unit of time of recency and T: day, week, month or year."""
        return self._handle.unit

    @property
    def start(self) -> datetime.date | None:
        """First day of observation; None: from the first row on."""
        return date_of(self._handle.start)

    @property
    def end(self) -> datetime.date | None:
        """Last day of observation; None for a summary made from columns."""
        return date_of(self._handle.end)

    @property
    def holdout_end(self) -> datetime.date | None:
        """Last day of the hold-out, which begins after ``end``; None without one."""
        return date_of(self._handle.holdout_end)

    @property
    def currency(self) -> str | None:
        """ISO 4217 code of the amounts where it is known."""
        return self._handle.currency or None

    @property
    def customers(self) -> int:
        """Number of rows."""
        return len(self._handle)

    @property
    def repeaters(self) -> int:
        """Customers with at least one repeat purchase."""
        return self._handle.repeaters

    @property
    def repeat_transactions(self) -> int:
        """Sum of the frequencies."""
        return self._handle.repeat_transactions

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns there are."""
        return tuple(name for name in _COLUMNS if self._handle.column(name) is not None)

    @property
    def report(self) -> LogReport:
        """What reading the log met."""
        return LogReport._from_core(self._handle.report())

    @property
    def rejected(self) -> RejectedRows:
        """The rows that were left out with ``rows="collect"``."""
        return RejectedRows(self._handle.rejected(list(self._names)), self._kind)

    def __len__(self) -> int:
        return len(self._handle)

    def __getitem__(self, name: str) -> NDArray[Any]:
        """A column as a read-only numpy array; dates as datetime64[D], text ids as objects."""
        column = self._handle.column(name)
        if column is None:
            raise KeyError(name)
        if isinstance(column, list):
            text = np.empty(len(column), dtype=object)
            text[:] = column
            return read_only(text)
        array: NDArray[Any] = column
        if name in _DAYS:
            return read_only(array.astype("datetime64[D]"))
        return array.view(np.bool_) if name == "acquired_before_start" else array

    def _table(self) -> ArrowTable:
        return self._handle.table()

    def _frame_kind(self) -> str:
        return self._kind

    def _facts(self) -> list[tuple[str, str]]:
        span = f"{self.start or '...'} to {self.end}" if self.end else "unknown"
        facts = [
            ("customers", f"{self.customers}"),
            ("with repeat purchases", f"{self.repeaters}"),
            ("repeat transactions", f"{self.repeat_transactions}"),
            ("unit", self.unit),
            ("observation", span),
        ]
        if self.holdout_end:
            facts.append(("hold-out until", f"{self.holdout_end}"))
        if self.currency:
            facts.append(("currency", self.currency))
        return facts

    def __repr__(self) -> str:
        return "<Summary: " + ", ".join(f"{name} {value}" for name, value in self._facts()) + ">"

    def _repr_html_(self) -> str:
        from kundenwert.notebook import facts_table

        return facts_table("Summary", self._facts())

"""Customer bases: everything known about every customer."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kundenwert import _core, codes
from kundenwert.dates import DateLike, date_of, day_of, day_or_none
from kundenwert.errors import KundenwertError
from kundenwert.frames import kind_of, length_of, stream_of_all
from kundenwert.frozen import Frozen, read_only, thread_count
from kundenwert.logs import DateFormat, Progress, ReturnsPolicy, RowMode, Unit, minutes_of, part_of
from kundenwert.summaries import LogWarning, RejectedRows, Summary
from kundenwert.tables import fields, simplified

__all__ = ["CustomerBase", "RejectedTableRows", "TableReport"]


@dataclass(frozen=True)
class TableReport:
    """What reading one of the tables met.

    Attributes
    ----------
    table : str
        One of ``codes.tables``.
    rows_read, rows_taken, rejected_rows : int
        The rejected ones are in :attr:`CustomerBase.rejected`.
    first_day, last_day : datetime.date or None
        Of the rows that were taken.
    warnings : tuple of LogWarning
        Those that apply.
    """

    table: str
    rows_read: int
    rows_taken: int
    rejected_rows: int
    first_day: datetime.date | None
    last_day: datetime.date | None
    warnings: tuple[LogWarning, ...]


def _report(found: Mapping[str, Any]) -> TableReport:
    return TableReport(
        table=found["table"],
        rows_read=found["rows_read"],
        rows_taken=found["rows_taken"],
        rejected_rows=found["rejected_rows"],
        first_day=date_of(found["first_day"]),
        last_day=date_of(found["last_day"]),
        warnings=tuple(LogWarning(code, count, codes.warnings[code].meaning) for code, count in found["warnings"]),
    )


def _is_wanted(table: str, given: Mapping[str, str]) -> Callable[[str], bool]:
    known = {
        simplified(name) for field in fields() if field.table == table for name in (field.name, *field.usual_names)
    }
    return lambda column: column in given.values() or simplified(column) in known


class RejectedTableRows(RejectedRows):
    """The rows that ``rows="collect"`` left out: columns table, row (counted from 0), column, code, meaning."""

    __slots__ = ()


class CustomerBase(Frozen):
    """Everything known about every customer: the tables of a business, checked and put together. Immutable.

    Each table is a frame of any kind (pandas, polars, pyarrow, a DuckDB relation, anything with
    ``__arrow_c_stream__``) or a mapping of column names to arrays. Its columns go by the names of the fields (see
    :func:`fields`) or, where those are not there, by their usual ones: "Kunden-Nr.", "order_date", ... Other columns
    are left alone. With a table of customers, rows for somebody else are errors; without, everybody with a row is a
    customer.

    Parameters
    ----------
    transactions : frame, optional
        customer_id, date; amount, currency, variable_cost, transaction_id, returns_transaction_id. A negative amount is
        a return.
    customers : frame, optional
        customer_id; created, status, consent, ...
    contracts : frame, optional
        customer_id, start; planned_end, end, notice, renewal, period, recurring_amount, ...
    contacts : frame, optional
        customer_id, date; direction, channel, purpose, ...
    complaints : frame, optional
        customer_id, opened; resolved, satisfaction, ...
    costs : frame, optional
        date, head, amount; customer_id, null for a cost of the whole business.
    columns : mapping, optional
        Names that differ, by table: ``{"contracts": {"start": "Beginn"}}``. An empty name: do not read the field.
    currency : str, optional
        ISO 4217 code of all amounts.
    returns : {"net", "drop", "error"}
        What a return means that does not say what it gives back; as in :class:`Accumulator`.
    rows : {"strict", "collect"}
        Whether the first bad row is an error, or bad rows are left out and listed in :attr:`rejected`.
    rejected_limit : float
        Largest share of rejected rows of a table, in [0, 1].
    load_date, date_format, utc_offset, threads, progress
        As in :class:`Accumulator`.

    Raises
    ------
    KundenwertError
        Its argument is table and column, such as "contracts.end", its row is counted from 0: missing, encoding,
        date_invalid, date_range, date_order, future_date, unknown_code, unknown_customer, duplicate_id, cycle,
        currency_mismatch, sign, non_finite, overflow, return_unmatched, return_exceeds, rejected_share, column_missing,
        wrong_type, timezone.

    Examples
    --------
    >>> import kundenwert as kw
    >>> base = kw.CustomerBase(
    ...     transactions={"customer_id": [1, 1], "date": ["2024-01-05", "2024-03-01"], "amount": [9.0, 4.0]},
    ...     contracts={"Kunden-Nr.": [2], "Beginn": ["2023-07-01"], "Beitrag": [19.9]},
    ... )
    >>> len(base), base.ids.tolist(), base.reports["contracts"].rows_taken
    (2, [1, 2], 1)
    """

    __slots__ = ("_handle", "_kind")
    _handle: _core.CustomerBase
    _kind: str

    def __init__(
        self,
        *,
        transactions: object = None,
        customers: object = None,
        contracts: object = None,
        contacts: object = None,
        complaints: object = None,
        costs: object = None,
        columns: Mapping[str, Mapping[str, str]] | None = None,
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
        every = {
            "customers": customers,
            "transactions": transactions,
            "contracts": contracts,
            "contacts": contacts,
            "complaints": complaints,
            "costs": costs,
        }
        given = {name: table for name, table in every.items() if table is not None}
        if not given:
            message = f"is needed: at least one of {', '.join(every)}"
            raise KundenwertError(message, code="missing", argument="transactions")
        named = {name: dict(names) for name, names in (columns or {}).items()}
        for name in named:
            if name not in given:
                message = f'names columns of "{name}", a table that is not given'
                raise KundenwertError(message, code="unknown_code", argument="columns")
        builder = _core.BaseBuilder(
            currency=currency or "",
            returns=returns,
            rows=rows,
            rejected_limit=rejected_limit,
            load_date=day_or_none(load_date, "load_date"),
            date_format=date_format,
            utc_offset=minutes_of(utc_offset),
        )
        workers = thread_count(threads)
        # The tables share the first half of the work, putting them together is the other. One stream at a time: several
        # may come from one connection.
        for i, (name, table) in enumerate(given.items()):
            names = named.get(name, {})
            builder.add(
                name,
                stream_of_all(table, _is_wanted(name, names), name),
                names,
                float(length_of(table)),
                workers,
                part_of(progress, i / (2 * len(given)), (i + 1) / (2 * len(given))),
            )
        handle = builder.finish(workers, part_of(progress, 0.5, 1))
        kinds = [kind_of(table) for table in given.values()]
        self._set(_handle=handle, _kind=next((kind for kind in kinds if kind != "pyarrow"), "pyarrow"))

    def __len__(self) -> int:
        return len(self._handle)

    @property
    def ids(self) -> NDArray[Any]:
        """Ids of the customers, ascending: numbers, or text as objects."""
        found = self._handle.ids
        if isinstance(found, list):
            text = np.empty(len(found), dtype=object)
            text[:] = found
            return read_only(text)
        numbers: NDArray[Any] = found
        return numbers

    @property
    def currency(self) -> str | None:
        """ISO 4217 code of the amounts where it is known."""
        return self._handle.currency or None

    @property
    def has_amounts(self) -> bool:
        """Whether revenue is known."""
        return self._handle.has_amounts

    @property
    def has_costs(self) -> bool:
        """Whether variable costs are known, so that there is a margin."""
        return self._handle.has_costs

    @property
    def reports(self) -> Mapping[str, TableReport]:
        """What reading each table met, by table."""
        return MappingProxyType({found["table"]: _report(found) for found in self._handle.reports()})

    @property
    def rejected(self) -> RejectedTableRows:
        """The rows that were left out with ``rows="collect"``."""
        return RejectedTableRows(self._handle.rejected(), self._kind)

    def summarize(
        self,
        *,
        unit: Unit,
        end: DateLike,
        start: DateLike | None = None,
        holdout_end: DateLike | None = None,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> Summary:
        """The summary of the purchases, for models and classification.

        Parameters
        ----------
        unit, end, start, holdout_end, threads, progress
            As in :func:`summarize`.

        Returns
        -------
        Summary
            Customers with at least one purchase day in the observation; its report has the counts of customers alone.

        Raises
        ------
        KundenwertError
            unknown_code, date_invalid, date_range, date_order.

        Examples
        --------
        >>> import kundenwert as kw
        >>> log = {"customer_id": [7, 7, 8], "date": ["2024-01-01", "2024-03-01", "2024-02-01"]}
        >>> kw.CustomerBase(transactions=log).summarize(unit="week", end="2024-03-31")["frequency"]
        array([1., 0.])
        """
        core = self._handle.summarize(
            unit,
            day_of(end, "end"),
            day_or_none(start, "start"),
            day_or_none(holdout_end, "holdout_end"),
            thread_count(threads),
            progress,
        )
        return Summary._wrap(core, self._kind)

    def _facts(self) -> list[tuple[str, str]]:
        facts = [("customers", f"{len(self)}")]
        for name, report in self.reports.items():
            span = f", {report.first_day} to {report.last_day}" if report.first_day else ""
            left_out = f", {report.rejected_rows} rejected" if report.rejected_rows else ""
            facts.append((name, f"{report.rows_taken} rows{span}{left_out}"))
        if self.currency:
            facts.append(("currency", self.currency))
        return facts

    def __repr__(self) -> str:
        return "<CustomerBase: " + "; ".join(f"{name} {value}" for name, value in self._facts()) + ">"

    def _repr_html_(self) -> str:
        from kundenwert.notebook import facts_table

        return facts_table("Customer base", self._facts())

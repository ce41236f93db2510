"""A whole business drawn from stated parameters and a seed, with its truth."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kundenwert import _core
from kundenwert.dates import DateLike, day_of, day_or_none
from kundenwert.frames import ArrowTable, FrameResult
from kundenwert.frozen import Frozen, thread_count
from kundenwert.logs import Progress

__all__ = ["SimulatedBusiness", "SimulatedTable", "simulate_business"]


class SimulatedTable(Frozen, FrameResult):
    """One table of a simulated business. Immutable."""

    __slots__ = ("_rows",)
    _rows: _core.Table

    def __init__(self, rows: _core.Table) -> None:
        self._set(_rows=rows)

    def __len__(self) -> int:
        return len(self._rows)

    def __repr__(self) -> str:
        return f"<SimulatedTable: {len(self)} rows>"

    def _table(self) -> ArrowTable:
        return self._rows


class SimulatedBusiness(Frozen, Mapping[str, SimulatedTable]):
    """Result of :func:`simulate_business`: the tables by name, as :class:`CustomerBase` takes them. Immutable.

    Attributes
    ----------
    truth : SimulatedTable
        What is true of each customer at the end of the as-of date: type, state (potential, current, lost), started,
        ended, rates, margin_rate, remaining_value; it is none of the tables.
    """

    __slots__ = ("_tables", "truth")
    truth: SimulatedTable
    _tables: Mapping[str, SimulatedTable]

    def __init__(self, tables: Mapping[str, SimulatedTable], truth: SimulatedTable) -> None:
        self._set(_tables=dict(tables), truth=truth)

    def __getitem__(self, name: str) -> SimulatedTable:
        return self._tables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __repr__(self) -> str:
        return "<SimulatedBusiness: " + ", ".join(f"{name} {len(table)}" for name, table in self.items()) + ">"


def simulate_business(
    *,
    customers: int,
    seed: int,
    first_day: DateLike,
    as_of: DateLike,
    holdout_end: DateLike | None = None,
    parameters: Mapping[str, float] | None = None,
    text_ids: bool = True,
    threads: int | None = None,
    progress: Progress | None = None,
) -> SimulatedBusiness:
    """A whole business drawn from stated parameters and a seed. Everything in it is invented.

    Parameters
    ----------
    customers : int
    seed : int
        0 to 2**64 - 1; the same one gives the same bits.
    first_day, as_of : date
        Of the business, and the last day whose data are known; the truth is about its end.
    holdout_end : date, optional
        Simulated on until then, without new customers.
    parameters : mapping, optional
        Those that differ from their defaults, such as ``{"purchase.per_year": 12, "returns.share": 0}``.
    text_ids : bool
        "K000001", ...; otherwise numbers.
    threads, progress
        As in :func:`classify_phases`.

    Returns
    -------
    SimulatedBusiness

    Raises
    ------
    KundenwertError
        unknown_code of a parameter, missing, sign, domain, not_integer, date_range, date_order.

    Examples
    --------
    >>> import kundenwert as kw
    >>> shop = kw.simulate_business(customers=100, seed=7, first_day="2023-01-01", as_of="2024-12-31")
    >>> list(shop)
    ['customers', 'transactions', 'contracts', 'contacts', 'complaints', 'costs']
    >>> len(kw.CustomerBase(**shop)), len(shop.truth)
    (100, 100)
    """
    found: dict[str, Any] = _core.simulate_business(
        customers,
        seed,
        day_of(first_day, "first_day"),
        day_of(as_of, "as_of"),
        day_or_none(holdout_end, "holdout_end"),
        dict(parameters or {}),
        text_ids,
        thread_count(threads),
        progress,
    )
    truth = SimulatedTable(found.pop("truth"))
    return SimulatedBusiness({name: SimulatedTable(rows) for name, rows in found.items()}, truth)

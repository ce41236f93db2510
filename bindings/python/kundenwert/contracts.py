"""Contractual customer lifetime value, in its four components and by a named convention."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from kundenwert import _core
from kundenwert.errors import KundenwertError
from kundenwert.frames import ArrowTable, FrameResult, kind_of, values_stream
from kundenwert.frozen import Frozen, read_only, thread_count
from kundenwert.logs import Progress

__all__ = ["ContractValue", "Convention", "contract_value"]

Convention = Literal[
    "first_margin_now",
    "gupta_lehmann",
    "mid_period",
    "end_of_period",
    "mid_period_first_excluded",
    "end_of_period_first_excluded",
]


class ContractValue(Frozen, FrameResult):
    """Result of :func:`contract_value`; also a table. Immutable.

    Attributes
    ----------
    value, revenue, acquisition, service, care : numpy.ndarray of float64, one per row
        ``value = revenue - acquisition - service - care`` to the bit, each discounted; nan where there is none.
    standard_error : numpy.ndarray of float64 or None
        Of the value; None where no standard error of the retention was given.
    reasons : numpy.ndarray of uint32, one per row
        Masks; see ``codes.reason_names``.
    convention : str
        As given.
    """

    __slots__ = (
        "_kind",
        "_rows",
        "acquisition",
        "care",
        "convention",
        "reasons",
        "revenue",
        "service",
        "standard_error",
        "value",
    )
    value: NDArray[np.float64]
    revenue: NDArray[np.float64]
    acquisition: NDArray[np.float64]
    service: NDArray[np.float64]
    care: NDArray[np.float64]
    standard_error: NDArray[np.float64] | None
    reasons: NDArray[np.uint32]
    convention: Convention
    _kind: str
    _rows: _core.Table

    def __init__(self, **attributes: object) -> None:
        self._set(**attributes)

    def __len__(self) -> int:
        return len(self.value)

    def _table(self) -> ArrowTable:
        return self._rows

    def _frame_kind(self) -> str:
        return self._kind

    def __repr__(self) -> str:
        return f"<ContractValue: {len(self)} rows, convention {self.convention}>"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _ages(age: object) -> list[int]:
    ages = np.asarray(age)
    if ages.dtype.kind not in "iu":
        raise KundenwertError("is no column of whole numbers", code="not_integer", argument="age")
    found: list[int] = ages.tolist()
    return found


def contract_value(
    revenue: object,
    *,
    convention: Convention,
    periodic_discount_rate: float,
    retention: Any = None,
    periods: Any = float("inf"),
    service: Any = None,
    care: Any = None,
    acquisition: Any = None,
    retention_curve: Sequence[float] = (),
    age: Any = 0,
    growth: float = 0.0,
    growth_start: int | None = None,
    include_acquisition: bool = False,
    retention_error: Any = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> ContractValue:
    """What customers with a retention rate will pay and cost, discounted to today.

    Parameters
    ----------
    revenue : array-like of float, one per customer
        Per period; margin where costs are not told apart.
    convention : str
        One of ``codes.conventions``: whether the first margin counts, and when in a period it is paid. It has no
        default, as the values differ by half and more.
    periodic_discount_rate : float
        Per period, effective, above -1.
    retention : float or array-like, optional
        Per period, in [0, 1]; needed beyond the end of ``retention_curve``.
    periods : float or array-like
        How many count, the current one included; infinite: without end.
    service, care, acquisition : float or array-like, optional
        Costs: per period, per period, and once; None: 0.
    retention_curve : sequence of float
        Retention from period 0 to 1, from 1 to 2, ...
    age : int or array-like
        Periods behind the customer, whose curve is read from there.
    growth : float
        Of all amounts per period, above -1.
    growth_start : {0, 1}, optional
        Last period without growth; None: the first that counts.
    include_acquisition : bool
        Whether the cost of acquisition counts: for prospects; of customers it is sunk.
    retention_error : float or array-like, optional
        Standard error of a constant retention.
    threads, progress
        As in :meth:`Model.fit`.

    Returns
    -------
    ContractValue

    Raises
    ------
    KundenwertError
        unknown_code, missing, domain, sign, non_finite, length_mismatch, unsupported with column and row.

    Examples
    --------
    >>> import kundenwert as kw
    >>> for convention in ("first_margin_now", "gupta_lehmann", "mid_period", "end_of_period"):
    ...     found = kw.contract_value([100.0], convention=convention, periodic_discount_rate=0.1, retention=0.8)
    ...     print(f"{found.value[0]:.6f}")
    366.666667
    266.666667
    349.602949
    333.333333
    """
    numbers: dict[str, float | None] = {"retention": None, "periods": None}
    columns = {"revenue": _core.Columns(values_stream(revenue, "revenue"), [("value", "revenue")])}
    rows = len(columns["revenue"])
    others = {
        "service": service,
        "care": care,
        "acquisition": acquisition,
        "retention": retention,
        "periods": periods,
        "retention_error": retention_error,
    }
    for name, value in others.items():
        if value is None:
            continue
        if _is_number(value) and name in numbers:
            numbers[name] = float(value)
            continue
        column = np.full(rows, float(value)) if _is_number(value) else value
        columns[name] = _core.Columns(values_stream(column, name), [("value", name)])
    found = _core.contract_value(
        columns=columns,
        convention=convention,
        periodic_discount_rate=periodic_discount_rate,
        retention=numbers["retention"],
        periods=numbers["periods"],
        retention_curve=[float(r) for r in retention_curve],
        ages=None if _is_number(age) else _ages(age),
        age=int(age) if _is_number(age) else 0,
        growth=growth,
        growth_start=growth_start,
        include_acquisition=include_acquisition,
        threads=thread_count(threads),
        progress=progress,
    )
    error = found["standard_error"]
    return ContractValue(
        **{name: read_only(found[name]) for name in ("value", "revenue", "acquisition", "service", "care", "reasons")},
        standard_error=None if error is None else read_only(error),
        convention=convention,
        _kind=kind_of(revenue),
        _rows=found["table"],
    )

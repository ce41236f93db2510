"""Whether a model describes the customers, as tables to look at or to plot (``kundenwert.plots``)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from kundenwert import _core
from kundenwert.frames import kind_of, values_stream
from kundenwert.frozen import thread_count
from kundenwert.logs import Progress
from kundenwert.modeling import Model, TransactionModel
from kundenwert.result_tables import ResultTable
from kundenwert.summaries import Summary

__all__ = [
    "ConditionalExpectations",
    "FrequencyHistogram",
    "Heterogeneity",
    "HistoryGrid",
    "conditional_expectations",
    "frequency_histogram",
    "heterogeneity",
    "history_grid",
]


class FrequencyHistogram(ResultTable):
    """Result of :func:`frequency_histogram`: frequency (the last row: this or more), actual, expected. Immutable.

    Attributes
    ----------
    chi_square : float
        Sum of (actual - expected)^2 / expected: descriptive, without a chi-square distribution behind it.
    """

    __slots__ = ("chi_square",)
    chi_square: float


class ConditionalExpectations(ResultTable):
    """Result of :func:`conditional_expectations`: after, up_to (a bin), customers, actual_mean, expected_mean.

    Attributes
    ----------
    by : str
        "frequency" or "recency".
    """

    __slots__ = ("by",)
    by: str


class HistoryGrid(ResultTable):
    """Result of :func:`history_grid`: frequency, recency (the faster one), value. Immutable.

    Attributes
    ----------
    quantity : str
        What was asked.
    T : float
        Age of the customers.
    """

    __slots__ = ("T", "quantity")
    T: float
    quantity: str


class Heterogeneity(ResultTable):
    """Result of :func:`heterogeneity`: of, value, density, cumulative; distribution after distribution. Immutable."""

    __slots__ = ()


def frequency_histogram(
    model: TransactionModel,
    customers: object,
    *,
    largest: int = 7,
    columns: Mapping[str, str] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> FrequencyHistogram:
    """How many customers bought how often, and how many of them a model expects.

    Parameters
    ----------
    model : TransactionModel
    customers : Summary, mapping of arrays, or frame
        frequency, recency and T in the model's unit.
    largest : int
        The last row stands for this frequency and all above; at least 1.
    columns, threads, progress
        As in :meth:`Model.fit`.

    Returns
    -------
    FrequencyHistogram

    Raises
    ------
    KundenwertError
        empty, domain, unsupported (a model that forecasts no counts, or one with covariates), unit_mismatch, and those
        of the rows.

    Examples
    --------
    >>> import kundenwert as kw
    >>> customers = {"frequency": [2, 1, 0, 4], "recency": [30, 5, 0, 35], "T": [39, 39, 39, 39]}
    >>> model = kw.BgNbd(r=0.24, alpha=4.41, a=0.79, b=2.43, unit="week")
    >>> kw.frequency_histogram(model, customers, largest=2)["actual"]
    array([1, 1, 2])
    """
    given, _ = model._given(customers, columns, None)
    rows, chi_square = _core.frequency_histogram(model._handle, given, largest, thread_count(threads), progress)
    kind = customers._kind if isinstance(customers, Summary) else kind_of(customers)
    return FrequencyHistogram(_rows=rows, _kind=kind, chi_square=chi_square)


def conditional_expectations(
    model: TransactionModel,
    customers: Summary,
    *,
    by: Literal["frequency", "recency"] = "frequency",
    largest: int = 7,
    bins: int = 10,
    horizon: float | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> ConditionalExpectations:
    """What groups of customers bought in the hold-out, and what a model expected of them.

    Parameters
    ----------
    model : TransactionModel
    customers : Summary
        With a hold-out.
    by : {"frequency", "recency"}
        What the groups are made by. Those without repeat purchase are a group of their own.
    largest : int
        By frequency: the last group is this or more; at least 1.
    bins : int
        By recency: groups of equal width; at least 1.
    horizon : float, optional
        Length of the hold-out in time units, above 0; None: from the dates.
    threads, progress
        As in :meth:`Model.fit`.

    Returns
    -------
    ConditionalExpectations

    Raises
    ------
    KundenwertError
        column_missing without hold-out; unit_mismatch, unknown_code, domain, missing, unsupported.

    Examples
    --------
    >>> import kundenwert as kw
    >>> log = {"customer_id": [1, 1, 2, 2], "date": ["2024-01-01", "2024-03-01", "2024-01-09", "2024-05-02"]}
    >>> customers = kw.summarize(log, unit="week", end="2024-03-31", holdout_end="2024-06-30", amount=None)
    >>> model = kw.BgNbd(r=0.24, alpha=4.41, a=0.79, b=2.43, unit="week")
    >>> kw.conditional_expectations(model, customers, largest=1)["actual_mean"]
    array([1., 0.])
    """
    rows = _core.conditional_expectations(
        model._handle, customers._handle, by, largest, bins, horizon, thread_count(threads), progress
    )
    return ConditionalExpectations(_rows=rows, _kind=customers._kind, by=by)


def history_grid(
    model: TransactionModel,
    *,
    T: float,
    quantity: str = "probability_alive",
    largest: int = 20,
    recency_steps: int = 40,
    horizon: float | None = None,
    annual_discount_rate: float | None = None,
    units_per_year: float | None = None,
    count: int | None = None,
    level: float | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> HistoryGrid:
    """An answer for every history of customers of one age, such as the probability-alive matrix.

    Parameters
    ----------
    model : TransactionModel
    T : float
        Age of the customers in the model's unit, above 0.
    quantity : str
        A name in :func:`quantities` that the model answers.
    largest : int
        Frequencies from 0 to this.
    recency_steps : int
        Recencies from 0 to T in so many steps; at least 1.
    horizon, annual_discount_rate, units_per_year, count, level
        What the quantity needs.
    threads, progress
        As in :meth:`Model.fit`.

    Returns
    -------
    HistoryGrid
        The value is nan where there is no such history: frequency or recency alone is 0.

    Raises
    ------
    KundenwertError
        missing, sign, domain, unknown_code, unsupported.

    Examples
    --------
    >>> import kundenwert as kw
    >>> model = kw.BgNbd(r=0.24, alpha=4.41, a=0.79, b=2.43, unit="week")
    >>> kw.history_grid(model, T=39, largest=1, recency_steps=3)["value"].round(2)
    array([1.  ,  nan,  nan,  nan,  nan, 0.5 , 0.66, 0.75])
    """
    asked = {
        "horizon": horizon,
        "annual_discount_rate": annual_discount_rate,
        "units_per_year": units_per_year,
        "count": count,
        "level": level,
    }
    arguments = {name: float(value) for name, value in asked.items() if value is not None}
    rows = _core.history_grid(
        model._handle, quantity, float(T), largest, recency_steps, arguments, thread_count(threads), progress
    )
    return HistoryGrid(_rows=rows, _kind="pyarrow", T=float(T), quantity=quantity)


def heterogeneity(model: Model, *, of: str | None = None, points: object = None, count: int = 99) -> Heterogeneity:
    """How customers differ under a model: densities of their purchase rates and of their dropout.

    Parameters
    ----------
    model : Model
    of : str, optional
        One distribution, such as "purchase_rate"; None: all the model has.
    points : array-like of float, optional
        Values to ask at, of one distribution; None: quantiles.
    count : int
        Of the quantiles, at the levels k / (count + 1); at least 1.

    Returns
    -------
    Heterogeneity

    Raises
    ------
    KundenwertError
        unsupported (the model states none), unknown_code, missing, domain, non_finite.

    Examples
    --------
    >>> import kundenwert as kw
    >>> model = kw.BgNbd(r=0.24, alpha=4.41, a=0.79, b=2.43, unit="week")
    >>> kw.heterogeneity(model, of="purchase_rate", points=[0.1])["density"].round(2)
    array([1.4])
    """
    given = None if points is None else _core.Columns(values_stream(points, "points"), [("value", "points")])
    return Heterogeneity(_rows=_core.heterogeneity(model._handle, of or "", given, count), _kind="pyarrow")

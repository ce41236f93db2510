"""Customer lifetime value: a model of purchases times a model of spend."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from kundenwert import _core
from kundenwert.errors import KundenwertError
from kundenwert.frames import values_stream
from kundenwert.frozen import thread_count
from kundenwert.given import given_customers
from kundenwert.logs import Progress
from kundenwert.modeling import SpendModel, TransactionModel
from kundenwert.summaries import Summary

__all__ = ["lifetime_value", "value_arguments"]


@overload
def lifetime_value(
    model: TransactionModel,
    spend: SpendModel,
    customers: object,
    *,
    horizon: float | None = None,
    months: int | None = None,
    annual_discount_rate: float | ArrayLike,
    margin_rate: float | ArrayLike = 1.0,
    cost_per_purchase: float = 0.0,
    units_per_year: float | None = None,
    columns: Mapping[str, str] | None = None,
    covariates: object = None,
    reasons: Literal[False] = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.float64]: ...


@overload
def lifetime_value(
    model: TransactionModel,
    spend: SpendModel,
    customers: object,
    *,
    horizon: float | None = None,
    months: int | None = None,
    annual_discount_rate: float | ArrayLike,
    margin_rate: float | ArrayLike = 1.0,
    cost_per_purchase: float = 0.0,
    units_per_year: float | None = None,
    columns: Mapping[str, str] | None = None,
    covariates: object = None,
    reasons: Literal[True],
    threads: int | None = None,
    progress: Progress | None = None,
) -> tuple[NDArray[np.float64], NDArray[np.uint32]]: ...


def lifetime_value(
    model: TransactionModel,
    spend: SpendModel,
    customers: object,
    *,
    horizon: float | None = None,
    months: int | None = None,
    annual_discount_rate: float | ArrayLike,
    margin_rate: float | ArrayLike = 1.0,
    cost_per_purchase: float = 0.0,
    units_per_year: float | None = None,
    columns: Mapping[str, str] | None = None,
    covariates: object = None,
    reasons: bool = False,
    threads: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.float64] | tuple[NDArray[np.float64], NDArray[np.uint32]]:
    """What customers are expected to spend over a horizon, discounted to the end of observation.

    Each purchase is discounted from its own expected time; the past is not in it.

    Parameters
    ----------
    model : TransactionModel
    spend : SpendModel
    customers : Summary, mapping of arrays, or frame
        What both models read: frequency, recency, T (in the unit of ``model``) and monetary_value (null only where
        frequency is 0).
    horizon : float, optional
        Time units of ``model``, >= 0; may be infinite. Either this or ``months``.
    months : int, optional
        Calendar months from the end of a Summary on, >= 0.
    annual_discount_rate : float, or one per row
        Effective, >= 0: 0.10 is ten percent a year; above 0 for an infinite horizon.
    margin_rate : float, or one per row
        Share of revenue that is margin, in [0, 1]. With 1 the result is revenue.
    cost_per_purchase : float
        What a purchase costs beside that, >= 0, in the currency of monetary_value.
    units_per_year : float, optional
        Above 0; None: from 365.25 days. Published weekly tables use 52.
    columns, covariates, threads, progress
        As in :meth:`Model.fit`.
    reasons : bool
        Also return why a row has no value.

    Returns
    -------
    numpy.ndarray of float64, one per row
        In the currency of monetary_value; nan where there is none. With ``reasons=True`` a pair with the masks of
        reasons (uint32; see ``codes.reason_names``).

    Raises
    ------
    KundenwertError
        unit_mismatch, unsupported (a model of the wrong kind), missing (neither horizon nor months, or no end of
        observation), inconsistent (both), sign, domain, length_mismatch, divergent, and those of the rows.

    Examples
    --------
    >>> import kundenwert as kw
    >>> model = kw.BgNbd(r=0.2426, alpha=4.4136, a=0.7929, b=2.4259, unit="week")
    >>> spend = kw.GammaGamma(p=6.25, q=3.74, v=15.44, unit="week")
    >>> customers = {"frequency": [2.0], "recency": [30.43], "T": [38.86], "monetary_value": [22.35]}
    >>> kw.lifetime_value(model, spend, customers, horizon=52, annual_discount_rate=0.10).round(1)
    array([36.8])
    """
    needed = dict.fromkeys((*model._info.columns, *spend._info.columns))
    names = [effect.covariate for effect in model.effects]
    given, beside = given_customers(
        customers, needed, columns=columns, unit=model.unit, covariates=covariates, names=list(dict.fromkeys(names))
    )
    arguments, margins, rates = value_arguments(
        customers, horizon, months, annual_discount_rate, margin_rate, cost_per_purchase, units_per_year
    )
    values, masks = _core.lifetime_value(
        model._handle, spend._handle, given, beside, arguments, margins, rates, thread_count(threads), progress
    )
    return (values, masks) if reasons else values


def value_arguments(
    customers: object,
    horizon: float | None,
    months: int | None,
    annual_discount_rate: float | ArrayLike,
    margin_rate: float | ArrayLike,
    cost_per_purchase: float,
    units_per_year: float | None,
) -> tuple[dict[str, float], _core.Columns | None, _core.Columns | None]:
    """What a lifetime value needs, as the core takes it: numbers by name, margin and discount rates of every row."""
    if (horizon is None) == (months is None):
        code = "missing" if horizon is None else "inconsistent"
        message = "or months is required" if horizon is None else "and months exclude each other"
        raise KundenwertError(message, code=code, argument="horizon")
    if months is not None:
        if not isinstance(customers, Summary):
            message = "need a Summary, which says when the observation ends"
            raise KundenwertError(message, code="missing", argument="months")
        horizon = _core.calendar_horizon(customers._handle, months)
    numbers = {"horizon": horizon, "cost_per_purchase": cost_per_purchase, "units_per_year": units_per_year}
    columns: dict[str, _core.Columns | None] = {}
    for name, given in (("margin_rate", margin_rate), ("annual_discount_rate", annual_discount_rate)):
        columns[name] = None
        if isinstance(given, Real):
            numbers[name] = float(given)
        else:
            columns[name] = _core.Columns(values_stream(given, name), [("value", name)])
    arguments = {name: float(number) for name, number in numbers.items() if number is not None}
    return arguments, columns["margin_rate"], columns["annual_discount_rate"]

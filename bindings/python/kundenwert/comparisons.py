"""Which model is to be used: all of them on one footing, and held against what happened."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from kundenwert import _core
from kundenwert.bases import CustomerBase
from kundenwert.dates import DateLike, day_of, day_or_none
from kundenwert.effects import Effects, Prior, core_effects, core_priors
from kundenwert.errors import KundenwertError
from kundenwert.frames import column_names, kind_of
from kundenwert.frozen import thread_count
from kundenwert.given import given_customers, given_weight
from kundenwert.logs import Progress, Unit
from kundenwert.modeling import Model, model_of_core
from kundenwert.result_tables import ResultTable
from kundenwert.summaries import Summary
from kundenwert.tables import models as all_models

__all__ = [
    "Backtest",
    "Comparison",
    "Deciles",
    "LikelihoodRatio",
    "backtest",
    "compare",
    "likelihood_ratio",
    "rolling_origins",
]


class Comparison(ResultTable):
    """Result of :func:`compare`: one row per model, those that converged first, then by AIC. Immutable.

    Columns: model, outcome, detail, parameters, log_likelihood, aic, bic, delta_aic, akaike_weight, iterations.

    Attributes
    ----------
    models : tuple of Model
        As fitted, in the order of the rows.
    recommended : Model or None
    reason : str
        Of the recommendation, or why there is none.
    data : str
        What the likelihoods are of, such as "purchase_times".
    """

    __slots__ = ("data", "models", "reason", "recommended")
    models: tuple[Model, ...]
    recommended: Model | None
    reason: str
    data: str

    def __repr__(self) -> str:
        told = "none" if self.recommended is None else self.recommended.title
        return f"<Comparison: {len(self)} models, recommended {told} ({self.reason})>"

    def _repr_html_(self) -> str:
        from kundenwert.notebook import facts_table

        told = "none" if self.recommended is None else self.recommended.title
        return facts_table("Comparison", [("recommended", told), ("reason", self.reason)]) + super()._repr_html_()


def _names(models: Iterable[str | type[Model]] | None) -> list[str]:
    return [m if isinstance(m, str) else m._info.name for m in models or ()]


def _readable(customers: object, names: list[str], columns: Mapping[str, str] | None) -> list[str]:
    """Columns of the models that were named, otherwise those that are there."""
    known = {info.name: info for info in all_models()}
    named = [known[name] for name in names if name in known] or known.values()
    every = dict.fromkeys(column for info in named for column in info.columns)
    every.update(dict.fromkeys(["log_interval_sum"] if any(info.reads_intervals for info in named) else []))
    if isinstance(customers, Summary):
        return list(every)
    there = column_names(customers)
    spelling = dict(columns or {})
    if not there:
        return ["frequency", "recency", "T"]
    return [column for column in every if spelling.get(column, column) in there]


def compare(
    customers: object,
    *,
    models: Iterable[str | type[Model]] | None = None,
    unit: Unit | None = None,
    columns: Mapping[str, str] | None = None,
    effects: Effects | None = None,
    covariates: object = None,
    priors: Mapping[str, Prior] | None = None,
    weight: object = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Comparison:
    """Fit every model that can read the customers, and recommend one of them.

    Only likelihoods of the same data are compared: those of the times of purchases, of renewals, or of spend.

    Parameters
    ----------
    customers : Summary, mapping of arrays, or frame
    models : iterable of str or of model classes, optional
        Of one kind of data; None: all that can read the columns: times of purchases where they are there, else
        renewals, else spend.
    unit, columns, effects, covariates, priors, weight, threads, progress
        As in :meth:`Model.fit`, of every model.

    Returns
    -------
    Comparison

    Raises
    ------
    KundenwertError
        missing where no model can read the columns; unknown_code; unsupported for two kinds of data, with the place in
        ``models`` as the row; and what a fit raises.

    Examples
    --------
    >>> import kundenwert as kw
    >>> customers = {"frequency": [0, 6, 1, 12, 0, 9, 2, 3], "recency": [0, 5, 8, 8, 0, 6, 9, 1], "T": [9] * 8}
    >>> found = kw.compare(customers, unit="week", models=["bg_nbd", kw.ParetoNbd])
    >>> len(found), found.data
    (2, 'purchase_times')
    """
    names = _names(models)
    if not isinstance(customers, Summary) and unit is None:
        message = "is required with plain columns: the unit of recency and T"
        raise KundenwertError(message, code="missing", argument="unit")
    chosen = core_effects(effects)
    given, beside = given_customers(
        customers,
        _readable(customers, names, columns),
        columns=columns,
        unit=unit,
        covariates=covariates,
        names=list(dict.fromkeys(covariate for _, covariate, _ in chosen)),
    )
    rows, fitted, recommended, reason, data = _core.compare(
        given,
        beside,
        unit or "",
        names,
        given_weight(weight),
        chosen,
        core_priors(priors),
        thread_count(threads),
        progress,
    )
    found = tuple(model_of_core(core) for core in fitted)
    return Comparison(
        models=found,
        recommended=None if recommended is None else found[recommended],
        reason=reason,
        data=data,
        _rows=rows,
        _kind=customers._kind if isinstance(customers, Summary) else kind_of(customers),
    )


class LikelihoodRatio(NamedTuple):
    """Result of :func:`likelihood_ratio`.

    Attributes
    ----------
    statistic : float
        Twice the difference of the log-likelihoods.
    degrees_of_freedom : int
        Parameters that the restriction takes.
    p_value : float
        Of a chi-square at least as large; 1 where the statistic is not above 0.
    outcome : str
        "converged", or how the first fit ended that did not.
    """

    statistic: float
    degrees_of_freedom: int
    p_value: float
    outcome: str


def likelihood_ratio(restricted: Model, full: Model) -> LikelihoodRatio:
    """Whether a restriction costs more likelihood than chance would.

    The models must be nested, and fitted without priors to the same rows: fewer covariates, equal coefficients, a
    simpler model that the full one contains. Where the restriction lies on the boundary of the full model the true p
    value is smaller than the one given (Self & Liang 1987).

    Parameters
    ----------
    restricted, full : Model
        Fitted.

    Returns
    -------
    LikelihoodRatio

    Raises
    ------
    KundenwertError
        unsupported (not fitted), unit_mismatch, inconsistent (other customers), domain (full has no more parameters).

    Examples
    --------
    >>> import kundenwert as kw
    >>> customers = {"frequency": [0, 6, 1, 12, 0, 9, 2, 3], "recency": [0, 5, 8, 8, 0, 6, 9, 1], "T": [9] * 8,
    ...              "club": [0, 1, 0, 1, 1, 0, 1, 0]}
    >>> full = kw.Nbd.fit(customers, unit="week", effects={"alpha": ["club"]})
    >>> kw.likelihood_ratio(kw.Nbd.fit(customers, unit="week"), full).degrees_of_freedom
    1
    """
    return LikelihoodRatio(**_core.likelihood_ratio(restricted._handle, full._handle))


class Deciles(ResultTable):
    """Tenths of the customers by prediction, the lowest first: model, origin, decile, customers, predicted_mean,
    actual_mean. ``origin`` is null for all origins together.
    """

    __slots__ = ()


class Backtest(ResultTable):
    """Result of :func:`backtest`: one row per model and origin, and one of all together where there are several.

    Columns: model, origin (null: all together), end, holdout_end, horizon, outcome, detail, customers, unpredicted,
    actual_total, predicted_total, bias, relative_bias, mae, rmse, those of two simple rules (own_rate_, mean_rate_),
    normalized_gini, rank_correlation, coverage_80, coverage_90, buyers, predicted_buyers, brier, log_score. Immutable.

    Attributes
    ----------
    deciles : Deciles
        Calibration: predicted and actual means by tenth of the customers.
    """

    __slots__ = ("deciles",)
    deciles: Deciles


def backtest(
    origins: Summary | Iterable[Summary],
    *,
    models: Iterable[str | type[Model]] | None = None,
    horizon: float | None = None,
    priors: Mapping[str, Prior] | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Backtest:
    """Fit models to what was known on a day, and hold them against what was bought afterwards.

    Parameters
    ----------
    origins : Summary, or an iterable of them
        With a hold-out (``holdout_end``); several from :func:`rolling_origins`.
    models : iterable of str or of model classes, optional
        None: all that can read the customers.
    horizon : float, optional
        Length of the hold-out in time units, above 0; None: from the dates.
    priors : mapping from str to Prior, optional
        Of every fit.
    threads, progress
        As in :meth:`Model.fit`.

    Returns
    -------
    Backtest

    Raises
    ------
    KundenwertError
        empty; column_missing without hold-out, with the place of the origin as row; unit_mismatch between origins;
        missing or sign of the horizon; unsupported for a model without forecasts of purchases.

    Examples
    --------
    >>> import kundenwert as kw
    >>> log = {"customer_id": [1, 1, 2, 2, 3], "date": ["2024-01-01", "2024-03-01", "2024-01-09", "2024-05-02",
    ...        "2024-02-01"]}
    >>> customers = kw.summarize(log, unit="week", end="2024-03-31", holdout_end="2024-06-30", amount=None)
    >>> found = kw.backtest(customers, models=["nbd"])
    >>> found["actual_total"]
    array([1.])
    """
    given = [origins] if isinstance(origins, Summary) else list(origins)
    for row, origin in enumerate(given):
        if not isinstance(origin, Summary):
            message = f"is a {type(origin).__name__}, no Summary"
            raise KundenwertError(message, code="wrong_type", argument="origins", row=row)
    scores, deciles = _core.backtest(
        [origin._handle for origin in given],
        _names(models),
        horizon,
        core_priors(priors),
        thread_count(threads),
        progress,
    )
    kind = given[0]._kind if given else "pyarrow"
    return Backtest(_rows=scores, _kind=kind, deciles=Deciles(_rows=deciles, _kind=kind))


def rolling_origins(
    base: CustomerBase,
    *,
    unit: Unit,
    first_end: DateLike,
    holdout_days: int,
    step_days: int,
    count: int,
    start: DateLike | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> list[Summary]:
    """The summaries of several days, each with the hold-out after it, for :func:`backtest`.

    Parameters
    ----------
    base : CustomerBase
    unit : {"day", "week", "month", "year"}
        Of recency and T.
    first_end : date
        Last day that is known at the first origin; the next ones are ``step_days`` later each.
    holdout_days, step_days, count : int
        At least 1. The last hold-out should end before the log does: what is not in it yet counts as not bought.
    start : date, optional
        First day of observation; None: from the first row on.
    threads, progress
        As in :func:`summarize`.

    Returns
    -------
    list of Summary

    Raises
    ------
    KundenwertError
        domain, date_range, date_order.

    Examples
    --------
    >>> import kundenwert as kw
    >>> log = {"customer_id": [1, 1, 2, 2], "date": ["2024-01-01", "2024-03-01", "2024-01-09", "2024-05-02"]}
    >>> base = kw.CustomerBase(transactions=log)
    >>> found = kw.rolling_origins(base, unit="week", first_end="2024-02-01", step_days=28, count=2, holdout_days=28)
    >>> [str(customers.end) for customers in found]
    ['2024-02-01', '2024-02-29']
    """
    found = _core.rolling_origins(
        base._handle,
        unit,
        day_of(first_end, "first_end"),
        step_days,
        count,
        holdout_days,
        day_or_none(start, "start"),
        thread_count(threads),
        progress,
    )
    return [Summary._wrap(core, base._kind) for core in found]

"""What a report says about a customer base: numbers of the core, put together. Rendering is elsewhere."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pyarrow as pa

import kundenwert as kw
from kundenwert.report.customers import Floats, Predictions, Step, customer_table, metadata, predictions
from kundenwert.report.fits import (
    ModelLine,
    chosen_of,
    class_of,
    finite,
    fitted_or_why,
    model_line,
    outcome_in_words,
    spenders,
)
from kundenwert.report.settings import ReportSettings

__all__ = [
    "AbcLine",
    "CustomerLine",
    "Forecast",
    "Headline",
    "Holdout",
    "ReportResult",
    "RfmGrid",
    "report_on",
]


@dataclass(frozen=True)
class Holdout:
    """What happened after the end of observation to the customers known then."""

    end: datetime.date
    length: float
    transactions: int


@dataclass(frozen=True)
class Forecast:
    """Sums over customers.

    Attributes
    ----------
    expected_transactions : float
        Within the horizon, not discounted.
    value : float or None
        Discounted; None without a spend model.
    valued : int
        Customers who have a value.
    """

    expected_transactions: float
    value: float | None
    valued: int


@dataclass(frozen=True)
class AbcLine:
    """A class by revenue so far."""

    name: str
    customers: int
    share_of_customers: float
    value: float
    share_of_value: float
    smallest_value: float | None


@dataclass(frozen=True)
class RfmGrid:
    """Customers by recency and frequency score; entry [r - 1][f - 1] of ``counts`` is score r, f."""

    counts: tuple[tuple[int, ...], ...]
    mean_revenue_by_r: tuple[float | None, ...]
    mean_revenue_by_f: tuple[float | None, ...]
    cells: int
    unscored: int


@dataclass(frozen=True)
class CustomerLine:
    """One of the most valuable customers; None where a number is not available."""

    customer_id: str
    frequency: int
    last_purchase: datetime.date
    revenue: float | None
    probability_alive: float | None
    expected_transactions: float | None
    expected_spend: float | None
    lifetime_value: float | None
    abc: str | None
    rfm: str | None


@dataclass(frozen=True)
class Headline:
    """The whole report apart from the table of all customers.

    Attributes
    ----------
    first_day : datetime.date or None
        First purchase of anybody in the observation.
    revenue : float or None
        Net, in the observation; None for a log without amounts.
    chosen : ModelLine or None
        The transaction model that is used; None: ``chosen_why`` says why not.
    spend : ModelLine or None
        The spend model, where there are amounts.
    free_spenders : int
        Customers whose repeat purchases cost nothing; the spend model is estimated without them.
    abc_why, rfm_why, forecast_why, value_why : str
        Why the part is missing; empty where it is not.
    ranked_by : str
        What the most valuable customers are ordered by.
    """

    first_day: datetime.date | None
    currency: str | None
    customers: int
    repeaters: int
    repeat_rate: float | None
    repeat_transactions: int
    revenue: float | None
    models: tuple[ModelLine, ...]
    chosen: ModelLine | None
    chosen_why: str
    holdout: Holdout | None
    spend: ModelLine | None
    free_spenders: int
    forecast: Forecast | None
    forecast_why: str
    value_why: str
    abc: tuple[AbcLine, ...]
    abc_why: str
    rfm: RfmGrid | None
    rfm_why: str
    top: tuple[CustomerLine, ...]
    ranked_by: str


@dataclass(frozen=True)
class ReportResult:
    """The headline, and the table with one row per customer."""

    headline: Headline
    customers: pa.Table


def _sum(values: Floats) -> float:
    """Rounded once, whatever the order; without the rows that have no value."""
    return math.fsum(values[~np.isnan(values)])


def _mean(values: Floats) -> float | None:
    return math.fsum(values) / len(values) if len(values) else None


def _holdout_of(customers: kw.Summary, settings: ReportSettings) -> Holdout | None:
    if settings.holdout_end is None:
        return None
    # The core measures the hold-out as it measures T: somebody who bought on the last day of observation is as old at
    # the end of the hold-out as the hold-out is long.
    born = {"customer_id": [0], "date": [settings.end]}
    length = kw.summarize(born, unit=settings.unit, end=settings.holdout_end, amount=None)["T"][0]
    return Holdout(settings.holdout_end, float(length), int(customers["holdout_frequency"].sum()))


def _with_holdout(
    line: ModelLine, model: Any, customers: kw.Summary, holdout: Holdout | None, settings: ReportSettings
) -> ModelLine:
    if holdout is None or not line.is_converged:
        return line
    ahead = model.expected_transactions(customers, holdout.length, threads=settings.threads)
    return replace(line, holdout_expected=_sum(ahead))


def _abc_of(revenue: Floats | None) -> tuple[kw.AbcResult | None, str]:
    if revenue is None:
        return None, "the log has no amounts"
    result = kw.classify_abc(revenue)
    if math.isnan(result.total):
        return None, "no customer has a positive revenue"
    return result, ""


def _abc_lines(result: kw.AbcResult) -> tuple[AbcLine, ...]:
    return tuple(
        AbcLine(name, c.customers, c.share_of_customers, c.value, c.share_of_value, finite(c.smallest_value))
        for name, c in result.summary.items()
    )


def _grid(rfm: kw.RfmResult, revenue: Floats) -> RfmGrid:
    r, f = rfm.r_score, rfm.f_score
    rs, fs = range(1, rfm.r.classes + 1), range(1, rfm.f.classes + 1)
    return RfmGrid(
        counts=tuple(tuple(int(np.count_nonzero((r == i) & (f == j))) for j in fs) for i in rs),
        mean_revenue_by_r=tuple(_mean(revenue[r == i]) for i in rs),
        mean_revenue_by_f=tuple(_mean(revenue[f == j]) for j in fs),
        cells=len(rfm.cells),
        unscored=rfm.unscored,
    )


def _top(
    customers: kw.Summary,
    predicted: Predictions,
    abc: kw.AbcResult | None,
    rfm: kw.RfmResult | None,
    revenue: Floats | None,
    count: int,
) -> tuple[tuple[CustomerLine, ...], str]:
    keys = [
        ("lifetime value", predicted.lifetime_value),
        ("expected transactions", predicted.expected_transactions),
        ("revenue so far", revenue),
    ]
    ranked_by, key = next(
        ((name, values) for name, values in keys if values is not None and not np.isnan(values).all()),
        ("repeat purchases", customers["frequency"]),
    )
    # Stable: equal ones in the order of their ids; rows without a value last.
    order = np.argsort(-np.where(np.isnan(key), -np.inf, key), kind="stable")[:count]

    def at(values: Floats | None, row: int) -> float | None:
        return None if values is None else finite(values[row])

    lines = tuple(
        CustomerLine(
            customer_id=str(customers["customer_id"][row]),
            frequency=int(customers["frequency"][row]),
            last_purchase=customers["last_purchase"][row].item(),
            revenue=at(revenue, row),
            probability_alive=at(predicted.probability_alive, row),
            expected_transactions=at(predicted.expected_transactions, row),
            expected_spend=at(predicted.expected_spend, row),
            lifetime_value=at(predicted.lifetime_value, row),
            abc=None if abc is None else abc.classes[row],
            rfm=None if rfm is None else rfm.cell[row] or None,
        )
        for row in order
    )
    return lines, ranked_by


def report_on(customers: kw.Summary, settings: ReportSettings, step: Step) -> ReportResult:
    """Fits the models, predicts and classifies.

    Parameters
    ----------
    customers : Summary
    settings : ReportSettings
    step : callable
        Is told the title of each long step, and gives a callable that is told the share of it that is done.
    """
    infos = kw.models()
    transaction_infos = [info for info in infos if not info.is_spend]
    spend_infos = [info for info in infos if info.is_spend]
    revenue = customers["revenue"] if "revenue" in customers.columns else None
    spending, free_spenders = spenders(customers) if revenue is not None else (customers, 0)
    fitted = {
        info.name: fitted_or_why(
            step(f"Fitting {info.title}"),
            class_of(info),
            spending if info.is_spend else customers,
            settings.unit,
            settings.threads,
        )
        for info in (*transaction_infos, *(spend_infos if revenue is not None else ()))
    }

    holdout = _holdout_of(customers, settings)
    lines = [
        _with_holdout(model_line(info, fitted[info.name]), fitted[info.name], customers, holdout, settings)
        for info in transaction_infos
    ]
    chosen, chosen_why = chosen_of(lines)
    model = fitted[chosen.name] if chosen is not None else None

    spend_line = model_line(spend_infos[0], fitted[spend_infos[0].name]) if revenue is not None else None
    spend = fitted[spend_infos[0].name] if spend_line is not None and spend_line.is_converged else None
    value_why = ""
    if revenue is None:
        value_why = "the log has no amounts"
    elif spend_line is not None and not spend_line.is_converged:
        value_why = f"{spend_line.title} could not be estimated: {outcome_in_words(spend_line)}"

    predicted = predictions(
        customers,
        model,
        spend,
        settings,
        step,
    )
    forecast = None
    if predicted.expected_transactions is not None:
        value = predicted.lifetime_value
        forecast = Forecast(
            expected_transactions=_sum(predicted.expected_transactions),
            value=None if value is None else _sum(value),
            valued=0 if value is None else int(np.count_nonzero(~np.isnan(value))),
        )

    abc, abc_why = _abc_of(revenue)
    rfm = kw.classify_rfm(customers) if revenue is not None and len(customers) else None
    top, ranked_by = _top(customers, predicted, abc, rfm, revenue, settings.top)
    first = customers["first_purchase"]
    headline = Headline(
        first_day=first.min().item() if len(first) else None,
        currency=customers.currency,
        customers=customers.customers,
        repeaters=customers.repeaters,
        repeat_rate=customers.repeaters / customers.customers if customers.customers else None,
        repeat_transactions=customers.repeat_transactions,
        revenue=None if revenue is None else _sum(revenue),
        models=tuple(lines),
        chosen=chosen,
        chosen_why=chosen_why,
        holdout=holdout,
        spend=spend_line,
        free_spenders=free_spenders,
        forecast=forecast,
        forecast_why="" if forecast is not None else "there is no model of purchases",
        value_why=value_why,
        abc=() if abc is None else _abc_lines(abc),
        abc_why=abc_why,
        rfm=None if rfm is None or revenue is None else _grid(rfm, revenue),
        rfm_why="" if rfm is not None else "the log has no amounts" if revenue is None else "there are no customers",
        top=top,
        ranked_by=ranked_by,
    )
    table = customer_table(customers, predicted, abc, rfm)
    known = table.schema.metadata or {}
    return ReportResult(headline, table.replace_schema_metadata({**known, **metadata(settings, chosen, spend_line)}))

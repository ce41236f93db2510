"""What a report says about a customer base: numbers of the core, put together. Rendering is elsewhere."""

from __future__ import annotations

import datetime
import math
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

import kundenwert as kw
from kundenwert import codes
from kundenwert.report.settings import ReportSettings, Unit

__all__ = [
    "AbcLine",
    "CustomerLine",
    "Forecast",
    "Headline",
    "Holdout",
    "ModelLine",
    "ReportResult",
    "RfmGrid",
    "report_on",
]

Floats = NDArray[np.float64]
Step = Callable[[str], Callable[[float], object]]


@dataclass(frozen=True)
class ModelLine:
    """One fitted model; transactions expected in the hold-out where there is one."""

    name: str
    title: str
    parameters: tuple[tuple[str, float], ...]
    log_likelihood: float | None
    aic: float | None
    outcome: str
    detail: str
    holdout_expected: float | None = None

    @property
    def is_converged(self) -> bool:
        """Whether the estimate can be used."""
        return self.outcome == "converged"


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


def _silently(
    progress: Callable[[float], object], model: type[kw.Model], customers: object, unit: Unit, threads: int | None
) -> kw.Model | str:
    """A fitted model, or why there is none. How a fit ended is in the report, not in a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", kw.ConvergenceWarning)
        try:
            return model.fit(customers, unit=unit, threads=threads, progress=progress)
        except kw.KundenwertError as error:
            if error.code == "cancelled":
                raise
            return error.message if error.row is None else str(error)


def _spenders(customers: kw.Summary) -> tuple[object, int]:
    """What a spend model is fitted on, and how many customers are left out: models of spend know no mean of zero."""
    mean = customers["monetary_value"]
    is_free = mean == 0
    if not is_free.any():
        return customers, 0
    return {
        "frequency": customers["frequency"][~is_free],
        "monetary_value": mean[~is_free],
    }, int(np.count_nonzero(is_free))


def _class_of(info: kw.ModelInfo) -> type[kw.Model]:
    found: type[kw.Model] = next(
        c
        for c in vars(kw).values()
        if isinstance(c, type) and issubclass(c, kw.Model) and getattr(c, "_info", None) == info
    )
    return found


def _model_line(info: kw.ModelInfo, model: kw.Model | str) -> ModelLine:
    if isinstance(model, str):
        return ModelLine(info.name, info.title, (), None, None, "insufficient_data", model)
    usable = model.outcome != "insufficient_data"
    parameters = tuple((name, value) for name, value in model.params.items()) if usable else ()
    return ModelLine(
        info.name,
        info.title,
        tuple((name, value) for name, value in parameters if math.isfinite(value)),
        _finite(model.log_likelihood) if usable else None,
        _finite(model.aic) if usable else None,
        model.outcome or "",
        model.detail or "",
    )


def _finite(value: float | None) -> float | None:
    return float(value) if value is not None and math.isfinite(value) else None


def _sum(values: Floats) -> float:
    """Rounded once, whatever the order; without the rows that have no value."""
    return math.fsum(values[~np.isnan(values)])


def _mean(values: Floats) -> float | None:
    return math.fsum(values) / len(values) if len(values) else None


def _choice(lines: Sequence[ModelLine]) -> tuple[ModelLine | None, str]:
    converged = [line for line in lines if line.is_converged and line.aic is not None]
    if not converged:
        return None, "none converged"
    best = min(converged, key=lambda line: line.aic or 0.0)
    if len(converged) == 1:
        return best, "the only model that converged" if len(lines) > 1 else "the only model"
    second = min((line for line in converged if line is not best), key=lambda line: line.aic or 0.0)
    if second.aic == best.aic:
        return best, f"its AIC equals that of {second.title}; the first of the list is taken"
    why = f"lowest AIC of {len(converged)} models that converged"
    if len(best.parameters) == len(second.parameters):
        why += ", which is the highest log-likelihood as they have equally many parameters"
    return best, why


def outcome_in_words(line: ModelLine) -> str:
    """How a fit ended, with its detail."""
    meaning = codes.outcomes[line.outcome].meaning if line.outcome in codes.outcomes else line.outcome
    return f"{meaning} ({line.detail})" if line.detail else meaning


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
        AbcLine(name, c.customers, c.share_of_customers, c.value, c.share_of_value, _finite(c.smallest_value))
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


@dataclass(frozen=True)
class _Predictions:
    """Columns with one row per customer; None where they cannot be had. reasons: a mask per row."""

    probability_alive: Floats | None = None
    expected_transactions: Floats | None = None
    expected_spend: Floats | None = None
    lifetime_value: Floats | None = None
    reasons: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, dtype=np.uint32))


def _predictions(
    customers: kw.Summary,
    model: Any,
    spend: Any,
    settings: ReportSettings,
    step: Step,
) -> _Predictions:
    """model: of purchases, or None. spend: or None. The classes, and so their methods, come from the core's table."""
    threads = settings.threads
    reasons: NDArray[np.uint32] = np.zeros(len(customers), dtype=np.uint32)
    alive = transactions = amount = value = None
    if model is not None:
        alive, why = model.probability_alive(
            customers, reasons=True, threads=threads, progress=step("Probability alive")
        )
        reasons |= why
        transactions, why = model.expected_transactions(
            customers, settings.horizon, reasons=True, threads=threads, progress=step("Expected transactions")
        )
        reasons |= why
    if spend is not None:
        amount, why = spend.expected_spend(customers, reasons=True, threads=threads, progress=step("Expected spend"))
        reasons |= why
    if model is not None and spend is not None:
        value, why = kw.lifetime_value(
            model,
            spend,
            customers,
            horizon=settings.horizon,
            annual_discount_rate=settings.annual_discount_rate,
            margin_rate=1.0 if settings.margin_rate is None else settings.margin_rate,
            units_per_year=settings.units_per_year,
            reasons=True,
            threads=threads,
            progress=step("Lifetime value"),
        )
        reasons |= why
    return _Predictions(alive, transactions, amount, value, reasons)


def _top(
    customers: kw.Summary,
    predicted: _Predictions,
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
        return None if values is None else _finite(values[row])

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


def _customer_table(
    customers: kw.Summary, predicted: _Predictions, abc: kw.AbcResult | None, rfm: kw.RfmResult | None
) -> pa.Table:
    """The summary and what is said about each customer; a number that is not available is null."""
    table: pa.Table = customers.to_arrow()
    rows = len(customers)

    def numbers(values: Floats | None) -> pa.Array:
        return pa.nulls(rows, pa.float64()) if values is None else pa.array(values, from_pandas=True)

    def scores(values: NDArray[np.int32] | None) -> pa.Array:
        return pa.nulls(rows, pa.int32()) if values is None else pa.array(values, mask=values == 0)

    names = {mask: list(codes.reason_names(mask)) for mask in map(int, np.unique(predicted.reasons))}
    masks = predicted.reasons.tolist()
    added = {
        "probability_alive": numbers(predicted.probability_alive),
        "expected_transactions": numbers(predicted.expected_transactions),
        "expected_spend": numbers(predicted.expected_spend),
        "lifetime_value": numbers(predicted.lifetime_value),
        "reasons": pa.array([names[mask] for mask in masks], pa.list_(pa.string())),
        "abc_class": pa.nulls(rows, pa.string()) if abc is None else pa.array(abc.classes, pa.string()),
        "r_score": scores(None if rfm is None else rfm.r_score),
        "f_score": scores(None if rfm is None else rfm.f_score),
        "m_score": scores(None if rfm is None else rfm.m_score),
    }
    for name, column in added.items():
        table = table.append_column(name, column)
    return table


def _metadata(settings: ReportSettings, chosen: ModelLine | None, spend: ModelLine | None) -> dict[str, str]:
    """What the columns depend on, beside what the summary says of itself."""
    facts: dict[str, object] = {
        "horizon": float(settings.horizon),
        "annual_discount_rate": settings.annual_discount_rate,
        "basis": "revenue" if settings.margin_rate is None else "margin",
    }
    if settings.units_per_year is not None:
        facts["units_per_year"] = settings.units_per_year
    if settings.margin_rate is not None:
        facts["margin_rate"] = settings.margin_rate
    for role, line in (("model", chosen), ("spend_model", spend if spend is not None and spend.is_converged else None)):
        if line is not None:
            facts[role] = line.name
            facts[f"{role}_parameters"] = ", ".join(f"{name}={value!r}" for name, value in line.parameters)
    return {f"kundenwert.report.{name}": str(value) for name, value in facts.items()}


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
    spenders, free_spenders = _spenders(customers) if revenue is not None else (customers, 0)
    fitted = {
        info.name: _silently(
            step(f"Fitting {info.title}"),
            _class_of(info),
            spenders if info.is_spend else customers,
            settings.unit,
            settings.threads,
        )
        for info in (*transaction_infos, *(spend_infos if revenue is not None else ()))
    }

    holdout = _holdout_of(customers, settings)
    lines = [
        _with_holdout(_model_line(info, fitted[info.name]), fitted[info.name], customers, holdout, settings)
        for info in transaction_infos
    ]
    chosen, chosen_why = _choice(lines)
    model = fitted[chosen.name] if chosen is not None else None

    spend_line = _model_line(spend_infos[0], fitted[spend_infos[0].name]) if revenue is not None else None
    spend = fitted[spend_infos[0].name] if spend_line is not None and spend_line.is_converged else None
    value_why = ""
    if revenue is None:
        value_why = "the log has no amounts"
    elif spend_line is not None and not spend_line.is_converged:
        value_why = f"{spend_line.title} could not be estimated: {outcome_in_words(spend_line)}"

    predicted = _predictions(
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
    table = _customer_table(customers, predicted, abc, rfm)
    known = table.schema.metadata or {}
    return ReportResult(headline, table.replace_schema_metadata({**known, **_metadata(settings, chosen, spend_line)}))

"""What is said about each customer: predictions, and the table with one row per customer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

import kundenwert as kw
from kundenwert import codes
from kundenwert.report.fits import ModelLine
from kundenwert.report.settings import ReportSettings

__all__ = ["Floats", "Predictions", "Step", "customer_table", "metadata", "predictions"]

Floats = NDArray[np.float64]
Step = Callable[[str], Callable[[float], object]]


@dataclass(frozen=True)
class Predictions:
    """Columns with one row per customer; None where they cannot be had. reasons: a mask per row."""

    probability_alive: Floats | None = None
    expected_transactions: Floats | None = None
    expected_spend: Floats | None = None
    lifetime_value: Floats | None = None
    reasons: NDArray[np.uint32] = field(default_factory=lambda: np.zeros(0, dtype=np.uint32))


def predictions(
    customers: kw.Summary,
    model: Any,
    spend: Any,
    settings: ReportSettings,
    step: Step,
) -> Predictions:
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
    return Predictions(alive, transactions, amount, value, reasons)


def customer_table(
    customers: kw.Summary, predicted: Predictions, abc: kw.AbcResult | None, rfm: kw.RfmResult | None
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


def metadata(settings: ReportSettings, chosen: ModelLine | None, spend: ModelLine | None) -> dict[str, str]:
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

"""Reports that lack something: each from one that has everything."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import kundenwert as kw
import numpy as np
import pyarrow as pa
from fake_report import NO_CONCENTRATION, PHASES
from kundenwert.overviews import AbcTotals, PhaseTotal, RetentionRate, ValueTotal
from kundenwert.report.data import CustomerLine, ReportData


def overview_with(data: ReportData, **changed: Any) -> Any:
    """The overview of a report with some attributes changed."""
    return SimpleNamespace(**{**vars(data.overview), **changed})


def without_anything(data: ReportData) -> ReportData:
    """A base with no customer."""
    none = RetentionRate(None, None, 0, 0, 0, 0, 0, 0, None, None, None, "no_purchases")
    nothing = kw.classify_abc(np.array([], dtype=float))
    headline = replace(
        data.overview.headline,
        customers=0,
        potential=0,
        current=0,
        lost=0,
        phases={phase: PhaseTotal(0, None, 0.0, 0) for phase in PHASES},
        revenue=None,
        retention=none,
        contract_retention=none,
        annual_retention_rate=None,
        customer_equity=ValueTotal(0, 0, 0.0),
        value_at_risk=ValueTotal(0, 0, 0.0),
        basis="revenue",
        abc=AbcTotals(dict(nothing.summary), None, 0, 0),
        revenue_concentration=NO_CONCENTRATION,
        value_concentration=NO_CONCENTRATION,
    )
    overview = overview_with(data, headline=headline, models=(), chosen=None, spend=None, currency=None)
    return replace(
        data,
        overview=overview,
        tables=(),
        rfm=None,
        top=(),
        endangered=(),
        tracking=None,
        revenue_lorenz=None,
        value_lorenz=None,
        truth=None,
        customers=data.customers.slice(0, 0),
        notes=(),
    )


def without_amounts(data: ReportData) -> ReportData:
    """A log without amounts, contracts, complaints and costs: nothing has a value."""
    count = len(data.customers)
    kinds = data.customers["kind"].to_pylist()
    why = [["no_amount"] if kind == "current" else ["no_current_customer"] for kind in kinds]
    columns = {
        **{name: pa.nulls(count, pa.float64()) for name in ("revenue", "lifetime_value")},
        **{name: pa.nulls(count, pa.string()) for name in ("abc", "value_basis")},
        "value_reasons": pa.array(why, pa.list_(pa.string())),
    }
    table = data.customers
    for name, column in columns.items():
        table = table.set_column(table.schema.get_field_index(name), name, column)
    known = data.overview.headline
    headline = replace(
        known,
        phases={name: replace(line, revenue=None, value=0.0, valued=0) for name, line in known.phases.items()},
        revenue=None,
        customer_equity=ValueTotal(known.current, 0, 0.0),
        value_at_risk=ValueTotal(known.value_at_risk.customers, 0, 0.0),
        basis="revenue",
        abc=AbcTotals(known.abc.classes, None, 0, count),
        revenue_concentration=NO_CONCENTRATION,
        value_concentration=NO_CONCENTRATION,
    )
    overview = overview_with(data, headline=headline, spend=None, currency=None)

    def bare(lines: tuple[CustomerLine, ...]) -> tuple[CustomerLine, ...]:
        return tuple(replace(line, revenue=None, lifetime_value=None, abc=None, rfm=None) for line in lines)

    return replace(
        data,
        overview=overview,
        tables=(replace(data.tables[1], rejected_rows=0, rejected=()),),
        value_why="the log has no amounts",
        rfm=None,
        top=bare(data.top),
        ranked_by="expected transactions",
        endangered=bare(data.endangered),
        revenue_lorenz=None,
        value_lorenz=None,
        truth=None,
        customers=table,
        notes=(),
    )


def without_model(data: ReportData) -> ReportData:
    """Too little data for any model: no value, no tracking."""
    kinds = data.customers["kind"].to_pylist()
    why = [["no_model"] if kind == "current" else ["no_current_customer"] for kind in kinds]
    table = data.customers.set_column(
        data.customers.schema.get_field_index("value_reasons"), "value_reasons", pa.array(why, pa.list_(pa.string()))
    )
    known = data.overview.headline
    headline = replace(
        known,
        phases={name: replace(line, value=0.0, valued=0) for name, line in known.phases.items()},
        customer_equity=ValueTotal(known.current, 0, 0.0),
        value_at_risk=ValueTotal(0, 0, 0.0),
    )
    overview = overview_with(data, headline=headline, chosen=None)
    return replace(
        data, overview=overview, endangered=(), tracking=None, ranked_by="revenue so far", customers=table, truth=None
    )


def without_some_values(data: ReportData) -> ReportData:
    """Spend that is the mean of all, values for some, and no revenue above zero."""
    known = data.overview.headline
    equity = known.customer_equity
    headline = replace(
        known,
        customer_equity=replace(equity, valued=equity.valued - 7),
        revenue=0.0,
        revenue_concentration=NO_CONCENTRATION,
        abc=AbcTotals(known.abc.classes, None, len(data.customers), 0),
        spend="mean_spend",
        retention=replace(known.retention, regained=0),
    )
    return replace(data, overview=overview_with(data, headline=headline), rfm=None, revenue_lorenz=None)

"""A customer base to all there is to say: the overview of the core, and what goes beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

import kundenwert as kw
from kundenwert.frozen import finite
from kundenwert.report.data import CustomerLine, Holdout, LorenzCurve, Repeats, ReportData, RfmGrid, Tracking
from kundenwert.report.notes import notes_of
from kundenwert.report.problem import ReportError
from kundenwert.report.reading import DataRead
from kundenwert.report.settings import ReportSettings
from kundenwert.report.truth import truth_of
from kundenwert.report.wording import chosen_why, value_why

__all__ = ["report_on"]

Step = Callable[[str], Callable[[float], object]]
Floats = NDArray[np.float64]

_CURVE_POINTS = 200
_ENDANGERED = 20
# About as many points as a plot of a page can show.
_TRACKING_POINTS = 120
# What the summary adds to the table of the overview.
_SUMMARY_COLUMNS = ("frequency", "recency", "T", "monetary_value", "acquired_before_start", "holdout_frequency")
_SUMMARY_MONEY = ("holdout_revenue",)


def _floats(table: pa.Table, name: str) -> Floats:
    """A column with nan for null."""
    found: Floats = table[name].cast(pa.float64()).to_numpy()
    return found


def _sum(values: Floats) -> float | None:
    """Rounded once, whatever the order; without the rows that have no value; None where none has one."""
    there = values[~np.isnan(values)]
    return math.fsum(there) if len(there) else None


def _mean(values: Floats) -> float | None:
    there = values[~np.isnan(values)]
    return math.fsum(there) / len(there) if len(there) else None


def _holdout(seen: kw.Overview, buyers: kw.Summary, settings: ReportSettings) -> Holdout | None:
    if settings.holdout_end is None:
        return None
    # The core measures the hold-out as it measures T: somebody who bought on the last day of observation is as old at
    # the end of the hold-out as the hold-out is long.
    born = {"customer_id": [0], "date": [settings.as_of]}
    length = kw.summarize(born, unit=settings.unit, end=settings.holdout_end, amount=None)["T"][0]
    expected = {}
    for model in seen.models:
        if model.outcome == "converged" and len(buyers):
            ahead: Floats = model.expected_transactions(  # type: ignore[attr-defined]
                buyers, float(length), threads=settings.threads
            )
            expected[model.name] = math.fsum(ahead)
    return Holdout(settings.holdout_end, float(length), int(buyers["holdout_frequency"].sum()), expected)


def _rfm(table: pa.Table, classes: int) -> tuple[RfmGrid | None, str]:
    if table["revenue"].null_count == len(table):
        return None, "there are no amounts"
    r, f, revenue = (_floats(table, name) for name in ("r_score", "f_score", "revenue"))
    scored = ~np.isnan(r) & ~np.isnan(f)
    if not scored.any():
        return None, "nobody bought anything"
    each = range(1, classes + 1)
    bought = table["purchase_days"].to_numpy() > 0
    return RfmGrid(
        counts=tuple(tuple(int(np.count_nonzero((r == i) & (f == j))) for j in each) for i in each),
        mean_revenue_by_r=tuple(_mean(revenue[r == i]) for i in each),
        mean_revenue_by_f=tuple(_mean(revenue[f == j]) for j in each),
        unscored=int(np.count_nonzero(bought & ~scored)),
    ), ""


def _line(row: Mapping[str, Any]) -> CustomerLine:
    scores = (row["r_score"], row["f_score"], row["m_score"])
    return CustomerLine(
        customer_id=str(row["customer_id"]),
        phase=row["phase"] or "",
        risks=tuple(row["risks"]),
        task=row["task"] or "",
        measures=tuple(row["measures"]),
        suppressions=tuple(row["suppressions"]),
        purchase_days=row["purchase_days"],
        last_purchase=row["last_purchase"],
        revenue=finite(row["revenue"]),
        probability_alive=finite(row["probability_alive"]),
        expected_transactions=finite(row["expected_transactions"]),
        lifetime_value=finite(row["lifetime_value"]),
        abc=row["abc"],
        rfm=None if None in scores else "-".join(f"{score:.0f}" for score in scores),
    )


def _best(table: pa.Table, key: str, count: int) -> tuple[CustomerLine, ...]:
    """The rows with the highest key; equal ones in the order of their ids, those without last."""
    values = _floats(table, key)
    order = np.argsort(-np.where(np.isnan(values), -np.inf, values), kind="stable")[:count]
    return tuple(_line(row) for row in table.take(pa.array(order)).to_pylist())


def _top(table: pa.Table, count: int) -> tuple[tuple[CustomerLine, ...], str]:
    known = table.filter(pc.is_valid(table["phase"]))
    keys = {
        "lifetime_value": "lifetime value",
        "expected_transactions": "expected transactions",
        "revenue": "revenue so far",
        "purchase_days": "purchases",
    }
    key = next(key for key in keys if key == "purchase_days" or known[key].null_count < len(known))
    return _best(known, key, count), keys[key]


def _lorenz(values: Floats) -> LorenzCurve | None:
    points = kw.lorenz_curve(values, most_points=_CURVE_POINTS, negative="leave_out")
    if not points:
        return None
    customers, value = zip(*points, strict=True)
    return LorenzCurve(customers, value)


def _tracking(
    base: kw.CustomerBase, seen: kw.Overview, buyers: kw.Summary, settings: ReportSettings
) -> Tracking | None:
    if seen.chosen is None or not len(buyers):
        return None
    through = settings.holdout_end or settings.as_of
    first = buyers["first_purchase"].min().item()
    steps = max(1, math.ceil((through - first).days / _TRACKING_POINTS))
    found = kw.track_repeat_purchases(
        base, seen.chosen, as_of=settings.as_of, start=settings.start, through=through, step_days=steps
    )
    if not len(found):
        return None
    days = found.days.tolist()
    last = base.reports["transactions"].last_day
    return Tracking(
        days=tuple(days),
        actual=tuple(
            n if last is None or day <= last or day <= settings.as_of else None
            for day, n in zip(days, found.actual.tolist(), strict=True)
        ),
        expected=tuple(found.expected.tolist()),
        as_of=settings.as_of,
        model=seen.chosen.title,
    )


def _customers(table: pa.Table, buyers: kw.Summary, seen: kw.Overview) -> pa.Table:
    """The table of the overview with what the summary knows of those who bought."""
    bought = buyers.to_arrow()
    place = pc.index_in(table["customer_id"], value_set=bought["customer_id"].combine_chunks())
    columns = {name: bought[name] for name in (*_SUMMARY_COLUMNS, *_SUMMARY_MONEY) if name in bought.column_names}
    if seen.spend is not None and seen.spend.outcome == "converged":
        spend: Floats = seen.spend.expected_spend(buyers)  # type: ignore[attr-defined]
        columns["expected_spend"] = pa.array(spend, from_pandas=True)
    for name, column in columns.items():
        table = table.append_column(name, column.take(place))
    return table


def _require_somebody(read: DataRead, seen: kw.Overview, settings: ReportSettings, source: str) -> None:
    if seen.headline.customers:
        return
    first = min((t.first_day for t in read.tables if t.first_day), default=None)
    last = max((t.last_day for t in read.tables if t.last_day), default=None)
    if first is None:
        raise ReportError(f"{source}: no row is of a known customer")
    raise ReportError(f"{source}: nothing is known of anybody on {settings.as_of}; the data go from {first} to {last}")


def report_on(
    read: DataRead, settings: ReportSettings, step: Step, *, source: str, others: tuple[str, ...] = ()
) -> ReportData:
    """Everything there is to say.

    Parameters
    ----------
    read : DataRead
    settings : ReportSettings
    step : callable
        Is told the title of each long step, and gives a callable that is told the share of it that is done.
    source : str
        The file or folder.
    others : tuple of str
        Files that were not read.
    """
    base = read.base
    try:
        seen = kw.overview(
            base,
            as_of=settings.as_of,
            unit=settings.unit,
            horizon=settings.horizon,
            annual_discount_rate=settings.annual_discount_rate,
            convention=settings.convention,
            units_per_year=settings.units_per_year,
            margin_rate=settings.margin_rate,
            annual_retention_rate=settings.annual_retention_rate,
            start=settings.start,
            threads=settings.threads,
            progress=step("Overview of the customers"),
        )
        buyers = base.summarize(
            unit=settings.unit,
            end=settings.as_of,
            start=settings.start,
            holdout_end=settings.holdout_end,
            threads=settings.threads,
        )
    except kw.KundenwertError as error:
        raise ReportError(str(error)) from error
    _require_somebody(read, seen, settings, source)
    table = seen.to_arrow()
    step("Models against what happened")
    tracking = _tracking(base, seen, buyers, settings)
    rfm, rfm_why = _rfm(table, seen.options.rfm_classes)
    top, ranked_by = _top(table, settings.top)
    endangered = table.filter(pc.fill_null(pc.equal(table["phase"], "endangered"), False))
    customer = pc.fill_null(pc.is_in(table["kind"], pa.array(["current", "lost"])), False)
    current = pc.fill_null(pc.equal(table["kind"], "current"), False)
    head = seen.headline
    abc_why = "" if head.abc.total is not None else "no customer has a positive revenue"
    return ReportData(
        source=source,
        settings=settings,
        tables=read.tables,
        overview=seen,
        chosen_why=chosen_why(seen),
        repeats=Repeats(len(buyers), buyers.repeaters, buyers.repeat_transactions),
        expected_transactions=_sum(_floats(table.filter(current), "expected_transactions")),
        value_why=value_why(seen),
        holdout=_holdout(seen, buyers, settings),
        abc_why="there are no amounts" if head.revenue is None else abc_why,
        rfm=rfm,
        rfm_why=rfm_why,
        top=top,
        ranked_by=ranked_by,
        endangered=_best(endangered, "lifetime_value", _ENDANGERED),
        tracking=tracking,
        revenue_lorenz=_lorenz(_floats(table.filter(customer), "revenue")),
        value_lorenz=_lorenz(_floats(table, "lifetime_value")),
        truth=truth_of(read.truth, table, settings.as_of),
        customers=_customers(table, buyers, seen),
        notes=notes_of(read, buyers, settings, others),
    )

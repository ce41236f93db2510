"""What the page is made from: numbers of the core, put together and frozen. Nothing in it is written as a person reads
it; that is done by the page, in the language that is asked for.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

__all__ = [
    "AbcLine",
    "Concentration",
    "Headline",
    "ModelLine",
    "Options",
    "PageData",
    "PhaseTotal",
    "RejectedLine",
    "RetentionRate",
    "RfmGrid",
    "TableLine",
    "Tracking",
    "TruthLine",
    "ValueTotal",
]


@dataclass(frozen=True)
class RetentionRate:
    """Customers at the begin who are still customers, with its 95 % interval; None: nobody was a customer then."""

    customers: int
    retained: int
    regained: int
    lost: int
    rate: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class ValueTotal:
    """A value summed over the customers who have one."""

    customers: int
    valued: int
    value: float


@dataclass(frozen=True)
class PhaseTotal:
    """A phase with its customers, what follows from it, and its totals."""

    phase: str
    kind: str
    task: str
    goal: str
    measures: tuple[str, ...]
    customers: int
    revenue: float | None
    value: float
    valued: int


@dataclass(frozen=True)
class Concentration:
    """How unequal a column is; the curve as points (share of customers, share of value), the best customers first."""

    top_share: float
    top_share_of_value: float | None
    gini: float | None
    curve: tuple[tuple[float, float], ...]


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
    unscored: int


@dataclass(frozen=True)
class Headline:
    """The figures of the whole base; None where one is not available."""

    customers: int
    potential: int
    current: int
    lost: int
    phases: tuple[PhaseTotal, ...]
    revenue: float | None
    retention: RetentionRate
    contract_retention: RetentionRate
    annual_retention_rate: float | None
    customer_equity: ValueTotal
    value_at_risk: ValueTotal
    basis: str
    margin_rate: float | None
    service_cost_rate: float
    care_cost_rate: float
    abc: tuple[AbcLine, ...]
    revenue_concentration: Concentration | None
    value_concentration: Concentration | None
    rfm: RfmGrid | None


@dataclass(frozen=True)
class ModelLine:
    """A model that was tried."""

    name: str
    title: str
    parameters: tuple[tuple[str, float], ...]
    log_likelihood: float | None
    aic: float | None
    outcome: str


@dataclass(frozen=True)
class Tracking:
    """Repeat transactions of all customers, cumulated; both at the end of each day in ``days``."""

    days: tuple[datetime.date, ...]
    actual: tuple[float, ...]
    expected: tuple[float, ...]
    estimated_until: datetime.date


@dataclass(frozen=True)
class TableLine:
    """A table that was read."""

    table: str
    file: str
    rows_read: int
    rows_taken: int
    rows_rejected: int
    first_day: datetime.date | None
    last_day: datetime.date | None
    warnings: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True)
class RejectedLine:
    """A row that was not taken; ``place`` is its line where the file has lines, else its row."""

    file: str
    place: str
    column: str
    code: str


@dataclass(frozen=True)
class TruthLine:
    """A quantity compared with the truth of a simulated business."""

    name: str
    found: float
    unit: str


@dataclass(frozen=True)
class Options:
    """What was asked, as used."""

    unit: str
    horizon: float
    annual_discount_rate: float
    units_per_year: float
    convention: str | None
    start: datetime.date | None
    abc_rule: str
    abc_shares: tuple[float, float]
    rfm_classes: int
    phases: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class PageData:
    """Everything the page says.

    Attributes
    ----------
    customers : pyarrow.Table
        One row per customer: customer_id, phase, kind, risks, task, goal, measures, suppressions, first_purchase,
        last_purchase, purchase_days, revenue, r_score, f_score, m_score, abc, probability_alive,
        expected_transactions, lifetime_value, value_basis, value_reasons.
    rejected : tuple of RejectedLine
        The first ones; ``tables`` have the counts.
    """

    name: str
    version: str
    as_of: datetime.date
    currency: str
    options: Options
    headline: Headline
    customers: pa.Table
    models: tuple[ModelLine, ...]
    chosen: str | None
    spend: ModelLine | None
    tracking: Tracking | None
    tables: tuple[TableLine, ...]
    rejected: tuple[RejectedLine, ...]
    truth: tuple[TruthLine, ...] = ()

"""What a report says, as one frozen object: made by ``analysis``, told by ``terminal`` and by the page.

Numbers that are not defined are None, never nan; a text beside them says why.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

import kundenwert as kw
from kundenwert.report.settings import ReportSettings

if TYPE_CHECKING:
    from kundenwert.overviews import Overview

__all__ = [
    "CustomerLine",
    "Holdout",
    "LorenzCurve",
    "RejectedRow",
    "Repeats",
    "ReportData",
    "RfmGrid",
    "TableRead",
    "Tracking",
    "TruthComparison",
]


@dataclass(frozen=True)
class RejectedRow:
    """A row that was left out.

    Attributes
    ----------
    file : str
    place : str
        "line 17"; "row 17", counted from 1, where a file has no lines.
    column : str
        Its name in the file; empty: the whole row.
    code : str
        One of ``codes.errors``; empty for a line that is no row.
    reason : str
        In words, with the value.
    """

    file: str
    place: str
    column: str
    code: str
    reason: str


@dataclass(frozen=True)
class TableRead:
    """A file that was read.

    Attributes
    ----------
    table : str
        "customers", "transactions", "contracts", "contacts", "complaints" or "costs".
    file : str
    there : tuple of str
        Names of all columns of the file.
    columns : mapping
        From the canonical names of the columns that are used to those of the file.
    forms : mapping
        From the canonical name of a column of text to how its values are written, for people: "DD.MM.YYYY".
    rows_read, rows_taken : int
        Lines that were no rows are among the read ones.
    bad_lines : int
        Lines that were no rows.
    rejected_rows : int
        Rows and lines that were left out.
    rejected : tuple of RejectedRow
        The first few of them.
    warnings : tuple of LogWarning
    first_day, last_day : datetime.date or None
        Of the rows that were taken.
    """

    table: str
    file: str
    there: tuple[str, ...]
    columns: Mapping[str, str]
    forms: Mapping[str, str]
    rows_read: int
    rows_taken: int
    bad_lines: int
    rejected_rows: int
    rejected: tuple[RejectedRow, ...]
    warnings: tuple[kw.LogWarning, ...]
    first_day: datetime.date | None
    last_day: datetime.date | None


@dataclass(frozen=True)
class Repeats:
    """Customers with a purchase in the observation; of them with a second one; the sum of their repeat purchases."""

    buyers: int
    repeaters: int
    transactions: int

    @property
    def rate(self) -> float | None:
        """Share of the buyers with a second purchase day; None without buyers."""
        return self.repeaters / self.buyers if self.buyers else None


@dataclass(frozen=True)
class Holdout:
    """What the customers known on the as-of date bought after it, until ``end``.

    Attributes
    ----------
    end : datetime.date
    length : float
        Units of time.
    transactions : int
    expected : mapping from the name of a model to float
        Those that converged.
    """

    end: datetime.date
    length: float
    transactions: int
    expected: Mapping[str, float]


@dataclass(frozen=True)
class RfmGrid:
    """Customers by recency and frequency score; entry [r - 1][f - 1] of ``counts`` is score r, f."""

    counts: tuple[tuple[int, ...], ...]
    mean_revenue_by_r: tuple[float | None, ...]
    mean_revenue_by_f: tuple[float | None, ...]
    unscored: int


@dataclass(frozen=True)
class CustomerLine:
    """One customer; None where a number is not available.

    Attributes
    ----------
    customer_id : str
    phase : str
        One of ``codes.phases``.
    risks : tuple of str
        Of ``codes.risks``: why endangered.
    task : str
        One of ``codes.tasks``.
    measures : tuple of str
        Of ``codes.measures``, the most fitting first.
    suppressions : tuple of str
        Of ``codes.suppressions``: why there is no promotion.
    purchase_days : int
    last_purchase : datetime.date or None
    revenue, probability_alive, expected_transactions, lifetime_value : float or None
    abc : str or None
    rfm : str or None
        "5-4-3".
    """

    customer_id: str
    phase: str
    risks: tuple[str, ...]
    task: str
    measures: tuple[str, ...]
    suppressions: tuple[str, ...]
    purchase_days: int
    last_purchase: datetime.date | None
    revenue: float | None
    probability_alive: float | None
    expected_transactions: float | None
    lifetime_value: float | None
    abc: str | None
    rfm: str | None


@dataclass(frozen=True)
class Tracking:
    """Repeat purchases since the begin, counted and expected by the model that is used.

    Attributes
    ----------
    days : tuple of datetime.date
        Ends of periods, ascending.
    actual : tuple of (int or None)
        Repeat purchases until the end of each day; None after the last day of the data.
    expected : tuple of float
    as_of : datetime.date
        What is later was not seen by the model.
    model : str
        Its title.
    """

    days: tuple[datetime.date, ...]
    actual: tuple[int | None, ...]
    expected: tuple[float, ...]
    as_of: datetime.date
    model: str


@dataclass(frozen=True)
class LorenzCurve:
    """Points of a curve of concentration, customers with the least first: both begin at 0 and end at 1."""

    share_of_customers: tuple[float, ...]
    share_of_value: tuple[float, ...]


@dataclass(frozen=True)
class TruthComparison:
    """A simulated business against its truth.

    Attributes
    ----------
    states : mapping from the true state to (mapping from phase to customers)
        How many customers of each true state are in each phase.
    agreement : float or None
        Share of the customers whose kind (potential, current, lost) is the true one.
    compared : int
        Customers with a state that is known and a phase.
    rank_correlation : float or None
        Spearman's, of lifetime value against the true one.
    top_share : float
        0.1: the best tenth.
    top_captured : float or None
        Share of the truly best who are among the best by lifetime value.
    valued : int
        Customers with both values.
    """

    states: Mapping[str, Mapping[str, int]]
    agreement: float | None
    compared: int
    rank_correlation: float | None
    top_share: float
    top_captured: float | None
    valued: int


@dataclass(frozen=True)
class ReportData:
    """The whole report.

    Attributes
    ----------
    source : str
        The file or folder.
    settings : ReportSettings
        What was asked.
    tables : tuple of TableRead
        The files that were read, in the order of ``codes.tables``.
    overview : Overview
        ``overview.headline`` has the figures, ``overview.models``, ``overview.chosen`` and ``overview.spend`` the
        models (with ``title``, ``params``, ``aic``, ``outcome``, ``detail``).
    chosen_why : str
        Why that model is used, or why none can be.
    repeats : Repeats
    expected_transactions : float or None
        Sum over customers, within the horizon; None: ``chosen_why``.
    value_why : str
        Why there are no values; empty where there are.
    holdout : Holdout or None
        None where none was asked for.
    abc_why, rfm_why : str
        Why there are no classes; empty where there are.
    rfm : RfmGrid or None
    top : tuple of CustomerLine
        The most valuable customers.
    ranked_by : str
        What they are ordered by: "lifetime value", "expected transactions", "revenue so far", "purchases".
    endangered : tuple of CustomerLine
        Endangered customers, the most valuable first.
    tracking : Tracking or None
        None without a model of purchases.
    revenue_lorenz, value_lorenz : LorenzCurve or None
        None where there is no positive total.
    truth : TruthComparison or None
        None where there is no truth.csv.
    customers : pyarrow.Table
        One row per customer.
    notes : tuple of str
        What is worth knowing, as sentences.
    """

    source: str
    settings: ReportSettings
    tables: tuple[TableRead, ...]
    overview: Overview
    chosen_why: str
    repeats: Repeats
    expected_transactions: float | None
    value_why: str
    holdout: Holdout | None
    abc_why: str
    rfm: RfmGrid | None
    rfm_why: str
    top: tuple[CustomerLine, ...]
    ranked_by: str
    endangered: tuple[CustomerLine, ...]
    tracking: Tracking | None
    revenue_lorenz: LorenzCurve | None
    value_lorenz: LorenzCurve | None
    truth: TruthComparison | None
    customers: pa.Table
    notes: tuple[str, ...]

"""What a report is asked for. Nothing in it has a default that could silently decide a number."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from kundenwert.report.files import DataFiles

__all__ = ["ReadSettings", "ReportSettings", "Unit"]

Unit = Literal["day", "week", "month", "year"]


@dataclass(frozen=True)
class ReadSettings:
    """How files are read.

    Attributes
    ----------
    files : DataFiles
        CSV (also .gz) or Parquet.
    columns : mapping from table to (mapping from field to name)
        Names of columns where the person gave them; an empty name: the field is not read.
    date_format : str or None
        strptime pattern of the dates, such as "%d.%m.%Y"; None: recognised.
    decimal : {"point", "comma"} or None
        Decimal separator of the amounts; None: recognised.
    encoding : str or None
        "utf-8", "latin-1" or "utf-16"; None: recognised by the byte order mark, else UTF-8.
    returns : {"net", "drop", "error"}
        What a negative amount means that does not say what it gives back.
    currency : str or None
        ISO 4217 code.
    collect : bool
        Leave bad rows out and list them, instead of stopping at the first.
    rejected_limit : float
        Largest share of bad rows of a file with ``collect``, in [0, 1].
    """

    files: DataFiles
    columns: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    date_format: str | None = None
    decimal: Literal["point", "comma"] | None = None
    encoding: Literal["utf-8", "latin-1", "utf-16"] | None = None
    returns: Literal["net", "drop", "error"] = "net"
    currency: str | None = None
    collect: bool = False
    rejected_limit: float = 0.05


@dataclass(frozen=True)
class ReportSettings:
    """What is asked about the customers.

    Attributes
    ----------
    unit : str
        Unit of time of the models and of the horizon.
    as_of : datetime.date
        Last day of observation, inclusive: the analysis date.
    horizon : float
        Time units to look ahead.
    annual_discount_rate : float
        Effective rate per year; 0.10 is ten percent.
    convention : str or None
        How contracts are valued: one of ``codes.conventions``; required where a contract is active.
    units_per_year : float or None
        None: from 365.25 days.
    margin_rate : float or None
        Share of revenue that is margin, in [0, 1]; None: from recorded costs, else values are revenue.
    annual_retention_rate : float or None
        Of contracts; None: as measured over the twelve months before ``as_of``.
    start, holdout_end : datetime.date or None
        First day of observation; last day of the hold-out, which begins after ``as_of``.
    top : int
        How many of the most valuable customers to show.
    threads : int or None
        None: as many as there are cores. No number depends on it.
    """

    unit: Unit
    as_of: datetime.date
    horizon: float
    annual_discount_rate: float
    convention: str | None = None
    units_per_year: float | None = None
    margin_rate: float | None = None
    annual_retention_rate: float | None = None
    start: datetime.date | None = None
    holdout_end: datetime.date | None = None
    top: int = 10
    threads: int | None = None

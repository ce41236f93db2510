"""On how few customers a value rests."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from kundenwert import _core
from kundenwert.frames import values_stream
from kundenwert.frozen import finite

__all__ = ["Concentration", "CurvePoint", "concentration", "concentration_of_core", "lorenz_curve"]

CurvePoint = tuple[float, float]


@dataclass(frozen=True)
class Concentration:
    """How unequally a value is spread over customers; None where that is not defined, and ``reason`` says why.

    Attributes
    ----------
    customers : int
        Who count.
    null_rows, negative_rows : int
        Left out.
    total : float or None
        0 where every value is zero; None without rows.
    gini, gini_corrected : float or None
        0: all equal; towards 1: one customer has everything. Corrected: times n / (n - 1).
    top_10_share, top_20_share : float or None
        Share of the value that the best tenth and fifth of the customers have.
    share_of_customers_for_80 : float or None
        The smallest share of the customers who have 80 % of the value.
    hhi : float or None
        Herfindahl-Hirschman index, 0 to 10,000.
    effective_customers : float or None
        As many of equal size would be as concentrated.
    reason : str or None
    """

    customers: int
    null_rows: int
    negative_rows: int
    total: float | None
    gini: float | None
    gini_corrected: float | None
    top_10_share: float | None
    top_20_share: float | None
    share_of_customers_for_80: float | None
    hhi: float | None
    effective_customers: float | None
    reason: str | None


def concentration_of_core(found: Mapping[str, Any]) -> Concentration:
    """The figures as the core tells them."""
    names = (
        "total",
        "gini",
        "gini_corrected",
        "top_10_share",
        "top_20_share",
        "share_of_customers_for_80",
        "hhi",
        "effective_customers",
    )
    return Concentration(
        customers=found["customers"],
        null_rows=found["null_rows"],
        negative_rows=found["negative_rows"],
        reason=found["reason"] or None,
        **{name: finite(found[name]) for name in names},
    )


def concentration(values: object, *, negative: Literal["refuse", "leave_out"] = "refuse") -> Concentration:
    """Gini coefficient, shares of the best customers, Herfindahl-Hirschman index.

    Parameters
    ----------
    values : array-like of float, one per customer
        >= 0; null and nan are left out.
    negative : {"refuse", "leave_out"}
        Whether a negative value is an error or left out and counted.

    Returns
    -------
    Concentration

    Raises
    ------
    KundenwertError
        domain with the row for a negative value, non_finite, wrong_type, unknown_code, overflow of the sum.

    Examples
    --------
    >>> import kundenwert as kw
    >>> found = kw.concentration([500, 250, 100, 50, 40, 25, 15, 10, 6, 4])
    >>> round(found.gini, 4), found.top_20_share, found.share_of_customers_for_80, round(found.hhi, 2)
    (0.6742, 0.75, 0.25, 3276.02)
    """
    given = _core.Columns(values_stream(values, "values"), [("value", "values")])
    return concentration_of_core(_core.concentration(given, negative))


def lorenz_curve(
    values: object, *, most_points: int | None = None, negative: Literal["refuse", "leave_out"] = "refuse"
) -> tuple[CurvePoint, ...]:
    """Points (share of customers, share of value), customers with the least first, from (0, 0) to (1, 1).

    Parameters
    ----------
    values, negative
        As in :func:`concentration`.
    most_points : int, optional
        At least 2: at most so many of the points, spread evenly along the curve; None: all.

    Returns
    -------
    tuple of (float, float)
        Empty where the sum of the values is not positive.

    Raises
    ------
    KundenwertError
        As in :func:`concentration`; domain for most_points.

    Examples
    --------
    >>> import kundenwert as kw
    >>> kw.lorenz_curve([3.0, 1.0])
    ((0.0, 0.0), (0.5, 0.25), (1.0, 1.0))
    """
    given = _core.Columns(values_stream(values, "values"), [("value", "values")])
    return tuple(_core.lorenz_points(given, 0 if most_points is None else most_points, negative))

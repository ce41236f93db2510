"""The overview of a customer base: one row per customer, and the headline figures."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from kundenwert.classification import AbcClass

__all__ = [
    "AbcTotals",
    "Concentration",
    "Headline",
    "PhaseTotal",
    "RetentionRate",
    "ValueTotal",
]


@dataclass(frozen=True)
class PhaseTotal:
    """The customers of one phase.

    Attributes
    ----------
    customers : int
    revenue : float or None
        Observed; None without amounts.
    value : float
        Lifetime value of those who have one.
    valued : int
        How many have one.
    """

    customers: int
    revenue: float | None
    value: float
    valued: int


@dataclass(frozen=True)
class ValueTotal:
    """A value summed over the customers who have one: how many customers, how many of them with a value, the sum."""

    customers: int
    valued: int
    value: float


@dataclass(frozen=True)
class RetentionRate:
    """Share of those who were customers at the begin of a period who still are at its end, counted one by one.

    Attributes
    ----------
    from_, to : datetime.date or None
        The period: who is a customer on ``from_``, and on ``to``.
    at_start, retained, lost, regained : int
        Customers at the begin; of them still customers without a break, gone, and lost but back.
    joined, returned : int
        Customers at the end for the first time; and those who had been lost before the period.
    rate, lower, upper : float or None
        Retained over at_start, with the 95 % interval of Wilson; None with nobody at the begin.
    reason : str or None
        Why there is no rate; None where there is one.
    """

    from_: datetime.date | None
    to: datetime.date | None
    at_start: int
    retained: int
    lost: int
    regained: int
    joined: int
    returned: int
    rate: float | None
    lower: float | None
    upper: float | None
    reason: str | None


@dataclass(frozen=True)
class AbcTotals:
    """Classes of an ABC analysis.

    Attributes
    ----------
    classes : mapping from "A", "B", "C" to AbcClass
    total : float or None
        Sum of the positive values; None where there is none.
    not_positive, unclassified : int
        Rows of zero or less; rows without a class.
    """

    classes: Mapping[str, AbcClass]
    total: float | None
    not_positive: int
    unclassified: int


@dataclass(frozen=True)
class Concentration:
    """How unequally a value is spread over customers; None where that is not defined, and ``reason`` says why.

    Attributes
    ----------
    customers : int
        With a value.
    total : float or None
    gini : float or None
        0: all equal; towards 1: one customer has everything.
    top_10_share, top_20_share : float or None
        Share of the value that the best tenth and fifth of the customers have.
    customers_for_80 : float or None
        Share of the customers, best first, who bring 80 % of the value.
    hhi : float or None
        Herfindahl-Hirschman index, 0 to 10,000.
    effective_number : float or None
        How many equal customers would be as concentrated.
    reason : str or None
    """

    customers: int
    total: float | None
    gini: float | None
    top_10_share: float | None
    top_20_share: float | None
    customers_for_80: float | None
    hhi: float | None
    effective_number: float | None
    reason: str | None


@dataclass(frozen=True)
class Headline:
    """What is said about all customers together.

    Attributes
    ----------
    customers, potential, current, lost : int
        Customers of whom something is known on the as-of date, by kind.
    phases : mapping from name to PhaseTotal
        Every phase, in the order of the table ``codes.phases``.
    revenue : float or None
        Observed: purchases net of returns, and contract payments due; None without amounts.
    retention, contract_retention : RetentionRate
        Of all customers, and of those with a contract, over the twelve months before the as-of date.
    annual_retention_rate : float or None
        Of contracts, as used for their value.
    customer_equity, value_at_risk : ValueTotal
        Lifetime value of current customers; of those who are endangered.
    basis : str
        Whether values are revenue ("revenue") or margin ("margin_rate", "margin_records").
    margin_rate : float or None
        As used; 1 with basis revenue.
    service_cost_rate, care_cost_rate : float
        Of revenue, over the twelve months before the as-of date.
    abc : AbcTotals
        By revenue.
    revenue_concentration, value_concentration : Concentration
    """

    customers: int
    potential: int
    current: int
    lost: int
    phases: Mapping[str, PhaseTotal]
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
    abc: AbcTotals
    revenue_concentration: Concentration
    value_concentration: Concentration

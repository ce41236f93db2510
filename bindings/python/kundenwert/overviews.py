"""The overview of a customer base: one row per customer, and the headline figures."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from kundenwert import _core, codes
from kundenwert.bases import CustomerBase
from kundenwert.classification import AbcClass, AbcRule, abc_classes_of_core
from kundenwert.concentrations import Concentration, concentration_of_core
from kundenwert.dates import DateLike, date_of, day_of, day_or_none
from kundenwert.frames import ArrowTable, FrameResult
from kundenwert.frozen import Frozen, finite, thread_count
from kundenwert.logs import Progress, Unit
from kundenwert.modeling import Model, SpendModel, TransactionModel, model_of_core
from kundenwert.rates import RetentionRate, rate_of_core

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "AbcOptions",
    "AbcTotals",
    "Headline",
    "Overview",
    "OverviewOptions",
    "PhaseTotal",
    "ValueTotal",
    "overview",
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
    valued_by_contract, valued_by_purchases : int
        Customers whose value comes from their contracts, and from expected purchases.
    margin_rate : float or None
        As used; 1 with basis revenue.
    service_cost_rate, care_cost_rate : float or None
        Of revenue, over the twelve months before the as-of date; None: costs, but no revenue.
    spend : str or None
        What expected purchases are multiplied with: "spend_model", or "mean_spend" where that did not converge; None:
        no purchases were valued.
    mean_spend : float or None
        Of all repeat purchase days.
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
    valued_by_contract: int
    valued_by_purchases: int
    basis: str
    margin_rate: float | None
    service_cost_rate: float | None
    care_cost_rate: float | None
    spend: str | None
    mean_spend: float | None
    abc: AbcTotals
    revenue_concentration: Concentration
    value_concentration: Concentration


@dataclass(frozen=True)
class AbcOptions:
    """As in :func:`classify_abc`: thresholds, rule, and whether equal values get the same class."""

    a_share: float = 0.80
    b_share: float = 0.95
    rule: AbcRule = "crossing_included"
    keep_ties: bool = True


@dataclass(frozen=True)
class OverviewOptions:
    """What an overview was asked, as used.

    Attributes
    ----------
    as_of, start : datetime.date
        Last and first day of the observation; ``start`` None: from the first purchase on.
    unit : str
    horizon, annual_discount_rate, units_per_year : float
    convention : str or None
    margin_rate, annual_retention_rate : float or None
        As given; the headline has what was used.
    model : str or None
        As given; ``Overview.chosen`` has what was used.
    phases : mapping from name to number
        Every parameter of the phases.
    abc : AbcOptions
    rfm_classes : int
    """

    as_of: datetime.date
    start: datetime.date | None
    unit: Unit
    horizon: float
    annual_discount_rate: float
    units_per_year: float
    convention: str | None
    margin_rate: float | None
    annual_retention_rate: float | None
    model: str | None
    phases: Mapping[str, float]
    abc: AbcOptions
    rfm_classes: int


def _headline(found: Mapping[str, Any]) -> Headline:
    abc = found["abc"]
    return Headline(
        customers=found["customers"],
        potential=found["potential"],
        current=found["current"],
        lost=found["lost"],
        phases=MappingProxyType(
            {
                name: PhaseTotal(customers, finite(revenue), value, valued)
                for name, customers, revenue, value, valued in found["phases"]
            }
        ),
        revenue=finite(found["revenue"]),
        retention=rate_of_core(found["retention"]),
        contract_retention=rate_of_core(found["contract_retention"]),
        annual_retention_rate=finite(found["annual_retention_rate"]),
        customer_equity=ValueTotal(*found["customer_equity"]),
        value_at_risk=ValueTotal(*found["value_at_risk"]),
        valued_by_contract=found["valued_by_contract"],
        valued_by_purchases=found["valued_by_purchases"],
        basis=found["basis"],
        margin_rate=finite(found["margin_rate"]),
        service_cost_rate=finite(found["service_cost_rate"]),
        care_cost_rate=finite(found["care_cost_rate"]),
        spend=found["spend"] or None,
        mean_spend=finite(found["mean_spend"]),
        abc=AbcTotals(
            abc_classes_of_core(abc["classes"]),
            finite(abc["total"]),
            abc["not_positive"],
            abc["unclassified"],
        ),
        revenue_concentration=concentration_of_core(found["revenue_concentration"]),
        value_concentration=concentration_of_core(found["value_concentration"]),
    )


def _options(found: Mapping[str, Any]) -> OverviewOptions:
    as_of = date_of(found["as_of"])
    if as_of is None:
        raise TypeError("an overview has a date")
    return OverviewOptions(
        as_of=as_of,
        start=date_of(found["start"]),
        unit=found["unit"],
        horizon=found["horizon"],
        annual_discount_rate=found["annual_discount_rate"],
        units_per_year=found["units_per_year"],
        convention=found["convention"] or None,
        margin_rate=finite(found["margin_rate"]),
        annual_retention_rate=finite(found["annual_retention_rate"]),
        model=found["model"] or None,
        phases=MappingProxyType(found["phases"]),
        abc=AbcOptions(**found["abc"]),
        rfm_classes=found["rfm_classes"],
    )


class Overview(Frozen, FrameResult):
    """Result of :func:`overview`; as a table one row per customer, ordered by id. Immutable.

    Columns; a number that is not available is null:

    ===================== ======== =================================================================================
    customer_id                    int64 or text
    phase, kind           text     where the customer stands; null: nothing is known of him on the as-of date
    risks                 list     why endangered: of ``codes.risks``
    task, goal            text     what follows from the phase
    measures              list     what suits it and is not suppressed, the most fitting first
    suppressions          list     why there is no promotion: of ``codes.suppressions``
    first_purchase        date     in the observation, as last_purchase and purchase_days
    last_purchase         date
    purchase_days         int
    revenue               currency purchases net of returns, and contract payments due
    r_score, f_score,     int      from 1 (worst) to the number of classes (best)
    m_score
    abc                   text     class by revenue
    probability_alive     float
    expected_transactions float    within the horizon, not discounted
    lifetime_value        currency within the horizon, discounted
    value_basis           text     contract or purchases
    value_reasons         list     why there is no value: of ``codes.reasons``
    ===================== ======== =================================================================================

    Attributes
    ----------
    headline : Headline
    models : tuple of TransactionModel
        Every one that was tried.
    chosen : TransactionModel or None
        The one that is used; None: none converged.
    spend : SpendModel or None
        Where there is spend to fit it to.
    currency : str or None
    options : OverviewOptions
    """

    __slots__ = ("_handle", "_kind", "chosen", "currency", "headline", "models", "options", "spend")
    _handle: _core.Overview
    _kind: str
    headline: Headline
    models: tuple[TransactionModel, ...]
    chosen: TransactionModel | None
    spend: SpendModel | None
    currency: str | None
    options: OverviewOptions

    def __init__(self) -> None:
        raise TypeError("an Overview is made by kundenwert.overview")

    @classmethod
    def _wrap(cls, core: _core.Overview, kind: str) -> Overview:
        models: tuple[Model, ...] = tuple(model_of_core(model) for model in core.models)
        spend = [model_of_core(model) for model in core.spend]
        out = cls.__new__(cls)
        out._set(
            _handle=core,
            _kind=kind,
            headline=_headline(core.headline()),
            models=models,
            chosen=models[core.chosen] if core.chosen >= 0 else None,
            spend=spend[0] if spend else None,
            currency=core.currency or None,
            options=_options(core.options()),
        )
        return out

    def __len__(self) -> int:
        return len(self._handle)

    def _table(self) -> ArrowTable:
        return self._handle.table()

    def _frame_kind(self) -> str:
        return self._kind

    def _facts(self) -> list[tuple[str, str]]:
        head = self.headline
        money = f" {self.currency}" if self.currency else ""
        equity, risk = head.customer_equity, head.value_at_risk
        retention = "not available" if head.retention.rate is None else f"{head.retention.rate:.1%}"
        return [
            ("as of", f"{self.options.as_of}"),
            ("customers", f"{head.customers}"),
            ("current", f"{head.current}"),
            ("retention rate", retention),
            ("customer equity", f"{equity.value:,.2f}{money} of {equity.valued} customers"),
            ("value at risk", f"{risk.value:,.2f}{money} of {risk.valued} customers"),
            ("basis", codes.money_bases[head.basis].meaning),
        ]

    def plot_phases(self, ax: Axes | None = None, *, language: Literal["en", "de"] = "en") -> Axes:
        """How many customers are in each phase, as bars; needs matplotlib.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; None: on new ones of pyplot.
        language : {"en", "de"}

        Returns
        -------
        matplotlib.axes.Axes
        """
        from kundenwert.report.plots import plot_phases

        return plot_phases(self, ax, language)

    def plot_lorenz(self, ax: Axes | None = None, *, language: Literal["en", "de"] = "en") -> Axes:
        """Share of the revenue over share of the customers, best ones first, with the classes A, B and C.

        Parameters
        ----------
        ax, language
            As in :meth:`plot_phases`.

        Returns
        -------
        matplotlib.axes.Axes
            Empty where there is no positive revenue.
        """
        from kundenwert.report.plots import plot_lorenz

        return plot_lorenz(self, ax, language)

    def __repr__(self) -> str:
        return "<Overview: " + ", ".join(f"{name} {value}" for name, value in self._facts()) + ">"

    def _repr_html_(self) -> str:
        from kundenwert.notebook import facts_table, number_table

        rows = [
            [
                name,
                f"{total.customers}",
                "" if total.revenue is None else f"{total.revenue:,.2f}",
                f"{total.value:,.2f}",
            ]
            for name, total in self.headline.phases.items()
            if total.customers
        ]
        return facts_table("Overview", self._facts()) + number_table(["phase", "customers", "revenue", "value"], rows)


def overview(
    base: CustomerBase,
    *,
    as_of: DateLike,
    unit: Unit,
    horizon: float,
    annual_discount_rate: float,
    convention: str | None = None,
    units_per_year: float | None = None,
    margin_rate: float | None = None,
    annual_retention_rate: float | None = None,
    start: DateLike | None = None,
    model: str | None = None,
    phase_parameters: Mapping[str, float] | None = None,
    abc: AbcOptions | None = None,
    rfm_classes: int = 5,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Overview:
    """Where every customer stands, what each is worth, what to do next; and the headline figures.

    The value of a customer over the horizon, discounted to the as-of date: with an active contract, from its recurring
    amounts and the retention rate of contracts; otherwise expected purchases times expected spend; prospects and lost
    customers have none. Times the margin rate, less service and care costs; without margin data or a rate the values
    are revenue, and every label says so.

    Parameters
    ----------
    base : CustomerBase
    as_of : date
        Analysis date; what is dated later changes nothing.
    unit : {"day", "week", "month", "year"}
        Of the models and the horizon.
    horizon : float
        Time units to look ahead, above 0.
    annual_discount_rate : float
        Effective, >= 0: 0.10 is ten percent a year.
    convention : str, optional
        How contracts are valued, one of ``codes.conventions``; required where a contract is active.
    units_per_year : float, optional
        Above 0; None: from 365.25 days.
    margin_rate : float, optional
        Share of revenue that is margin, in [0, 1]; None: from recorded variable costs, else values are revenue.
    annual_retention_rate : float, optional
        Of contracts, in [0, 1]; None: as measured over the twelve months before ``as_of``.
    start : date, optional
        First day of observation; None: from the first purchase on.
    model : str, optional
        Name of a model of purchases; None: the one with the smallest AIC of those that converge.
    phase_parameters : mapping, optional
        Parameters of the phases that differ from their defaults, such as ``{"new_window": 60}``.
    abc : AbcOptions, optional
    rfm_classes : int
    threads : int, optional
        None: as many as there are cores. The result does not depend on it.
    progress : callable, optional
        Is told the share that is done, in [0, 1]; what it raises ends the call.

    Returns
    -------
    Overview

    Raises
    ------
    KundenwertError
        missing, non_finite, sign, domain, date_range, date_order, unknown_code or unsupported with the argument.

    Examples
    --------
    >>> import kundenwert as kw
    >>> log = {"customer_id": [1, 1, 2], "date": ["2024-01-05", "2024-03-01", "2024-05-20"], "amount": [9.0, 4.0, 7.5]}
    >>> base = kw.CustomerBase(transactions=log)
    >>> seen = kw.overview(base, as_of="2024-06-30", unit="week", horizon=52, annual_discount_rate=0.10)
    >>> seen.to_arrow()["phase"].to_pylist()
    ['development', 'new']
    >>> seen.headline.revenue
    20.5
    """
    core = _core.overview(
        base._handle,
        {
            "as_of": day_of(as_of, "as_of"),
            "unit": unit,
            "horizon": horizon,
            "annual_discount_rate": annual_discount_rate,
            "convention": convention,
            "units_per_year": units_per_year,
            "margin_rate": margin_rate,
            "annual_retention_rate": annual_retention_rate,
            "start": day_or_none(start, "start"),
            "model": model,
            "abc": abc or AbcOptions(),
            "rfm_classes": rfm_classes,
        },
        dict(phase_parameters or {}),
        thread_count(threads),
        progress,
    )
    return Overview._wrap(core, base._kind)

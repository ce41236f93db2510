"""Uncertainty: draws of the parameters of a model, and intervals of its answers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import ArrayLike, NDArray

from kundenwert import _core
from kundenwert.effects import Prior, prior_of_core
from kundenwert.frames import ArrowTable, FrameResult, kind_of
from kundenwert.frozen import Frozen, read_only, thread_count
from kundenwert.given import customer_ids, given_customers
from kundenwert.logs import Progress
from kundenwert.modeling import Model, model_of_core
from kundenwert.summaries import Summary
from kundenwert.valuation import value_arguments

__all__ = ["ChainReport", "DrawSummary", "Draws", "Intervals", "lifetime_value_intervals"]


class ChainReport(NamedTuple):
    """How well the chains of a posterior mixed, by name of what was estimated.

    Attributes
    ----------
    chains : int
    r_hat : mapping
        Rank-normalized, split; near 1.
    bulk_ess, tail_ess : mapping
        Effective draws for the center, and for the 5 and 95 % quantiles.
    acceptance : float
        Mean probability of a proposal to be taken.
    divergences : int
    gradients : int
        Evaluations of the likelihood.
    pareto_k : float
        Of the normal approximation as importance density; above 0.7 it is a poor one. nan where it was not looked at.
    priors : mapping from str to Prior
        The density drawn from, defaults included.
    """

    chains: int
    r_hat: Mapping[str, float]
    bulk_ess: Mapping[str, float]
    tail_ess: Mapping[str, float]
    acceptance: float
    divergences: int
    gradients: int
    pareto_k: float
    priors: Mapping[str, Prior]


class DrawSummary(NamedTuple):
    """Of the draws of one number: mean, standard deviation, and the quantiles (1 - probability) / 2 and 1 - that."""

    mean: float
    sd: float
    lower: float
    upper: float


class Intervals(Frozen, FrameResult):
    """Intervals of answers, one per customer; as a table: customer_id where known, mean, lower, upper. Immutable.

    Attributes
    ----------
    mean, lower, upper : numpy.ndarray of float64
        nan (null in the table) where there is no value.
    reasons : numpy.ndarray of uint32
        Why there is none; see ``codes.reason_names``.
    quantity : str
        What was asked.
    probability : float
        Of the interval.
    """

    __slots__ = ("_ids", "_kind", "lower", "mean", "probability", "quantity", "reasons", "upper")
    mean: NDArray[np.float64]
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    reasons: NDArray[np.uint32]
    quantity: str
    probability: float
    _ids: pa.ChunkedArray | None
    _kind: str

    def __init__(self, **attributes: object) -> None:
        self._set(**attributes)

    @classmethod
    def _of(
        cls,
        found: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.uint32]],
        quantity: str,
        probability: float,
        customers: object,
        columns: Mapping[str, str] | None,
    ) -> Intervals:
        mean, lower, upper, reasons = (read_only(column) for column in found)
        return cls(
            mean=mean,
            lower=lower,
            upper=upper,
            reasons=reasons,
            quantity=quantity,
            probability=probability,
            _ids=customer_ids(customers, columns),
            _kind=customers._kind if isinstance(customers, Summary) else kind_of(customers),
        )

    def __len__(self) -> int:
        return len(self.mean)

    def _table(self) -> ArrowTable:
        none = self.reasons != 0
        table = {
            name: pa.array(column, mask=none)
            for name, column in (("mean", self.mean), ("lower", self.lower), ("upper", self.upper))
        }
        ids = {} if self._ids is None else {"customer_id": self._ids}
        out: ArrowTable = pa.table({**ids, **table})
        return out

    def _frame_kind(self) -> str:
        return self._kind

    def __reduce__(self) -> tuple[object, ...]:
        return _intervals, ({name: getattr(self, name) for name in self.__slots__},)

    def _share(self) -> str:
        return f"{100 * self.probability:g} %"

    def __repr__(self) -> str:
        return f"<Intervals: {self.quantity}, {self._share()}, {len(self)} customers>"

    def _repr_html_(self) -> str:
        from kundenwert.notebook import number_table

        rows = [
            [str(i), *(f"{column[i]:.5g}" for column in (self.mean, self.lower, self.upper))]
            for i in range(min(len(self), _SHOWN))
        ]
        if len(self) > _SHOWN:
            rows.append(["...", "", "", ""])
        return number_table([f"{self.quantity}, {self._share()}", "mean", "lower", "upper"], rows)


_SHOWN = 10


def _intervals(attributes: dict[str, Any]) -> Intervals:
    for name in ("mean", "lower", "upper", "reasons"):
        read_only(attributes[name])
    return Intervals(**attributes)


class Draws(Frozen, FrameResult):
    """Draws of a model's parameters and coefficients, one row per draw; as a table, a column for each. Immutable.

    Made by :meth:`Model.draws` and :meth:`Model.posterior`.

    Examples
    --------
    >>> import kundenwert as kw
    >>> customers = {"frequency": [0, 6, 1, 12, 0, 9, 2, 3], "recency": [0, 5, 8, 8, 0, 6, 9, 1], "T": [9] * 8}
    >>> draws = kw.Nbd.fit(customers, unit="week").draws(draws=200)
    >>> draws.names
    ('r', 'alpha')
    >>> draws.interval("expected_transactions", customers, horizon=26, probability=0.8).upper.shape
    (8,)
    """

    __slots__ = ("_handle",)
    _handle: _core.Draws

    def __init__(self) -> None:
        raise TypeError("Draws are made by Model.draws")

    @classmethod
    def _from_core(cls, core: _core.Draws) -> Draws:
        out = cls.__new__(cls)
        out._set(_handle=core)
        return out

    @property
    def model(self) -> Model:
        """The estimate they are of."""
        model: Model = model_of_core(self._handle.center)
        return model

    @property
    def values(self) -> NDArray[np.float64]:
        """Draws x names, read-only."""
        return self._handle.values

    @property
    def names(self) -> tuple[str, ...]:
        """Of the columns: parameters, then coefficients."""
        return tuple(self._handle.names)

    @property
    def method(self) -> str:
        """How they were made, one of ``codes.draw_methods``."""
        return self._handle.method

    @property
    def seed(self) -> int:
        """Of the random numbers."""
        return self._handle.seed

    @property
    def outcome(self) -> str:
        """One of ``codes.outcomes``: "not_identified" where refits or chains did not settle."""
        return self._handle.outcome

    @property
    def detail(self) -> str:
        """What the outcome means here; empty when converged."""
        return self._handle.detail

    @property
    def chains(self) -> ChainReport | None:
        """How well the chains of a posterior mixed; None for other draws."""
        told = dict(self._handle.chains())
        if not told:
            return None
        names = told.pop("names")
        for measure in ("r_hat", "bulk_ess", "tail_ess"):
            told[measure] = MappingProxyType(dict(zip(names, told[measure], strict=True)))
        told["priors"] = MappingProxyType({of: prior_of_core(*prior) for of, *prior in told["priors"]})
        return ChainReport(**told)

    def summary(self, *, probability: float = 0.9) -> Mapping[str, DrawSummary]:
        """Mean, standard deviation and central interval of every column.

        Parameters
        ----------
        probability : float
            Of the interval, in (0, 1).

        Returns
        -------
        mapping from str to DrawSummary

        Raises
        ------
        KundenwertError
            domain for the probability; empty without draws.
        """
        told = self._handle.summary(probability)
        return MappingProxyType({name: DrawSummary(*numbers) for name, numbers in zip(self.names, told, strict=True)})

    def interval(
        self,
        quantity: str,
        customers: object,
        *,
        horizon: float | None = None,
        annual_discount_rate: float | None = None,
        units_per_year: float | None = None,
        count: int | None = None,
        level: float | None = None,
        probability: float = 0.9,
        columns: Mapping[str, str] | None = None,
        covariates: object = None,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> Intervals:
        """How uncertain an answer about every customer is, because the parameters are.

        What chance does to a single customer is not in it; for that there is :meth:`predicted_purchases`.

        Parameters
        ----------
        quantity : str
            A name in :func:`quantities` that the model answers, such as "expected_transactions".
        customers : Summary, mapping of arrays, or frame
            As the model reads them.
        horizon, annual_discount_rate, units_per_year, count, level
            What the quantity needs, as in the method of its name.
        probability : float
            Of the interval, in (0, 1).
        columns, covariates, threads, progress
            As in :meth:`Model.fit`.

        Returns
        -------
        Intervals

        Raises
        ------
        KundenwertError
            unknown_code, unsupported (the model has no such quantity), missing (an argument it needs), domain, and
            those of the rows.
        """
        model = self.model
        given, beside = model._given(customers, columns, covariates)
        asked = {
            "horizon": horizon,
            "annual_discount_rate": annual_discount_rate,
            "units_per_year": units_per_year,
            "count": count,
            "level": level,
        }
        arguments = {name: float(value) for name, value in asked.items() if value is not None}
        found = _core.intervals(
            self._handle, quantity, given, beside, probability, arguments, thread_count(threads), progress
        )
        return Intervals._of(found, quantity, probability, customers, columns)

    def predicted_purchases(
        self,
        customers: object,
        horizon: float,
        *,
        probability: float = 0.9,
        most_draws: int = 100,
        columns: Mapping[str, str] | None = None,
        covariates: object = None,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> Intervals:
        """The interval of how often every customer will buy, parameters and chance together.

        Parameters
        ----------
        customers : Summary, mapping of arrays, or frame
            As the model reads them.
        horizon : float
            Time units of the model, >= 0; finite.
        probability : float
            Of the interval, in (0, 1).
        most_draws : int
            So many draws, evenly spaced, are used.
        columns, covariates, threads, progress
            As in :meth:`Model.fit`.

        Returns
        -------
        Intervals
            Counts in ``lower`` and ``upper``.

        Raises
        ------
        KundenwertError
            unsupported for a spend model; domain, missing, sign, and those of the rows.
        """
        model = self.model
        given, beside = model._given(customers, columns, covariates)
        found = _core.predicted_purchases(
            self._handle, given, beside, probability, float(horizon), most_draws, thread_count(threads), progress
        )
        return Intervals._of(found, "predicted_purchases", probability, customers, columns)

    def __len__(self) -> int:
        return len(self._handle)

    def _table(self) -> ArrowTable:
        values = self.values
        out: ArrowTable = pa.table({name: values[:, i] for i, name in enumerate(self.names)})
        return out

    def __reduce__(self) -> tuple[object, ...]:
        told = (self.method, self.seed, self.outcome, self.detail, np.array(self.values), self._handle.chains())
        return _restored, (self.model, *told)

    def __repr__(self) -> str:
        told = self.summary() if len(self) else {}
        text = ", ".join(f"{name}={s.mean:.4g} [{s.lower:.4g}, {s.upper:.4g}]" for name, s in told.items())
        return f"<Draws: {len(self)} {self.method}, {self.outcome}, {text}>"

    def _repr_html_(self) -> str:
        from kundenwert.notebook import facts_table, number_table

        facts = [("draws", f"{len(self)}, {self.method}"), ("outcome", f"{self.outcome} {self.detail}".strip())]
        head = ["", "mean", "sd", "5 %", "95 %"]
        told = self.summary() if len(self) else {}
        rows = [[name, *(f"{number:.5g}" for number in s)] for name, s in told.items()]
        chains = self.chains
        if chains is not None:
            facts += [("chains", str(chains.chains)), ("divergences", str(chains.divergences))]
            facts += [(f"prior of {of}", repr(prior)) for of, prior in chains.priors.items()]
            head += ["R-hat", "bulk ESS", "tail ESS"]
            for row in rows:
                name = row[0]
                measures = (chains.r_hat, chains.bulk_ess, chains.tail_ess)
                row += [f"{measure[name]:.5g}" if name in measure else "" for measure in measures]
        return facts_table(f"Draws of {self.model.title}", facts) + number_table(head, rows)


def _restored(
    model: Model,
    method: str,
    seed: int,
    outcome: str,
    detail: str,
    values: NDArray[np.float64],
    chains: dict[str, Any],
) -> Draws:
    return Draws._from_core(_core.Draws(model._handle, method, seed, outcome, detail, values, chains))


def lifetime_value_intervals(
    model: Draws,
    spend: Draws,
    customers: object,
    *,
    horizon: float | None = None,
    months: int | None = None,
    annual_discount_rate: float | ArrayLike,
    margin_rate: float | ArrayLike = 1.0,
    cost_per_purchase: float = 0.0,
    units_per_year: float | None = None,
    probability: float = 0.9,
    columns: Mapping[str, str] | None = None,
    covariates: object = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Intervals:
    """Intervals of lifetime values, because the parameters of both models are uncertain.

    Parameters
    ----------
    model, spend : Draws
        Of a transaction model and of a spend model; as many are used as both have.
    customers, horizon, months, annual_discount_rate, margin_rate, cost_per_purchase, units_per_year, columns, \
covariates, threads, progress
        As in :func:`lifetime_value`.
    probability : float
        Of the interval, in (0, 1).

    Returns
    -------
    Intervals

    Raises
    ------
    KundenwertError
        As :func:`lifetime_value`.

    Examples
    --------
    >>> import kundenwert as kw
    >>> customers = {"frequency": [0, 6, 1, 12, 0, 9, 2, 3], "recency": [0, 5, 8, 8, 0, 6, 9, 1], "T": [9] * 8,
    ...              "monetary_value": [0.0, 60.0, 20.0, 15.0, 0.0, 110.0, 4.0, 35.0]}
    >>> model = kw.Nbd.fit(customers, unit="week").draws(draws=100)
    >>> spend = kw.GammaGamma.fit(customers, unit="week").draws(draws=100)
    >>> values = kw.lifetime_value_intervals(model, spend, customers, horizon=52, annual_discount_rate=0.1)
    >>> len(values)
    8
    """
    transactions = model.model
    needed = dict.fromkeys((*transactions._info.columns, *spend.model._info.columns))
    names = dict.fromkeys(effect.covariate for effect in transactions.effects)
    given, beside = given_customers(
        customers, needed, columns=columns, unit=transactions.unit, covariates=covariates, names=list(names)
    )
    arguments, margins, rates = value_arguments(
        customers, horizon, months, annual_discount_rate, margin_rate, cost_per_purchase, units_per_year
    )
    found = _core.lifetime_value_intervals(
        model._handle,
        spend._handle,
        given,
        beside,
        probability,
        arguments,
        margins,
        rates,
        thread_count(threads),
        progress,
    )
    return Intervals._of(found, "lifetime_value", probability, customers, columns)

"""What all models have in common. The classes themselves are made from the core's table in ``_models``."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from kundenwert import _core
from kundenwert.effects import Effects, Prior, core_effects, core_priors
from kundenwert.errors import ConvergenceWarning, KundenwertError
from kundenwert.estimates import Estimate
from kundenwert.frames import column_names
from kundenwert.frozen import thread_count
from kundenwert.given import given_customers, given_weight
from kundenwert.logs import Progress, Unit
from kundenwert.summaries import Summary

if TYPE_CHECKING:
    from kundenwert.draws import Draws

__all__ = ["ContractModel", "Model", "SpendModel", "TransactionModel", "load_model", "model_of_core"]

_Self = TypeVar("_Self", bound="Model")
_INTERVALS = "log_interval_sum"


class Model(Estimate):
    """A model with values for its parameters, estimated (:meth:`fit`) or given (the constructor). Immutable."""

    __slots__ = ()

    def __init__(
        self,
        *,
        unit: str,
        effects: Effects | None = None,
        coefficients: Mapping[str, float] | None = None,
        **parameters: float,
    ) -> None:
        values = [float(parameters[p.name]) for p in self._info.parameters]
        numbers = {name: float(value) for name, value in (coefficients or {}).items()}
        self._adopt(_core.Model(self._info.name, values, unit, core_effects(effects), numbers))

    def _adopt(self, core: _core.Model) -> None:
        self._set(_handle=core, _report=MappingProxyType(core.report()))

    @classmethod
    def _from_core(cls: type[_Self], core: _core.Model) -> _Self:
        out = cls.__new__(cls)
        out._adopt(core)
        return out

    @classmethod
    def fit(
        cls: type[_Self],
        customers: object,
        *,
        unit: Unit | None = None,
        columns: Mapping[str, str] | None = None,
        effects: Effects | None = None,
        covariates: object = None,
        priors: Mapping[str, Prior] | None = None,
        k: int | None = None,
        weight: object = None,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> _Self:
        """Maximum likelihood; with priors, the largest posterior density.

        The columns a model reads are in its line of :func:`models`. A transaction model reads frequency, recency and T
        of every row; a spend model frequency and monetary_value of the rows with repeat purchases, or revenue of all
        rows; a contract model tenure and ended.

        Parameters
        ----------
        customers : Summary, mapping of arrays, or frame
            Columns of one length without nulls.
        unit : {"day", "week", "month", "year"}, optional
            Of recency and T, or of the periods; required for plain columns. A Summary carries its own.
        columns : mapping, optional
            Names of plain columns where they differ, such as ``{"T": "age"}``.
        effects : mapping or iterable of Effect, optional
            Which covariates change which parameters: ``{"alpha": ["gender"], "beta": ["gender"]}``; with a coefficient
            they share ``{"alpha": {"gender": "g"}, "beta": {"gender": "g"}}``.
        covariates : mapping of arrays or frame, optional
            Where covariates are no columns of the customers' own table: found by customer_id where it has that column
            (or the one that ``columns`` names), row by row where it has the covariates alone.
        priors : mapping from str to Prior, optional
            By parameter or coefficient; "coefficients" means every coefficient without one of its own.
        k : int, optional
            Of the models of regular purchases; None: chosen by likelihood.
        weight : array-like of float, optional
            One per row, >= 0; None: 1 each.
        threads : int, optional
            None: as many as there are cores. The result does not depend on it.
        progress : callable, optional
            Is told the share that is done, in [0, 1]; what it raises ends the fit.

        Returns
        -------
        Model
            Of this class.

        Warns
        -----
        ConvergenceWarning
            When the outcome is not "converged".

        Raises
        ------
        KundenwertError
            empty, length_mismatch, missing, non_finite, sign, not_integer, recency_order, domain, wrong_type,
            column_missing with column and row; unit_mismatch where ``unit`` is not that of the Summary; unknown_code
            and unsupported for an effect or a prior of what the model has not; duplicate_id, missing for covariates
            that are found by id.

        Examples
        --------
        >>> import kundenwert as kw
        >>> customers = {"frequency": [0, 6, 1, 12, 0, 9, 2, 3], "recency": [0, 5, 8, 8, 0, 6, 9, 1], "T": [9] * 8}
        >>> club = [0, 1, 0, 1, 1, 0, 1, 0]
        >>> model = kw.Nbd.fit({**customers, "club": club}, unit="week", effects={"alpha": ["club"]})
        >>> list(model.coefficients)
        ['alpha.club']
        """
        if isinstance(customers, Summary):
            if unit is not None and unit != customers.unit:
                message = f"is {unit}, but the summary is in units of a {customers.unit}"
                raise KundenwertError(message, code="unit_mismatch", argument="unit")
        elif unit is None:
            message = "is required with plain columns: the unit of recency and T"
            raise KundenwertError(message, code="missing", argument="unit")
        chosen = core_effects(effects)
        needed = [*cls._info.columns, *([_INTERVALS] if cls._info.reads_intervals else [])]
        names = list(dict.fromkeys(covariate for _, covariate, _ in chosen))
        given, beside = given_customers(
            customers, needed, columns=columns, unit=unit, covariates=covariates, names=names
        )
        core = _core.fit(
            cls._info.name,
            given,
            beside,
            unit or "",
            given_weight(weight),
            chosen,
            core_priors(priors),
            k,
            thread_count(threads),
            progress,
        )
        model = cls._from_core(core)
        if model.outcome != "converged":
            message = f"{cls._info.title}: {model.outcome}" + (f" ({model.detail})" if model.detail else "")
            warnings.warn(message, ConvergenceWarning, stacklevel=2)
        return model

    def draws(
        self,
        *,
        method: Literal["asymptotic", "robust", "bootstrap"] = "asymptotic",
        draws: int = 1000,
        seed: int = 0,
        customers: object = None,
        columns: Mapping[str, str] | None = None,
        covariates: object = None,
        weight: object = None,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> Draws:
        """How uncertain the parameters are, as draws of them; see :meth:`posterior` for those with priors.

        Parameters
        ----------
        method : {"asymptotic", "robust", "bootstrap"}
            Normal in the logarithms with the inverse Hessian, or with the sandwich, as covariance; refits with
            exponential weights of the customers (Rubin's Bayesian bootstrap).
        draws : int
            How many, from 1 to 10 000 000.
        seed : int
            Of the random numbers, >= 0; the same seed gives the same draws.
        customers, columns, covariates, weight
            For "bootstrap", which needs them again: as in :meth:`fit`.
        threads, progress
            As in :meth:`fit`.

        Returns
        -------
        Draws

        Warns
        -----
        ConvergenceWarning
            When some refits of the bootstrap did not converge; they are among the draws.

        Raises
        ------
        KundenwertError
            not_positive_definite where the fit did not converge and has no covariance; unsupported for a model that
            was not fitted; missing without customers for "bootstrap"; unknown_code, domain, and those of the rows.

        Examples
        --------
        >>> import kundenwert as kw
        >>> customers = {"frequency": [0, 6, 1, 12, 0, 9, 2, 3], "recency": [0, 5, 8, 8, 0, 6, 9, 1], "T": [9] * 8}
        >>> kw.Nbd.fit(customers, unit="week").draws(draws=100).values.shape
        (100, 2)
        """
        from kundenwert.draws import Draws

        if method != "bootstrap":
            return Draws._from_core(_core.normal_draws(self._handle, method, draws, seed))
        if customers is None:
            raise KundenwertError("are needed again by the bootstrap", code="missing", argument="customers")
        given, beside = self._given(customers, columns, covariates)
        weights = given_weight(weight)
        core = _core.bootstrap_draws(self._handle, given, beside, weights, draws, seed, thread_count(threads), progress)
        return self._told(Draws._from_core(core))

    def posterior(
        self,
        customers: object,
        *,
        draws: int = 4000,
        chains: int = 4,
        warm_up: int = 150,
        seed: int = 0,
        columns: Mapping[str, str] | None = None,
        covariates: object = None,
        weight: object = None,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> Draws:
        """Draws from the posterior: likelihood times priors, by Hamiltonian Monte Carlo.

        The priors are those of the fit. Where it had none a wide one is taken, and stated in ``chains.priors`` of the
        result: log-normal with sigma 1 around 1 (or a quarter of the scale of the data) for a parameter, normal(0, 1)
        for a coefficient. That informs a coefficient of which the data tell little: give the fit a wider one where it
        should not.

        Parameters
        ----------
        customers : Summary, mapping of arrays, or frame
            Those the model was fitted to, again.
        draws : int
            In all, rounded up to a multiple of the chains.
        chains, warm_up : int
            Chains, and the steps of each that are not kept.
        seed : int
            Of the random numbers, >= 0; the same seed gives the same draws.
        columns, covariates, weight, threads, progress
            As in :meth:`fit`; chains run on up to so many threads.

        Returns
        -------
        Draws
            With :attr:`Draws.chains`: R-hat, effective draws, divergences, the Pareto k of the normal approximation.

        Warns
        -----
        ConvergenceWarning
            When R-hat is not below 1.01 or a chain adds fewer than 100 effective draws.

        Raises
        ------
        KundenwertError
            unsupported for a model that was not fitted, domain, and those of the rows.

        Examples
        --------
        >>> import kundenwert as kw
        >>> customers = {"frequency": [0, 6, 1, 12, 0, 9, 2, 3], "recency": [0, 5, 8, 8, 0, 6, 9, 1], "T": [9] * 8}
        >>> draws = kw.Nbd.fit(customers, unit="week").posterior(customers)
        >>> draws.outcome, draws.chains.r_hat["alpha"] < 1.01
        ('converged', True)
        """
        from kundenwert.draws import Draws

        given, beside = self._given(customers, columns, covariates)
        core = _core.posterior_draws(
            self._handle,
            given,
            beside,
            given_weight(weight),
            draws,
            chains,
            warm_up,
            seed,
            thread_count(threads),
            progress,
        )
        return self._told(Draws._from_core(core))

    def _told(self, draws: Draws) -> Draws:
        if draws.outcome != "converged":
            message = f"{self.title}: {draws.outcome} ({draws.detail})"
            warnings.warn(message, ConvergenceWarning, stacklevel=3)
        return draws

    @classmethod
    def from_json(cls: type[_Self], text: str) -> _Self:
        """The model of a document made by :meth:`to_json`, also by that of another language.

        Parameters
        ----------
        text : str
            Read as a whole, or refused.

        Returns
        -------
        Model
            Of this class; called as ``kw.Model.from_json`` of whatever class it is.

        Raises
        ------
        KundenwertError
            unsupported where a newer kundenwert wrote it; wrong_type where it is no JSON, or of another class;
            missing, unknown_code, duplicate_id, wrong_type, length_mismatch, inconsistent, not_integer, sign or
            non_finite with the member as the argument, such as "parameters.alpha".

        Examples
        --------
        >>> import kundenwert as kw
        >>> model = kw.BgNbd(r=0.24, alpha=4.41, a=0.79, b=2.43, unit="week")
        >>> kw.Model.from_json(model.to_json()) == model
        True
        """
        core = _core.Model.from_json(text)
        if not hasattr(cls, "_info"):
            model = model_of_core(core)
            if isinstance(model, cls):
                return model
        elif cls._info.name == core.name:
            return cls._from_core(core)
        message = f"is a {core.name}, no {cls.__name__}"
        raise KundenwertError(message, code="wrong_type", argument="model")

    def _given(
        self, customers: object, columns: Mapping[str, str] | None, covariates: object, *, intervals: bool = False
    ) -> tuple[_core.Summary | _core.Columns, _core.Columns | None]:
        names = list(dict.fromkeys(effect.covariate for effect in self.effects))
        needed = list(self._info.columns)
        if intervals and self._info.reads_intervals:
            # Without it a model with k > 1 says for each row that it is missing.
            caller = (columns or {}).get(_INTERVALS, _INTERVALS)
            if isinstance(customers, Summary) or caller in column_names(customers):
                needed.append(_INTERVALS)
        return given_customers(customers, needed, columns=columns, unit=self.unit, covariates=covariates, names=names)

    def _predict(
        self,
        quantity: str,
        customers: object,
        *,
        columns: Mapping[str, str] | None = None,
        covariates: object = None,
        reasons: bool = False,
        threads: int | None = None,
        progress: Progress | None = None,
        **arguments: float | None,
    ) -> Any:
        given, beside = self._given(customers, columns, covariates, intervals=quantity == "log_likelihood")
        asked = {name: float(value) for name, value in arguments.items() if value is not None}
        values, masks = _core.predict(self._handle, quantity, given, beside, asked, thread_count(threads), progress)
        return (values, masks) if reasons else values

    def _predict_new(
        self, quantity: str, *, covariates: Mapping[str, float] | None = None, **arguments: float | None
    ) -> float:
        asked = {name: float(value) for name, value in arguments.items() if value is not None}
        own = {name: float(value) for name, value in (covariates or {}).items()}
        unknown = own.keys() - {effect.covariate for effect in self.effects}
        if unknown:
            message = f"the model has no covariate {min(unknown)!r}"
            raise KundenwertError(message, code="unknown_code", argument="covariates")
        return _core.predict_new(self._handle, quantity, asked, own)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Model):
            return NotImplemented
        return self._handle.is_same(other._handle)

    __hash__ = None  # type: ignore[assignment]

    def __reduce__(self) -> tuple[object, ...]:
        return type(self).from_json, (self.to_json(),)

    def __copy__(self: _Self) -> _Self:
        return self

    def __deepcopy__(self: _Self, memo: object) -> _Self:
        return self

    def __repr__(self) -> str:
        numbers = {**self.params, **self.coefficients}
        values = ", ".join(f"{name}={value:.6g}" for name, value in numbers.items())
        fitted = "" if self.outcome is None else f", {self.outcome}, log-likelihood {self.log_likelihood:.6f}"
        remark = f", {self.remark}" if self.remark else ""
        return f"<{type(self).__name__}: {values}, unit {self.unit}{fitted}{remark}>"

    def _repr_html_(self) -> str:
        from kundenwert.notebook import facts_table, number_table

        columns = [self.standard_errors, self.robust_standard_errors]
        errors = [column for column in columns if column is not None]
        numbers = {**self.params, **self.coefficients}
        rows = [
            [name, f"{value:.7g}", *(f"{column[name]:.4g}" for column in errors)] for name, value in numbers.items()
        ]
        head = ["parameter", "value", *(["standard error", "robust"] if errors else [])]
        facts = [("unit", str(self.unit))]
        if self.outcome is not None:
            facts += [
                ("outcome", f"{self.outcome} {self.detail or ''}".strip()),
                ("log-likelihood", f"{self.log_likelihood:.6f}"),
                ("customers", f"{self.customers:g}"),
            ]
        if self.remark:
            facts.append(("remark", self.remark))
        facts += [(f"prior of {of}", repr(prior)) for of, prior in (self.priors or {}).items()]
        return facts_table(self.title, facts) + number_table(head, rows)


class TransactionModel(Model):
    """A model of when customers buy: reads frequency, recency and T, and predicts purchases."""

    __slots__ = ()


class ContractModel(Model):
    """A model of how long contracts run: reads tenure (renewals so far) and ended (1, or 0 while it runs)."""

    __slots__ = ()


class SpendModel(Model):
    """A model of what a purchase day is worth: reads frequency, and monetary_value or revenue."""

    __slots__ = ()


def _classes(base: type[Model]) -> list[type[Model]]:
    found = [base] if "_info" in vars(base) else []
    return found + [model for child in base.__subclasses__() for model in _classes(child)]


def load_model(path: str | PathLike[str]) -> Model:
    """The model of a file written by :meth:`Model.save`, or by another language.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Model
        Of the class it had.

    Raises
    ------
    KundenwertError
        As :meth:`Model.from_json`; encoding where it is not UTF-8.
    OSError
        The file cannot be read.

    Examples
    --------
    >>> import pathlib, tempfile
    >>> import kundenwert as kw
    >>> model = kw.BgNbd(r=0.24, alpha=4.41, a=0.79, b=2.43, unit="week")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = pathlib.Path(folder) / "model.json"
    ...     model.save(path, note="from a paper")
    ...     kw.load_model(path) == model
    True
    """
    written = Path(path).read_bytes()
    try:
        text = written.decode("utf-8")
    except UnicodeDecodeError as e:
        message = f"is not valid UTF-8: {Path(path)}"
        raise KundenwertError(message, code="encoding", argument="text") from e
    return Model.from_json(text)


def model_of_core(core: _core.Model) -> Any:
    """A model of the core as an object of its class."""
    return next(model for model in _classes(Model) if model._info.name == core.name)._from_core(core)

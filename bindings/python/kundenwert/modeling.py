"""What all models have in common. The classes themselves are made from the core's table in ``_models``."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any, ClassVar, TypeVar

import numpy as np
from numpy.typing import NDArray

from kundenwert import _core
from kundenwert.errors import ConvergenceWarning, KundenwertError
from kundenwert.frames import unit_of, values_stream
from kundenwert.frozen import Frozen, thread_count
from kundenwert.logs import Progress, Unit
from kundenwert.summaries import Summary, plain_columns
from kundenwert.tables import ModelInfo

__all__ = ["Model", "SpendModel", "TransactionModel", "given_customers", "load_model", "model_of_core"]

_Self = TypeVar("_Self", bound="Model")
_TRANSACTION_COLUMNS = ("frequency", "recency", "T")
_SPEND_COLUMNS = ("frequency", "monetary_value")


def given_customers(
    customers: object, needed: tuple[str, ...], columns: Mapping[str, str] | None, unit: str | None
) -> _core.Summary | _core.Columns:
    """Customers as the core takes them: a Summary, or the needed columns of a table.

    A table that carries a unit of time must carry ``unit``, that of the model, where recency or T are needed.
    """
    if isinstance(customers, Summary):
        return customers._handle
    stated = unit_of(customers) if "T" in needed else None
    if stated is not None and unit is not None and stated != unit:
        message = f"are in units of a {stated}, the model in units of a {unit}"
        raise KundenwertError(message, code="unit_mismatch", argument="customers")
    return plain_columns(customers, needed, columns)


class Model(Frozen):
    """A model with values for its parameters, estimated (:meth:`fit`) or given (the constructor). Immutable."""

    __slots__ = ("_handle", "_report")
    _handle: _core.Model
    _report: Mapping[str, Any]
    _info: ClassVar[ModelInfo]
    _needed: ClassVar[tuple[str, ...]]

    def __init__(self, *, unit: str, **parameters: float) -> None:
        names = [p.name for p in self._info.parameters]
        values = [float(parameters[name]) for name in names]
        self._adopt(_core.Model(self._info.name, values, unit))

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
        weight: object = None,
        threads: int | None = None,
        progress: Progress | None = None,
    ) -> _Self:
        """Maximum likelihood.

        A transaction model reads frequency, recency and T of every row; a spend model reads frequency and
        monetary_value of the rows with repeat purchases.

        Parameters
        ----------
        customers : Summary, mapping of arrays, or frame
            Columns of one length without nulls.
        unit : {"day", "week", "month", "year"}, optional
            Of recency and T; required for plain columns. A Summary carries its own.
        columns : mapping, optional
            Names of plain columns where they differ, such as ``{"T": "age"}``.
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
            column_missing with column and row; unit_mismatch where ``unit`` is not that of the Summary.
        """
        if isinstance(customers, Summary):
            if unit is not None and unit != customers.unit:
                message = f"is {unit}, but the summary is in units of a {customers.unit}"
                raise KundenwertError(message, code="unit_mismatch", argument="unit")
        elif unit is None:
            message = "is required with plain columns: the unit of recency and T"
            raise KundenwertError(message, code="missing", argument="unit")
        weights = None
        if weight is not None:
            weights = _core.Columns(values_stream(weight, "weight"), [("value", "weight")])
        given = given_customers(customers, cls._needed, columns, unit)
        core = _core.fit(cls._info.name, given, unit or "", weights, thread_count(threads), progress)
        model = cls._from_core(core)
        if model.outcome != "converged":
            message = f"{cls._info.title}: {model.outcome}" + (f" ({model.detail})" if model.detail else "")
            warnings.warn(message, ConvergenceWarning, stacklevel=2)
        return model

    def to_json(self, *, date: str = "", note: str = "") -> str:
        """The model as a small JSON document: parameters by name, unit, and the report of the fit; no customers.

        Numbers come back to the bit. The format is described in docs/model-files.md.

        Parameters
        ----------
        date, note : str
            Kept in the document for its readers: when and from what the model was made, in any words.

        Returns
        -------
        str

        Raises
        ------
        KundenwertError
            non_finite for an infinite number in the report of the fit.

        Examples
        --------
        >>> import json
        >>> import kundenwert as kw
        >>> model = kw.BgNbd(r=0.24, alpha=4.41, a=0.79, b=2.43, unit="week")
        >>> json.loads(model.to_json(note="from a paper"))["parameters"]["alpha"]
        4.41
        """
        return self._handle.to_json(date, note)

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

    def save(self, path: str | PathLike[str], *, date: str = "", note: str = "") -> None:
        """Write :meth:`to_json` to a file, which is replaced where there is one; read it by ``kw.load_model``.

        Parameters
        ----------
        path : path-like
        date, note : str
            As in :meth:`to_json`.

        Raises
        ------
        KundenwertError
            As :meth:`to_json`; the file is as it was then.
        OSError
            The file cannot be written.
        """
        text = self.to_json(date=date, note=note)
        Path(path).write_text(text, encoding="utf-8", newline="\n")

    @property
    def name(self) -> str:
        """Name in the core's table, such as "bg_nbd"."""
        return self._info.name

    @property
    def title(self) -> str:
        """Name in the literature, such as "BG/NBD"."""
        return self._info.title

    @property
    def unit(self) -> Unit:
        """Unit of recency, T and horizons."""
        return self._handle.unit  # type: ignore[return-value]

    @property
    def params(self) -> Mapping[str, float]:
        """Parameters by name, read-only; in units of ``unit`` (spend models: of the currency)."""
        return self._by_name(self._handle.parameters)

    def _by_name(self, values: Any) -> Mapping[str, float]:
        return MappingProxyType({p.name: float(v) for p, v in zip(self._info.parameters, values, strict=True)})

    @property
    def outcome(self) -> str | None:
        """How the fit ended, one of ``codes.outcomes``; None for a model from known parameters, as all that follows."""
        return self._report.get("outcome")

    @property
    def detail(self) -> str | None:
        """What the outcome means here, naming parameters; empty when converged."""
        return self._report.get("detail")

    @property
    def log_likelihood(self) -> float | None:
        """Sum over customers, in the unit of the data, without 1/x!."""
        return self._report.get("log_likelihood")

    @property
    def aic(self) -> float | None:
        """Akaike's criterion, 2 k - 2 ln L."""
        return self._report.get("aic")

    @property
    def bic(self) -> float | None:
        """Schwarz's criterion, k ln n - 2 ln L."""
        return self._report.get("bic")

    @property
    def customers(self) -> float | None:
        """Sum of the weights of the rows used."""
        return self._report.get("customers")

    @property
    def distinct_rows(self) -> int | None:
        """Rows that differ from one another."""
        return self._report.get("distinct_rows")

    @property
    def iterations(self) -> int | None:
        """Steps of the search."""
        return self._report.get("iterations")

    @property
    def gradient_norm(self) -> float | None:
        """Largest derivative of ln L in the logarithm of a parameter that is not at a bound."""
        return self._report.get("gradient_norm")

    @property
    def standard_errors(self) -> Mapping[str, float] | None:
        """By parameter; nan where they were not estimated."""
        values = self._report.get("standard_errors")
        return None if values is None else self._by_name(values)

    @property
    def covariance(self) -> NDArray[np.float64] | None:
        """Of the parameters in their order, K x K, read-only; nan where it was not estimated."""
        return self._report.get("covariance")

    @property
    def eigenvalues(self) -> NDArray[np.float64] | None:
        """Of the Hessian of -ln L in the logarithms of the parameters, ascending, read-only."""
        return self._report.get("eigenvalues")

    def _predict(
        self,
        quantity: str,
        customers: object,
        *,
        columns: Mapping[str, str] | None = None,
        reasons: bool = False,
        threads: int | None = None,
        progress: Progress | None = None,
        **arguments: float | None,
    ) -> Any:
        given = given_customers(customers, self._needed, columns, self.unit)
        values, masks = _core.predict(
            self._handle,
            quantity,
            given,
            {name: float(value) for name, value in arguments.items() if value is not None},
            thread_count(threads),
            progress,
        )
        return (values, masks) if reasons else values

    def _predict_new(self, quantity: str, **arguments: float | None) -> float:
        given = {name: float(value) for name, value in arguments.items() if value is not None}
        return _core.predict_new(self._handle, quantity, given)

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
        values = ", ".join(f"{name}={value:.6g}" for name, value in self.params.items())
        fitted = "" if self.outcome is None else f", {self.outcome}, log-likelihood {self.log_likelihood:.6f}"
        return f"<{type(self).__name__}: {values}, unit {self.unit}{fitted}>"

    def _repr_html_(self) -> str:
        from kundenwert.notebook import facts_table, number_table

        errors = self.standard_errors
        rows = [
            [name, f"{value:.7g}", *([] if errors is None else [f"{errors[name]:.4g}"])]
            for name, value in self.params.items()
        ]
        head = ["parameter", "value", *([] if errors is None else ["standard error"])]
        facts = [("unit", str(self.unit))]
        if self.outcome is not None:
            facts += [
                ("outcome", f"{self.outcome} {self.detail or ''}".strip()),
                ("log-likelihood", f"{self.log_likelihood:.6f}"),
                ("customers", f"{self.customers:g}"),
            ]
        return facts_table(self.title, facts) + number_table(head, rows)


class TransactionModel(Model):
    """A model of when customers buy: reads frequency, recency and T, and predicts purchases."""

    __slots__ = ()
    _needed = _TRANSACTION_COLUMNS


class SpendModel(Model):
    """A model of what a purchase day is worth: reads frequency and monetary_value."""

    __slots__ = ()
    _needed = _SPEND_COLUMNS


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
